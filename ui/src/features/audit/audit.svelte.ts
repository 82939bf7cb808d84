// The log: what is shown, the entry one is on, and whether the chain holds.
import { backend } from "$lib/backend/backend";
import type { AuditPage, AuditReport, AuditRow, Op } from "$lib/backend/types";
import { complain } from "$lib/toast/acted";

export const pageSize = 100;

class Audit {
  query = $state("");
  date = $state("");
  actor = $state("");
  op = $state<Op | "">("");
  patient = $state.raw<{ id: string; name: string } | null>(null);
  withReads = $state(false);
  page = $state(0);
  found = $state.raw<AuditPage | null>(null);
  report = $state.raw<AuditReport | null>(null);
  verifying = $state(false);
  people = $state.raw<{ value: string; label: string }[]>([]);
  current = $state<number | null>(null);
  #asked = 0;

  readonly row = $derived<AuditRow | null>(
    this.found?.rows.find(({ seq }) => seq === this.current) ?? this.found?.rows[0] ?? null,
  );
  readonly filtered = $derived(Boolean(this.query.trim() || this.date || this.actor || this.op || this.patient));
  readonly brokenAt = $derived(this.report?.broken_at ?? this.report?.checkpoint_broken ?? null);

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const found = await backend().listAudit({
        query: this.query, date: this.date || null, actor_id: this.actor || null, op: this.op || null,
        patient_id: this.patient?.id ?? null, with_reads: this.withReads, page: this.page, size: pageSize,
      });
      if (asked === this.#asked) this.found = found;
    } catch (thrown) {
      complain(thrown);
    }
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

  async verify(): Promise<void> {
    if (this.verifying) return;
    this.verifying = true;
    try {
      this.report = await backend().verifyAudit();
    } catch (thrown) {
      complain(thrown);
    } finally {
      this.verifying = false;
    }
  }

  narrow(): void {
    this.page = 0;
    this.current = null;
    void this.load();
  }

  clear(): void {
    this.query = "";
    this.date = "";
    this.actor = "";
    this.op = "";
    this.patient = null;
    this.narrow();
  }

  turn(page: number): void {
    const last = Math.max(0, Math.ceil((this.found?.total ?? 0) / pageSize) - 1);
    this.page = Math.min(last, Math.max(0, page));
    this.current = null;
    void this.load();
  }

  /** Opens an entry by its number; without filters the log has no gaps, so its page is known. */
  open(seq: number): void {
    if (!this.found?.rows.some((row) => row.seq === seq)) {
      const head = this.found?.head ?? seq;
      this.clear();
      this.withReads = true;
      this.page = Math.max(0, Math.floor((head - seq) / pageSize));
      void this.load();
    }
    this.current = seq;
  }
}

export const audit = new Audit();
