// The own profile (AU-21).
import { backend } from "$lib/backend/backend";
import type { EditProfile, Me } from "$lib/backend/types";
import { session } from "$lib/app/session.svelte";
import { Draft } from "$lib/form/draft.svelte";
import { draftOf, dropDraft } from "$lib/form/drafts";
import { hasMessage, t } from "$lib/i18n";
import { toasts } from "$lib/toast/toast.svelte";

export class Profile {
  draft = $state.raw<Draft<EditProfile> | null>(null);

  load({ given_names, family_name, email, user_name }: Me): void {
    const base = { given_names, family_name, email, user_name, password: "" };
    this.draft = draftOf(session.me?.account_id ?? "", "me", () => new Draft<EditProfile>(base));
  }

  /** What was typed waits for the next time; a password does not. */
  leave(): void {
    if (this.draft) this.draft.value.password = "";
  }

  readonly dirty = $derived(this.draft?.changes.some(({ path }) => path !== "password") ?? false);
  readonly reason = $derived.by((): string | null => {
    if (!this.dirty) return t("form.no_changes");
    return this.draft?.value.password ? null : t("me.save_reason");
  });

  /** What was typed as the password was not it. */
  readonly wrong = $derived(this.draft?.error?.code === "wrong_credentials");

  retype(): void {
    if (this.draft && this.wrong) this.draft.error = null;
  }

  async save(): Promise<void> {
    const { draft } = this;
    if (!draft || this.reason !== null) return;
    const me = await draft.send((form) => backend().editProfile(form));
    // What nearly was the password is not left to whoever comes by and shows it.
    if (this.wrong) draft.value.password = "";
    if (!me) return;
    dropDraft("me");
    draft.start({ ...draft.plain(), password: "" });
    toasts.show(t("me.saved"));
    await session.refresh();
  }

  discard(): void {
    if (this.draft) this.draft.start(this.draft.base);
  }

  label(path: string): string {
    const key = { given_names: "me.given", family_name: "me.family", email: "me.email", user_name: "me.user_name", password: "me.password" }[path];
    return key && hasMessage(key) ? t(key) : path;
  }
}
