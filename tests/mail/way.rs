//! The way to the server: what is trusted, what is refused, and which step a test mail names.

use clinic_app::messaging::letter::Letter;
use clinic_app::messaging::smtp::Smtp;
use clinic_app::messaging::view::{EditMail, TestMail, TestReport, TestStop};
use clinic_domain::messaging::delivery::{MailFault, MailStep};
use clinic_domain::messaging::server::{MailServer, Security};
use clinic_testkit::TestClinic;

use super::postbox::{Certificate, Options, Postbox, server};

const LOGIN: (&str, &str) = ("desk", "a red tram");

fn try_out(smtp: &Smtp, form: MailServer, password: &str) -> TestReport {
    let clinic = TestClinic::new();
    let request = TestMail { to: "ada@example.org".to_owned(), form, password: password.into() };
    clinic.app.send_test_mail(&clinic.admin(), request, smtp).unwrap()
}

#[track_caller]
fn stops(report: TestReport, step: MailStep, fault: MailFault) -> TestStop {
    let stop = report.stop.expect("it does not arrive");
    assert_eq!((stop.step, stop.fault), (step, fault), "{stop:?}");
    stop
}

fn encrypted(security: Security, certificate: &Certificate) -> Options {
    Options {
        certificate: Some((certificate.clone(), security)),
        login: (security == Security::StartTls).then_some(LOGIN),
        ..Options::default()
    }
}

#[test]
fn a_test_mail_arrives_and_says_so() {
    let postbox = Postbox::start();
    let report = try_out(&Smtp::default(), postbox.server(), "");
    assert_eq!((report.stop, report.peer.is_empty()), (None, false));
    assert!(postbox.next().subject().starts_with("Test mail from "));
}

#[test]
fn encryption_that_is_trusted_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = Certificate::of("localhost", folder.path());
    let smtp = Smtp::trusting(&certificate.authority).unwrap();
    for security in [Security::StartTls, Security::Tls] {
        let postbox = Postbox::with(&encrypted(security, &certificate));
        let password = if security == Security::StartTls { LOGIN.1 } else { "" };
        let report = try_out(&smtp, postbox.server(), password);
        assert_eq!(report.stop, None, "{security:?}");
        assert!(postbox.next().encrypted, "{security:?}");
    }
}

#[test]
fn a_certificate_that_is_not_trusted_is_refused_before_anything_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (unknown, own) =
        (Certificate::of("localhost", folder.path()), Certificate::self_signed("localhost", folder.path()));
    for certificate in [unknown, own] {
        for security in [Security::StartTls, Security::Tls] {
            let postbox = Postbox::with(&encrypted(security, &certificate));
            let report = try_out(&Smtp::default(), postbox.server(), LOGIN.1);
            stops(report, MailStep::Encrypt, MailFault::Tls);
            assert!(postbox.rest().is_empty());
        }
    }
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = Certificate::of("mail.northgate.example", folder.path());
    let smtp = Smtp::trusting(&certificate.authority).unwrap();
    let postbox = Postbox::with(&encrypted(Security::Tls, &certificate));
    stops(try_out(&smtp, postbox.server(), ""), MailStep::Encrypt, MailFault::Tls);
}

#[test]
fn a_server_without_encryption_gets_nothing_when_there_should_be_some() {
    let postbox = Postbox::start();
    let form = MailServer { security: Security::StartTls, ..postbox.server() };
    stops(try_out(&Smtp::default(), form.clone(), ""), MailStep::Encrypt, MailFault::NoStartTls);
    let form = MailServer { security: Security::Tls, ..form };
    stops(try_out(&Smtp::default(), form, ""), MailStep::Encrypt, MailFault::Tls);
    assert!(postbox.rest().is_empty());
}

#[test]
fn a_wrong_password_is_told_from_a_server_that_asks_for_none() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = Certificate::of("localhost", folder.path());
    let smtp = Smtp::trusting(&certificate.authority).unwrap();
    let postbox = Postbox::with(&encrypted(Security::StartTls, &certificate));
    let stop =
        stops(try_out(&smtp, postbox.server(), "a red bus"), MailStep::SignIn, MailFault::LoginRefused);
    assert_eq!(stop.status, Some(535));
    assert!(!stop.answer.contains("a red bus"), "{}", stop.answer);
    let open = Postbox::start();
    let form = MailServer { user: "desk".to_owned(), ..open.server() };
    stops(try_out(&Smtp::default(), form, "a red tram"), MailStep::SignIn, MailFault::NoLogin);
}

#[test]
fn each_refusal_has_the_name_of_its_step_and_the_words_of_the_server() {
    let postbox = Postbox::start();
    let clinic = TestClinic::new();
    let tell = |to: &str, from: &str| {
        let form = MailServer { from_address: from.to_owned(), ..postbox.server() };
        let request = TestMail { to: to.to_owned(), form, password: "".into() };
        clinic.app.send_test_mail(&clinic.admin(), request, &Smtp::default()).unwrap()
    };
    let cases = [
        ("refuse-550@example.org", "desk@northgate.example", MailFault::RecipientRefused, 550),
        ("refuse-451@example.org", "desk@northgate.example", MailFault::RecipientRefused, 451),
        ("ada@example.org", "refuse-553@northgate.example", MailFault::SenderRefused, 553),
        ("content-554@example.org", "desk@northgate.example", MailFault::ContentRefused, 554),
    ];
    for (to, from, fault, status) in cases {
        let stop = stops(tell(to, from), MailStep::Send, fault);
        assert_eq!(stop.status, Some(status));
        assert!(stop.answer.contains("in words of this server"), "{stop:?}");
    }
    assert_eq!(clinic.app.work_mail(&Smtp::default()).unwrap(), None, "a test is not tried again");
}

#[test]
fn a_server_that_is_not_there_is_told_from_one_that_has_no_name() {
    let postbox = Postbox::down();
    let gone = postbox.server();
    stops(try_out(&Smtp::default(), gone.clone(), ""), MailStep::Connect, MailFault::Refused);
    // RFC 6761: a name below `invalid` never leads anywhere.
    let nowhere = MailServer { host: "mail.invalid".to_owned(), security: Security::Tls, ..gone };
    stops(try_out(&Smtp::default(), nowhere, ""), MailStep::Find, MailFault::Unresolved);
}

#[test]
fn a_server_that_speaks_something_else_is_told() {
    use std::io::Write;
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let speaking = std::thread::spawn(move || {
        let (mut caller, _) = other.accept().unwrap();
        caller.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        // Until the caller has had enough.
        std::io::copy(&mut caller, &mut std::io::sink()).unwrap();
    });
    let report = try_out(&Smtp::default(), server(port, Security::None, String::new()), "");
    stops(report, MailStep::Connect, MailFault::NotServing);
    speaking.join().unwrap();
}

#[test]
fn a_refused_password_keeps_mail_waiting_until_it_is_put_right() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = Certificate::of("localhost", folder.path());
    let smtp = Smtp::trusting(&certificate.authority).unwrap();
    let postbox = Postbox::with(&encrypted(Security::StartTls, &certificate));
    let clinic = TestClinic::new();
    let enter = |password: &str| {
        let rev = clinic.app.read_mail(&clinic.admin()).unwrap().rev;
        let request = EditMail { rev, form: postbox.server(), password: password.into() };
        clinic.app.edit_mail(&clinic.admin(), request).unwrap()
    };
    enter("a red bus");
    let letter = Letter::AccountCreated { name: "Jo".to_owned(), login: "jo".to_owned(), waits: false };
    clinic.app.queue_mail("jo@example.org", letter).unwrap();
    assert!(clinic.app.work_mail(&smtp).unwrap().is_some());
    let queue = clinic.app.read_mail(&clinic.admin()).unwrap().queue;
    assert_eq!((queue.waiting, queue.waiting_because), (1, Some(MailFault::LoginRefused)));
    enter(LOGIN.1);
    assert_eq!(clinic.app.work_mail(&smtp).unwrap(), None);
    let mail = postbox.next();
    assert_eq!((mail.user.as_str(), mail.encrypted), ("desk", true));
}
