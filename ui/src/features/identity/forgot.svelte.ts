// A forgotten password, step by step: whose, the six digits, or the long code instead.
import { backend } from "$lib/backend/backend";
import type { ProveReset } from "$lib/backend/types";
import { session } from "$lib/app/session.svelte";
import { t } from "$lib/i18n";
import { MailCode } from "$lib/code/mailCode.svelte";

export class ForgottenPassword extends MailCode {
  step = $state<"name" | "code" | "link">("name");
  login = $state("");
  link = $state("");
  /** For whom the code on the screen was asked. */
  asked = $state("");
  #flow = "";

  constructor(login: string) {
    super();
    this.login = login;
  }

  ask(login = this.login): Promise<boolean> {
    return this.attempt(async () => {
      const asked = await backend().askReset({ login });
      this.#flow = asked.id;
      this.asked = login.trim();
      this.begin(asked);
      this.step = "code";
    });
  }

  /** Another code for the same name. */
  async again(): Promise<void> {
    if (await this.ask(this.asked)) this.told = t("code.sent_again");
  }

  async proveCode(): Promise<void> {
    await this.#prove({ kind: "code", id: this.#flow, code: this.code });
  }

  async proveLink(): Promise<void> {
    if (this.link.trim()) await this.#prove({ kind: "link", link: this.link });
  }

  /** To the long code; with one, it is tried at once. */
  paste(link = ""): void {
    this.step = "link";
    this.link = link;
    this.error = null;
    void this.proveLink();
  }

  /** One step back. Answers whether there was one. */
  back(): boolean {
    if (this.step === "name") return false;
    this.step = "name";
    this.error = null;
    return true;
  }

  #prove(proof: ProveReset): Promise<boolean> {
    return this.attempt(async () => session.accept(await backend().proveReset(proof)));
  }
}
