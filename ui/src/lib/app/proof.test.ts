import { describe, expect, it } from "vitest";
import { proof } from "./proof.svelte";

type Answer = Awaited<ReturnType<typeof proof.send<number>>>;
const stale: Answer = { status: "error", error: { code: "reauthentication_required" } };

/** An act that is refused until there is a proof; counts how often it was sent. */
function act(answers: Answer[]): { send: () => Promise<Answer>; sent: () => number } {
  let sent = 0;
  return { send: async () => answers[Math.min(sent++, answers.length - 1)] ?? stale, sent: () => sent };
}

describe("proof", () => {
  it("sends the act again once it is proven who is here", async () => {
    const { send, sent } = act([stale, { status: "ok", data: 7 }]);
    const answer = proof.send(send);
    await Promise.resolve();
    await Promise.resolve();
    expect(proof.asking).toBe(true);
    proof.settle(true);
    expect(await answer).toEqual({ status: "ok", data: 7 });
    expect([sent(), proof.asking]).toEqual([2, false]);
  });

  it("leaves it when the person would rather not", async () => {
    const { send, sent } = act([stale]);
    const answer = proof.send(send);
    await Promise.resolve();
    await Promise.resolve();
    proof.settle(false);
    expect(await answer).toEqual(stale);
    expect(sent()).toBe(1);
  });

  it("asks once for several acts and does not ask for other refusals", async () => {
    const [one, other] = [act([stale, { status: "ok", data: 1 }]), act([stale, { status: "ok", data: 2 }])];
    const answers = Promise.all([proof.send(one.send), proof.send(other.send)]);
    await Promise.resolve();
    await Promise.resolve();
    proof.settle(true);
    expect((await answers).map(({ status }) => status)).toEqual(["ok", "ok"]);
    const forbidden: Answer = { status: "error", error: { code: "forbidden" } };
    expect(await proof.send(act([forbidden]).send)).toEqual(forbidden);
    expect(proof.asking).toBe(false);
  });
});
