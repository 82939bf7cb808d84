// Text that was typed and not saved waits here when one leaves its form: for a moment, behind the lock, or until it is
// discarded. It lives in memory only and belongs to one person.
import { SvelteMap } from "svelte/reactivity";
import type { Draft } from "./draft.svelte";

let owner = "";
// Any record type: a draft is asked back under the name it was kept by.
const kept = new SvelteMap<string, Draft<object>>();

/** The draft kept under this name, or a new one. */
export function draftOf<T extends object>(account: string, name: string, make: () => Draft<T>): Draft<T> {
  if (account !== owner) kept.clear();
  owner = account;
  const found = kept.get(name) as Draft<T> | undefined;
  if (found?.dirty) return found;
  const draft = make();
  kept.set(name, draft as unknown as Draft<object>);
  return draft;
}

export function dropDraft(name: string): void {
  kept.delete(name);
}

/** Whether somebody's text waits here: any, or the one of this name. */
export function draftWaits(name?: string): boolean {
  if (name !== undefined) return kept.get(name)?.dirty ?? false;
  return [...kept.values()].some((draft) => draft.dirty);
}
