// A form being filled in: where it started, how it stands, what was wrong when it was last sent.
import { errorOf } from "$lib/backend/backend";
import type { AppError } from "$lib/backend/types";
import { errorWords, fieldErrors } from "$lib/errors/words";
import { diff, flatten, sameAt } from "./diff";

export class Draft<T extends object> {
  base = $state.raw() as T;
  value = $state() as T;
  /** The last answer, when it was a no. */
  error = $state.raw<AppError | null>(null);
  busy = $state(false);
  #sent = $state.raw(new Map<string, unknown>());

  constructor(base: T) {
    this.start(base);
  }

  /** Begins anew from how the record stands. */
  start(base: T): void {
    this.base = base;
    this.value = structuredClone(base);
    this.error = null;
  }

  /** The record changed meanwhile: what was not touched here follows it, what was stays as typed. */
  rebase(base: T): void {
    const old = this.base as Record<string, unknown>;
    const mine = this.plain() as Record<string, unknown>;
    const merged = { ...structuredClone(base) } as Record<string, unknown>;
    for (const key of Object.keys(mine)) {
      if (JSON.stringify(mine[key]) !== JSON.stringify(old[key])) merged[key] = mine[key];
    }
    this.base = base;
    this.value = merged as T;
  }

  plain(): T {
    return $state.snapshot(this.value) as T;
  }

  readonly changes = $derived.by(() => diff(this.base, this.value));

  get dirty(): boolean {
    return this.changes.length > 0;
  }

  /** Words by path, for the fields that still stand as they were refused. */
  readonly errors = $derived.by((): Record<string, string> => {
    const words = Object.entries(fieldErrors(this.error)).map(([path, text]) => [this.#own(path), text] as const);
    const now = flatten(this.value);
    return Object.fromEntries(words.filter(([path]) => sameAt(path, this.#sent, now)));
  });

  /** The host names a field as the request spells it; most requests hold what is typed here as their `form`. */
  #own(path: string): string {
    return path.startsWith("form.") && !("form" in this.value) ? path.slice(5) : path;
  }

  /** What is wrong beside the fields. */
  get trouble(): string | null {
    return this.error && this.error.code !== "validation" ? errorWords(this.error) : null;
  }

  /** Sends the form; one at a time. Null when it was refused: `error` says why. */
  async send<R>(act: (value: T) => Promise<R>): Promise<R | null> {
    if (this.busy) return null;
    this.busy = true;
    this.#sent = flatten(this.plain());
    try {
      const answer = await act(this.plain());
      this.error = null;
      return answer;
    } catch (thrown) {
      this.error = errorOf(thrown);
      return null;
    } finally {
      this.busy = false;
    }
  }
}

/** What a form cannot be sent without: the field, and the words of the button that cannot be pressed for it. */
export interface Missing {
  field: string;
  words: string;
}

/** Puts the cursor into the first field that is wrong. */
export function focusFirstError(root: ParentNode = document): void {
  const field = root.querySelector<HTMLElement>('[aria-invalid="true"]');
  field?.focus();
  field?.scrollIntoView({ block: "center" });
}

/** Puts the cursor into a field by the path the host names it by. */
export function focusField(path: string): void {
  const named = document.querySelector<HTMLElement>(`[name="${CSS.escape(path)}"], [data-field="${CSS.escape(path)}"]`);
  const field = named?.matches("input,select,textarea,button") ? named : named?.querySelector<HTMLElement>("input,select,textarea,button");
  (field ?? named)?.focus();
}
