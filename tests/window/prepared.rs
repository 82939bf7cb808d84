//! Stores that are there before the window opens, so that a test begins where it wants to.

use std::path::Path;

use clinic_app::directory::view::AddPatient;
use clinic_app::identity::view::{CreateAccount, KeyPlace};
use clinic_app::setup::view::FirstDoctor;
use clinic_app::{Actor, App, Parts};
use clinic_domain::id::ActionId;
use clinic_domain::identity::role::Role;
use clinic_testkit::clinic::CHEAP;
use clinic_testkit::{MemoryKeystore, RepeatingRandom, TurnedClock, forms};

/// Monday 23 November 2026, 08:30 in New York: the clinic opens in half an hour, so that no slot of the day passes while a
/// test runs.
pub const NOW: &str = "2026-11-23T13:30:00Z";

/// Patients of [`small`], by family name.
pub const PATIENTS: [(&str, &str, &str); 4] = [
    ("Smith", "Jo", "1980-02-29"),
    ("Okafor", "Ada", "1991-07-04"),
    ("Nagy", "Ilona", "1975-11-30"),
    ("Quinn", "Pat", "2001-01-01"),
];

/// A clinic with Dr Lee and Dr Roy, four patients and no appointment; `ada` is the administrator, `fran` at the front
/// desk.
pub fn small(folder: &Path) {
    let (app, admin) = set_up(folder, false);
    for (family_name, given_names, born) in PATIENTS {
        let form = forms::patient(family_name, given_names, born);
        let request = AddPatient { request_id: request_id(&app), form, accept_duplicates: true };
        app.add_patient(&admin, request).unwrap();
    }
}

/// A clinic without a patient.
pub fn empty(folder: &Path) {
    set_up(folder, false);
}

/// A clinic full of invented people.
pub fn full(folder: &Path) {
    set_up(folder, true);
}

fn request_id(app: &App) -> ActionId {
    ActionId(app.new_id().unwrap())
}

fn set_up(folder: &Path, demo: bool) -> (App, Actor) {
    let app = App::new(Parts {
        folder: folder.to_owned(),
        device: "Desk 1".to_owned(),
        clock: Box::new(TurnedClock::at(NOW)),
        random: Box::new(RepeatingRandom::from_seed(7)),
        keystore: Box::new(MemoryKeystore::default()),
        hashing: CHEAP,
    });
    app.start().unwrap();
    app.create_store(KeyPlace::File).unwrap();
    let mut request = forms::clinic(request_id(&app));
    request.demo = demo;
    request.doctors = [("Lee", "Ann"), ("Roy", "Ben")]
        .map(|(family_name, given_names)| FirstDoctor {
            form: forms::doctor(family_name, given_names),
            specialty: "General practice".to_owned(),
        })
        .into();
    app.set_up_clinic(request).unwrap();
    let admin = app.actor().unwrap();
    let request = CreateAccount {
        request_id: request_id(&app),
        form: forms::account("fran", Role::FrontDesk, None),
        password: forms::PASSWORD.to_owned(),
    };
    app.create_account(&admin, request).unwrap();
    app.sign_out().unwrap();
    (app, admin)
}
