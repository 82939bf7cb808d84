// One patient's record with the appointments, kept up to date while it is open.
import { backend, errorOf } from "$lib/backend/backend";
import type { AppointmentPage, AppointmentRow, ChangeSet, ClosedRecord, PatientView } from "$lib/backend/types";
import { t } from "$lib/i18n";
import { acted, complain } from "$lib/toast/acted";
import { clinicToday } from "$lib/time/instant";
import { emergency } from "./emergency/emergency.svelte";

export const appointmentsSize = 50;

export class PatientRecord {
  view = $state.raw<PatientView | null>(null);
  gone = $state(false);
  /** Who it is, where the record is closed to whoever looks. */
  closed = $state.raw<ClosedRecord | null>(null);
  page = $state(0);
  found = $state.raw<AppointmentPage | null>(null);
  current = $state<string | null>(null);

  constructor(readonly id: string) {}

  /** Coming soonest first, today, and what was, latest first. */
  readonly groups = $derived.by((): { key: "coming" | "today" | "earlier"; rows: AppointmentRow[] }[] => {
    const today = clinicToday();
    const rows = this.found?.rows ?? [];
    const coming = rows.filter(({ summary }) => summary.date > today).reverse();
    const now = rows.filter(({ summary }) => summary.date === today).reverse();
    const earlier = rows.filter(({ summary }) => summary.date < today);
    return [
      { key: "coming" as const, rows: coming },
      { key: "today" as const, rows: now },
      { key: "earlier" as const, rows: earlier },
    ].filter((group) => group.rows.length > 0);
  });

  readonly waiting = $derived(this.found?.rows.find(({ summary }) => summary.status === "arrived" && summary.date === clinicToday()) ?? null);
  readonly row = $derived.by((): AppointmentRow | null => {
    const rows = this.groups.flatMap((group) => group.rows);
    return rows.find(({ summary }) => summary.id === this.current) ?? rows[0] ?? null;
  });

  /** The record first: where it is closed, so are the appointments. */
  async load(): Promise<void> {
    await this.#read();
    if (this.view) await this.loadAppointments();
  }

  async loadAppointments(): Promise<void> {
    try {
      this.found = await backend().listAppointments({ patient_id: this.id, doctor_id: null, page: this.page });
    } catch (thrown) {
      if (errorOf(thrown).code !== "not_found") complain(thrown);
    }
  }

  async #read(): Promise<void> {
    try {
      this.view = await backend().readPatient(this.id);
      this.closed = null;
    } catch (thrown) {
      const { code } = errorOf(thrown);
      if (code === "not_found") this.gone = true;
      else if (code === "forbidden") await this.#close();
      else complain(thrown);
    }
  }

  async #close(): Promise<void> {
    try {
      this.closed = await backend().readClosedRecord(this.id);
      // Nothing of it stays on the screen or in memory.
      this.view = null;
      this.found = null;
    } catch (thrown) {
      complain(thrown);
    }
  }

  turn(page: number): void {
    this.page = page;
    this.current = null;
    void this.loadAppointments();
  }

  /** Each reading is written down, and each refusal, so that nothing is read again but what changed itself: of a closed
   *  record who it is, in an emergency only appointments that are shown. */
  heard({ changes }: ChangeSet): void {
    if (changes.some(({ noun, id }) => noun === "patient" && id === this.id)) void (this.closed ? this.#close() : this.#read());
    const shown = (changed: string): boolean => this.found?.rows.some(({ summary }) => summary.id === changed) ?? false;
    const counts = (changed: string): boolean => !emergency.covers(this.id) || shown(changed);
    if (this.view && changes.some(({ noun, id }) => noun === "appointment" && counts(id))) void this.loadAppointments();
  }

  async archive(archived: boolean): Promise<void> {
    if (!this.view) return;
    try {
      const done = await backend().archivePatient({ id: this.id, rev: this.view.rev, archived });
      this.view = done.patient;
      acted(t(archived ? "patient.archived" : "patient.restored", { name: done.patient.name }), done.action_id);
    } catch (thrown) {
      complain(thrown);
      void this.#read();
    }
  }
}
