// The log: what is shown, the entry one is on, and whether the chain holds.
import { backend, errorOf } from "$lib/backend/backend";
import type { AuditPage, AuditReport, AuditRow, ListAudit, Op } from "$lib/backend/types";
import { session } from "$lib/app/session.svelte";
import { doctorChoices } from "$lib/clinic/doctors";
import { fieldErrors } from "$lib/errors/words";
import { PagedList, type Paging } from "$lib/list/paged.svelte";
import { moment } from "$lib/time/instant";
import { complain } from "$lib/toast/acted";
import type { Known } from "./changes";
import { anyDay, type Days, same } from "./days";

class Audit extends PagedList<AuditRow, AuditPage, number> {
  query = $state("");
  days = $state.raw<Days>(anyDay);
  /** Without an id: while nobody was signed in. */
  actor = $state.raw<{ id: string | null; name: string } | null>(null);
  op = $state<Op | "">("");
  patient = $state.raw<{ id: string; name: string } | null>(null);
  withReads = $state(false);
  verifying = $state(false);
  people = $state.raw<{ value: string; label: string }[]>([]);
  doctors = $state.raw<{ value: string; label: string }[]>([]);

  readonly filtered = $derived(Boolean(this.query.trim() || !same(this.days, anyDay) || this.actor || this.op || this.patient));
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
      query: this.query, from: this.days.from || null, until: this.days.until || null, actor_id: this.actor?.id ?? null,
      nobody: this.actor?.id === null, op: this.op || null, patient_id: this.patient?.id ?? null, with_reads: this.withReads,
      page, size,
    };
  }

  /** What the last question was refused for, by field. */
  #wrong: Record<string, string> = {};

  protected override refused(thrown: unknown): void {
    this.#wrong = fieldErrors(errorOf(thrown));
    if (Object.keys(this.#wrong).length === 0) super.refused(thrown);
  }

  /** Only these days; answers what is wrong with them by field, and then the others stay. */
  async setDays(days: Days): Promise<Record<string, string>> {
    const before = this.days;
    this.#wrong = {};
    this.days = days;
    await this.narrow();
    if (Object.keys(this.#wrong).length > 0) this.days = before;
    return this.#wrong;
  }

  /** Those whom entries name by their id. */
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
    this.days = anyDay;
    this.actor = null;
    this.op = "";
    this.patient = null;
    this.withReads = false;
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
