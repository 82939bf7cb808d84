// Doctors out of a spreadsheet: lines of cells become lines of the wizard. Columns are known by their heads where there
// are any, and otherwise by what is in them.
import { parseClock } from "$lib/time/wall";

export interface PastedDoctor {
  family_name: string;
  given_names: string;
  specialty: string;
  licence_number: string;
  /** Minutes of the day; null follows the clinic's hours. */
  start: number | null;
  end: number | null;
}

export const parts = ["family_name", "given_names", "name", "specialty", "licence_number", "start", "end"] as const;
type Part = (typeof parts)[number];

/** For each part the heads it may have, in lower case. */
export type Heads = Record<Part, readonly string[]>;

/** Whether a text is a list and not a word for one field. */
export function isList(text: string): boolean {
  return /[\t\n]/.test(text.trim());
}

/** The doctors of a list; lines without a name are left out. */
export function doctorsFrom(text: string, heads: Heads): PastedDoctor[] {
  const rows = cellsOf(text);
  const named = columnsByHead(rows[0] ?? [], heads);
  const columns = named ?? columnsByContent(rows);
  return rows.slice(named ? 1 : 0).map((row) => doctorOf(row, columns)).filter((doctor) => doctor.family_name !== "");
}

function cellsOf(text: string): string[][] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const mark = ["\t", ";", ","].find((each) => lines.some((line) => line.includes(each))) ?? "\t";
  return lines.map((line) => split(line, mark).map((cell) => cell.trim().replace(/\s+/g, " ")));
}

/** A cell may stand in quotes, which then protect the mark; a quote inside is doubled. */
function split(line: string, mark: string): string[] {
  const cells = [""];
  let quoted = false;
  for (const letter of line) {
    if (letter === '"') quoted = !quoted;
    else if (letter === mark && !quoted) cells.push("");
    else cells[cells.length - 1] += letter;
  }
  return cells;
}

function columnsByHead(row: string[], heads: Heads): (Part | null)[] | null {
  const columns = row.map((cell) => parts.find((part) => heads[part].includes(cell.toLowerCase())) ?? null);
  const hasName = columns.includes("family_name") || columns.includes("name");
  return hasName ? columns : null;
}

const isTime = (cell: string): boolean => /\d[:.h]\d/.test(cell) && parseClock(cell) !== null;
const isNumber = (cell: string): boolean => (cell.match(/\d/g)?.length ?? 0) >= 3;
const isText = (cell: string): boolean => /\p{L}{2}/u.test(cell) && !isNumber(cell);

function columnsByContent(rows: string[][]): (Part | null)[] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const kinds = Array.from({ length: width }, (_, at) => {
    const cells = rows.map((row) => row[at] ?? "").filter((cell) => cell !== "");
    const most = (is: (cell: string) => boolean): boolean => cells.length > 0 && cells.filter(is).length * 2 > cells.length;
    return most(isTime) ? "time" : most(isNumber) ? "number" : most(isText) ? "text" : null;
  });
  const texts = kinds.filter((kind) => kind === "text").length;
  // "Okafor, Adaeze" or "Adaeze Okafor" in one cell, perhaps with a specialty beside it.
  const oneName = texts === 1 || (texts === 2 && rows.every((row) => /\S[, ]\s*\S/.test(row[kinds.indexOf("text")] ?? "")));
  const queues: Record<string, Part[]> = {
    time: ["start", "end"],
    number: ["licence_number"],
    text: oneName ? ["name", "specialty"] : ["family_name", "given_names", "specialty"],
  };
  return kinds.map((kind) => (kind && queues[kind]?.shift()) || null);
}

function doctorOf(row: string[], columns: (Part | null)[]): PastedDoctor {
  const cell = (part: Part): string => row[columns.indexOf(part)] ?? "";
  const bare = (name: string): string => name.replace(/^(?:(?:dr|prof)\b\.?\s*)+/i, "");
  const [family, given] = columns.includes("name") ? halves(bare(cell("name"))) : [bare(cell("family_name")), cell("given_names")];
  return {
    family_name: family, given_names: given, specialty: cell("specialty"), licence_number: cell("licence_number"),
    start: parseClock(cell("start")), end: parseClock(cell("end")),
  };
}

/** Family name and given names of a whole name. */
function halves(name: string): [string, string] {
  const [family = "", given] = name.split(/\s*,\s*/, 2);
  if (given !== undefined) return [family, given];
  const at = name.lastIndexOf(" ");
  return at < 0 ? [name, ""] : [name.slice(at + 1), name.slice(0, at)];
}
