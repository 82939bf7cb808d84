// Search and records of the invented clinic.
import { monthGrid, parseDate } from "$lib/time/wall";
import { type Commands, Fault } from "../backend";
import type { DoctorHit, DuplicateHit, PatientForm, PatientHit, PatientView, Span } from "../types";
import { age } from "./schedule";
import { type Patient, type World, newId } from "./world";

type Part = Pick<Commands, "searchPatients" | "find" | "findDuplicates" | "addPatient" | "readPatient" | "readClinic">;

const fold = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ı", "i").replaceAll("ø", "o").toLowerCase();

/** Where each part of the query begins a word of the name; null when one is nowhere. */
function match(name: string, query: string): Span[] | null {
  const folded = fold(name);
  const found: Span[] = [];
  for (const part of fold(query).split(/\s+/).filter(Boolean)) {
    const at = folded.search(new RegExp(`(^|[\\s,'-])${part.replace(/[^\p{L}\d]/gu, ".")}`, "u"));
    if (at < 0) return null;
    const start = at === 0 && folded.startsWith(part) ? 0 : at + 1;
    found.push({ start, end: start + part.length });
  }
  return found;
}

export function peoplePart(world: World): Part {
  const nameOf = ({ form }: Patient): string => `${form.family_name}, ${form.given_names}`;

  function hit(patient: Patient, matched: Span[]): PatientHit {
    return {
      id: patient.id, public_id: patient.publicId, name: nameOf(patient), matched,
      birth_date: patient.form.birth_date ?? "1990-01-01", age: age(patient.form.birth_date, world.today),
      phone_tail: patient.form.phone.replace(/\D/g, "").slice(-4), alert: patient.form.alerts.length > 0,
    };
  }

  function search(query: string, limit: number): PatientHit[] {
    if (query.trim() === "") return [];
    const digits = query.replace(/\D/g, "");
    return world.patients
      .flatMap((patient) => {
        const matched = match(nameOf(patient), query);
        if (matched) return [hit(patient, matched)];
        const numbers = `${patient.publicId} ${patient.form.phone.replace(/\D/g, "")}`;
        return digits.length >= 3 && numbers.includes(digits) ? [hit(patient, [])] : [];
      })
      .sort((a, b) => (a.matched[0]?.start ?? 99) - (b.matched[0]?.start ?? 99) || a.name.localeCompare(b.name))
      .slice(0, limit);
  }

  function duplicates(form: PatientForm): DuplicateHit[] {
    return world.patients
      .filter((patient) => fold(patient.form.family_name) === fold(form.family_name) && form.family_name !== "")
      .flatMap((patient): DuplicateHit[] => {
        const sameBirth = patient.form.birth_date === form.birth_date;
        const sameGiven = fold(patient.form.given_names) === fold(form.given_names);
        if (!sameBirth && !sameGiven) return [];
        return [{
          id: patient.id, public_id: patient.publicId, name: nameOf(patient),
          birth_date: patient.form.birth_date ?? "1990-01-01", phone: patient.form.phone, exact: sameBirth && sameGiven,
          same: [sameGiven ? "name" : "similar_name", ...(sameBirth ? (["birth_date"] as const) : [])],
        }];
      });
  }

  function view(patient: Patient): PatientView {
    return {
      id: patient.id, public_id: patient.publicId, rev: patient.rev, form: structuredClone(patient.form),
      name: nameOf(patient), age: age(patient.form.birth_date, world.today),
      validation: "pending", archived_at: null, doctor_name: null, created_at: "2026-11-03T14:10:00Z",
      changed_at: "2026-11-03T14:10:00Z", changed_by: "Noor Abadi", appointments: 6, no_shows: 1, account: null,
    };
  }

  return {
    async readClinic() {
      return structuredClone(world.clinic);
    },
    async searchPatients({ query, limit }) {
      return search(query, limit);
    },
    async find({ query, limit }) {
      const doctors: DoctorHit[] = world.doctors.flatMap((doctor) => {
        const matched = match(doctor.name, query);
        return matched ? [{ id: doctor.id, name: doctor.name, matched, specialty: doctor.sample.specialty }] : [];
      });
      return { patients: search(query, limit), doctors: doctors.slice(0, limit), dates: dates(query, world.today) };
    },
    async findDuplicates(form) {
      return duplicates(form);
    },
    async addPatient({ form, accept_duplicates }) {
      const fields = (["family_name", "given_names", "birth_date"] as const)
        .filter((field) => !form[field])
        .map((field) => ({ field, rule: "required" as const, suggestion: null, bound: null }));
      if (fields.length > 0) throw new Fault({ code: "validation", fields });
      const hits = duplicates(form);
      if (hits.length > 0 && !accept_duplicates) throw new Fault({ code: "duplicates", hits });
      const patient: Patient = { id: newId(), publicId: `PAT${40000000 + world.patients.length}`, rev: 1, form, archived: false };
      world.patients.push(patient);
      const action = newId();
      world.changed("patient", patient.id, action);
      return { action_id: action, patient: view(patient) };
    },
    async readPatient(id) {
      const patient = world.patients.find((each) => each.id === id);
      if (!patient) throw new Fault({ code: "not_found" });
      return view(patient);
    },
  };
}

function dates(query: string, today: string): string[] {
  const text = query.trim().toLowerCase();
  const exact = parseDate(/\d{4}$/.test(text) ? text : `${text} ${today.slice(0, 4)}`, "2099-12-31");
  if (exact) return [exact];
  const day = /^\d{1,2}$/.exec(text);
  if (!day) return [];
  return monthGrid(today).filter((date) => date.startsWith(today.slice(0, 7)) && Number(date.slice(8)) === Number(text));
}

