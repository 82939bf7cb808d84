import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useBackend, type Backend } from "$lib/backend/backend";
import type { RunningEmergency } from "$lib/backend/types";
import { toasts } from "$lib/toast/toast.svelte";
import { emergency } from "./emergency.svelte";

const running = (seconds_left: number): RunningEmergency => ({
  id: "one", patient_id: "nagy", patient: "Ilona Nagy", reason: "other", words: "In the waiting room", may_extend: true,
  from: "2026-11-24T08:00:00Z", until: "2026-11-24T09:00:00Z", seconds_left, seconds: 3600, opened: [], told: [],
});

describe("an emergency access", () => {
  let host: RunningEmergency | null = null;
  const ended: string[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    useBackend({
      runningEmergency: async () => host,
      endEmergency: async ({ id }: { id: string }) => {
        ended.push(id);
        host = null;
      },
    } as unknown as Backend);
  });
  afterEach(() => vi.useRealTimers());

  it("counts on from what the host said, and covers one patient", async () => {
    host = running(1800);
    await emergency.load();
    expect([emergency.covers("nagy"), emergency.covers("smith")]).toEqual([true, false]);
    vi.advanceTimersByTime(60_000);
    expect(emergency.countdown.left).toBe(1740);
  });

  it("is over when the host says so, and that is said", async () => {
    host = running(10);
    await emergency.load();
    vi.advanceTimersByTime(10_000);
    expect(emergency.countdown.left).toBe(0);
    host = null;
    await emergency.load();
    expect(emergency.covers("nagy")).toBe(false);
    expect(toasts.current?.words).toContain("is over");
  });

  it("ends now", async () => {
    host = running(10);
    await emergency.load();
    await emergency.end();
    expect(ended).toEqual(["one"]);
    expect(emergency.running).toBe(null);
    expect(toasts.current?.words).toContain("ended");
  });
});
