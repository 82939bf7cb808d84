// The log: what is shown, the entry one is on, and whether the chain holds.
import { backend } from "$lib/backend/backend";
import type { AuditPage, AuditReport, AuditRow, ListAudit, Op } from "$lib/backend/types";
import { session } from "$lib/app/session.svelte";
import { doctorChoices } from "$lib/clinic/doctors";
import { PagedList, type Paging } from "$lib/list/paged.svelte";
import { moment } from "$lib/time/instant";
import { complain } from "$lib/toast/acted";
import type { Known } from "./changes";

class Audit extends PagedList<AuditRow, AuditPage, number> {
  query = $state("");
  date = $state("");
  actor = $state("");
  op = $state<Op | "">("");
  patient = $state.raw<{ id: string; name: string } | null>(null);
  withReads = $state(false);
  verifying = $state(false);
  people = $state.raw<{ value: string; label: string }[]>([]);
  doctors = $state.raw<{ value: string; label: string }[]>([]);

  readonly filtered = $derived(Boolean(this.query.trim() || this.date || this.actor || this.op || this.patient));
  /** What came of verifying the chain the last time, in the background or here. */
  readonly report = $derived<AuditReport | null>(this.found?.verified ?? null);
  readonly brokenAt = $derived(this.report?.broken_at ?? this.report?.checkpoint_broken ?? null);

  idOf({ seq }: AuditRow): number {
    return seq;
  }

  /** Always the newest first. */
  protected ask({ page, size }: Paging): Promise<AuditPage> {
    return backend().listAudit(this.matching({ page, size }));
  }

  /** What the filters say. */
  matching({ page, size }: Pick<Paging, "page" | "size">): ListAudit {
    return {
      query: this.query, date: this.date || null, actor_id: this.actor || null, op: this.op || null,
      patient_id: this.patient?.id ?? null, with_reads: this.withReads, page, size,
    };
  }

  async loadPeople(): Promise<void> {
    const paging = { page: 0, size: 200, sort: "name", descending: false };
    try {
      const { rows } = await backend().listAccounts({ query: "", role: null, active: null, paging });
      this.people = rows.map(({ id, name }) => ({ value: id, label: name }));
    } catch (thrown) {
      complain(thrown);
    }
  }

  async loadDoctors(): Promise<void> {
    this.doctors = await doctorChoices();
  }

  readonly known: Known = { nameOf: (id) => this.#nameOf(id), moment };

  /** What an id in an entry is called now. */
  #nameOf(id: string): string | undefined {
    const { appointment_types = [], specialties = [] } = session.clinic ?? {};
    const named = [...appointment_types, ...specialties].find((each) => each.id === id)?.name;
    return named ?? [...this.doctors, ...this.people].find(({ value }) => value === id)?.label;
  }

  async verify(): Promise<void> {
    if (this.verifying) return;
    this.verifying = true;
    try {
      await backend().verifyAudit();
      await this.load();
    } catch (thrown) {
      complain(thrown);
    } finally {
      this.verifying = false;
    }
  }

  clear(): void {
    this.query = "";
    this.date = "";
    this.actor = "";
    this.op = "";
    this.patient = null;
    void this.narrow();
  }

  /** Opens an entry by its number; without filters the log has no gaps, so its page is known. */
  open(seq: number): void {
    if (!this.found?.rows.some((row) => row.seq === seq)) {
      const head = this.found?.head ?? seq;
      this.clear();
      this.withReads = true;
      this.page = Math.max(0, Math.floor((head - seq) / this.size));
      void this.load();
    }
    this.current = seq;
  }
}

export const audit = new Audit(100);
