// The clinic's clock. The host says what time it is there; from then on a monotonic timer counts the minutes, so a
// wrong or changed clock of the computer moves nothing.
import type { ClinicClock } from "$lib/backend/types";

class Now {
  /** Minute of the clinic's day. */
  minute = $state(0);
  today = $state("");
  /** Minutes since the last reading; waiting times count up by it. */
  since = $state(0);
  #base: { minute: number; second: number; at: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Called when the clinic's day has ended: views ask for the new one. */
  onNewDay: () => void = () => {};

  set(clock: ClinicClock): void {
    this.#base = { minute: clock.minute, second: clock.second, at: performance.now() };
    this.today = clock.today;
    this.#tick();
  }

  #tick(): void {
    clearTimeout(this.#timer);
    if (!this.#base) return;
    const seconds = this.#base.second + (performance.now() - this.#base.at) / 1000;
    this.since = Math.floor(seconds / 60);
    this.minute = Math.min(1440, this.#base.minute + this.since);
    if (this.minute >= 1440) this.onNewDay();
    this.#timer = setTimeout(() => this.#tick(), (60 - (seconds % 60)) * 1000 + 20);
  }
}

export const now = new Now();
