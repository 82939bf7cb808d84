// A list that comes in pages: what is shown, how it is sorted, and the row the keyboard is on. Each list of the
// interface is one of these with filters of its own. It lives as long as the program, so that coming back finds it as
// it was left.
import { complain } from "$lib/toast/acted";

export interface PageOf<Row> {
  rows: Row[];
  total: number;
}

/** What a list asks the host for. */
export interface Paging {
  page: number;
  size: number;
  sort: string;
  descending: boolean;
}

export abstract class PagedList<Row, Page extends PageOf<Row>, Id extends string | number = string> {
  sort = $state("name");
  descending = $state(false);
  /** Counts from 0. */
  page = $state(0);
  found = $state.raw<Page | null>(null);
  /** The row the keyboard is on. */
  current = $state<Id | null>(null);
  #asked = 0;

  constructor(readonly size: number) {}

  protected abstract ask(paging: Paging): Promise<Page>;
  abstract idOf(row: Row): Id;

  readonly rows = $derived<readonly Row[]>(this.found?.rows ?? []);
  /** The row the keyboard is on, at first the first one. */
  readonly row = $derived<Row | null>(this.rows.find((row) => this.idOf(row) === this.current) ?? this.rows[0] ?? null);

  /** Asks again; of several answers the latest question's counts. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const { page, size, sort, descending } = this;
      const found = await this.ask({ page, size, sort, descending });
      if (asked !== this.#asked) return;
      this.found = found;
      // The last page may have gone since.
      if (found.rows.length === 0 && found.total > 0) this.turn(Math.ceil(found.total / size) - 1);
    } catch (thrown) {
      this.refused(thrown);
    }
  }

  /** Says why there is no answer. */
  protected refused(thrown: unknown): void {
    complain(thrown);
  }

  /** After any change of a filter: from the first page on. */
  narrow(): Promise<void> {
    this.page = 0;
    this.current = null;
    return this.load();
  }

  sortBy(column: string, descending: boolean): void {
    this.sort = column;
    this.descending = descending;
    void this.narrow();
  }

  turn(page: number): void {
    this.page = page;
    this.current = null;
    void this.load();
  }
}
