// Where one is: the hash of the address, so that a reload stays in place. "#/patients/<id>" → name "patients", rest ["<id>"].

class Router {
  name = $state("schedule");
  rest = $state.raw<string[]>([]);
  /** What stands behind the question mark: "#/schedule?patient=<id>" → { patient: "<id>" }. */
  query = $state.raw<Record<string, string>>({});

  constructor() {
    if (typeof window === "undefined") return;
    this.#read();
    window.addEventListener("hashchange", () => this.#read());
  }

  go(name: string, ...rest: string[]): void {
    this.goWith({}, name, ...rest);
  }

  /** The same with details behind the question mark, for example whom to book for. */
  goWith(query: Record<string, string>, name: string, ...rest: string[]): void {
    this.name = name;
    this.rest = rest;
    this.query = query;
    const details = new URLSearchParams(query).toString();
    const hash = `#/${[name, ...rest].map(encodeURIComponent).join("/")}${details && `?${details}`}`;
    if (location.hash !== hash) history.pushState(null, "", hash);
  }

  /** The same place with other details; the way back does not grow. */
  replace(...rest: string[]): void {
    this.rest = rest;
    this.query = {};
    history.replaceState(null, "", `#/${[this.name, ...rest].map(encodeURIComponent).join("/")}`);
  }

  #read(): void {
    const [path = "", details = ""] = location.hash.replace(/^#\//, "").split("?");
    const [name, ...rest] = path.split("/").filter(Boolean).map(decodeURIComponent);
    this.query = Object.fromEntries(new URLSearchParams(details));
    this.name = name ?? "schedule";
    this.rest = rest;
  }
}

export const router = new Router();
