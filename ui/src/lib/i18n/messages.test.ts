import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasMessage, t } from "./index";

const folder = new URL("../../../messages/en/", import.meta.url).pathname;
const files = readdirSync(folder);
const read = (file: string): Record<string, unknown> => JSON.parse(readFileSync(join(folder, file), "utf8"));

describe("messages", () => {
  it("have each key in one file only", () => {
    const keys = files.flatMap((file) => Object.keys(read(file)));
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  it("are all reachable", () => {
    for (const file of files) for (const key of Object.keys(read(file))) expect(hasMessage(key), `${file}: ${key}`).toBe(true);
  });

  it("never apologise, plead or cheer", () => {
    const words = files.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
    expect(words).not.toMatch(/\b(oops|please|sorry|successfully)\b|!"/i);
  });

  it("fill names and choose plural forms", () => {
    expect(t("time.span", { from: "10:30", to: "11:00" })).toBe("10:30 – 11:00");
    expect([t("time.years", { n: 1 }), t("time.years", { n: 38 })]).toEqual(["1 year", "38 years"]);
  });
});
