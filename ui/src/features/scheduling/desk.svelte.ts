// What is open on the schedule, and the verbs that keys, drawer, pointer and palette share.
import { router } from "$lib/app/router.svelte";
import { session } from "$lib/app/session.svelte";
import { backend } from "$lib/backend/backend";
import type { AppError, AppointmentBox, AppointmentChanged, CancelReason, Opening, PatientHit, Place } from "$lib/backend/types";
import { dropDraft, keep, keptOf, works } from "$lib/form/drafts";
import { t } from "$lib/i18n";
import { clock } from "$lib/time/wall";
import { toasts } from "$lib/toast/toast.svelte";
import { place, say, step, stepBackOf } from "./acts";
import { Booking } from "./booking/booking.svelte";
import { type Spot, beside } from "./booking/place";
import { Moving } from "./moving.svelte";
import { Schedule } from "./schedule.svelte";
import type { Act } from "./screenActs";

export type Open =
  | { kind: "cancel"; row: AppointmentBox; spot: Spot }
  | { kind: "room"; row: AppointmentBox; spot: Spot }
  | { kind: "openings"; spot: Spot }
  | { kind: "goto"; spot: Spot }
  | { kind: "refused"; row: AppointmentBox; error: Refused; asked: { doctor: string; time: string }; minutes: number; spot: Spot };

type Refused = Extract<AppError, { code: "refused" }>;

/** The name under which a cancellation waits. */
export const cancelDraft = (appointment: string): string => `cancel:${appointment}`;

const sheetWidth = 340;

const movable = ({ status }: AppointmentBox): boolean => ["scheduled", "confirmed", "arrived", "needs_rebooking"].includes(status);

/** The name a booking waits by. One that was left with Esc or by going elsewhere gives its text to the next one; one that
 *  a lock interrupted opens again. */
const draft = "booking";

export class Desk {
  readonly schedule = new Schedule();
  readonly moving = new Moving(this.schedule);
  booking = $state.raw<Booking | null>(null);
  bookingSpot = $state.raw<Spot>({ left: 0, top: 0, notch: 0, side: "left" });
  open = $state.raw<Open | null>(null);
  #rooms = new Map<string, string>();

  readonly #person = session.me?.account_id ?? "";

  get today(): string {
    return this.schedule.view?.clock.today ?? "";
  }

  /** Whom the next booking is for, when somebody came here from a patient. */
  #guest: PatientHit | null = null;

  async bookFor(patientId: string): Promise<void> {
    const patient = await backend().readPatient(patientId);
    this.#guest = {
      id: patient.id, public_id: patient.public_id, name: patient.name, matched: [], age: patient.age,
      birth_date: patient.form.birth_date ?? this.today, phone_tail: "", alert: patient.form.alerts.length > 0,
    };
    this.showOpenings();
  }

  /** Enter: books a free slot, opens an appointment. */
  enter(query = ""): void {
    const { cursor } = this.schedule;
    if (!cursor) return;
    if (cursor.stop.kind === "appointment") this.schedule.selected = cursor.stop.id;
    else if (cursor.stop.kind === "free") this.startBooking(query);
    else this.startBooking(query);
  }

  startBooking(query = ""): void {
    const { cursor } = this.schedule;
    const column = this.schedule.columnAt(cursor?.column);
    if (!cursor || !column || !session.may("book")) return;
    const { stop } = cursor;
    const types = session.clinic?.appointment_types ?? [];
    const booking = new Booking(types, (result) => this.#booked(result));
    const free = stop.kind === "free";
    const start = Math.max(stop.start, this.schedule.view?.first_minute ?? 0);
    booking.at(
      {
        doctorId: column.column.doctor_id, doctor: column.head.name, date: column.date, start,
        room: free ? stop.gap.end - stop.start : this.schedule.wanted,
      },
      free ? stop.end - stop.start : this.schedule.wanted,
    );
    const left = keptOf<Booking>(this.#person, draft);
    if (left) booking.takeText(left);
    if (query) booking.search(query);
    if (this.#guest) booking.pick(this.#guest);
    this.bookingSpot = this.#spot(432, 460);
    this.open = null;
    this.booking = booking;
  }

  #booked(result: AppointmentChanged): void {
    dropDraft(draft, this.#person);
    this.#guest = null;
    this.booking = null;
    say(result, this.today);
    void this.#show(result.appointment);
  }

  closeBooking(): void {
    this.leave();
    this.schedule.moved += 1;
  }

  /** Keeps an open booking; also when the desk is locked or another screen is opened. */
  leave(): void {
    if (this.booking) {
      this.booking.interrupted = !works(this.#person);
      keep(this.#person, draft, this.booking);
    }
    this.booking = null;
  }

  /** Behind the lock a booking waited: it is open as it was. */
  async resume(): Promise<void> {
    const left = keptOf<Booking>(this.#person, draft);
    if (!left?.interrupted || !session.may("book")) return;
    const { doctorId, date, start } = left.slot;
    if (date !== this.schedule.date && this.schedule.isGrid) await this.schedule.go(date);
    this.schedule.putAt(doctorId, date, start);
    left.resume((result) => this.#booked(result));
    requestAnimationFrame(() => {
      this.bookingSpot = this.#spot(432, 460);
      this.booking = left;
    });
  }

  /** After a change: load and stand on it, if it is in view. */
  async #show(row: AppointmentBox): Promise<void> {
    await this.schedule.load();
    if (!this.schedule.putOn(row.id)) this.schedule.moved += 1;
  }

  act(act: Act, row: AppointmentBox): void {
    switch (act) {
      case "move":
        this.lift(row);
        return;
      case "cancel":
        this.open = { kind: "cancel", row, spot: this.#spot(sheetWidth, 300, row.id) };
        return;
      case "take_to_room":
        this.open = { kind: "room", row, spot: this.#spot(sheetWidth, 180, row.id) };
        return;
      case "open_patient":
        router.go("patients", row.patient_id);
        return;
      default:
        void this.#step(row, act);
    }
  }

  async #step(row: AppointmentBox, act: Act): Promise<void> {
    const to =
      act === "confirm" ? "confirmed"
      : act === "check_in" ? "arrived"
      : act === "complete" ? "completed"
      : act === "no_show" ? "no_show"
      : stepBackOf[row.status];
    if (!to) return;
    const error = await step(row, to, this.today);
    if (error === null || error.code === "stale") await this.schedule.load();
  }

  async cancel(row: AppointmentBox, reason: CancelReason, note: string): Promise<void> {
    const error = await step(row, "cancelled", this.today, { reason, note });
    if (error === null) this.closeSheet();
    await this.schedule.load();
  }

  roomOf(row: AppointmentBox): string {
    return (
      this.#rooms.get(row.doctor_id) ??
      this.schedule.view?.appointments.find((each) => each.doctor_id === row.doctor_id && each.room !== "")?.room ??
      ""
    );
  }

  async takeToRoom(row: AppointmentBox, room: string): Promise<void> {
    const error = await step(row, "in_room", this.today, { room });
    if (error === null) {
      this.#rooms.set(row.doctor_id, room);
      this.closeSheet();
    }
    await this.schedule.load();
  }

  lift(row: AppointmentBox): void {
    if (!movable(row)) {
      toasts.show(t("move.not_movable", { status: t(`status.${row.status}`).toLowerCase() }), { tone: "error" });
      return;
    }
    this.open = null;
    this.moving.lift(row, "keys");
    this.schedule.moved += 1;
  }

  async drop(): Promise<void> {
    const { row, moved, column: key, start, minutes } = this.moving;
    const column = this.schedule.columnAt(key);
    if (!row || !column) return;
    if (!moved) {
      this.putBack();
      return;
    }
    const to = { doctor_id: column.column.doctor_id, date: column.date, start, minutes, fold: null };
    await this.#place(row, to, column.head.name);
  }

  async #place(row: AppointmentBox, to: Place, doctor: string): Promise<void> {
    const error = await place(row, to, this.today);
    if (error?.code === "stale" && this.moving.row) {
      // Somebody else was there first: it stays lifted, and Enter moves what it is now.
      const { summary } = await backend().readAppointment(row.id);
      if (movable(summary)) {
        this.moving.renew(summary);
        await this.schedule.load();
        return;
      }
    }
    this.moving.putBack();
    if (error?.code === "refused") {
      const spot = this.#spot(sheetWidth, 290, row.id);
      this.open = { kind: "refused", row, error, asked: { doctor, time: clock(to.start) }, minutes: to.minutes, spot };
      return;
    }
    this.open = null;
    await this.schedule.load();
    if (error !== null || !this.schedule.putOn(row.id)) this.schedule.moved += 1;
  }

  /** Takes one of the nearest free slots instead. */
  async takeInstead(row: AppointmentBox, { doctor_id, doctor, date, start }: Opening, minutes: number): Promise<void> {
    await this.#place(row, { doctor_id, date, start, minutes, fold: null }, doctor);
  }

  putBack(): void {
    const row = this.moving.row;
    this.moving.putBack();
    if (row) this.schedule.putOn(row.id);
  }

  async toOpening(opening: Opening, book = false): Promise<void> {
    this.open = null;
    if (!this.schedule.isGrid) this.schedule.kind = "day";
    if (opening.date !== this.schedule.date || !this.schedule.columns.length) await this.schedule.go(opening.date);
    this.schedule.putAt(opening.doctor_id, opening.date, opening.start);
    if (book) requestAnimationFrame(() => this.startBooking());
  }

  showOpenings(): void {
    this.open = { kind: "openings", spot: this.#spot(sheetWidth, 400) };
  }

  showGoTo(): void {
    this.open = { kind: "goto", spot: this.#spot(sheetWidth, 190) };
  }

  closeSheet(): void {
    if (this.open?.kind === "cancel") dropDraft(cancelDraft(this.open.row.id));
    this.open = null;
    this.schedule.moved += 1;
  }

  async select(id: string): Promise<void> {
    this.schedule.selected = id;
    if (this.schedule.putOn(id)) return;
    const { summary } = await backend().readAppointment(id);
    this.schedule.kind = "day";
    if (this.schedule.doctorIds.length > 0) await this.schedule.pickDoctors([], "day");
    await this.schedule.go(summary.date);
    this.schedule.selected = id;
    this.schedule.putOn(id);
  }

  /** Beside the block or the caret; the one place where the layout is read. */
  #spot(width: number, height: number, id?: string): Spot {
    const sheet = document.querySelector(".sched") ?? document.body;
    const block = id ? sheet.querySelector(`[data-appointment="${id}"]`) : sheet.querySelector("[data-column] [tabindex='0']");
    const within = new DOMRect(0, 44, window.innerWidth, window.innerHeight - 76);
    const thing = block?.getBoundingClientRect() ?? new DOMRect(window.innerWidth / 2 - width / 2, 160, 0, 0);
    return beside(thing, within, width, height);
  }
}
