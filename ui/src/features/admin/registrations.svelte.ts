// Registrations that wait for their code: the list, and how many there are.
import { backend } from "$lib/backend/backend";
import type { RegistrationPage, RegistrationRow } from "$lib/backend/types";
import { t } from "$lib/i18n";
import { PagedList, type Paging } from "$lib/list/paged.svelte";
import { complain } from "$lib/toast/acted";
import { toasts } from "$lib/toast/toast.svelte";

class Registrations extends PagedList<RegistrationRow, RegistrationPage> {
  override sort = $state("expires");
  query = $state("");
  /** Seconds since the list was read. */
  since = $state(0);
  #read = 0;

  idOf({ id }: RegistrationRow): string {
    return id;
  }

  protected async ask(paging: Paging): Promise<RegistrationPage> {
    const page = await backend().listRegistrations({ query: this.query, paging });
    this.#read = performance.now();
    this.since = 0;
    return page;
  }

  /** Counts on; reads again once a row's time is over. Answers with what stops it. */
  watch(): () => void {
    const timer = setInterval(() => {
      this.since = Math.floor((performance.now() - this.#read) / 1000);
      if (this.rows.some((row) => this.left(row) === 0)) void this.load();
    }, 1000);
    return () => clearInterval(timer);
  }

  left(row: RegistrationRow): number {
    return Math.max(0, row.seconds_left - this.since);
  }

  async send(row: RegistrationRow): Promise<void> {
    try {
      await backend().sendRegistration({ id: row.id });
      toasts.show(t("pending.sent", { email: row.email }));
    } catch (thrown) {
      complain(thrown);
    }
    await this.load();
  }

  async remove(row: RegistrationRow): Promise<void> {
    try {
      await backend().deleteRegistration({ id: row.id });
      toasts.show(t("pending.deleted", { name: row.name }));
    } catch (thrown) {
      complain(thrown);
    }
    await this.load();
  }
}

export const registrations = new Registrations(100);
