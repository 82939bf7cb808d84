// Where one is signed in, and the devices that know one.
import { backend } from "$lib/backend/backend";
import type { DeviceRow, SessionRow } from "$lib/backend/types";
import { t } from "$lib/i18n";
import { complain } from "$lib/toast/acted";
import { toasts } from "$lib/toast/toast.svelte";

export class Access {
  sessions = $state.raw<SessionRow[]>([]);
  devices = $state.raw<DeviceRow[]>([]);

  async load(): Promise<void> {
    try {
      [this.sessions, this.devices] = await Promise.all([backend().listSessions(), backend().listDevices()]);
    } catch (thrown) {
      complain(thrown);
    }
  }

  /** Ends one session, or all others. */
  async end(id: string | null): Promise<void> {
    const before = this.sessions.length;
    try {
      this.sessions = await backend().endSession({ id });
      toasts.show(t("me.ended", { n: before - this.sessions.length }));
    } catch (thrown) {
      complain(thrown);
    }
  }

  async forget(device: DeviceRow): Promise<void> {
    try {
      await backend().forgetDevice({ id: device.id });
      toasts.show(t("device.forgotten", { device: device.name }));
    } catch (thrown) {
      complain(thrown);
    }
    await this.load();
  }
}
