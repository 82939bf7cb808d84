//! Settings of the clinic, and what hangs on them.

use clinic_app::AppError;
use clinic_app::clinic::view::{AppointmentTypeForm, ClinicView, EditClinic};
use clinic_domain::validation::{FieldError, FieldRule};
use clinic_testkit::TestClinic;

fn edit(clinic: &ClinicView, change: impl FnOnce(&mut EditClinic)) -> EditClinic {
    let kinds = clinic.appointment_types.iter();
    let mut edit = EditClinic {
        rev: clinic.rev,
        profile: clinic.profile.clone(),
        hours: clinic.hours.clone(),
        slot_minutes: clinic.slot_minutes,
        closed_days: clinic.closed_days.clone(),
        appointment_types: kinds
            .map(|kind| AppointmentTypeForm {
                id: Some(kind.id),
                name: kind.name.clone(),
                minutes: kind.minutes,
            })
            .collect(),
        late_after_minutes: clinic.late_after_minutes,
    };
    change(&mut edit);
    edit
}

#[test]
fn the_time_zone_is_fixed_with_the_first_appointment() {
    let clinic = TestClinic::new();
    let admin = clinic.admin();
    let before = clinic.app.read_clinic(&admin).unwrap();
    let moved = |clinic: &ClinicView| edit(clinic, |edit| edit.profile.time_zone = "Asia/Tokyo".to_owned());
    let after = clinic.app.edit_clinic(&admin, moved(&before)).unwrap().clinic;
    assert_eq!(after.profile.time_zone, "Asia/Tokyo", "free to choose before");
    let back = edit(&after, |edit| edit.profile.time_zone = before.profile.time_zone.clone());
    let after = clinic.app.edit_clinic(&admin, back).unwrap().clinic;
    let smith = clinic.add_patient("Smith", "Jo", "1980-02-29");
    clinic.book(smith.id, "2026-11-23 10:30");
    assert_eq!(
        clinic.app.edit_clinic(&admin, moved(&after)).unwrap_err(),
        AppError::Validation { fields: vec![FieldError::new("profile.time_zone", FieldRule::Fixed)] }
    );
}

#[test]
fn a_kind_of_appointment_that_is_left_out_is_retired_and_a_new_one_is_offered() {
    let clinic = TestClinic::new();
    let admin = clinic.admin();
    let before = clinic.app.read_clinic(&admin).unwrap();
    let request = edit(&before, |edit| {
        edit.appointment_types.remove(0);
        edit.appointment_types.push(AppointmentTypeForm { id: None, name: "Scan".to_owned(), minutes: 20 });
    });
    let after = clinic.app.edit_clinic(&admin, request).unwrap().clinic;
    let names: Vec<_> = after.appointment_types.iter().map(|kind| kind.name.as_str()).collect();
    assert!(!names.contains(&before.appointment_types[0].name.as_str()), "{names:?}");
    assert_eq!(names.last(), Some(&"Scan"));
    assert_eq!(after.rev, before.rev + 1);
}

#[test]
fn settings_that_somebody_else_changed_meanwhile_are_not_overwritten() {
    let clinic = TestClinic::new();
    let admin = clinic.admin();
    let before = clinic.app.read_clinic(&admin).unwrap();
    clinic.app.edit_clinic(&admin, edit(&before, |edit| edit.late_after_minutes = 20)).unwrap();
    let late = edit(&before, |edit| edit.late_after_minutes = 30);
    assert!(matches!(clinic.app.edit_clinic(&admin, late), Err(AppError::Stale { .. })));
}
