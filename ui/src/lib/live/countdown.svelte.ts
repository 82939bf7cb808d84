// Time that runs out, by the monotonic clock. The host alone decides when something is over; this only says so.

/** Seconds left at which a screen reader says them again. */
const said = [60, 30, 10];

export class Countdown {
  /** Seconds left; 0 when it is over, or was never begun. */
  left = $state(0);
  /** Seconds left when they were said aloud last. */
  aloud = $state(0);
  whole = $state(0);
  #until = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  start(seconds: number): void {
    this.stop();
    this.#until = performance.now() + seconds * 1000;
    this.whole = seconds;
    this.left = seconds;
    this.#timer = setInterval(() => this.#tick(), 200);
  }

  #tick(): void {
    const left = Math.max(0, Math.ceil((this.#until - performance.now()) / 1000));
    if (left === this.left) return;
    this.left = left;
    if (said.includes(left)) this.aloud = left;
    if (left === 0) clearInterval(this.#timer);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.left = 0;
    this.aloud = 0;
  }
}

/** "09:41". */
export function minutes(seconds: number): string {
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}
