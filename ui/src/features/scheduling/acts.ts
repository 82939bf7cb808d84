// What can be done to an appointment, each with its toast and its way back.
import { backend, errorOf } from "$lib/backend/backend";
import type { AppError, AppointmentBox, AppointmentChanged, CancelReason, Place, Status } from "$lib/backend/types";
import { faults } from "$lib/errors/faults.svelte";
import { errorWords, severityOf } from "$lib/errors/words";
import { t } from "$lib/i18n";
import { shortDate, span } from "$lib/time/wall";
import { toasts } from "$lib/toast/toast.svelte";
import { opWord, own, undo } from "$lib/app/undo";
import { refusalWords } from "./refusal";

/** The status one step earlier, where there is one; the host decides. */
export const stepBackOf: Partial<Record<Status, Status>> = {
  confirmed: "scheduled", no_show: "scheduled", arrived: "confirmed", in_room: "arrived", completed: "in_room",
};

/** Says what was done and offers to undo it. `today` leaves the date away when it is that day. */
export function say(result: AppointmentChanged, today: string): void {
  const { appointment: row, op, doctor } = result;
  own.add(result.action_id);
  const time = span(row.start, row.end);
  const detail =
    row.date === today
      ? t("toast.place", { doctor, time })
      : t("toast.place_day", { doctor, date: shortDate(row.date), time });
  toasts.show(t("toast.done", { what: opWord(op), who: row.short_name }), { detail, undo: () => undo(result.action_id) });
}

/** A step of the life cycle. Returns the error, if the host said no; it has been said already. */
export async function step(
  row: AppointmentBox,
  to: Status,
  today: string,
  more: { reason?: CancelReason; note?: string; room?: string } = {},
): Promise<AppError | null> {
  try {
    const result = await backend().changeStatus({
      id: row.id, rev: row.rev, to, cancel_reason: more.reason ?? null, note: more.note ?? "", room: more.room ?? "",
    });
    say(result, today);
    return null;
  } catch (thrown) {
    return complain(thrown, row.short_name);
  }
}

/** Moves it or changes its length. A rule's refusal is returned, for the caller to show with the nearest free slots. */
export async function place(row: AppointmentBox, to: Place, today: string): Promise<AppError | null> {
  try {
    say(await backend().reschedule({ id: row.id, rev: row.rev, place: to }), today);
    return null;
  } catch (thrown) {
    const error = errorOf(thrown);
    return error.code === "refused" ? error : complain(thrown, row.short_name);
  }
}

function complain(thrown: unknown, who: string): AppError {
  const error = errorOf(thrown);
  if (severityOf(error) === "dialog") {
    faults.say(error);
    return error;
  }
  const words = error.code === "refused" ? refusalWords(error, { doctor: "", time: "" }) : errorWords(error);
  toasts.show(words, { tone: "error", detail: who });
  return error;
}
