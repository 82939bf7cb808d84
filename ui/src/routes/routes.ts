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
  /** In the bar; together under Admin, when one may open several of those; or reached from the own name. */
  place: "bar" | "admin" | "menu";
  load: () => Promise<{ default: Screen }>;
}

export const routes: readonly Route[] = [
  {
    name: "schedule",
    title: "nav.schedule",
    needs: "view_schedule",
    place: "bar",
    load: () => import("$features/scheduling/ScheduleScreen.svelte"),
  },
  {
    name: "patients",
    title: "nav.patients",
    needs: "find_patients",
    place: "bar",
    load: () => import("$features/directory/PatientsScreen.svelte"),
  },
  {
    name: "accounts",
    title: "nav.accounts",
    needs: "manage_accounts",
    place: "admin",
    load: () => import("$features/admin/AccountsPlace.svelte"),
  },
  {
    name: "pending",
    title: "nav.pending",
    needs: "manage_accounts",
    place: "admin",
    load: () => import("$features/admin/PendingScreen.svelte"),
  },
  {
    name: "doctors",
    title: "nav.doctors",
    needs: "view_doctors",
    place: "admin",
    load: () => import("$features/directory/DoctorsScreen.svelte"),
  },
  {
    name: "settings",
    title: "nav.settings",
    needs: "edit_clinic",
    place: "admin",
    load: () => import("$features/admin/SettingsScreen.svelte"),
  },
  {
    name: "devices",
    title: "nav.devices",
    needs: "manage_devices",
    place: "admin",
    load: () => import("$features/admin/DevicesScreen.svelte"),
  },
  {
    name: "emergency",
    title: "nav.emergency",
    needs: "review_emergencies",
    place: "admin",
    load: () => import("$features/admin/EmergencyScreen.svelte"),
  },
  {
    name: "audit",
    title: "nav.audit",
    needs: "read_audit",
    place: "admin",
    load: () => import("$features/audit/AuditScreen.svelte"),
  },
  {
    name: "me",
    title: "nav.me",
    needs: "manage_own_session",
    place: "menu",
    load: () => import("$features/identity/MeScreen.svelte"),
  },
];
