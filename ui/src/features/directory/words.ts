// How facts about patients look: a tone and a glyph each, and their words.
import { Accessibility, CircleCheck, CircleDashed, CircleX, Info, Stethoscope, TriangleAlert } from "@lucide/svelte";
import type { AlertKind, Validation } from "$lib/backend/types";
import type { Icon } from "$lib/components/icon";
import { locale } from "$lib/i18n";

type Tone = "good" | "warn" | "danger" | "info" | "quiet";

export const validationLook: Record<Validation, { tone: Tone; icon: Icon }> = {
  pending: { tone: "quiet", icon: CircleDashed },
  doctor_validated: { tone: "info", icon: Stethoscope },
  full_validated: { tone: "good", icon: CircleCheck },
  rejected: { tone: "danger", icon: CircleX },
};

export const alertLook: Record<AlertKind, { tone: "warn" | "info"; icon: Icon }> = {
  allergy: { tone: "warn", icon: TriangleAlert },
  risk: { tone: "warn", icon: TriangleAlert },
  access: { tone: "info", icon: Accessibility },
  note: { tone: "info", icon: Info },
};

const names = new Intl.DisplayNames([locale], { type: "language" });

export function languageName(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

const codes = (
  "en es fr de it pt nl pl uk ru tr ar fa ur hi bn pa ta te zh ja ko vi th fil id ms sw am ti so ha ig yo zu el ro hu cs " +
  "sk bg hr sr sq sv da nb fi et lv lt he ka hy ps ku my km ne si"
).split(" ");

/** Languages by name, with the one that is chosen even when it is a rare one. */
export function languages(chosen: string): { value: string; label: string }[] {
  const all = chosen && !codes.includes(chosen) ? [...codes, chosen] : codes;
  return all.map((value) => ({ value, label: languageName(value) })).sort((a, b) => a.label.localeCompare(b.label, locale));
}
