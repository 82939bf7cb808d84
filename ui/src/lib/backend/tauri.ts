// The real host: the generated contract without its envelope. With contract.ts the only file that knows Tauri.
import { proof } from "$lib/app/proof.svelte";
import { type Backend, Fault } from "./backend";
import { commands, events } from "./contract";
import type { AppError, ChangeSet } from "./types";

type Answer = { status: "ok"; data: unknown } | { status: "error"; error: AppError };
type Call = (request?: unknown) => Promise<Answer>;

async function call(command: Call, request: unknown): Promise<unknown> {
  const answer = await proof.send(() => command(request));
  if (answer.status === "error") throw new Fault(answer.error);
  return answer.data;
}

/** A listener that can be taken off before it is on. */
function off(listening: Promise<() => void>): () => void {
  return () => void listening.then((stop) => stop());
}

const signals = {
  onChanged: (heard: (change: ChangeSet) => void) => off(events.changed.listen(({ payload }) => heard(payload))),
  onSession: (heard: () => void) => off(events.sessionChanged.listen(() => heard())),
  onNotice: (heard: () => void) => off(events.noticed.listen(() => heard())),
};

const calls = Object.fromEntries(
  Object.entries(commands).map(([name, command]) => [name, (request?: unknown) => call(command as Call, request)]),
);

export const tauriBackend = { ...signals, ...calls } as unknown as Backend;
