// How entries of the log read.
import type { Op } from "$lib/backend/types";
import { hasMessage, t } from "$lib/i18n";
import { clock } from "$lib/time/wall";

/** Acts that ask for a look. */
export const alarming: readonly Op[] = [
  "sign_in_failed", "unlock_failed", "second_step_failed", "proof_failed", "denied", "clock_set_back", "new_device", "many_wrong_passwords",
  "password_closed", "spraying_noticed", "pin_closed", "mail_code_failed", "many_wrong_codes", "open_in_emergency",
];

export const ops: readonly Op[] = [
  "book", "reschedule", "resize", "confirm", "arrive", "take_to_room", "complete", "cancel", "mark_no_show", "step_back",
  "undo", "add_patient", "edit_patient", "archive_patient", "restore_patient", "read_patient",
  "open_in_emergency", "read_patient_in_emergency", "read_appointments_in_emergency", "extend_emergency", "end_emergency", "review_emergency", "add_doctor", "edit_doctor",
  "add_exception", "remove_exception", "edit_clinic", "edit_mail", "edit_security_policy", "unlock_with_pin", "set_pin", "remove_pin", "pin_closed", "create_account", "import_accounts", "edit_account", "delete_account", "deactivate_account",
  "reactivate_account", "edit_profile", "sign_in", "sign_in_failed", "sign_out", "lock", "unlock", "unlock_failed",
  "end_session", "denied", "set_up_clinic", "clock_set_back", "export_audit", "make_recovery_key", "change_store_key", "turn_on_staff_keys", "turn_off_staff_keys",
  "turn_on_second_factor", "turn_off_second_factor", "renew_recovery_codes", "second_step_failed", "reset_second_factor", "recover_store",
  "proof_failed", "new_device", "many_wrong_passwords", "password_closed", "spraying_noticed", "unlock_account",
  "change_password", "forget_device", "revoke_device", "verify_account", "unverify_account", "read_notice",
  "ask_reset", "send_reset", "mail_code_failed", "many_wrong_codes", "reset_password", "replace_password",
  "begin_registration", "register", "delete_registration", "resend_registration",
];

export function opWords(op: Op): string {
  const key = `op.${op}`;
  return hasMessage(key) ? t(key) : op;
}

/** "b71e…04c9". */
export function brief(hash: string): string {
  return hash.length > 9 ? `${hash.slice(0, 4)}…${hash.slice(-4)}` : hash;
}

/** "10:41:52". */
export function seconds(second: number): string {
  return `${clock(Math.floor(second / 60))}:${String(second % 60).padStart(2, "0")}`;
}
