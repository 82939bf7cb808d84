import { describe, expect, it } from "vitest";
import { memoryBackend } from "$lib/backend/memory";
import { boxesFor, buildColumns, keepSame } from "./models";

describe("boxes", () => {
  const before = [{ id: "a", box: 0 }, { id: "b", box: 1 }, { id: "c", box: 2 }];

  it("stay with what is still there", () => {
    expect(boxesFor(before, ["a", "new", "c"])).toEqual([0, 1, 2]);
  });

  it("are used again in their order when all is new", () => {
    expect(boxesFor(before, ["x", "y"])).toEqual([0, 1]);
  });

  it("become more when there are too few", () => {
    expect(boxesFor(before, ["x", "b", "y", "z", "w"])).toEqual([0, 1, 2, 3, 4]);
    expect(boxesFor([], ["x", "y"])).toEqual([0, 1]);
  });

  it("are never shared", () => {
    const after = boxesFor([{ id: "a", box: 4 }, { id: "b", box: 1 }], ["b", "c", "d", "a"]);
    expect(new Set(after).size).toBe(4);
  });
});

describe("columns", () => {
  const host = memoryBackend();
  const view = (from: string, days: number, doctor_ids: string[] = []) => host.viewSchedule({ from, days, doctor_ids });

  it("are the same objects when nothing changed", async () => {
    const before = await view("2026-11-24", 1);
    const first = buildColumns(before, []);
    const after = await view("2026-11-24", 1);
    const again = buildColumns({ ...after, appointments: keepSame(before.appointments, after.appointments) }, first);
    expect(again.every((each, at) => each === first[at])).toBe(true);
  });

  it("keep the place of a doctor from day to day, and their boxes", async () => {
    const first = buildColumns(await view("2026-11-24", 1), []);
    const next = buildColumns(await view("2026-11-25", 1), first);
    expect(next.map((each) => each.place)).toEqual(first.map((each) => each.place));
    expect(next[0]?.key).not.toBe(first[0]?.key);
    expect(next[0]?.blocks.map((each) => each.box)).toEqual(next[0]?.blocks.map((_, at) => at));
  });

  it("say the length of free time beside who did not come, not on top", async () => {
    const day = await view("2026-11-24", 1);
    const [row] = day.appointments;
    if (!row) throw new Error("nobody is booked");
    const missed = { ...row, status: "no_show" as const };
    const gap = { start: row.start, end: row.end + 60 };
    const columns = day.columns.map((column) => ({ ...column, free: column.doctor_id === row.doctor_id ? [gap] : [] }));
    const gaps = buildColumns({ ...day, columns, appointments: [missed] }, []).flatMap((model) => model.gaps);
    expect(gaps).toEqual([{ ...gap, struck: null, clear: [{ start: row.end, end: gap.end }] }]);
  });

  it("keep the place of a day in the week of one doctor", async () => {
    const doctor = (await view("2026-11-23", 1)).doctors[0]?.id ?? "";
    const week = buildColumns(await view("2026-11-23", 7, [doctor]), []);
    expect(week.map((each) => each.place)).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
  });
});
