// Six digits from a mail, whatever they are for: typed, counted down, sent again. The host alone decides what they are
// worth, and whether anything was sent at all.
import { errorOf } from "$lib/backend/backend";
import { errorWords, fieldErrors } from "$lib/errors/words";
import { t } from "$lib/i18n";
import { Countdown } from "$lib/live/countdown.svelte";

export class MailCode {
  code = $state("");
  error = $state<string | null>(null);
  /** Words by field, where there is more than one. */
  errors = $state.raw<Record<string, string>>({});
  /** What happened to the last wish for another code. */
  told = $state("");
  tries = $state(0);
  readonly time = new Countdown();
  #busy = false;

  /** Why the digits cannot be sent yet. */
  readonly missing = $derived(this.code.length < 6 ? t("code.digits", { n: 6 - this.code.length }) : null);

  retype(): void {
    this.error = null;
  }

  stop(): void {
    this.time.stop();
  }

  /** A code was asked for: the boxes are empty again, and its time runs. */
  protected begin({ seconds, tries }: { seconds: number; tries: number }): void {
    this.code = "";
    this.tries = tries;
    this.time.start(seconds);
  }

  /** Does something once at a time, and says why it was not done. Answers whether it was. */
  protected async attempt(act: () => Promise<void>): Promise<boolean> {
    if (this.#busy) return false;
    this.#busy = true;
    this.error = null;
    this.errors = {};
    this.told = "";
    try {
      await act();
      return true;
    } catch (thrown) {
      const fault = errorOf(thrown);
      if (fault.code === "mail_code_refused") this.tries = fault.tries_left;
      this.errors = fieldErrors(fault);
      this.error = Object.values(this.errors)[0] ?? errorWords(fault);
      return false;
    } finally {
      this.#busy = false;
    }
  }
}
