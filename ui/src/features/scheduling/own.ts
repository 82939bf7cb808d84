// Acts of this desk: their changes are not tinted as somebody else's.
const acts = new Set<string>();

export const own = {
  add(id: string): void {
    acts.add(id);
  },
  has(id: string): boolean {
    return acts.has(id);
  },
};
