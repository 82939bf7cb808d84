// What a screen tells the frame around it.
import type { MessageKey } from "$lib/i18n";

export interface Hint {
  keys: string[];
  words: MessageKey;
}

class Frame {
  /** Keys for what has focus now, most used first; at most seven. */
  hints = $state.raw<readonly Hint[]>([]);
  /** What the status bar says at its end instead of where one is; loud where it warns. */
  fact = $state.raw<{ words: MessageKey; loud: boolean } | null>(null);

  /** The first data of a screen is there; its name stands on the page for tests that drive the window. */
  shown(screen: string): void {
    document.documentElement.dataset.screen = screen;
  }
}

export const frame = new Frame();
