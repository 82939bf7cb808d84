// Records that were opened in an emergency: the list, and what was looked at.
import { backend } from "$lib/backend/backend";
import type { EmergencyPage, EmergencyRow } from "$lib/backend/types";
import { t } from "$lib/i18n";
import { PagedList, type Paging } from "$lib/list/paged.svelte";
import { complain } from "$lib/toast/acted";
import { toasts } from "$lib/toast/toast.svelte";

class Emergencies extends PagedList<EmergencyRow, EmergencyPage> {
  override sort = $state("from");
  override descending = $state(true);
  unreviewed = $state(false);

  idOf({ id }: EmergencyRow): string {
    return id;
  }

  protected ask(paging: Paging): Promise<EmergencyPage> {
    return backend().listEmergencies({ unreviewed: this.unreviewed, paging });
  }

  filter(unreviewed: boolean): void {
    this.unreviewed = unreviewed;
    void this.narrow();
  }

  /** Answers whether it was written down. */
  async review({ id, by, patient }: EmergencyRow, remark: string): Promise<boolean> {
    let done = true;
    try {
      await backend().reviewEmergency({ id, remark });
      toasts.show(t("review.said", { name: by, patient }));
    } catch (thrown) {
      complain(thrown);
      done = false;
    }
    await this.load();
    return done;
  }
}

export const emergencies = new Emergencies(100);
