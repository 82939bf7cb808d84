import { describe, expect, it } from "vitest";
import { diff, flatten, sameAt } from "./diff";

describe("diff", () => {
  it("names each changed field by its path", () => {
    const before = { name: "Ana", contacts: [{ phone: "1" }] };
    const after = { name: "Ana", contacts: [{ phone: "2" }, { phone: "3" }] };
    expect(diff(before, after)).toEqual([
      { path: "contacts.0.phone", before: "1", after: "2" },
      { path: "contacts.1.phone", before: undefined, after: "3" },
    ]);
  });

  it("takes nothing, null and empty for the same", () => {
    expect(diff({ a: null, b: "", c: [] }, { a: "", b: undefined, c: [] })).toEqual([]);
  });

  it("sees what was taken away", () => {
    expect(diff({ list: [{ x: 1 }] }, { list: [] })).toEqual([{ path: "list.0.x", before: 1, after: undefined }]);
  });
});

describe("sameAt", () => {
  it("looks below a path", () => {
    const a = flatten({ hours: [{ start: 1 }], note: "a" });
    const b = flatten({ hours: [{ start: 2 }], note: "a" });
    expect(sameAt("hours", a, b)).toBe(false);
    expect(sameAt("note", a, b)).toBe(true);
    expect(sameAt("hour", a, b)).toBe(true);
  });
});
