// The list of doctors: what it shows and how it is sorted.
import { backend } from "$lib/backend/backend";
import type { DoctorPage, DoctorRow, SpecialtyView } from "$lib/backend/types";
import { session } from "$lib/app/session.svelte";
import { PagedList, type Paging } from "$lib/list/paged.svelte";

class Doctors extends PagedList<DoctorRow, DoctorPage> {
  query = $state("");
  specialty = $state("");
  withInactive = $state(false);

  readonly filtered = $derived(Boolean(this.query.trim() || this.specialty));
  readonly specialties = $derived<SpecialtyView[]>(session.clinic?.specialties ?? []);

  idOf({ id }: DoctorRow): string {
    return id;
  }

  protected ask(paging: Paging): Promise<DoctorPage> {
    return backend().listDoctors({
      query: this.query, specialty_id: this.specialty || null, with_inactive: this.withInactive, paging,
    });
  }
}

export const doctors = new Doctors(200);
