// What is typed into a dialog that asks for little: it waits behind the lock, and goes with the dialog.
import { session } from "$lib/app/session.svelte";
import { type Waiting, waitingOf } from "./drafts";

export class Typed<T extends object> implements Waiting {
  value = $state() as T;
  readonly #start: string;

  constructor(start: T) {
    this.#start = JSON.stringify(start);
    this.value = start;
  }

  get dirty(): boolean {
    return JSON.stringify(this.value) !== this.#start;
  }
}

/** What whoever works typed under this name before the lock, or nothing yet. */
export function typedOf<T extends object>(name: string, start: T): Typed<T> {
  return waitingOf(session.me?.account_id ?? "", name, () => new Typed(start));
}
