// What a key is called on this computer, and whether single letters act at all.

const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

class KeyCaps {
  /** Single letters act while the schedule or a list has focus; a preference (WCAG 2.1.4). */
  singleLetters = $state(true);

  /** The text on the cap, or nothing when the key does not act. */
  show(keys: string): string {
    if (!this.singleLetters && /^\p{L}$/u.test(keys)) return "";
    return isMac ? keys.replace("Ctrl ", "⌘ ").replace("Alt ", "⌥ ") : keys;
  }
}

export const keyCaps = new KeyCaps();
