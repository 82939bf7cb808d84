// What each key does on the schedule.
import { keyCaps } from "$lib/keys/caps.svelte";
import { type KeyCommand, chord, commandFor } from "$lib/keys/keymap";
import { session } from "$lib/app/session.svelte";
import type { Desk } from "./desk.svelte";
import type { Act } from "./screenActs";

const acts: readonly KeyCommand[] = [
  "confirm", "check_in", "take_to_room", "complete", "move", "cancel", "no_show", "step_back", "open_patient",
];

export function scheduleKeys(desk: Desk, screen: { waiting: () => void; toggleSide: () => void }) {
  const { schedule, moving } = desk;

  function moveKey(command: KeyCommand): void {
    const verbs: Partial<Record<KeyCommand, () => void>> = {
      up: () => moving.byMinutes(-schedule.slot),
      down: () => moving.byMinutes(schedule.slot),
      hour_up: () => moving.byMinutes(-60),
      hour_down: () => moving.byMinutes(60),
      before: () => moving.sideways(-1),
      after: () => moving.sideways(1),
      longer: () => moving.stretch(1),
      shorter: () => moving.stretch(-1),
      day_before: () => void moving.toDay(-1),
      day_after: () => void moving.toDay(1),
      drop: () => void desk.drop(),
      back: () => desk.putBack(),
    };
    verbs[command]?.();
  }

  const verbs: Partial<Record<KeyCommand, () => void>> = {
    up: () => schedule.vertical(-1),
    down: () => schedule.vertical(1),
    before: () => schedule.sideways(-1),
    after: () => schedule.sideways(1),
    first: () => schedule.edge("first"),
    last: () => schedule.edge("last"),
    hour_up: () => schedule.byHour(-1),
    hour_down: () => schedule.byHour(1),
    longer: () => schedule.stretch(1),
    shorter: () => schedule.stretch(-1),
    day_before: () => void stepped(-1),
    day_after: () => void stepped(1),
    today: () => void refocus(schedule.go(desk.today || schedule.date)),
    go_to_date: () => desk.showGoTo(),
    view_day: () => void refocus(schedule.show("day")),
    view_week: () => void refocus(schedule.show("week")),
    view_month: () => void refocus(schedule.show("month")),
    open: () => desk.enter(),
    next_free: () => desk.showOpenings(),
    waiting: () => screen.waiting(),
    sidebar: () => screen.toggleSide(),
    density: () => void session.prefer({ density: session.me?.preferences.density === "compact" ? "normal" : "compact" }),
  };

  async function refocus(done: Promise<void>): Promise<void> {
    await done;
    schedule.moved += 1;
  }
  const stepped = (direction: 1 | -1): Promise<void> => refocus(schedule.step(direction));

  return function onkeydown(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    if (moving.row) {
      const command = commandFor(event, ["move"], true);
      if (command) {
        event.preventDefault();
        event.stopPropagation();
        moveKey(command);
      }
      return;
    }
    const command = commandFor(event, ["schedule", "appointment"], keyCaps.singleLetters);
    // In a month and in a week of several, Enter presses the day it stands on.
    if (command === "open" && !schedule.isGrid) return;
    if (command && (verbs[command] || acts.includes(command))) {
      event.preventDefault();
      if (acts.includes(command)) act(command as Act);
      else verbs[command]?.();
    } else if (!command && typedLetter(event) && schedule.cursor?.stop.kind === "free") {
      // A letter without a meaning begins the patient's name.
      event.preventDefault();
      desk.startBooking(event.key);
    }
  };

  function act(command: Act): void {
    const row = schedule.currentAppointment;
    if (row) desk.act(command, row);
  }
  function typedLetter(event: KeyboardEvent): boolean {
    return /^\p{L}$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey && chord(event) !== "";
  }
}
