// Accounts, settings, sessions and the log of the invented clinic.
import { type Commands, Fault } from "../backend";
import type { AccountForm, AccountRow, AuditReport, AuditRow, FieldChange, Op, RegistrationRow } from "../types";
import { sorted, wrong } from "./records";
import { type World, hash, newId } from "./world";

type Part = Pick<
  Commands,
  | "listAccounts" | "createAccount" | "previewImport" | "importAccounts" | "editAccount" | "setAccountActive" | "deleteAccount" | "unlockAccount" | "sendReset" | "listRegistrations" | "sendRegistration" | "deleteRegistration" | "resetSecondFactor" | "verifyAccount" | "editProfile"
  | "editClinic" | "listAudit" | "verifyAudit" | "compareAudit" | "exportAudit"
>;

const nameOf = (form: AccountForm): string => `${form.family_name}, ${form.given_names}`;

function account(id: string, publicId: string, form: Partial<AccountForm>, seen: string | null, device: string | null): AccountRow {
  const whole: AccountForm = { given_names: "", family_name: "", email: "", user_name: "", role: "front_desk", doctor_id: null, ...form };
  return {
    id, public_id: publicId, rev: 1, form: whole, name: nameOf(whole), last_device: device, last_seen_at: seen, active: true, lock: null,
    second_factor: whole.role === "front_desk" ? null : "2026-02-04T14:00:00Z", verified_at: null, created_at: "2024-02-04T14:00:00Z",
  };
}

function accountsOf(world: World): AccountRow[] {
  const staff = [
    account("account-noor", "STF30174482", { given_names: "Noor", family_name: "Abadi", email: "noor@northgate.example", user_name: "noor", role: "admin" }, "2026-11-24T15:42:00Z", "Desk 1"),
    account("account-sofia", "ADM70011236", { given_names: "Sofia", family_name: "Marchetti", email: "s.marchetti@northgate.example", role: "admin" }, "2026-11-24T15:31:00Z", "Office"),
    account("account-tom", "STF22910457", { given_names: "Tom", family_name: "Reyes", user_name: "tom" }, "2026-11-24T15:41:00Z", "Desk 2"),
    {
      ...account("account-ana", "STF18840213", { given_names: "Ana", family_name: "Lima", email: "a.lima@northgate.example" }, "2026-11-24T15:36:00Z", "Desk 3"),
      lock: { failures: 12, device: "Desk 3", state: { kind: "waits" as const, until: "2026-11-24T15:46:00Z" } },
    },
    { ...account("account-bilal", "STF41170936", { given_names: "Bilal", family_name: "Usman" }, "2026-10-02T15:00:00Z", null), active: false },
    account("account-rosa", "STF90022417", { given_names: "Rosa", family_name: "Vega" }, null, null),
  ];
  const doctors = world.doctors.map((doctor, index) =>
    account(
      `account-${doctor.id}`, doctor.publicId,
      { given_names: doctor.form.given_names, family_name: doctor.form.family_name, role: "doctor", doctor_id: doctor.id },
      `2026-11-24T15:${String(10 + index).padStart(2, "0")}:00Z`, `Laptop ${index + 1}`,
    ),
  );
  return [...staff, ...doctors];
}

const doings: [Op, string, string, FieldChange[]][] = [
  ["book", "Hernández, J. · Okafor 16:30", "Tom Reyes", [{ field: "status", before: null, after: "scheduled" }, { field: "start", before: null, after: "16:30" }]],
  ["complete", "García Márquez, L. · 10:00", "Dr Chidi Okafor", [{ field: "status", before: "in_room", after: "completed" }]],
  ["arrive", "Kamau, P. · Trần 10:30", "Noor Abadi", [{ field: "status", before: "confirmed", after: "arrived" }]],
  ["undo", "Moved · Bello, O.", "Noor Abadi", [{ field: "start", before: "15:30", after: "14:00" }]],
  ["reschedule", "Bello, O. · Silva", "Noor Abadi", [{ field: "start", before: "14:00", after: "15:30" }, { field: "end", before: "14:30", after: "16:00" }]],
  ["read_patient", "Okonkwo-Bello, A.", "Dr Youssef Haddad", []],
  ["sign_in_failed", "STF18840213", "", []],
  ["mark_no_show", "Mohamud, H. · Osei-Bonsu 09:30", "Noor Abadi", [{ field: "status", before: "confirmed", after: "no_show" }]],
  ["edit_account", "Tom Reyes", "Sofia Marchetti", [{ field: "role", before: "doctor", after: "front_desk" }]],
  ["edit_patient", "Benali, Y.", "Tom Reyes", [{ field: "phone", before: "+1 555 011 8872", after: "+1 555 011 8827" }]],
  ["cancel", "Barros, C. · Goldberg 14:15", "Noor Abadi", [{ field: "status", before: "scheduled", after: "cancelled" }, { field: "cancel_reason", before: null, after: "patient_ill" }]],
  ["take_to_room", "Alemu, T. · room 4", "Dr Lucía Fernández", [{ field: "status", before: "arrived", after: "in_room" }, { field: "room", before: "", after: "Room 4" }]],
  ["sign_in", "Noor Abadi", "Noor Abadi", []],
];

function auditOf(world: World): AuditRow[] {
  const hex = (seed: string): string => Array.from({ length: 8 }, (_, at) => hash(`${seed}${at}`).toString(16).padStart(8, "0")).join("");
  return Array.from({ length: 412 }, (_, back): AuditRow => {
    const seq = 18204 - back;
    const [op, subject, actor, changes] = doings[back % doings.length] ?? doings[0]!;
    const second = 38512 - back * 43;
    const patient = ["edit_patient", "read_patient", "book", "arrive"].includes(op) ? world.patients[back % world.patients.length] : undefined;
    return {
      seq, at: "2026-11-24T15:41:52Z", date: second > 28000 ? world.today : "2026-11-23", second: ((second % 86400) + 86400) % 86400,
      actor_id: actor ? `account-${actor.split(" ")[0]?.toLowerCase()}` : null, actor, actor_public_id: actor ? "STF30174482" : "", device: `Desk ${1 + (back % 3)}`,
      op, action_id: newId(), subject, erased: false, patient_id: patient?.id ?? null, patient_public_id: patient?.publicId ?? "", changes,
      reason: op === "reschedule" ? "patient asked by phone" : "", previous: hex(String(seq - 1)), hash: hex(String(seq)),
      undone_by: op === "reschedule" ? seq + 1 : null,
    };
  });
}

function registration(id: string, name: string, email: string, minutes: number, more: Partial<RegistrationRow>): RegistrationRow {
  return {
    id, name, email, role: "patient", begun_at: "2026-11-24T15:14:00Z", begun_by: null, seconds_left: minutes * 60, codes: 1, wrong: 0,
    mail: "sent", fault: null, known: false, ...more,
  };
}

export function adminPart(world: World): Part {
  const accounts = accountsOf(world);
  const log = auditOf(world);
  let verified: AuditReport | null = null;
  let pending = [
    registration("r1", "Castellanos, Mateo", "m.castellanos@northgate.exmple", 2, { role: "doctor", mail: "failed", fault: "recipient_refused" }),
    registration("r2", "Adebayo-Lindholm, O.", "o.adebayo@mail.example", 10, { wrong: 3 }),
    registration("r3", "Vega, Rosa", "r.vega@northgate.example", 19, { codes: 2 }),
    registration("r4", "Ferreira-Matsumoto, B.", "b.ferreira@mail.example", 30, { begun_by: "Noor Abadi" }),
  ];
  const find = (id: string, rev: number): AccountRow => {
    const found = accounts.find((each) => each.id === id);
    if (!found) throw new Fault({ code: "not_found" });
    if (found.rev !== rev) throw new Fault({ code: "stale", by: "Sofia Marchetti" });
    return found;
  };
  function check(form: AccountForm): void {
    if (!form.given_names) throw wrong("form.given_names", "required");
    if (form.email && !/@.+\..+/.test(form.email)) throw wrong("form.email", "malformed");
  }
  function done(row: AccountRow): { action_id: string; account: AccountRow } {
    world.changed("account", row.id, newId());
    return { action_id: newId(), account: structuredClone(row) };
  }

  return {
    async listAccounts({ query, role, active, paging }) {
      const asked = query.trim().toLowerCase();
      const keys: Record<string, (each: AccountRow) => string> = {
        name: (each) => each.name, id: (each) => each.public_id, role: (each) => each.form.role, last_seen: (each) => each.last_seen_at ?? "",
      };
      const rows = accounts
        .filter((each) => (role === null || each.form.role === role) && (active === null || each.active === active))
        .filter((each) => `${each.name} ${each.public_id} ${each.form.email}`.toLowerCase().includes(asked));
      const all = sorted(rows, keys[paging.sort] ?? ((each) => each.name), paging.descending);
      return { rows: structuredClone(all.slice(paging.page * paging.size, (paging.page + 1) * paging.size)), total: rows.length };
    },
    async createAccount({ form, password }) {
      check(form);
      const row = account(newId(), `STF${50000000 + accounts.length}`, form, null, null);
      accounts.push(row);
      return { ...done(row), first_password: password === null ? "7kq2-m9xd-pd4v-81tc" : null };
    },
    async previewImport({ text }) {
      const lines = text.trim().split("\n").slice(1);
      if (lines.length === 0) throw wrong("text", "required");
      const rows = lines.map((line, at) => {
        const [role = "", given = "", family = "", user_name = "", email = "", hash = ""] = line.split(",");
        const faults = hash.startsWith("$") ? [] : [{ field: "password_hash", rule: "malformed" as const, bound: null, suggestion: null }];
        return { line: at + 2, role: role as AccountForm["role"], name: `${family}, ${given}`, user_name, email, known: user_name === "noor", faults };
      });
      return { rows, fresh: rows.filter((row) => !row.known && row.faults.length === 0).length, faulty: rows.filter((row) => row.faults.length > 0).length };
    },
    importAccounts: async ({ request_id, text }) => ({ action_id: request_id, made: text.trim().split("\n").length - 1, known: 0 }),
    async editAccount({ id, rev, form }) {
      const row = find(id, rev);
      check(form);
      Object.assign(row, { form: structuredClone(form), name: nameOf(form), rev: rev + 1 });
      return done(row);
    },
    async setAccountActive({ id, rev, active }) {
      const row = find(id, rev);
      if (!active && row.form.role === "admin" && accounts.filter((each) => each.active && each.form.role === "admin").length < 2) {
        throw new Fault({ code: "last_administrator" });
      }
      Object.assign(row, { active, rev: rev + 1 });
      return done(row);
    },
    async deleteAccount({ id, rev }) {
      const row = find(id, rev);
      if (row.last_seen_at !== null) throw new Fault({ code: "account_in_use" });
      accounts.splice(accounts.indexOf(row), 1);
      return null;
    },
    async unlockAccount({ id }) {
      const row = accounts.find((each) => each.id === id);
      if (!row) throw new Fault({ code: "not_found" });
      row.lock = null;
      return structuredClone(row);
    },
    async listRegistrations({ query }) {
      const asked = query.trim().toLowerCase();
      const rows = pending.filter((each) => `${each.name} ${each.email}`.toLowerCase().includes(asked));
      return { rows: structuredClone(rows), total: rows.length };
    },
    sendRegistration: async ({ id }) => ({ id, seconds: 600, tries: 5 }),
    async deleteRegistration({ id }) {
      pending = pending.filter((each) => each.id !== id);
      return null;
    },
    async sendReset({ id }) {
      const row = accounts.find((each) => each.id === id);
      if (!row) throw new Fault({ code: "not_found" });
      return { email: row.form.email, until: "2026-11-24T16:12:00Z" };
    },
    async resetSecondFactor({ id }) {
      const row = accounts.find((each) => each.id === id);
      if (!row) throw new Fault({ code: "not_found" });
      return structuredClone(row);
    },
    async verifyAccount({ id, rev, verified }) {
      const row = find(id, rev);
      Object.assign(row, { verified_at: verified ? "2026-11-24T15:42:00Z" : null, rev: rev + 1 });
      return done(row);
    },
    async editProfile({ password }) {
      if (password === "wrong") throw new Fault({ code: "wrong_credentials" });
      throw new Fault({ code: "internal", reference: "memory" });
    },
    async editClinic({ rev, ...form }) {
      if (rev !== world.clinic.rev) throw new Fault({ code: "stale", by: "Sofia Marchetti" });
      if (!form.profile.name.trim()) throw wrong("profile.name", "required");
      form.appointment_types.forEach(({ name }, at) => {
        if (!name.trim()) throw wrong(`appointment_types.${at}.name`, "required");
      });
      const types = form.appointment_types.map((type) => ({ ...type, id: type.id ?? newId() }));
      world.clinic = { ...world.clinic, ...structuredClone(form), appointment_types: types, rev: rev + 1 };
      world.changed("clinic", "clinic", newId());
      return { action_id: newId(), clinic: structuredClone(world.clinic) };
    },
    async listAudit({ query, from, until, actor_id, nobody, op, patient_id, with_reads, page, size }) {
      if (from && until && until < from) throw wrong("until", "end_before_start");
      const asked = query.trim().toLowerCase();
      const rows = log.filter((each) =>
        (with_reads || op === "read_patient" || each.op !== "read_patient") && (!from || each.date >= from) &&
        (!until || each.date <= until) && (!nobody || each.actor_id === null) && (!actor_id || each.actor_id === actor_id) && (!op || each.op === op) && (!patient_id || each.patient_id === patient_id) &&
        `${each.subject} ${each.actor} ${each.device} ${each.patient_public_id}`.toLowerCase().includes(asked));
      return { rows: rows.slice(page * size, (page + 1) * size), total: rows.length, head: log[0]?.seq ?? 0, verified };
    },
    async exportAudit({ kind }) {
      return {
        path: `~/Downloads/audit-2026-11-24-1042.${kind === "sealed" ? "jsonl" : "csv"}`, entries: log.length,
        fingerprint: kind === "sealed" ? "8F2C 01AD 77E0 3B19 C4D2" : null,
      };
    },
    async verifyAudit() {
      verified = {
        at: "2026-11-24T15:42:00Z", minute: world.minute, entries: log[0]?.seq ?? 0, log_code: `${log[0]?.seq ?? 0}-7F3A-91C2-55D0-A1B2`,
        broken_at: null, checkpoint_broken: null,
      };
      return verified;
    },
    async compareAudit({ log_code: code }) {
      const seq = Number.parseInt(code, 10);
      if (!seq) throw wrong("log_code", "malformed");
      if (seq > (log[0]?.seq ?? 0)) return { seq, entry: "missing" };
      return { seq, entry: code.includes("7F3A") ? "same" : "differs" };
    },
  };
}
