// People to choose one from: found by part of a name or number at the host, a page at a time, as far as one goes down.
import { complain } from "$lib/toast/acted";

export interface Choice {
  /** Null is nobody. */
  id: string | null;
  name: string;
  detail: string;
  number: string;
}

export type Ask = (query: string, page: number) => Promise<{ rows: Choice[]; total: number }>;

export class Choices {
  query = $state("");
  /** Counts from 0. */
  active = $state(0);
  /** Null before the first answer. */
  total = $state<number | null>(null);
  #found = $state.raw<readonly Choice[]>([]);
  #page = 0;
  #asked = 0;
  #asking = false;
  /** The answer to the last keystroke; Enter waits for it, so that it never takes the answer to an earlier one. */
  settled: Promise<void> = Promise.resolve();

  /** `always` stand first as long as nothing is typed. */
  constructor(private readonly ask: Ask, private readonly always: readonly Choice[] = []) {}

  get shown(): readonly Choice[] {
    return this.query.trim() === "" ? [...this.always, ...this.#found] : this.#found;
  }

  search(query: string): void {
    this.query = query;
    this.active = 0;
    this.settled = this.#load(0);
  }

  /** One down or up; from the last one on further ones are asked for. */
  async move(step: 1 | -1): Promise<void> {
    await this.settled;
    if (step === 1 && this.active === this.shown.length - 1) await this.more();
    this.active = Math.max(0, Math.min(this.shown.length - 1, this.active + step));
  }

  async more(): Promise<void> {
    if (!this.#asking && this.#found.length < (this.total ?? 0)) await this.#load(this.#page + 1);
  }

  async #load(page: number): Promise<void> {
    const asked = ++this.#asked;
    this.#asking = true;
    try {
      const { rows, total } = await this.ask(this.query, page);
      if (asked !== this.#asked) return;
      this.#found = page === 0 ? rows : [...this.#found, ...rows];
      this.total = total;
      this.#page = page;
    } catch (thrown) {
      complain(thrown);
    } finally {
      if (asked === this.#asked) this.#asking = false;
    }
  }
}
