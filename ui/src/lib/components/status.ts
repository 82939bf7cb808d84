import type { Status } from "$lib/backend/types";
import type { MessageKey } from "$lib/i18n";

/** How a status looks; `late` is an arrival that waits longer than the clinic allows. */
export type Look = Status | "late";

const circle = "M2 12a10 10 0 1 0 20 0a10 10 0 1 0-20 0";

/** Ten glyphs are reserved for the life cycle and mean nothing else anywhere. Shapes of Lucide (ISC) on 24 units: circle,
 *  check, clock, clock-alert, door-open, check-check, ban, user-x, triangle-alert. */
export const statusGlyph: Record<Look, string> = {
  scheduled: circle,
  confirmed: "M20 6L9 17l-5-5",
  arrived: `${circle}M12 6v6l4 2`,
  late: "M12 6v6l4 2M20 12v5M20 21h.01M21.25 8.2A10 10 0 1 0 16 21.16",
  in_room:
    "M10 21H2M10 3H7a2 2 0 0 0-2 2v16M14 12h.01M22 21h-3" +
    "M19 21V5a2 2 0 0 0-1.675-1.974l-6.163-1.013A1 1 0 0 0 10 3v18a1 1 0 0 0 1.124.992z",
  completed: "M18 6L7 17l-5-5M22 10l-7.5 7.5L13 16",
  cancelled: `${circle}M4.929 4.929L19.07 19.071`,
  no_show: "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2M5 7a4 4 0 1 0 8 0a4 4 0 1 0-8 0M17 8l5 5M22 8l-5 5",
  needs_rebooking: "M21.73 18l-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3M12 9v4M12 17h.01",
};

export function statusWord(look: Look): MessageKey {
  return look === "late" ? "status.arrived" : `status.${look}`;
}
