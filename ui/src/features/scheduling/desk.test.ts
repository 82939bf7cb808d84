// The keyboard budgets of FD-2, counted through the real key map, state and an invented clinic. A key is one press.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { session } from "$lib/app/session.svelte";
import { backend, useBackend } from "$lib/backend/backend";
import { memoryBackend } from "$lib/backend/memory";
import type { AppointmentBox } from "$lib/backend/types";
import { Desk } from "./desk.svelte";
import { scheduleKeys } from "./keys";

vi.hoisted(() => {
  // The theme asks for it as soon as it is imported.
  Object.assign(globalThis, { matchMedia: () => ({ matches: false, addEventListener: () => {} }) });
});
vi.stubGlobal("document", {
  documentElement: { dataset: {} },
  body: { querySelector: () => null },
  querySelector: () => null,
});
vi.stubGlobal("DOMRect", class {
  constructor(readonly left = 0, readonly top = 0, readonly width = 0, readonly height = 0) {}
  get right(): number { return this.left + this.width; }
  get bottom(): number { return this.top + this.height; }
});
vi.stubGlobal("window", { innerWidth: 1440, innerHeight: 900, addEventListener: () => {} });
vi.stubGlobal("requestAnimationFrame", (run: () => void) => run());

class Person {
  pressed = 0;
  readonly desk = new Desk();
  readonly #onkeydown = scheduleKeys(this.desk, {
    waiting: () => void this.desk.select(this.desk.schedule.view?.waiting[0]?.id ?? ""),
    toggleSide: () => {},
  });

  async begin(): Promise<void> {
    await session.load();
    await this.desk.schedule.start(null);
  }

  async press(...keys: string[]): Promise<void> {
    for (const spec of keys) {
      this.pressed += 1;
      const [key = "", ...mods] = spec.split("+").reverse();
      const event = {
        key, ctrlKey: mods.includes("Ctrl"), shiftKey: mods.includes("Shift"), altKey: false, metaKey: false,
        defaultPrevented: false, preventDefault: () => {}, stopPropagation: () => {},
      };
      this.#onkeydown(event as unknown as KeyboardEvent);
      await settle();
    }
  }

  /** Typing into the booking sheet and Enter in its two places. */
  async type(text: string): Promise<void> {
    for (const letter of text) {
      this.pressed += 1;
      this.desk.booking?.search((this.desk.booking.query ?? "") + letter);
    }
    await this.desk.booking?.settled;
  }
  async enterPicks(): Promise<void> {
    this.pressed += 1;
    const hit = this.desk.booking?.hits[this.desk.booking.active];
    if (hit) this.desk.booking?.pick(hit);
  }
  async enterSaves(): Promise<void> {
    this.pressed += 1;
    await this.desk.booking?.save();
    await settle();
  }

  row(id: string): AppointmentBox | undefined {
    return this.desk.schedule.view?.appointments.find((each) => each.id === id);
  }
  bySurname(surname: string): AppointmentBox {
    const row = this.desk.schedule.view?.appointments.find((each) => each.surname === surname);
    if (!row) throw new Error(`nobody called ${surname}`);
    return row;
  }
}

/** Somebody at another desk confirms it. */
async function changedElsewhere({ id, rev }: AppointmentBox): Promise<void> {
  await backend().changeStatus({ id, rev, to: "confirmed", cancel_reason: null, note: "", room: "" });
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
  await new Promise((done) => setTimeout(done, 0));
}

describe("keyboard budgets", () => {
  let person: Person;

  beforeEach(async () => {
    useBackend(memoryBackend());
    person = new Person();
    await person.begin();
  });

  it("books a known patient into the focused slot with at most 8 keys", async () => {
    await person.press("Enter");
    await person.type("tan");
    await person.enterPicks();
    await person.enterSaves();
    expect(person.desk.booking).toBeNull();
    expect(person.pressed).toBeLessThanOrEqual(8);
  });

  it("books the next free slot with at most 12 keys", async () => {
    await person.press("f");
    expect(person.desk.open?.kind).toBe("openings");
    const [first] = await person.desk.schedule.openings();
    if (!first) throw new Error("nothing free");
    person.pressed += 1;
    await person.desk.toOpening(first, true);
    await person.type("tan");
    await person.enterPicks();
    await person.enterSaves();
    const booked = person.desk.schedule.view?.appointments.some(
      (row) => row.doctor_id === first.doctor_id && row.start === first.start && row.surname.startsWith("Tan"),
    );
    expect(booked).toBe(true);
    expect(person.pressed).toBeLessThanOrEqual(12);
  });

  it("checks in with at most 4 keys", async () => {
    const row = person.bySurname("Wiśniewska");
    person.desk.schedule.putOn(row.id);
    await person.press("c");
    expect(person.row(row.id)?.status).toBe("arrived");
    expect(person.pressed).toBeLessThanOrEqual(4);
  });

  it("moves with at most 6 keys", async () => {
    const row = person.bySurname("Hernández");
    person.desk.schedule.putOn(row.id);
    await person.press("v", "ArrowUp", "ArrowUp", "Enter");
    expect(person.row(row.id)?.start).toBe(row.start - 30);
    expect(person.pressed).toBeLessThanOrEqual(6);
  });

  it("moves to another day with at most 6 keys", async () => {
    const row = person.bySurname("Hernández");
    person.desk.schedule.putOn(row.id);
    await person.press("v", "Ctrl+ArrowRight");
    expect(person.desk.schedule.date).toBe("2026-11-25");
    expect(person.desk.moving.target?.column).toContain("2026-11-25");
    await person.press("Escape");
    expect(person.desk.moving.row).toBeNull();
  });

  it("keeps what is lifted when somebody else changes it, and moves what it is now", async () => {
    const row = person.bySurname("Hernández");
    person.desk.schedule.putOn(row.id);
    await person.press("v", "ArrowUp");
    await changedElsewhere(row);
    await person.desk.schedule.load();
    expect(person.desk.moving.row?.rev).toBeGreaterThan(row.rev);
    await person.press("ArrowUp", "Enter");
    expect(person.row(row.id)).toMatchObject({ start: row.start - 30, status: "confirmed" });
  });

  it("stays lifted when the host says that it was changed, and is dropped with Enter", async () => {
    const row = person.bySurname("Hernández");
    person.desk.schedule.putOn(row.id);
    await person.press("v", "ArrowUp", "ArrowUp");
    await changedElsewhere(row);
    await person.press("Enter");
    expect(person.desk.moving.row?.id).toBe(row.id);
    await person.press("Enter");
    expect(person.desk.moving.row).toBeNull();
    expect(person.row(row.id)).toMatchObject({ start: row.start - 30, status: "confirmed" });
  });

  it("cancels with a reason with at most 6 keys", async () => {
    const row = person.bySurname("Hernández");
    person.desk.schedule.putOn(row.id);
    await person.press("Delete");
    expect(person.desk.open?.kind).toBe("cancel");
    // A digit chooses the reason, Enter cancels.
    person.pressed += 2;
    await person.desk.cancel(row, "patient_ill", "");
    expect(person.row(row.id)?.status).toBe("cancelled");
    expect(person.pressed).toBeLessThanOrEqual(6);
  });

  it("switches the view with one key", async () => {
    await person.press("w");
    expect(person.desk.schedule.kind).toBe("week");
    await person.press("m");
    expect(person.desk.schedule.kind).toBe("month");
    await person.press("d");
    expect(person.desk.schedule.kind).toBe("day");
  });

  it("undoes what was done", async () => {
    const row = person.bySurname("Wiśniewska");
    person.desk.schedule.putOn(row.id);
    await person.press("c");
    await backend().undo({ action_id: null });
    await person.desk.schedule.load();
    expect(person.row(row.id)?.status).toBe(row.status);
  });

  it("shows the rule and the nearest free slots when a booking is refused, and keeps what was typed", async () => {
    await person.press("Enter");
    await person.type("tan");
    await person.enterPicks();
    const { booking } = person.desk;
    if (!booking) throw new Error("no sheet");
    booking.reason = "knee";
    const other = person.bySurname("Tanaka");
    booking.at({ ...booking.slot, start: other.start }, 30);
    await booking.save();
    expect(booking.refused?.refusal.rule).toBe("patient_busy");
    expect(booking.refused?.alternatives.length).toBeGreaterThan(0);
    expect([booking.reason, booking.patient?.name]).toEqual(["knee", expect.stringContaining("Tanaka")]);
    const option = booking.refused?.alternatives.find((each) => each.start >= other.end || each.start + 30 <= other.start);
    if (option) await booking.take(option);
    expect(person.desk.booking).toBeNull();
  });

  it("keeps the text of a booking that was left with Esc", async () => {
    await person.press("Enter");
    await person.type("tan");
    person.desk.closeBooking();
    await person.press("Enter");
    expect(person.desk.booking?.query).toBe("tan");
  });
});
