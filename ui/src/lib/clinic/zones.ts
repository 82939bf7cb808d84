// Time zones by their IANA names, and what a clock shows there now.

export const homeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every zone this computer knows. */
export const zones: readonly string[] = [...new Set([homeZone, ...Intl.supportedValuesOf("timeZone")])].sort();

export function timeIn(zone: string): string {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(new Date());
  } catch {
    return "";
  }
}
