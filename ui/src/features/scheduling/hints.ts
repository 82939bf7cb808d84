// The keys for what has focus now, most used first, at most seven.
import type { Hint } from "$lib/app/frame.svelte";
import type { Desk } from "./desk.svelte";

const arrows = ["↑", "↓", "←", "→"];

export function hintsFor({ schedule, moving }: Desk): Hint[] {
  if (moving.row) {
    return [
      { keys: arrows, words: "key.move_around" },
      { keys: ["Ctrl ←", "Ctrl →"], words: "key.other_day" },
      { keys: ["Shift ↓"], words: "key.longer" },
      { keys: ["Enter"], words: "key.drop" },
      { keys: ["Esc"], words: "key.move_back" },
    ];
  }
  if (schedule.view && schedule.everybody.length === 0 && schedule.doctorIds.length === 0) {
    return [
      { keys: ["Ctrl K"], words: "key.palette" },
      { keys: ["?"], words: "key.keys" },
    ];
  }
  if (schedule.isClosed) {
    return [
      { keys: ["Enter"], words: "key.next_open_day" },
      { keys: ["Ctrl ←", "Ctrl →"], words: "key.other_day" },
      { keys: ["T"], words: "key.today" },
      { keys: ["G"], words: "key.go_to_date" },
      { keys: ["?"], words: "key.keys" },
    ];
  }
  if (!schedule.isGrid) {
    return [
      { keys: arrows, words: "key.move_around" },
      { keys: ["Enter"], words: "key.open_day" },
      { keys: ["T"], words: "key.today" },
      { keys: ["G"], words: "key.go_to_date" },
      { keys: ["?"], words: "key.keys" },
    ];
  }
  if (schedule.cursor?.stop.kind === "appointment") {
    return [
      { keys: arrows, words: "key.move_around" },
      { keys: ["Enter"], words: "key.list_open" },
      { keys: ["C"], words: "key.check_in" },
      { keys: ["V"], words: "key.move" },
      { keys: ["Del"], words: "key.cancel" },
      { keys: ["Ctrl Z"], words: "key.undo" },
      { keys: ["?"], words: "key.keys" },
    ];
  }
  return [
    { keys: arrows, words: "key.move_around" },
    { keys: ["Enter"], words: "key.book" },
    { keys: ["Shift ↓"], words: "key.longer" },
    { keys: ["F"], words: "key.next_free" },
    { keys: ["A"], words: "key.waiting" },
    { keys: ["Ctrl Z"], words: "key.undo" },
    { keys: ["?"], words: "key.keys" },
  ];
}
