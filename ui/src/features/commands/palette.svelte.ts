// What the palette offers for what was typed: actions of the screen, people, doctors, dates, other screens.
import { backend } from "$lib/backend/backend";
import type { Found, Span } from "$lib/backend/types";
import { type Command, commands } from "$lib/app/commands";
import { router } from "$lib/app/router.svelte";
import type { MessageKey } from "$lib/i18n";
import { fullDate, longDate } from "$lib/time/wall";

export interface Row {
  id: string;
  kind: "action" | "patient" | "doctor" | "date";
  words: string;
  spans: readonly Span[];
  detail: string;
  kbd?: string;
  reason: string | null;
  run: () => void;
}

export interface Group {
  title: MessageKey;
  rows: readonly Row[];
}

const nothing: Found = { patients: [], doctors: [], dates: [] };

export class Palette {
  query = $state("");
  active = $state(0);
  found = $state.raw<Found>(nothing);
  #actions: readonly Command[] = [];
  #asked = 0;
  /** The answer to the last keystroke; Enter waits for it. */
  settled: Promise<void> = Promise.resolve();

  readonly groups = $derived.by((): Group[] => {
    const { patients, doctors, dates } = this.found;
    const matching = this.#matching(this.query.trim());
    const all: Group[] = [
      { title: "palette.here", rows: matching.filter((each) => each.group === "here").slice(0, this.query ? 6 : 9).map(rowOf(this.query)) },
      { title: "palette.patients", rows: patients.slice(0, 5).map((hit) => ({
        id: `p${hit.id}`, kind: "patient", words: hit.name, spans: hit.matched, reason: null,
        detail: [fullDate(hit.birth_date), hit.phone_tail && `…${hit.phone_tail}`, hit.public_id].filter(Boolean).join(" · "),
        run: () => router.go("patients", hit.id),
      })) },
      { title: "palette.doctors", rows: doctors.slice(0, 4).map((hit) => ({
        id: `d${hit.id}`, kind: "doctor", words: hit.name, spans: hit.matched, detail: hit.specialty, reason: null,
        run: () => router.goWith({ doctor: hit.id }, "schedule"),
      })) },
      { title: "palette.dates", rows: dates.slice(0, 3).map((date) => ({
        id: `t${date}`, kind: "date", words: `${longDate(date)} ${date.slice(0, 4)}`, spans: [], detail: "", reason: null,
        run: () => router.go("schedule", date),
      })) },
      { title: "palette.go", rows: matching.filter((each) => each.group !== "here").slice(0, 8).map(rowOf(this.query)) },
    ];
    const shown = all.filter((group) => group.rows.length > 0);
    // A screen that is named outright comes first: two letters and Enter.
    const named = shown.find((group) => group.title === "palette.go" && this.#namesFirst(group));
    return named ? [named, ...shown.filter((group) => group !== named)] : shown;
  });
  readonly rows = $derived(this.groups.flatMap((group) => group.rows));

  open(): void {
    this.#actions = commands.list();
    this.query = "";
    this.found = nothing;
    this.active = 0;
  }

  type(query: string): void {
    this.query = query;
    this.active = 0;
    this.settled = this.#search(query);
  }

  async #search(query: string): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    if (query.trim() === "") {
      this.found = nothing;
      return;
    }
    const found = await backend().find({ query, limit: 5 }).catch(() => nothing);
    if (mine === this.#asked) this.found = found;
  }

  #matching(query: string): readonly Command[] {
    if (query === "") return this.#actions;
    return this.#actions.filter((each) => spansOf(each.words, query).length > 0);
  }

  #namesFirst(group: Group): boolean {
    const query = this.query.trim().toLowerCase();
    if (query.length < 2) return false;
    if (group.rows[0]?.words.toLowerCase().startsWith(query)) return true;
    // People who were found although a letter differs do not stand before a screen that is spelt right.
    const people = [...this.found.patients, ...this.found.doctors];
    return query.length > 2 && people.every((hit) => !hit.name.toLowerCase().includes(query));
  }
}

/** Every part of the query must begin a word; where they do is marked. */
function spansOf(words: string, query: string): Span[] {
  const text = words.toLowerCase();
  const spans: Span[] = [];
  for (const part of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = text.startsWith(part) ? 0 : text.indexOf(` ${part}`) + 1;
    if (at === 0 && !text.startsWith(part)) return [];
    spans.push({ start: at, end: at + part.length });
  }
  return spans;
}

function rowOf(query: string): (command: Command) => Row {
  return (command) => ({
    id: command.id, kind: "action", words: command.words, spans: spansOf(command.words, query.trim()), detail: "",
    kbd: command.kbd, reason: command.reason ?? null, run: command.run,
  });
}
