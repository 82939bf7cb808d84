import { beforeEach, describe, expect, it } from "vitest";
import { dropDraft, forgetDrafts, forgetEverybody, keep, keptOf, ownDrafts, textWaits, waitingOf } from "./drafts";

const text = (words: string) => ({ words, dirty: words !== "" });

describe("text that waits", () => {
  beforeEach(() => {
    forgetEverybody();
    ownDrafts("fran");
  });

  it("comes back to whoever typed it, and to nobody else", () => {
    keep("fran", "note", text("Smith"));
    ownDrafts("ada");
    expect(waitingOf("ada", "note", () => text("")).words).toBe("");
    expect(textWaits("ada")).toBe(false);
    expect(waitingOf("fran", "note", () => text("")).words).toBe("Smith");
  });

  it("is gone with its dialog", () => {
    keep("fran", "note", text("Smith"));
    dropDraft("note");
    expect(textWaits("fran")).toBe(false);
  });

  it("is forgotten with whoever leaves, even what a form lets go of afterwards", () => {
    keep("fran", "note", text("Smith"));
    forgetDrafts("fran");
    keep("fran", "late", text("Smith"));
    ownDrafts("fran");
    expect(keptOf("fran", "note")).toBeUndefined();
    expect(keptOf("fran", "late")).toBeUndefined();
  });
});
