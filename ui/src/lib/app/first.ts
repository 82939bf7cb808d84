// What the host wrote into the first page, so that it need not ask (src-tauri/src/first.rs).
import type { SessionState, StartState } from "$lib/backend/types";

/** What the host knew when the page was loaded. */
export interface First {
  start: StartState;
  session: SessionState | null;
}

/** What was written, once; null where nothing was. */
export function first(): First | null {
  const written = document.getElementById("first");
  written?.remove();
  return written ? (JSON.parse(written.textContent ?? "null") as First) : null;
}
