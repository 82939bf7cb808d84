// The form of a patient, new or known: what was typed, what would change, who looks alike.
import { backend, errorOf, newRequestId } from "$lib/backend/backend";
import type { DuplicateHit, PatientForm, PatientView } from "$lib/backend/types";
import { router } from "$lib/app/router.svelte";
import { session } from "$lib/app/session.svelte";
import { doctorChoices } from "$lib/clinic/doctors";
import { Draft, focusField, type Missing } from "$lib/form/draft.svelte";
import { draftOf, dropDraft } from "$lib/form/drafts";
import { hasMessage, t } from "$lib/i18n";
import { acted, complain } from "$lib/toast/acted";
import { fullDate } from "$lib/time/wall";
import { emergency } from "./emergency/emergency.svelte";
import { languageName } from "./words";

export function emptyForm(): PatientForm {
  return {
    family_name: "", given_names: "", called: "", birth_date: null, sex: "unknown", is_pregnant: null, phone: "",
    phone_other: "", email: "", street: "", city: "", post_code: "", language: "", channel: "call",
    emergency_contacts: [], alerts: [], doctor_id: null, notes: "",
  };
}

export class PatientEditor {
  view = $state.raw<PatientView | null>(null);
  draft = $state.raw<Draft<PatientForm> | null>(null);
  gone = $state(false);
  stale = $state(false);
  twins = $state.raw<DuplicateHit[]>([]);
  doctors = $state.raw<{ value: string; label: string }[]>([]);
  readonly #request = newRequestId();
  readonly #name: string;

  constructor(readonly id: string | null) {
    this.#name = `patient:${id ?? "new"}`;
  }

  async load(): Promise<void> {
    void doctorChoices().then((doctors) => (this.doctors = doctors));
    if (this.id === null) {
      this.draft = this.#draft(emptyForm());
      return;
    }
    // What is open in an emergency is read and not changed.
    if (emergency.covers(this.id)) return router.go("patients", this.id);
    try {
      this.view = await backend().readPatient(this.id);
      this.draft = this.#draft(this.view.form);
      if (JSON.stringify(this.draft.base) !== JSON.stringify(this.view.form)) this.draft.rebase(this.view.form);
    } catch (thrown) {
      const { code } = errorOf(thrown);
      if (code === "not_found") this.gone = true;
      else if (code === "forbidden") router.go("patients", this.id);
      else complain(thrown);
    }
  }

  #draft(form: PatientForm): Draft<PatientForm> {
    return draftOf(session.me?.account_id ?? "", this.#name, () => new Draft(form));
  }

  /** What a new record still needs. */
  readonly missing = $derived.by((): Missing | null => {
    const form = this.draft?.value;
    if (!form || this.id !== null) return null;
    if (!form.family_name.trim()) return { field: "family_name", words: t("form.create_name") };
    if (!form.given_names.trim()) return { field: "given_names", words: t("form.create_name") };
    return form.birth_date ? null : { field: "birth_date", words: t("form.create_birth") };
  });
  /** Why it cannot be saved yet, in the words of the button. */
  readonly reason = $derived.by((): string | null => {
    const same = this.id !== null && this.draft !== null && !this.draft.dirty;
    return this.missing?.words ?? (same ? t("form.no_changes") : null);
  });

  async save(accept: boolean): Promise<void> {
    const { draft } = this;
    if (this.missing) focusField(this.missing.field);
    if (!draft || this.reason !== null) return;
    this.stale = false;
    const done = await draft.send((form) =>
      this.view
        ? backend().editPatient({ id: this.view.id, rev: this.view.rev, form })
        : backend().addPatient({ request_id: this.#request, form, accept_duplicates: accept }),
    );
    if (done) {
      dropDraft(this.#name);
      acted(t(this.view ? "form.saved" : "form.added", { name: done.patient.name }), done.action_id);
      router.go("patients", done.patient.id);
    } else if (draft.error?.code === "duplicates") {
      this.twins = draft.error.hits;
      draft.error = null;
    } else if (draft.error?.code === "stale" && this.id) {
      this.view = await backend().readPatient(this.id);
      draft.rebase(this.view.form);
      this.stale = true;
    }
  }

  /** Leaves; what was typed waits for the next time. */
  leave(): void {
    if (this.id) router.go("patients", this.id);
    else router.go("patients");
  }

  discard(): void {
    dropDraft(this.#name);
    this.leave();
  }

  use(twin: DuplicateHit): void {
    dropDraft(this.#name);
    router.go("patients", twin.id);
  }

  addContact(): void {
    this.draft?.value.emergency_contacts.push({ name: "", relation: "", phone: "" });
  }

  addAlert(): void {
    this.draft?.value.alerts.push({ kind: "allergy", text: "" });
  }

  /** The label of a field by its path. */
  label(path: string): string {
    const [head = "", at, part] = path.split(".");
    if (head === "emergency_contacts" && part) {
      const name = this.draft?.value.emergency_contacts[Number(at)]?.name || t("form.contact_number", { n: Number(at) + 1 });
      return t("form.contact_of", { field: t(`form.contact_${part as "name" | "relation" | "phone"}`), name });
    }
    if (head === "alerts") return t("form.alert_number", { n: Number(at ?? 0) + 1 });
    const key = `form.${head}`;
    return hasMessage(key) ? t(key) : head;
  }

  /** A value of a field as it is said. */
  words(path: string, value: unknown): string {
    if (path === "is_pregnant") return t(value === true ? "form.pregnant.yes" : value === false ? "form.pregnant.no" : "form.pregnant.unknown");
    if (value === undefined || value === null || value === "") return t("form.empty_value");
    const text = String(value);
    if (path === "birth_date") return fullDate(text);
    if (path === "language") return languageName(text);
    if (path === "doctor_id") return this.doctors.find((doctor) => doctor.value === text)?.label ?? text;
    const key = { sex: `sex.${text}`, channel: `channel.${text}` }[path] ?? (/^alerts\.\d+\.kind$/.test(path) ? `alert.${text}` : "");
    return hasMessage(key) ? t(key) : text;
  }
}
