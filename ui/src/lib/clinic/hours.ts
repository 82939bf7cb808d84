// Weekly hours: what a new clinic starts with, and copies between days.
import type { DayHours, Span, WeeklyHours } from "$lib/backend/types";

const day = (open: boolean): DayHours => ({ open, hours: { start: 540, end: 1020 }, breaks: [] });

/** Monday to Friday, 09:00 – 17:00. */
export function usualWeek(): WeeklyHours {
  return [true, true, true, true, true, false, false].map(day);
}

/** One day's hours for every other open day. */
export function copyDay(week: WeeklyHours, from: number): WeeklyHours {
  const source = week[from];
  if (!source) return week;
  return week.map((each) => (each.open ? { ...each, hours: { ...source.hours }, breaks: source.breaks.map((b) => ({ ...b })) } : each));
}

/** The widest span of the open days. */
export function widest(week: WeeklyHours): Span {
  const open = week.filter((each) => each.open);
  if (open.length === 0) return { start: 540, end: 1020 };
  return {
    start: Math.min(...open.map((each) => each.hours.start)),
    end: Math.max(...open.map((each) => each.hours.end)),
  };
}

/** The clinic's week with other hours, cut to what the clinic's days allow. */
export function withinWeek(week: WeeklyHours, span: Span): WeeklyHours {
  return week.map((each) => {
    const hours = { start: Math.max(each.hours.start, span.start), end: Math.min(each.hours.end, span.end) };
    const fits = hours.start < hours.end;
    return {
      open: each.open && fits,
      hours: fits ? hours : { ...each.hours },
      breaks: each.breaks.filter((pause) => pause.start > hours.start && pause.end < hours.end).map((pause) => ({ ...pause })),
    };
  });
}
