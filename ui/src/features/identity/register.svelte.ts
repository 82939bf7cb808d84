// Registering, step by step: who, the six digits, the account number.
import { backend } from "$lib/backend/backend";
import type { Registered } from "$lib/backend/types";
import { t } from "$lib/i18n";
import { PasswordCheck } from "$lib/password/check.svelte";
import { MailCode } from "$lib/code/mailCode.svelte";

export class Registration extends MailCode {
  role = $state<"patient" | "doctor">("patient");
  given = $state("");
  family = $state("");
  email = $state("");
  password = $state("");
  step = $state<"who" | "code" | "done">("who");
  /** Where the code went. */
  asked = $state("");
  made = $state.raw<Registered | null>(null);
  readonly check = new PasswordCheck();
  #id = "";

  constructor(private readonly clinic: string) {
    super();
  }

  readonly context = $derived.by(() => [this.given, this.family, this.clinic]);
  /** Why nothing can be sent yet. */
  readonly reason = $derived.by((): string | null => {
    const { length, least, common, context, composition } = this.check.report;
    if (!this.given.trim() || !this.family.trim()) return t("register.needs_name");
    if (!this.email.trim()) return t("register.needs_email");
    if (length < least) return t("register.needs_length", { n: least - length });
    if (common) return t("register.needs_uncommon");
    if (composition) return t("register.needs_kinds");
    return context ? t("register.needs_other_words") : null;
  });

  async send(): Promise<void> {
    if (this.reason !== null) return;
    await this.attempt(async () => {
      const { role, given, family, email, password } = this;
      const begun = await backend().register({ role, given_names: given, family_name: family, email, password });
      this.#id = begun.id;
      this.asked = email.trim();
      this.begin(begun);
      this.step = "code";
    });
  }

  async again(): Promise<void> {
    const sent = await this.attempt(async () => this.begin(await backend().resendRegistration({ id: this.#id })));
    if (sent) this.told = t("code.sent_again");
  }

  async confirm(): Promise<void> {
    await this.attempt(async () => {
      this.made = await backend().confirmRegistration({ id: this.#id, code: this.code });
      this.password = "";
      this.step = "done";
    });
  }

  /** One step back. Answers whether there was one. */
  back(): boolean {
    if (this.step !== "code") return false;
    this.step = "who";
    this.error = null;
    return true;
  }
}
