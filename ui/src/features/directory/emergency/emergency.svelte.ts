// The emergency access that runs in this session: what the banner says on every screen. The host alone decides when it is
// over; this counts on until then and asks again.
import { backend } from "$lib/backend/backend";
import type { RunningEmergency } from "$lib/backend/types";
import { t } from "$lib/i18n";
import { Countdown } from "$lib/live/countdown.svelte";
import { onChanged } from "$lib/live/live";
import { complain } from "$lib/toast/acted";
import { toasts } from "$lib/toast/toast.svelte";

class Emergency {
  running = $state.raw<RunningEmergency | null>(null);
  readonly countdown = new Countdown();
  #ending = false;

  /** Follows it while somebody works here. Answers with what stops that. */
  follow(): () => void {
    void this.load();
    const stop = onChanged(["emergency"], () => void this.load());
    return () => {
      stop();
      this.countdown.stop();
      this.running = null;
    };
  }

  async load(): Promise<void> {
    try {
      this.#take(await backend().runningEmergency());
    } catch (thrown) {
      complain(thrown);
    }
  }

  #take(running: RunningEmergency | null): void {
    const before = this.running;
    this.running = running;
    if (running) this.countdown.start(running.seconds_left);
    else this.countdown.stop();
    if (before && !running) toasts.show(t(this.#ending ? "banner.ended" : "banner.over", { name: before.patient }));
  }

  /** Whether it opens this patient's record. */
  covers(patient: string): boolean {
    return this.running?.patient_id === patient;
  }

  async end(): Promise<void> {
    if (!this.running) return;
    this.#ending = true;
    try {
      await backend().endEmergency({ id: this.running.id });
    } catch (thrown) {
      complain(thrown);
    }
    await this.load();
    this.#ending = false;
  }
}

export const emergency = new Emergency();
