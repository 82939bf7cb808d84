import { describe, expect, it } from "vitest";
import { type Context, chord, commandFor, keymap } from "./keymap";

const press = (key: string, mods: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", boolean>> = {}) => ({
  key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...mods,
});

describe("key map", () => {
  it("gives no key two meanings within one focus context", () => {
    const together: Context[][] = [["anywhere", "schedule", "appointment"], ["anywhere", "list"]];
    for (const contexts of together) {
      const keys = contexts.flatMap((context) => keymap[context].flatMap((binding) => [...binding.keys]));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it("matches what the key prints, with Ctrl or ⌘ alike", () => {
    expect(chord(press("K", { ctrlKey: true }))).toBe("Ctrl+k");
    expect(chord(press("k", { metaKey: true }))).toBe("Ctrl+k");
    expect(chord(press("?", { shiftKey: true }))).toBe("?");
    expect(chord(press("ArrowDown", { shiftKey: true }))).toBe("Shift+ArrowDown");
  });

  it("leaves single letters alone when they are switched off", () => {
    expect(commandFor(press("t"), ["schedule"], true)).toBe("today");
    expect(commandFor(press("t"), ["schedule"], false)).toBeNull();
    expect(commandFor(press("Enter"), ["schedule"], false)).toBe("open");
    expect(commandFor(press("k", { ctrlKey: true }), ["anywhere"], false)).toBe("palette");
  });
});
