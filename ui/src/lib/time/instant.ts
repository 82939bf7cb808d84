// Instants of the host in words, on the clinic's clock.
import { session } from "$lib/app/session.svelte";
import { now } from "$lib/live/now.svelte";
import { nearDate } from "./wall";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone);
  if (!made) {
    made = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone || undefined,
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    });
    formats.set(zone, made);
  }
  return made;
}

/** The wall-clock date and time of an instant in the clinic's zone. */
export function wallOf(instant: string): { date: string; time: string } {
  const zone = session.clinic?.profile.time_zone ?? "";
  const parts = Object.fromEntries(format(zone).formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  return { date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

/** Today in the clinic, also before any schedule was asked for. */
export function clinicToday(): string {
  return now.today || wallOf(new Date().toISOString()).date;
}

/** "10:42" today, "2 Oct" this year, "2 Oct 2025" before. */
export function briefly(instant: string): string {
  const { date, time } = wallOf(instant);
  return date === clinicToday() ? time : nearDate(date, clinicToday());
}

/** "7 Sep 2026" as a date only. */
export function dayOf(instant: string): string {
  return nearDate(wallOf(instant).date, clinicToday());
}

/** "7 Sep 10:42". */
export function moment(instant: string): string {
  const { date, time } = wallOf(instant);
  return date === clinicToday() ? time : `${nearDate(date, clinicToday())} ${time}`;
}
