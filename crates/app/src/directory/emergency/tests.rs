//! Emergency access from the first refusal to the review, as a doctor, an administrator and a colleague meet it.

use clinic_domain::id::{ActionId, PatientId, SessionId};
use clinic_domain::identity::emergency::EmergencyReason;
use clinic_domain::identity::role::Role;
use clinic_domain::validation::FieldRule;

use super::fixture::{WORDS, Ward, add};
use super::view::{EndEmergency, ExtendEmergency, ListEmergencies, OpenInEmergency, RunningEmergency};
use crate::app::Actor;
use crate::audit::view::Op;
use crate::directory::register_patient::RegisterPatient;
use crate::directory::view::{EditPatient, ListPatients, PatientFilter};
use crate::directory::whose::QUERY_FOR_TEST;
use crate::error::AppError;
use crate::fixture::person;
use crate::identity::notice::NoticeKind;
use crate::identity::view::SetAccountActive;
use crate::paging::Paging;
use crate::scheduling::view::{BookAppointment, ListAppointments, Place};

fn appointments_of(patient: PatientId) -> ListAppointments {
    ListAppointments { patient_id: Some(patient), doctor_id: None, page: 0 }
}

#[test]
fn the_record_of_another_doctors_patient_is_closed_and_the_refusal_is_written_down() {
    let ward = Ward::new();
    let app = &ward.clinic.app;
    assert!(!ward.reads());
    let denied = ward.clinic.audit().pop().unwrap();
    assert_eq!((denied.op, denied.subject.as_str()), (Op::Denied, "read_patient"));
    assert_eq!(denied.patient_id, Some(ward.smith.id.0), "the log says whose");
    let edit = EditPatient { id: ward.smith.id, rev: 1, form: ward.smith.form.clone() };
    assert_eq!(app.edit_patient(&ward.lee, edit).unwrap_err(), AppError::Forbidden);
    let register = RegisterPatient { id: ward.smith.id };
    assert_eq!(app.register_patient(&ward.lee, register).unwrap_err(), AppError::Forbidden);
    let listed = app.list_appointments(&ward.lee, appointments_of(ward.smith.id));
    assert_eq!(listed.unwrap_err(), AppError::Forbidden);
    assert_eq!(ward.clinic.audit().iter().filter(|entry| entry.op == Op::Denied).count(), 4);
    let who = app.read_closed_record(&ward.lee, ward.smith.id).unwrap();
    assert_eq!((who.name.as_str(), who.age, who.minutes), ("Jo Smith", 46, 60));
    assert_eq!((who.doctor_name.as_deref(), who.doctor_told), (Some("Dr Ann Roy"), true));
    for other in [&ward.roy, &ward.ada] {
        ward.read(other).unwrap();
    }
}

#[test]
fn a_booking_a_record_made_and_the_usual_doctor_make_a_patient_the_own() {
    let ward = Ward::new();
    let lees = ward.lee.person.doctor.unwrap();
    ward.book(lees, "cancelled");
    assert!(!ward.reads(), "a cancelled appointment is none");
    ward.book(ward.roys, "completed");
    assert!(!ward.reads(), "it was another's");
    ward.book(lees, "no_show");
    assert!(ward.reads());
    let made = add(&ward.clinic, &ward.lee, person("Nagy", "Ilona", "1975-11-30")).unwrap();
    ward.clinic.app.read_patient(&ward.lee, made.id).unwrap();
    let edit = EditPatient { id: made.id, rev: made.rev, form: made.form.clone() };
    ward.clinic.app.edit_patient(&ward.lee, edit).unwrap();
    assert_eq!(ward.clinic.app.read_patient(&ward.roy, made.id).unwrap_err(), AppError::Forbidden);
    let plan: Vec<String> = ward.clinic.read(|conn| {
        let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {QUERY_FOR_TEST}"))?;
        Ok(plan.raw_query().mapped(|row| row.get(3)).collect::<rusqlite::Result<_>>()?)
    });
    assert!(plan.iter().all(|line| !line.starts_with("SCAN") || line.contains("CONSTANT")), "{plan:#?}");
}

#[test]
fn a_list_says_who_it_is_and_no_more() {
    let ward = Ward::new();
    ward.book(ward.roys, "completed");
    let row = |who: &Actor| {
        let paging = Paging { page: 0, size: 50, sort: "name".into(), descending: false };
        let request = ListPatients { filter: PatientFilter::default(), paging };
        ward.clinic.app.list_patients(who, request).unwrap().rows.remove(0)
    };
    for open in [&ward.roy, &ward.ada] {
        assert_eq!((row(open).closed, row(open).last_seen.is_some()), (false, true));
    }
    assert_eq!((row(&ward.lee).closed, row(&ward.lee).last_seen), (true, None));
    ward.open();
    assert!(row(&ward.lee).closed, "lists open nothing");
}

#[test]
fn in_an_emergency_the_record_is_read_and_nothing_else() {
    let ward = Ward::new();
    let app = &ward.clinic.app;
    let other = add(&ward.clinic, &ward.ada, person("Nagy", "Ilona", "1975-11-30")).unwrap();
    let running = ward.open();
    assert_eq!(
        (running.patient.as_str(), running.seconds_left, running.may_extend),
        ("Jo Smith", 3600, true)
    );
    assert!(ward.reads());
    app.list_appointments(&ward.lee, appointments_of(ward.smith.id)).unwrap();
    assert_eq!(app.read_patient(&ward.lee, other.id).unwrap_err(), AppError::Forbidden, "it is one record");
    let edit = EditPatient { id: ward.smith.id, rev: 1, form: ward.smith.form.clone() };
    assert_eq!(app.edit_patient(&ward.lee, edit).unwrap_err(), AppError::Forbidden);
    let place = Place {
        doctor_id: ward.roys,
        date: "2026-11-25".parse().unwrap(),
        start: 600,
        minutes: 30,
        fold: None,
    };
    let book = BookAppointment {
        request_id: ward.clinic.request(),
        place,
        patient_id: ward.smith.id,
        type_id: None,
        reason: String::new(),
    };
    assert_eq!(app.book(&ward.lee, book).unwrap_err(), AppError::Forbidden);
    let elsewhere = Actor { session: SessionId(app.new_id().unwrap()), ..ward.lee.clone() };
    assert_eq!(ward.read(&elsewhere).unwrap_err(), AppError::Forbidden, "another session of the same doctor");
    assert_eq!(app.running_emergency(&elsewhere).unwrap(), None);
}

#[test]
fn every_reading_is_written_down_with_its_emergency() {
    let ward = Ward::new();
    let before = ward.clinic.ops().len();
    let running = ward.open();
    assert!(ward.reads() && ward.reads());
    ward.clinic.app.list_appointments(&ward.lee, appointments_of(ward.smith.id)).unwrap();
    let read = Op::ReadPatientInEmergency;
    assert_eq!(
        ward.ops_after(before),
        [Op::OpenInEmergency, read, read, Op::ReadAppointmentsInEmergency],
        "not folded into one"
    );
    for entry in ward.clinic.audit().split_off(before) {
        assert_eq!(entry.subject_id, Some(running.id.0), "the emergency is named");
        assert_eq!((entry.patient_id, entry.reason.as_str()), (Some(ward.smith.id.0), WORDS));
        assert!(entry.subject.starts_with("Smith, Jo"), "{}", entry.subject);
    }
    let running = ward.clinic.app.running_emergency(&ward.lee).unwrap().unwrap();
    let opened: Vec<Op> = running.opened.iter().map(|read| read.op).collect();
    assert_eq!(opened, [Op::ReadAppointmentsInEmergency, read, read, Op::OpenInEmergency]);
}

#[test]
fn it_ends_by_itself_after_an_hour_by_whichever_clock_is_first() {
    let ward = Ward::new();
    ward.open();
    ward.clinic.wait(3599);
    assert!(ward.reads());
    ward.clinic.wait(1);
    assert!(!ward.reads());
    assert_eq!(ward.clinic.app.running_emergency(&ward.lee).unwrap(), None);
    for (wall, elapsed, what) in [
        (0, 3600, "the wall clock was set back"),
        (3600, 0, "it was set forward"),
        (-60, 0, "before it began"),
    ] {
        let ward = Ward::new();
        ward.open();
        ward.clinic.turn(wall, elapsed);
        assert!(!ward.reads(), "{what}");
    }
}

#[test]
fn it_is_prolonged_once_with_a_second_reason() {
    let ward = Ward::new();
    let running = ward.open();
    let short = ExtendEmergency { id: running.id, reason: EmergencyReason::Other, words: "more".into() };
    let refusal = ward.clinic.app.extend_emergency(&ward.lee, short).unwrap_err();
    assert!(matches!(refusal, AppError::Validation { fields } if fields[0].rule == FieldRule::TooShort));
    ward.clinic.wait(3000);
    let longer = ward.extend(&running).unwrap();
    assert_eq!((longer.seconds_left, longer.may_extend), (4200, false));
    assert_eq!(ward.extend(&running).unwrap_err(), AppError::WrongState);
    ward.clinic.wait(4199);
    assert!(ward.reads());
    ward.clinic.wait(1);
    assert!(!ward.reads());
    assert_eq!(ward.extend(&running).unwrap_err(), AppError::NotFound, "it is over");
    let entry = ward.clinic.audit().into_iter().find(|entry| entry.op == Op::ExtendEmergency).unwrap();
    assert_eq!(entry.reason, "Still no bed free");
}

#[test]
fn the_doctor_ends_it_and_a_sign_out_and_a_deactivation_do() {
    type Way = fn(&Ward, &RunningEmergency);
    let ways: [(&str, Way); 3] = [
        ("end now", |ward, running| {
            let elsewhere =
                Actor { session: SessionId(ward.clinic.app.new_id().unwrap()), ..ward.lee.clone() };
            let end = |who| ward.clinic.app.end_emergency(who, EndEmergency { id: running.id });
            assert_eq!(end(&elsewhere), Err(AppError::NotFound));
            end(&ward.lee).unwrap();
            assert_eq!(end(&ward.lee), Err(AppError::NotFound), "once");
            assert!(ward.clinic.ops().contains(&Op::EndEmergency));
        }),
        ("sign-out", |ward, _| drop(ward.clinic.app.sign_out().unwrap())),
        ("deactivation", |ward, _| {
            let request = SetAccountActive { id: ward.lee.person.account, rev: 1, active: false };
            ward.clinic.app.set_account_active(&ward.ada, request).unwrap();
        }),
    ];
    for (name, end) in ways {
        let ward = Ward::new();
        let running = ward.open();
        ward.clinic.wait(60);
        end(&ward, &running);
        assert!(!ward.reads(), "{name}");
        let row = ward.listed(true).rows.remove(0);
        assert_eq!((row.open, row.over - row.from), (false, chrono::TimeDelta::minutes(1)), "{name}");
    }
}

#[test]
fn the_administrators_and_the_patients_doctor_are_told_at_once() {
    let ward = Ward::new();
    let second = ward.clinic.account("second", Role::Admin, None);
    let gone = ward.clinic.account("gone", Role::Admin, None);
    ward.clinic.change(gone, |account| account.active = false);
    ward.open();
    let kinds = |who: &Actor| -> Vec<NoticeKind> {
        let rows = ward.clinic.app.list_notices(who).unwrap();
        assert!(rows.iter().all(|row| row.about.as_ref().is_some_and(|about| about.name == "lee Test")));
        rows.iter().map(|row| row.kind).collect()
    };
    assert_eq!(kinds(&ward.ada), [NoticeKind::EmergencyOpened]);
    assert_eq!(kinds(&ward.clinic.person(second)), [NoticeKind::EmergencyOpened]);
    assert_eq!(kinds(&ward.roy), [NoticeKind::OwnPatientOpened]);
    assert_eq!(kinds(&ward.lee), []);
    let running = ward.clinic.app.running_emergency(&ward.lee).unwrap().unwrap();
    let told: Vec<_> = running.told.iter().map(|told| told.name.as_str()).collect();
    assert_eq!(told, ["roy Test", "ada Test", "second Test"], "the patient's doctor first");
    assert_eq!(ward.clinic.count("notice"), 3);
}

#[test]
fn without_an_entry_in_the_log_nothing_opens_and_nothing_is_read() {
    let ward = Ward::new();
    ward.break_the_log();
    ward.clinic.app.open_in_emergency(&ward.lee, ward.request()).unwrap_err();
    assert_eq!((ward.clinic.count("emergency"), ward.clinic.count("notice")), (0, 0));
    assert!(!ward.reads());
    let ward = Ward::new();
    ward.open();
    ward.break_the_log();
    assert!(matches!(ward.read(&ward.lee), Err(AppError::Internal { .. })));
    let listed = ward.clinic.app.list_appointments(&ward.lee, appointments_of(ward.smith.id));
    assert!(matches!(listed, Err(AppError::Internal { .. })));
}

#[test]
fn a_reason_in_words_is_needed_and_an_own_patient_needs_none() {
    let ward = Ward::new();
    let app = &ward.clinic.app;
    for (words, rule) in [("", FieldRule::Required), ("he is ill", FieldRule::TooShort)] {
        let request = OpenInEmergency { words: words.into(), ..ward.request() };
        let refusal = app.open_in_emergency(&ward.lee, request).unwrap_err();
        let AppError::Validation { fields } = refusal else { panic!("{refusal:?}") };
        assert_eq!((fields[0].field.as_str(), fields[0].rule), ("words", rule));
    }
    assert_eq!(app.open_in_emergency(&ward.roy, ward.request()).unwrap_err(), AppError::WrongState);
    for other in [ward.ada.clone(), ward.clinic.person(ward.clinic.account("fran", Role::FrontDesk, None))] {
        let refusal = app.open_in_emergency(&other, ward.request()).unwrap_err();
        assert_eq!(refusal, AppError::Forbidden, "they read every record");
    }
    let nobody = PatientId(app.new_id().unwrap());
    let refusal = app.open_in_emergency(&ward.lee, OpenInEmergency { patient_id: nobody, ..ward.request() });
    assert_eq!(refusal.unwrap_err(), AppError::NotFound);
    assert_eq!(ward.clinic.count("emergency"), 0);
}

#[test]
fn one_request_opens_once_and_a_second_patient_closes_the_first() {
    let ward = Ward::new();
    let request = ward.request();
    let first = ward.clinic.app.open_in_emergency(&ward.lee, request.clone()).unwrap();
    assert_eq!(ward.clinic.app.open_in_emergency(&ward.lee, request.clone()).unwrap().id, first.id);
    assert_eq!(ward.clinic.count("emergency"), 1);
    let nagy = add(&ward.clinic, &ward.ada, person("Nagy", "Ilona", "1975-11-30")).unwrap();
    let second = OpenInEmergency {
        request_id: ActionId(ward.clinic.app.new_id().unwrap()),
        patient_id: nagy.id,
        ..request
    };
    ward.clinic.app.open_in_emergency(&ward.lee, second).unwrap();
    assert!(!ward.reads());
    ward.clinic.app.read_patient(&ward.lee, nagy.id).unwrap();
    assert_eq!(ward.listed(false).rows.iter().filter(|row| row.open).count(), 1);
}

#[test]
fn an_administrator_reviews_it_once_and_after_it_is_over() {
    let ward = Ward::new();
    let running = ward.open();
    assert!(ward.reads());
    let page = ward.listed(true);
    assert_eq!((page.total, page.unreviewed), (1, 1));
    let row = &page.rows[0];
    assert_eq!((row.by.as_str(), row.patient.as_str(), row.words.as_str()), ("lee Test", "Smith, Jo", WORDS));
    assert_eq!((row.open, row.opened.len(), row.review.is_none()), (true, 2, true));
    assert_eq!(ward.review(&ward.ada, &running, "").unwrap_err(), AppError::WrongState, "it is open");
    ward.clinic.wait(3600);
    assert_eq!(ward.review(&ward.lee, &running, "").unwrap_err(), AppError::Forbidden);
    ward.review(&ward.ada, &running, "Spoke with Dr Lee.").unwrap();
    assert_eq!(
        ward.review(&ward.ada, &running, "").unwrap_err(),
        AppError::Stale { by: Some("ada Test".into()) }
    );
    let entry = ward.clinic.audit().pop().unwrap();
    assert_eq!((entry.op, entry.reason.as_str()), (Op::ReviewEmergency, "Spoke with Dr Lee."));
    assert_eq!((ward.listed(true).total, ward.listed(true).unreviewed), (0, 0));
    let review = ward.listed(false).rows.remove(0).review.unwrap();
    assert_eq!((review.by.as_str(), review.remark.as_str()), ("ada Test", "Spoke with Dr Lee."));
    let paging = Paging { page: 0, size: 50, sort: "from".into(), descending: true };
    let refusal = ward.clinic.app.list_emergencies(&ward.lee, ListEmergencies { unreviewed: false, paging });
    assert_eq!(refusal.unwrap_err(), AppError::Forbidden);
}
