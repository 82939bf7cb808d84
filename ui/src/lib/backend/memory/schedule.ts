// What the invented clinic says about appointments.
import { addDays, monthGrid, weekday } from "$lib/time/wall";
import { overlaps } from "$lib/grid/layout";
import { type Commands, Fault } from "../backend";
import type {
  AppointmentBox, AppointmentChanged, AppointmentView, ClinicClock, MonthDay, Op, Place, Refusal, ScheduleView, Status,
} from "../types";
import { type Act, type Appointment, type Doctor, type World, holdsSlot, newId } from "./world";

type Part = Pick<
  Commands,
  | "viewSchedule" | "viewMonth" | "readAppointment" | "listAppointments" | "nextFree" | "book" | "reschedule"
  | "changeStatus" | "undo"
>;

const steps: Record<Status, Status[]> = {
  scheduled: ["confirmed", "arrived", "cancelled", "no_show"],
  confirmed: ["arrived", "cancelled", "no_show"],
  arrived: ["in_room", "completed", "cancelled"],
  in_room: ["completed"],
  completed: [],
  cancelled: [],
  no_show: ["arrived"],
  needs_rebooking: ["cancelled"],
};
const back: Partial<Record<Status, Status>> = {
  confirmed: "scheduled", no_show: "scheduled", arrived: "confirmed", in_room: "arrived", completed: "in_room",
};
const opOf: Partial<Record<Status, Op>> = {
  confirmed: "confirm", arrived: "arrive", in_room: "take_to_room", completed: "complete", cancelled: "cancel",
  no_show: "mark_no_show", scheduled: "step_back",
};

export function schedulePart(world: World): Part {
  const made = new Map<string, AppointmentChanged>();

  const pick = (ids: readonly string[]): Doctor[] =>
    world.doctors.filter((doctor) => doctor.active && (ids.length === 0 || ids.includes(doctor.id)));
  const clock = (): ClinicClock => ({ today: world.today, minute: world.minute, second: 0, instant: "2026-11-24T15:42:00Z" });
  const must = (id: string): Appointment => {
    const found = world.find(id);
    if (!found) throw new Fault({ code: "not_found" });
    return found;
  };

  function answer(appointment: Appointment, op: Op, before: Appointment | null): AppointmentChanged {
    const act: Act = { id: newId(), op, subject: appointment.short_name, before, appointmentId: appointment.id };
    world.acts.push(act);
    world.changed("appointment", appointment.id, act.id);
    const doctor = world.doctors.find((each) => each.id === appointment.doctor_id);
    return { action_id: act.id, op, appointment: plain(appointment), doctor: doctor?.shortName ?? "" };
  }

  function refuse(refusal: Refusal, place: Place, holder: Appointment | null): never {
    const around = world.openings(place.date, Math.max(0, place.start - 60), pick([]), place.minutes, 60);
    around.sort((a, b) => {
      const far = (o: typeof a): number =>
        (o.doctor_id === place.doctor_id ? 0 : 40) + Math.abs(o.start - place.start) + (o.date === place.date ? 0 : 600);
      return far(a) - far(b);
    });
    throw new Fault({
      code: "refused",
      refusal,
      alternatives: around.slice(0, 5),
      holder: holder && {
        patient: holder.short_name,
        doctor: world.doctors.find((each) => each.id === holder.doctor_id)?.shortName ?? "",
        span: { start: holder.start, end: holder.end },
        booked_by: "Tom Reyes",
        booked_at: "2026-11-24T15:41:00Z",
      },
    });
  }

  function check(place: Place, self: string | null, patientId: string): void {
    const doctor = world.doctors.find((each) => each.id === place.doctor_id);
    if (!doctor) throw new Fault({ code: "not_found" });
    const wanted = { start: place.start, end: place.start + place.minutes };
    if (place.date < world.today || (place.date === world.today && place.start < world.minute)) {
      refuse({ rule: "in_past" }, place, null);
    }
    const closed = world.column(doctor, place.date).closed.find((each) => overlaps(each.span, wanted));
    if (closed?.kind === "break") refuse({ rule: "break", span: closed.span }, place, null);
    if (closed?.kind === "time_off") {
      refuse({ rule: "time_off", span: closed.span, until: place.date, reason: closed.words }, place, null);
    }
    if (closed?.kind === "clinic_closed") refuse({ rule: "clinic_closed", hours: null }, place, null);
    if (closed) refuse({ rule: "outside_schedule", hours: { start: 540, end: 1020 } }, place, null);
    const others = world.day(place.date).filter((each) => each.id !== self && holdsSlot(each.status) && overlaps(each, wanted));
    const taken = others.find((each) => each.doctor_id === place.doctor_id);
    if (taken) refuse({ rule: "taken", by: taken.id }, place, taken);
    const busy = others.find((each) => each.patient_id === patientId);
    if (busy) refuse({ rule: "patient_busy", by: busy.id, doctor: busy.doctor_id }, place, busy);
  }

  return {
    async viewSchedule({ from, days, doctor_ids }) {
      const doctors = pick(doctor_ids);
      const dates = Array.from({ length: days }, (_, step) => addDays(from, step));
      const shown = new Set(doctors.map((doctor) => doctor.id));
      const appointments = dates
        .flatMap((date) => world.day(date))
        .filter((each) => shown.has(each.doctor_id))
        .sort((a, b) => a.date.localeCompare(b.date) || a.start - b.start);
      const tally = new Map<Status, number>();
      for (const each of appointments) tally.set(each.status, (tally.get(each.status) ?? 0) + 1);
      const view: ScheduleView = {
        from, clock: clock(), first_minute: 480, last_minute: 1080, slot_minutes: world.clinic.slot_minutes,
        late_after_minutes: world.clinic.late_after_minutes,
        doctors: doctors.map((doctor) => ({
          id: doctor.id, short_name: doctor.shortName, name: doctor.name,
          specialty: doctor.sample.specialty, specialty_id: doctor.form.specialty_ids[0] ?? null,
        })),
        columns: doctors.flatMap((doctor) => dates.map((date) => world.column(doctor, date))),
        appointments: appointments.map(plain),
        counts: [...tally].map(([status, count]) => ({ status, count })),
        waiting: world.day(world.today).filter((each) => each.status === "arrived")
          .sort((a, b) => (b.waited ?? 0) - (a.waited ?? 0)).map(plain),
        openings: world.openings(world.today, world.minute, doctors, world.clinic.slot_minutes, 10),
      };
      return structuredClone(view);
    },

    async viewMonth({ month, doctor_ids }) {
      const doctors = pick(doctor_ids);
      const days = monthGrid(month).map((date): MonthDay => {
        const list = world.day(date).filter((each) => doctors.some((doctor) => doctor.id === each.doctor_id));
        const columns = doctors.map((doctor) => world.column(doctor, date));
        const free = columns.flatMap((column) => column.free);
        return {
          date,
          booked: list.filter((each) => holdsSlot(each.status) || each.status === "no_show").length,
          no_shows: list.filter((each) => each.status === "no_show").length,
          cancelled: list.filter((each) => each.status === "cancelled").length,
          open_minutes: columns.reduce((sum, column) => sum + column.open_minutes, 0),
          booked_minutes: columns.reduce((sum, column) => sum + column.booked_minutes, 0),
          free_slots: free.reduce((sum, span) => sum + Math.floor((span.end - span.start) / 15), 0),
          first_free: free.length > 0 ? Math.min(...free.map((span) => span.start)) : null,
          away: columns.filter((column) => column.away).length,
          closed: world.clinic.closed_days.find((day) => day.date === date)?.name ?? (weekday(date) >= 5 ? "" : null),
        };
      });
      const inside = days.filter((day) => day.date.slice(0, 7) === month.slice(0, 7));
      return {
        clock: clock(), days,
        booked: inside.reduce((sum, day) => sum + day.booked, 0),
        no_shows: inside.reduce((sum, day) => sum + day.no_shows, 0),
      };
    },

    async readAppointment(id) {
      const it = must(id);
      const patient = world.patients.find((each) => each.id === it.patient_id);
      const doctor = world.doctors.find((each) => each.id === it.doctor_id);
      if (!patient || !doctor) throw new Fault({ code: "not_found" });
      const view: AppointmentView = {
        summary: plain(it), doctor: doctor.name,
        type_id: world.clinic.appointment_types.find((each) => each.name === it.type_name)?.id ?? null,
        reason: it.reason, cancel_reason: it.cancelReason, cancel_note: it.cancelNote, next: steps[it.status],
        public_id: patient.publicId, sex: patient.form.sex, age: age(patient.form.birth_date, world.today),
        birth_date: patient.form.birth_date ?? "1990-01-01",
        record: {
          phone: patient.form.phone, alerts: patient.form.alerts, language: patient.form.language, notes: patient.form.notes,
          visits: 6, last_visit: "2026-10-01", no_shows: 1,
        },
        history: it.history,
      };
      return structuredClone(view);
    },

    async listAppointments({ patient_id, doctor_id, page }) {
      const rows = world.all()
        .filter((each) => (patient_id ? each.patient_id === patient_id : each.doctor_id === doctor_id))
        .sort((a, b) => b.date.localeCompare(a.date) || b.start - a.start);
      return {
        total: rows.length,
        rows: rows.slice(page * 50, page * 50 + 50).map((each) => ({
          summary: plain(each), doctor: world.doctors.find((d) => d.id === each.doctor_id)?.name ?? "",
          last_op: "book" as const, last_by: "Noor Abadi", last_at: "2026-11-03T14:10:00Z",
        })),
      };
    },

    async nextFree({ from, from_minute, minutes, doctor_ids, specialty_id, limit }) {
      const doctors = pick(doctor_ids).filter((each) => !specialty_id || each.form.specialty_ids.includes(specialty_id));
      const [date, minute] = from < world.today ? [world.today, world.minute] : [from, from_minute];
      return world.openings(date, date === world.today ? Math.max(minute, world.minute) : minute, doctors, minutes, limit);
    },

    async book({ request_id, place, patient_id, type_id, reason }) {
      const again = made.get(request_id);
      if (again) return again;
      check(place, null, patient_id);
      const patient = world.patients.find((each) => each.id === patient_id);
      if (!patient) throw new Fault({ code: "not_found" });
      const { family_name, given_names } = patient.form;
      const appointment: Appointment = {
        id: newId(), rev: 1, doctor_id: place.doctor_id, patient_id, date: place.date, start: place.start,
        end: place.start + place.minutes, status: "scheduled", surname: family_name,
        short_name: `${family_name}, ${given_names[0] ?? ""}.`, full_name: `${given_names} ${family_name}`,
        type_name: world.clinic.appointment_types.find((each) => each.id === type_id)?.name ?? "",
        room: "", arrived_at: null, waited: null, alert: patient.form.alerts.length > 0, reason, cancelReason: null,
        cancelNote: "", history: [entry(world, "book")],
      };
      world.put(appointment);
      const result = answer(appointment, "book", null);
      made.set(request_id, result);
      return result;
    },

    async reschedule({ id, rev, place }) {
      const it = must(id);
      if (it.rev !== rev) throw new Fault({ code: "stale", by: "Tom Reyes" });
      check(place, id, it.patient_id);
      const resized = place.date === it.date && place.start === it.start && place.doctor_id === it.doctor_id;
      const op: Op = resized ? "resize" : "reschedule";
      const next = {
        ...it, rev: rev + 1, doctor_id: place.doctor_id, date: place.date, start: place.start,
        end: place.start + place.minutes, history: [entry(world, op), ...it.history],
      };
      world.put(next);
      return answer(next, op, it);
    },

    async changeStatus({ id, rev, to, cancel_reason, note, room }) {
      const it = must(id);
      if (it.rev !== rev) throw new Fault({ code: "stale", by: "Tom Reyes" });
      if (!steps[it.status].includes(to) && back[it.status] !== to) {
        refuse({ rule: "unlawful_step", from: it.status, to }, { doctor_id: it.doctor_id, date: it.date, start: it.start, minutes: 15, fold: null }, null);
      }
      const op = back[it.status] === to ? "step_back" : (opOf[to] ?? "step_back");
      const next: Appointment = {
        ...it, rev: rev + 1, status: to, room: to === "in_room" ? room || "Room 3" : "",
        waited: to === "arrived" ? 0 : null, arrived_at: to === "arrived" ? "2026-11-24T15:42:00Z" : null,
        cancelReason: cancel_reason, cancelNote: note, history: [entry(world, op), ...it.history],
      };
      world.put(next);
      return answer(next, op, it);
    },

    async undo({ action_id }) {
      const at = action_id ? world.acts.findIndex((act) => act.id === action_id) : world.acts.length - 1;
      const act = world.acts[at];
      if (!act) throw new Fault({ code: "nothing_to_undo" });
      world.acts.splice(at, 1);
      const now = world.find(act.appointmentId);
      if (act.before) world.put({ ...act.before, rev: (now?.rev ?? 1) + 1 });
      else world.remove(act.appointmentId);
      const id = newId();
      world.changed("appointment", act.appointmentId, id);
      return { action_id: id, op: act.op, subject: act.subject, appointment: act.before && plain(act.before) };
    },
  };
}

function entry(world: World, op: Op): Appointment["history"][number] {
  return { at: "2026-11-24T15:42:00Z", date: world.today, minute: world.minute, op, actor: "Noor Abadi", device: "Desk 1", changes: [] };
}

function plain(it: Appointment | AppointmentBox): AppointmentBox {
  const { id, rev, doctor_id, patient_id, date, start, end, status, surname, short_name, full_name, type_name, room, arrived_at, waited, alert } = it;
  return { id, rev, doctor_id, patient_id, date, start, end, status, surname, short_name, full_name, type_name, room, arrived_at, waited, alert };
}

export function age(born: string | null, today: string): number {
  if (!born) return 0;
  const years = Number(today.slice(0, 4)) - Number(born.slice(0, 4));
  return today.slice(5) < born.slice(5) ? years - 1 : years;
}
