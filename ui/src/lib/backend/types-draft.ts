// Stand-in for the generated contract until that exists; the same names, the same shapes.

export type AccountId = string;
export type SessionId = string;
export type DoctorId = string;
export type PatientId = string;
export type AppointmentId = string;
export type AppointmentTypeId = string;
export type SpecialtyId = string;
export type ExceptionId = string;
export type ActionId = string;
/** A local day, YYYY-MM-DD. */
export type NaiveDate = string;
/** A UTC instant, RFC 3339. */
export type Instant = string;

/** Every act that is written down (AD-6). The names are part of the stored log: add, never rename. */
export type Op =
  | "set_up_clinic"
  | "load_demo"
  | "edit_clinic"
  | "sign_in"
  | "sign_in_failed"
  | "sign_out"
  | "lock"
  | "unlock"
  | "unlock_failed"
  | "end_session"
  | "create_account"
  | "edit_account"
  | "deactivate_account"
  | "reactivate_account"
  | "edit_profile"
  | "add_patient"
  | "edit_patient"
  | "archive_patient"
  | "restore_patient"
  | "read_patient"
  | "add_doctor"
  | "edit_doctor"
  | "add_exception"
  | "remove_exception"
  | "book"
  | "reschedule"
  | "resize"
  | "confirm"
  | "arrive"
  | "take_to_room"
  | "complete"
  | "cancel"
  | "mark_no_show"
  | "step_back"
  | "undo"
  | "denied";

/** One field of a record, before and after. Values are as stored, without translation. */
export interface FieldChange {
  /** Name of the field. */
  field: string;
  /** Before; `None` when the record is new. */
  before: string | null;
  /** After; `None` when the record is gone. */
  after: string | null;
}

/** One entry of the log. */
export interface AuditRow {
  /** Number, from 1, without gaps. */
  seq: number;
  /** When. */
  at: Instant;
  /** Wall-clock date of it. */
  date: NaiveDate;
  /** Wall-clock seconds of the day. */
  second: number;
  /** Who; `None` when nobody was signed in. */
  actor_id: AccountId | null;
  /** Who, by name at that time; empty when unknown. */
  actor: string;
  /** The account number of who. */
  actor_public_id: string;
  /** On which device. */
  device: string;
  /** What was done. */
  op: Op;
  /** The act, for "undone by" and "show". */
  action_id: ActionId | null;
  /** Whom or what it was about, in words as they stood then. */
  subject: string;
  /** The patient it was about. */
  patient_id: PatientId | null;
  /** The patient's account number. */
  patient_public_id: string;
  /** What changed. */
  changes: FieldChange[];
  /** The reason that was given. */
  reason: string;
  /** Hash of the entry before, in hex. */
  previous: string;
  /** Hash of this entry, in hex. */
  hash: string;
  /** The entry that undid this act. */
  undone_by: number | null;
}

/** Asks for a page of the log, latest first. Every filter narrows. */
export interface ListAudit {
  /** Part of a person's or patient's name or number; empty shows all. */
  query: string;
  /** Only this local day. */
  date: NaiveDate | null;
  /** Only this person. */
  actor_id: AccountId | null;
  /** Only this act. */
  op: Op | null;
  /** Only this patient. */
  patient_id: PatientId | null;
  /** Reads of records as well. */
  with_reads: boolean;
  /** Which page, from 0. */
  page: number;
  /** Rows of a page, 1 to 200. */
  size: number;
}

/** A page of the log. */
export interface AuditPage {
  /** The rows. */
  rows: AuditRow[];
  /** How many match. */
  total: number;
  /** The newest entry there is. */
  head: number;
}

/** What came of verifying the chain. */
export interface AuditReport {
  /** When it was verified. */
  at: Instant;
  /** Wall-clock minute of it. */
  minute: number;
  /** Entries that were recomputed. */
  entries: number;
  /** Hash of the newest entry, in hex. */
  head: string;
  /** The first entry that does not fit; `None` when all do. */
  broken_at: number | null;
  /** The checkpoint outside the store names an entry that is missing or differs. */
  checkpoint_broken: number | null;
}

/** The clinic as every screen needs it. */
export interface ClinicView {
  /** What may be edited. */
  profile: ClinicProfile;
  /** Weekly opening hours. */
  hours: WeeklyHours;
  /** Minutes of one slot. */
  slot_minutes: number;
  /** Days on which the clinic is closed, soonest first. */
  closed_days: ClosedDay[];
  /** Kinds of appointment in the order of their keys. */
  appointment_types: AppointmentTypeView[];
  /** Managed list of specialties, by name. */
  specialties: SpecialtyView[];
  /** Minutes of waiting after which an arrival counts as late. */
  late_after_minutes: number;
  /** Minutes without a touch after which the desk locks itself. */
  idle_lock_minutes: number;
  /** A store filled with invented people: marked so on screen. */
  is_demo: boolean;
  /** Revision, to be sent back with a change. */
  rev: number;
}

/** Name, address and look of the clinic (AU-20). */
export interface ClinicProfile {
  /** Full name, 1 to 80 characters. */
  name: string;
  /** Short name, up to 24 characters. */
  short_name: string;
  /** Street and number. */
  street: string;
  /** City. */
  city: string;
  /** Post code. */
  post_code: string;
  /** Phone. */
  phone: string;
  /** IANA zone, for example `America/New_York`. */
  time_zone: string;
  /** Language of the interface as BCP 47. */
  language: string;
  /** The clinic's colour as `#rrggbb`. */
  colour: string;
}

/** A kind of appointment. */
export interface AppointmentTypeView {
  /** Its id. */
  id: AppointmentTypeId;
  /** Its name. */
  name: string;
  /** Its usual length. */
  minutes: number;
}

/** An entry of the managed list. */
export interface SpecialtyView {
  /** Its id. */
  id: SpecialtyId;
  /** Its name. */
  name: string;
}

/** A change to the clinic's settings. Every part is replaced as it stands here. */
export interface EditClinic {
  /** Revision that was edited. */
  rev: number;
  /** Name, address and look. */
  profile: ClinicProfile;
  /** Weekly opening hours. */
  hours: WeeklyHours;
  /** Minutes of one slot: 5, 10, 15, 20, 30 or 60. */
  slot_minutes: number;
  /** Days on which the clinic is closed. */
  closed_days: ClosedDay[];
  /** Kinds of appointment; one without id is new, one left out is retired. */
  appointment_types: AppointmentTypeForm[];
  /** Minutes of waiting after which an arrival counts as late, 1 to 240. */
  late_after_minutes: number;
  /** Minutes without a touch after which the desk locks itself, 1 to 60. */
  idle_lock_minutes: number;
}

/** A kind of appointment as it is edited. */
export interface AppointmentTypeForm {
  /** `None` makes a new one. */
  id: AppointmentTypeId | null;
  /** Its name, 1 to 40 characters, unique. */
  name: string;
  /** Its usual length, a multiple of 5, up to 480. */
  minutes: number;
}

/** What came of a change to the settings. */
export interface ClinicChanged {
  /** The act, for undo. */
  action_id: ActionId;
  /** The settings as they are now. */
  clinic: ClinicView;
}

/** A kind of record, as views name it when they decide what to load again. */
export type Noun =
  | "clinic"
  | "specialty"
  | "appointment_type"
  | "doctor"
  | "doctor_exception"
  | "account"
  | "patient"
  | "appointment";

/** One record that a transaction changed. */
export interface Change {
  /** Its kind. */
  noun: Noun;
  /** Its id. */
  id: string;
}

/** What a transaction changed: broadcast to every open view, each of which decides for itself what to load again. */
export interface ChangeSet {
  /** The act. */
  action_id: ActionId;
  /** The records. */
  changes: Change[];
}

/** Which part of a list, in which order. Page 0 is the first. */
export interface Paging {
  /** Which page, from 0. */
  page: number;
  /** Rows of one page, 1 to 200. */
  size: number;
  /** Column to sort by; each list names its own, an unknown one is refused. */
  sort: string;
  /** Largest first. */
  descending: boolean;
}

/** A patient found while typing. */
export interface PatientHit {
  /** Who. */
  id: PatientId;
  /** Account number, `PAT` + 8 digits. */
  public_id: string;
  /** "Surname, Given". */
  name: string;
  /** Which characters of `name` matched, in UTF-16 units as the webview counts. */
  matched: Span[];
  /** Birth date. */
  birth_date: NaiveDate;
  /** Whole years today. */
  age: number;
  /** Last four digits of the phone, or empty. */
  phone_tail: string;
  /** Has an alert. */
  alert: boolean;
}

/** A person who looks like the one being added. */
export interface DuplicateHit {
  /** Who. */
  id: PatientId;
  /** Account number. */
  public_id: string;
  /** "Surname, Given". */
  name: string;
  /** Birth date. */
  birth_date: NaiveDate;
  /** Phone as written for people. */
  phone: string;
  /** Surely the same: name, birth date and phone agree. */
  exact: boolean;
  /** What agrees, in codes the interface has words for. */
  same: SameField[];
}

/** A field in which two records agree. */
export type SameField =
  | "name"
  | "similar_name"
  | "birth_date"
  | "phone"
  | "email";

/** Adds a patient (PE-1). */
export interface AddPatient {
  /** Made by the interface once per form, so that a double Enter adds one patient. */
  request_id: ActionId;
  /** The record. */
  form: PatientForm;
  /** Add although somebody looks alike. */
  accept_duplicates: boolean;
}

/** Edits a patient's record. */
export interface EditPatient {
  /** Who. */
  id: PatientId;
  /** Revision that was edited. */
  rev: number;
  /** The whole record as it shall be. */
  form: PatientForm;
}

/** Archives a patient or brings one back. */
export interface ArchivePatient {
  /** Who. */
  id: PatientId;
  /** Revision that was seen. */
  rev: number;
  /** True archives, false brings back. */
  archived: boolean;
}

/** What came of a change to a patient. */
export interface PatientChanged {
  /** The act, for undo. */
  action_id: ActionId;
  /** The record as it is now. */
  patient: PatientView;
}

/** The record of a patient. */
export interface PatientView {
  /** Who. */
  id: PatientId;
  /** Account number. */
  public_id: string;
  /** Revision, to be sent back with a change. */
  rev: number;
  /** The record itself. */
  form: PatientForm;
  /** "Surname, Given". */
  name: string;
  /** Whole years today. */
  age: number;
  /** Phone as written for people. */
  phone_display: string;
  /** How far the record has been checked. */
  validation: Validation;
  /** When it was archived. */
  archived_at: Instant | null;
  /** The usual doctor's full name. */
  doctor_name: string | null;
  /** When it was made. */
  created_at: Instant;
  /** When it was last changed. */
  changed_at: Instant;
  /** Who changed it last. */
  changed_by: string;
  /** Appointments in all. */
  appointments: number;
  /** No-shows among them. */
  no_shows: number;
}

/** A row of the list of patients. */
export interface PatientRow {
  /** Who. */
  id: PatientId;
  /** Account number. */
  public_id: string;
  /** "Surname, Given". */
  name: string;
  /** Gender. */
  sex: Sex;
  /** Birth date. */
  birth_date: NaiveDate;
  /** Whole years today. */
  age: number;
  /** Phone as written for people. */
  phone: string;
  /** The usual doctor's short name. */
  doctor: string | null;
  /** Date of the last visit. */
  last_seen: NaiveDate | null;
  /** The next appointment. */
  next: NextVisit | null;
  /** How far the record has been checked. */
  validation: Validation;
  /** Alerts to show. */
  alerts: Alert[];
  /** Archived. */
  archived: boolean;
}

/** When a patient comes next. */
export interface NextVisit {
  /** Date. */
  date: NaiveDate;
  /** Wall-clock minute. */
  minute: number;
  /** Where it stands. */
  status: Status;
}

/** Which patients a list shows. */
export interface PatientFilter {
  /** As in the search; empty shows all. */
  query: string;
  /** Only those of this doctor. */
  doctor_id: DoctorId | null;
  /** Only those with this state. */
  validation: Validation | null;
  /** Only those with an alert. */
  with_alert: boolean;
  /** Archived ones instead of the others. */
  archived: boolean;
}

/** Asks for a page of patients. Sorts: `name`, `born`, `id`, `last_seen`, `changed`. */
export interface ListPatients {
  /** Which ones. */
  filter: PatientFilter;
  /** Which page. */
  paging: Paging;
}

/** A page of patients. */
export interface PatientPage {
  /** The rows. */
  rows: PatientRow[];
  /** How many match. */
  total: number;
  /** How many there are without a filter. */
  all: number;
}

/** A row of the list of doctors. */
export interface DoctorRow {
  /** Who. */
  id: DoctorId;
  /** Account number, `DOC` + 8 digits. */
  public_id: string;
  /** "Surname, Given". */
  name: string;
  /** What stands above the column. */
  short_name: string;
  /** First specialty's name. */
  specialty: string;
  /** Last day of the licence. */
  licence_until: NaiveDate | null;
  /** Days until then; negative when it has ended. */
  licence_days: number | null;
  /** Works here. */
  active: boolean;
}

/** Asks for a page of doctors. Sorts: `name`, `specialty`, `licence`, `id`. */
export interface ListDoctors {
  /** Part of the name, id or licence; empty shows all. */
  query: string;
  /** Only those with this specialty. */
  specialty_id: SpecialtyId | null;
  /** Those who no longer work here as well. */
  with_inactive: boolean;
  /** Which page. */
  paging: Paging;
}

/** A page of doctors. */
export interface DoctorPage {
  /** The rows. */
  rows: DoctorRow[];
  /** How many match. */
  total: number;
}

/** The record of a doctor. */
export interface DoctorView {
  /** Who. */
  id: DoctorId;
  /** Account number. */
  public_id: string;
  /** Revision, to be sent back with a change. */
  rev: number;
  /** The record itself. */
  form: DoctorForm;
  /** "Dr Given Surname". */
  name: string;
  /** Works here. */
  active: boolean;
  /** Dated changes from today on, soonest first. */
  exceptions: ExceptionView[];
  /** Patients who have this doctor as theirs. */
  patients: number;
  /** Appointments from now on. */
  booked: number;
  /** Appointments after the licence ends. */
  booked_after_licence: number;
}

/** A dated change with what follows from it. */
export interface ExceptionView {
  /** The change. */
  exception: Exception;
  /** When it was entered. */
  entered_at: Instant;
  /** Appointments that now lie in time off. */
  to_rebook: number;
}

/** Adds a doctor. */
export interface AddDoctor {
  /** Made by the interface once per form. */
  request_id: ActionId;
  /** The record. */
  form: DoctorForm;
  /** Specialties that are not on the list yet; they are added to it and to the doctor. */
  new_specialties: string[];
}

/** Edits a doctor's record. */
export interface EditDoctor {
  /** Who. */
  id: DoctorId;
  /** Revision that was edited. */
  rev: number;
  /** The whole record as it shall be. */
  form: DoctorForm;
  /** Specialties that are not on the list yet. */
  new_specialties: string[];
  /** Works here. */
  active: boolean;
}

/** Enters a dated change (time off or extra hours). */
export interface AddException {
  /** Made by the interface once per form. */
  request_id: ActionId;
  /** Whose. */
  doctor_id: DoctorId;
  /** What it does. */
  kind: ExceptionKind;
  /** First day. */
  from: NaiveDate;
  /** Last day, inclusive; at most 366 days. */
  until: NaiveDate;
  /** The part of each day; `None` is the whole day. Extra hours need one. */
  span: Span | null;
  /** Why, up to 120 characters. */
  reason: string;
}

/** Takes a dated change back. */
export interface RemoveException {
  /** Whose. */
  doctor_id: DoctorId;
  /** Which one. */
  exception_id: ExceptionId;
}

/** What came of a change to a doctor. */
export interface DoctorChanged {
  /** The act, for undo. */
  action_id: ActionId;
  /** The record as it is now. */
  doctor: DoctorView;
}

/** What the palette found. */
export interface Found {
  /** Patients, best first. */
  patients: PatientHit[];
  /** Doctors, best first. */
  doctors: DoctorHit[];
  /** Dates the text can mean, likeliest first. */
  dates: NaiveDate[];
}

/** A doctor found while typing. */
export interface DoctorHit {
  /** Who. */
  id: DoctorId;
  /** "Dr Given Surname". */
  name: string;
  /** Which characters matched, in UTF-16 units. */
  matched: Span[];
  /** First specialty's name. */
  specialty: string;
}

/** A text to search for and how many answers are wanted (1 to 50). */
export interface Search {
  /** What was typed, up to 120 characters. */
  query: string;
  /** At most this many. */
  limit: number;
}

/** Why a command was not carried out. Each code has one row of words in the interface. */
export type AppError =
  | { code: "validation"; fields: FieldError[] }
  | { code: "refused"; refusal: Refusal; alternatives: Opening[]; holder: Holder | null }
  | { code: "duplicates"; hits: DuplicateHit[] }
  | { code: "not_signed_in" }
  | { code: "locked" }
  | { code: "forbidden" }
  | { code: "wrong_credentials" }
  | { code: "wrong_passphrase" }
  | { code: "not_found" }
  | { code: "stale"; by: string | null }
  | { code: "nothing_to_undo" }
  | { code: "last_administrator" }
  | { code: "wrong_state" }
  | { code: "store_full" }
  | { code: "store_read_only" }
  | { code: "store_newer"; store: number; program: number }
  | { code: "store_unreadable" }
  | { code: "no_keystore" }
  | { code: "store_busy" }
  | { code: "internal"; reference: string };

/** Who holds a slot that was asked for. */
export interface Holder {
  /** "Surname, I." */
  patient: string;
  /** The doctor's short name. */
  doctor: string;
  /** Wall-clock span. */
  span: Span;
  /** Who booked it. */
  booked_by: string;
  /** When it was booked. */
  booked_at: Instant;
}

/** Undoes an act. */
export interface Undo {
  /** Which act; `None` takes the person's last one that can be undone. */
  action_id: ActionId | null;
}

/** What was undone. */
export interface Undone {
  /** The act that undid it; it can be undone in turn. */
  action_id: ActionId;
  /** What had been done. */
  op: Op;
  /** Whom or what it was about, for the toast. */
  subject: string;
  /** The appointment as it is now, if it was about one that still exists. */
  appointment: AppointmentBox | null;
}

/** What the program found when it started. */
export type StartState =
  | { kind: "first_run"; folder: string; free_gb: number | null; keystore: boolean }
  | { kind: "needs_passphrase"; folder: string }
  | { kind: "key_missing"; folder: string }
  | { kind: "store_newer"; folder: string; store: number; program: number }
  | { kind: "read_only"; folder: string }
  | { kind: "unreadable"; folder: string }
  | { kind: "no_clinic"; folder: string }
  | { kind: "ready"; clock_back_minutes: number | null };

/** Where the key of a new store is kept. */
export type KeyPlace =
  | { kind: "keystore" }
  | { kind: "passphrase"; passphrase: string }
  | { kind: "file" };

/** A passphrase. */
export interface Passphrase {
  /** The passphrase. */
  passphrase: string;
}

/** What a person types about an account. */
export interface AccountForm {
  /** Given names. */
  given_names: string;
  /** Family name. */
  family_name: string;
  /** E-mail address, or empty; unique. */
  email: string;
  /** User name, or empty; 3 to 32 letters, digits, dots, dashes; unique. */
  user_name: string;
  /** Role. */
  role: Role;
  /** The doctor this account belongs to; needed for a doctor's account. */
  doctor_id: DoctorId | null;
}

/** Asks how strong a password is. */
export interface CheckPassword {
  /** The password as typed so far. */
  password: string;
  /** Words it must not contain: the person's and the clinic's names. */
  context: string[];
}

/** How strong a password is. Advice and rules apart (SP 800-63B-4: length and a list of common ones, no composition). */
export interface PasswordReport {
  /** Characters typed. */
  length: number;
  /** Least length. */
  least: number;
  /** On the list of common passwords. */
  common: boolean;
  /** Contains a word of the context. */
  context: boolean;
  /** Advice from 0 (weak) to 4 (strong). */
  score: number;
  /** May be used. */
  acceptable: boolean;
}

/** Who is signed in here. */
export type SessionState =
  | { kind: "signed_out"; clinic: string; demo_accounts: DemoAccount[] }
  | { kind: "locked"; clinic: string; name: string; initials: string; clock: ClinicClock }
  | { kind: "signed_in"; me: Me; clinic: ClinicView };

/** A known account of a demo store (AD-12). */
export interface DemoAccount {
  /** What to type. */
  login: string;
  /** What to type below. */
  password: string;
  /** Whose. */
  name: string;
  /** In which role. */
  role: Role;
}

/** The signed-in person (AU-21). */
export interface Me {
  /** Who. */
  account_id: AccountId;
  /** Account number. */
  public_id: string;
  /** "Given Surname". */
  name: string;
  /** Initials. */
  initials: string;
  /** Role. */
  role: Role;
  /** The own column. */
  doctor_id: DoctorId | null;
  /** What this person may do, for greying out; the host decides again each time. */
  may: Action[];
  /** How this person wants the screen. */
  preferences: Preferences;
}

/** How a person wants the screen. */
export interface Preferences {
  /** Colours. */
  theme: Theme;
  /** Height of a row. */
  density: Density;
  /** Single letters act while the schedule or a list has focus (WCAG 2.1.4 asks that this can be switched off). */
  single_letter_keys: boolean;
}

/** Colours of the screen. */
export type Theme =
  | "system"
  | "light"
  | "dark"
  | "contrast";

/** Height of a row. */
export type Density =
  | "normal"
  | "compact";

/** Signs in (AU-2). */
export interface SignIn {
  /** Account number, e-mail address or user name. */
  login: string;
  /** Password. */
  password: string;
}

/** Unlocks the desk for whom it was locked. */
export interface Unlock {
  /** Password. */
  password: string;
}

/** A session of a person (AU-12). */
export interface SessionRow {
  /** Which one. */
  id: SessionId;
  /** On which device. */
  device: string;
  /** Since when. */
  started_at: Instant;
  /** Last act. */
  last_active_at: Instant;
  /** Until when at most. */
  expires_at: Instant;
  /** This one. */
  current: boolean;
}

/** Ends a session. */
export interface EndSession {
  /** Which one; `None` ends all others of this person. */
  id: SessionId | null;
}

/** A row of the list of accounts. */
export interface AccountRow {
  /** Who. */
  id: AccountId;
  /** Account number. */
  public_id: string;
  /** Revision, to be sent back with a change. */
  rev: number;
  /** What may be edited. */
  form: AccountForm;
  /** "Surname, Given". */
  name: string;
  /** Device of the last sign-in. */
  last_device: string | null;
  /** Last act. */
  last_seen_at: Instant | null;
  /** May sign in. */
  active: boolean;
  /** When it was made. */
  created_at: Instant;
}

/** Asks for a page of accounts. Sorts: `name`, `id`, `role`, `last_seen`. */
export interface ListAccounts {
  /** Part of the name, id or e-mail; empty shows all. */
  query: string;
  /** Only this role. */
  role: Role | null;
  /** Only active ones, or only deactivated ones. */
  active: boolean | null;
  /** Which page. */
  paging: Paging;
}

/** A page of accounts. */
export interface AccountPage {
  /** The rows. */
  rows: AccountRow[];
  /** How many match. */
  total: number;
}

/** Makes an account. */
export interface CreateAccount {
  /** Made by the interface once per form. */
  request_id: ActionId;
  /** The account. */
  form: AccountForm;
  /** The first password. */
  password: string;
}

/** Changes an account. */
export interface EditAccount {
  /** Who. */
  id: AccountId;
  /** Revision that was edited. */
  rev: number;
  /** The account as it shall be. */
  form: AccountForm;
}

/** Deactivates an account or activates it again (AU-23). */
export interface SetAccountActive {
  /** Who. */
  id: AccountId;
  /** Revision that was seen. */
  rev: number;
  /** May sign in. */
  active: boolean;
}

/** What came of a change to an account. */
export interface AccountChanged {
  /** The act. */
  action_id: ActionId;
  /** The account as it is now. */
  account: AccountRow;
}

/** Changes the own profile (AU-21): names, e-mail and user name. The current password proves that it is oneself. */
export interface EditProfile {
  /** Given names. */
  given_names: string;
  /** Family name. */
  family_name: string;
  /** E-mail address, or empty. */
  email: string;
  /** User name, or empty. */
  user_name: string;
  /** Current password. */
  password: string;
}

/** A free slot. */
export interface Opening {
  /** With whom. */
  doctor_id: DoctorId;
  /** The doctor's short name. */
  doctor: string;
  /** Local date. */
  date: NaiveDate;
  /** Wall-clock minute at which it starts. */
  start: number;
  /** Free minutes from there. */
  minutes: number;
}

/** An appointment as the grid draws it. */
export interface AppointmentBox {
  /** Which one. */
  id: AppointmentId;
  /** Revision, to be sent back with a change. */
  rev: number;
  /** With whom. */
  doctor_id: DoctorId;
  /** For whom. */
  patient_id: PatientId;
  /** Local date. */
  date: NaiveDate;
  /** Wall-clock minute of the start. */
  start: number;
  /** Wall-clock minute of the end. */
  end: number;
  /** Where it stands. */
  status: Status;
  /** Surname. */
  surname: string;
  /** "Surname, I." */
  short_name: string;
  /** "Given Surname". */
  full_name: string;
  /** Kind of appointment. */
  type_name: string;
  /** The room, when the patient is in one. */
  room: string;
  /** When the patient arrived. */
  arrived_at: Instant | null;
  /** Minutes waited when the view was made; the interface counts on from there. */
  waited: number | null;
  /** The patient has an alert. */
  alert: boolean;
}

/** Why part of a column is closed. */
export type ClosedKind =
  | "clinic_closed"
  | "outside_schedule"
  | "break"
  | "time_off";

/** A closed part of a column. */
export interface ClosedSpan {
  /** Wall-clock span. */
  span: Span;
  /** Why. */
  kind: ClosedKind;
  /** The reason or name that was entered, or empty. */
  words: string;
}

/** One doctor on one day. */
export interface Column {
  /** Who. */
  doctor_id: DoctorId;
  /** Local date. */
  date: NaiveDate;
  /** What is closed, in order, without overlaps. */
  closed: ClosedSpan[];
  /** What can be booked from now on: open, free and not past, in order. */
  free: Span[];
  /** Bookable minutes of the day, free or not. */
  open_minutes: number;
  /** Minutes that are booked. */
  booked_minutes: number;
  /** The doctor is away all day. */
  away: boolean;
}

/** A doctor as the grid's head shows them. */
export interface DoctorHead {
  /** Who. */
  id: DoctorId;
  /** What stands above the column. */
  short_name: string;
  /** "Dr Given Surname". */
  name: string;
  /** First specialty's name. */
  specialty: string;
  /** First specialty. */
  specialty_id: SpecialtyId | null;
}

/** How many appointments of a day have a status. */
export interface StatusCount {
  /** The status. */
  status: Status;
  /** How many. */
  count: number;
}

/** The clock of the clinic at the moment a view was made. */
export interface ClinicClock {
  /** Today in the clinic's zone. */
  today: NaiveDate;
  /** Wall-clock minute. */
  minute: number;
  /** Seconds into that minute. */
  second: number;
  /** The instant. */
  instant: Instant;
}

/** Asks for days of the schedule: one day, or a week of one or several doctors. */
export interface ViewSchedule {
  /** First day. */
  from: NaiveDate;
  /** How many days, 1 to 7. */
  days: number;
  /** Which doctors; empty means those the signed-in person sees by default (a doctor: the own schedule). */
  doctor_ids: DoctorId[];
}

/** Days of the schedule, everything a day or week view draws. */
export interface ScheduleView {
  /** First day. */
  from: NaiveDate;
  /** The clock. */
  clock: ClinicClock;
  /** First minute worth drawing on any of these days, on the hour. */
  first_minute: number;
  /** Last minute worth drawing, on the hour. */
  last_minute: number;
  /** Minutes of one slot. */
  slot_minutes: number;
  /** Minutes of waiting after which an arrival counts as late. */
  late_after_minutes: number;
  /** The doctors in their order. */
  doctors: DoctorHead[];
  /** One for each doctor and day, doctors first. */
  columns: Column[];
  /** All appointments of these days, cancelled ones included, in order of their start. */
  appointments: AppointmentBox[];
  /** How many of each status. */
  counts: StatusCount[];
  /** Patients waiting now, today, longest first. */
  waiting: AppointmentBox[];
  /** First ten openings of these doctors from now on, one slot long or longer. */
  openings: Opening[];
}

/** Asks for a month as counts. */
export interface ViewMonth {
  /** Any day of the month. */
  month: NaiveDate;
  /** Which doctors; empty as for [`ViewSchedule`]. */
  doctor_ids: DoctorId[];
}

/** A month as counts. */
export interface MonthView {
  /** The clock. */
  clock: ClinicClock;
  /** The days of the whole weeks that touch the month, Monday first. */
  days: MonthDay[];
  /** Booked in the month itself. */
  booked: number;
  /** No-shows in the month itself. */
  no_shows: number;
}

/** One day of a month. */
export interface MonthDay {
  /** Local date. */
  date: NaiveDate;
  /** Appointments that hold or held their slot. */
  booked: number;
  /** No-shows. */
  no_shows: number;
  /** Cancelled ones. */
  cancelled: number;
  /** Bookable minutes, free or not. */
  open_minutes: number;
  /** Booked minutes. */
  booked_minutes: number;
  /** Free slots from now on. */
  free_slots: number;
  /** The first of them. */
  first_free: number | null;
  /** Doctors who are away all day. */
  away: number;
  /** The day's name when the clinic is closed on it. */
  closed: string | null;
}

/** One line of an appointment's history. */
export interface HistoryLine {
  /** When. */
  at: Instant;
  /** Wall-clock date of it. */
  date: NaiveDate;
  /** Wall-clock minute of it. */
  minute: number;
  /** What was done. */
  op: Op;
  /** Who did it. */
  actor: string;
  /** On which device. */
  device: string;
  /** What changed. */
  changes: FieldChange[];
}

/** Everything about one appointment, for the drawer. */
export interface AppointmentView {
  /** As the grid draws it. */
  summary: AppointmentBox;
  /** "Dr Given Surname". */
  doctor: string;
  /** Kind of appointment. */
  type_id: AppointmentTypeId | null;
  /** Reason for the visit. */
  reason: string;
  /** Why it was cancelled. */
  cancel_reason: CancelReason | null;
  /** In words. */
  cancel_note: string;
  /** Steps that are lawful now. */
  next: Status[];
  /** Patient: account number. */
  public_id: string;
  /** Patient: gender. */
  sex: Sex;
  /** Patient: whole years. */
  age: number;
  /** Patient: birth date. */
  birth_date: NaiveDate;
  /** Patient: phone as written for people. */
  phone: string;
  /** Patient: alerts. */
  alerts: Alert[];
  /** Patient: preferred language. */
  language: string;
  /** Patient: remarks for the desk. */
  notes: string;
  /** Patient: completed visits. */
  visits: number;
  /** Patient: date of the last one. */
  last_visit: NaiveDate | null;
  /** Patient: no-shows. */
  no_shows: number;
  /** What happened to it, latest first, up to 50. */
  history: HistoryLine[];
}

/** Why an appointment is cancelled (AP-4). */
export type CancelReason =
  | "patient_asked"
  | "patient_ill"
  | "doctor_unavailable"
  | "booked_by_mistake"
  | "other";

/** A slot as a person points at it. */
export interface Place {
  /** With whom. */
  doctor_id: DoctorId;
  /** Local date. */
  date: NaiveDate;
  /** Wall-clock minute of the start. */
  start: number;
  /** Length. */
  minutes: number;
  /** Which of the two when the time happens twice. */
  fold: Fold | null;
}

/** Books an appointment (AP-1). */
export interface BookAppointment {
  /** Made by the interface once per sheet, so that a double Enter books once. */
  request_id: ActionId;
  /** Where. */
  place: Place;
  /** For whom. */
  patient_id: PatientId;
  /** Kind of appointment. */
  type_id: AppointmentTypeId | null;
  /** Reason for the visit, up to 500 characters. */
  reason: string;
}

/** Moves an appointment, or changes its length (AP-6). */
export interface Reschedule {
  /** Which one. */
  id: AppointmentId;
  /** Revision that was seen. */
  rev: number;
  /** Where to. */
  place: Place;
}

/** Takes a step of the life cycle (AP-4). */
export interface ChangeStatus {
  /** Which one. */
  id: AppointmentId;
  /** Revision that was seen. */
  rev: number;
  /** Where to. */
  to: Status;
  /** Needed to cancel, refused otherwise. */
  cancel_reason: CancelReason | null;
  /** In words, up to 200 characters; needed for [`CancelReason::Other`]. */
  note: string;
  /** Room, up to 24 characters, when taken to one. */
  room: string;
}

/** What came of a change to an appointment. */
export interface AppointmentChanged {
  /** The act, for undo. */
  action_id: ActionId;
  /** What was done. */
  op: Op;
  /** The appointment as it is now. */
  appointment: AppointmentBox;
  /** The doctor's short name. */
  doctor: string;
}

/** Asks for the next free slots over doctors and days (AP-3, FD-4). */
export interface NextFree {
  /** From this day on. */
  from: NaiveDate;
  /** From this wall-clock minute on, on the first day. */
  from_minute: number;
  /** At least this long. */
  minutes: number;
  /** Which doctors; empty means all that can be booked. */
  doctor_ids: DoctorId[];
  /** Only doctors with this specialty. */
  specialty_id: SpecialtyId | null;
  /** How many, 1 to 50. */
  limit: number;
  /** How many days ahead, 1 to 366. */
  days: number;
}

/** Asks for a page of a patient's appointments, latest first. */
export interface ListAppointments {
  /** Whose; `None` with a doctor lists the doctor's. */
  patient_id: PatientId | null;
  /** With whom. */
  doctor_id: DoctorId | null;
  /** Which page, from 0; 50 rows each. */
  page: number;
}

/** A page of appointments. */
export interface AppointmentPage {
  /** The rows. */
  rows: AppointmentRow[];
  /** How many there are. */
  total: number;
}

/** An appointment in a list. */
export interface AppointmentRow {
  /** As the grid draws it. */
  summary: AppointmentBox;
  /** "Dr Given Surname". */
  doctor: string;
  /** What was done last. */
  last_op: Op | null;
  /** By whom. */
  last_by: string;
  /** When. */
  last_at: Instant | null;
}

/** Sets up the clinic and its first administrator (AU-20). */
export interface SetUpClinic {
  /** Made by the interface once, so that a double Enter sets up once. */
  request_id: ActionId;
  /** The first administrator. */
  admin: AccountForm;
  /** The administrator's password. */
  password: string;
  /** Name, address and look. */
  profile: ClinicProfile;
  /** Weekly opening hours. */
  hours: WeeklyHours;
  /** Minutes of one slot. */
  slot_minutes: number;
  /** The first doctors; may be empty. Specialties by name. */
  doctors: FirstDoctor[];
  /** Fill with invented people as well (AD-12); the store is then marked as a demo for good. */
  demo: boolean;
}

/** A doctor as the wizard enters one. */
export interface FirstDoctor {
  /** The record; its specialties are empty. */
  form: DoctorForm;
  /** Name of the specialty, or empty. */
  specialty: string;
}

/** What a person types about a doctor. */
export interface DoctorForm {
  /** Family name, 1 to 80 characters. */
  family_name: string;
  /** Given names, 1 to 80 characters. */
  given_names: string;
  /** What stands above the column, 1 to 14 characters; empty takes the family name. */
  short_name: string;
  /** Specialties, the first one is shown; up to 8. */
  specialty_ids: SpecialtyId[];
  /** Licence number; checked against the clinic's pattern when there is one. */
  licence_number: string;
  /** Last day of the licence. */
  licence_until: NaiveDate | null;
  /** Phone. */
  phone: string;
  /** E-mail address. */
  email: string;
  /** When the doctor works, inside the clinic's hours or beyond them. */
  schedule: WeeklyHours;
}

/** Administrative gender, FHIR R4 `AdministrativeGender`. */
export type Sex =
  | "female"
  | "male"
  | "other"
  | "unknown";

/** How the clinic may reach a patient. */
export type ContactChannel =
  | "call"
  | "sms"
  | "email"
  | "none";

/** What an alert is about. */
export type AlertKind =
  | "allergy"
  | "risk"
  | "access"
  | "note";

/** Shown on every screen that shows the patient. */
export interface Alert {
  /** What it is about. */
  kind: AlertKind;
  /** In words, 1 to 200 characters. */
  text: string;
}

/** Whom to call. */
export interface EmergencyContact {
  /** Full name. */
  name: string;
  /** What they are to the patient. */
  relation: string;
  /** Phone number. */
  phone: string;
}

/** How far a record has been checked (PE-3). */
export type Validation =
  | "pending"
  | "doctor_validated"
  | "full_validated"
  | "rejected";

/** What a person types about a patient. Required: both names and the birth date; everything else may be empty. */
export interface PatientForm {
  /** Family name, 1 to 80 characters. */
  family_name: string;
  /** Given names, 1 to 80 characters. */
  given_names: string;
  /** The name the patient goes by, or empty. */
  called: string;
  /** Birth date, not in the future and not before 1880. */
  birth_date: NaiveDate | null;
  /** Administrative gender. */
  sex: Sex;
  /** Pregnant; `None` when not asked. */
  is_pregnant: boolean | null;
  /** Phone, stored as E.164. */
  phone: string;
  /** A second phone. */
  phone_other: string;
  /** E-mail address. */
  email: string;
  /** Street and number. */
  street: string;
  /** City. */
  city: string;
  /** Post code. */
  post_code: string;
  /** Preferred language as BCP 47, for example `en` or `ig`; empty when unknown. */
  language: string;
  /** Preferred channel. */
  channel: ContactChannel;
  /** Whom to call; up to 5. */
  emergency_contacts: EmergencyContact[];
  /** Alerts; up to 20. */
  alerts: Alert[];
  /** The doctor who usually sees the patient. */
  doctor_id: DoctorId | null;
  /** Remarks for the desk, up to 2000 characters. */
  notes: string;
}

/** Something a signed-in person may want to do. Every use case names one. */
export type Action =
  | "view_schedule"
  | "book"
  | "reschedule"
  | "change_status"
  | "complete"
  | "cancel"
  | "find_patients"
  | "read_patient"
  | "add_patient"
  | "edit_patient"
  | "archive_patient"
  | "view_doctors"
  | "manage_doctors"
  | "manage_exceptions"
  | "view_clinic"
  | "edit_clinic"
  | "manage_accounts"
  | "read_audit"
  | "manage_own_session"
  | "undo";

/** What a person is to the clinic. Order and names are those of AU-19. */
export type Role =
  | "admin"
  | "front_desk"
  | "doctor"
  | "patient";

/** One weekday of a weekly template. */
export interface DayHours {
  /** Off days keep their times, so that switching one on again restores them. */
  open: boolean;
  /** From when until when, in wall-clock minutes. */
  hours: Span;
  /** Breaks inside, in order, not touching one another. */
  breaks: Span[];
}

/** A weekly template, Monday first; always seven days. */
export type WeeklyHours = DayHours[];

/** What a dated change does to the weekly template. */
export type ExceptionKind =
  | "time_off"
  | "extra_hours";

/** A dated change to one doctor's weekly template (PE-5). */
export interface Exception {
  /** Its id. */
  id: ExceptionId;
  /** What it does. */
  kind: ExceptionKind;
  /** First day. */
  from: NaiveDate;
  /** Last day, inclusive. */
  until: NaiveDate;
  /** The part of each of these days it covers; `None` is the whole day. */
  span: Span | null;
  /** Why, in the words of whoever entered it. */
  reason: string;
}

/** A day on which the whole clinic is closed, or closes early or opens late. */
export interface ClosedDay {
  /** Which day. */
  date: NaiveDate;
  /** The closed part; `None` is the whole day. */
  span: Span | null;
  /** Its name, for example "Christmas Day". */
  name: string;
}

/** The rule that says no, with the facts a person needs to understand it (AP-2, AP-4). */
export type Refusal =
  | { rule: "in_past" }
  | { rule: "time_skipped" }
  | { rule: "time_twice" }
  | { rule: "not_aligned"; slot_minutes: number }
  | { rule: "bad_length"; longest: number }
  | { rule: "clinic_closed"; hours: Span | null }
  | { rule: "closed_day"; name: string }
  | { rule: "outside_schedule"; hours: Span | null }
  | { rule: "break"; span: Span }
  | { rule: "time_off"; span: Span | null; until: NaiveDate; reason: string }
  | { rule: "doctor_inactive" }
  | { rule: "licence_ended"; until: NaiveDate }
  | { rule: "patient_archived" }
  | { rule: "taken"; by: AppointmentId }
  | { rule: "patient_busy"; by: AppointmentId; doctor: DoctorId }
  | { rule: "unlawful_step"; from: Status; to: Status }
  | { rule: "too_early" };

/** Where an appointment stands. FHIR R4 `AppointmentStatus` has an equal for each. */
export type Status =
  | "scheduled"
  | "confirmed"
  | "arrived"
  | "in_room"
  | "completed"
  | "cancelled"
  | "no_show"
  | "needs_rebooking";

/** A half-open span of wall-clock minutes of one day, `0..=1440`. */
export interface Span {
  /** First minute inside. */
  start: number;
  /** First minute outside. */
  end: number;
}

/** Which of the two instants of a wall time that happens twice is meant. */
export type Fold =
  | "earlier"
  | "later";

/** One thing wrong with one field of a request. */
export interface FieldError {
  /** Path of the field as the request spells it, for example `emergency_contacts.0.phone`. */
  field: string;
  /** What is wrong. */
  rule: FieldRule;
  /** A value that would be accepted, where one can be guessed. */
  suggestion: string | null;
  /** The bound that was broken: characters, digits or minutes, depending on the rule. */
  bound: number | null;
}

/** What can be wrong with a field. */
export type FieldRule =
  | "required"
  | "too_short"
  | "too_long"
  | "bad_character"
  | "malformed"
  | "in_future"
  | "in_past"
  | "out_of_range"
  | "taken"
  | "end_before_start"
  | "not_aligned"
  | "unknown"
  | "common_password"
  | "context_password"
  | "duplicate";

