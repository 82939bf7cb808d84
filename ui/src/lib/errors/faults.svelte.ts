// Faults with which work cannot go on: they are said in a dialog with one safe way, and a way to try again.
import type { AppError } from "$lib/backend/types";
import { toasts } from "$lib/toast/toast.svelte";
import { errorWords, severityOf } from "./words";

class Faults {
  current = $state.raw<{ error: AppError; retry: (() => void) | null } | null>(null);

  /** Says it as loudly as it has to be said. Returns true when it was a dialog. */
  say(error: AppError, retry: (() => void) | null = null): boolean {
    if (severityOf(error) === "dialog") {
      this.current = { error, retry };
      return true;
    }
    toasts.show(errorWords(error), { tone: "error" });
    return false;
  }

  close(): void {
    this.current = null;
  }
}

export const faults = new Faults();
