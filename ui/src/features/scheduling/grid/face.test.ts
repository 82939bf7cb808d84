import { describe, expect, it } from "vitest";
import type { AppointmentBox } from "$lib/backend/types";
import { type Ground, faceOf } from "./face";

const ground: Ground = { first: 480, quarter: 18, needle: null, since: 0, lateAfter: 15, wide: false };
const row: AppointmentBox = {
  id: "a", rev: 1, doctor_id: "d", patient_id: "p", date: "2026-11-24", start: 540, end: 570, status: "confirmed",
  surname: "Nagy", short_name: "Nagy, I.", full_name: "Ilona Nagy", type_name: "Check-up", room: "", arrived_at: null,
  waited: null, alert: false,
};
const face = (change: Partial<AppointmentBox> = {}, under: Partial<Ground> = {}, lane = 0, lanes = 1) =>
  faceOf({ appointment: { ...row, ...change }, lane, lanes, box: 0 }, "Lee", { ...ground, ...under });

describe("a face", () => {
  it("lies where its time is, a pixel inside", () => {
    expect(face()).toMatchObject({ top: 4 * 18 + 1, height: 2 * 18 - 2, inset: undefined });
    expect(face({}, {}, 1, 2)).toMatchObject({ inset: "calc(50% + 1px)", width: "calc(50% - 3px)" });
  });

  it("has as many lines as its time allows", () => {
    expect([15, 30, 45].map((minutes) => face({ end: 540 + minutes }).size)).toEqual(["one", "two", "more"]);
  });

  it("shows the one fact that counts", () => {
    expect(face().fact).toBe("Check-up");
    expect(face({ status: "in_room", room: "4" }).fact).toBe("Room 4");
    expect(face({ status: "no_show" }).fact).toBe("No-show");
    expect(face({ status: "arrived", waited: 3 }).fact).toBe("");
  });

  it("counts the minutes of who waits, and calls them late", () => {
    expect(face({ status: "arrived", waited: 3 }, { since: 4 })).toMatchObject({ waited: 7, look: "arrived" });
    expect(face({ status: "arrived", waited: 3 }, { since: 12 })).toMatchObject({ waited: 15, look: "late" });
    expect(face({ status: "arrived", waited: 3 }).rest).toContain("waiting 3 minutes");
  });

  it("is crossed by the needle only while it lasts", () => {
    expect(face({}, { needle: 555 }).needle).toBe(18 - 2);
    expect([540, 570].map((needle) => face({}, { needle }).needle)).toEqual([null, null]);
  });
});
