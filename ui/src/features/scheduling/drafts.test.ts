// A booking in progress over the lock, another person and the end of a session (AU-22).
import { beforeEach, describe, expect, it, vi } from "vitest";
import { session } from "$lib/app/session.svelte";
import { backend, useBackend } from "$lib/backend/backend";
import { memoryBackend } from "$lib/backend/memory";
import type { SessionState } from "$lib/backend/types";
import { forgetEverybody, textWaits } from "$lib/form/drafts";
import { Desk } from "./desk.svelte";

vi.hoisted(() => {
  // The theme asks for it as soon as it is imported.
  Object.assign(globalThis, { matchMedia: () => ({ matches: false, addEventListener: () => {} }) });
});
vi.stubGlobal("document", { documentElement: { dataset: {} }, body: { querySelector: () => null }, querySelector: () => null });
vi.stubGlobal("DOMRect", class {
  right = 0;
  bottom = 0;
});
vi.stubGlobal("window", { innerWidth: 1440, innerHeight: 900, addEventListener: () => {} });
vi.stubGlobal("location", { hash: "" });
vi.stubGlobal("history", { pushState: () => {} });
vi.stubGlobal("requestAnimationFrame", (run: () => void) => run());

/** The schedule as it is built for whoever works here. */
async function sit(): Promise<Desk> {
  const desk = new Desk();
  await desk.schedule.start(null);
  await desk.resume();
  return desk;
}

/** A booking for a patient, of the second type, with a reason. */
async function begun(): Promise<Desk> {
  const desk = await sit();
  desk.startBooking("tan");
  const { booking } = desk;
  if (!booking) throw new Error("no booking");
  await booking.settled;
  if (booking.hits[0]) booking.pick(booking.hits[0]);
  if (booking.types[1]) booking.pickType(booking.types[1]);
  booking.reason = "Cough for two weeks";
  return desk;
}

const now = (): Extract<SessionState, { kind: "signed_in" }> => {
  if (session.state?.kind !== "signed_in") throw new Error("nobody is here");
  return session.state;
};

describe("a booking in progress", () => {
  beforeEach(async () => {
    forgetEverybody();
    useBackend(memoryBackend());
    await session.load();
  });

  it("is open behind the lock as it was", async () => {
    const desk = await begun();
    const { slot, patient, typeId, minutes } = desk.booking!;
    await session.lock();
    desk.leave();
    session.accept(await backend().unlock({ password: "right" }));
    const again = (await sit()).booking;
    expect(patient?.name).toContain("Tan");
    expect(again).toMatchObject({ slot, patient, typeId, minutes, reason: "Cough for two weeks" });
  });

  it("keeps what was typed of somebody new", async () => {
    const desk = await sit();
    desk.startBooking("osei abena");
    desk.booking?.add();
    desk.booking!.newcomer!.phone = "555 0100";
    await session.lock();
    desk.leave();
    session.accept(await backend().unlock({ password: "right" }));
    const again = (await sit()).booking;
    expect(again).toMatchObject({ adding: true, newcomer: { family: "Osei", given: "Abena", phone: "555 0100" } });
  });

  it("is nobody else's", async () => {
    const desk = await begun();
    const fran = now();
    session.accept({ ...fran, me: { ...fran.me, account_id: "somebody else" } });
    desk.leave();
    const others = await sit();
    expect(others.booking).toBeNull();
    others.startBooking();
    expect(others.booking).toMatchObject({ patient: null, reason: "", query: "" });
    others.closeBooking();
    session.accept(fran);
    expect((await sit()).booking?.reason).toBe("Cough for two weeks");
  });

  it("is forgotten with the end of the session, whoever ended it", async () => {
    const account = now().me.account_id;
    for (const end of [() => session.signOut(), async () => session.accept(await backend().signOut())]) {
      const desk = await begun();
      await end();
      desk.leave();
      expect(textWaits(account)).toBe(false);
      session.accept(await backend().signIn({ login: "fran", password: "right" }));
      expect((await sit()).booking).toBeNull();
    }
  });

  it("that was left on purpose gives its text to the next one alone", async () => {
    const desk = await begun();
    desk.booking?.unpick();
    desk.closeBooking();
    const back = await sit();
    expect(back.booking).toBeNull();
    back.startBooking();
    expect(back.booking).toMatchObject({ patient: null, query: "tan", reason: "Cough for two weeks" });
  });
});
