// The invented clinic: who there is, what is booked, and what was done (for undo). Days other than the sample day are
// made up when they are first looked at, always the same way.
import { addDays, daysBetween, weekday } from "$lib/time/wall";
import { subtract, type Span } from "$lib/grid/layout";
import type {
  AppointmentBox, ChangeSet, ClinicView, ClosedSpan, Column, DoctorForm, HistoryLine, Noun, Opening, PatientForm,
  Status, WeeklyHours,
} from "../types";
import { sampleDate, sampleDoctors, sampleMinute, sampleTypes, type SampleDoctor } from "./sample";

export interface Doctor {
  id: string;
  publicId: string;
  rev: number;
  sample: SampleDoctor;
  form: DoctorForm;
  shortName: string;
  name: string;
  active: boolean;
}

export interface Patient {
  id: string;
  publicId: string;
  rev: number;
  form: PatientForm;
  archived: boolean;
}

export interface Appointment extends AppointmentBox {
  reason: string;
  cancelReason: "patient_asked" | "patient_ill" | "doctor_unavailable" | "booked_by_mistake" | "other" | null;
  cancelNote: string;
  history: HistoryLine[];
}

/** One act that can be undone. */
export interface Act {
  id: string;
  op: HistoryLine["op"];
  subject: string;
  before: Appointment | null;
  appointmentId: string;
}

const open: Status[] = ["scheduled", "confirmed", "arrived", "in_room", "completed"];
export const holdsSlot = (status: Status): boolean => open.includes(status);

let counter = 0;
export function newId(): string {
  counter += 1;
  return `0193a000-0000-7000-8000-${String(counter).padStart(12, "0")}`;
}

/** A number from a text, always the same. */
export function hash(text: string): number {
  let value = 2166136261;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return value >>> 0;
}

export function week(start: number, end: number, breaks: Span[] = []): WeeklyHours {
  return Array.from({ length: 7 }, (_, day) => ({ open: day < 5, hours: { start, end }, breaks }));
}

export class World {
  readonly today = sampleDate;
  readonly minute = sampleMinute;
  clinic: ClinicView = clinicView();
  doctors: Doctor[] = sampleDoctors.map(doctorOf);
  patients: Patient[] = [];
  acts: Act[] = [];
  #appointments = new Map<string, Appointment[]>();
  #listeners = new Set<(change: ChangeSet) => void>();

  constructor() {
    this.day(sampleDate);
  }

  day(date: string): Appointment[] {
    let list = this.#appointments.get(date);
    if (!list) {
      list = date === sampleDate ? this.#sampleDay() : this.#inventedDay(date);
      this.#appointments.set(date, list);
    }
    return list;
  }

  find(id: string): Appointment | undefined {
    for (const list of this.#appointments.values()) {
      const found = list.find((appointment) => appointment.id === id);
      if (found) return found;
    }
    return undefined;
  }

  all(): Appointment[] {
    return [...this.#appointments.values()].flat();
  }

  put(appointment: Appointment): void {
    this.remove(appointment.id);
    this.day(appointment.date).push(appointment);
  }

  remove(id: string): void {
    for (const [date, list] of this.#appointments) {
      this.#appointments.set(date, list.filter((each) => each.id !== id));
    }
  }

  changed(noun: Noun, id: string, actionId: string): void {
    const change: ChangeSet = { action_id: actionId, changes: [{ noun, id }] };
    queueMicrotask(() => this.#listeners.forEach((heard) => heard(change)));
  }

  onChanged(heard: (change: ChangeSet) => void): () => void {
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  column(doctor: Doctor, date: string): Column {
    const closed = this.#closed(doctor, date);
    const booked = this.day(date).filter((each) => each.doctor_id === doctor.id && holdsSlot(each.status));
    const openSpans = subtract({ start: 0, end: 1440 }, closed.map((each) => each.span));
    const past = daysBetween(this.today, date);
    const from = past < 0 ? 1440 : past > 0 ? 0 : Math.ceil(this.minute / 15) * 15;
    const free = openSpans
      .flatMap((span) => subtract(span, [...booked, { start: 0, end: from }]))
      .filter((span) => span.end - span.start >= 15);
    const openMinutes = openSpans.reduce((sum, span) => sum + span.end - span.start, 0);
    return {
      doctor_id: doctor.id,
      date,
      closed,
      free,
      open_minutes: openMinutes,
      booked_minutes: booked.reduce((sum, each) => sum + each.end - each.start, 0),
      away: openMinutes === 0 && weekday(date) < 5,
    };
  }

  openings(from: string, fromMinute: number, doctors: readonly Doctor[], minutes: number, limit: number): Opening[] {
    const found: Opening[] = [];
    for (let step = 0; step < 60 && found.length < limit; step += 1) {
      const date = addDays(from, step);
      const day = doctors.flatMap((doctor) =>
        this.column(doctor, date)
          .free.map((span) => (step === 0 ? { ...span, start: Math.max(span.start, fromMinute) } : span))
          .filter((span) => span.end - span.start >= minutes)
          .map((span) => ({
            doctor_id: doctor.id, doctor: doctor.shortName, date, start: span.start, minutes: span.end - span.start,
          })),
      );
      found.push(...day.sort((a, b) => a.start - b.start));
    }
    return found.slice(0, limit);
  }

  #closed(doctor: Doctor, date: string): ClosedSpan[] {
    if (weekday(date) >= 5 || !doctor.active) {
      return [{ span: { start: 0, end: 1440 }, kind: "clinic_closed", words: "" }];
    }
    const { works, off } = doctor.sample;
    const away = hash(`${doctor.shortName} away ${date}`) % 23 === 0 && date !== sampleDate;
    if (away) return [{ span: { start: 0, end: 1440 }, kind: "time_off", words: "leave" }];
    const closed: ClosedSpan[] = subtract({ start: 0, end: 1440 }, works.map(([start, end]) => ({ start, end }))).map(
      (span) => ({
        span,
        kind: span.start === 0 || span.end === 1440 ? ("outside_schedule" as const) : ("break" as const),
        words: "",
      }),
    );
    if (!off || date !== sampleDate) return closed;
    const rest = closed.filter((each) => each.span.start < off.start);
    rest.push({ span: { start: off.start, end: off.end }, kind: "time_off", words: off.words });
    rest.push({ span: { start: off.end, end: 1440 }, kind: "outside_schedule", words: "" });
    return rest;
  }

  patient(surname: string, given: string): Patient {
    const found = this.patients.find(({ form }) => form.family_name === surname && form.given_names === given);
    if (found) return found;
    const seed = hash(`${surname}${given}`);
    const form: PatientForm = {
      ...emptyPatient(),
      family_name: surname,
      given_names: given,
      birth_date: `${1938 + (seed % 84)}-${String(1 + (seed % 12)).padStart(2, "0")}-${String(1 + (seed % 28)).padStart(2, "0")}`,
      sex: seed % 2 ? "female" : "male",
      phone: `+1 555 0${String(100000 + (seed % 899999)).replace(/(\d{2})(\d{4})/, "$1 $2")}`,
    };
    if (surname === "Okonkwo-Bello") {
      Object.assign(form, {
        birth_date: "1988-03-12", sex: "female", phone: "+1 555 014 2288", language: "ig",
        notes: "Speaks Igbo, some English. Call by phone, not SMS.",
        alerts: [{ kind: "allergy", text: "Penicillin allergy" }],
      });
    }
    const patient: Patient = {
      id: newId(), publicId: surname === "Okonkwo-Bello" ? "PAT48213907" : `PAT${String(10000000 + (seed % 89999999))}`,
      rev: 1, form, archived: false,
    };
    this.patients.push(patient);
    return patient;
  }

  #sampleDay(): Appointment[] {
    return this.doctors.flatMap((doctor) =>
      doctor.sample.booked.map((row) => this.#fromSample(doctor, sampleDate, row)),
    );
  }

  #inventedDay(date: string): Appointment[] {
    if (weekday(date) >= 5) return [];
    const away = daysBetween(this.today, date);
    return this.doctors.flatMap((doctor) => {
      const column = this.#closed(doctor, date);
      if (column.some((each) => each.span.start === 0 && each.span.end === 1440)) return [];
      return doctor.sample.booked
        .filter(([, , status]) => holdsSlot(status))
        .filter(([start]) => hash(`${date}${doctor.shortName}${start}`) % 10 < (away < 0 ? 9 : 7))
        .filter(([start, minutes]) => column.every(({ span }) => span.end <= start || start + minutes <= span.start))
        .map(([start, minutes, , ...rest]) => {
          const seed = hash(`${date}${start}${doctor.name}`);
          const status: Status = away < 0
            ? seed % 11 === 0 ? "no_show" : seed % 13 === 0 ? "cancelled" : "completed"
            : seed % 3 === 0 ? "confirmed" : "scheduled";
          const other = this.patients[seed % Math.max(1, this.patients.length)];
          const surname = other?.form.family_name ?? rest[0];
          const given = other?.form.given_names ?? rest[1];
          return this.#fromSample(doctor, date, [start, minutes, status, surname, given, rest[2], ""]);
        });
    });
  }

  #fromSample(doctor: Doctor, date: string, row: SampleDoctor["booked"][number]): Appointment {
    const [start, minutes, status, surname, given, type, extra] = row;
    const patient = this.patient(surname, given);
    const waited = status === "arrived" ? Number(extra) : null;
    return {
      id: newId(), rev: 1, doctor_id: doctor.id, patient_id: patient.id, date, start, end: start + minutes, status,
      surname, short_name: `${surname}, ${initials(given)}`, full_name: `${given} ${surname}`, type_name: type,
      room: status === "in_room" ? `Room ${extra}` : "", arrived_at: waited === null ? null : "2026-11-24T15:21:00Z", waited,
      alert: patient.form.alerts.length > 0, reason: surname === "Okonkwo-Bello" ? "Blood pressure, new tablets since October" : "",
      cancelReason: status === "cancelled" ? "patient_asked" : null, cancelNote: "",
      history: history(date, status),
    };
  }
}

export function initials(given: string): string {
  return given.split(" ").map((name) => `${name[0] ?? ""}.`).join(" ");
}

function line(date: string, minute: number, op: HistoryLine["op"], actor: string): HistoryLine {
  return { at: `${date}T12:00:00Z`, date, minute, op, actor, device: "Desk 1", changes: [] };
}

function history(date: string, status: Status): HistoryLine[] {
  const lines = [line(addDays(date, -21), 610, "book", "Noor Abadi")];
  if (status !== "scheduled") lines.unshift(line(date, 468, "confirm", "Tom Reyes"));
  if (status === "arrived" || status === "in_room") lines.unshift(line(date, 621, "arrive", "Noor Abadi"));
  return lines;
}

export function emptyPatient(): PatientForm {
  return {
    family_name: "", given_names: "", called: "", birth_date: null, sex: "unknown", is_pregnant: null, phone: "",
    phone_other: "", email: "", street: "", city: "", post_code: "", language: "", channel: "sms",
    emergency_contacts: [], alerts: [], doctor_id: null, notes: "",
  };
}

function doctorOf(sample: SampleDoctor, index: number): Doctor {
  const [first, last] = [sample.works[0], sample.works.at(-1)];
  const pauses = sample.works.slice(1).map(([start], at) => ({ start: sample.works[at]?.[1] ?? start, end: start }));
  return {
    id: newId(),
    publicId: `DOC${30174000 + index * 137}`,
    rev: 1,
    sample,
    shortName: sample.name,
    name: `Dr ${sample.given} ${sample.name}`,
    active: true,
    form: {
      family_name: sample.name, given_names: sample.given, short_name: sample.name, specialty_ids: [`specialty-${sample.specialty}`],
      licence_number: `NY-${40210 + index * 77}`, licence_until: `202${7 + (index % 3)}-06-30`, phone: "", email: "",
      schedule: week(first?.[0] ?? 540, last?.[1] ?? 1020, pauses),
    },
  };
}

function clinicView(): ClinicView {
  return {
    profile: {
      name: "Northgate Clinic", short_name: "Northgate", street: "12 Northgate", city: "New York", post_code: "10001",
      phone: "+1 555 010 2000", time_zone: "America/New_York", language: "en", colour: "#1d4ed8",
    },
    hours: week(540, 1020),
    slot_minutes: 15,
    closed_days: [{ date: "2026-12-25", span: null, name: "Christmas Day" }],
    appointment_types: sampleTypes.map(([name, minutes], index) => ({ id: `type-${index}`, name, minutes })),
    specialties: [...new Set(sampleDoctors.map((doctor) => doctor.specialty))].sort().map((name) => ({ id: `specialty-${name}`, name })),
    late_after_minutes: 15,
    is_demo: true,
    rev: 1,
  };
}
