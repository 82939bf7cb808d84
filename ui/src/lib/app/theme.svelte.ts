// The theme before anybody has signed in: of this computer, remembered for the next start.
import type { Density, Theme } from "$lib/backend/types";
import { applyLook } from "./look";

export type { Theme };

const known: readonly string[] = ["system", "light", "dark", "contrast"];
let chosen = $state<Theme>(read("theme", known, "system") as Theme);

function read(key: string, allowed: readonly string[], otherwise: string): string {
  try {
    const found = localStorage.getItem(key) ?? "";
    return allowed.includes(found) ? found : otherwise;
  } catch {
    return otherwise;
  }
}

export function themeNow(): Theme {
  return chosen;
}

export function tryTheme(theme: Theme): void {
  chosen = theme;
  applyLook({ theme, density: read("density", ["normal", "compact"], "normal") as Density, single_letter_keys: true });
}
