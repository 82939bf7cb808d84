import { expect, it } from "vitest";
import { copyDay, usualWeek, widest, withinWeek } from "./hours";

it("copies a day to the open ones only", () => {
  const week = usualWeek();
  week[0] = { open: true, hours: { start: 480, end: 960 }, breaks: [{ start: 720, end: 750 }] };
  const copied = copyDay(week, 0);
  expect(copied[4]).toEqual(week[0]);
  expect(copied[6]).toEqual(week[6]);
});

it("cuts a doctor's hours to the clinic's days", () => {
  const week = usualWeek();
  week[4] = { open: true, hours: { start: 540, end: 780 }, breaks: [] };
  const own = withinWeek(week, { start: 600, end: 1140 });
  expect(own[0]?.hours).toEqual({ start: 600, end: 1020 });
  expect(own[4]?.hours).toEqual({ start: 600, end: 780 });
  expect(withinWeek(week, { start: 900, end: 1020 })[4]?.open).toBe(false);
  expect(widest(week)).toEqual({ start: 540, end: 1020 });
});
