// Records of patients and doctors of the invented clinic: lists, pages, changes.
import { addDays, daysBetween, weekday } from "$lib/time/wall";
import { type Commands, Fault } from "../backend";
import type {
  Alert, AppError, DoctorForm, DoctorRow, DoctorView, ExceptionView, FieldError, PatientForm, PatientRow, PatientView, Validation,
} from "../types";
import { age } from "./schedule";
import { type Doctor, type Patient, type World, hash, newId } from "./world";

type Part = Pick<
  Commands,
  | "listPatients" | "readPatient" | "editPatient" | "archivePatient" | "listDoctors" | "readDoctor" | "countOutsideHours" | "addDoctor"
  | "editDoctor" | "addException" | "removeException"
>;

const checks: Validation[] = ["full_validated", "full_validated", "full_validated", "doctor_validated", "pending", "rejected"];
const nameOf = ({ form }: { form: { family_name: string; given_names: string } }): string => `${form.family_name}, ${form.given_names}`;

export function wrong(field: string, rule: FieldError["rule"], bound: number | null = null): Fault {
  return new Fault({ code: "validation", fields: [{ field, rule, suggestion: null, bound }] } satisfies AppError);
}

function need(form: object, fields: readonly string[]): void {
  for (const field of fields) if (!(form as Record<string, unknown>)[field]) throw wrong(field, "required");
}

export function sorted<T>(rows: T[], key: (row: T) => string | number, descending: boolean): T[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    return sign * (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y)));
  });
}

function enrich(patient: Patient, index: number, world: World): void {
  const seed = hash(patient.publicId);
  const { form } = patient;
  form.doctor_id ??= world.doctors[seed % world.doctors.length]?.id ?? null;
  form.email ||= `${form.family_name.normalize("NFD").replace(/[^a-z]/gi, "").toLowerCase()}@mail.example`;
  form.street ||= `${1 + (seed % 90)} Alder Court`;
  form.city ||= "Northgate, NY";
  form.post_code ||= String(10400 + (seed % 90));
  if (index % 9 === 4 && form.alerts.length === 0) {
    form.alerts = [{ kind: "allergy", text: "Latex" }, { kind: "access", text: "Step-free room" }].slice(0, 1 + (seed % 2)) as Alert[];
  }
  if (form.emergency_contacts.length === 0 && index % 3 === 0) {
    form.emergency_contacts = [{ name: `Sam ${form.family_name}`, relation: "Brother", phone: "+1 555 017 9034" }];
  }
}

export function recordsPart(world: World): Part {
  const exceptions = new Map<string, ExceptionView[]>();
  const archivedAt = new Map<string, string>();
  for (const back of [-90, -60, -21, -14, -7, -4, -1, 3, 6, 9, 14, 44]) world.day(addDays(world.today, back));
  world.patients.forEach((patient, index) => enrich(patient, index, world));
  const petrova = world.doctors.find((each) => each.shortName === "Petrova") ?? world.doctors[0];
  if (petrova) {
    petrova.form.licence_until = "2026-12-18";
    exceptions.set(petrova.id, [
      exceptionView("time_off", "2026-11-27", "2026-11-27", { start: 540, end: 780 }, "private", 0),
      exceptionView("time_off", "2026-12-21", "2026-12-24", null, "holiday", 3),
      exceptionView("extra_hours", "2027-01-09", "2027-01-09", { start: 540, end: 720 }, "skin check day", 0),
    ]);
  }

  function exceptionView(kind: "time_off" | "extra_hours", from: string, until: string, span: { start: number; end: number } | null, reason: string, n: number): ExceptionView {
    return { exception: { id: newId(), kind, from, until, span, reason }, entered_at: "2026-11-02T15:00:00Z", to_rebook: n };
  }
  const appointmentsOf = (patient: Patient): ReturnType<World["all"]> => world.all().filter((each) => each.patient_id === patient.id);
  const shortOf = (id: string | null): string | null => world.doctors.find((doctor) => doctor.id === id)?.shortName ?? null;

  function row(patient: Patient): PatientRow {
    const own = sorted(appointmentsOf(patient), (each) => `${each.date}${String(each.start).padStart(4, "0")}`, false);
    const next = own.find((each) => each.date >= world.today && ["scheduled", "confirmed", "needs_rebooking"].includes(each.status));
    const last = own.filter((each) => each.date <= world.today && ["completed", "arrived", "in_room"].includes(each.status)).at(-1);
    return {
      id: patient.id, public_id: patient.publicId, name: nameOf(patient), sex: patient.form.sex,
      birth_date: patient.form.birth_date ?? "1990-01-01", age: age(patient.form.birth_date, world.today),
      phone: patient.form.phone, doctor: shortOf(patient.form.doctor_id), last_seen: last?.date ?? null,
      next: next ? { date: next.date, minute: next.start, status: next.status } : null,
      validation: checks[hash(patient.id) % checks.length] ?? "pending", alerts: patient.form.alerts, archived: patient.archived, closed: false,
    };
  }

  function view(patient: Patient): PatientView {
    const { validation } = row(patient);
    const own = appointmentsOf(patient);
    return {
      id: patient.id, public_id: patient.publicId, rev: patient.rev, form: structuredClone(patient.form), name: nameOf(patient),
      age: age(patient.form.birth_date, world.today), validation,
      archived_at: archivedAt.get(patient.id) ?? null,
      doctor_name: world.doctors.find(({ id }) => id === patient.form.doctor_id)?.name ?? null,
      created_at: "2025-03-02T14:10:00Z", changed_at: "2026-09-07T14:10:00Z", changed_by: "Noor Abadi",
      appointments: own.length, no_shows: own.filter((each) => each.status === "no_show").length, account: null,
    };
  }

  function patientOf(id: string): Patient {
    const found = world.patients.find((each) => each.id === id);
    if (!found) throw new Fault({ code: "not_found" });
    return found;
  }

  function doctorOf(id: string): Doctor {
    const found = world.doctors.find((each) => each.id === id);
    if (!found) throw new Fault({ code: "not_found" });
    return found;
  }

  function doctorRow(doctor: Doctor): DoctorRow {
    const until = doctor.form.licence_until;
    return {
      id: doctor.id, public_id: doctor.publicId, name: nameOf(doctor), short_name: doctor.shortName,
      specialty: world.clinic.specialties.find(({ id }) => id === doctor.form.specialty_ids[0])?.name ?? "",
      licence_until: until, licence_days: until ? daysBetween(world.today, until) : null, active: doctor.active,
    };
  }

  function doctorView(doctor: Doctor): DoctorView {
    const own = world.all().filter((each) => each.doctor_id === doctor.id && each.date >= world.today);
    const until = doctor.form.licence_until;
    return {
      id: doctor.id, public_id: doctor.publicId, rev: doctor.rev, form: structuredClone(doctor.form), name: doctor.name,
      active: doctor.active, exceptions: exceptions.get(doctor.id) ?? [],
      patients: world.patients.filter(({ form }) => form.doctor_id === doctor.id).length, booked: own.length,
      booked_after_licence: until ? own.filter((each) => each.date > until).length : 0,
    };
  }

  function learn(names: string[]): string[] {
    return names.map((name) => {
      const id = `specialty-${name}`;
      if (!world.clinic.specialties.some((each) => each.id === id)) {
        world.clinic.specialties = sorted([...world.clinic.specialties, { id, name }], (each) => each.name, false);
      }
      return id;
    });
  }

  function keep(doctor: Doctor, form: DoctorForm, names: string[]): void {
    doctor.form = { ...structuredClone(form), specialty_ids: [...form.specialty_ids, ...learn(names)] };
    doctor.shortName = form.short_name || form.family_name;
    doctor.name = `Dr ${form.given_names} ${form.family_name}`;
  }

  return {
    async listPatients({ filter, paging }) {
      const query = filter.query.trim().toLowerCase();
      const keys: Record<string, (each: PatientRow) => string | number> = {
        name: (each) => each.name, born: (each) => each.birth_date, id: (each) => each.public_id,
        last_seen: (each) => each.last_seen ?? "", changed: (each) => each.id,
      };
      const rows = world.patients
        .filter(({ archived }) => archived === filter.archived)
        .filter(({ form }) => !filter.doctor_id || form.doctor_id === filter.doctor_id)
        .map(row)
        .filter((each) => !query || `${each.name} ${each.public_id} ${each.phone}`.toLowerCase().includes(query))
        .filter((each) => !filter.validation || each.validation === filter.validation)
        .filter((each) => !filter.with_alert || each.alerts.length > 0);
      const ordered = sorted(rows, keys[paging.sort] ?? ((each) => each.name), paging.descending);
      return {
        rows: ordered.slice(paging.page * paging.size, (paging.page + 1) * paging.size), total: rows.length,
        all: world.patients.filter(({ archived }) => !archived).length,
      };
    },
    async readPatient(id) {
      return view(patientOf(id));
    },
    async editPatient({ id, rev, form }) {
      const patient = patientOf(id);
      if (rev !== patient.rev) throw new Fault({ code: "stale", by: "Tom Reyes" });
      need(form, ["family_name", "given_names", "birth_date"]);
      form.emergency_contacts.forEach(({ phone }, at) => {
        if (phone.replace(/\D/g, "").length < 11) throw wrong(`emergency_contacts.${at}.phone`, "too_short", 1);
      });
      patient.form = structuredClone(form) as PatientForm;
      patient.rev += 1;
      world.changed("patient", id, newId());
      return { action_id: newId(), patient: view(patient) };
    },
    async archivePatient({ id, archived }) {
      const patient = patientOf(id);
      patient.archived = archived;
      patient.rev += 1;
      if (archived) archivedAt.set(id, "2026-11-24T15:42:00Z");
      else archivedAt.delete(id);
      world.changed("patient", id, newId());
      return { action_id: newId(), patient: view(patient) };
    },
    async listDoctors({ query, specialty_id, with_inactive, paging }) {
      const asked = query.trim().toLowerCase();
      const keys: Record<string, (each: DoctorRow) => string | number> = {
        name: (each) => each.name, specialty: (each) => each.specialty, licence: (each) => each.licence_until ?? "9", id: (each) => each.public_id,
      };
      const rows = world.doctors
        .filter((each) => with_inactive || each.active)
        .filter((each) => !specialty_id || each.form.specialty_ids.includes(specialty_id))
        .map(doctorRow)
        .filter((each) => `${each.name} ${each.public_id}`.toLowerCase().includes(asked));
      return { rows: sorted(rows, keys[paging.sort] ?? ((each) => each.name), paging.descending), total: rows.length };
    },
    async readDoctor(id) {
      return doctorView(doctorOf(id));
    },
    async countOutsideHours(planned) {
      const coming = world.all().filter((each) => each.date >= world.today && ["scheduled", "confirmed"].includes(each.status));
      const all = planned.kind === "doctor" ? coming.filter((each) => each.doctor_id === planned.id) : coming;
      const outside = all.filter(({ date, start, end }) => {
        const day = planned.hours[weekday(date)];
        return !day?.open || start < day.hours.start || end > day.hours.end;
      });
      const dates = outside.map(({ date }) => date).sort();
      return { appointments: dates.length, first: dates[0] ?? null };
    },
    async addDoctor({ form, new_specialties }) {
      need(form, ["family_name", "given_names"]);
      const model = world.doctors[0];
      if (!model) throw new Fault({ code: "not_found" });
      const sample = { ...model.sample, name: form.family_name, given: form.given_names, booked: [] };
      const doctor: Doctor = { ...model, sample, id: newId(), publicId: `DOC${40000000 + world.doctors.length}`, rev: 1, active: true };
      keep(doctor, form, new_specialties);
      world.doctors.push(doctor);
      world.changed("doctor", doctor.id, newId());
      return { action_id: newId(), doctor: doctorView(doctor) };
    },
    async editDoctor({ id, rev, form, new_specialties, active }) {
      const doctor = doctorOf(id);
      if (rev !== doctor.rev) throw new Fault({ code: "stale", by: "Sofia Marchetti" });
      for (const field of ["family_name", "given_names"] as const) if (!form[field]) throw wrong(`form.${field}`, "required");
      keep(doctor, form, new_specialties);
      doctor.active = active;
      doctor.rev += 1;
      world.changed("doctor", id, newId());
      return { action_id: newId(), doctor: doctorView(doctor) };
    },
    async addException({ doctor_id, kind, from, until, span, reason }) {
      const doctor = doctorOf(doctor_id);
      if (until < from) throw wrong("until", "end_before_start");
      const added = exceptionView(kind, from, until, span, reason, 0);
      exceptions.set(doctor_id, sorted([...(exceptions.get(doctor_id) ?? []), added], (each) => each.exception.from, false));
      world.changed("doctor_exception", doctor_id, newId());
      return { action_id: newId(), doctor: doctorView(doctor) };
    },
    async removeException({ doctor_id, exception_id }) {
      exceptions.set(doctor_id, (exceptions.get(doctor_id) ?? []).filter((each) => each.exception.id !== exception_id));
      world.changed("doctor_exception", doctor_id, newId());
      return { action_id: newId(), doctor: doctorView(doctorOf(doctor_id)) };
    },
  };
}
