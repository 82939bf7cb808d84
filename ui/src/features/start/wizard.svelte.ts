// The first run: five steps, of which only the administrator is needed. Everything typed stays until the end, also on
// the steps that are skipped; nothing is sent before the last one.
import { backend, errorOf, newRequestId } from "$lib/backend/backend";
import type { AppError, ClinicProfile, FirstDoctor, SetUpClinic, SessionState, StoreKeyPlace, WeeklyHours } from "$lib/backend/types";
import { usualWeek, widest, withinWeek } from "$lib/clinic/hours";
import { homeZone } from "$lib/clinic/zones";
import { errorWords, fieldErrors } from "$lib/errors/words";
import type { Missing } from "$lib/form/draft.svelte";
import { t } from "$lib/i18n";
import { PasswordCheck } from "$lib/password/check.svelte";
import { complain } from "$lib/toast/acted";
import type { PastedDoctor } from "./pastedDoctors";

export const steps = ["admin", "clinic", "hours", "doctors", "data"] as const;
export type Step = (typeof steps)[number];

export interface DoctorLine extends PastedDoctor {
  key: number;
}

const emptyLine: PastedDoctor = { family_name: "", given_names: "", specialty: "", licence_number: "", start: null, end: null };

const stepOf: [RegExp, Step][] = [
  [/^(admin|password)/, "admin"],
  [/^profile/, "clinic"],
  [/^(hours|slot_minutes)/, "hours"],
  [/^doctors/, "doctors"],
];

/** Whether something was typed into a line. */
export const isFilled = (line: PastedDoctor): boolean =>
  [line.family_name, line.given_names, line.specialty, line.licence_number].some((text) => text.trim() !== "");

export class Wizard {
  step = $state<Step>("admin");
  admin = $state({ given_names: "", family_name: "", email: "", user_name: "" });
  password = $state("");
  readonly check = new PasswordCheck();
  profile = $state<ClinicProfile>({
    name: "", short_name: "", street: "", city: "", post_code: "", phone: "",
    time_zone: homeZone, language: "en", colour: "#191e27",
  });
  hours = $state<WeeklyHours>(usualWeek());
  slot = $state("30");
  doctors = $state<DoctorLine[]>([]);
  data = $state<"empty" | "demo">("empty");
  /** Where the key of the store is. */
  place = $state<StoreKeyPlace>("keystore");
  /** Whether the staff alone opens the store, as far as somebody said so. */
  staffChosen = $state<boolean | null>(null);
  busy = $state(false);
  error = $state.raw<AppError | null>(null);
  skipped = $state<Step[]>([]);
  readonly #request = newRequestId();
  #lines = 0;

  constructor() {
    this.addDoctor();
  }

  readonly number = $derived(steps.indexOf(this.step));
  readonly context = $derived([
    this.admin.given_names, this.admin.family_name, this.admin.email.split("@")[0] ?? "", this.admin.user_name, this.profile.name,
  ]);
  /** Who has to type a passphrase anyway chooses that in the settings: it would have to be typed once more here. */
  readonly canBeStaff = $derived(this.place !== "passphrase");
  readonly staff = $derived(this.canBeStaff && (this.staffChosen ?? this.data === "empty"));
  readonly errors = $derived(fieldErrors(this.error));
  readonly trouble = $derived(this.error && this.error.code !== "validation" ? errorWords(this.error) : null);
  readonly filled = $derived(this.doctors.filter(isFilled));
  readonly week = $derived(this.skipped.includes("hours") ? usualWeek() : this.hours);

  /** What this step cannot be left forwards without. */
  readonly missing = $derived.by((): Missing | null => {
    if (this.step === "admin") return this.#missingAdmin();
    if (this.step === "clinic" && !this.profile.name.trim()) return { field: "profile.name", words: t("start.blocked.name") };
    if (this.step === "doctors") {
      const open = this.doctors.findIndex((line) => isFilled(line) && (!line.family_name.trim() || !line.given_names.trim()));
      const part = this.doctors[open]?.family_name.trim() ? "given_names" : "family_name";
      if (open >= 0) return { field: `doctors.${open}.${part}`, words: t("start.blocked.doctor", { n: open + 1 }) };
    }
    return null;
  });
  /** Why this step cannot be left forwards, in the words of its button. */
  readonly blocked = $derived(this.busy ? t("start.busy") : (this.missing?.words ?? null));

  #missingAdmin(): Missing | null {
    const { report } = this.check;
    if (!this.admin.given_names.trim()) return { field: "admin.given_names", words: t("start.blocked.given") };
    if (!this.admin.family_name.trim()) return { field: "admin.family_name", words: t("start.blocked.family") };
    if (report.length < report.least) return { field: "password", words: t("start.blocked.short", { n: report.least - report.length }) };
    if (report.common) return { field: "password", words: t("start.blocked.common") };
    return report.context ? { field: "password", words: t("start.blocked.context") } : null;
  }

  addDoctor(): void {
    this.doctors.push({ key: this.#lines++, ...emptyLine });
  }

  /** Puts doctors in at this line, which goes away if it is an empty one. */
  insertDoctors(at: number, doctors: readonly PastedDoctor[]): void {
    const lines = doctors.map((doctor) => ({ key: this.#lines++, ...doctor }));
    const line = this.doctors[at];
    this.doctors.splice(at, line && !isFilled(line) ? 1 : 0, ...lines);
    const last = this.doctors.at(-1);
    if (!last || isFilled(last)) this.addDoctor();
  }

  removeDoctor(at: number): void {
    this.doctors.splice(at, 1);
    if (this.doctors.length === 0) this.addDoctor();
  }

  back(): void {
    this.go(steps[this.number - 1]);
  }

  go(step: Step | undefined): void {
    if (step) this.step = step;
  }

  skip(): void {
    this.skipped = [...this.skipped, this.step];
    this.go(steps[this.number + 1]);
  }

  /** Goes on; on the last step sets the clinic up. Null while there is more to do. */
  async next(open: () => Promise<boolean>): Promise<SessionState | null> {
    if (this.blocked) return null;
    this.skipped = this.skipped.filter((each) => each !== this.step);
    const following = steps[this.number + 1];
    if (following) {
      this.go(following);
      return null;
    }
    return this.#finish(open);
  }

  async #finish(open: () => Promise<boolean>): Promise<SessionState | null> {
    this.busy = true;
    this.error = null;
    try {
      if (!(await open())) return null;
      const state = await backend().setUpClinic(this.#request_());
      if (this.staff) await this.#protect();
      return state;
    } catch (thrown) {
      this.error = errorOf(thrown);
      if (this.error.code === "validation") this.go(this.#stepOfErrors(this.error.fields.map(({ field }) => field)));
      return null;
    } finally {
      this.busy = false;
    }
  }

  #stepOfErrors(fields: string[]): Step | undefined {
    return steps.find((step) => stepOf.some(([path, of]) => of === step && fields.some((field) => path.test(field))));
  }

  #request_(): SetUpClinic {
    const clinic = this.skipped.includes("clinic");
    const profile = $state.snapshot(this.profile);
    return {
      request_id: this.#request,
      admin: { ...$state.snapshot(this.admin), role: "admin", doctor_id: null },
      password: this.password,
      profile: clinic
        ? { ...profile, name: t("start.clinic.default"), short_name: "", street: "", city: "", post_code: "", phone: "" }
        : profile,
      hours: $state.snapshot(this.week) as WeeklyHours,
      slot_minutes: this.skipped.includes("hours") ? 30 : Number(this.slot),
      doctors: this.skipped.includes("doctors") ? [] : this.filled.map((line) => this.#doctor(line)),
      demo: this.data === "demo",
    };
  }

  /** The clinic is set up; what fails here is said, and can be done in the settings. */
  async #protect(): Promise<void> {
    try {
      await backend().changeStoreKey({ protection: "staff", password: this.password, passphrase: "" });
    } catch (thrown) {
      complain(thrown);
    }
  }

  #doctor(line: DoctorLine): FirstDoctor {
    const usual = widest(this.week);
    const span = { start: line.start ?? usual.start, end: line.end ?? usual.end };
    return {
      specialty: line.specialty.trim(),
      form: {
        family_name: line.family_name, given_names: line.given_names, short_name: "", specialty_ids: [],
        licence_number: line.licence_number, licence_until: null, phone: "", email: "",
        schedule: withinWeek($state.snapshot(this.week) as WeeklyHours, span),
      },
    };
  }
}
