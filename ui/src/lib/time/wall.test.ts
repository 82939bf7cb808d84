import { describe, expect, it } from "vitest";
import { addDays, addMonths, clock, length, mondayOf, monthGrid, parseClock, parseComing, parseDate, parsePast, shortDate, span, weekNumber, weekday } from "./wall";

describe("wall-clock words", () => {
  it("writes times and spans as the design asks", () => {
    expect(clock(545)).toBe("09:05");
    expect(span(630, 660)).toBe("10:30 – 11:00");
    expect([15, 60, 90].map(length)).toEqual(["15 min", "1 h", "1 h 30"]);
    expect(shortDate("2026-11-24")).toBe("Tue 24 Nov");
  });

  it("reads times in any usual form", () => {
    expect(["9", "930", "9:30", "09.30", "24:00"].map(parseClock)).toEqual([540, 570, 570, 570, 1440]);
    expect(["", "25", "9:75", "24:15", "x"].map(parseClock)).toEqual([null, null, null, null, null]);
  });

  it("reads dates in any usual form, two-digit years as past ones", () => {
    for (const text of ["14 Mar 1979", "14.3.1979", "14/03/79", "1979-03-14", "14 march 79"]) {
      expect(parseDate(text, "2026-11-24")).toBe("1979-03-14");
    }
    expect(parseDate("31 Feb 1980", "2026-11-24")).toBeNull();
    expect(parseDate("5.5.25", "2026-11-24")).toBe("2025-05-05");
    expect(parseDate("5.5.27", "2026-11-24")).toBe("1927-05-05");
  });

  it("reads a date to come without its year as the next such day", () => {
    const read = (text: string): string | null => parseComing(text, "2026-11-24");
    expect(["24 nov", "25.12.", "3/1", "23 nov", "29 feb"].map(read)).toEqual([
      "2026-11-24", "2026-12-25", "2027-01-03", "2027-11-23", "2028-02-29",
    ]);
    expect(["24.12.26", "1 Jan 2030", "2027-03-01"].map(read)).toEqual(["2026-12-24", "2030-01-01", "2027-03-01"]);
    expect(["31 feb", "nov", "7"].map(read)).toEqual([null, null, null]);
  });

  it("reads a date that was without its year as the last such day", () => {
    const read = (text: string): string | null => parsePast(text, "2026-11-24");
    expect(["24 nov", "25.12.", "3/1", "23 nov", "29 feb"].map(read)).toEqual([
      "2026-11-24", "2025-12-25", "2026-01-03", "2026-11-23", "2024-02-29",
    ]);
    expect(["24.11.26", "1 Jan 2019", "2026-03-01"].map(read)).toEqual(["2026-11-24", "2019-01-01", "2026-03-01"]);
    expect(["31 feb", "nov", "7"].map(read)).toEqual([null, null, null]);
  });

  it("steps through the calendar over month ends, leap days and clock changes", () => {
    expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addMonths("2026-01-31", 1)).toBe("2026-02-01");
    expect(mondayOf("2026-11-29")).toBe("2026-11-23");
    expect(weekday("2026-11-24")).toBe(1);
    expect([weekNumber("2026-11-24"), weekNumber("2027-01-01"), weekNumber("2024-12-30")]).toEqual([48, 53, 1]);
  });

  it("gives a month as whole weeks", () => {
    for (let month = 0; month < 48; month += 1) {
      const first = addMonths("2025-01-01", month);
      const grid = monthGrid(first);
      expect(grid.length % 7).toBe(0);
      expect(weekday(grid[0] ?? "")).toBe(0);
      expect(grid).toContain(first);
      expect(grid).toContain(addDays(addMonths(first, 1), -1));
    }
  });
});
