// Where a floating sheet goes: beside the thing it is about, inside the window. Read once, when it opens.
export interface Spot {
  left: number;
  top: number;
  /** Where the notch points, from the sheet's top. */
  notch: number;
  side: "left" | "right";
}

export function beside(thing: DOMRect, within: DOMRect, width: number, height: number): Spot {
  const gap = 8;
  const right = thing.right + gap;
  const side = right + width <= within.right - 4 ? "left" : "right";
  const left = side === "left" ? right : Math.max(within.left + 4, thing.left - gap - width);
  const wanted = thing.top - 60;
  const top = Math.max(within.top + 4, Math.min(wanted, within.bottom - height - 4));
  return { left, top, notch: Math.min(height - 20, Math.max(12, thing.top + 8 - top)), side };
}
