//! An account that the front desk begins for a patient who stands there (AU-3).

use clinic_app::AppError;
use clinic_app::directory::register_patient::RegisterPatient;
use clinic_app::directory::view::{AddPatient, PatientView};
use clinic_app::identity::registration_view::ConfirmRegistration;
use clinic_app::identity::reset_view::{ProveReset, ResetPassword};
use clinic_app::identity::view::{SessionState, SignIn};
use clinic_app::messaging::smtp::Smtp;
use clinic_app::messaging::view::EditMail;
use clinic_domain::id::ActionId;
use clinic_testkit::{TestClinic, forms};

use crate::mail::postbox::Postbox;

const NEW_PASSWORD: &str = "grey bicycle under pier";

fn patient(clinic: &TestClinic, email: &str) -> PatientView {
    let mut form = forms::patient("Vega", "Bea", "1975-11-30");
    form.email = email.to_owned();
    let request_id = ActionId(clinic.app.new_id().unwrap());
    clinic
        .app
        .add_patient(&clinic.front_desk(), AddPatient { request_id, form, accept_duplicates: true })
        .unwrap()
        .patient
}

fn with_mail(postbox: &Postbox) -> TestClinic {
    let clinic = TestClinic::new();
    let request = EditMail { rev: 0, form: postbox.server(), password: "".into() };
    clinic.app.edit_mail(&clinic.admin(), request).unwrap();
    clinic
}

#[test]
fn the_patient_reads_out_the_code_and_chooses_the_password_alone() {
    let postbox = Postbox::start();
    let clinic = with_mail(&postbox);
    let (bea, fran) = (patient(&clinic, "bea@mail.example"), clinic.front_desk());
    let begun = clinic.app.register_patient(&fran, RegisterPatient { id: bea.id }).unwrap();
    clinic.app.work_mail(&Smtp::default()).unwrap();
    let code = postbox.next().code();
    let made =
        clinic.app.confirm_registration(ConfirmRegistration { id: begun.id, code: code.into() }).unwrap();
    assert_eq!(made.public_id, bea.public_id, "one person, one number");
    let seen = clinic.app.read_patient(&fran, bea.id).unwrap();
    assert_eq!(seen.account.as_deref(), Some(made.public_id.as_str()));
    let again = clinic.app.register_patient(&fran, RegisterPatient { id: bea.id }).unwrap_err();
    assert_eq!(again, AppError::WrongState);
    clinic.app.work_mail(&Smtp::default()).unwrap();
    let letters = [postbox.next(), postbox.next()];
    let link = letters.iter().find_map(|letter| letter.long_code()).expect("the way to a password");
    clinic.app.prove_reset(ProveReset::Link { link: link.into() }).unwrap();
    clinic.app.reset_password(ResetPassword { password: NEW_PASSWORD.into() }).unwrap();
    let request = SignIn { login: made.public_id, password: NEW_PASSWORD.into() };
    let SessionState::SignedIn { me, .. } = clinic.app.sign_in(request).unwrap() else { panic!() };
    let refused = clinic.app.read_patient(&clinic.app.actor().unwrap(), bea.id).unwrap_err();
    assert_eq!((me.may.len(), refused), (1, AppError::Forbidden));
}

#[test]
fn a_record_without_an_address_or_with_somebody_elses_begins_no_account() {
    let postbox = Postbox::start();
    let clinic = with_mail(&postbox);
    for email in ["", "ada@example.org"] {
        let id = patient(&clinic, email).id;
        let refusal = clinic.app.register_patient(&clinic.front_desk(), RegisterPatient { id }).unwrap_err();
        assert!(matches!(refusal, AppError::Validation { fields } if fields[0].field == "email"), "{email}");
    }
}
