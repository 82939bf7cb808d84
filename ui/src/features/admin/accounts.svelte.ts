// The accounts: the list, and the one that is being edited.
import { backend, newRequestId } from "$lib/backend/backend";
import type { AccountChanged, AccountCreated, AccountForm, AccountPage, AccountRow, Role } from "$lib/backend/types";
import { router } from "$lib/app/router.svelte";
import { session } from "$lib/app/session.svelte";
import { doctorChoices } from "$lib/clinic/doctors";
import { Draft, focusField, type Missing } from "$lib/form/draft.svelte";
import { draftOf, dropDraft } from "$lib/form/drafts";
import { hasMessage, t } from "$lib/i18n";
import { PagedList, type Paging } from "$lib/list/paged.svelte";
import { PasswordCheck } from "$lib/password/check.svelte";
import { complain } from "$lib/toast/acted";
import { toasts } from "$lib/toast/toast.svelte";

/** A first password that the host has just made. */
export interface FirstPassword {
  name: string;
  id: string;
  password: string;
}

class Accounts extends PagedList<AccountRow, AccountPage> {
  query = $state("");
  role = $state<Role | "">("");
  state = $state<"active" | "inactive" | "">("");
  /** Shown once, and then gone. */
  made = $state.raw<FirstPassword | null>(null);
  doctors = $state.raw<{ value: string; label: string }[]>([]);

  idOf({ id }: AccountRow): string {
    return id;
  }

  protected ask(paging: Paging): Promise<AccountPage> {
    return backend().listAccounts({
      query: this.query, role: this.role || null, active: this.state === "" ? null : this.state === "active", paging,
    });
  }

  async loadDoctors(): Promise<void> {
    this.doctors = await doctorChoices();
  }

  clear(): void {
    this.query = "";
    this.role = "";
    this.state = "";
    void this.narrow();
  }
}

export const accounts = new Accounts(100);

const empty: AccountForm = { given_names: "", family_name: "", email: "", user_name: "", role: "front_desk", doctor_id: null };

export class AccountEditor {
  row = $state.raw<AccountRow | null>(null);
  draft = $state.raw() as Draft<AccountForm>;
  password = $state("");
  /** The host makes the first password. */
  makes = $state(true);
  stale = $state(false);
  readonly check = new PasswordCheck();
  readonly #request = newRequestId();
  readonly #name: string;

  constructor(row: AccountRow | null) {
    this.row = row;
    this.#name = `account:${row?.id ?? "new"}`;
    this.draft = draftOf(session.me?.account_id ?? "", this.#name, () => new Draft(row?.form ?? empty));
  }

  readonly isMe = $derived(this.row !== null && this.row.id === session.me?.account_id);
  readonly context = $derived([
    this.draft.value.given_names, this.draft.value.family_name, this.draft.value.email.split("@")[0] ?? "",
    this.draft.value.user_name, session.clinic?.profile.name ?? "",
  ]);

  /** The list was read again. */
  follow(row: AccountRow): void {
    if (row.rev === this.row?.rev) return;
    this.row = row;
    if (this.draft.dirty) this.draft.rebase(row.form);
    else this.draft.start(row.form);
  }

  /** What a new account still needs. */
  readonly missing = $derived.by((): Missing | null => {
    if (this.row) return null;
    const { given_names, family_name, role, doctor_id } = this.draft.value;
    const { length, least, common, context, composition } = this.check.report;
    if (!given_names.trim()) return { field: "given_names", words: t("account.create_name") };
    if (!family_name.trim()) return { field: "family_name", words: t("account.create_name") };
    if (role === "doctor" && !doctor_id) return { field: "doctor_id", words: t("account.create_doctor") };
    if (this.makes) return null;
    if (length < least) return { field: "password", words: t("account.create_short", { n: least - length }) };
    if (common) return { field: "password", words: t("account.create_common") };
    if (composition) return { field: "password", words: t("account.create_kinds") };
    return context ? { field: "password", words: t("account.create_context") } : null;
  });
  readonly reason = $derived(this.missing?.words ?? (this.row && !this.draft.dirty ? t("form.no_changes") : null));

  async save(): Promise<void> {
    if (this.missing) focusField(this.missing.field);
    if (this.reason !== null) return;
    const { row } = this;
    this.stale = false;
    const done = await this.draft.send<AccountChanged | AccountCreated>((form) => {
      const clean = { ...form, doctor_id: form.role === "doctor" ? form.doctor_id : null };
      return row
        ? backend().editAccount({ id: row.id, rev: row.rev, form: clean })
        : backend().createAccount({ request_id: this.#request, form: clean, password: this.makes ? null : this.password });
    });
    if (done) {
      dropDraft(this.#name);
      this.password = "";
      if ("first_password" in done) this.#hand(done);
      this.draft.start(done.account.form);
      this.row = done.account;
      toasts.show(t(row ? "account.saved" : "account.created", { name: done.account.name }));
      await accounts.load();
      if (!row) router.go("accounts", done.account.id);
    } else if (this.draft.error?.code === "stale") {
      this.stale = true;
      await accounts.load();
    }
  }

  #hand({ account, first_password }: AccountCreated): void {
    const { form, public_id } = account;
    if (first_password) accounts.made = { name: `${form.given_names} ${form.family_name}`, id: public_id, password: first_password };
  }

  async setActive(active: boolean): Promise<void> {
    if (!this.row) return;
    try {
      const done = await backend().setAccountActive({ id: this.row.id, rev: this.row.rev, active });
      this.row = done.account;
      toasts.show(t(active ? "account.reactivated" : "account.deactivated", { name: done.account.name }));
    } catch (thrown) {
      complain(thrown);
    }
    await accounts.load();
  }

  /** For one that nobody has used. */
  async delete(): Promise<void> {
    if (!this.row) return;
    const { id, rev, name } = this.row;
    try {
      await backend().deleteAccount({ id, rev });
      toasts.show(t("account.deleted", { name }));
      router.go("accounts");
    } catch (thrown) {
      complain(thrown);
    }
    await accounts.load();
  }

  async verify(verified: boolean): Promise<void> {
    if (!this.row) return;
    try {
      const done = await backend().verifyAccount({ id: this.row.id, rev: this.row.rev, verified });
      this.row = done.account;
      toasts.show(t(verified ? "account.verify_done" : "account.unverify_done", { name: done.account.name }));
    } catch (thrown) {
      complain(thrown);
    }
    await accounts.load();
  }

  discard(): void {
    dropDraft(this.#name);
    this.draft.start(this.row?.form ?? empty);
    if (!this.row) router.go("accounts");
  }

  label(path: string): string {
    const key = `account.${path}`;
    return hasMessage(key) ? t(key) : path;
  }
}
