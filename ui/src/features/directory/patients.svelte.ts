// The list of patients: what it shows, how it is sorted, where one is. It is remembered while the program runs.
import { backend } from "$lib/backend/backend";
import type { PatientPage, PatientRow, Validation } from "$lib/backend/types";
import { complain } from "$lib/toast/acted";

export const pageSize = 50;

class Patients {
  query = $state("");
  doctor = $state("");
  validation = $state<Validation | "">("");
  withAlert = $state(false);
  archived = $state(false);
  sort = $state("name");
  descending = $state(false);
  page = $state(0);
  found = $state.raw<PatientPage | null>(null);
  doctors = $state.raw<{ value: string; label: string }[]>([]);
  /** The row the keyboard is on. */
  current = $state<string | null>(null);
  #asked = 0;

  readonly filtered = $derived(
    Boolean(this.query.trim() || this.doctor || this.validation || this.withAlert || this.archived),
  );
  readonly row = $derived<PatientRow | null>(
    this.found?.rows.find(({ id }) => id === this.current) ?? this.found?.rows[0] ?? null,
  );

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const found = await backend().listPatients({
        filter: {
          query: this.query, doctor_id: this.doctor || null, validation: this.validation || null,
          with_alert: this.withAlert, archived: this.archived,
        },
        paging: { page: this.page, size: pageSize, sort: this.sort, descending: this.descending },
      });
      if (asked === this.#asked) this.found = found;
    } catch (thrown) {
      complain(thrown);
    }
  }

  async loadDoctors(): Promise<void> {
    try {
      const { rows } = await backend().listDoctors({
        query: "", specialty_id: null, with_inactive: false,
        paging: { page: 0, size: 200, sort: "name", descending: false },
      });
      this.doctors = rows.map(({ id, name }) => ({ value: id, label: name }));
    } catch (thrown) {
      complain(thrown);
    }
  }

  /** After any change of a filter: from the first page on. */
  narrow(): void {
    this.page = 0;
    this.current = null;
    void this.load();
  }

  clear(): void {
    this.query = "";
    this.doctor = "";
    this.validation = "";
    this.withAlert = false;
    this.archived = false;
    this.narrow();
  }

  sortBy(column: string, descending: boolean): void {
    this.sort = column;
    this.descending = descending;
    this.narrow();
  }

  turn(page: number): void {
    const last = Math.max(0, Math.ceil((this.found?.total ?? 0) / pageSize) - 1);
    this.page = Math.min(last, Math.max(0, page));
    this.current = null;
    void this.load();
  }
}

export const patients = new Patients();
