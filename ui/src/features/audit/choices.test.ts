import { describe, expect, it } from "vitest";
import { Choices } from "./choices.svelte";

const nobody = { id: null, name: "nobody", detail: "", number: "" };
const person = (at: number): { id: string; name: string; detail: string; number: string } => ({ id: `${at}`, name: `Person ${at}`, detail: "", number: `${at}` });

/** Of `total` people, three on a page. */
function people(total: number): Choices {
  const all = Array.from({ length: total }, (_, at) => person(at));
  return new Choices((query, page) => {
    const rows = all.filter(({ name }) => name.includes(query));
    return Promise.resolve({ rows: rows.slice(page * 3, page * 3 + 3), total: rows.length });
  }, [nobody]);
}

describe("people to choose from", () => {
  it("come further as one goes down, to the very last", async () => {
    const choices = people(8);
    choices.search("");
    for (let step = 0; step < 20; step++) await choices.move(1);
    expect(choices.shown[choices.active]?.id).toBe("7");
    expect(choices.shown.map(({ id }) => id)).toEqual([null, "0", "1", "2", "3", "4", "5", "6", "7"]);
  });

  it("narrow to what was typed, and nobody is offered before only", async () => {
    const choices = people(8);
    choices.search("Person 5");
    await choices.settled;
    expect(choices.shown.map(({ id }) => id)).toEqual(["5"]);
    await choices.move(-1);
    expect(choices.active).toBe(0);
  });

  it("are those of the last question, whatever comes first", async () => {
    const answers: ((name: string) => void)[] = [];
    const choices = new Choices(() => new Promise((resolve) => {
      answers.push((name) => resolve({ rows: [{ ...person(1), name }], total: 1 }));
    }));
    choices.search("a");
    const [first] = [choices.settled];
    choices.search("ab");
    answers[1]?.("the second");
    answers[0]?.("the first");
    await Promise.all([first, choices.settled]);
    expect(choices.shown.map(({ name }) => name)).toEqual(["the second"]);
  });
});
