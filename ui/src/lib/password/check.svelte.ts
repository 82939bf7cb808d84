// How strong a password is while it is typed: its length at once, the lists a moment later from the host.
import { backend } from "$lib/backend/backend";
import type { PasswordReport } from "$lib/backend/types";

const pause = 150;

export class PasswordCheck {
  report = $state.raw<PasswordReport>({ length: 0, least: 15, common: false, context: false, composition: false, score: 0, acceptable: false });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  look(password: string, context: readonly string[], own = true): void {
    const length = [...password].length;
    this.report = { ...this.report, length, common: false, context: false, composition: false, score: 0, acceptable: false };
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    if (length === 0) return;
    this.#timer = setTimeout(() => void this.#ask(password, context, own, asked), pause);
  }

  async #ask(password: string, context: readonly string[], own: boolean, asked: number): Promise<void> {
    const words = context.map((word) => word.trim()).filter(Boolean);
    const report = await backend().checkPassword({ password, context: words, own });
    if (asked === this.#asked) this.report = report;
  }
}
