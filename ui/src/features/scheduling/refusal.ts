// Which rule said no, with the facts a person needs.
import type { AppError, Refusal, Span } from "$lib/backend/types";
import { hasMessage, t } from "$lib/i18n";
import { fullDate, span } from "$lib/time/wall";

type Refused = Extract<AppError, { code: "refused" }>;

export function refusalWords({ refusal, holder }: Refused, asked: { doctor: string; time: string }): string {
  const hours = (part: Span | null): string => (part ? span(part.start, part.end) : "");
  const { doctor, time } = asked;
  switch (refusal.rule) {
    case "taken":
      return holder
        ? t("refused.taken_by", { time, by: holder.booked_by, patient: holder.patient })
        : t("refused.taken", { time });
    case "patient_busy":
      return holder
        ? t("refused.patient_busy_with", { doctor: holder.doctor, time: hours(holder.span) })
        : t("refused.patient_busy");
    case "not_aligned":
      return t("refused.not_aligned", { n: refusal.slot_minutes });
    case "bad_length":
      return t("refused.bad_length", { n: refusal.longest });
    case "clinic_closed":
      return refusal.hours ? t("refused.clinic_closed_hours", { hours: hours(refusal.hours) }) : t("refused.clinic_closed");
    case "closed_day":
      return t("refused.closed_day", { name: refusal.name });
    case "outside_schedule":
      return refusal.hours
        ? t("refused.outside_schedule_hours", { doctor, hours: hours(refusal.hours) })
        : t("refused.outside_schedule", { doctor });
    case "break":
      return t("refused.break", { doctor, hours: hours(refusal.span) });
    case "time_off": {
      const reason = refusal.reason ? t("refused.time_off_reason", { reason: refusal.reason }) : "";
      return refusal.span
        ? t("refused.time_off_hours", { doctor, hours: hours(refusal.span), reason })
        : t("refused.time_off", { doctor, reason });
    }
    case "licence_ended":
      return t("refused.licence_ended", { doctor, date: fullDate(refusal.until) });
    case "unlawful_step":
      return t("refused.unlawful_step", {
        from: t(`status.${refusal.from}`).toLowerCase(), to: t(`status.${refusal.to}`).toLowerCase(),
      });
    default:
      return plain(refusal, asked);
  }
}

function plain(refusal: Refusal, asked: { doctor: string; time: string }): string {
  const key = `refused.${refusal.rule}`;
  return hasMessage(key) ? t(key, asked) : t("refused.other");
}
