// Where one is: the hash of the address, so that a reload stays in place. "#/patients/<id>" → name "patients", rest ["<id>"].

class Router {
  name = $state("schedule");
  rest = $state.raw<string[]>([]);

  constructor() {
    if (typeof window === "undefined") return;
    this.#read();
    window.addEventListener("hashchange", () => this.#read());
  }

  go(name: string, ...rest: string[]): void {
    this.name = name;
    this.rest = rest;
    const hash = `#/${[name, ...rest].map(encodeURIComponent).join("/")}`;
    if (location.hash !== hash) history.pushState(null, "", hash);
  }

  /** The same place with other details; the way back does not grow. */
  replace(...rest: string[]): void {
    this.rest = rest;
    history.replaceState(null, "", `#/${[this.name, ...rest].map(encodeURIComponent).join("/")}`);
  }

  #read(): void {
    const [name, ...rest] = location.hash.replace(/^#\//, "").split("/").filter(Boolean).map(decodeURIComponent);
    this.name = name ?? "schedule";
    this.rest = rest;
  }
}

export const router = new Router();
