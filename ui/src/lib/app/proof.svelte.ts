// Some acts, such as those on accounts, need a proof of who is here that is no older than five minutes: the host says so,
// the person is asked for the password, and the act is sent again. Whoever calls notices nothing of it.
import type { AppError } from "$lib/backend/types";

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: AppError };

class Proof {
  /** The password is being asked for. */
  asking = $state(false);
  #waiting: ((proven: boolean) => void)[] = [];

  /** Asks; true once it is proven, false when the person would rather not. One dialog, however many acts wait for it. */
  ask(): Promise<boolean> {
    this.asking = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  settle(proven: boolean): void {
    this.asking = false;
    for (const resolve of this.#waiting.splice(0)) resolve(proven);
  }

  /** Sends, and sends once more after a proof where the host asks for one. */
  async send<T>(act: () => Promise<Answer<T>>): Promise<Answer<T>> {
    const answer = await act();
    const asked = answer.status === "error" && answer.error.code === "reauthentication_required";
    return asked && (await this.ask()) ? act() : answer;
  }
}

export const proof = new Proof();
