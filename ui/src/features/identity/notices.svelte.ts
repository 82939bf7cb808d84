// What one has not read yet: loaded when one sits down at the desk.
import { backend } from "$lib/backend/backend";
import type { NoticeRow } from "$lib/backend/types";
import { t } from "$lib/i18n";
import { moment } from "$lib/time/instant";
import { complain } from "$lib/toast/acted";

export class Notices {
  rows = $state.raw<NoticeRow[]>([]);

  async load(): Promise<void> {
    try {
      this.rows = await backend().listNotices();
    } catch (thrown) {
      complain(thrown);
    }
  }

  async dismiss(row: NoticeRow): Promise<void> {
    try {
      this.rows = await backend().dismissNotice({ id: row.id });
    } catch (thrown) {
      complain(thrown);
      await this.load();
    }
  }
}

/** What a notice says, in one sentence. */
export function noticeWords({ kind, at, device, about }: NoticeRow): string {
  const facts = { device, time: moment(at), name: about?.name ?? "" };
  switch (kind) {
    case "new_device":
      return t("notice.new_device", facts);
    case "staff_on_new_device":
      return t("notice.staff_on_new_device", facts);
    case "many_wrong_passwords":
      return t(about ? "notice.many_wrong_passwords" : "notice.many_wrong_passwords_nobody", facts);
    case "password_closed":
      return t(about ? "notice.password_closed" : "notice.password_closed_nobody", facts);
    case "spraying":
      return t("notice.spraying", facts);
    case "password_reset":
      return t("notice.password_reset", facts);
    case "many_wrong_codes":
      return t("notice.many_wrong_codes", facts);
    case "pending_registration":
      return t("notice.pending_registration", facts);
    case "doctor_registered":
      return t("notice.doctor_registered", facts);
    case "second_factor_reset":
      return t("notice.second_factor_reset", facts);
    case "clock_set_back":
      return t("notice.clock_set_back", facts);
    case "audit_broken":
      return t("notice.audit_broken", facts);
    case "emergency_opened":
      return t("notice.emergency_opened", facts);
    case "no_recovery_key":
      return t("notice.no_recovery_key");
    case "own_patient_opened":
      return t("notice.own_patient_opened", facts);
  }
}
