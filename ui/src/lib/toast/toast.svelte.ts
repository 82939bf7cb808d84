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
  current = $state.raw<ToastMessage | null>(null);
  /** Also announced to screen readers; errors interrupt. */
  #next = 1;

  show(words: string, options: { detail?: string; undo?: () => void | Promise<void>; tone?: "plain" | "error" } = {}): void {
    this.current = { id: this.#next++, words, tone: "plain", ...options };
  }

  close(): void {
    this.current = null;
  }
}

export const toasts = new Toasts();
