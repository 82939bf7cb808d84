// Too many wrong passwords: counts down to the next try. The host alone decides when it is open; this only says so.
import type { AppError } from "$lib/backend/types";
import { t } from "$lib/i18n";

/** Seconds left at which a screen reader says them again. */
const said = [60, 30, 10];

export class Wait {
  /** Seconds left; 0 when the next try is open. */
  left = $state(0);
  /** What is said aloud: at the beginning, and seldom on the way. */
  aloud = $state("");
  #until = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Why the next try waits; null when it does not. */
  readonly words = $derived(this.left > 0 ? wordsOf(this.left) : null);

  /** Starts where an error says so. Answers whether it did. */
  heed(error: AppError): boolean {
    this.stop();
    if (error.code !== "throttled") return false;
    this.#until = performance.now() + error.wait_seconds * 1000;
    this.left = error.wait_seconds;
    this.aloud = wordsOf(this.left);
    this.#timer = setInterval(() => this.#tick(), 200);
    return true;
  }

  #tick(): void {
    const left = Math.max(0, Math.ceil((this.#until - performance.now()) / 1000));
    if (left === this.left) return;
    this.left = left;
    if (said.includes(left)) this.aloud = wordsOf(left);
    if (left === 0) this.stop();
  }

  /** Another name was typed, or the form is gone: the wait is not for it. */
  stop(): void {
    clearInterval(this.#timer);
    this.left = 0;
    this.aloud = "";
  }
}

/** "8 s", "14:32". */
export function duration(seconds: number): string {
  return seconds < 60 ? t("wait.seconds", { n: seconds }) : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function wordsOf(seconds: number): string {
  return t(seconds > 60 ? "wait.long" : "wait.short", { time: duration(seconds) });
}
