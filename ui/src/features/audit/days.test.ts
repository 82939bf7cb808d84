import { describe, expect, it } from "vitest";
import { anyDay, daysWords, usual } from "./days";

describe("the days of the log", () => {
  const today = "2026-11-24";

  it("can be the usual ones, which end today and count it", () => {
    expect(usual(today).map(({ words, days }) => `${words}: ${days.from} ${days.until}`)).toEqual([
      "Today: 2026-11-24 2026-11-24", "Yesterday: 2026-11-23 2026-11-23", "Last 7 days: 2026-11-18 2026-11-24",
      "This month: 2026-11-01 2026-11-24", "Last 30 days: 2026-10-26 2026-11-24",
    ]);
  });

  it("read by name where they have one, and by their ends otherwise", () => {
    const words = (from: string, until: string): string | null => daysWords({ from, until }, today);
    expect(words("2026-11-24", "2026-11-24")).toBe("Today");
    expect(words("2026-11-18", "2026-11-24")).toBe("Last 7 days");
    expect(words("2026-11-20", "2026-11-20")).toBe("20 Nov");
    expect(words("2025-12-30", "2026-01-02")).toBe("30 Dec 2025 – 2 Jan");
    expect([words("2026-11-01", ""), words("", "2026-11-01")]).toEqual(["from 1 Nov", "until 1 Nov"]);
    expect(daysWords(anyDay, today)).toBe(null);
  });
});
