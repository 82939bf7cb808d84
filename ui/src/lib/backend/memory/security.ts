// What the invented clinic decides about security.
import { type Commands, Fault } from "../backend";
import type { SecurityPolicyView } from "../types";
import { wrong } from "./records";
import { type World, newId } from "./world";

type Part = Pick<Commands, "readSecurityPolicy" | "editSecurityPolicy">;

export function securityPart(world: World): Part {
  let view: SecurityPolicyView = {
    rev: 1,
    policy: {
      password_least: 15, password_least_with_factor: 8, composition: false, second_factor_roles: ["admin", "front_desk"], factor_grace_days: 7, free_tries: 3,
      longest_wait_minutes: 15, told_after: 10, untrusted_per_hour: 200, session_hours: 12, idle_minutes: 15, idle_minutes_front_desk: 5,
    },
    factors: [
      { role: "admin", people: 1, have: 1, without: [] },
      { role: "doctor", people: 12, have: 8, without: ["Osei-Bonsu, K.", "Petrova, I.", "Rahman, F.", "Walsh, C."] },
      { role: "front_desk", people: 5, have: 2, without: ["Lima, A.", "Usman, B.", "Vega, R."] },
    ],
  };
  return {
    async readSecurityPolicy() {
      return structuredClone(view);
    },
    async editSecurityPolicy({ rev, form }) {
      if (rev !== view.rev) throw new Fault({ code: "stale", by: null });
      if (form.password_least < 15) throw wrong("form.password_least", "out_of_range");
      view = { ...view, rev: rev + 1, policy: structuredClone(form) };
      world.changed("security_policy", newId(), newId());
      return structuredClone(view);
    },
  };
}
