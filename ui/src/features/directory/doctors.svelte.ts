// The list of doctors: what it shows and how it is sorted.
import { backend } from "$lib/backend/backend";
import type { DoctorPage, SpecialtyView } from "$lib/backend/types";
import { session } from "$lib/app/session.svelte";
import { complain } from "$lib/toast/acted";

class Doctors {
  query = $state("");
  specialty = $state("");
  withInactive = $state(false);
  sort = $state("name");
  descending = $state(false);
  found = $state.raw<DoctorPage | null>(null);
  #asked = 0;

  readonly filtered = $derived(Boolean(this.query.trim() || this.specialty));
  readonly specialties = $derived<SpecialtyView[]>(session.clinic?.specialties ?? []);

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const found = await backend().listDoctors({
        query: this.query, specialty_id: this.specialty || null, with_inactive: this.withInactive,
        paging: { page: 0, size: 200, sort: this.sort, descending: this.descending },
      });
      if (asked === this.#asked) this.found = found;
    } catch (thrown) {
      complain(thrown);
    }
  }

  sortBy(column: string, descending: boolean): void {
    this.sort = column;
    this.descending = descending;
    void this.load();
  }
}

export const doctors = new Doctors();
