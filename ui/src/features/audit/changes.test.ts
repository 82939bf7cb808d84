import { describe, expect, it } from "vitest";
import { isNew, type Known, shown } from "./changes";

const known: Known = {
  nameOf: (id) => (id.startsWith("0193f3e8") ? "Cardiology" : undefined),
  moment: (instant) => instant.slice(11, 16),
};
const lines = (field: string, before: string | null, after: string | null): string[] =>
  shown([{ field, before, after }], known).map((each) => `${each.field}: ${each.before} > ${each.after}`);

describe("the changes of an entry", () => {
  it("say of a list only what differs in it", () => {
    const day = (end: number): string => JSON.stringify([{ open: true, hours: { start: 540, end }, breaks: [] }]);
    expect(lines("hours", day(1020), day(960))).toEqual(["Monday until: 17:00 > 16:00"]);
    expect(lines("alerts", "[]", '[{"kind":"allergy","text":"Penicillin"}]')).toEqual([
      "alerts 1 kind: null > allergy", "alerts 1 text: null > Penicillin",
    ]);
  });

  it("have words for what is stored as a code", () => {
    expect(lines("is_pregnant", "false", "true")).toEqual(["is pregnant: no > yes"]);
    expect(lines("status", "no_show", "completed")).toEqual(["status: no-show > completed"]);
    expect(lines("start", "2026-11-24T14:00:00Z", "2026-11-24T15:30:00Z")).toEqual(["start: 14:00 > 15:30"]);
    expect(lines("birth_date", null, "1979-03-14")).toEqual(["birth date: null > 14 Mar 1979"]);
    expect(lines("specialty_ids", "[]", '["0193f3e8-0000-7000-8000-0123456789ab"]')).toEqual(["specialties: null > Cardiology"]);
    expect(lines("city", null, "[not a list")).toEqual(["city: null > [not a list"]);
  });

  it("begin with the telling one, and leave out what a new record says anyhow", () => {
    const change = (field: string, before: string | null, after: string): { field: string; before: string | null; after: string } => ({ field, before, after });
    const moved = shown([change("end", "1", "2"), change("room", "3", "4"), change("status", "scheduled", "confirmed")], known);
    expect(moved.map(({ path }) => path)).toEqual(["status", "end", "room"]);
    const booked = [change("patient_id", null, "x"), change("reason", null, "Cough")];
    expect(isNew(booked)).toBe(true);
    expect(shown(booked, known).map(({ path }) => path)).toEqual(["reason"]);
  });
});
