// Theme and density live as attributes of the page; the last ones are remembered for the first paint of the next start.
import type { Preferences } from "$lib/backend/types";

const dark = matchMedia("(prefers-color-scheme: dark)");
let wanted: Preferences["theme"] = "system";

export function applyLook({ theme, density }: Preferences): void {
  wanted = theme;
  paint();
  document.documentElement.dataset.density = density;
  try {
    localStorage.setItem("theme", theme);
    localStorage.setItem("density", density);
  } catch {
    // Storage can be switched off; then the next start begins with the defaults.
  }
}

function paint(): void {
  document.documentElement.dataset.theme = wanted === "system" ? (dark.matches ? "dark" : "light") : wanted;
}

dark.addEventListener("change", () => wanted === "system" && paint());
