// The parts of the settings, in the order of their tabs. Apart from the form, so that the palette can name them before the
// settings are ever opened.
export const tabs = ["clinic", "hours", "types", "rules", "security", "mail", "look"] as const;
export type Tab = (typeof tabs)[number];
