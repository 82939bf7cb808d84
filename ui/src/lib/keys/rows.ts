// Arrow keys in a list: every row holds one element with `data-row`, which is the only one in the order of Tab.

const step: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(last, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  Home: () => 0,
  End: (_, last) => last,
};

/** Keydown listener for the element around the rows. */
export function moveInRows(event: KeyboardEvent): void {
  const move = step[event.key];
  const around = event.currentTarget as HTMLElement;
  if (!move || event.altKey || event.ctrlKey || !(event.target instanceof HTMLElement)) return;
  const rows = [...around.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.indexOf(event.target);
  if (at < 0) return;
  event.preventDefault();
  const next = rows[move(at, rows.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** The row that was last used, or the first one. */
export function focusRows(around: HTMLElement | undefined): void {
  const row = around?.querySelector<HTMLElement>('[data-row][tabindex="0"]') ?? around?.querySelector<HTMLElement>("[data-row]");
  row?.focus();
}
