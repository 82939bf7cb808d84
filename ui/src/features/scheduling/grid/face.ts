// What a box on the sheet shows, as plain words and numbers, so that a change of the day only has to copy them.
import type { AppointmentBox } from "$lib/backend/types";
import { type Look, statusWord } from "$lib/components/status";
import { t } from "$lib/i18n";
import { clock, span } from "$lib/time/wall";
import { roomWords } from "../room";
import { type Block, type ColumnModel, lookOf, waitedNow } from "./models";

/** What all boxes of a column have in common. */
export interface Ground {
  first: number;
  /** Height of a quarter hour in px. */
  quarter: number;
  /** Where the needle stands in this column, if it does. */
  needle: number | null;
  /** Minutes since the day was read. */
  since: number;
  lateAfter: number;
  wide: boolean;
}

export interface Face {
  id: string;
  box: number;
  /** In px. */
  top: number;
  height: number;
  /** Side by side with others; alone it lies as the style sheet says. */
  inset: string | undefined;
  width: string | undefined;
  size: "one" | "two" | "more";
  status: AppointmentBox["status"];
  look: Look;
  surname: string;
  initials: string;
  time: string | null;
  waited: number | null;
  fact: string;
  /** Only said. */
  rest: string;
  /** Where the needle crosses it, in px from its top. */
  needle: number | null;
}

export function faceOf({ appointment: row, lane, lanes, box }: Block, doctor: string, ground: Ground): Face {
  const { first, quarter, needle, since, wide } = ground;
  const px = (minutes: number): number => (minutes / 15) * quarter;
  const minutes = row.end - row.start;
  const look = lookOf(row, since, ground.lateAfter);
  const waited = waitedNow(row, since);
  const said = { name: row.full_name, from: clock(row.start), to: clock(row.end), doctor, status: t(statusWord(look)) };
  return {
    id: row.id, box, look, waited, status: row.status, surname: row.surname,
    top: px(row.start - first) + 1,
    height: px(minutes) - 2,
    inset: lanes > 1 ? `calc(${(100 * lane) / lanes}% + 1px)` : undefined,
    width: lanes > 1 ? `calc(${100 / lanes}% - 3px)` : undefined,
    size: minutes < 25 ? "one" : minutes < 40 ? "two" : "more",
    initials: row.short_name.slice(row.surname.length),
    time: wide ? span(row.start, row.end) : null,
    fact: waited === null ? factOf(row) : wide && row.type_name ? `· ${row.type_name}` : "",
    rest: t("grid.appointment_rest", said) + (waited === null ? "" : t("grid.waiting_rest", { n: waited })),
    needle: needle !== null && row.start < needle && needle < row.end ? px(needle - row.start) - 2 : null,
  };
}

function factOf({ status, room, type_name }: AppointmentBox): string {
  if (status === "in_room" && room) return roomWords(room);
  if (status === "needs_rebooking") return t("grid.rebook");
  if (status === "cancelled" || status === "no_show") return t(statusWord(status));
  return type_name || t(statusWord(status));
}

export function facesOf(model: ColumnModel, ground: Ground): Face[] {
  return model.blocks.map((block) => faceOf(block, model.head.short_name, ground));
}
