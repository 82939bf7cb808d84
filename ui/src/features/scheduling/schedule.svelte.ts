// The schedule as one looks at it: which days, which doctors, where the keyboard stands, what is selected.
import { backend } from "$lib/backend/backend";
import type { AppointmentBox, DoctorHead, MonthView, Opening, ScheduleView, Status } from "$lib/backend/types";
import { type Stop, stopAt } from "$lib/grid/layout";
import { now } from "$lib/live/now.svelte";
import { clinicToday } from "$lib/time/instant";
import { addDays, addMonths, mondayOf, weekday } from "$lib/time/wall";
import { type ColumnModel, buildColumns, keepSame, lookOf, stopsOf } from "./grid/models";

export type ViewKind = "day" | "week" | "month";
export type Filter = Status | null;

/** Where the keyboard stands. */
export interface Cursor {
  column: string;
  stop: Stop;
}

export interface DoctorSet {
  name: string | null;
  ids: readonly string[];
}

export class Schedule {
  kind = $state<ViewKind>("day");
  date = $state("");
  view = $state.raw<ScheduleView | null>(null);
  month = $state.raw<MonthView | null>(null);
  /** The month in the side column. */
  shownMonth = $state.raw<MonthView | null>(null);
  columns = $state.raw<readonly ColumnModel[]>([]);
  cursor = $state.raw<Cursor | null>(null);
  /** Counts up when the keyboard moved: the grid then moves the focus. */
  moved = $state(0);
  selected = $state<string | null>(null);
  filter = $state<Filter>(null);
  /** Length that is asked for, in minutes. */
  wanted = $state(30);
  /** Doctors of the last answer for everybody; sets are made of them. */
  everybody = $state.raw<readonly DoctorHead[]>([]);
  /** Which doctors are shown; empty means all. */
  doctorIds = $state.raw<readonly string[]>([]);
  /** Appointments that somebody else changed a moment ago. */
  flashed = $state.raw<ReadonlySet<string>>(new Set());
  #line = 0;
  #asked = 0;

  readonly sets = $derived.by((): DoctorSet[] => {
    const groups = new Map<string, string[]>();
    for (const { specialty, id } of this.everybody) groups.set(specialty, [...(groups.get(specialty) ?? []), id]);
    const named = [...groups].filter(([name, ids]) => name !== "" && ids.length > 1 && ids.length < this.everybody.length);
    return [{ name: null, ids: [] }, ...named.slice(0, 5).map(([name, ids]) => ({ name, ids }))];
  });

  readonly slot = $derived(this.view?.slot_minutes ?? 30);
  /** A week of one doctor is drawn as days; of several as strips. */
  readonly isGrid = $derived(this.kind === "day" || (this.kind === "week" && this.doctorIds.length === 1));
  readonly currentAppointment = $derived.by((): AppointmentBox | null => {
    const stop = this.cursor?.stop;
    const id = stop?.kind === "appointment" ? stop.id : this.selected;
    return this.view?.appointments.find((row) => row.id === id) ?? null;
  });
  /** Nobody works on the day that is shown, and nobody is booked. */
  readonly isClosed = $derived(
    this.kind === "day" && this.view !== null && this.view.columns.length > 0 && this.view.appointments.length === 0 &&
      this.view.columns.every((column) => column.open_minutes === 0),
  );
  readonly counts = $derived.by((): Map<Status, number> => {
    const tally = new Map<Status, number>();
    for (const row of this.view?.appointments ?? []) tally.set(row.status, (tally.get(row.status) ?? 0) + 1);
    return tally;
  });

  look(row: AppointmentBox): ReturnType<typeof lookOf> {
    return lookOf(row, now.since, this.view?.late_after_minutes ?? 15);
  }

  async load(): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    if (this.kind === "month") {
      const month = await backend().viewMonth({ month: this.date, doctor_ids: [...this.doctorIds] });
      if (mine !== this.#asked) return;
      now.set(month.clock);
      this.month = month;
      return;
    }
    const week = this.kind === "week";
    const view = await backend().viewSchedule({
      from: week ? mondayOf(this.date) : this.date,
      days: week ? 7 : 1,
      doctor_ids: [...this.doctorIds],
    });
    // A later question has been asked in the meantime: its answer counts.
    if (mine !== this.#asked) return;
    this.#accept(view);
  }

  #accept(view: ScheduleView): void {
    now.set(view.clock);
    const appointments = keepSame(this.view?.appointments ?? [], view.appointments);
    this.view = { ...view, appointments };
    if (this.doctorIds.length === 0) this.everybody = view.doctors;
    this.columns = this.isGrid ? this.#worthShowing(buildColumns(this.view, this.columns)) : [];
    if (this.selected && !appointments.some((row) => row.id === this.selected)) this.selected = null;
    this.#settle();
  }

  /** A week has its weekend only if somebody works then or was booked. */
  #worthShowing(columns: ColumnModel[]): ColumnModel[] {
    if (this.kind !== "week") return columns;
    return columns.filter((each) => weekday(each.date) < 5 || each.open.length > 0 || each.blocks.length > 0);
  }

  async loadMonthAside(month: string): Promise<void> {
    this.shownMonth = await backend().viewMonth({ month, doctor_ids: [...this.doctorIds] });
  }

  async start(date: string | null): Promise<void> {
    // Two questions at once. Only the host knows which day it is in the clinic: where this computer's clock is wrong
    // about that, the right day is asked for then.
    const guess = date ?? clinicToday();
    this.date = guess;
    await Promise.all([this.load(), this.loadMonthAside(guess)]);
    const today = this.view?.clock.today;
    if (date || !today || today === guess) return;
    this.cursor = null;
    await this.go(today);
  }

  async go(date: string): Promise<void> {
    const otherMonth = date.slice(0, 7) !== this.date.slice(0, 7);
    this.date = date;
    await this.load();
    if (otherMonth) await this.loadMonthAside(date);
  }

  step(direction: 1 | -1): Promise<void> {
    if (this.kind === "month") return this.go(addMonths(this.date, direction));
    if (this.kind === "week") return this.go(addDays(this.date, 7 * direction));
    return this.go(this.#workDay(direction));
  }

  /** The day after this one on which anybody works; asks for the next month when this one holds none. */
  async nextOpenDay(): Promise<string | null> {
    const within = (month: MonthView | null): string | undefined =>
      month?.days.find((day) => day.date > this.date && day.open_minutes > 0)?.date;
    const known = within(this.shownMonth);
    if (known) return known;
    const month = addMonths(`${this.date.slice(0, 7)}-01`, 1);
    return within(await backend().viewMonth({ month, doctor_ids: [...this.doctorIds] })) ?? null;
  }

  /** The next day in that direction on which anybody works, as far as the month at the side tells. */
  #workDay(direction: 1 | -1): string {
    let date = addDays(this.date, direction);
    for (let tries = 0; tries < 6; tries += 1) {
      const known = this.shownMonth?.days.find((day) => day.date === date);
      if (!known || known.open_minutes > 0 || known.booked > 0) return date;
      date = addDays(date, direction);
    }
    return addDays(this.date, direction);
  }

  async show(kind: ViewKind): Promise<void> {
    this.kind = kind;
    await this.load();
  }

  async pickDoctors(ids: readonly string[], kind: ViewKind = this.kind): Promise<void> {
    this.doctorIds = ids;
    this.kind = kind;
    await this.load();
    await this.loadMonthAside(this.shownMonth?.days[10]?.date ?? this.date);
  }

  /* ── keyboard ── */

  stopsOf(column: ColumnModel): Stop[] {
    return stopsOf(column, this.slot, this.wanted);
  }

  columnAt(key: string | undefined): ColumnModel | undefined {
    return this.columns.find((each) => each.key === key);
  }

  put(column: ColumnModel, stop: Stop, focus = true): void {
    this.cursor = { column: column.key, stop };
    this.#line = stop.start;
    if (focus) this.moved += 1;
  }

  /** To a certain appointment, wherever it lies on the screen. */
  putOn(id: string): boolean {
    for (const column of this.columns) {
      const stop = this.stopsOf(column).find((each) => each.kind === "appointment" && each.id === id);
      if (stop) {
        this.put(column, stop);
        return true;
      }
    }
    return false;
  }

  /** To a free slot, or to what lies there now. */
  putAt(doctorId: string, date: string, minute: number): boolean {
    const column = this.columns.find((each) => each.column.doctor_id === doctorId && each.date === date);
    const stop = column && stopAt(this.stopsOf(column), minute);
    if (!column || !stop) return false;
    this.put(column, stop);
    return true;
  }

  vertical(steps: number): void {
    const here = this.#here();
    if (!here) return;
    const at = here.list.findIndex((stop) => sameStop(stop, here.cursor.stop));
    const next = here.list[Math.min(here.list.length - 1, Math.max(0, at + steps))];
    if (next) this.put(here.column, next);
  }

  toMinute(minute: number): void {
    const here = this.#here();
    const next = here && stopAt(here.list, minute);
    if (here && next) this.put(here.column, next);
  }

  byHour(direction: 1 | -1): void {
    if (this.cursor) this.toMinute(this.cursor.stop.start + 60 * direction);
  }

  edge(end: "first" | "last"): void {
    const here = this.#here();
    const open = here?.list.filter((stop) => stop.kind !== "closed") ?? [];
    const next = end === "first" ? open[0] : open.at(-1);
    if (here && next) this.put(here.column, next);
  }

  sideways(direction: 1 | -1): void {
    const at = this.columns.findIndex((each) => each.key === this.cursor?.column);
    for (let next = at + direction; next >= 0 && next < this.columns.length; next += direction) {
      const column = this.columns[next];
      if (!column || (column.column.away && column.blocks.length === 0)) continue;
      const line = this.#line;
      const stop = stopAt(this.stopsOf(column), line);
      if (!stop) continue;
      this.put(column, stop);
      this.#line = line;
      return;
    }
  }

  /** Makes the wanted length longer or shorter by a slot, as far as the gap goes. */
  stretch(direction: 1 | -1): void {
    const stop = this.cursor?.stop;
    if (stop?.kind !== "free") return;
    const length = Math.min(stop.gap.end - stop.start, Math.max(this.slot, stop.end - stop.start + direction * this.slot));
    this.wanted = length;
    const column = this.columnAt(this.cursor?.column);
    if (column) this.put(column, { ...stop, end: stop.start + length });
  }

  #here(): { column: ColumnModel; list: Stop[]; cursor: Cursor } | null {
    const column = this.columnAt(this.cursor?.column) ?? this.columns[0];
    if (!column) return null;
    const list = this.stopsOf(column);
    if (!this.cursor) this.#settle();
    return this.cursor ? { column, list, cursor: this.cursor } : null;
  }

  /** After a change the keyboard stands where it stood, or on what is there now. */
  #settle(): void {
    if (this.columns.length === 0) {
      this.cursor = null;
      return;
    }
    if (!this.cursor && this.#onFirstOpening()) return;
    const same = this.#sameColumn();
    // Who is away all day is folded to a spine that cannot be stood on.
    const folded = this.kind === "day" && same?.column.away && same.blocks.length === 0;
    const column = (folded ? undefined : same) ?? this.columns.find((each) => !each.column.away) ?? this.columns[0];
    if (!column) return;
    const list = this.stopsOf(column);
    const old = this.cursor?.stop;
    const kept = old && list.find((stop) => sameStop(stop, old));
    const fresh = list.find((stop) => stop.kind === "free") ?? list.find((stop) => stop.kind === "appointment") ?? list[0];
    const stop = kept ?? (old ? stopAt(list, old.start) : fresh);
    this.cursor = stop ? { column: column.key, stop: kept && old?.kind === "free" && kept.kind === "free" ? { ...kept, end: Math.min(kept.gap.end, old.end) } : stop } : null;
  }

  /** One begins on the first free slot there is. */
  #onFirstOpening(): boolean {
    const first = this.view?.openings[0];
    const column = first && this.columnAt(`${first.doctor_id} ${first.date}`);
    const stop = first && column && stopAt(this.stopsOf(column), first.start);
    if (!column || !stop) return false;
    this.put(column, stop, false);
    return true;
  }

  /** The same column, or after a change of day the same doctor's. */
  #sameColumn(): ColumnModel | undefined {
    const key = this.cursor?.column;
    const [doctor, date] = key?.split(" ") ?? [];
    return (
      this.columnAt(key) ??
      this.columns.find((each) => each.column.doctor_id === doctor && each.date === this.date) ??
      this.columns.find((each) => each.column.doctor_id === doctor || each.date === date)
    );
  }

  flash(ids: readonly string[]): void {
    this.flashed = new Set(ids);
    setTimeout(() => (this.flashed = new Set()), 1000);
  }

  async openings(limit = 10): Promise<Opening[]> {
    const view = this.view;
    const past = !view || this.date <= view.clock.today;
    return backend().nextFree({
      from: past ? (view?.clock.today ?? this.date) : this.date,
      from_minute: past ? now.minute : 0,
      minutes: this.wanted,
      doctor_ids: [...this.doctorIds],
      specialty_id: null,
      limit,
      days: 90,
    });
  }
}

export function sameStop(a: Stop, b: Stop): boolean {
  if (a.kind === "appointment" || b.kind === "appointment") {
    return a.kind === "appointment" && b.kind === "appointment" && a.id === b.id;
  }
  return a.kind === b.kind && a.start === b.start;
}
