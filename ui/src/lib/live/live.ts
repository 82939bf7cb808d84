// A change by anyone appears in every open view: each view says which nouns it shows and how it loads itself again.
import { backend } from "$lib/backend/backend";
import type { ChangeSet, Noun } from "$lib/backend/types";

/** Calls `reload` after each change to one of `nouns`; several changes in one go count once. Returns a function that
 *  stops it, so it can be returned from an effect. */
export function onChanged(nouns: readonly Noun[], reload: (change: ChangeSet) => void): () => void {
  return backend().onChanged((change) => {
    if (change.changes.some(({ noun }) => nouns.includes(noun))) reload(change);
  });
}
