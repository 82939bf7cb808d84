// How mail leaves the clinic, as one form: its own revision, saved apart from the other settings.
import { backend } from "$lib/backend/backend";
import type { MailServer, MailView, Security, TestReport } from "$lib/backend/types";
import { session } from "$lib/app/session.svelte";
import { fieldErrors } from "$lib/errors/words";
import { Draft } from "$lib/form/draft.svelte";
import { draftOf, dropDraft } from "$lib/form/drafts";
import { hasMessage, t } from "$lib/i18n";
import { complain } from "$lib/toast/acted";
import { toasts } from "$lib/toast/toast.svelte";

export type MailForm = MailServer & { password: string };

const usual: Record<Security, number> = { start_tls: 587, tls: 465, none: 25 };

function formOf({ server }: MailView): MailForm {
  const first: MailServer = { host: "", port: usual.start_tls, security: "start_tls", user: "", from_address: "", from_name: "", reply_to: "" };
  return { ...structuredClone(server ?? first), password: "" };
}

export class Mail {
  view = $state.raw<MailView | null>(null);
  draft = $state.raw<Draft<MailForm> | null>(null);
  stale = $state(false);
  to = $state("");
  /** What was wrong with the test itself; what is wrong with the form is said there. */
  testError = $state<string | null>(null);
  testing = $state(false);
  report = $state.raw<TestReport | null>(null);
  /** What the report is about, however the form goes on. */
  tested = $state.raw<MailServer | null>(null);

  async load(): Promise<void> {
    try {
      this.#take(await backend().readMail());
    } catch (thrown) {
      complain(thrown);
    }
  }

  #take(view: MailView): void {
    const form = formOf(view);
    this.view = view;
    this.draft ??= draftOf(session.me?.account_id ?? "", "mail", () => new Draft(form));
    if (!this.draft.dirty) this.draft.start(form);
    else if (JSON.stringify(this.draft.base) !== JSON.stringify(form)) this.draft.rebase(form);
  }

  get reason(): string | null {
    return this.draft?.dirty ? null : t("form.no_changes");
  }

  get changes(): number | undefined {
    return this.draft?.changes.length || undefined;
  }

  /** A password that is kept goes only where it was given for. */
  get isOtherAccount(): boolean {
    const [saved, typed] = [this.view?.server, this.draft?.value];
    if (!saved || !typed) return true;
    return (["host", "port", "security", "user"] as const).some((field) => saved[field] !== typed[field]);
  }

  /** The usual port follows the encryption, as long as nobody chose another one. */
  secure(security: Security): void {
    const form = this.draft?.value;
    if (!form) return;
    if (form.port === usual[form.security]) form.port = usual[security];
    form.security = security;
  }

  /** As `Settings.save`: where the first error is. */
  async save(): Promise<"mail" | null> {
    const { draft, view } = this;
    if (!draft?.dirty || !view) return null;
    this.stale = false;
    const done = await draft.send(({ password, ...form }) => backend().editMail({ rev: view.rev, form, password }));
    if (done) {
      dropDraft("mail");
      this.view = done;
      draft.start(formOf(done));
      toasts.show(t("mail.saved"));
      return null;
    }
    if (draft.error?.code === "stale") {
      this.#take(await backend().readMail());
      this.stale = true;
    }
    return "mail";
  }

  async test(): Promise<void> {
    const { draft, to } = this;
    if (!draft || this.testing) return;
    this.testing = true;
    this.testError = null;
    this.report = null;
    this.tested = draft.plain();
    const report = await draft.send(({ password, ...form }) => backend().sendTestMail({ to, form, password }));
    this.testing = false;
    this.report = report;
    // What is wrong with the recipient is said there; the form has nothing to do with it.
    if (draft.error?.code !== "validation") return;
    this.testError = fieldErrors(draft.error)["to"] ?? null;
    const fields = draft.error.fields.filter(({ field }) => field !== "to");
    draft.error = fields.length > 0 ? { code: "validation", fields } : null;
  }

  async retry(): Promise<void> {
    try {
      this.#take(await backend().retryMail());
    } catch (thrown) {
      complain(thrown);
    }
  }

  discard(): void {
    if (this.draft) this.draft.start(this.draft.base);
  }

  /** Leaves no typed password behind. */
  leave(): void {
    if (this.draft) this.draft.value.password = "";
  }

  label(path: string): string {
    const key = `mail.${path}`;
    return hasMessage(key) ? t(key) : path;
  }
}
