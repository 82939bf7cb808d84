// One table: what the host says no with → words. Nothing else in the interface interprets an error.
import type { AppError, FieldError } from "$lib/backend/types";
import { hasMessage, t } from "$lib/i18n";
import { duration } from "$lib/password/wait.svelte";

/** How loudly an error is said: at the field, in the place of work, as a toast, or as a dialog because work cannot go on. */
export type Severity = "field" | "place" | "toast" | "dialog";

const severity: Partial<Record<AppError["code"], Severity>> = {
  validation: "field",
  refused: "place",
  duplicates: "place",
  wrong_credentials: "place",
  wrong_passphrase: "place",
  code_refused: "place",
  pin_refused: "place",
  mail_code_refused: "place",
  codes_spent: "place",
  mail_not_set_up: "place",
  throttled: "place",
  password_closed: "place",
  wrong_recovery_key: "place",
  store_full: "dialog",
  store_read_only: "dialog",
  store_unreadable: "dialog",
};

export function severityOf(error: AppError): Severity {
  return severity[error.code] ?? "toast";
}

/** What happened, in one sentence. */
export function errorWords(error: AppError): string {
  switch (error.code) {
    case "stale":
      return error.by ? t("error.stale_by", { by: error.by }) : t("error.stale");
    case "throttled":
      return t("error.throttled", { time: duration(error.wait_seconds) });
    case "code_refused":
      return t(`code_refused.${error.problem}`);
    case "mail_code_refused":
      if (error.problem === "wrong" && error.tries_left === 0) return t("mail_code_refused.wrong_last");
      return t(`mail_code_refused.${error.problem}`, { n: error.tries_left });
    case "codes_spent":
      return t("error.codes_spent", { n: Math.ceil(error.wait_seconds / 60) });
    case "pin_refused":
      return error.tries_left === 0 ? t("error.pin_closed") : t("error.pin_refused", { n: error.tries_left });
    case "internal":
      return t("error.internal", { reference: error.reference });
    case "store_newer":
      return t("error.store_newer", { store: error.store, program: error.program });
    default: {
      const key = `error.${error.code}`;
      return hasMessage(key) ? t(key) : t("error.internal", { reference: error.code });
    }
  }
}

/** What is wrong with a field and how to set it right. Some fields have words of their own: "malformed_email". */
export function fieldWords({ field, rule, bound, suggestion }: FieldError): string {
  const name = (field.split(".").at(-1) ?? "").replace(/_other$/, "");
  const keys = [`field_rule.${rule}_${name}`, bound === null ? "" : `field_rule.${rule}_bound`, `field_rule.${rule}`];
  const key = keys.find(hasMessage) ?? "field_rule.malformed";
  const words = hasMessage(key) ? t(key, { n: bound ?? 0 }) : "";
  return suggestion ? `${words} ${t("field_rule.suggestion", { value: suggestion })}` : words;
}

/** Words by field path, for a form: `errors["phone"]`. */
export function fieldErrors(error: AppError | null): Record<string, string> {
  if (error?.code !== "validation") return {};
  return Object.fromEntries(error.fields.map((field) => [field.field, fieldWords(field)]));
}
