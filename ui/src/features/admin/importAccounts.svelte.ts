// Accounts that come from another program: the table as text, what would come of it, and the act.
import { backend, errorOf, newRequestId } from "$lib/backend/backend";
import type { FieldError, ImportPreview, ImportRow } from "$lib/backend/types";
import { router } from "$lib/app/router.svelte";
import { errorWords, fieldWords } from "$lib/errors/words";
import { hasMessage, number, t } from "$lib/i18n";
import { complain } from "$lib/toast/acted";
import { toasts } from "$lib/toast/toast.svelte";

const pause = 250;
/** Lines that are shown; the faulty ones come first, so that none of them is among the others. */
const most = 200;

export class AccountImport {
  text = $state("");
  found = $state.raw<ImportPreview | null>(null);
  error = $state<string | null>(null);
  #request = newRequestId();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  #busy = false;

  readonly shown = $derived.by((): ImportRow[] => {
    const order = ({ faults, known }: ImportRow): number => (faults.length > 0 ? 0 : known ? 2 : 1);
    return [...(this.found?.rows ?? [])].sort((one, other) => order(one) - order(other) || one.line - other.line).slice(0, most);
  });
  readonly hidden = $derived((this.found?.rows.length ?? 0) - this.shown.length);

  /** Why nothing can be imported yet. */
  readonly reason = $derived.by((): string | null => {
    if (!this.found) return t("import.needs_table");
    if (this.found.faulty > 0) return t("import.needs_mending", { n: this.found.faulty });
    return this.found.fresh === 0 ? t("import.needs_new") : null;
  });

  /** Another table: it is looked at a moment later. */
  look(): void {
    this.found = null;
    this.error = null;
    this.#request = newRequestId();
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    if (this.text.trim()) this.#timer = setTimeout(() => void this.#ask(asked), pause);
  }

  async #ask(asked: number): Promise<void> {
    try {
      const found = await backend().previewImport({ text: this.text });
      if (asked === this.#asked) this.found = found;
    } catch (thrown) {
      const fault = errorOf(thrown);
      if (asked === this.#asked) this.error = fault.code === "validation" ? tableWords(fault.fields) : errorWords(fault);
    }
  }

  async take(file: File | undefined): Promise<void> {
    if (!file) return;
    this.text = await file.text();
  }

  async run(): Promise<void> {
    if (this.#busy || this.reason !== null) return;
    this.#busy = true;
    try {
      const { made } = await backend().importAccounts({ request_id: this.#request, text: this.text });
      toasts.show(t("import.done", { n: made }));
      router.go("accounts");
    } catch (thrown) {
      complain(thrown);
      this.look();
    } finally {
      this.#busy = false;
    }
  }
}

/** What is wrong with the table as a whole. */
function tableWords(fields: readonly FieldError[]): string {
  const [first] = fields;
  if (first?.field !== "text") return t("import.headings", { names: fields.map(({ field }) => field).join(", ") });
  return first.rule === "too_long" ? t("import.too_long", { n: number(first.bound ?? 0) }) : t("import.empty");
}

/** What is wrong with a line, each fault with its column. */
export function faultWords({ faults }: ImportRow): string {
  const column = ({ field }: FieldError): string => {
    const key = `import.col.${field}`;
    return field !== "line" && hasMessage(key) ? `${t(key)}: ` : "";
  };
  return faults.map((fault) => column(fault) + fieldWords(fault)).join(" ");
}
