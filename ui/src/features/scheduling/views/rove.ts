// Arrow keys over a grid of cells: one Tab stop, the cells know their place by data-row and data-col.
export function rove(event: KeyboardEvent, box: HTMLElement): boolean {
  const cell = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-row]") : null;
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (!cell || !step || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  event.preventDefault();
  const row = Number(cell.dataset.row) + (step[0] ?? 0);
  const col = Number(cell.dataset.col) + (step[1] ?? 0);
  const next = box.querySelector<HTMLElement>(`[data-row="${row}"][data-col="${col}"]`);
  if (!next) return true;
  for (const other of box.querySelectorAll<HTMLElement>("[data-row][tabindex='0']")) other.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  return true;
}

/** The arrows have moved the Tab stop by hand: it goes back to the cell that the data says. */
export function resetStop(box: HTMLElement): void {
  for (const cell of box.querySelectorAll<HTMLElement>("[data-row]")) cell.tabIndex = cell.dataset.stop === "true" ? 0 : -1;
}

/** Puts the focus on the cell that is the Tab stop, once the keyboard has come here. */
export function focusStop(box: HTMLElement, moved: number): void {
  if (moved > 0) box.querySelector<HTMLElement>("[data-row][tabindex='0']")?.focus();
}
