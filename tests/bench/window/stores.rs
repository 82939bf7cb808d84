//! Clinics that are measured: the demo of the tests, a day that is as full as a day can be, and the design load.

use std::path::{Path, PathBuf};

use clinic_app::directory::view::AddPatient;
use clinic_app::identity::view::KeyPlace;
use clinic_app::scheduling::view::{BookAppointment, Place, ViewSchedule};
use clinic_app::setup::view::FirstDoctor;
use clinic_domain::id::ActionId;
use clinic_testkit::clinic::on_disk;
use clinic_testkit::forms;

use crate::repository::root;

/// Password of the large clinic, which the benchmark of the services makes.
pub const PASSWORD: &str = "plum harbour quiet lantern";

/// Folder of the clinic at the design load.
pub fn large() -> Option<PathBuf> {
    let folder = root().join("target/bench/50-100000-1000000-20261123");
    folder.join("complete").exists().then_some(folder)
}

/// A copy of the large clinic: what is booked here is in no other run.
pub fn copy_large(to: &Path) {
    for file in ["store.db", "store.key", "audit.checkpoint"] {
        std::fs::copy(large().unwrap().join(file), to.join(file)).unwrap();
    }
}

/// Twelve doctors who see 21 patients a day for a quarter of an hour each, on Monday and on Tuesday.
pub fn busy(folder: &Path) {
    let app = on_disk(folder, crate::prepared::NOW);
    let id = || ActionId(app.new_id().unwrap());
    app.start().unwrap();
    app.create_store(KeyPlace::File).unwrap();
    let mut request = forms::clinic(id());
    request.slot_minutes = 15;
    request.doctors = [
        "Adler", "Brandt", "Costa", "Duval", "Evans", "Fischer", "Garcia", "Hansen", "Ito", "Jones", "Kaur",
        "Lopez",
    ]
    .map(|name| FirstDoctor { form: forms::doctor(name, "Ann"), specialty: "General practice".to_owned() })
    .into();
    app.set_up_clinic(request).unwrap();
    let actor = app.actor().unwrap();
    // The last are with nobody on these days, so that they can be booked.
    let absent = ["Kelly", "Mason", "Newton", "Owens", "Parker", "Stone"].map(str::to_owned);
    let patients: Vec<_> = (0..252)
        .map(|i| format!("{}son", letters(i)))
        .chain(absent)
        .map(|name| {
            let form = forms::patient(&name, "Jo", "1980-02-29");
            let request = AddPatient { request_id: id(), form, accept_duplicates: true };
            app.add_patient(&actor, request).unwrap().patient.id
        })
        .collect();
    for date in ["2026-11-23", "2026-11-24"].map(|date| date.parse().unwrap()) {
        let request = ViewSchedule { from: date, days: 1, doctor_ids: Vec::new() };
        let view = app.view_schedule(&actor, request).unwrap();
        let doctors = view.columns.iter().map(|column| column.doctor_id);
        for (i, (doctor_id, slot)) in
            doctors.flat_map(|doctor| (0..21).map(move |slot| (doctor, slot))).enumerate()
        {
            // The first slots stay free: 09:30 is the first that is taken.
            let place = Place { doctor_id, date, start: 570 + slot * 15, minutes: 15, fold: None };
            let patient_id = patients[i];
            let request =
                BookAppointment { request_id: id(), place, patient_id, type_id: None, reason: String::new() };
            app.book(&actor, request).unwrap();
        }
    }
}

fn letters(i: usize) -> String {
    let letter = |i: usize| char::from(b'a' + u8::try_from(i % 26).unwrap());
    format!("{}{}", letter(i / 26).to_ascii_uppercase(), letter(i))
}
