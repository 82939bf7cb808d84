// How the sheet uses the room it has. Pure: no DOM.

/** Height of a quarter hour, in whole pixels: at least `least`, and more (to `most`) while the day would end above the
 *  foot of the sheet. */
export function quarterHeight(room: number, quarters: number, least: number, most: number): number {
  if (quarters <= 0) return least;
  return Math.max(least, Math.min(most, Math.floor(room / quarters)));
}

/** Which columns stand on the sheet when not all fit: as many whole ones as there is room for, around `must`, and no
 *  further from `from` than needed. Returns the first and the one behind the last. */
export function columnWindow(widths: readonly number[], room: number, from: number, must: number): [number, number] {
  const end = (first: number): number => {
    let left = room;
    let at = first;
    while (at < widths.length && (widths[at] ?? 0) <= left) {
      left -= widths[at] ?? 0;
      at += 1;
    }
    return Math.max(at, Math.min(first + 1, widths.length));
  };
  let first = Math.max(0, Math.min(from, widths.length - 1));
  if (must >= 0 && must < first) first = must;
  while (must >= end(first)) first += 1;
  // No ground is left empty at the end.
  while (first > 0 && end(first) === widths.length && end(first - 1) === widths.length) first -= 1;
  return [first, end(first)];
}

/** Which tracks of a scrolled sheet are worth building: what lies in the `room` px behind `from`, and one to `step` more on
 *  each side, so that a small scroll builds nothing. Returns the first and the one behind the last. */
export function inSight(sizes: readonly number[], from: number, room: number, step: number): [number, number] {
  let first = 0;
  let edge = 0;
  while (first < sizes.length - 1 && edge + (sizes[first] ?? 0) <= from) {
    edge += sizes[first] ?? 0;
    first += 1;
  }
  let end = first;
  while (end < sizes.length && edge < from + room) {
    edge += sizes[end] ?? 0;
    end += 1;
  }
  const begin = Math.floor((first - 1) / step) * step;
  return [Math.max(0, begin), Math.min(sizes.length, Math.ceil((end + 1) / step) * step)];
}

/** How many of the rows, from the first, are shown whole. */
export function wholeRows(heights: readonly number[], room: number): number {
  let left = room;
  const cut = heights.findIndex((height) => (left -= height) < 0);
  return cut < 0 ? heights.length : cut;
}
