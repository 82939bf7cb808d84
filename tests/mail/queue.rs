//! The queue against a real server: nothing is lost while there is none, nothing is sent that is of no more use, and
//! what was secret is gone afterwards. Times are those of the clinic's own clock, which is turned by hand.

use chrono::TimeDelta;
use clinic_app::messaging::letter::Letter;
use clinic_app::messaging::smtp::Smtp;
use clinic_app::messaging::view::{EditMail, MailQueue, MailView};
use clinic_domain::identity::secret::Secret;
use clinic_domain::messaging::delivery::MailFault;
use clinic_domain::messaging::server::{MailServer, Security};
use clinic_domain::time::Instant;
use clinic_testkit::TestClinic;

use super::postbox::{Postbox, Received, server};
use super::store::said;

/// A clinic that sends through this server.
fn clinic_with(server: MailServer) -> TestClinic {
    let clinic = TestClinic::new();
    set_up(&clinic, server);
    clinic
}

fn set_up(clinic: &TestClinic, form: MailServer) -> MailView {
    let rev = clinic.app.read_mail(&clinic.admin()).unwrap().rev;
    clinic.app.edit_mail(&clinic.admin(), EditMail { rev, form, password: "".into() }).unwrap()
}

fn queue(clinic: &TestClinic) -> MailQueue {
    clinic.app.read_mail(&clinic.admin()).unwrap().queue
}

fn work(clinic: &TestClinic) -> Option<Instant> {
    clinic.app.work_mail(&Smtp::default()).unwrap()
}

fn notice(clinic: &TestClinic, to: &str) {
    let letter = Letter::PasswordChanged { name: "Jo".into(), device: "Desk 1".into(), at: clinic.app.now() };
    clinic.app.queue_mail(to, letter).unwrap();
}

fn code(clinic: &TestClinic, to: &str, minutes: i64) {
    let until = clinic.app.now() + TimeDelta::minutes(minutes);
    clinic
        .app
        .queue_mail(to, Letter::RegistrationCode { code: Secret::from("491 337").disclose(), until })
        .unwrap();
}

#[test]
fn a_mail_arrives_in_the_name_of_the_clinic() {
    let postbox = Postbox::start();
    let clinic = clinic_with(MailServer { reply_to: "front@northgate.example".into(), ..postbox.server() });
    code(&clinic, "jo@example.org", 10);
    assert_eq!(work(&clinic), None, "nothing is left to do");
    let Received { from, to, text, html, .. } = postbox.next();
    assert_eq!((from.as_str(), to.as_str()), ("desk@northgate.example", "jo@example.org"));
    assert!(text.contains("491 337") && html.contains("491 337"), "{text}");
    assert!(text.contains("09:10 on Monday, 23 November 2026 (New York time)"), "{text}");
    assert!(postbox.rest().is_empty(), "once");
}

#[test]
fn headers_say_who_when_and_that_no_person_wrote_it() {
    let postbox = Postbox::start();
    let clinic = clinic_with(MailServer { reply_to: "front@northgate.example".into(), ..postbox.server() });
    notice(&clinic, "jo@example.org");
    work(&clinic);
    let mail = postbox.next();
    let name = clinic.app.read_clinic(&clinic.admin()).unwrap().profile.name;
    assert_eq!(mail.header("From"), format!("{name} <desk@northgate.example>"));
    assert_eq!(mail.header("To"), "Jo <jo@example.org>");
    assert_eq!(mail.header("Reply-To"), "front@northgate.example");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert_eq!(mail.header("Date"), "Mon, 23 Nov 2026 14:00:00 +0000");
    assert!(mail.header("Message-ID").ends_with("@northgate.example>"));
    assert_eq!(mail.subject(), "Your password was changed");
}

#[test]
fn mail_waits_for_a_server_that_is_down_and_leaves_when_it_is_up() {
    let mut postbox = Postbox::down();
    let clinic = clinic_with(postbox.server());
    notice(&clinic, "jo@example.org");
    for (tries, minutes) in [1, 5, 15, 60, 60].into_iter().enumerate() {
        let next = work(&clinic).expect("there is a next try");
        let wait = (next - clinic.app.now()).num_seconds();
        assert!((minutes * 60..=minutes * 72).contains(&wait), "try {tries}: {wait} s");
        assert_eq!(queue(&clinic).waiting_because, Some(MailFault::Refused));
        // A moment before nothing is tried.
        clinic.clock.set(&(next - TimeDelta::seconds(1)).to_rfc3339());
        assert_eq!(work(&clinic), Some(next));
        clinic.clock.set(&next.to_rfc3339());
    }
    postbox.open();
    assert_eq!(work(&clinic), None);
    assert_eq!(postbox.next().to, "jo@example.org");
    let queue = queue(&clinic);
    assert_eq!((queue.waiting, queue.last_sent.unwrap().template.as_str()), (0, "password_changed"));
}

#[test]
fn mail_waits_for_settings_and_leaves_with_the_first_ones() {
    let postbox = Postbox::start();
    let clinic = TestClinic::new();
    notice(&clinic, "jo@example.org");
    work(&clinic);
    let before = queue(&clinic);
    assert_eq!((before.waiting, before.waiting_because), (1, Some(MailFault::NotSetUp)));
    set_up(&clinic, postbox.server());
    assert_eq!(work(&clinic), None);
    assert_eq!(postbox.next().to, "jo@example.org");
}

#[test]
fn what_is_put_off_is_tried_again_and_what_is_refused_is_not() {
    let postbox = Postbox::start();
    let clinic = clinic_with(postbox.server());
    for to in ["later-1@example.org", "refuse-550@example.org", "content-554@example.org", "jo@example.org"] {
        notice(&clinic, to);
    }
    let next = work(&clinic).expect("one is tried again");
    assert_eq!(postbox.rest().iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["jo@example.org"]);
    let between = queue(&clinic);
    assert_eq!((between.waiting, between.failed), (1, 2));
    assert_eq!(between.waiting_because, Some(MailFault::RecipientRefused));
    clinic.clock.set(&next.to_rfc3339());
    assert_eq!(work(&clinic), None);
    assert_eq!(postbox.next().to, "later-1@example.org");
    assert_eq!(queue(&clinic).failed, 2, "and stay so");
}

#[test]
fn a_failed_mail_is_tried_again_by_hand() {
    let postbox = Postbox::start();
    let clinic =
        clinic_with(MailServer { from_address: "refuse-550@northgate.example".into(), ..postbox.server() });
    notice(&clinic, "jo@example.org");
    notice(&clinic, "refuse-550@example.org");
    work(&clinic);
    assert_eq!(queue(&clinic).waiting, 2, "a refused sender is a matter of the settings");
    set_up(&clinic, postbox.server());
    work(&clinic);
    assert_eq!(postbox.next().to, "jo@example.org");
    assert_eq!(queue(&clinic).failed_because, Some(MailFault::RecipientRefused));
    let retried = clinic.app.retry_mail(&clinic.admin()).unwrap().queue;
    assert_eq!((retried.waiting, retried.failed), (1, 0));
    work(&clinic);
    assert_eq!(queue(&clinic).failed, 1);
}

#[test]
fn a_code_is_never_sent_after_its_end() {
    let mut postbox = Postbox::down();
    let clinic = clinic_with(postbox.server());
    code(&clinic, "jo@example.org", 10);
    notice(&clinic, "jo@example.org");
    work(&clinic);
    clinic.clock.wait_minutes(10);
    postbox.open();
    assert_eq!(work(&clinic), None);
    let arrived = postbox.rest();
    assert_eq!(arrived.len(), 1, "the notice is still of use");
    assert_eq!(arrived[0].subject(), "Your password was changed");
    assert!(said(&clinic, "expired"), "and it is written down");
}

#[test]
fn what_was_secret_is_wiped_with_its_sending_or_with_its_end() {
    let postbox = Postbox::start();
    let clinic = clinic_with(postbox.server());
    code(&clinic, "jo@example.org", 10);
    assert!(said(&clinic, "491 337"), "until then it has to be there");
    work(&clinic);
    postbox.next();
    assert!(!said(&clinic, "491 337"), "sent");
    assert!(said(&clinic, "jo@example.org"), "that it was sent stays");
    code(&clinic, "refuse-550@example.org", 10);
    let end = work(&clinic).expect("its end is waited for");
    assert!(said(&clinic, "491 337"), "for a try by hand");
    clinic.clock.set(&end.to_rfc3339());
    assert_eq!(work(&clinic), None);
    assert!(!said(&clinic, "491 337"), "refused, and over");
}

#[test]
fn many_mails_leave_each_once() {
    let postbox = Postbox::start();
    let clinic = clinic_with(postbox.server());
    for n in 0..120 {
        notice(&clinic, &format!("p{n:03}@example.org"));
    }
    assert_eq!(work(&clinic), None);
    let mut arrived: Vec<_> = (0..120).map(|_| postbox.next().to).collect();
    arrived.sort();
    arrived.dedup();
    assert_eq!(arrived.len(), 120);
    assert!(postbox.rest().is_empty());
}

#[test]
fn a_queue_outlives_the_program() {
    let mut postbox = Postbox::down();
    let mut clinic = clinic_with(postbox.server());
    for n in 0..3 {
        notice(&clinic, &format!("p{n}@example.org"));
    }
    let next = work(&clinic).unwrap();
    clinic.restart().unwrap();
    postbox.open();
    assert!(work(&clinic) >= Some(next), "the wait goes on");
    clinic.clock.wait_minutes(2);
    assert_eq!(work(&clinic), None);
    assert_eq!(postbox.rest().len(), 3);
}

#[test]
fn a_mail_whose_answer_got_lost_is_sent_again_as_the_same_mail() {
    let postbox = Postbox::start();
    let clinic = clinic_with(postbox.server());
    notice(&clinic, "drop@example.org");
    notice(&clinic, "jo@example.org");
    let next = work(&clinic).unwrap();
    let (dropped, other) = (postbox.next(), postbox.next());
    assert_eq!(other.to, "jo@example.org", "on a new connection");
    assert_eq!(queue(&clinic).waiting_because, Some(MailFault::Disconnected));
    clinic.clock.set(&next.to_rfc3339());
    work(&clinic);
    assert_eq!(postbox.next().header("Message-ID"), dropped.header("Message-ID"));
}

#[test]
fn a_mail_to_nobody_is_skipped_and_stops_nothing() {
    let postbox = Postbox::start();
    let clinic = clinic_with(postbox.server());
    notice(&clinic, "");
    notice(&clinic, "no address");
    notice(&clinic, "jo@example.org");
    assert_eq!(work(&clinic), None);
    assert_eq!(postbox.next().to, "jo@example.org");
    assert!(said(&clinic, "no_address"));
    assert_eq!(queue(&clinic).failed, 1, "what is no address is refused here already");
}

#[test]
fn nothing_begins_a_header_of_its_own() {
    let postbox = Postbox::start();
    let clinic = clinic_with(postbox.server());
    let evil = "Jo\r\nBcc: everybody@example.org\r\n\r\nBuy this";
    let letter = Letter::NewDevice { name: evil.into(), device: evil.into(), at: clinic.app.now() };
    clinic.app.queue_mail("jo@example.org", letter).unwrap();
    work(&clinic);
    let mail = postbox.next();
    let names: Vec<_> = mail.headers.iter().map(|(name, _)| name.as_str()).collect();
    let expected =
        ["From", "To", "Message-ID", "Date", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type"];
    assert_eq!(names, expected);
    assert!(mail.header("To").contains("Bcc: everybody"), "it is a strange name, and no more");
}

#[test]
fn unencrypted_mail_stays_on_this_computer() {
    let clinic = TestClinic::new();
    let mut away = server(25, Security::None, String::new());
    away.host = "192.0.2.1".to_owned();
    let request = EditMail { rev: 0, form: away, password: "".into() };
    let refused = clinic.app.edit_mail(&clinic.admin(), request).unwrap_err();
    assert!(format!("{refused:?}").contains("form.security"), "{refused:?}");
}
