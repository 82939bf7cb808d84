// Sessions, devices, wrong passwords and notices of the invented clinic.
import { type Commands, Fault } from "../backend";
import type { DeviceRow, EmergencyRow, KnownDevice, NoticeRow, SessionRow } from "../types";

type Part = Pick<
  Commands,
  | "changePassword" | "listSessions" | "endSession" | "listDevices" | "forgetDevice" | "listNotices" | "dismissNotice"
  | "readAccountAccess" | "endAccountSession" | "forgetAccountDevice" | "listKnownDevices" | "revokeDevice"
  | "runningEmergency" | "listEmergencies" | "reviewEmergency"
>;

function session(nth: number, device: string, platform: string, started: string, active: string): SessionRow {
  return {
    id: `session-${nth}`, device_id: `device-${nth}`, device, platform, started_at: started, last_active_at: active,
    expires_at: "2026-11-25T01:02:00Z", current: nth === 1,
  };
}

function device(nth: number, name: string, platform: string, seen: string): DeviceRow {
  return {
    id: `device-${nth}`, name, platform, fingerprint: `a1f${nth} 77c2 9be4`, since: "2026-02-04T14:00:00Z", last_seen_at: seen,
    current: nth === 1,
  };
}

export function accessPart(): Part {
  let sessions = [
    session(1, "Desk 1", "windows", "2026-11-24T12:58:00Z", "2026-11-24T15:42:00Z"),
    session(2, "Desk 3", "windows", "2026-11-24T13:02:00Z", "2026-11-24T14:10:00Z"),
    session(3, "Laptop 9", "linux", "2026-11-19T13:02:00Z", "2026-11-19T18:10:00Z"),
  ];
  let devices = [
    device(1, "Desk 1", "windows", "2026-11-24T15:42:00Z"),
    device(2, "Desk 3", "windows", "2026-11-24T14:10:00Z"),
    device(3, "Laptop 9", "linux", "2026-11-19T18:10:00Z"),
  ];
  let known = devices.map(({ id, name, platform, fingerprint, current, last_seen_at }, at): KnownDevice => ({
    id, name, platform, fingerprint, current, first_seen_at: "2026-02-04T14:00:00Z", last_seen_at: last_seen_at ?? "",
    people: ["Noor Abadi", "Sofia Marchetti"].slice(0, 1 + (at % 2)), sessions: 1 + (at % 2),
  }));
  let notices: NoticeRow[] = [
    { id: "notice-1", kind: "new_device", at: "2026-11-23T20:41:00Z", device: "Laptop 9", about: null },
    { id: "notice-2", kind: "many_wrong_passwords", at: "2026-11-24T13:10:00Z", device: "Desk 3", about: { id: "account-ana", name: "Ana Lima" } },
  ];
  let emergencies: EmergencyRow[] = [
    {
      id: "emergency-1", by: "Farida Rahman", by_public_id: "DOC30174482", device: "Laptop 9", patient_id: "patient-1",
      patient: "Yılmaz, Deniz", patient_public_id: "PAT70418826", reason: "needs_treatment",
      words: "Collapsed in the waiting room, looking for his heart medicines", second_reason: null, second_words: "",
      from: "2026-11-24T15:12:00Z", over: "2026-11-24T15:40:00Z", open: false, review: null,
      opened: [{ at: "2026-11-24T15:12:00Z", op: "read_patient_in_emergency" }, { at: "2026-11-24T15:12:00Z", op: "open_in_emergency" }],
    },
  ];
  const access = (): { sessions: SessionRow[]; devices: DeviceRow[] } => ({ sessions: sessions.filter((each) => !each.current), devices });

  return {
    async changePassword({ current, end_others }) {
      if (current === "wrong") throw new Fault({ code: "wrong_credentials" });
      if (current === "wait") throw new Fault({ code: "throttled", wait_seconds: 8 });
      const ended = end_others ? sessions.length - 1 : 0;
      if (end_others) sessions = sessions.filter((each) => each.current);
      return { ended };
    },
    listSessions: async () => sessions,
    async endSession({ id }) {
      sessions = sessions.filter((each) => each.current || (id !== null && each.id !== id));
      return sessions;
    },
    listDevices: async () => devices,
    async forgetDevice({ id }) {
      devices = devices.filter((each) => each.id !== id);
      sessions = sessions.filter((each) => each.device_id !== id);
      return devices;
    },
    listNotices: async () => notices,
    dismissNotice: async ({ id }) => (notices = notices.filter((each) => each.id !== id)),
    readAccountAccess: async () => access(),
    async endAccountSession({ session_id }) {
      sessions = sessions.filter((each) => each.current || (session_id !== null && each.id !== session_id));
      return access();
    },
    async forgetAccountDevice({ device_id }) {
      devices = devices.filter((each) => each.id !== device_id);
      return access();
    },
    listKnownDevices: async () => known,
    async revokeDevice({ id }) {
      known = known.map((each) => (each.id === id ? { ...each, people: [], sessions: 0 } : each));
      return known;
    },
    runningEmergency: async () => null,
    async listEmergencies({ unreviewed }) {
      const rows = emergencies.filter((each) => !unreviewed || !each.review);
      return { rows, total: rows.length, unreviewed: emergencies.filter((each) => !each.review).length };
    },
    async reviewEmergency({ id, remark }) {
      const review = { at: "2026-11-24T15:42:00Z", by: "Sofia Marchetti", remark };
      emergencies = emergencies.map((each) => (each.id === id ? { ...each, review } : each));
      return null;
    },
  };
}
