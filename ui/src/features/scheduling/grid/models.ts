// What the grid draws, made from what the host answered. Pure; parts that did not change keep their identity, so that
// a change to one appointment touches one column.
import type { AppointmentBox, ClosedSpan, Column, DoctorHead, ScheduleView, Status } from "$lib/backend/types";
import type { Look } from "$lib/components/status";
import { type Span, type Stop, clip, layout, overlaps, stops, subtract } from "$lib/grid/layout";
import { weekday } from "$lib/time/wall";

export interface Block {
  appointment: AppointmentBox;
  lane: number;
  lanes: number;
  /** Number of the box that draws it, see `boxesFor`. */
  box: number;
}

export interface Gap extends Span {
  /** A cancelled booking that lay here: its name is shown struck. */
  struck: AppointmentBox | null;
  /** What of it no block lies on: who did not come leaves the time free, and stays to be seen. */
  clear: readonly Span[];
}

export interface ColumnModel {
  key: string;
  /** What stays in its place when the date changes: the doctor, in a week the day. */
  place: string;
  head: DoctorHead;
  date: string;
  column: Column;
  appointments: readonly AppointmentBox[];
  blocks: readonly Block[];
  gaps: readonly Gap[];
  /** Working time, drawn white or, once it has passed, grey. */
  open: readonly Span[];
  /** Closed spans that have a word: breaks, time off, named days. */
  holes: readonly ClosedSpan[];
  /** Closed spans without one: the lines of the hours go through them. */
  shut: readonly ClosedSpan[];
  /** Everything closed inside the drawn day. */
  closed: readonly ClosedSpan[];
}

const holding: readonly Status[] = ["scheduled", "confirmed", "arrived", "in_room", "completed"];
export const holdsSlot = (status: Status): boolean => holding.includes(status);

/** The rows of `next`, but the very objects of `previous` where nothing changed. */
export function keepSame(previous: readonly AppointmentBox[], next: readonly AppointmentBox[]): AppointmentBox[] {
  const known = new Map(previous.map((row) => [row.id, row]));
  return next.map((row) => {
    const old = known.get(row.id);
    return old && sameRow(old, row) ? old : row;
  });
}

function sameRow(a: AppointmentBox, b: AppointmentBox): boolean {
  return (Object.keys(b) as (keyof AppointmentBox)[]).every((key) => a[key] === b[key]);
}

export function buildColumns(view: ScheduleView, previous: readonly ColumnModel[]): ColumnModel[] {
  const known = new Map(previous.map((model) => [model.place, model]));
  const heads = new Map(view.doctors.map((head) => [head.id, head]));
  const bounds = { start: view.first_minute, end: view.last_minute };
  const ofWeek = view.columns.some((column) => column.date !== view.columns[0]?.date);
  const rows = byColumn(view.appointments);
  return view.columns.flatMap((column) => {
    const head = heads.get(column.doctor_id);
    if (!head) return [];
    const place = ofWeek ? String(weekday(column.date)) : column.doctor_id;
    const own = rows.get(keyOf(column)) ?? [];
    const old = known.get(place);
    if (old && same(old, head, column, own)) return [old];
    return [buildColumn(place, head, column, own, bounds, old?.blocks ?? [])];
  });
}

/** The column of a doctor on a day. */
export function keyOf({ doctor_id, date }: { doctor_id: string; date: string }): string {
  return `${doctor_id} ${date}`;
}

/** What is booked, by column: a week of many doctors has thousands of rows. */
export function byColumn(rows: readonly AppointmentBox[]): Map<string, AppointmentBox[]> {
  const found = new Map<string, AppointmentBox[]>();
  for (const row of rows) {
    const own = found.get(keyOf(row));
    if (own) own.push(row);
    else found.set(keyOf(row), [row]);
  }
  return found;
}

/** The box that draws each appointment: the one it had, else one that is no longer needed, else a new one. To show
 *  something else in what is there costs a quarter of taking it down and building it anew. */
export function boxesFor(previous: readonly { id: string; box: number }[], ids: readonly string[]): number[] {
  const had = new Map(previous.map(({ id, box }) => [id, box]));
  const kept = new Set(ids.map((id) => had.get(id)));
  const spare = previous.map(({ box }) => box).filter((box) => !kept.has(box));
  let next = Math.max(-1, ...had.values());
  return ids.map((id) => had.get(id) ?? spare.shift() ?? (next += 1));
}

function same(old: ColumnModel, head: DoctorHead, column: Column, own: readonly AppointmentBox[]): boolean {
  return (
    old.key === keyOf(column) &&
    old.appointments.length === own.length &&
    old.appointments.every((row, index) => row === own[index]) &&
    JSON.stringify(old.column) === JSON.stringify(column) &&
    JSON.stringify(old.head) === JSON.stringify(head)
  );
}

function buildColumn(
  place: string,
  head: DoctorHead,
  column: Column,
  own: readonly AppointmentBox[],
  bounds: Span,
  before: readonly Block[],
): ColumnModel {
  const key = keyOf(column);
  const freed = own.filter((row) => row.status === "cancelled");
  const kept = own.filter((row) => row.status !== "cancelled");
  const inFree = (row: AppointmentBox): boolean => column.free.some((span) => overlaps(span, row));
  // A cancelled booking stands in its free slot, struck; one whose slot was not given away stays as a block.
  const blocks = [...kept, ...freed.filter((row) => !inFree(row) && !kept.some((other) => overlaps(other, row)))];
  const lying = layout(blocks.map(({ id, start, end }) => ({ id, column: key, start, end })), [key]);
  const boxes = boxesFor(before.map(({ appointment: { id }, box }) => ({ id, box })), lying.map(({ id }) => id));
  const byId = new Map(blocks.map((row) => [row.id, row]));
  const closed = column.closed.flatMap((each) => {
    const span = clip(each.span, bounds);
    return span ? [{ ...each, span }] : [];
  });
  return {
    key, place, head, date: column.date, column, appointments: own, closed,
    blocks: lying.flatMap(({ id, lane, lanes }, at) => {
      const appointment = byId.get(id);
      return appointment ? [{ appointment, lane, lanes, box: boxes[at] ?? at }] : [];
    }),
    gaps: column.free.map((span) => ({
      ...span, struck: freed.find((row) => overlaps(row, span)) ?? null, clear: subtract(span, blocks),
    })),
    open: subtract(bounds, closed.map((each) => each.span)),
    holes: closed.filter(hasWord),
    shut: closed.filter((each) => !hasWord(each)),
  };
}

function hasWord({ kind, words }: ClosedSpan): boolean {
  return kind === "break" || kind === "time_off" || words !== "";
}

/** Everything the arrows stop at in a column. */
export function stopsOf(model: ColumnModel, slot: number, wanted: number): Stop[] {
  return stops(
    model.blocks.map(({ appointment: { id, start, end } }) => ({ id, start, end })),
    model.gaps,
    model.closed.map((each) => each.span),
    slot,
    wanted,
  );
}

/** Waiting minutes that have passed by now. */
export function waitedNow(row: AppointmentBox, since: number): number | null {
  return row.status === "arrived" && row.waited !== null ? row.waited + since : null;
}

export function lookOf(row: AppointmentBox, since: number, lateAfter: number): Look {
  const waited = waitedNow(row, since);
  return waited !== null && waited >= lateAfter ? "late" : row.status;
}

/** Whether an appointment could lie there, as far as the screen can tell; the host decides. */
export function fits(model: ColumnModel, span: Span, self: AppointmentBox): { ok: true } | { ok: false; why: Why } {
  if (model.column.free.some((free) => free.start <= span.start && span.end <= free.end)) return { ok: true };
  const own = self.doctor_id === model.column.doctor_id && self.date === model.date ? [self] : [];
  const rest = own.length > 0 && overlaps(self, span) ? subtract(span, own) : [span];
  if (own.length > 0 && rest.every((part) => model.column.free.some((free) => free.start <= part.start && part.end <= free.end))) {
    return { ok: true };
  }
  const other = model.appointments.find((row) => row.id !== self.id && holdsSlot(row.status) && overlaps(row, span));
  if (other) return { ok: false, why: "taken" };
  const closed = model.column.closed.find((each) => overlaps(each.span, span));
  return { ok: false, why: closed ? closed.kind : "past" };
}

export type Why = ClosedSpan["kind"] | "taken" | "past";
