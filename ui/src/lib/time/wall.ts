// Words and calendar steps for wall-clock minutes and local days. No time zones here: the host has done that.
import { t } from "$lib/i18n";

/** 545 → "09:05". */
export function clock(minute: number): string {
  const h = Math.floor(minute / 60);
  const m = minute % 60;
  return `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`;
}

/** "10:30 – 11:00". */
export function span(start: number, end: number): string {
  return t("time.span", { from: clock(start), to: clock(end) });
}

/** 90 → "1 h 30", 60 → "1 h", 30 → "30 min". */
export function length(minutes: number): string {
  if (minutes < 60) return t("time.minutes", { n: minutes });
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  return m === 0 ? t("time.hours", { h }) : t("time.hours_minutes", { h, m });
}

/** "9", "930", "09:30", "9.30" → minutes; anything else is null. 24:00 is the end of the day. */
export function parseClock(text: string): number | null {
  const match = /^\s*(\d{1,2})(?:[:.h ]?([0-5]\d))?\s*$/.exec(text);
  if (!match) return null;
  const minute = Number(match[1]) * 60 + Number(match[2] ?? 0);
  return minute <= 1440 ? minute : null;
}

/** A local day, YYYY-MM-DD, as a Date at UTC midnight; only for calendar steps and words. */
function utc(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

function iso(date: Date): string {
  return date.toISOString().slice(0, 10);
}

export function addDays(date: string, days: number): string {
  const next = utc(date);
  next.setUTCDate(next.getUTCDate() + days);
  return iso(next);
}

export function addMonths(date: string, months: number): string {
  const next = utc(`${date.slice(0, 7)}-01`);
  next.setUTCMonth(next.getUTCMonth() + months);
  return iso(next);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / 86_400_000);
}

/** 0 is Monday. */
export function weekday(date: string): number {
  return (utc(date).getUTCDay() + 6) % 7;
}

export function mondayOf(date: string): string {
  return addDays(date, -weekday(date));
}

/** ISO 8601 week number. */
export function weekNumber(date: string): number {
  const thursday = addDays(mondayOf(date), 3);
  return Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7) + 1;
}

/** The whole weeks that touch a month, Monday first. */
export function monthGrid(date: string): string[] {
  const first = `${date.slice(0, 7)}-01`;
  const start = mondayOf(first);
  const weeks = Math.ceil((daysBetween(start, addMonths(first, 1)) || 1) / 7);
  return Array.from({ length: weeks * 7 }, (_, index) => addDays(start, index));
}

export function dayOfMonth(date: string): number {
  return Number(date.slice(8));
}

function words(options: Intl.DateTimeFormatOptions): (date: string) => string {
  // Made with the first use: the formats take longer to make than the first screen to mount, and it uses none.
  let format: Intl.DateTimeFormat | undefined;
  return (date) => {
    format ??= new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
    return format.format(utc(date)).replace(",", "").replace("Sept", "Sep");
  };
}

/** "Tue 24 Nov". */
export const shortDate = words({ weekday: "short", day: "numeric", month: "short" });
/** "24 Nov". */
export const dayMonth = words({ day: "numeric", month: "short" });
/** "12 Mar 1988". */
export const fullDate = words({ day: "numeric", month: "short", year: "numeric" });
/** "Tuesday 24 November". */
export const longDate = words({ weekday: "long", day: "numeric", month: "long" });
/** "24 November". */
export const longDay = words({ day: "numeric", month: "long" });
/** "November 2026". */
export const monthYear = words({ month: "long", year: "numeric" });
/** "Tue". */
export const weekdayShort = words({ weekday: "short" });

/** "24 Nov", with its year when that is not the year of `today`. */
export function nearDate(date: string, today: string): string {
  return date.slice(0, 4) === today.slice(0, 4) ? dayMonth(date) : fullDate(date);
}

const monthName = words({ month: "long" });
let monthNames: string[] | undefined;

/** "january" to "december". */
function months(): string[] {
  monthNames ??= Array.from({ length: 12 }, (_, month) =>
    monthName(`2026-${String(month + 1).padStart(2, "0")}-01`).toLowerCase(),
  );
  return monthNames;
}

/** A date to come: as `parseDate`, but years of two digits are those of this century, and without a year it is the next
 *  such day, `today` included. */
export function parseComing(text: string, today: string): string | null {
  return parseNear(text, today, 1);
}

/** A date that was, other than a birth: as `parseComing`, but without a year it is the last such day, `today` included. */
export function parsePast(text: string, today: string): string | null {
  return parseNear(text, today, -1);
}

/** Years of two digits are those of this century; without one it is the nearest such day on that side of `today`. */
function parseNear(text: string, today: string, side: 1 | -1): string | null {
  const century = today.slice(0, 2);
  const read = (words: string): string | null => parseDate(words, `${century}99-12-31`);
  const bare = text.trim().replace(/[./-]$/, "");
  if (!/^\d{1,2}(?:[./-]\d{1,2}|[. ]*\p{L}{3,}\.?)$/u.test(bare)) return read(text);
  const mark = /\p{L}/u.test(bare) ? " " : (/[./-]/.exec(bare)?.[0] ?? ".");
  const year = Number(today.slice(0, 4));
  // Four years reach the next 29 February; some have eight between them.
  const years = Array.from({ length: 9 }, (_, more) => read(`${bare}${mark}${year + side * more}`));
  return years.find((date) => date !== null && (side === 1 ? date >= today : date <= today)) ?? null;
}

/** "14 Mar 1979", "14.3.1979", "14/03/79", "1979-03-14" → YYYY-MM-DD; null when it is no date. Two-digit years are
 *  past ones: no later than `latest`. */
export function parseDate(text: string, latest: string): string | null {
  const trimmed = text.trim().toLowerCase();
  const isoLike = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(trimmed);
  if (isoLike) return valid(Number(isoLike[1]), Number(isoLike[2]), Number(isoLike[3]));
  const numeric = /^(\d{1,2})[./ -](\d{1,2})[./ -](\d{2}|\d{4})$/.exec(trimmed);
  if (numeric) return valid(year(numeric[3] ?? "", latest), Number(numeric[2]), Number(numeric[1]));
  const named = /^(\d{1,2})[. ]*(\p{L}{3,})[. ]*(\d{2}|\d{4})$/u.exec(trimmed);
  if (!named) return null;
  const month = months().findIndex((name) => name.startsWith(named[2] ?? "?"));
  return month < 0 ? null : valid(year(named[3] ?? "", latest), month + 1, Number(named[1]));
}

function year(text: string, latest: string): number {
  if (text.length === 4) return Number(text);
  const near = Math.floor(Number(latest.slice(0, 4)) / 100) * 100 + Number(text);
  return near > Number(latest.slice(0, 4)) ? near - 100 : near;
}

function valid(y: number, m: number, d: number): string | null {
  const date = new Date(Date.UTC(y, m - 1, d));
  if (date.getUTCMonth() !== m - 1 || date.getUTCDate() !== d) return null;
  return iso(date);
}
