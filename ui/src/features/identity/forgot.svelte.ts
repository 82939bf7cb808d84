// A forgotten password, step by step: whose, the six digits, or the long code instead. The host alone knows whether
// anything was sent, and decides what a code is worth.
import { backend, errorOf } from "$lib/backend/backend";
import type { ProveReset } from "$lib/backend/types";
import { session } from "$lib/app/session.svelte";
import { errorWords, fieldErrors } from "$lib/errors/words";
import { t } from "$lib/i18n";
import { Countdown } from "$lib/live/countdown.svelte";

export class ForgottenPassword {
  step = $state<"name" | "code" | "link">("name");
  login = $state("");
  code = $state("");
  link = $state("");
  error = $state<string | null>(null);
  /** What happened to the last wish for another code. */
  told = $state("");
  /** For whom the code on the screen was asked. */
  asked = $state("");
  tries = $state(0);
  readonly time = new Countdown();
  #flow = "";
  #busy = false;

  constructor(login: string) {
    this.login = login;
  }

  /** Why nothing can be sent yet. */
  readonly reason = $derived.by((): string | null => {
    if (this.step === "code" && this.code.length < 6) return t("code.digits", { n: 6 - this.code.length });
    return this.step === "link" && !this.link.trim() ? t("forgot.long_missing") : null;
  });

  async go(): Promise<void> {
    if (this.reason !== null) return;
    if (this.step === "name") await this.#ask(this.login);
    else if (this.step === "code") await this.#prove({ kind: "code", id: this.#flow, code: this.code });
    else await this.#prove({ kind: "link", link: this.link });
  }

  /** Another code for the same name. */
  async again(): Promise<void> {
    if (await this.#ask(this.asked)) this.told = t("code.sent_again");
  }

  /** To the long code; with one, it is tried at once. */
  paste(link = ""): void {
    this.step = "link";
    this.link = link;
    this.error = null;
    if (link) void this.go();
  }

  /** One step back. Answers whether there was one. */
  back(): boolean {
    if (this.step === "name") return false;
    const toCode = this.step === "link" && this.#flow !== "" && this.time.left > 0;
    this.step = toCode ? "code" : "name";
    this.error = null;
    return true;
  }

  retype(): void {
    this.error = null;
  }

  stop(): void {
    this.time.stop();
  }

  async #ask(login: string): Promise<boolean> {
    return this.#try(async () => {
      const { id, seconds, tries } = await backend().askReset({ login });
      this.#flow = id;
      this.asked = login.trim();
      this.code = "";
      this.tries = tries;
      this.time.start(seconds);
      this.step = "code";
    });
  }

  async #prove(proof: ProveReset): Promise<boolean> {
    return this.#try(async () => session.accept(await backend().proveReset(proof)));
  }

  async #try(act: () => Promise<void>): Promise<boolean> {
    if (this.#busy) return false;
    this.#busy = true;
    this.error = null;
    this.told = "";
    try {
      await act();
      return true;
    } catch (thrown) {
      const fault = errorOf(thrown);
      if (fault.code === "mail_code_refused") this.tries = fault.tries_left;
      this.error = Object.values(fieldErrors(fault))[0] ?? errorWords(fault);
      return false;
    } finally {
      this.#busy = false;
    }
  }
}
