// An account for a patient who stands at the desk: the code goes to the address in the record, and is read out.
import { backend } from "$lib/backend/backend";
import type { Registered } from "$lib/backend/types";
import { t } from "$lib/i18n";
import { MailCode } from "$lib/code/mailCode.svelte";

export class DeskRegistration extends MailCode {
  /** A code was sent. */
  begun = $state(false);
  #id = "";

  constructor(private readonly patient: string) {
    super();
  }

  async send(): Promise<void> {
    await this.attempt(async () => {
      const begun = await backend().registerPatient({ id: this.patient });
      this.#id = begun.id;
      this.begin(begun);
      this.begun = true;
    });
  }

  async again(): Promise<void> {
    const sent = await this.attempt(async () => this.begin(await backend().resendRegistration({ id: this.#id })));
    if (sent) this.told = t("code.sent_again");
  }

  /** Answers with the account, once the code was right. */
  async confirm(): Promise<Registered | null> {
    let made: Registered | null = null;
    await this.attempt(async () => {
      made = await backend().confirmRegistration({ id: this.#id, code: this.code });
    });
    return made;
  }
}
