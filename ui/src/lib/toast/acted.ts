// What was done, and the way back: for acts that the host can undo.
import { own, undo } from "$lib/app/undo";
import { errorOf } from "$lib/backend/backend";
import { errorWords } from "$lib/errors/words";
import { toasts } from "./toast.svelte";

/** Says what was done and offers to undo it. */
export function acted(words: string, actionId: string): void {
  own.add(actionId);
  toasts.show(words, { undo: () => undo(actionId) });
}

/** Says why something was not done. */
export function complain(thrown: unknown): void {
  toasts.show(errorWords(errorOf(thrown)), { tone: "error" });
}
