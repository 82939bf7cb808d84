// Text that was typed and not saved waits here when one leaves its form: for a moment, behind the lock, or until it is
// discarded. It lives in memory only and belongs to one person.
import { SvelteMap } from "svelte/reactivity";
import type { Draft } from "./draft.svelte";

// Any record type: a draft is asked back under the name it was kept by. One map for each person of this desk.
const everybodys = new SvelteMap<string, SvelteMap<string, Draft<object>>>();

let owner = "";

/** Of whoever works. Not while something is derived from it: it may be made. */
function kept(): SvelteMap<string, Draft<object>> {
  let own = everybodys.get(owner);
  if (!own) everybodys.set(owner, (own = new SvelteMap()));
  return own;
}

/** Whose text is meant from here on: whoever sits down at the desk. */
export function ownDrafts(account: string): void {
  owner = account;
}

/** The draft kept under this name, or a new one. */
export function draftOf<T extends object>(account: string, name: string, make: () => Draft<T>): Draft<T> {
  owner = account;
  const found = kept().get(name) as Draft<T> | undefined;
  if (found?.dirty) return found;
  const draft = make();
  kept().set(name, draft as unknown as Draft<object>);
  return draft;
}

export function dropDraft(name: string): void {
  everybodys.get(owner)?.delete(name);
}

/** Whether the text of this name waits here, of whoever works. */
export function draftWaits(name: string): boolean {
  return everybodys.get(owner)?.get(name)?.dirty ?? false;
}

/** Whether any text of a person waits here. */
export function textWaits(account: string): boolean {
  return [...(everybodys.get(account)?.values() ?? [])].some((draft) => draft.dirty);
}

/** A person leaves for good. */
export function forgetDrafts(account: string): void {
  everybodys.delete(account);
}
