// Keys of a screen by the names that stand on their caps: chords({ "Ctrl S": save, "/": search, N: create }).
import { keyCaps } from "./caps.svelte";

type Act = (event: KeyboardEvent) => void;

const typing = "input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]";

/** "Ctrl S", "Alt ArrowLeft", "N", "/", "Esc". */
export function chordOf(event: KeyboardEvent): string {
  const key = event.key === "Escape" ? "Esc" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", key].filter(Boolean).join(" ");
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches(typing);
}

/** A listener for the window. A letter alone acts only outside of fields and while single letters are switched on;
 *  nothing acts while a dialog or sheet has the focus. */
export function chords(acts: Record<string, Act | undefined>): Act {
  return (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const chord = chordOf(event);
    const act = acts[chord];
    if (!act) return;
    const target = event.target;
    if (target instanceof Element && target.closest("dialog, [role=dialog]")) return;
    const alone = chord.length === 1;
    if (alone && (isTyping(target) || (!keyCaps.singleLetters && /\p{L}/u.test(chord)))) return;
    event.preventDefault();
    act(event);
  };
}
