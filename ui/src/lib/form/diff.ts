// What differs between two versions of a record, field by field. Paths are those of the contract: "alerts.0.text".

export interface FieldDiff {
  path: string;
  before: unknown;
  after: unknown;
}

/** Every value at the end of a path. */
export function flatten(value: unknown, path = "", into = new Map<string, unknown>()): Map<string, unknown> {
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value);
    if (entries.length === 0 && path) into.set(path, "");
    for (const [key, inner] of entries) flatten(inner, path ? `${path}.${key}` : key, into);
  } else {
    into.set(path, value);
  }
  return into;
}

const same = (a: unknown, b: unknown): boolean => (a ?? "") === (b ?? "");

export function diff(before: unknown, after: unknown): FieldDiff[] {
  const old = flatten(before);
  const next = flatten(after);
  const paths = [...new Set([...next.keys(), ...old.keys()])];
  return paths
    .filter((path) => !same(old.get(path), next.get(path)))
    .map((path) => ({ path, before: old.get(path), after: next.get(path) }));
}

/** Whether everything at or below a path is the same in both. */
export function sameAt(path: string, a: Map<string, unknown>, b: Map<string, unknown>): boolean {
  const below = (each: string): boolean => each === path || each.startsWith(`${path}.`);
  return [...new Set([...a.keys(), ...b.keys()])].filter(below).every((each) => same(a.get(each), b.get(each)));
}
