import { describe, expect, it } from "vitest";
import { PagedList, type PageOf, type Paging } from "./paged.svelte";

/** A list over these names, whose answers come when they are let go. */
class Names extends PagedList<string, PageOf<string>> {
  asked: Paging[] = [];
  waiting: (() => void)[] = [];
  constructor(public names: string[]) {
    super(2);
  }
  idOf(name: string): string {
    return name;
  }
  protected ask(paging: Paging): Promise<PageOf<string>> {
    this.asked.push(paging);
    const from = paging.page * paging.size;
    const answer = { rows: this.names.slice(from, from + paging.size), total: this.names.length };
    return new Promise((resolve) => this.waiting.push(() => resolve(answer)));
  }
  async answer(at: number): Promise<void> {
    this.waiting[at]?.();
    await Promise.resolve();
    await Promise.resolve();
  }
}

describe("a list in pages", () => {
  it("shows the answer to the latest question, whichever comes first", async () => {
    const list = new Names(["a", "b", "c"]);
    void list.load();
    list.turn(1);
    await list.answer(1);
    await list.answer(0);
    expect(list.rows).toEqual(["c"]);
  });

  it("begins anew after a filter or another order", async () => {
    const list = new Names(["a", "b", "c"]);
    list.turn(1);
    list.current = "c";
    list.sortBy("name", true);
    expect(list.asked.at(-1)).toEqual({ page: 0, size: 2, sort: "name", descending: true });
    expect(list.current).toBeNull();
  });

  it("goes back when its page is gone", async () => {
    const list = new Names(["a", "b", "c"]);
    list.turn(1);
    await list.answer(0);
    list.names = ["a"];
    void list.load();
    await list.answer(1);
    expect(list.asked.at(-1)?.page).toBe(0);
  });

  it("stands on the first row until the keyboard goes elsewhere", async () => {
    const list = new Names(["a", "b"]);
    void list.load();
    await list.answer(0);
    expect(list.row).toBe("a");
    list.current = "b";
    expect(list.row).toBe("b");
  });
});
