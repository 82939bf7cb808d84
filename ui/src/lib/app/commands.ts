// What can be done right now, for the palette: screens register their actions while they are shown.
export interface Command {
  id: string;
  words: string;
  kbd?: string;
  group: "here" | "go" | "settings";
  /** Why it cannot be done now; the row stays and says so. */
  reason?: string | null;
  run: () => void;
}

class Commands {
  #sources: readonly (() => Command[])[] = [];

  /** Called each time the palette opens, so that reasons are true then. Returns a function that takes it back. */
  register(source: () => Command[]): () => void {
    this.#sources = [...this.#sources, source];
    return () => (this.#sources = this.#sources.filter((each) => each !== source));
  }

  list(): Command[] {
    return this.#sources.flatMap((source) => source());
  }
}

export const commands = new Commands();
