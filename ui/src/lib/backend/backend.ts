// The seam between the interface and what answers it. Features call `backend().book(…)`: it resolves with the data or
// throws a `Fault`. Which implementation answers is decided once, in main.ts.
import type {
  AccountChanged, AccountPage, AddDoctor, AddException, AddPatient, AppError, AppointmentChanged, AppointmentId,
  AppointmentPage, AppointmentView, ArchivePatient, AuditPage, AuditReport, BookAppointment, ChangeSet, ChangeStatus,
  CheckPassword, ClinicChanged, ClinicView, CreateAccount, DoctorChanged, DoctorId, DoctorPage, DoctorView,
  DuplicateHit, EditAccount, EditClinic, EditDoctor, EditPatient, EditProfile, EndSession, Found, KeyPlace,
  ListAccounts, ListAppointments, ListAudit, ListDoctors, ListPatients, Me, MonthView, NextFree, Opening, Passphrase,
  PasswordReport, PatientChanged, PatientForm, PatientHit, PatientId, PatientPage, PatientView, Preferences,
  RemoveException, Reschedule, ScheduleView, Search, SessionRow, SessionState, SetAccountActive, SetUpClinic, SignIn,
  StartState, Undo, Undone, Unlock, ViewMonth, ViewSchedule,
} from "./types";

/** Every command of the contract, without its envelope. */
export interface Commands {
  start(): Promise<StartState>;
  createStore(request: KeyPlace): Promise<StartState>;
  openStore(request: Passphrase): Promise<StartState>;
  setUpClinic(request: SetUpClinic): Promise<SessionState>;
  checkPassword(request: CheckPassword): Promise<PasswordReport>;
  sessionState(): Promise<SessionState>;
  signIn(request: SignIn): Promise<SessionState>;
  signOut(): Promise<SessionState>;
  lock(): Promise<SessionState>;
  unlock(request: Unlock): Promise<SessionState>;
  touch(): Promise<null>;
  setPreferences(request: Preferences): Promise<Preferences>;
  editProfile(request: EditProfile): Promise<Me>;
  listSessions(): Promise<SessionRow[]>;
  endSession(request: EndSession): Promise<SessionRow[]>;
  listAccounts(request: ListAccounts): Promise<AccountPage>;
  createAccount(request: CreateAccount): Promise<AccountChanged>;
  editAccount(request: EditAccount): Promise<AccountChanged>;
  setAccountActive(request: SetAccountActive): Promise<AccountChanged>;
  readClinic(): Promise<ClinicView>;
  editClinic(request: EditClinic): Promise<ClinicChanged>;
  searchPatients(request: Search): Promise<PatientHit[]>;
  listPatients(request: ListPatients): Promise<PatientPage>;
  readPatient(request: PatientId): Promise<PatientView>;
  findDuplicates(request: PatientForm): Promise<DuplicateHit[]>;
  addPatient(request: AddPatient): Promise<PatientChanged>;
  editPatient(request: EditPatient): Promise<PatientChanged>;
  archivePatient(request: ArchivePatient): Promise<PatientChanged>;
  listDoctors(request: ListDoctors): Promise<DoctorPage>;
  readDoctor(request: DoctorId): Promise<DoctorView>;
  addDoctor(request: AddDoctor): Promise<DoctorChanged>;
  editDoctor(request: EditDoctor): Promise<DoctorChanged>;
  addException(request: AddException): Promise<DoctorChanged>;
  removeException(request: RemoveException): Promise<DoctorChanged>;
  find(request: Search): Promise<Found>;
  viewSchedule(request: ViewSchedule): Promise<ScheduleView>;
  viewMonth(request: ViewMonth): Promise<MonthView>;
  readAppointment(request: AppointmentId): Promise<AppointmentView>;
  listAppointments(request: ListAppointments): Promise<AppointmentPage>;
  nextFree(request: NextFree): Promise<Opening[]>;
  book(request: BookAppointment): Promise<AppointmentChanged>;
  reschedule(request: Reschedule): Promise<AppointmentChanged>;
  changeStatus(request: ChangeStatus): Promise<AppointmentChanged>;
  undo(request: Undo): Promise<Undone>;
  listAudit(request: ListAudit): Promise<AuditPage>;
  verifyAudit(): Promise<AuditReport>;
}

/** What the host tells without being asked. Each returns a function that stops listening. */
export interface Signals {
  onChanged(listener: (change: ChangeSet) => void): () => void;
  onSession(listener: () => void): () => void;
}

export type Backend = Commands & Signals;

/** A command that was not carried out; `error` is what the contract says about it. */
export class Fault extends Error {
  constructor(readonly error: AppError) {
    super(error.code);
    this.name = "Fault";
  }
}

/** Any thrown thing as the contract's error, so that every catch has words. */
export function errorOf(thrown: unknown): AppError {
  if (thrown instanceof Fault) return thrown.error;
  return { code: "internal", reference: thrown instanceof Error ? thrown.name : "unknown" };
}

let current: Backend | null = null;

export function useBackend(implementation: Backend): void {
  current = implementation;
}

export function backend(): Backend {
  if (!current) throw new Error("no backend was chosen");
  return current;
}

/** A fresh id for a request, so that a double Enter acts once. */
export function newRequestId(): string {
  return crypto.randomUUID();
}
