//! A clinic in a temporary folder, set up and run through the application as the shell does it.

use std::path::Path;

use clinic_app::directory::view::{AddDoctor, AddPatient, DoctorView, PatientView};
use clinic_app::identity::demo;
use clinic_app::identity::hashing::Cost;
use clinic_app::identity::reset_view::ResetPassword;
use clinic_app::identity::view::{CreateAccount, KeyPlace, SessionState, SignIn, StartState};
use clinic_app::scheduling::view::{AppointmentBox, BookAppointment, Place};
use clinic_app::setup::view::SetUpClinic;
use clinic_app::{Actor, Answer, App, Parts};
use clinic_domain::id::{ActionId, DoctorId, PatientId};
use clinic_domain::identity::role::Role;
use tempfile::TempDir;

use crate::computer::{MemoryKeystore, RepeatingRandom, TurnedClock};
use crate::forms;

/// Monday 23 November 2026, 09:00 in New York: when a test begins.
pub const MONDAY_MORNING: &str = "2026-11-23T14:00:00Z";
/// The same day as a date.
pub const MONDAY: &str = "2026-11-23";

/// How little work a password hash is in tests.
pub const CHEAP: Cost = Cost { memory_kib: 8, passes: 1 };

/// The clinic. Dr Lee has the first column; `ada` is an administrator, `fran` at the front desk, `lee` the doctor.
pub struct TestClinic {
    /// The application.
    pub app: App,
    /// Its clocks.
    pub clock: TurnedClock,
    /// The keystore that holds the key of its store.
    pub keystore: MemoryKeystore,
    folder: TempDir,
    random: RepeatingRandom,
    actors: Vec<Actor>,
    lee: DoctorId,
}

impl Default for TestClinic {
    fn default() -> Self {
        Self::new()
    }
}

impl TestClinic {
    /// The clinic on [`MONDAY_MORNING`], with Dr Lee and nobody signed in.
    pub fn new() -> Self {
        Self::with(|_| ())
    }

    /// A clinic with invented people (AD-12) instead: `noor` is at the front desk, `haddad` the doctor.
    pub fn demo() -> Self {
        Self::with(|request| request.demo = true)
    }

    /// The clinic as the request says after `change`.
    pub fn with(change: impl FnOnce(&mut SetUpClinic)) -> Self {
        let (clock, random) = (TurnedClock::at(MONDAY_MORNING), RepeatingRandom::from_seed(1));
        let (folder, keystore) = (tempfile::tempdir().unwrap(), MemoryKeystore::default());
        let app = App::new(parts(folder.path(), &clock, &random, &keystore));
        assert!(matches!(app.start().unwrap(), StartState::FirstRun { .. }));
        assert!(matches!(app.create_store(KeyPlace::Keystore).unwrap(), StartState::NoClinic { .. }));
        let mut request = forms::clinic(ActionId(app.new_id().unwrap()));
        change(&mut request);
        let is_demo = request.demo;
        app.set_up_clinic(request).unwrap();
        let admin = app.actor().unwrap();
        let nobody = DoctorId(app.new_id().unwrap());
        let mut clinic = Self { app, clock, keystore, folder, random, actors: vec![admin], lee: nobody };
        if is_demo {
            clinic.enter_demo()
        } else {
            clinic.add_people()
        }
        clinic.app.sign_out().unwrap();
        clinic
    }

    fn add_people(&mut self) {
        self.lee = self.add_doctor("Lee", "Ann").id;
        for (name, role, doctor) in [("fran", Role::FrontDesk, None), ("lee", Role::Doctor, Some(self.lee))] {
            let actor = self.add_account(name, role, doctor);
            self.actors.push(actor);
        }
    }

    /// The demo brings its own people: the known accounts take the places of `fran` and `lee`.
    fn enter_demo(&mut self) {
        for known in &demo::KNOWN[1..] {
            let request = SignIn { login: known.login.to_owned(), password: demo::PASSWORD.into() };
            self.app.sign_in(request).unwrap();
            let actor = self.app.actor().unwrap();
            self.lee = actor.person.doctor.unwrap_or(self.lee);
            self.actors.push(actor);
        }
    }

    /// The administrator.
    pub fn admin(&self) -> Actor {
        self.actor(Role::Admin)
    }

    /// Somebody at the front desk.
    pub fn front_desk(&self) -> Actor {
        self.actor(Role::FrontDesk)
    }

    /// Dr Lee; Dr Haddad in the demo.
    pub fn doctor(&self) -> Actor {
        self.actor(Role::Doctor)
    }

    fn actor(&self, role: Role) -> Actor {
        self.actors.iter().find(|actor| actor.person.role == role).cloned().unwrap()
    }

    /// Dr Lee's column; Dr Haddad's in the demo.
    pub fn lee(&self) -> DoctorId {
        self.lee
    }

    /// Where the store lies.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A new request id.
    pub fn request(&self) -> ActionId {
        ActionId(self.app.new_id().unwrap())
    }

    /// Signs in at the desk with the password that everybody has in tests.
    ///
    /// # Errors
    /// Whatever the application answers.
    pub fn sign_in(&self, login: &str) -> Answer<SessionState> {
        self.app.sign_in(SignIn { login: login.to_owned(), password: forms::PASSWORD.into() })
    }

    /// Makes an account and signs it in at the desk, with a password of its own.
    pub fn add_account(&self, user_name: &str, role: Role, doctor: Option<DoctorId>) -> Actor {
        let request = CreateAccount {
            request_id: self.request(),
            form: forms::account(user_name, role, doctor),
            password: None,
        };
        let first = self.app.create_account(&self.admin(), request).unwrap().first_password.unwrap();
        let password = first.expose().into();
        self.app.sign_in(SignIn { login: user_name.to_owned(), password }).unwrap();
        let password = forms::PASSWORD.into();
        self.app.replace_password(ResetPassword { password }).unwrap();
        self.app.actor().unwrap()
    }

    /// Adds a doctor who works the usual week.
    pub fn add_doctor(&self, family_name: &str, given_names: &str) -> DoctorView {
        let form = forms::doctor(family_name, given_names);
        let request = AddDoctor { request_id: self.request(), form, new_specialties: Vec::new() };
        self.app.add_doctor(&self.admin(), request).unwrap().doctor
    }

    /// Adds a patient born on a day such as `1980-02-29`.
    pub fn add_patient(&self, family_name: &str, given_names: &str, born: &str) -> PatientView {
        let form = forms::patient(family_name, given_names, born);
        let request = AddPatient { request_id: self.request(), form, accept_duplicates: true };
        self.app.add_patient(&self.admin(), request).unwrap().patient
    }

    /// Books half an hour with Dr Lee at a wall-clock time such as `2026-11-23 10:30`.
    pub fn book(&self, patient: PatientId, when: &str) -> AppointmentBox {
        self.try_to_book(&self.front_desk(), self.lee, patient, when).unwrap()
    }

    /// Tries to book half an hour.
    ///
    /// # Errors
    /// Whatever the application answers.
    pub fn try_to_book(
        &self,
        actor: &Actor,
        doctor_id: DoctorId,
        patient_id: PatientId,
        when: &str,
    ) -> Answer<AppointmentBox> {
        let (date, time) = when.split_once(' ').unwrap();
        let (hour, minute) = time.split_once(':').unwrap();
        let start = hour.parse::<u16>().unwrap() * 60 + minute.parse::<u16>().unwrap();
        let request = BookAppointment {
            request_id: self.request(),
            place: Place { doctor_id, date: date.parse().unwrap(), start, minutes: 30, fold: None },
            patient_id,
            type_id: None,
            reason: String::new(),
        };
        Ok(self.app.book(actor, request)?.appointment)
    }

    /// Ends the program and starts it again on the same folder, with the same clocks and keystore. Answers with what it
    /// found.
    pub fn restart(&mut self) -> Answer<StartState> {
        let parts = parts(self.folder.path(), &self.clock, &self.random, &self.keystore);
        // The old one has to let go of the folder first.
        let elsewhere = tempfile::tempdir().unwrap();
        let none = Parts { folder: elsewhere.path().to_owned(), ..self.parts() };
        drop(std::mem::replace(&mut self.app, App::new(none)));
        self.app = App::new(parts);
        self.app.start()
    }

    /// What another program on the same folder would be made of.
    pub fn parts(&self) -> Parts {
        parts(self.folder.path(), &self.clock, &self.random, &self.keystore)
    }
}

/// A program on a folder that stays, for data that is made once and measured often.
pub fn on_disk(folder: &Path, now: &str) -> App {
    let (random, keystore) = (RepeatingRandom::from_seed(1), MemoryKeystore::default());
    App::new(parts(folder, &TurnedClock::at(now), &random, &keystore))
}

fn parts(folder: &Path, clock: &TurnedClock, random: &RepeatingRandom, keystore: &MemoryKeystore) -> Parts {
    Parts {
        folder: folder.to_owned(),
        device: "Desk 1".to_owned(),
        clock: Box::new(clock.clone()),
        random: Box::new(random.clone()),
        keystore: Box::new(keystore.clone()),
        hashing: CHEAP,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinic_app::AppError;
    use clinic_domain::scheduling::status::Status;

    #[test]
    fn a_clinic_is_there_with_somebody_in_every_role() {
        let clinic = TestClinic::new();
        let smith = clinic.add_patient("Smith", "Jo", "1980-02-29");
        let booked = clinic.book(smith.id, "2026-11-23 10:30");
        assert_eq!((booked.start, booked.status), (630, Status::Scheduled));
        assert_eq!(clinic.doctor().person.doctor, Some(clinic.lee()));
        let twice = clinic.try_to_book(&clinic.doctor(), clinic.lee(), smith.id, "2026-11-23 10:30");
        assert!(matches!(twice, Err(AppError::Refused { .. })));
        assert_eq!(clinic.app.actor(), Err(AppError::NotSignedIn));
    }

    #[test]
    fn a_clinic_is_the_same_after_a_restart() {
        let mut clinic = TestClinic::new();
        let smith = clinic.add_patient("Smith", "Jo", "1980-02-29");
        clinic.book(smith.id, "2026-11-23 10:30");
        clinic.clock.wait_minutes(1);
        assert_eq!(clinic.restart().unwrap(), StartState::Ready { clock_back_minutes: None });
        let again = clinic.try_to_book(&clinic.front_desk(), clinic.lee(), smith.id, "2026-11-23 10:30");
        assert!(matches!(again, Err(AppError::Refused { .. })));
        clinic.sign_in("fran").unwrap();
        assert_eq!(clinic.app.actor().unwrap().person, clinic.front_desk().person);
    }

    #[test]
    fn two_programs_never_use_one_folder() {
        let clinic = TestClinic::new();
        let second = App::new(clinic.parts());
        assert_eq!(second.start(), Err(AppError::StoreBusy));
        drop(clinic.app);
        assert_eq!(second.start().unwrap(), StartState::Ready { clock_back_minutes: None });
    }
}
