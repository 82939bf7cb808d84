// The clinic's colour as "#rrggbb", and how well it reads on white (WCAG 2).

export const swatches = [
  { name: "ink", code: "#191e27" },
  { name: "pine", code: "#0b5c57" },
  { name: "blue", code: "#1f4b85" },
  { name: "plum", code: "#6b2d5c" },
  { name: "umber", code: "#7a3b12" },
] as const;

function channel(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** Contrast with white, 1 to 21; null when it is no colour code. */
export function contrastOnWhite(code: string): number | null {
  const match = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(code.trim());
  if (!match) return null;
  const [r, g, b] = match.slice(1).map((part) => channel(parseInt(part, 16)));
  const light = 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
  return 1.05 / (light + 0.05);
}
