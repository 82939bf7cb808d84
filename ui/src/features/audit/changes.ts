// What an entry says of the fields of a record. Values come as they are stored: times as instants or minutes, lists as
// JSON, people and things as ids; here they become one line for each value that differs.
import type { FieldChange } from "$lib/backend/types";
import { diff } from "$lib/form/diff";
import { hasMessage, type MessageKey, t } from "$lib/i18n";
import { clock, fullDate } from "$lib/time/wall";

export interface Shown {
  path: string;
  field: string;
  /** Null when there was nothing. */
  before: string | null;
  after: string | null;
}

/** What is known of the clinic that the log does not hold. */
export interface Known {
  /** What something is called that an entry names by its id; undefined when that is not known here. */
  nameOf: (id: string) => string | undefined;
  /** An instant on the clinic's clock. */
  moment: (instant: string) => string;
}

/** Said by what the entry is about, or by its own line. */
const implied = ["patient_id", "zone", "created_at", "created_by"];
/** What one looks for first, before the others in the order of the record. */
const foremost = ["status", "start", "end", "doctor_id", "name"];

/** Every value that differs, the telling ones first. */
export function shown(changes: readonly FieldChange[], known: Known): Shown[] {
  const all = changes
    .filter(({ field, before }) => before !== null || !implied.includes(field))
    .flatMap(({ field, before, after }) => diff({ [field]: read(before) }, { [field]: read(after) }));
  const rank = (path: string): number => (foremost.includes(path) ? foremost.indexOf(path) : foremost.length);
  return all
    .map(({ path, before, after }) => ({
      path, field: fieldWords(path), before: valueWords(path, before, known), after: valueWords(path, after, known),
    }))
    .filter(({ before, after }) => before !== after)
    .sort((a, b) => rank(a.path) - rank(b.path));
}

/** Whether the record began with this entry. */
export function isNew(changes: readonly FieldChange[]): boolean {
  return changes.length > 1 && changes.every(({ before }) => before === null);
}

function read(text: string | null): unknown {
  if (text === null || !/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** "hours.3.hours.end" → "Thursday until", "alerts.0.text" → "alerts 1 text", "birth_date" → "birth date". */
function fieldWords(path: string): string {
  const day = /^(?:hours|schedule)\.([0-6])\.(?:hours\.)?(\w+)/.exec(path);
  if (day) {
    const key = `audit.day.${day[2]}`;
    return hasMessage(key) ? t(key, { day: t(`weekday.${day[1]}` as MessageKey) }) : path;
  }
  const key = `audit.named.${path.split(".")[0]}`;
  if (hasMessage(key)) return t(key);
  return path.replaceAll("_", " ").replace(/\.(\d+)\.?/g, (_, at: string) => ` ${Number(at) + 1} `).trim();
}

/** The fields that hold one of a list of words, and the messages that say them. */
const lists: Record<string, string> = {
  status: "status", role: "role", validation: "validation", sex: "sex", channel: "channel", kind: "alert", cancel_reason: "cancel",
};

function valueWords(path: string, value: unknown, known: Known): string | null {
  if (value === null || value === undefined || value === "") return null;
  const field = path.split(".").at(-1) ?? "";
  const text = String(value);
  if (text === "true" || text === "false") return t(text === "true" ? "audit.yes" : "audit.no");
  if (typeof value === "number" && (field === "start" || field === "end")) return clock(value);
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text)) return known.nameOf(text) ?? `${text.slice(0, 8)}…`;
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return known.moment(text);
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return fullDate(text);
  const key = `${lists[field]}.${text}`;
  return hasMessage(key) ? t(key).toLowerCase() : text;
}
