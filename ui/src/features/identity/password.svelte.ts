// The form with which one changes the own password.
import { backend, errorOf } from "$lib/backend/backend";
import type { Me } from "$lib/backend/types";
import { session } from "$lib/app/session.svelte";
import { errorWords, fieldErrors } from "$lib/errors/words";
import { t } from "$lib/i18n";
import { PasswordCheck } from "$lib/password/check.svelte";
import { Wait } from "$lib/password/wait.svelte";
import { toasts } from "$lib/toast/toast.svelte";

export class PasswordForm {
  open = $state(false);
  current = $state("");
  password = $state("");
  endOthers = $state(true);
  passwordError = $state<string | null>(null);
  readonly check = new PasswordCheck();
  readonly wait = new Wait();
  #refused = $state<string | null>(null);
  #busy = false;

  constructor(private readonly me: () => Me) {}

  readonly context = $derived.by(() => {
    const { given_names, family_name, user_name, public_id } = this.me();
    return [given_names, family_name, user_name, public_id, session.clinic?.profile.name ?? ""];
  });
  readonly currentError = $derived(this.wait.words ?? this.#refused);

  /** Why the new password cannot be saved yet. */
  readonly reason = $derived.by((): string | null => {
    const { length, least, common, context, composition } = this.check.report;
    if (!this.current) return t("password.needs_current");
    if (length < least) return t("password.needs_length", { n: least - length });
    if (common) return t("password.needs_uncommon");
    if (composition) return t("password.needs_kinds");
    return context ? t("password.needs_other_words") : null;
  });

  start(): void {
    this.open = true;
    this.endOthers = true;
  }

  /** Nothing that was typed stays. */
  stop(): void {
    this.open = false;
    this.current = "";
    this.password = "";
    this.passwordError = null;
    this.#refused = null;
    this.wait.stop();
  }

  retype(): void {
    this.#refused = null;
  }

  async save(): Promise<boolean> {
    if (this.#busy || this.reason !== null || this.wait.left > 0) return false;
    this.#busy = true;
    this.passwordError = null;
    this.#refused = null;
    try {
      const { current, password, endOthers } = this;
      const { ended } = await backend().changePassword({ current, password, end_others: endOthers });
      toasts.show(ended > 0 ? t("password.changed_ended", { n: ended }) : t("password.changed"));
      return true;
    } catch (thrown) {
      this.#refuse(errorOf(thrown));
      return false;
    } finally {
      this.#busy = false;
    }
  }

  #refuse(error: ReturnType<typeof errorOf>): void {
    if (this.wait.heed(error)) return;
    if (error.code === "validation") this.passwordError = fieldErrors(error)["password"] ?? errorWords(error);
    else if (error.code === "wrong_credentials") {
      this.#refused = t("password.wrong_current");
      // What nearly was the password is not left to whoever comes by and shows it.
      this.current = "";
    } else this.#refused = errorWords(error);
  }
}
