//! Codes by mail as a person meets them: asked for on the screen, read in a mail that really arrived, typed in.

use std::rc::Rc;

use clinic_testkit::forms::PASSWORD;
use serde_json::json;

use super::desk::Desk;
use super::opening::at_a_desk;
use super::prepared;
use crate::mail::postbox::Postbox;

const NEW_PASSWORD: &str = "grey bicycle under pier";

async fn looks(desk: &Desk, name: &str) {
    for theme in ["dark", "contrast", "light"] {
        desk.js("document.documentElement.dataset.theme = arguments[0]", vec![json!(theme)]).await;
        desk.look(&format!("{name}-{theme}")).await;
    }
}

async fn ask_for(desk: &Desk, login: &str) {
    desk.until_shown("Sign in on this computer").await;
    desk.click("Forgot it?").await;
    desk.until_shown("A new password").await;
    desk.fill("Account id", login).await;
    desk.press("Enter").await;
    desk.until_shown("Check your e-mail").await;
}

async fn choose(desk: &Desk, password: &str) {
    desk.until_shown("Choose a new password").await;
    desk.fill("New password", password).await;
    desk.until("the strength", "return control('Set the password') && !control('Set the password').disabled")
        .await;
    desk.press("Enter").await;
    desk.until_shown("The new password is set").await;
}

#[test]
fn a_forgotten_password_is_replaced_with_the_code_from_the_mail() {
    let postbox = Postbox::start();
    let server = postbox.server();
    at_a_desk(
        |folder| prepared::with_mail(folder, server),
        |desk| async move {
            ask_for(&desk, "ada@example.org").await;
            let mail = postbox.next();
            assert_eq!(mail.to, "ada@example.org");
            looks(&desk, "codes-1-digits").await;
            // The keyboard is in the boxes already; a wrong code says how many tries are left.
            let right = mail.code();
            let wrong: String = right.chars().map(|digit| if digit == '7' { '3' } else { '7' }).collect();
            desk.type_text(&wrong).await;
            desk.press("Enter").await;
            desk.until_shown("4 tries are left").await;
            looks(&desk, "codes-2-wrong").await;
            desk.fill("6 digits from the e-mail", &right).await;
            desk.press("Enter").await;
            desk.until_shown("Choose a new password").await;
            looks(&desk, "codes-3-password").await;
            choose(&desk, NEW_PASSWORD).await;
            assert_eq!(postbox.next().subject(), "Your password was changed");
            desk.fill("Account id", "ada").await;
            desk.fill("Password", PASSWORD).await;
            desk.press("Enter").await;
            desk.until_shown("do not belong together").await;
            desk.fill("Password", NEW_PASSWORD).await;
            desk.press("Enter").await;
            desk.until_shown("replaced with a code from your mail").await;
            desk.look("codes-4-told").await;
        },
    );
}

#[test]
fn the_long_code_opens_the_way_too_and_an_unknown_name_reads_the_same() {
    let postbox = Postbox::start();
    let server = postbox.server();
    at_a_desk(
        |folder| prepared::with_mail(folder, server),
        |desk| async move {
            ask_for(&desk, "nobody").await;
            let text = "return clean(document.querySelector('.form').innerText).replace(/nobody|fran/g, 'X').replace(/[0-9]{2}:[0-9]{2}/, '')";
            let unknown = desk.js(text, Vec::new()).await;
            desk.press("Escape").await;
            desk.until_shown("A new password").await;
            desk.press("Escape").await;
            ask_for(&desk, "fran").await;
            assert_eq!(desk.js(text, Vec::new()).await, unknown);
            let mail = postbox.next();
            assert_eq!(mail.to, "fran@example.org", "and nothing went out for the other name");
            desk.click("I have a long code").await;
            desk.until_shown("It works on any computer").await;
            looks(&desk, "codes-5-long").await;
            desk.fill("Long code", "0f1e").await;
            desk.press("Enter").await;
            desk.until_shown("Not the whole long code").await;
            desk.look("codes-6-not-whole").await;
            desk.fill("Long code", &mail.long_code().unwrap()).await;
            desk.press("Enter").await;
            choose(&desk, NEW_PASSWORD).await;
        },
    );
}

#[test]
fn a_clinic_without_mail_says_so_and_promises_nothing() {
    at_a_desk(prepared::small, |desk| async move {
        desk.until_shown("Sign in on this computer").await;
        desk.look("codes-7-sign-in").await;
        desk.click("Forgot it?").await;
        desk.until_shown("sends no mail yet").await;
        desk.look("codes-8-no-mail").await;
        desk.press("Escape").await;
        desk.until_shown("Sign in on this computer").await;
    });
}

async fn sign_in_as(desk: &Desk, login: &str, password: &str) {
    desk.until_shown("Sign in on this computer").await;
    desk.fill("Account id", login).await;
    desk.fill("Password", password).await;
    desk.press("Enter").await;
}

#[test]
fn whoever_registers_proves_the_address_and_sees_the_own_account_alone() {
    let postbox = Postbox::start();
    let server = postbox.server();
    let journey = |desk: Rc<Desk>| async move {
        desk.until_shown("Sign in on this computer").await;
        desk.press("Ctrl+r").await;
        desk.until_shown("Send the code: name missing").await;
        // The keyboard is in the first field.
        desk.type_text("Bea").await;
        desk.fill("Family name", "Vega").await;
        desk.fill("E-mail", "bea@").await;
        desk.fill("New password", NEW_PASSWORD).await;
        desk.until("the strength", "return control('Send the code') && !control('Send the code').disabled")
            .await;
        desk.press("Enter").await;
        desk.until_shown("An address such as").await;
        looks(&desk, "register-1-wrong").await;
        desk.fill("E-mail", "bea@mail.example").await;
        desk.press("Enter").await;
        desk.until_shown("six digits, unless").await;
        looks(&desk, "register-2-code").await;
        let first = postbox.next();
        assert_eq!(first.to, "bea@mail.example");
        desk.click("Send again").await;
        desk.until_shown("Only the newest one counts").await;
        desk.fill("6 digits", &first.code()).await;
        desk.press("Enter").await;
        desk.until_shown("4 tries left").await;
        desk.fill("6 digits", &postbox.next().code()).await;
        desk.press("Enter").await;
        desk.until_shown("This is your number, Bea Vega").await;
        looks(&desk, "register-3-done").await;
        desk.press("Enter").await;
        desk.until_shown("Sign in on this computer").await;
        desk.fill("Password", NEW_PASSWORD).await;
        desk.press("Enter").await;
        desk.until_shown("Your account").await;
        desk.until("the sessions", "return !!document.querySelector('table tbody tr')").await;
        looks(&desk, "register-4-patient").await;
        let seen = desk.js("return clean(document.querySelector('header.top').innerText)", Vec::new()).await;
        assert!(
            !["Schedule", "Patients", "Admin"].iter().any(|word| seen.as_str().unwrap().contains(word)),
            "{seen}"
        );
    };
    at_a_desk(|folder| prepared::with_mail(folder, server), journey);
}

#[test]
fn an_administrator_sees_who_waits_sends_again_and_takes_away() {
    let postbox = Postbox::start();
    let server = postbox.server();
    let journey = |desk: Rc<Desk>| async move {
        desk.until_shown("Sign in on this computer").await;
        desk.click("Register with a code").await;
        desk.until_shown("Send the code: name missing").await;
        desk.click("Doctor").await;
        for (label, text) in
            [("Given names", "Mateo"), ("Family name", "Castellanos"), ("E-mail", "mateo@mail.example")]
        {
            desk.fill(label, text).await;
        }
        desk.fill("New password", NEW_PASSWORD).await;
        desk.until("the strength", "return control('Send the code') && !control('Send the code').disabled")
            .await;
        desk.press("Enter").await;
        desk.until_shown("six digits, unless").await;
        assert_eq!(postbox.next().to, "mateo@mail.example");
        desk.press("Escape").await;
        desk.until_shown("An account at Harbour Practice").await;
        desk.press("Escape").await;
        sign_in_as(&desk, "ada", PASSWORD).await;
        desk.until_shown("Somebody registers with a code").await;
        desk.click("Pending registrations").await;
        desk.until_shown("Castellanos, Mateo").await;
        desk.until_shown("30 min").await;
        looks(&desk, "pending-1").await;
        desk.press("r").await;
        desk.until_shown("Another code is on its way").await;
        assert_eq!(postbox.next().to, "mateo@mail.example");
        desk.until_shown("sent, 2 codes").await;
        desk.press("Delete").await;
        desk.until_shown("Nobody waits").await;
        looks(&desk, "pending-2-none").await;
    };
    at_a_desk(|folder| prepared::with_mail(folder, server), journey);
}

#[test]
fn a_patient_at_the_desk_reads_out_the_code() {
    let postbox = Postbox::start();
    let server = postbox.server();
    let journey = |desk: Rc<Desk>| async move {
        sign_in_as(&desk, "fran", PASSWORD).await;
        desk.until("the schedule", "return !!document.querySelector('[data-column]')").await;
        desk.go("patients").await;
        desk.click("Vega, Bea").await;
        desk.click("Begin an account").await;
        desk.until_shown("reads you the code").await;
        looks(&desk, "desk-1").await;
        let mail = postbox.next();
        assert_eq!(mail.to, "bea@mail.example");
        desk.fill("6 digits", &mail.code()).await;
        desk.press("Enter").await;
        desk.until_shown("Bea Vega has an account, PAT").await;
        let letters = [postbox.next(), postbox.next()];
        assert!(letters.iter().any(|letter| letter.long_code().is_some()), "and chooses the password alone");
        desk.look("desk-2").await;
    };
    at_a_desk(|folder| prepared::with_mail(folder, server), journey);
}
