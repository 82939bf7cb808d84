// The settings of the clinic as one form over several tabs: nothing is sent before Save.
import { backend } from "$lib/backend/backend";
import type { ClinicView, EditClinic } from "$lib/backend/types";
import { session } from "$lib/app/session.svelte";
import { Draft } from "$lib/form/draft.svelte";
import { draftOf, dropDraft } from "$lib/form/drafts";
import { hasMessage, t } from "$lib/i18n";
import { acted, complain } from "$lib/toast/acted";
import type { Tab } from "./settingsTabs";

export type SettingsForm = Omit<EditClinic, "rev">;

const tabOf: [RegExp, Tab][] = [
  [/^profile/, "clinic"],
  [/^(hours|closed_days)/, "hours"],
  [/^appointment_types/, "types"],
];

function formOf(clinic: ClinicView): SettingsForm {
  const { profile, hours, slot_minutes, closed_days, appointment_types, late_after_minutes } = clinic;
  return structuredClone({ profile, hours, slot_minutes, closed_days, appointment_types, late_after_minutes });
}

export class Settings {
  rev = $state(0);
  draft = $state.raw<Draft<SettingsForm> | null>(null);
  stale = $state(false);

  async load(): Promise<void> {
    try {
      this.#take(await backend().readClinic());
    } catch (thrown) {
      complain(thrown);
    }
  }

  #take(clinic: ClinicView): void {
    const form = formOf(clinic);
    this.rev = clinic.rev;
    this.draft ??= draftOf(session.me?.account_id ?? "", "settings", () => new Draft(form));
    if (!this.draft.dirty) this.draft.start(form);
    else if (JSON.stringify(this.draft.base) !== JSON.stringify(form)) this.draft.rebase(form);
  }

  get reason(): string | null {
    return this.draft?.dirty ? null : t("form.no_changes");
  }

  /** True when it was saved; otherwise the tab where the first error is. */
  async save(): Promise<Tab | null> {
    const { draft } = this;
    if (!draft?.dirty) return null;
    this.stale = false;
    const done = await draft.send((form) => backend().editClinic({ ...form, rev: this.rev }));
    if (done) {
      dropDraft("settings");
      this.rev = done.clinic.rev;
      draft.start(formOf(done.clinic));
      acted(t("settings.saved"), done.action_id);
      void session.refresh();
      return null;
    }
    if (draft.error?.code === "stale") {
      this.#take(await backend().readClinic());
      this.stale = true;
    }
    const first = Object.keys(draft.errors)[0];
    return first ? tabOfPath(first) : null;
  }

  discard(): void {
    if (this.draft) this.draft.start(this.draft.base);
  }

  /** How many changes a tab holds, for its count. */
  changesOn(tab: Tab): number | undefined {
    const changes = this.draft?.changes.filter(({ path }) => tabOfPath(path) === tab).length ?? 0;
    return changes || undefined;
  }

  label(path: string): string {
    const [head = "", second = ""] = path.split(".");
    if (head === "hours") return t("settings.hours");
    if (head === "closed_days") return t("settings.closed_days");
    if (head === "appointment_types") return this.draft?.value.appointment_types[Number(second)]?.name || t("settings.type_number", { n: Number(second) + 1 });
    const key = head === "profile" ? `settings.profile.${second}` : `settings.${head}`;
    return hasMessage(key) ? t(key) : path;
  }
}

export function tabOfPath(path: string): Tab {
  return tabOf.find(([pattern]) => pattern.test(path))?.[1] ?? "rules";
}
