// Undo: the last act of this person, or a certain one. It is a new act and can be undone in turn.
import { backend, errorOf } from "$lib/backend/backend";
import type { Op } from "$lib/backend/types";
import { errorWords } from "$lib/errors/words";
import { hasMessage, t } from "$lib/i18n";
import { toasts } from "$lib/toast/toast.svelte";

const acts = new Set<string>();

/** Acts of this desk: their changes are not tinted as somebody else's. */
export const own = {
  add(id: string): void {
    acts.add(id);
  },
  has(id: string): boolean {
    return acts.has(id);
  },
};

export function opWord(op: Op): string {
  const key = `op.${op}`;
  return hasMessage(key) ? t(key) : t("op.other");
}

export async function undo(actionId: string | null): Promise<void> {
  try {
    const done = await backend().undo({ action_id: actionId });
    own.add(done.action_id);
    toasts.show(t("toast.undone_op", { what: opWord(done.op).toLowerCase(), who: done.subject }));
  } catch (thrown) {
    toasts.show(errorWords(errorOf(thrown)), { tone: "error" });
  }
}
