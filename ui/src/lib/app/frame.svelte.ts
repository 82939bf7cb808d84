// What a screen tells the frame around it.
import type { MessageKey } from "$lib/i18n";

export interface Hint {
  keys: string[];
  words: MessageKey;
}

class Frame {
  /** Keys for what has focus now, most used first; at most seven. */
  hints = $state.raw<readonly Hint[]>([]);
}

export const frame = new Frame();
