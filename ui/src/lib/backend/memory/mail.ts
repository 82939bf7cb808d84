// Mail of the invented clinic: nothing is sent. `?mail=<fault>` is where a test mail stops.
import { type Commands, Fault } from "../backend";
import type { MailFault, MailServer, MailStep, MailView } from "../types";
import { wrong } from "./records";
import { type World, newId } from "./world";

type Part = Pick<Commands, "readMail" | "editMail" | "sendTestMail" | "retryMail">;

const stepOf: Partial<Record<MailFault, MailStep>> = {
  unresolved: "find", refused: "connect", no_answer: "connect", insecure: "connect", not_serving: "connect", no_start_tls: "encrypt",
  tls: "encrypt", no_login: "sign_in", login_refused: "sign_in", no_password: "sign_in",
};

export function mailPart(world: World): Part {
  const at = "2026-11-24T15:41:00Z";
  let view: MailView = {
    server: {
      host: "smtp.northgate.example", port: 587, security: "start_tls", user: "desk@northgate.example",
      from_address: "desk@northgate.example", from_name: "", reply_to: "frontdesk@northgate.example",
    },
    password: { place: "keystore", set: "2026-09-14T12:00:00Z" },
    queue: {
      waiting: 2, next_try: "2026-11-24T15:47:00Z", waiting_because: "no_answer", failed: 1, failed_because: "recipient_refused",
      last_sent: { template: "registration_code", when: at },
    },
    rev: 1,
  };
  function check(form: MailServer): void {
    if (!form.host.trim()) throw wrong("form.host", "required");
    if (form.security === "none" && form.host !== "localhost") throw wrong("form.security", "fixed");
  }

  return {
    async readMail() {
      return structuredClone(view);
    },
    async editMail({ rev, form, password }) {
      if (rev !== view.rev) throw new Fault({ code: "stale", by: null });
      check(form);
      view = { ...view, server: structuredClone(form), rev: rev + 1, password: password ? { place: "keystore", set: at } : view.password };
      world.changed("mail_settings", "mail", newId());
      return structuredClone(view);
    },
    async sendTestMail({ to, form }) {
      check(form);
      if (!to.includes("@")) throw wrong("to", "malformed");
      const asked = new URLSearchParams(typeof location === "undefined" ? "" : location.search).get("mail") as MailFault | null;
      const stop = asked && { step: stepOf[asked] ?? ("send" as const), fault: asked, status: asked === "login_refused" ? 535 : null, answer: "" };
      return { when: at, took_ms: 1234, peer: "198.51.100.25", stop };
    },
    async retryMail() {
      const { waiting, failed } = view.queue;
      view = { ...view, queue: { ...view.queue, waiting: waiting + failed, failed: 0, failed_because: null } };
      return structuredClone(view);
    },
  };
}
