// A span of local days that the log is asked for: the usual ones, and how any of them reads.
import { t } from "$lib/i18n";
import { addDays, nearDate } from "$lib/time/wall";

/** Both ends included; an end that is empty is open. */
export interface Days {
  from: string;
  until: string;
}

export const anyDay: Days = { from: "", until: "" };

/** The usual ones in the order of the list, seen from a day. */
export function usual(today: string): { words: string; days: Days }[] {
  const back = (days: number): Days => ({ from: addDays(today, -days), until: today });
  const yesterday = addDays(today, -1);
  return [
    { words: t("time.today"), days: back(0) },
    { words: t("time.yesterday"), days: { from: yesterday, until: yesterday } },
    { words: t("audit.days.week"), days: back(6) },
    { words: t("audit.days.month"), days: { from: `${today.slice(0, 7)}-01`, until: today } },
    { words: t("audit.days.thirty"), days: back(29) },
  ];
}

export function same(a: Days, b: Days): boolean {
  return a.from === b.from && a.until === b.until;
}

/** "Last 7 days", "24 Nov", "1 Nov – 24 Nov", "from 1 Nov", "until 24 Nov"; null for all of them. */
export function daysWords(days: Days, today: string): string | null {
  const named = usual(today).find((each) => same(each.days, days));
  if (named) return named.words;
  const [from, until] = [days.from, days.until].map((date) => date && nearDate(date, today));
  if (from && until) return from === until ? from : t("time.span", { from, to: until });
  if (from) return t("audit.days.since", { date: from });
  return until ? t("audit.days.up_to", { date: until }) : null;
}
