// The only file that knows Tauri. It is filled from the generated contract.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { type Backend, Fault } from "./backend";
import type { AppError, ChangeSet } from "./types";

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

async function call(command: string, request: unknown): Promise<unknown> {
  try {
    return await invoke(command, request === undefined ? {} : { request });
  } catch (error) {
    throw isAppError(error) ? new Fault(error) : error;
  }
}

function isAppError(error: unknown): error is AppError {
  return typeof error === "object" && error !== null && "code" in error;
}

function listenTo<T>(event: string, heard: (payload: T) => void): () => void {
  const stop = listen<T>(event, ({ payload }) => heard(payload));
  return () => void stop.then((off) => off());
}

const signals = {
  onChanged: (heard: (change: ChangeSet) => void) => listenTo<ChangeSet>("changed", heard),
  onSession: (heard: () => void) => listenTo<null>("session-changed", heard),
};

export const tauriBackend = new Proxy(signals, {
  // No `then`: a promise that resolves with this must not take it for another promise.
  get: (own, name: string) =>
    name in own || name === "then" ? own[name as keyof typeof own] : (request: unknown) => call(snake(name), request),
}) as unknown as Backend;
