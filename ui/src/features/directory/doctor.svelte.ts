// One doctor being looked at or edited. What was typed waits when another one is chosen.
import { backend, errorOf, newRequestId } from "$lib/backend/backend";
import type { AddException, DoctorForm, DoctorView, ExceptionView, WeeklyHours } from "$lib/backend/types";
import { router } from "$lib/app/router.svelte";
import { session } from "$lib/app/session.svelte";
import { usualWeek } from "$lib/clinic/hours";
import { Draft, focusField, type Missing } from "$lib/form/draft.svelte";
import { draftOf, dropDraft } from "$lib/form/drafts";
import { hasMessage, t } from "$lib/i18n";
import { acted, complain } from "$lib/toast/acted";
import { dayMonth, shortDate } from "$lib/time/wall";

export interface DoctorDraft {
  form: DoctorForm;
  new_specialties: string[];
}

function emptyForm(): DoctorForm {
  return {
    family_name: "", given_names: "", short_name: "", specialty_ids: [], licence_number: "", licence_until: null,
    phone: "", email: "", schedule: structuredClone(session.clinic?.hours ?? usualWeek()) as WeeklyHours,
  };
}

export class DoctorEditor {
  view = $state.raw<DoctorView | null>(null);
  draft = $state.raw<Draft<DoctorDraft> | null>(null);
  gone = $state(false);
  stale = $state(false);
  /** The exception that is being entered. */
  entering = $state(false);
  readonly #request = newRequestId();
  readonly #name: string;

  constructor(readonly id: string | null) {
    this.#name = `doctor:${id ?? "new"}`;
  }

  async load(): Promise<void> {
    if (this.id === null) {
      this.draft = this.#open(emptyForm());
      return;
    }
    try {
      this.#take(await backend().readDoctor(this.id));
    } catch (thrown) {
      if (errorOf(thrown).code === "not_found") this.gone = true;
      else complain(thrown);
    }
  }

  #open(form: DoctorForm): Draft<DoctorDraft> {
    return draftOf(session.me?.account_id ?? "", this.#name, () => new Draft<DoctorDraft>({ form, new_specialties: [] }));
  }

  /** Shows the record as it is now, with what was typed here on top. */
  #take(view: DoctorView): void {
    this.view = view;
    this.draft ??= this.#open(view.form);
    const fresh = { form: view.form, new_specialties: [] };
    if (!this.draft.dirty) this.draft.start(fresh);
    else if (JSON.stringify(this.draft.base) !== JSON.stringify(fresh)) this.draft.rebase(fresh);
  }

  /** What a new doctor still needs. */
  readonly missing = $derived.by((): Missing | null => {
    if (!this.draft || this.id !== null) return null;
    const { family_name, given_names } = this.draft.value.form;
    if (!given_names.trim()) return { field: "form.given_names", words: t("doctor.create_name") };
    return family_name.trim() ? null : { field: "form.family_name", words: t("doctor.create_name") };
  });
  readonly reason = $derived.by((): string | null => {
    const draft = this.draft;
    if (!session.may("manage_doctors")) return t("doctors.read_only");
    if (!draft) return null;
    if (this.id !== null) return draft.dirty ? null : t("form.no_changes");
    return this.missing?.words ?? null;
  });

  async save(): Promise<void> {
    if (this.missing) focusField(this.missing.field);
    if (!this.draft || this.reason !== null) return;
    await this.#send(this.view?.active ?? true, this.view ? "doctor.saved" : "doctor.added");
  }

  async setActive(active: boolean): Promise<void> {
    await this.#send(active, active ? "doctor.reinstated" : "doctor.retired");
  }

  async #send(active: boolean, said: "doctor.saved" | "doctor.added" | "doctor.retired" | "doctor.reinstated"): Promise<void> {
    const { draft, view } = this;
    if (!draft) return;
    this.stale = false;
    const done = await draft.send((value) =>
      view
        ? backend().editDoctor({ id: view.id, rev: view.rev, form: value.form, new_specialties: value.new_specialties, active })
        : backend().addDoctor({ request_id: this.#request, form: value.form, new_specialties: value.new_specialties }),
    );
    if (done) {
      dropDraft(this.#name);
      draft.start({ form: done.doctor.form, new_specialties: [] });
      this.view = done.doctor;
      acted(t(said, { name: done.doctor.name }), done.action_id);
      if (done.doctor.id !== this.id) router.go("doctors", done.doctor.id);
      void session.refresh();
    } else if (draft.error?.code === "stale" && this.id) {
      this.#take(await backend().readDoctor(this.id));
      this.stale = true;
    }
  }

  discard(): void {
    dropDraft(this.#name);
    if (this.id === null) router.go("doctors");
    else if (this.draft) this.draft.start(this.draft.base);
  }

  async addException(request: Omit<AddException, "request_id" | "doctor_id">): Promise<void> {
    if (!this.view) return;
    const done = await backend().addException({ ...request, request_id: newRequestId(), doctor_id: this.view.id });
    this.#take(done.doctor);
    this.leaveException();
    acted(t("doctor.exception_added", { kind: t(`doctor.kind.${request.kind}`), when: daysWords(request.from, request.until) }), done.action_id);
  }

  /** The name by which an exception waits behind the lock. */
  get exceptionDraft(): string {
    return `exception:${this.id ?? ""}`;
  }

  leaveException(): void {
    dropDraft(this.exceptionDraft);
    this.entering = false;
  }

  async removeException({ exception }: ExceptionView): Promise<void> {
    if (!this.view) return;
    try {
      const done = await backend().removeException({ doctor_id: this.view.id, exception_id: exception.id });
      this.#take(done.doctor);
      acted(t("doctor.exception_removed", { kind: t(`doctor.kind.${exception.kind}`), when: daysWords(exception.from, exception.until) }), done.action_id);
    } catch (thrown) {
      complain(thrown);
    }
  }

  label(path: string): string {
    const part = path.replace(/^form\./, "").split(".")[0] ?? "";
    if (part === "schedule") return t("doctor.schedule");
    if (part === "specialty_ids" || part === "new_specialties") return t("doctor.specialties");
    const key = `doctor.${part}`;
    return hasMessage(key) ? t(key) : part;
  }
}

/** "Fri 27 Nov", "21 – 24 Dec", "28 Dec – 3 Jan". */
export function daysWords(from: string, until: string): string {
  if (from === until) return shortDate(from);
  const start = from.slice(0, 7) === until.slice(0, 7) ? String(Number(from.slice(8))) : dayMonth(from);
  return t("time.span", { from: start, to: dayMonth(until) });
}
