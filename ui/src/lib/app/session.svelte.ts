// Who is at this desk, and how they want the screen. It decides which of start, sign-in, lock and work is shown.
import { backend } from "$lib/backend/backend";
import type { Action, ClinicView, Me, Preferences, SessionState, StartState } from "$lib/backend/types";
import { forgetDrafts, forgetEverybody, leaveDrafts, ownDrafts } from "$lib/form/drafts";
import { keyCaps } from "$lib/keys/caps.svelte";
import { toasts } from "$lib/toast/toast.svelte";
import type { First } from "./first";
import { proof } from "./proof.svelte";
import { applyLook } from "./look";
import { router } from "./router.svelte";

/** Where somebody was. */
type Place = Pick<typeof router, "name" | "rest" | "query">;
const first: Place = { name: "schedule", rest: [], query: {} };

class Session {
  start = $state.raw<StartState | null>(null);
  state = $state.raw<SessionState | null>(null);
  /** What the sign-in screen says first, until somebody is signed in. */
  told = $state<string | null>(null);
  #held = false;
  /** Who worked last in this window, and where those who wait were. */
  #last = "";
  readonly #places = new Map<string, Place>();

  get me(): Me | null {
    return this.state?.kind === "signed_in" ? this.state.me : null;
  }

  /** Somebody is here who can be asked for the own password. */
  get provable(): boolean {
    const { state } = this;
    return state?.kind === "signed_in" || state?.kind === "enrolling" || (state?.kind === "new_password" && state.reason !== "forgotten");
  }

  get clinic(): ClinicView | null {
    return this.state?.kind === "signed_in" ? this.state.clinic : null;
  }

  /** Begins with what the host told without being asked, or asks it. */
  async load(told: First | null = null): Promise<void> {
    this.acceptStart(told?.start ?? (await backend().start()));
    if (told?.session) this.accept(told.session);
    else if (this.start?.kind === "ready") await this.refresh();
  }

  async refresh(): Promise<void> {
    this.accept(await backend().sessionState());
  }

  acceptStart(start: StartState): void {
    this.start = start;
  }

  accept(state: SessionState): void {
    if (this.#held && state.kind === "signed_in") return;
    this.#go(state);
    this.state = state;
    if (this.start?.kind !== "ready") this.start = { kind: "ready", clock_back_minutes: null };
    if (state.kind === "signed_in") {
      this.told = null;
      ownDrafts(state.me.account_id);
      this.#apply(state.me.preferences);
    }
    // A toast may name a patient; a locked desk names none, and asks for nobody's password but its own.
    else {
      toasts.close();
      leaveDrafts();
      if (state.kind === "signed_out" && state.waiting.length === 0) forgetEverybody();
      if (!this.provable) proof.settle(false);
    }
  }

  /** Each person is where they were; nobody sees where another was. */
  #go(state: SessionState): void {
    if (state.kind !== "signed_in") {
      if (this.me) this.#places.set(this.me.account_id, { name: router.name, rest: router.rest, query: router.query });
    } else if (state.me.account_id !== this.#last) {
      const place = this.#places.get(state.me.account_id) ?? first;
      if (this.#last) router.goWith(place.query, place.name, ...place.rest);
      this.#last = state.me.account_id;
    }
  }

  /** Stays where it is although work could go on: something is shown that is shown once. Locking and leaving still work. */
  hold(held: boolean): void {
    this.#held = held;
  }

  release(): void {
    this.#held = false;
    void this.refresh();
  }

  /** For greying out only; the host decides again each time. */
  may(action: Action): boolean {
    return this.me?.may.includes(action) ?? false;
  }

  async lock(): Promise<void> {
    this.accept(await backend().lock());
  }

  /** Locks the desk for whoever is here; somebody who waits comes to it, or it is free for a sign-in. */
  async switchUser(sessionId: string | null = null): Promise<void> {
    this.accept(await backend().switchUser({ session_id: sessionId }));
  }

  /** Locks the desk for whoever is here and frees it for a sign-in. */
  async freeDesk(): Promise<void> {
    this.accept(await backend().freeDesk());
  }

  async signOut(): Promise<void> {
    if (this.me) forgetDrafts(this.me.account_id);
    this.accept(await backend().signOut());
  }

  async prefer(change: Partial<Preferences>): Promise<void> {
    if (this.state?.kind !== "signed_in") return;
    const preferences = await backend().setPreferences({ ...this.state.me.preferences, ...change });
    this.state = { ...this.state, me: { ...this.state.me, preferences } };
    this.#apply(preferences);
  }

  #apply(preferences: Preferences): void {
    keyCaps.singleLetters = preferences.single_letter_keys;
    applyLook(preferences);
  }
}

export const session = new Session();
