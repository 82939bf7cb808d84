import { Ban, Check, CheckCheck, Circle, Clock, ClockAlert, DoorOpen, TriangleAlert, UserX } from "@lucide/svelte";
import type { Status } from "$lib/backend/types";
import type { MessageKey } from "$lib/i18n";
import type { Icon } from "./icon";

/** How a status looks; `late` is an arrival that waits longer than the clinic allows. */
export type Look = Status | "late";

/** Ten glyphs are reserved for the life cycle and mean nothing else anywhere. */
export const statusGlyph: Record<Look, Icon> = {
  scheduled: Circle,
  confirmed: Check,
  arrived: Clock,
  late: ClockAlert,
  in_room: DoorOpen,
  completed: CheckCheck,
  cancelled: Ban,
  no_show: UserX,
  needs_rebooking: TriangleAlert,
};

export function statusWord(look: Look): MessageKey {
  return look === "late" ? "status.arrived" : `status.${look}`;
}
