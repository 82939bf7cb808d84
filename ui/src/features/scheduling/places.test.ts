// WebKit 2.50 keeps the computed style of everything below an element with custom properties of its own for as long as the
// page lives; it was three megabytes for each change of the day. What says where something lies, and differs from one
// element to the next, is a plain property.
import { expect, it } from "vitest";

const parts = import.meta.glob<string>("./**/*.svelte", { query: "?raw", import: "default", eager: true });

it("no part of the schedule says its place by a custom property", () => {
  expect(Object.keys(parts).length).toBeGreaterThan(20);
  const found = Object.entries(parts).filter(([, text]) => /style:--|style="[^"]*--/.test(text));
  expect(found.map(([file]) => file)).toEqual([]);
});
