// Setting up a code app: a picture and a code, then the recovery codes. What is shown is gone with it.
import { backend, errorOf } from "$lib/backend/backend";
import type { SecondFactorOffer } from "$lib/backend/types";
import { errorWords } from "$lib/errors/words";
import { t } from "$lib/i18n";

export class FactorSetup {
  password = $state("");
  code = $state("");
  error = $state<string | null>(null);
  busy = $state(false);
  offer = $state.raw<SecondFactorOffer | null>(null);
  codes = $state.raw<string[] | null>(null);
  kept = $state(false);

  readonly short = $derived(this.code.replace(/[\s-]/g, "").length < 6);

  /** True when it went well. */
  async run(act: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      await act();
      return true;
    } catch (thrown) {
      const fault = errorOf(thrown);
      this.error = fault.code === "wrong_credentials" ? t("factor.wrong") : errorWords(fault);
      return false;
    } finally {
      this.busy = false;
    }
  }

  begin(): Promise<boolean> {
    return this.run(async () => {
      this.offer = await backend().beginSecondFactor();
    });
  }

  confirm(): Promise<boolean> {
    return this.run(async () => {
      this.codes = (await backend().confirmSecondFactor({ code: this.code })).codes;
    });
  }
}
