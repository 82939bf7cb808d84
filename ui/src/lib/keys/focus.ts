// For what should have the focus as soon as it is shown, for example the safe button of a dialog.
import { tick } from "svelte";

/** An attachment: `<Button {@attach focusNow}>`. It waits until a dialog around it has opened. */
export function focusNow(element: Element): void {
  void tick().then(() => setTimeout(() => (element as HTMLElement).focus()));
}
