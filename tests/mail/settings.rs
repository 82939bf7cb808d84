//! The settings of mail, and above all their password: it goes in and to its server, and nowhere else.

use clinic_app::AppError;
use clinic_app::audit::view::{ListAudit, Op};
use clinic_app::messaging::smtp::Smtp;
use clinic_app::messaging::view::{EditMail, MailView, PasswordPlace, TestMail};
use clinic_domain::messaging::server::{MailServer, Security};
use clinic_domain::validation::FieldRule;
use clinic_testkit::TestClinic;

use super::postbox::{Options, Postbox, server};
use super::store::said;

const PASSWORD: &str = "a red tram crosses";

fn form() -> MailServer {
    MailServer { host: "mail.northgate.example".into(), ..server(587, Security::StartTls, "desk".into()) }
}

fn edit(clinic: &TestClinic, form: MailServer, password: &str) -> Result<MailView, AppError> {
    let rev = clinic.app.read_mail(&clinic.admin()).unwrap().rev;
    clinic.app.edit_mail(&clinic.admin(), EditMail { rev, form, password: password.into() })
}

#[track_caller]
fn refused(answer: Result<MailView, AppError>, field: &str, rule: FieldRule) {
    let Err(AppError::Validation { fields }) = answer else { panic!("{answer:?}") };
    assert_eq!((fields[0].field.as_str(), fields[0].rule, fields.len()), (field, rule, 1));
}

#[test]
fn a_password_is_in_the_keystore_and_said_by_nothing() {
    let clinic = TestClinic::new();
    let entries = clinic.keystore.entries();
    let view = edit(&clinic, form(), PASSWORD).unwrap();
    assert_eq!(view.password.as_ref().unwrap().place, PasswordPlace::Keystore);
    assert_eq!(clinic.keystore.entries(), entries + 1);
    assert!(!serde_json::to_string(&view).unwrap().contains(PASSWORD));
    assert!(!said(&clinic, PASSWORD));
}

#[test]
fn without_a_keystore_a_password_is_sealed_in_the_store() {
    let clinic = TestClinic::new();
    clinic.keystore.set_closed(true);
    let view = edit(&clinic, form(), PASSWORD).unwrap();
    assert_eq!(view.password.unwrap().place, PasswordPlace::Store);
    clinic.keystore.set_closed(false);
    assert!(!said(&clinic, PASSWORD));
}

#[test]
fn the_kept_password_is_the_one_that_is_used_wherever_it_is() {
    for closed in [false, true] {
        let mut clinic = TestClinic::new();
        let postbox = Postbox::with(&Options { login: Some(("desk", PASSWORD)), ..Options::default() });
        clinic.keystore.set_closed(closed);
        edit(&clinic, postbox.server(), PASSWORD).unwrap();
        clinic.keystore.set_closed(false);
        clinic.restart().unwrap();
        let saved = TestMail { to: "ada@example.org".into(), form: postbox.server(), password: "".into() };
        let report = clinic.app.send_test_mail(&clinic.admin(), saved, &Smtp::default()).unwrap();
        assert_eq!(report.stop, None, "closed: {closed}");
        assert_eq!(postbox.next().user, "desk");
    }
}

#[test]
fn a_kept_password_goes_to_no_other_server() {
    let clinic = TestClinic::new();
    edit(&clinic, form(), PASSWORD).unwrap();
    for other in [
        MailServer { host: "evil.example".into(), ..form() },
        MailServer { port: 465, ..form() },
        MailServer { security: Security::Tls, ..form() },
        MailServer { user: "other".into(), ..form() },
    ] {
        refused(edit(&clinic, other.clone(), ""), "password", FieldRule::Required);
        let request = TestMail { to: "ada@example.org".into(), form: other, password: "".into() };
        let test = clinic.app.send_test_mail(&clinic.admin(), request, &Smtp::default());
        assert!(matches!(test, Err(AppError::Validation { .. })), "{test:?}");
    }
    let kept = edit(&clinic, MailServer { from_name: "Northgate".into(), ..form() }, "").unwrap();
    assert!(kept.password.is_some(), "who the mail is from is another matter");
}

#[test]
fn without_a_user_there_is_no_password() {
    let clinic = TestClinic::new();
    edit(&clinic, form(), PASSWORD).unwrap();
    let view = edit(&clinic, MailServer { user: String::new(), ..form() }, "").unwrap();
    assert_eq!(view.password, None);
    refused(edit(&clinic, form(), ""), "password", FieldRule::Required);
    refused(edit(&clinic, form(), &"x".repeat(1_025)), "password", FieldRule::TooLong);
}

#[test]
fn a_change_is_written_down_and_not_made_twice() {
    let clinic = TestClinic::new();
    let first = edit(&clinic, form(), PASSWORD).unwrap();
    assert_eq!((first.rev, first.server), (1, Some(form())));
    let late = EditMail { rev: 0, form: form(), password: PASSWORD.into() };
    assert!(matches!(clinic.app.edit_mail(&clinic.admin(), late), Err(AppError::Stale { .. })));
    let only_mail = ListAudit { op: Some(Op::EditMail), size: 10, ..ListAudit::default() };
    let log = clinic.app.list_audit(&clinic.admin(), only_mail).unwrap();
    assert_eq!(log.total, 1);
    assert!(log.rows[0].changes.iter().any(|change| change.field == "host"));
}

#[test]
fn only_administrators_see_to_mail() {
    let clinic = TestClinic::new();
    let desk = clinic.front_desk();
    assert_eq!(clinic.app.read_mail(&desk).unwrap_err(), AppError::Forbidden);
    assert_eq!(clinic.app.retry_mail(&desk).unwrap_err(), AppError::Forbidden);
    let request = EditMail { rev: 0, form: form(), password: PASSWORD.into() };
    assert_eq!(clinic.app.edit_mail(&desk, request).unwrap_err(), AppError::Forbidden);
}
