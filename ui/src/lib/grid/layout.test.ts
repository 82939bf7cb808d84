import { describe, expect, it } from "vitest";
import { type Item, type Span, clip, layout, overlaps, stopAt, stops, subtract } from "./layout";

/** A small repeatable source of numbers: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function someItems(seed: number, columns: string[]): Item[] {
  const next = random(seed);
  return Array.from({ length: Math.floor(next() * 60) }, (_, index) => {
    const start = Math.floor(next() * 90) * 15;
    return {
      id: `i${index}`,
      column: columns[Math.floor(next() * columns.length)] ?? "a",
      start,
      end: start + (1 + Math.floor(next() * 6)) * 15,
    };
  });
}

function mostAtOnce(items: readonly Span[]): number {
  return Math.max(0, ...items.map((item) => items.filter((o) => o.start <= item.start && item.start < o.end).length));
}

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);
const columns = ["a", "b", "c"];

describe("layout", () => {
  it("places every item exactly once", () => {
    for (const seed of seeds) {
      const items = someItems(seed, columns);
      const ids = layout(items, columns).map((box) => box.id);
      expect([...ids].sort()).toEqual(items.map((item) => item.id).sort());
    }
  });

  it("never lets two items of one lane overlap", () => {
    for (const seed of seeds) {
      const boxes = layout(someItems(seed, columns), columns);
      for (const a of boxes) {
        for (const b of boxes) {
          if (a.id !== b.id && a.column === b.column && a.lane === b.lane) expect(overlaps(a, b)).toBe(false);
        }
      }
    }
  });

  it("uses as many lanes as items lie side by side at most, and no more", () => {
    for (const seed of seeds) {
      const boxes = layout(someItems(seed, columns), columns);
      for (const column of columns) {
        const own = boxes.filter((box) => box.column === column);
        expect(Math.max(0, ...own.map((box) => box.lanes))).toBe(mostAtOnce(own));
        for (const box of own) expect(box.lane).toBeLessThan(box.lanes);
      }
    }
  });

  it("does not depend on the order it is given", () => {
    for (const seed of seeds.slice(0, 40)) {
      const items = someItems(seed, columns);
      expect(layout([...items].reverse(), columns)).toEqual(layout(items, columns));
    }
  });

  it("gives touching items the whole width", () => {
    const items = [
      { id: "1", column: "a", start: 540, end: 570 },
      { id: "2", column: "a", start: 570, end: 600 },
    ];
    expect(layout(items, ["a"]).map((box) => box.lanes)).toEqual([1, 1]);
  });

  it("leaves columns out that are not shown", () => {
    expect(layout([{ id: "1", column: "z", start: 0, end: 15 }], columns)).toEqual([]);
  });
});

describe("subtract", () => {
  it("covers the day together with what was taken, without overlap", () => {
    for (const seed of seeds) {
      const taken = someItems(seed, ["a"]);
      const within = { start: 480, end: 1080 };
      const rest = subtract(within, taken);
      for (let minute = within.start; minute < within.end; minute += 5) {
        const inside = (list: readonly Span[]): boolean => list.some((s) => s.start <= minute && minute < s.end);
        expect(inside(rest)).toBe(!inside(taken));
      }
      for (const span of rest) expect(span.end).toBeGreaterThan(span.start);
    }
  });

  it("clips to bounds", () => {
    expect(clip({ start: 0, end: 600 }, { start: 480, end: 1080 })).toEqual({ start: 480, end: 600 });
    expect(clip({ start: 0, end: 480 }, { start: 480, end: 1080 })).toBeNull();
  });
});

describe("stops", () => {
  const appointments = [{ id: "x", start: 540, end: 570 }];
  const free = [{ start: 570, end: 645 }];
  const closed = [{ start: 645, end: 720 }];

  it("stops at appointments, at every slot of a gap, and once at a closed span", () => {
    const found = stops(appointments, free, closed, 15, 30);
    expect(found.map((s) => `${s.kind} ${s.start}-${s.end}`)).toEqual([
      "appointment 540-570",
      "free 570-600",
      "free 585-615",
      "free 600-630",
      "free 615-645",
      "free 630-645",
      "closed 645-720",
    ]);
  });

  it("starts at the gap's own start and goes on with whole slots", () => {
    const found = stops([], [{ start: 580, end: 630 }], [], 15, 15);
    expect(found.map((s) => s.start)).toEqual([580, 585, 600, 615]);
  });

  it("goes sideways to what covers the minute, else to the nearest", () => {
    const found = stops(appointments, free, closed, 15, 30);
    expect(stopAt(found, 600)).toMatchObject({ kind: "free", start: 600 });
    expect(stopAt(found, 550)).toMatchObject({ kind: "appointment" });
    expect(stopAt(found, 700)).toMatchObject({ kind: "closed" });
    expect(stopAt(found, 1000)).toMatchObject({ kind: "closed" });
    expect(stopAt([], 1000)).toBeNull();
  });
});
