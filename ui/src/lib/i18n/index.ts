// Words live in messages/<locale>/*.json and nowhere else. `t` is typed by the English files: a key that is not there
// does not compile. A message is a text with {names}, or a set of plural forms chosen by its parameter `n`.
import access from "../../../messages/en/access.json";
import admin from "../../../messages/en/admin.json";
import alerts from "../../../messages/en/alerts.json";
import audit from "../../../messages/en/audit.json";
import codes from "../../../messages/en/codes.json";
import common from "../../../messages/en/common.json";
import directory from "../../../messages/en/directory.json";
import emergency from "../../../messages/en/emergency.json";
import errors from "../../../messages/en/errors.json";
import factor from "../../../messages/en/factor.json";
import imports from "../../../messages/en/import.json";
import identity from "../../../messages/en/identity.json";
import keys from "../../../messages/en/keys.json";
import mail from "../../../messages/en/mail.json";
import scheduling from "../../../messages/en/scheduling.json";
import security from "../../../messages/en/security.json";
import start from "../../../messages/en/start.json";

const english = {
  ...common,
  ...errors,
  ...keys,
  ...scheduling,
  ...start,
  ...identity,
  ...directory,
  ...access,
  ...admin,
  ...alerts,
  ...audit,
  ...mail,
  ...security,
  ...factor,
  ...codes,
  ...emergency,
  ...imports,
};

export type MessageKey = keyof typeof english;
export type Params = Record<string, string | number>;
type Message = string | Partial<Record<Intl.LDMLPluralRule, string>>;

const messages: Record<string, Message> = english;
export const locale = "en";
// Both are made with their first use, which is not on the first screen.
let plural: Intl.PluralRules | undefined;
let integer: Intl.NumberFormat | undefined;

/** The words for a key, with its {names} filled in. */
export function t(key: MessageKey, params: Params = {}): string {
  return fill(messages[key] ?? key, params);
}

/** Whether there are words for a key made at run time, for example from an error code. */
export function hasMessage(key: string): key is MessageKey {
  return Object.hasOwn(messages, key);
}

function fill(message: Message, params: Params): string {
  const text = typeof message === "string" ? message : form(message, Number(params.n ?? 0));
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

function form(message: Exclude<Message, string>, n: number): string {
  plural ??= new Intl.PluralRules(locale);
  return message[plural.select(n)] ?? message.other ?? "";
}

/** 18204 → "18,204". */
export function number(value: number): string {
  integer ??= new Intl.NumberFormat(locale);
  return integer.format(value);
}
