//! The first run (AU-20) and the demo clinic (AD-12).

use clinic_app::directory::view::{ListDoctors, ListPatients, PatientFilter};
use clinic_app::identity::demo;
use clinic_app::identity::view::{KeyPlace, ListAccounts, SignIn};
use clinic_app::paging::Paging;
use clinic_app::scheduling::view::{ScheduleView, ViewSchedule};
use clinic_app::{App, AppError, Parts};
use clinic_domain::identity::role::Role;
use clinic_domain::scheduling::status::Status;
use clinic_testkit::clinic::{CHEAP, MONDAY_MORNING};
use clinic_testkit::{MemoryKeystore, RepeatingRandom, TestClinic, TurnedClock, forms};

fn fields(error: AppError) -> Vec<String> {
    let AppError::Validation { fields } = error else { panic!("expected fields, got {error:?}") };
    fields.into_iter().map(|error| error.field).collect()
}

fn days(app: &App, from: &str, days: u8) -> ScheduleView {
    let from = from.parse().unwrap();
    app.view_schedule(&app.actor().unwrap(), ViewSchedule { from, days, doctor_ids: Vec::new() }).unwrap()
}

/// A program with an empty store, at this moment.
fn fresh(folder: &std::path::Path, now: &str) -> App {
    let app = App::new(Parts {
        folder: folder.to_owned(),
        device: "desk".to_owned(),
        clock: Box::new(TurnedClock::at(now)),
        random: Box::new(RepeatingRandom::from_seed(1)),
        keystore: Box::new(MemoryKeystore::default()),
        hashing: CHEAP,
    });
    app.create_store(KeyPlace::File).unwrap();
    app
}

/// A demo clinic made at this moment; its administrator is signed in.
fn demo(folder: &std::path::Path, now: &str) -> App {
    let app = fresh(folder, now);
    let mut request = forms::clinic(clinic_domain::id::ActionId(app.new_id().unwrap()));
    request.demo = true;
    app.set_up_clinic(request).unwrap();
    app
}

fn all() -> Paging {
    Paging { page: 0, size: 200, sort: "name".to_owned(), descending: false }
}

#[test]
fn the_wizard_names_every_field_that_is_wrong_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let app = fresh(folder.path(), MONDAY_MORNING);
    let mut request = forms::clinic(clinic_domain::id::ActionId(app.new_id().unwrap()));
    request.admin.family_name = String::new();
    request.admin.role = Role::FrontDesk;
    request.password = "short".into();
    request.profile.time_zone = "Mars/Olympus".to_owned();
    request.slot_minutes = 7;
    let wrong = fields(app.set_up_clinic(request).unwrap_err());
    for field in ["admin.family_name", "admin.role", "password", "profile.time_zone", "slot_minutes"] {
        assert!(wrong.iter().any(|found| found == field), "{field} is wrong, got {wrong:?}");
    }
    assert!(
        matches!(app.start().unwrap(), clinic_app::identity::view::StartState::NoClinic { .. }),
        "nothing was written"
    );
}

/// P3: no account comes with the program, not even one that a demo clinic would have.
#[test]
fn a_new_store_and_a_new_clinic_have_nobody_but_whoever_set_it_up() {
    let folder = tempfile::tempdir().unwrap();
    let app = fresh(folder.path(), MONDAY_MORNING);
    let enters = |login: &str, password: &str| {
        let request = SignIn { login: login.to_owned(), password: password.into() };
        app.sign_in(request).is_ok()
    };
    let known = || demo::KNOWN.iter().filter(|known| enters(known.login, demo::PASSWORD)).count();
    assert_eq!(known(), 0);
    app.set_up_clinic(forms::clinic(clinic_domain::id::ActionId(app.new_id().unwrap()))).unwrap();
    let everybody = ListAccounts { query: String::new(), role: None, active: None, paging: all() };
    let accounts = app.list_accounts(&app.actor().unwrap(), everybody).unwrap();
    assert_eq!(accounts.rows.iter().map(|row| row.form.user_name.as_str()).collect::<Vec<_>>(), ["ada"]);
    assert_eq!(known(), 0);
    assert!(enters("ada", forms::PASSWORD));
}

#[test]
fn setting_up_twice_by_one_request_sets_up_once_and_by_another_is_refused() {
    let mut sent = None;
    let clinic = TestClinic::with(|request| sent = Some(request.request_id));
    let same = || forms::clinic(sent.unwrap());
    clinic.app.set_up_clinic(same()).unwrap();
    assert_eq!(clinic.app.actor().unwrap().person, clinic.admin().person, "signed in again");
    let stranger =
        clinic_app::setup::view::SetUpClinic { password: "whoever sends it must know it".into(), ..same() };
    assert_eq!(clinic.app.set_up_clinic(stranger).unwrap_err(), AppError::WrongCredentials);
    let other = clinic_app::setup::view::SetUpClinic { request_id: clinic.request(), ..same() };
    assert_eq!(clinic.app.set_up_clinic(other).unwrap_err(), AppError::WrongState);
}

#[test]
fn the_demo_has_twenty_doctors_a_hundred_patients_and_three_hundred_appointments() {
    let folder = tempfile::tempdir().unwrap();
    let app = demo(folder.path(), MONDAY_MORNING);
    let actor = app.actor().unwrap();
    let doctors =
        ListDoctors { query: String::new(), specialty_id: None, with_inactive: false, paging: all() };
    assert_eq!(app.list_doctors(&actor, doctors).unwrap().total, 20);
    let filter = PatientFilter {
        query: String::new(),
        doctor_id: None,
        validation: None,
        with_alert: false,
        archived: false,
    };
    assert_eq!(app.list_patients(&actor, ListPatients { filter, paging: all() }).unwrap().total, 100);
    let weeks = ["2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30"];
    let appointments: usize = weeks.map(|from| days(&app, from, 7).appointments.len()).iter().sum();
    assert!(appointments > 300, "{appointments} appointments");
}

#[test]
fn each_appointment_of_the_demo_is_at_the_stage_that_the_clock_explains() {
    let folder = tempfile::tempdir().unwrap();
    let app = demo(folder.path(), MONDAY_MORNING);
    let today = days(&app, "2026-11-23", 1);
    let now = today.clock.minute;
    let over = [Status::Completed, Status::NoShow, Status::Cancelled];
    for appointment in &today.appointments {
        let status = appointment.status;
        let explained = if appointment.end <= now {
            over.contains(&status)
        } else if appointment.start <= now {
            matches!(status, Status::InRoom | Status::Arrived)
        } else {
            !matches!(status, Status::Completed | Status::NoShow | Status::InRoom)
        };
        assert!(explained, "{status:?} from {} to {} at {now}", appointment.start, appointment.end);
    }
    assert!(today.appointments.len() > 50, "a day in full swing");
    assert!(today.columns.iter().any(|column| column.away), "a doctor is away all day");
    let friday = days(&app, "2026-11-20", 1);
    assert!(friday.appointments.iter().all(|appointment| over.contains(&appointment.status)));
}

#[test]
fn a_demo_made_on_a_sunday_finds_the_clinic_open() {
    let folder = tempfile::tempdir().unwrap();
    let app = demo(folder.path(), "2026-11-22T12:30:00Z");
    let sunday = days(&app, "2026-11-22", 1);
    assert!(sunday.appointments.len() > 50, "{} appointments on the day", sunday.appointments.len());
}
