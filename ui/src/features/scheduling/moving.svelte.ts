// An appointment that is being moved or made longer, by keys or by the pointer. Nothing is changed until it is dropped.
import type { AppointmentBox } from "$lib/backend/types";
import type { Span } from "$lib/grid/layout";
import { type Why, fits } from "./grid/models";
import type { Schedule } from "./schedule.svelte";

export interface Target {
  column: string;
  span: Span;
  fit: { ok: true } | { ok: false; why: Why };
}

export class Moving {
  #lifted = $state.raw<AppointmentBox | null>(null);
  column = $state("");
  start = $state(0);
  minutes = $state(0);
  by = $state<"keys" | "pointer">("keys");
  /** Where the pointer is, for the block that follows it. */
  pointer = $state.raw<{ x: number; y: number; width: number; height: number } | null>(null);

  constructor(readonly schedule: Schedule) {}

  /** What is lifted, as it is now: somebody may change it meanwhile. On another day it stays as it was. */
  readonly row = $derived.by((): AppointmentBox | null => {
    const lifted = this.#lifted;
    return lifted && (this.schedule.view?.appointments.find(({ id, rev }) => id === lifted.id && rev > lifted.rev) ?? lifted);
  });

  readonly target = $derived.by((): Target | null => {
    const model = this.row && this.schedule.columnAt(this.column);
    if (!this.row || !model) return null;
    const span = { start: this.start, end: this.start + this.minutes };
    return { column: this.column, span, fit: fits(model, span, this.row) };
  });

  lift(row: AppointmentBox, by: "keys" | "pointer"): void {
    this.#lifted = row;
    this.column = `${row.doctor_id} ${row.date}`;
    this.start = row.start;
    this.minutes = row.end - row.start;
    this.by = by;
    this.pointer = null;
  }

  /** The same appointment, read again; where it is aimed at stays. */
  renew(row: AppointmentBox): void {
    this.#lifted = row;
  }

  putBack(): void {
    this.#lifted = null;
    this.pointer = null;
  }

  get moved(): boolean {
    const row = this.row;
    if (!row) return false;
    return this.column !== `${row.doctor_id} ${row.date}` || this.start !== row.start || this.minutes !== row.end - row.start;
  }

  byMinutes(minutes: number): void {
    const view = this.schedule.view;
    if (!view) return;
    const slot = view.slot_minutes;
    const next = Math.round((this.start + minutes) / slot) * slot;
    this.start = Math.min(view.last_minute - this.minutes, Math.max(view.first_minute, next));
  }

  stretch(direction: 1 | -1): void {
    const slot = this.schedule.slot;
    this.minutes = Math.max(slot, this.minutes + direction * slot);
  }

  sideways(direction: 1 | -1): void {
    const columns = this.schedule.columns;
    const at = columns.findIndex((each) => each.key === this.column);
    for (let next = at + direction; next >= 0 && next < columns.length; next += direction) {
      const column = columns[next];
      if (!column || column.column.away) continue;
      this.column = column.key;
      return;
    }
  }

  /** To another day, with the same doctor and time. */
  async toDay(direction: 1 | -1): Promise<void> {
    const doctor = this.column.split(" ")[0];
    await this.schedule.step(direction);
    const column =
      this.schedule.columns.find((each) => each.column.doctor_id === doctor && each.date === this.schedule.date) ??
      this.schedule.columns[0];
    if (column) this.column = column.key;
  }
}
