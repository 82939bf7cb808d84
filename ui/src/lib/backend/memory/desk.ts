// Start, sign-in and lock of the invented clinic. Add ?signed-out, ?locked, ?enrolling, ?first-password or ?first-run to the address to see them;
// ?start=key_missing and so on for the other ways to start, ?role=front_desk or doctor to be somebody else.
import { type Commands, Fault } from "../backend";
import type { Action, Me, Opener, Preferences, Protection, SecondFactorState, SessionState, StartState } from "../types";
import type { World } from "./world";

type Part = Pick<
  Commands,
  | "start" | "createStore" | "openStore" | "recoverStore" | "readRecoveryKey" | "makeRecoveryKey" | "changeStoreKey" | "setUpClinic"
  | "proveSecondFactor" | "readSecondFactor" | "beginSecondFactor" | "confirmSecondFactor" | "renewRecoveryCodes"
  | "askReset" | "proveReset" | "resetPassword" | "replacePassword" | "register" | "confirmRegistration" | "resendRegistration" | "registerPatient" | "endSecondFactor" | "checkPassword" | "sessionState" | "signIn" | "signOut" | "lock" | "unlock" | "unlockWithPin" | "switchUser" | "freeDesk" | "readPin" | "setPin" | "touch" | "openWindow" | "setPreferences"
>;

const may: Action[] = [
  "view_schedule", "book", "reschedule", "change_status", "complete", "cancel", "find_patients", "read_patient",
  "add_patient", "edit_patient", "archive_patient", "view_doctors", "manage_doctors", "manage_exceptions",
  "view_clinic", "edit_clinic", "manage_accounts", "manage_devices", "read_audit", "manage_own_session", "undo", "review_emergencies",
];

export function deskPart(world: World): Part {
  const asked = new URLSearchParams(typeof location === "undefined" ? "" : location.search);
  if (asked.has("empty")) world.doctors = [];
  let preferences: Preferences = {
    theme: (asked.get("theme") ?? "system") as Preferences["theme"],
    density: (asked.get("density") ?? "normal") as Preferences["density"],
    single_letter_keys: true,
  };
  const folder = "~/.local/share/clinic-desk";
  const others: Record<string, StartState> = {
    no_keystore: { kind: "first_run", folder, free_gb: 212, keystore: false },
    needs_passphrase: { kind: "needs_passphrase", folder },
    key_missing: { kind: "key_missing", folder },
    store_newer: { kind: "store_newer", folder, store: 14, program: 12 },
    read_only: { kind: "read_only", folder },
    unreadable: { kind: "unreadable", folder },
    clock_back: { kind: "ready", clock_back_minutes: 90 },
  };
  const role = (asked.get("role") ?? "admin") as Me["role"];
  const admins: Action[] = ["manage_doctors", "edit_clinic", "manage_accounts", "manage_devices", "read_audit", "review_emergencies"];
  let start: StartState = others[asked.get("start") ?? ""] ?? (asked.has("first-run")
    ? { kind: "first_run", folder: "~/.local/share/clinic-desk", free_gb: 212, keystore: true }
    : { kind: "ready", clock_back_minutes: null });
  let pinSet = asked.has("pin");
  let recoveryMadeAt: string | null = null;
  let protection: Protection = asked.has("staff-keys") ? "staff" : "computer";
  const openers: Opener[] = [
    { name: "Abadi, Noor", role: "front_desk", opens: false },
    { name: "Marchetti, Sofia", role: "admin", opens: true },
  ];
  let factor: SecondFactorState = { since: null, recovery_codes: 0, demanded: asked.has("grace"), recommended: !asked.has("grace") };
  const recoveryCodes = Array.from({ length: 10 }, (_, n) => `7KQ2-M9XD-PD4V-81T${n}`);
  const waiting = asked.has("waiting") ? [{ session_id: "0193f3e8-0000-7000-8000-0000000000aa", name: "Sofia Marchetti", initials: "SM" }] : [];
  let where: SessionState["kind"] = asked.has("signed-out") ? "signed_out" : asked.has("locked") ? "locked" : asked.has("new-password") || asked.has("first-password") ? "new_password" : asked.has("second-step") ? "second_step" : asked.has("enrolling") ? "enrolling" : "signed_in";

  const me = (): Me => ({
    account_id: "account-noor", public_id: "STF30174482", name: "Noor Abadi", initials: "NA", role,
    given_names: "Noor", family_name: "Abadi", email: "noor@northgate.example", user_name: "noor",
    doctor_id: null, may: may.filter((action) => role === "admin" || !admins.includes(action)), preferences,
  });
  function state(): SessionState {
    const clinic = world.clinic.profile.name;
    if (where === "signed_out") {
      return { kind: "signed_out", clinic, mail: !asked.has("no-mail"), demo_accounts: [{ login: "noor", password: "demo", name: "Noor Abadi", role: "front_desk" }], waiting, closed: asked.has("closed") };
    }
    if (where === "new_password") {
      return { kind: "new_password", clinic, name: "Noor Abadi", public_id: "STF30174482", reason: asked.has("first-password") ? "temporary" : "forgotten", sessions: 2, context: ["Noor", "Abadi", clinic] };
    }
    if (where === "second_step") return { kind: "second_step", clinic, name: "Noor Abadi" };
    if (where === "enrolling") return { kind: "enrolling", clinic, name: "Noor Abadi", role };
    if (where === "locked") {
      const clock = { today: world.today, minute: world.minute, second: 0, instant: "2026-11-24T15:42:00Z" };
      return { kind: "locked", clinic, account_id: "0193f3e8-0000-7000-8000-0000000000ab", name: "Noor Abadi", initials: "NA", pin: pinSet ? 4 : null, waiting, clock };
    }
    return { kind: "signed_in", me: me(), clinic: structuredClone(world.clinic), factor_due: asked.has("grace") && !factor.since ? "2026-12-01T15:42:00Z" : null };
  }
  const go = async (next: SessionState["kind"]): Promise<SessionState> => {
    where = next;
    return state();
  };

  return {
    start: async () => start,
    createStore: async () => (start = { kind: "no_clinic", folder: "~/.local/share/clinic-desk", place: "keystore" }),
    openStore: async () => (start = { kind: "ready", clock_back_minutes: null }),
    recoverStore: async () => (start = { kind: "ready", clock_back_minutes: null }),
    proveSecondFactor: async ({ code }) => {
      if (code === "000000") throw new Fault({ code: "code_refused", problem: "wrong" });
      return go("signed_in");
    },
    askReset: async ({ login }) => {
      if (!login.trim()) throw new Fault({ code: "validation", fields: [{ field: "login", rule: "required", bound: null, suggestion: null }] });
      return { id: "flow", seconds: 600, tries: 5 };
    },
    proveReset: async (proof) => {
      if (proof.kind === "code" && proof.code === "000000") throw new Fault({ code: "mail_code_refused", problem: "wrong", tries_left: 4 });
      return go("new_password");
    },
    register: async () => ({ id: "registration", seconds: 600, tries: 5 }),
    resendRegistration: async () => ({ id: "registration", seconds: 600, tries: 5 }),
    registerPatient: async () => ({ id: "registration", seconds: 600, tries: 5 }),
    confirmRegistration: async ({ code }) => {
      if (code === "000000") throw new Fault({ code: "mail_code_refused", problem: "wrong", tries_left: 4 });
      return { public_id: "PAT40725519", name: "Beatriz Ferreira-Matsumoto", role: "patient", waits: false };
    },
    resetPassword: () => go("signed_out"),
    replacePassword: () => go("signed_in"),
    readSecondFactor: async () => factor,
    beginSecondFactor: async () => {
      return { key: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", label: "Northgate · STF30174482", picture: "M0 0h7v1h-7z", side: 33 };
    },
    confirmSecondFactor: async () => {
      factor = { ...factor, since: "2026-11-24T15:42:00Z", recovery_codes: 10 };
      where = "signed_in";
      return { codes: recoveryCodes };
    },
    renewRecoveryCodes: async () => {
      factor = { ...factor, recovery_codes: 10 };
      return { codes: recoveryCodes };
    },
    endSecondFactor: async () => (factor = { ...factor, since: null, recovery_codes: 0 }),
    readRecoveryKey: async () => ({ made_at: recoveryMadeAt, place: "passphrase", protection, openers: protection === "staff" ? openers : [] }),
    changeStoreKey: async ({ protection: wanted, password, passphrase }) => {
      if (password === "wrong") throw new Fault({ code: "wrong_credentials" });
      if (passphrase === "wrong") throw new Fault({ code: "wrong_passphrase" });
      recoveryMadeAt = null;
      protection = wanted;
      return null;
    },
    makeRecoveryKey: async ({ password }) => {
      if (password === "wrong") throw new Fault({ code: "wrong_credentials" });
      recoveryMadeAt = "2026-11-24T15:42:00Z";
      return { recovery_key: "7KQ2-M9XD-PD4V-81TC-X0RH-5WNB-H1ZW" };
    },
    setUpClinic: async () => {
      start = { kind: "ready", clock_back_minutes: null };
      return go("signed_in");
    },
    checkPassword: async ({ password }) => {
      const common = /^password/i.test(password);
      const length = [...password].length;
      return { length, least: 15, common, context: false, composition: false, score: length > 20 ? 4 : 2, acceptable: length >= 15 && !common };
    },
    sessionState: async () => state(),
    signIn: async ({ password }) => {
      if (password === "wrong") throw new Fault({ code: "wrong_credentials" });
      if (password === "wait") throw new Fault({ code: "throttled", wait_seconds: 8 });
      return go("signed_in");
    },
    signOut: () => go("signed_out"),
    switchUser: () => go("locked"),
    freeDesk: () => go("signed_out"),
    lock: () => go("locked"),
    unlock: async ({ password }) => {
      if (password === "wrong") throw new Fault({ code: "wrong_credentials" });
      return go("signed_in");
    },
    unlockWithPin: async ({ pin }) => {
      if (pin === "0000") throw new Fault({ code: "pin_refused", tries_left: 4 });
      return go("signed_in");
    },
    readPin: async () => ({ set: pinSet }),
    setPin: async ({ pin }) => ({ set: (pinSet = pin !== null) }),
    touch: async () => null,
    openWindow: async () => null,
    setPreferences: async (next) => (preferences = next),
  };
}
