import { describe, expect, it } from "vitest";
import { columnWindow, inSight, quarterHeight, wholeRows } from "./fit";

describe("quarter height", () => {
  it("grows until the day fills the sheet, in whole pixels, and no further than it may", () => {
    expect(quarterHeight(728, 40, 18, 22)).toBe(18);
    expect(quarterHeight(728, 36, 18, 22)).toBe(20);
    expect(quarterHeight(728, 24, 18, 22)).toBe(22);
  });

  it("never gets smaller than what is read: a longer day scrolls", () => {
    expect(quarterHeight(400, 40, 18, 22)).toBe(18);
    expect(quarterHeight(0, 0, 18, 22)).toBe(18);
  });
});

describe("columns that stand on the sheet", () => {
  const twelve = Array.from({ length: 12 }, () => 72);

  it("are whole, and all when there is room", () => {
    expect(columnWindow(twelve, 12 * 72, 0, 0)).toEqual([0, 12]);
    expect(columnWindow(twelve, 692, 0, 0)).toEqual([0, 9]);
  });

  it("follow the keyboard by no more than needed", () => {
    expect(columnWindow(twelve, 692, 0, 9)).toEqual([1, 10]);
    expect(columnWindow(twelve, 692, 3, 2)).toEqual([2, 11]);
    expect(columnWindow(twelve, 692, 1, 5)).toEqual([1, 10]);
  });

  it("leave no empty ground at the end, and show one in any case", () => {
    expect(columnWindow(twelve, 692, 11, 11)).toEqual([3, 12]);
    expect(columnWindow(twelve, 10, 4, 4)).toEqual([4, 5]);
    expect(columnWindow([], 692, 0, -1)).toEqual([0, 0]);
  });

  it("count folded columns with their own width", () => {
    expect(columnWindow([72, 28, 28, 72, 72], 200, 0, 0)).toEqual([0, 4]);
  });
});

describe("tracks in sight", () => {
  const fifty = Array.from({ length: 50 }, () => 72);

  it("are those in the room, and a few more on each side", () => {
    expect(inSight(fifty, 0, 720, 2)).toEqual([0, 12]);
    expect(inSight(fifty, 720, 720, 2)).toEqual([8, 22]);
    expect(inSight(fifty, 755, 720, 2)).toEqual([8, 22]);
  });

  it("hold everything that can be seen, wherever the sheet stands", () => {
    for (let from = 0; from <= 40 * 72; from += 13) {
      const [begin, end] = inSight(fifty, from, 720, 4);
      expect(begin * 72).toBeLessThanOrEqual(from);
      expect(end * 72).toBeGreaterThanOrEqual(from + 720);
      expect(end - begin).toBeLessThanOrEqual(11 + 8);
    }
  });

  it("end with the last, also when the sheet is scrolled too far", () => {
    expect(inSight(fifty, 40 * 72, 720, 2)).toEqual([38, 50]);
    expect(inSight(fifty, 9999, 720, 2)[1]).toBe(50);
    expect(inSight([], 0, 720, 2)).toEqual([0, 0]);
  });

  it("count folded columns with their own width", () => {
    expect(inSight([28, 28, 28, 28, 72, 72, 72], 100, 80, 1)).toEqual([2, 6]);
  });
});

describe("rows", () => {
  it("are shown whole or not at all", () => {
    expect(wholeRows([24, 24, 24], 71)).toBe(2);
    expect(wholeRows([24, 24, 24], 72)).toBe(3);
    expect(wholeRows([24], 3)).toBe(0);
  });
});
