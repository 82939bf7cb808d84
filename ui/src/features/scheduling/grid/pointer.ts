// Pointer on the sheet: click selects, double click opens, drag moves, drag of the lower edge changes the length. The
// layout is read once, when a drag begins.
import type { AppointmentBox } from "$lib/backend/types";
import { stopAt } from "$lib/grid/layout";
import type { Moving } from "../moving.svelte";
import type { Schedule } from "../schedule.svelte";

interface Parts {
  schedule: () => Schedule;
  moving: () => Moving;
  sheet: () => HTMLElement;
  select: (row: AppointmentBox) => void;
  open: () => void;
  drop: () => void;
}

interface Press {
  row: AppointmentBox;
  x: number;
  y: number;
  resize: boolean;
  /** Pointer inside the block. */
  offset: { x: number; y: number };
  box: DOMRect;
  columns: { key: string; left: number; right: number }[];
  top: number;
  quarter: number;
  dragging: boolean;
}

const threshold = 4;
const edge = 6;

export function pointerOf(parts: Parts) {
  let press: Press | null = null;

  function down(event: PointerEvent): void {
    if (event.button !== 0 || !(event.target instanceof Element)) return;
    const block = event.target.closest<HTMLElement>("[data-appointment]");
    const column = event.target.closest<HTMLElement>("[data-column]");
    // While something is lifted by a key or a button, a click says where it goes: no drag is ever needed.
    if (parts.moving().row) {
      if (column) aim(event, column);
      return;
    }
    const row = block && parts.schedule().view?.appointments.find((each) => each.id === block.dataset.appointment);
    if (block && row) press = begin(event, block, row);
    else if (column) standAt(event, column);
  }

  function begin(event: PointerEvent, block: HTMLElement, row: AppointmentBox): Press {
    const sheet = parts.sheet();
    const box = block.getBoundingClientRect();
    const all = [...sheet.querySelectorAll<HTMLElement>("[data-column]")];
    const columns = all.map((each) => {
      const { left, right } = each.getBoundingClientRect();
      return { key: each.dataset.column ?? "", left, right };
    });
    const view = parts.schedule().view;
    const whole = all[0]?.getBoundingClientRect();
    const quarters = view ? (view.last_minute - view.first_minute) / 15 : 40;
    return {
      row, box, columns, x: event.clientX, y: event.clientY, dragging: false,
      offset: { x: event.clientX - box.left, y: event.clientY - box.top },
      resize: box.bottom - event.clientY <= edge && box.height > 3 * edge,
      top: whole?.top ?? 0,
      quarter: (whole?.height ?? 720) / quarters,
    };
  }

  function aim(event: PointerEvent, column: HTMLElement): void {
    const moving = parts.moving();
    const view = parts.schedule().view;
    if (!view) return;
    event.preventDefault();
    moving.column = column.dataset.column ?? moving.column;
    const minute = Math.floor(minuteAt(event, column) / view.slot_minutes) * view.slot_minutes;
    moving.start = Math.min(view.last_minute - moving.minutes, minute);
  }

  function minuteAt(event: PointerEvent, column: HTMLElement): number {
    const view = parts.schedule().view;
    const box = column.getBoundingClientRect();
    const share = (event.clientY - box.top) / box.height;
    return view ? view.first_minute + share * (view.last_minute - view.first_minute) : 0;
  }

  /** A click on open or closed time puts the keyboard there. */
  function standAt(event: PointerEvent, column: HTMLElement): void {
    const schedule = parts.schedule();
    const model = schedule.columnAt(column.dataset.column);
    const view = schedule.view;
    if (!model || !view) return;
    const exact = minuteAt(event, column);
    const list = schedule.stopsOf(model);
    const minute = Math.floor(exact / view.slot_minutes) * view.slot_minutes;
    // Inside a gap that is no longer than what is wanted, the whole gap is meant.
    const gap = model.gaps.find((each) => each.start <= exact && exact < each.end);
    const start = gap && gap.end - gap.start <= schedule.wanted ? gap.start : Math.max(minute, gap?.start ?? minute);
    const stop = stopAt(list, start);
    if (!stop) return;
    event.preventDefault();
    schedule.put(model, stop);
  }

  function move(event: PointerEvent): void {
    if (!press) return;
    const far = Math.hypot(event.clientX - press.x, event.clientY - press.y) > threshold;
    if (!press.dragging && far) {
      press.dragging = true;
      parts.sheet().setPointerCapture(event.pointerId);
      parts.moving().lift(press.row, "pointer");
    }
    if (press.dragging) drag(event, press);
  }

  function drag(event: PointerEvent, from: Press): void {
    const moving = parts.moving();
    const schedule = parts.schedule();
    const view = schedule.view;
    if (!view) return;
    const at = (y: number): number => view.first_minute + ((y - from.top) / from.quarter) * 15;
    const snap = (minute: number): number => Math.round(minute / view.slot_minutes) * view.slot_minutes;
    if (from.resize) {
      moving.minutes = Math.max(view.slot_minutes, snap(at(event.clientY)) - from.row.start);
      return;
    }
    const column = from.columns.find((each) => each.left <= event.clientX && event.clientX < each.right);
    if (column) moving.column = column.key;
    moving.start = Math.min(view.last_minute - moving.minutes, Math.max(view.first_minute, snap(at(event.clientY - from.offset.y))));
    moving.pointer = {
      x: event.clientX - from.offset.x, y: event.clientY - from.offset.y, width: from.box.width, height: from.box.height,
    };
  }

  function up(): void {
    const done = press;
    press = null;
    if (!done) return;
    if (done.dragging) parts.drop();
    else parts.select(done.row);
  }

  function cancel(): void {
    press = null;
    parts.moving().putBack();
  }

  function double(event: MouseEvent): void {
    if (event.target instanceof Element && event.target.closest("[data-column]")) parts.open();
  }

  return { down, move, up, cancel, double };
}
