import { describe, expect, it } from "vitest";
import type { MailServer, TestStop } from "$lib/backend/types";
import { stepsOf } from "./mail-steps";

const server: MailServer = {
  host: "smtp.northgate.example", port: 587, security: "start_tls", user: "desk", from_address: "desk@northgate.example", from_name: "", reply_to: "",
};
const stop = (step: TestStop["step"]): TestStop => ({ step, fault: "login_refused", status: 535, answer: "" });
const words = (...asked: Parameters<typeof stepsOf>): string => stepsOf(...asked).map(({ step, outcome }) => `${step} ${outcome}`).join(", ");

describe("the way of a test mail", () => {
  it("is done to its end when nothing stopped it", () => {
    expect(words(server, null)).toBe("find done, connect done, encrypt done, sign_in done, send done");
  });

  it("says where it stopped and what was not tried", () => {
    expect(words(server, stop("sign_in"))).toBe("find done, connect done, encrypt done, sign_in stopped, send open");
    expect(words(server, stop("find"))).toBe("find stopped, connect open, encrypt open, sign_in open, send open");
  });

  it("has no step that the server does not ask for", () => {
    expect(words({ ...server, security: "none", user: "" }, null)).toBe("find done, connect done, send done");
  });
});
