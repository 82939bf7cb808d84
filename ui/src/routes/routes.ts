// Every screen behind the sign-in: its name in the address, its place in the bar, who may see it, and its code, loaded
// when it is first opened.
import type { Component } from "svelte";
import type { Action } from "$lib/backend/types";
import type { MessageKey } from "$lib/i18n";

/** Every screen gets the rest of the address after its name: `#/patients/<id>` → ["<id>"]. */
export type Screen = Component<{ rest: string[] }>;

export interface Route {
  name: string;
  title: MessageKey;
  needs: Action;
  load: () => Promise<{ default: Screen }>;
}

export const routes: readonly Route[] = [
  {
    name: "schedule",
    title: "nav.schedule",
    needs: "view_schedule",
    load: () => import("$features/scheduling/ScheduleScreen.svelte"),
  },
  // patients, doctors, accounts, settings, audit: added with their screens.
];
