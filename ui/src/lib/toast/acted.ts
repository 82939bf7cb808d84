// What was done, and the way back: for acts that the host can undo.
import { backend, errorOf } from "$lib/backend/backend";
import { errorWords } from "$lib/errors/words";
import { t } from "$lib/i18n";
import { toasts } from "./toast.svelte";

/** Says what was done and offers to undo it. */
export function acted(words: string, actionId: string): void {
  toasts.show(words, {
    undo: async () => {
      try {
        const done = await backend().undo({ action_id: actionId });
        toasts.show(t("toast.undone", { what: done.subject }));
      } catch (thrown) {
        complain(thrown);
      }
    },
  });
}

/** Says why something was not done. */
export function complain(thrown: unknown): void {
  toasts.show(errorWords(errorOf(thrown)), { tone: "error" });
}
