// One invented day of an invented clinic: twelve doctors and what they are booked for at 10:42 on a Tuesday.
import type { Status } from "../types";

export interface SampleDoctor {
  name: string;
  given: string;
  specialty: string;
  /** Working spans in minutes of the day. */
  works: [number, number][];
  off?: { start: number; end: number; words: string };
  /** start, minutes, status, surname, given names, type, room or minutes waited */
  booked: [number, number, Status, string, string, string, string][];
}

export const sampleDate = "2026-11-24";
export const sampleMinute = 642;

export const sampleTypes: [string, number][] = [
  ["Check-up", 30],
  ["Follow-up", 30],
  ["New patient", 45],
  ["Procedure", 60],
  ["Blood test", 15],
  ["Vaccine", 15],
  ["Referral", 30],
  ["Results", 15],
  ["Dressing", 30],
];

// prettier-ignore
export const sampleDoctors: SampleDoctor[] = [
  {
    name: "Okafor", given: "Chidi", specialty: "General practice", works: [[540, 750], [780, 1020]],
    booked: [
      [540, 30, "completed", "Oyelaran", "Thi", "Follow-up", ""],
      [600, 30, "completed", "García Márquez", "Lucía", "Dressing", ""],
      [630, 30, "in_room", "Nguyễn", "Thi Hannah", "Check-up", "1"],
      [660, 30, "confirmed", "Wiśniewska", "Amara", "Check-up", ""],
      [690, 30, "scheduled", "Vandenberghe", "Paula", "Dressing", ""],
      [720, 30, "confirmed", "Kowalczyk", "Mateo", "Follow-up", ""],
      [780, 60, "confirmed", "Ó Briain", "Sean", "Procedure", ""],
      [840, 30, "scheduled", "Abdullahi", "Farid", "Dressing", ""],
      [870, 45, "confirmed", "Yamamoto", "Rosa", "Follow-up", ""],
      [915, 45, "scheduled", "Papadopoulos", "Elena", "Results", ""],
      [990, 30, "scheduled", "Hernández", "Julia", "Check-up", ""],
    ],
  },
  {
    name: "Lindqvist", given: "Elsa", specialty: "General practice", works: [[540, 750], [780, 1020]],
    booked: [
      [540, 30, "completed", "Al-Masri", "Karim", "Vaccine", ""],
      [570, 15, "completed", "Takahashi", "Yuki", "Follow-up", ""],
      [630, 15, "in_room", "Schäfer", "Uma", "Referral", "16"],
      [645, 15, "scheduled", "Dubois", "Clara", "Results", ""],
      [660, 60, "confirmed", "Mbeki", "Nadia", "Procedure", ""],
      [780, 30, "confirmed", "Johansson", "Elena", "Follow-up", ""],
      [810, 30, "confirmed", "Rossi", "Grace", "Follow-up", ""],
      [840, 45, "scheduled", "Novák", "Julia", "Referral", ""],
      [915, 15, "scheduled", "Kim", "Sean Yuki", "Blood test", ""],
      [930, 30, "confirmed", "Petrenko", "Oscar", "Check-up", ""],
      [960, 15, "confirmed", "Okonkwo", "Clara", "Vaccine", ""],
      [975, 15, "confirmed", "Da Costa", "Mateo", "Check-up", ""],
      [990, 30, "confirmed", "Ibrahim", "Zoe", "Check-up", ""],
    ],
  },
  {
    name: "Haddad", given: "Youssef", specialty: "General practice", works: [[540, 780], [810, 1020]],
    booked: [
      [540, 60, "completed", "Larsen", "Bo", "Procedure", ""],
      [630, 30, "arrived", "Okonkwo-Bello", "Amara", "Follow-up", "21"],
      [660, 30, "confirmed", "Müller", "Hannah", "Vaccine", ""],
      [690, 60, "confirmed", "Moreau", "Émile", "Procedure", ""],
      [750, 30, "confirmed", "Popescu", "Ivan", "Follow-up", ""],
      [810, 30, "confirmed", "Cohen", "Daniel", "Blood test", ""],
      [840, 30, "scheduled", "Adeyemi", "Bo", "New patient", ""],
      [870, 30, "confirmed", "Castillo", "Rosa", "Referral", ""],
      [900, 30, "confirmed", "Ferreira", "Amara", "Check-up", ""],
      [975, 15, "scheduled", "Singh", "Grace", "Referral", ""],
    ],
  },
  {
    name: "Fernández", given: "Lucía", specialty: "Paediatrics", works: [[540, 720], [780, 1020]],
    booked: [
      [570, 30, "no_show", "Zhang", "Wei", "Results", ""],
      [600, 15, "completed", "O’Connor", "Daniel", "Blood test", ""],
      [615, 30, "in_room", "Alemu", "Thi", "Vaccine", "4"],
      [645, 15, "scheduled", "Hassan", "Mateo", "Check-up", ""],
      [660, 30, "cancelled", "Lopez", "Rita", "Follow-up", ""],
      [855, 15, "confirmed", "Bauer", "Thi", "Follow-up", ""],
      [870, 45, "confirmed", "Mensah", "Elena", "Blood test", ""],
      [915, 15, "confirmed", "Ortiz", "Paula", "Referral", ""],
      [930, 30, "confirmed", "Farah", "Amara", "Follow-up", ""],
      [960, 30, "scheduled", "Kaya", "Elena", "New patient", ""],
    ],
  },
  {
    name: "Nakamura", given: "Haruto", specialty: "Cardiology", works: [[570, 780], [810, 1020]],
    booked: [
      [630, 30, "in_room", "Jovanović", "Mateo", "Results", "5"],
      [660, 30, "scheduled", "Dlamini", "Sean", "New patient", ""],
      [810, 30, "scheduled", "Chen", "Lucía", "Vaccine", ""],
      [870, 15, "confirmed", "Baptiste", "Julia", "Blood test", ""],
      [885, 15, "confirmed", "Novak", "Paula", "Vaccine", ""],
      [900, 30, "needs_rebooking", "Yılmaz", "Daniel", "Check-up", ""],
      [930, 30, "confirmed", "Haile", "Thi", "Referral", ""],
      [960, 30, "scheduled", "Robinson", "Clara", "Referral", ""],
      [990, 30, "scheduled", "Szabó", "Zoe", "New patient", ""],
    ],
  },
  {
    name: "Osei-Bonsu", given: "Kwame", specialty: "Orthopaedics", works: [[540, 750], [780, 1020]],
    booked: [
      [570, 30, "no_show", "Mohamud", "Hannah", "Follow-up", ""],
      [600, 30, "completed", "Costa", "Rosa", "Dressing", ""],
      [630, 30, "in_room", "Weber", "Lucía", "Referral", "6"],
      [660, 30, "scheduled", "Diallo", "Amara", "Blood test", ""],
      [690, 30, "scheduled", "Romano", "Sean", "Follow-up", ""],
      [720, 30, "scheduled", "Ali", "Nadia", "Referral", ""],
      [885, 45, "confirmed", "Brandt", "Karim", "New patient", ""],
      [930, 30, "scheduled", "Pereira", "Julia", "Follow-up", ""],
      [960, 30, "scheduled", "Khoury", "Rosa", "Follow-up", ""],
    ],
  },
  {
    name: "Petrova", given: "Irina", specialty: "Dermatology", works: [[540, 750], [780, 990]],
    booked: [
      [570, 30, "completed", "Eriksson", "Amara", "New patient", ""],
      [600, 30, "completed", "Gutiérrez", "Farid", "Referral", ""],
      [630, 30, "in_room", "Suzuki", "Mateo", "Results", "7"],
      [660, 60, "confirmed", "Banerjee", "Amara", "Procedure", ""],
      [780, 30, "scheduled", "Fischer", "Nadia", "Check-up", ""],
      [810, 30, "confirmed", "Mwangi", "Julia", "Follow-up", ""],
      [840, 30, "scheduled", "Laurent", "Paula", "Dressing", ""],
      [870, 60, "scheduled", "Ramírez", "Daniel", "Procedure", ""],
    ],
  },
  {
    name: "Rahman", given: "Nadia", specialty: "Gynaecology", works: [[540, 780], [810, 1020]],
    booked: [
      [540, 30, "completed", "Hoffmann", "Grace", "Follow-up", ""],
      [570, 15, "completed", "Bianchi", "Lucía", "Blood test", ""],
      [585, 15, "completed", "Tesfaye", "Mateo", "Vaccine", ""],
      [600, 30, "completed", "Jensen", "Farid", "Results", ""],
      [645, 30, "arrived", "Benali", "Yuki", "Check-up", "6"],
      [690, 15, "scheduled", "Patel", "Rosa", "Follow-up", ""],
      [705, 15, "confirmed", "Ribeiro", "Thi", "Referral", ""],
      [765, 15, "confirmed", "Nikolić", "Daniel", "Results", ""],
      [810, 30, "scheduled", "Chowdhury", "Thi", "Referral", ""],
      [840, 30, "cancelled", "Sato", "Yuki", "Follow-up", ""],
      [870, 30, "scheduled", "Murphy", "Amara", "Dressing", ""],
      [900, 30, "confirmed", "Sharma", "Paula", "Check-up", ""],
      [960, 30, "scheduled", "Lam", "Karim Wei", "Blood test", ""],
    ],
  },
  {
    name: "Walsh", given: "Ciarán", specialty: "Physiotherapy", works: [[540, 720], [750, 1020]],
    off: { start: 840, end: 1020, words: "course" },
    booked: [
      [540, 45, "completed", "Horvat", "Ivan", "Follow-up", ""],
      [585, 45, "completed", "Andersson", "Lucía", "Blood test", ""],
      [630, 30, "arrived", "Traoré", "Farid", "Blood test", "5"],
      [660, 30, "arrived", "Reyes", "Clara", "Vaccine", "8"],
    ],
  },
  {
    name: "Trần", given: "Minh", specialty: "ENT", works: [[540, 750], [780, 1020]],
    booked: [
      [540, 45, "completed", "Hughes", "Bo", "Referral", ""],
      [615, 15, "completed", "Levy", "Sean", "Check-up", ""],
      [630, 45, "arrived", "Kamau", "Paula", "Follow-up", "2"],
      [675, 15, "confirmed", "Volkov", "Daniel", "Referral", ""],
      [690, 45, "scheduled", "Santos", "Lucía", "Blood test", ""],
      [735, 15, "confirmed", "Meyer", "Julia", "Results", ""],
      [780, 30, "scheduled", "Aziz", "Hannah", "Check-up", ""],
      [810, 30, "needs_rebooking", "Fofana", "Karim", "Blood test", ""],
      [870, 30, "confirmed", "Park", "Julia Hannah", "Referral", ""],
      [900, 45, "confirmed", "Leclerc", "Mateo", "New patient", ""],
      [990, 30, "confirmed", "Vargas", "Elena", "Follow-up", ""],
    ],
  },
  {
    name: "Goldberg", given: "Miriam", specialty: "Endocrinology", works: [[600, 780], [810, 1020]],
    booked: [
      [600, 15, "completed", "Omondi", "Grace", "Vaccine", ""],
      [615, 15, "completed", "Kovács", "Bo", "Check-up", ""],
      [630, 30, "in_room", "Rahimi", "Sean", "Follow-up", "11"],
      [660, 30, "confirmed", "Okeke", "Uma", "Follow-up", ""],
      [720, 15, "scheduled", "Delgado", "Nadia", "Referral", ""],
      [765, 15, "confirmed", "Cho", "Mateo Julia", "Results", ""],
      [810, 30, "confirmed", "Marino", "Clara", "Check-up", ""],
      [855, 30, "cancelled", "Barros", "Clara", "Follow-up", ""],
      [900, 60, "confirmed", "Becker", "Sean", "Procedure", ""],
      [975, 30, "cancelled", "Nair", "Uma", "Follow-up", ""],
      [990, 30, "confirmed", "Thompson", "Rosa", "Results", ""],
    ],
  },
  {
    name: "Silva", given: "Rafael", specialty: "Ophthalmology", works: [[540, 750], [780, 960]],
    booked: [
      [540, 30, "cancelled", "Boateng", "Amara", "Blood test", ""],
      [570, 15, "cancelled", "Rivera", "Ivan", "Vaccine", ""],
      [600, 30, "completed", "Ishikawa", "Karim", "Follow-up", ""],
      [630, 30, "in_room", "Evans", "Grace", "Check-up", "12"],
      [660, 30, "confirmed", "Zielińska", "Karim", "Referral", ""],
      [690, 30, "scheduled", "Tanaka", "Hannah", "Blood test", ""],
      [795, 30, "cancelled", "Ferrari", "Paula", "Follow-up", ""],
      [840, 30, "scheduled", "Bello", "Oscar", "Vaccine", ""],
      [870, 30, "scheduled", "Stewart", "Mateo", "Results", ""],
      [900, 30, "scheduled", "Gomes", "Bo", "Results", ""],
      [930, 30, "scheduled", "Hakimi", "Lucía", "Check-up", ""],
    ],
  },
];
