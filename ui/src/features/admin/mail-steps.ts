// The way of a test mail, step by step.
import type { MailServer, MailStep, TestStop } from "$lib/backend/types";

export type Outcome = "done" | "stopped" | "open";

/** Every step that this server asks for, with what came of it. */
export function stepsOf(server: MailServer, stop: TestStop | null): { step: MailStep; outcome: Outcome }[] {
  const way: MailStep[] = ["find", "connect"];
  if (server.security !== "none") way.push("encrypt");
  if (server.user !== "") way.push("sign_in");
  way.push("send");
  const at = stop ? way.indexOf(stop.step) : way.length;
  return way.map((step, nth) => ({ step, outcome: nth < at ? "done" : nth === at ? "stopped" : "open" }));
}
