// One toast at a time. It offers undo for ten seconds, waits while hovered or focused, and then lives in the history.

export interface ToastMessage {
  id: number;
  words: string;
  /** Quieter second part. */
  detail?: string;
  undo?: () => void | Promise<void>;
  tone: "plain" | "error";
}

class Toasts {
  /** Also announced to screen readers; errors interrupt. */
  current = $state.raw<ToastMessage | null>(null);
  /** Something stands where toasts are shown; they stand above it as long as this is set. */
  raised = $state(false);
  #next = 1;

  show(words: string, options: { detail?: string; undo?: () => void | Promise<void>; tone?: "plain" | "error" } = {}): void {
    this.current = { id: this.#next++, words, tone: "plain", ...options };
  }

  close(): void {
    this.current = null;
  }
}

export const toasts = new Toasts();
