import { expect, it } from "vitest";
import { contrastOnWhite, swatches } from "./colour";

it("knows the ends of the scale", () => {
  expect(contrastOnWhite("#ffffff")).toBeCloseTo(1);
  expect(contrastOnWhite("#000000")).toBeCloseTo(21);
  expect(contrastOnWhite("green")).toBeNull();
});

it("offers only colours that can be read", () => {
  for (const { code } of swatches) expect(contrastOnWhite(code)).toBeGreaterThan(4.5);
});
