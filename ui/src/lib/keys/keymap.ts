// Every key that means something, by what has focus. Keys are matched by what they print (event.key), never by where
// they lie. No letter has two meanings within one context; the overlay `?` is drawn from this table.
import type { MessageKey } from "$lib/i18n";

export type Context = "anywhere" | "schedule" | "appointment" | "move" | "list" | "form";

export type KeyCommand =
  | "palette" | "undo" | "lock" | "switch_user" | "keys" | "back" | "doctor_set" | "new_window"
  | "up" | "down" | "before" | "after" | "first" | "last" | "hour_up" | "hour_down" | "longer" | "shorter"
  | "day_before" | "day_after" | "today" | "go_to_date" | "view_day" | "view_week" | "view_month" | "density"
  | "open" | "next_free" | "waiting" | "why_not" | "sidebar"
  | "confirm" | "check_in" | "take_to_room" | "complete" | "move" | "cancel" | "no_show" | "step_back" | "open_patient"
  | "drop" | "search" | "select" | "new" | "save" | "first_error";

export interface Binding {
  command: KeyCommand;
  /** As `chord` spells them. */
  keys: readonly string[];
  /** What stands on the cap. */
  cap: string;
  words: MessageKey;
}

const bind = (command: KeyCommand, keys: string[], cap: string, words: MessageKey): Binding => ({ command, keys, cap, words });

export const keymap: Record<Context, readonly Binding[]> = {
  anywhere: [
    bind("palette", ["Ctrl+k"], "Ctrl K", "key.palette"),
    bind("undo", ["Ctrl+z"], "Ctrl Z", "key.undo"),
    bind("lock", ["Ctrl+l"], "Ctrl L", "key.lock"),
    bind("switch_user", ["Ctrl+u"], "Ctrl U", "key.switch_user"),
    bind("keys", ["?"], "?", "key.keys"),
    bind("new_window", ["Ctrl+Shift+n"], "Ctrl Shift N", "key.new_window"),
    bind("back", ["Escape"], "Esc", "key.back"),
    bind("doctor_set", Array.from({ length: 12 }, (_, i) => `F${i + 1}`), "F1", "key.doctor_set"),
  ],
  schedule: [
    bind("up", ["ArrowUp"], "↑", "key.up"),
    bind("down", ["ArrowDown"], "↓", "key.down"),
    bind("before", ["ArrowLeft"], "←", "key.before"),
    bind("after", ["ArrowRight"], "→", "key.after"),
    bind("open", ["Enter", "Space"], "Enter", "key.open"),
    bind("next_free", ["f"], "F", "key.next_free"),
    bind("today", ["t"], "T", "key.today"),
    bind("go_to_date", ["g"], "G", "key.go_to_date"),
    bind("waiting", ["a"], "A", "key.waiting"),
    bind("view_day", ["d"], "D", "key.view_day"),
    bind("view_week", ["w"], "W", "key.view_week"),
    bind("view_month", ["m"], "M", "key.view_month"),
    bind("day_before", ["Ctrl+ArrowLeft"], "Ctrl ←", "key.day_before"),
    bind("day_after", ["Ctrl+ArrowRight"], "Ctrl →", "key.day_after"),
    bind("longer", ["Shift+ArrowDown"], "Shift ↓", "key.longer"),
    bind("shorter", ["Shift+ArrowUp"], "Shift ↑", "key.shorter"),
    bind("hour_up", ["PageUp"], "PgUp", "key.hour_up"),
    bind("hour_down", ["PageDown"], "PgDn", "key.hour_down"),
    bind("first", ["Home"], "Home", "key.first"),
    bind("last", ["End"], "End", "key.last"),
    bind("sidebar", ["["], "[", "key.sidebar"),
    bind("density", ["="], "=", "key.density"),
  ],
  appointment: [
    bind("check_in", ["c"], "C", "key.check_in"),
    bind("take_to_room", ["i"], "I", "key.take_to_room"),
    bind("complete", ["k"], "K", "key.complete"),
    bind("confirm", ["y"], "Y", "key.confirm"),
    bind("move", ["v"], "V", "key.move"),
    bind("cancel", ["Delete", "Backspace"], "Del", "key.cancel"),
    bind("no_show", ["x"], "X", "key.no_show"),
    bind("step_back", ["u"], "U", "key.step_back"),
    bind("open_patient", ["o"], "O", "key.open_patient"),
  ],
  move: [
    bind("up", ["ArrowUp"], "↑", "key.up"),
    bind("down", ["ArrowDown"], "↓", "key.down"),
    bind("before", ["ArrowLeft"], "←", "key.before"),
    bind("after", ["ArrowRight"], "→", "key.after"),
    bind("hour_up", ["PageUp"], "PgUp", "key.hour_up"),
    bind("hour_down", ["PageDown"], "PgDn", "key.hour_down"),
    bind("longer", ["Shift+ArrowDown"], "Shift ↓", "key.longer"),
    bind("shorter", ["Shift+ArrowUp"], "Shift ↑", "key.shorter"),
    bind("day_before", ["Ctrl+ArrowLeft"], "Ctrl ←", "key.day_before"),
    bind("day_after", ["Ctrl+ArrowRight"], "Ctrl →", "key.day_after"),
    bind("drop", ["Enter", "Space"], "Enter", "key.drop"),
    bind("back", ["Escape"], "Esc", "key.move_back"),
  ],
  list: [
    bind("up", ["ArrowUp"], "↑", "key.up"),
    bind("down", ["ArrowDown"], "↓", "key.down"),
    bind("open", ["Enter"], "Enter", "key.list_open"),
    bind("select", ["Space"], "Space", "key.select"),
    bind("search", ["/"], "/", "key.search"),
    bind("new", ["n"], "N", "key.new"),
  ],
  form: [
    bind("save", ["Ctrl+s", "Ctrl+Enter"], "Ctrl S", "key.save"),
    bind("first_error", ["Ctrl+e"], "Ctrl E", "key.first_error"),
    bind("back", ["Escape"], "Esc", "key.form_back"),
  ],
};

/** "Ctrl+k", "Shift+ArrowDown", "?", "F2". ⌘ counts as Ctrl; Shift is spelt only where it does not change the letter. */
export function chord(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && (event.key.length > 1 || event.ctrlKey || event.metaKey)) parts.push("Shift");
  return [...parts, key].join("+");
}

/** The command of a key in the first context that knows it. Single letters are skipped when they are switched off. */
export function commandFor(
  event: Parameters<typeof chord>[0],
  contexts: readonly Context[],
  singleLetters: boolean,
): KeyCommand | null {
  const pressed = chord(event);
  if (!singleLetters && /^\p{L}$/u.test(pressed)) return null;
  for (const context of contexts) {
    const found = keymap[context].find((binding) => binding.keys.includes(pressed));
    if (found) return found.command;
  }
  return null;
}

export function capOf(command: KeyCommand, context: Context): string {
  return keymap[context].find((binding) => binding.command === command)?.cap ?? "";
}

/** Typing belongs to the field that has focus; single keys then mean nothing. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, textarea, select, [contenteditable='true']");
}
