// What the clinic decides about security, as one form: its own revision, saved apart from the other settings.
import { backend } from "$lib/backend/backend";
import type { Role, SecurityPolicy, SecurityPolicyView } from "$lib/backend/types";
import { session } from "$lib/app/session.svelte";
import { Draft } from "$lib/form/draft.svelte";
import { draftOf, dropDraft } from "$lib/form/drafts";
import { hasMessage, t } from "$lib/i18n";
import { complain } from "$lib/toast/acted";
import { toasts } from "$lib/toast/toast.svelte";

export class Security {
  view = $state.raw<SecurityPolicyView | null>(null);
  draft = $state.raw<Draft<SecurityPolicy> | null>(null);
  stale = $state(false);

  async load(): Promise<void> {
    try {
      this.#take(await backend().readSecurityPolicy());
    } catch (thrown) {
      complain(thrown);
    }
  }

  #take(view: SecurityPolicyView): void {
    this.view = view;
    this.draft ??= draftOf(session.me?.account_id ?? "", "security", () => new Draft(view.policy));
    if (!this.draft.dirty) this.draft.start(view.policy);
    else if (JSON.stringify(this.draft.base) !== JSON.stringify(view.policy)) this.draft.rebase(view.policy);
  }

  get reason(): string | null {
    return this.draft?.dirty ? null : t("form.no_changes");
  }

  get changes(): number | undefined {
    return this.draft?.changes.length || undefined;
  }

  /** Whether a role must have a second factor, as the form stands. */
  demands(role: Role): boolean {
    return this.draft?.value.second_factor_roles.includes(role) ?? false;
  }

  demand(role: Role, demanded: boolean): void {
    const form = this.draft?.value;
    if (!form) return;
    const inOrder: Role[] = ["admin", "front_desk", "doctor", "patient"];
    const wanted = (each: Role): boolean => (each === role ? demanded : form.second_factor_roles.includes(each));
    form.second_factor_roles = inOrder.filter(wanted);
  }

  /** As `Settings.save`: where the first error is. */
  async save(): Promise<"security" | null> {
    const { draft, view } = this;
    if (!draft?.dirty || !view) return null;
    this.stale = false;
    const done = await draft.send((form) => backend().editSecurityPolicy({ rev: view.rev, form }));
    if (done) {
      dropDraft("security");
      this.view = done;
      draft.start(done.policy);
      toasts.show(t("security.saved"));
      // Whoever has just asked the own role for a second factor may be the first to set one up.
      await session.refresh();
      return null;
    }
    if (draft.error?.code === "stale") {
      this.#take(await backend().readSecurityPolicy());
      this.stale = true;
    }
    return "security";
  }

  discard(): void {
    if (this.draft) this.draft.start(this.draft.base);
  }

  label(path: string): string {
    const key = `security.${path}`;
    return hasMessage(key) ? t(key) : path;
  }
}
