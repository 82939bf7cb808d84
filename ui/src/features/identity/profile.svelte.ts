// The own profile. The host tells a person's parts of the name and addresses to administrators only; for everybody else
// there is nothing to fill the form with yet, and a form that would empty an e-mail address is not offered.
import { backend } from "$lib/backend/backend";
import type { EditProfile, Me } from "$lib/backend/types";
import { session } from "$lib/app/session.svelte";
import { Draft } from "$lib/form/draft.svelte";
import { hasMessage, t } from "$lib/i18n";
import { toasts } from "$lib/toast/toast.svelte";
import { complain } from "$lib/toast/acted";

export class Profile {
  draft = $state.raw<Draft<EditProfile> | null>(null);

  async load(me: Me): Promise<void> {
    if (!session.may("manage_accounts")) return;
    try {
      const paging = { page: 0, size: 50, sort: "name", descending: false };
      const { rows } = await backend().listAccounts({ query: me.public_id, role: null, active: null, paging });
      const own = rows.find(({ id }) => id === me.account_id);
      if (!own) return;
      const { given_names, family_name, email, user_name } = own.form;
      this.draft = new Draft({ given_names, family_name, email, user_name, password: "" });
    } catch (thrown) {
      complain(thrown);
    }
  }

  readonly dirty = $derived(this.draft?.changes.some(({ path }) => path !== "password") ?? false);
  readonly reason = $derived.by((): string | null => {
    if (!this.dirty) return t("form.no_changes");
    return this.draft?.value.password ? null : t("me.save_reason");
  });

  async save(): Promise<void> {
    const { draft } = this;
    if (!draft || this.reason !== null) return;
    const me = await draft.send((form) => backend().editProfile(form));
    if (!me) return;
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
