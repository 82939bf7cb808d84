// The seam between the interface and what answers it. Features call `backend().book(…)`: it resolves with the data or
// throws a `Fault`. Which implementation answers is decided once, in main.ts.
import type { commands } from "./contract";
import type { AppError, ChangeSet } from "./types";

type Data<Answer> = Answer extends { status: "ok"; data: infer D } ? D : never;

/** Every command of the contract, without its envelope. */
export type Commands = {
  [Name in keyof typeof commands]: (
    ...request: Parameters<(typeof commands)[Name]>
  ) => Promise<Data<Awaited<ReturnType<(typeof commands)[Name]>>>>;
};

/** What the host tells without being asked. Each returns a function that stops listening. */
export interface Signals {
  onChanged(listener: (change: ChangeSet) => void): () => void;
  onSession(listener: () => void): () => void;
  onNotice(listener: () => void): () => void;
}

export type Backend = Commands & Signals;

/** A command that was not carried out; `error` is what the contract says about it. */
export class Fault extends Error {
  constructor(readonly error: AppError) {
    super(error.code);
    this.name = "Fault";
  }
}

/** Any thrown thing as the contract's error, so that every catch has words. */
export function errorOf(thrown: unknown): AppError {
  if (thrown instanceof Fault) return thrown.error;
  return { code: "internal", reference: thrown instanceof Error ? thrown.name : "unknown" };
}

let current: Backend | null = null;

export function useBackend(implementation: Backend): void {
  current = implementation;
}

export function backend(): Backend {
  if (!current) throw new Error("no backend was chosen");
  return current;
}

/** A fresh id for a request, so that a double Enter acts once. */
export function newRequestId(): string {
  return crypto.randomUUID();
}
