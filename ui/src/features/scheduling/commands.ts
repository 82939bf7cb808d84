// The schedule's rows in the palette.
import { type Command, commands } from "$lib/app/commands";
import { session } from "$lib/app/session.svelte";
import { type MessageKey, t } from "$lib/i18n";
import { undo } from "$lib/app/undo";
import type { Desk } from "./desk.svelte";
import type { Act } from "./screenActs";

const acts: readonly { act: Act; words: MessageKey; kbd: string; from: readonly string[] }[] = [
  { act: "check_in", words: "act.check_in", kbd: "C", from: ["scheduled", "confirmed", "no_show"] },
  { act: "take_to_room", words: "act.take_to_room", kbd: "I", from: ["arrived"] },
  { act: "complete", words: "act.complete", kbd: "K", from: ["arrived", "in_room"] },
  { act: "confirm", words: "act.confirm", kbd: "Y", from: ["scheduled"] },
  { act: "move", words: "act.move", kbd: "V", from: ["scheduled", "confirmed", "arrived", "needs_rebooking"] },
  { act: "cancel", words: "act.cancel", kbd: "Del", from: ["scheduled", "confirmed", "arrived", "needs_rebooking"] },
  { act: "no_show", words: "act.no_show", kbd: "X", from: ["scheduled", "confirmed"] },
];

export function registerCommands(desk: Desk): () => void {
  const { schedule } = desk;

  function onAppointment(): Command[] {
    const row = schedule.currentAppointment;
    if (!row) return [];
    return acts.map(({ act, words, kbd, from }) => ({
      id: act,
      words: `${t(words)} · ${row.short_name}`,
      kbd,
      group: "here",
      reason: from.includes(row.status) ? null : t("command.not_from", { status: t(`status.${row.status}`).toLowerCase() }),
      run: () => desk.act(act, row),
    }));
  }

  function anywhere(): Command[] {
    const go = (id: string, words: MessageKey, kbd: string, run: () => void, reason: string | null = null): Command => ({
      id, words: t(words), kbd, group: "here", reason, run,
    });
    const mayBook = session.may("book") ? null : t("command.needs_role");
    return [
      go("book", "command.book", "Enter", () => desk.startBooking(), mayBook ?? (schedule.cursor?.stop.kind === "free" ? null : t("command.no_slot"))),
      go("next_free", "command.next_free", "F", () => desk.showOpenings()),
      go("today", "command.today", "T", () => void schedule.go(desk.today || schedule.date)),
      go("goto", "command.goto", "G", () => desk.showGoTo()),
      go("day", "command.day", "D", () => void schedule.show("day")),
      go("week", "command.week", "W", () => void schedule.show("week")),
      go("month", "command.month", "M", () => void schedule.show("month")),
      go("undo", "command.undo", "Ctrl Z", () => void undo(null)),
    ];
  }

  return commands.register(() => [...onAppointment(), ...anywhere()]);
}
