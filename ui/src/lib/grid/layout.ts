// Layout maths of the schedule. Pure: no DOM, no clock. Minutes are wall-clock minutes of a day.

export interface Span {
  start: number;
  end: number;
}

export interface Item extends Span {
  id: string;
  column: string;
}

/** Where an item lies: its lane among the lanes of everything it touches, directly or through others. */
export interface Box extends Item {
  lane: number;
  lanes: number;
}

/** Places items side by side where they overlap, with as few lanes as possible. Order: by column, then start. */
export function layout(items: readonly Item[], columns: readonly string[]): Box[] {
  const boxes: Box[] = [];
  for (const column of columns) {
    const own = items.filter((item) => item.column === column);
    own.sort((a, b) => a.start - b.start || b.end - a.end || (a.id < b.id ? -1 : 1));
    placeColumn(own, boxes);
  }
  return boxes;
}

function placeColumn(sorted: readonly Item[], into: Box[]): void {
  let group: Box[] = [];
  let laneEnds: number[] = [];
  let groupEnd = -1;
  const close = (): void => {
    for (const box of group) box.lanes = laneEnds.length;
    into.push(...group);
    group = [];
    laneEnds = [];
  };
  for (const item of sorted) {
    if (item.start >= groupEnd) close();
    let lane = laneEnds.findIndex((end) => end <= item.start);
    if (lane < 0) lane = laneEnds.length;
    laneEnds[lane] = item.end;
    groupEnd = Math.max(groupEnd, item.end);
    group.push({ ...item, lane, lanes: 1 });
  }
  close();
}

/** What is left of `within` after `taken`; in order, without empty spans. */
export function subtract(within: Span, taken: readonly Span[]): Span[] {
  const rest: Span[] = [];
  let at = within.start;
  for (const span of [...taken].sort((a, b) => a.start - b.start)) {
    if (span.end <= at) continue;
    if (span.start >= within.end) break;
    if (span.start > at) rest.push({ start: at, end: span.start });
    at = Math.max(at, span.end);
  }
  if (at < within.end) rest.push({ start: at, end: within.end });
  return rest;
}

/** The part of `span` inside `bounds`, or null. */
export function clip(span: Span, bounds: Span): Span | null {
  const start = Math.max(span.start, bounds.start);
  const end = Math.min(span.end, bounds.end);
  return start < end ? { start, end } : null;
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** One place the keyboard can stand on in a column. */
export type Stop =
  | (Span & { kind: "appointment"; id: string })
  | (Span & { kind: "free"; gap: Span })
  | (Span & { kind: "closed"; at: number });

/** Everything the arrows stop at in one column, in order of time: each appointment, each slot of each gap (from the
 *  gap's start, as long as `wanted` or as the gap allows), and each closed span as a whole. */
export function stops(
  appointments: readonly (Span & { id: string })[],
  free: readonly Span[],
  closed: readonly Span[],
  slot: number,
  wanted: number,
): Stop[] {
  const found: Stop[] = appointments.map(({ id, start, end }) => ({ kind: "appointment", id, start, end }));
  for (const gap of free) {
    for (let start = gap.start; start < gap.end; start = nextSlot(start, slot)) {
      const end = Math.min(gap.end, start + wanted);
      if (end - start >= Math.min(slot, gap.end - gap.start)) found.push({ kind: "free", start, end, gap });
    }
  }
  closed.forEach((span, at) => found.push({ kind: "closed", start: span.start, end: span.end, at }));
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

function nextSlot(minute: number, slot: number): number {
  return Math.floor(minute / slot) * slot + slot;
}

/** The stop that a step sideways lands on: the one that covers the minute, else the nearest. Free before closed. */
export function stopAt(list: readonly Stop[], minute: number): Stop | null {
  const covering = list.filter((stop) => stop.start <= minute && minute < stop.end);
  const exact = covering.filter((stop) => stop.kind !== "closed").sort((a, b) => b.start - a.start)[0];
  if (exact) return exact;
  if (covering[0]) return covering[0];
  let best: Stop | null = null;
  for (const stop of list) {
    if (!best || Math.abs(stop.start - minute) < Math.abs(best.start - minute)) best = stop;
  }
  return best;
}
