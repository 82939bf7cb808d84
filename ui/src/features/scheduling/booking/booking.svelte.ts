// A booking in the making: where, for whom, what kind. Nothing that was typed is lost by a refusal, a step back or the
// lock.
import { backend, errorOf, newRequestId } from "$lib/backend/backend";
import type { AppError, AppointmentChanged, AppointmentTypeView, Fold, Opening, PatientHit, Sex } from "$lib/backend/types";
import { faults } from "$lib/errors/faults.svelte";
import { errorWords, severityOf } from "$lib/errors/words";
import type { Waiting } from "$lib/form/drafts";

export interface Slot {
  doctorId: string;
  doctor: string;
  date: string;
  start: number;
  /** Free minutes from there. */
  room: number;
}

/** Somebody without a record, as far as typed; `query` is what was searched for before. */
export interface Newcomer {
  query: string;
  family: string;
  given: string;
  born: string;
  sex: Sex;
  phone: string;
}

type Refused = Extract<AppError, { code: "refused" }>;

/** "osei abena" → family "Osei", given "Abena". */
function split(query: string): [string, string] {
  const words = query.replace(/[\d,]+/g, " ").trim().split(/\s+/).filter(Boolean);
  const upper = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return [upper[0] ?? "", upper.slice(1).join(" ")];
}

export class Booking implements Waiting {
  slot = $state.raw<Slot>({ doctorId: "", doctor: "", date: "", start: 0, room: 30 });
  minutes = $state(30);
  query = $state("");
  hits = $state.raw<readonly PatientHit[]>([]);
  active = $state(0);
  patient = $state.raw<PatientHit | null>(null);
  typeId = $state<string | null>(null);
  reason = $state("");
  refused = $state.raw<Refused | null>(null);
  fault = $state<string | null>(null);
  adding = $state(false);
  newcomer = $state<Newcomer | null>(null);
  /** The desk was locked over it: it opens again as it was. */
  interrupted = false;
  /** The choice among the nearest free slots after a refusal. */
  alternative = $state(0);
  /** Which of the two, when the clocks go back and the time happens twice. */
  fold = $state<Fold | null>(null);
  busy = false;
  #request = newRequestId();
  #asked = 0;

  constructor(readonly types: readonly AppointmentTypeView[], private book: (result: AppointmentChanged) => void) {}

  get dirty(): boolean {
    return this.query !== "" || this.reason !== "" || this.patient !== null || this.newcomer !== null;
  }

  /** Goes on in a schedule that was built anew. */
  resume(book: (result: AppointmentChanged) => void): void {
    this.book = book;
    this.interrupted = false;
  }

  /** The text of a booking that was left; where and for whom are chosen anew. */
  takeText({ query, reason, newcomer }: Booking): void {
    this.reason = reason;
    this.newcomer = newcomer;
    if (query) this.search(query);
  }

  /** The minimum record of somebody new, with what was typed for this search, or guessed from it. */
  add(): void {
    if (this.newcomer?.query !== this.query) {
      const [family, given] = split(this.query);
      this.newcomer = { query: this.query, family, given, born: "", sex: "unknown", phone: "" };
    }
    this.adding = true;
  }

  at(slot: Slot, minutes: number): void {
    this.slot = slot;
    this.minutes = minutes;
    // The kind that usually takes as long as what was asked for.
    this.typeId ??= this.types.find((type) => type.minutes === minutes)?.id ?? null;
    this.refused = null;
    this.fault = null;
  }

  /** The answer to the last keystroke; Enter waits for it, so that it never takes the answer to an earlier one. */
  settled: Promise<void> = Promise.resolve();

  search(query: string): void {
    this.settled = this.#search(query);
  }

  async #search(query: string): Promise<void> {
    this.query = query;
    this.#asked += 1;
    const mine = this.#asked;
    if (query.trim().length < 1) {
      this.hits = [];
      return;
    }
    try {
      const hits = await backend().searchPatients({ query, limit: 6 });
      if (mine !== this.#asked) return;
      this.hits = hits;
      this.active = 0;
    } catch (thrown) {
      this.fault = errorWords(errorOf(thrown));
    }
  }

  pick(hit: PatientHit): void {
    this.patient = hit;
    this.adding = false;
    this.fault = null;
  }

  unpick(): void {
    this.patient = null;
  }

  /** A type sets its usual length, as far as the gap goes. */
  pickType(type: AppointmentTypeView): void {
    if (this.typeId === type.id) {
      this.typeId = null;
      return;
    }
    this.typeId = type.id;
    this.minutes = type.minutes;
  }

  get longerThanGap(): boolean {
    return this.minutes > this.slot.room;
  }

  /** A double Enter books once: the same request goes out. */
  async save(): Promise<void> {
    if (!this.patient || this.busy) return;
    this.busy = true;
    try {
      const result = await backend().book({
        request_id: this.#request,
        place: { doctor_id: this.slot.doctorId, date: this.slot.date, start: this.slot.start, minutes: this.minutes, fold: this.fold },
        patient_id: this.patient.id,
        type_id: this.typeId,
        reason: this.reason,
      });
      this.book(result);
    } catch (thrown) {
      this.#refuse(errorOf(thrown));
    } finally {
      this.busy = false;
    }
  }

  #refuse(error: AppError): void {
    this.#request = newRequestId();
    if (error.code === "refused") {
      this.refused = error;
      this.alternative = 0;
    } else if (severityOf(error) === "dialog") {
      faults.say(error, () => void this.save());
    } else {
      this.fault = errorWords(error);
    }
  }

  /** The same place at the first or the second of two equal times. */
  async meant(fold: Fold): Promise<void> {
    this.fold = fold;
    this.refused = null;
    await this.save();
  }

  /** Takes one of the nearest free slots and books there. */
  async take(opening: Opening): Promise<void> {
    this.slot = { doctorId: opening.doctor_id, doctor: opening.doctor, date: opening.date, start: opening.start, room: opening.minutes };
    this.fold = null;
    this.refused = null;
    await this.save();
  }
}
