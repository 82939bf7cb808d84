// The palette's rows that are the same on every screen: screens, look, lock, keys.
import { tabs as settingsTabs } from "$features/admin/settingsTabs";
import { type Command, commands } from "$lib/app/commands";
import { router } from "$lib/app/router.svelte";
import { session } from "$lib/app/session.svelte";
import { backend } from "$lib/backend/backend";
import { t } from "$lib/i18n";
import { routes } from "./routes";

export function registerScreens(openKeys: () => void): () => void {
  function screens(): Command[] {
    return routes.map((route) => ({
      id: `go-${route.name}`,
      words: t(route.title),
      group: "go",
      reason: session.may(route.needs) ? null : t("palette.needs"),
      run: () => router.go(route.name),
    }));
  }

  function settingsParts(): Command[] {
    if (!session.may("edit_clinic")) return [];
    return settingsTabs.map((tab) => ({
      id: `go-settings-${tab}`,
      words: t("palette.settings_part", { part: t(`settings.tab.${tab}`) }),
      group: "go",
      run: () => router.go("settings", tab),
    }));
  }

  function settings(): Command[] {
    const { preferences } = session.me ?? {};
    const themes = (["light", "dark", "contrast", "system"] as const).map((theme): Command => ({
      id: `theme-${theme}`, words: t("palette.theme", { name: t(`theme.${theme}`).toLowerCase() }), group: "settings",
      run: () => void session.prefer({ theme }),
    }));
    const density = preferences?.density === "compact" ? "normal" : "compact";
    const letters = preferences?.single_letter_keys ?? true;
    return [
      { id: "lock", words: t("palette.lock"), kbd: "Ctrl L", group: "go", run: () => void session.lock() },
      { id: "switch_user", words: t("palette.switch_user"), kbd: "Ctrl U", group: "go", run: () => void session.switchUser() },
      { id: "sign-out", words: t("palette.sign_out"), group: "go", run: () => void session.signOut() },
      { id: "new-window", words: t("palette.new_window"), kbd: "Ctrl Shift N", group: "go", run: () => void backend().openWindow() },
      { id: "keys", words: t("palette.keys"), kbd: "?", group: "go", run: openKeys },
      { id: "density", words: t("palette.density", { name: t(`density.${density}`).toLowerCase() }), group: "settings", run: () => void session.prefer({ density }) },
      ...themes,
      { id: "letters", words: t(letters ? "palette.letters_off" : "palette.letters_on"), group: "settings", run: () => void session.prefer({ single_letter_keys: !letters }) },
    ];
  }

  return commands.register(() => [...screens(), ...settingsParts(), ...settings()]);
}
