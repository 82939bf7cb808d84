//! A store in a folder that programs come and go on, and what it holds in the end.

use std::collections::BTreeSet;
use std::path::Path;

use clinic_app::audit::view::{ListAudit, Op};
use clinic_app::identity::view::{KeyPlace, SignIn, StartState};
use clinic_app::scheduling::view::{BookAppointment, Place, ViewSchedule};
use clinic_app::{Answer, App, Parts};
use clinic_domain::id::{ActionId, DoctorId, PatientId};
use clinic_domain::time::{Days, NaiveDate};
use clinic_testkit::clinic::{CHEAP, MONDAY, MONDAY_MORNING};
use clinic_testkit::{MemoryKeystore, RepeatingRandom, TurnedClock, forms};

/// Half hours that are given away on one day.
const A_DAY: u32 = 14;

/// One program on the folder. `seed` keeps its ids apart from those of the programs before.
pub struct Program {
    app: App,
    doctor: DoctorId,
    patient: PatientId,
}

impl Program {
    /// Sets the clinic up, with one doctor and one patient.
    pub fn first(folder: &Path) -> Self {
        let app = program(folder, 0);
        app.start().unwrap();
        app.create_store(KeyPlace::File).unwrap();
        let mut request = forms::clinic(ActionId(app.new_id().unwrap()));
        let form = forms::doctor("Lee", "Ann");
        request.doctors.push(clinic_app::setup::view::FirstDoctor { form, specialty: String::new() });
        app.set_up_clinic(request).unwrap();
        let request = clinic_app::directory::view::AddPatient {
            request_id: ActionId(app.new_id().unwrap()),
            form: forms::patient("Smith", "Jo", "1980-02-29"),
            accept_duplicates: true,
        };
        app.add_patient(&app.actor().unwrap(), request).unwrap();
        Self::of(app)
    }

    /// Opens the folder again.
    pub fn again(folder: &Path, seed: u64) -> Self {
        let app = program(folder, seed);
        assert!(matches!(app.start().unwrap(), StartState::Ready { .. }), "the store does not open any more");
        app.sign_in(SignIn { login: "ada".to_owned(), password: forms::PASSWORD.into() }).unwrap();
        Self::of(app)
    }

    fn of(app: App) -> Self {
        let actor = app.actor().unwrap();
        let search = clinic_app::directory::view::Search { query: "smith".to_owned(), limit: 1 };
        let patient = app.search_patients(&actor, search).unwrap()[0].id;
        let day = ViewSchedule { from: day(0), days: 1, doctor_ids: Vec::new() };
        let doctor = app.view_schedule(&actor, day).unwrap().doctors[0].id;
        Self { app, doctor, patient }
    }

    /// Books the nth half hour. When this is back, it was acknowledged.
    pub fn book(&self, nth: u32) -> Answer<()> {
        let start = u16::try_from(10 * 60 + nth % A_DAY * 30).unwrap();
        let place = Place { doctor_id: self.doctor, date: day(nth / A_DAY), start, minutes: 30, fold: None };
        let request = BookAppointment {
            request_id: ActionId(self.app.new_id()?),
            place,
            patient_id: self.patient,
            type_id: None,
            reason: "x".repeat(400),
        };
        self.app.book(&self.app.actor()?, request).map(drop)
    }

    /// Every half hour that is booked, of the first `count`.
    pub fn booked(&self, count: u32) -> BTreeSet<u32> {
        let actor = self.app.actor().unwrap();
        let mut booked = BTreeSet::new();
        for nth_day in 0..=count / A_DAY {
            let request = ViewSchedule { from: day(nth_day), days: 1, doctor_ids: vec![self.doctor] };
            let view = self.app.view_schedule(&actor, request).unwrap();
            booked.extend(
                view.appointments.iter().map(|one| nth_day * A_DAY + u32::from(one.start - 600) / 30),
            );
        }
        booked
    }

    /// What does not fit together in the store, if anything: each booking has its entry, and the chain holds.
    pub fn fault(&self, count: u32) -> Option<String> {
        let actor = self.app.actor().unwrap();
        let report = self.app.verify_audit(&actor).unwrap();
        if report.broken_at.is_some() || report.checkpoint_broken.is_some() {
            return Some(format!("the audit chain is broken: {report:?}"));
        }
        let of_bookings = ListAudit { op: Some(Op::Book), size: 1, ..ListAudit::default() };
        let entries = self.app.list_audit(&actor, of_bookings).unwrap().total;
        let booked = u32::try_from(self.booked(count).len()).unwrap();
        (entries != booked).then(|| format!("{booked} bookings, {entries} entries about them"))
    }
}

fn program(folder: &Path, seed: u64) -> App {
    App::new(Parts {
        folder: folder.to_owned(),
        device: "Desk 1".to_owned(),
        clock: Box::new(TurnedClock::at(MONDAY_MORNING)),
        random: Box::new(RepeatingRandom::from_seed(seed.wrapping_mul(0x0100_0001) + 1)),
        keystore: Box::new(MemoryKeystore::default()),
        hashing: CHEAP,
    })
}

/// The nth working day from next Monday on.
fn day(nth: u32) -> NaiveDate {
    let monday: NaiveDate = MONDAY.parse().unwrap();
    monday + Days::new(u64::from(7 + nth / 5 * 7 + nth % 5))
}
