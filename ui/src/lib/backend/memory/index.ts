// A small clinic in memory: for the tests and for looking at the interface in a plain browser. It answers the shapes of
// the contract; it decides nothing that counts. A command that no part answers fails like any other fault.
import { type Backend, Fault } from "../backend";
import { accessPart } from "./access";
import { adminPart } from "./admin";
import { deskPart } from "./desk";
import { mailPart } from "./mail";
import { peoplePart } from "./people";
import { recordsPart } from "./records";
import { schedulePart } from "./schedule";
import { securityPart } from "./security";
import { World } from "./world";

export function memoryBackend(world = new World()): Backend {
  const parts = {
    ...deskPart(world),
    ...peoplePart(world),
    ...schedulePart(world),
    ...recordsPart(world),
    ...adminPart(world),
    ...accessPart(),
    ...mailPart(world),
    ...securityPart(world),
    onChanged: (heard: Parameters<Backend["onChanged"]>[0]) => world.onChanged(heard),
    onSession: () => () => {},
    onNotice: () => () => {},
  };
  return new Proxy(parts, {
    // No `then`: a promise that resolves with this must not take it for another promise.
    get: (own, name: string) =>
      name in own || name === "then"
        ? own[name as keyof typeof own]
        : () => Promise.reject(new Fault({ code: "internal", reference: `memory has no ${name}` })),
  }) as unknown as Backend;
}
