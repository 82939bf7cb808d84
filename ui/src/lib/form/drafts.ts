// Text that was typed and not saved waits here when one leaves its form: for a moment, behind the lock, or until it is
// discarded. It lives in memory only and belongs to one person.
import { SvelteMap } from "svelte/reactivity";
import type { Draft } from "./draft.svelte";

/** What can wait: it says whether it holds anything of anybody's. */
export interface Waiting {
  readonly dirty: boolean;
}

// Of any type: what waits is asked back under the name it was kept by. One map for each person of this desk.
const everybodys = new SvelteMap<string, SvelteMap<string, Waiting>>();

let owner = "";

/** Whose text is meant from here on: whoever sits down at the desk. Not while something is derived from it. */
export function ownDrafts(account: string): void {
  owner = account;
  if (!everybodys.has(account)) everybodys.set(account, new SvelteMap());
}

/** Nobody works from here on: the desk is locked or free. */
export function leaveDrafts(): void {
  owner = "";
}

/** Whether this person works now. No state: a form that is taken down would be told how it was before. */
export function works(account: string): boolean {
  return owner === account;
}

/** What waits under this name, or something new. */
export function waitingOf<T extends Waiting>(account: string, name: string, make: () => T): T {
  ownDrafts(account);
  const found = keptOf<T>(account, name);
  if (found?.dirty) return found;
  const made = make();
  keep(account, name, made);
  return made;
}

/** The draft kept under this name, or a new one. */
export function draftOf<T extends object>(account: string, name: string, make: () => Draft<T>): Draft<T> {
  return waitingOf(account, name, make);
}

/** What waits under this name, if anything does. */
export function keptOf<T extends Waiting>(account: string, name: string): T | undefined {
  return everybodys.get(account)?.get(name) as T | undefined;
}

/** Lets something wait. Whoever left for good leaves nothing, not even what a form lets go of afterwards. */
export function keep(account: string, name: string, what: Waiting): void {
  everybodys.get(account)?.set(name, what);
}

export function dropDraft(name: string, account = owner): void {
  everybodys.get(account)?.delete(name);
}

/** Whether the text of this name waits here, of whoever works. */
export function draftWaits(name: string): boolean {
  return keptOf(owner, name)?.dirty ?? false;
}

/** Whether any text of a person waits here. */
export function textWaits(account: string): boolean {
  return [...(everybodys.get(account)?.values() ?? [])].some((kept) => kept.dirty);
}

/** A person leaves for good. */
export function forgetDrafts(account: string): void {
  everybodys.delete(account);
}

/** Nobody is at this desk, and nobody waits behind its lock. */
export function forgetEverybody(): void {
  everybodys.clear();
}
