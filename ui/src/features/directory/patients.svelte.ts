// The list of patients: what it shows, how it is sorted, where one is. It is remembered while the program runs.
import { backend } from "$lib/backend/backend";
import type { PatientPage, PatientRow, Validation } from "$lib/backend/types";
import { doctorChoices } from "$lib/clinic/doctors";
import { PagedList, type Paging } from "$lib/list/paged.svelte";

class Patients extends PagedList<PatientRow, PatientPage> {
  query = $state("");
  doctor = $state("");
  validation = $state<Validation | "">("");
  withAlert = $state(false);
  archived = $state(false);
  doctors = $state.raw<{ value: string; label: string }[]>([]);

  readonly filtered = $derived(
    Boolean(this.query.trim() || this.doctor || this.validation || this.withAlert || this.archived),
  );

  idOf({ id }: PatientRow): string {
    return id;
  }

  protected ask(paging: Paging): Promise<PatientPage> {
    return backend().listPatients({
      filter: {
        query: this.query, doctor_id: this.doctor || null, validation: this.validation || null,
        with_alert: this.withAlert, archived: this.archived,
      },
      paging,
    });
  }

  async loadDoctors(): Promise<void> {
    this.doctors = await doctorChoices();
  }

  clear(): void {
    this.query = "";
    this.doctor = "";
    this.validation = "";
    this.withAlert = false;
    this.archived = false;
    void this.narrow();
  }
}

export const patients = new Patients(50);
