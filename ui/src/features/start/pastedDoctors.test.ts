import { describe, expect, it } from "vitest";
import { doctorsFrom, type Heads, isList } from "./pastedDoctors";

const heads: Heads = {
  family_name: ["family name", "surname"], given_names: ["given names", "first name"], name: ["name", "doctor"],
  specialty: ["specialty"], licence_number: ["licence"], start: ["from"], end: ["until"],
};
const names = (text: string): string[] => doctorsFrom(text, heads).map((doctor) => `${doctor.family_name}|${doctor.given_names}`);

describe("a pasted list of doctors", () => {
  it("takes columns by their heads, in any order", () => {
    const text = "Licence\tFirst name\tSurname\tUntil\tFrom\nMD-103 847\tAdaeze\tOkafor\t16:30\t9:00\n";
    expect(doctorsFrom(text, heads)).toEqual([
      { family_name: "Okafor", given_names: "Adaeze", specialty: "", licence_number: "MD-103 847", start: 540, end: 990 },
    ]);
  });

  it("knows columns without heads by what is in them", () => {
    const text = "1\tOkafor\tAdaeze\tGeneral practice\tMD-103 847\t09:00\t17:00\n2\tNakamura\tKenji\tCardiology\t\t09:30\t17:00";
    expect(doctorsFrom(text, heads)[1]).toEqual({
      family_name: "Nakamura", given_names: "Kenji", specialty: "Cardiology", licence_number: "", start: 570, end: 1020,
    });
  });

  it("parts a whole name, with or without a title", () => {
    expect(names("Dr. Adaeze Okafor\nProf. Dr Irina Petrova")).toEqual(["Okafor|Adaeze", "Petrova|Irina"]);
    expect(names("Dr Inês Silva\tEyes\nDr Minh Anh Trần\tENT")).toEqual(["Silva|Inês", "Trần|Minh Anh"]);
  });

  it("reads commas and semicolons, and marks inside quotes", () => {
    expect(names("Okafor, Adaeze\nLindqvist, Maja")).toEqual(["Okafor|Adaeze", "Lindqvist|Maja"]);
    expect(names('Okafor;"Adaeze; Ngozi"\n')).toEqual(["Okafor|Adaeze; Ngozi"]);
  });

  it("leaves out lines without a name", () => {
    expect(names("Family name\tSpecialty\n\tCardiology\nOkafor\tENT\n\n")).toEqual(["Okafor|"]);
  });

  it("leaves a word for one field alone", () => {
    expect(isList("Okafor ")).toBe(false);
    expect(isList("Okafor\n")).toBe(false);
    expect(isList("Okafor\tAdaeze")).toBe(true);
  });
});
