//! Puts a letter into words: a subject, a text and an HTML part. The templates hold the words; what they are filled in
//! with is one line each, and escaped where it becomes HTML.

use std::sync::LazyLock;

use chrono_tz::Tz;
use clinic_domain::time::Instant;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use super::letter::Letter;
use crate::clinic::record::Clinic;
use crate::error::{Answer, AppError};

macro_rules! templates {
    ($($name:literal),+ $(,)?) => { [$(($name, include_str!(concat!("templates/", $name)))),+] };
}

const TEMPLATES: [(&str, &str); 19] = templates![
    "layout.html",
    "layout.txt",
    "parts.html",
    "registration_code.html",
    "registration_code.txt",
    "reset_code.html",
    "reset_code.txt",
    "reset_link.html",
    "reset_link.txt",
    "already_registered.html",
    "already_registered.txt",
    "account_created.html",
    "account_created.txt",
    "new_device.html",
    "new_device.txt",
    "password_changed.html",
    "password_changed.txt",
    "test.html",
    "test.txt",
];

/// Most characters of a name or a device in a mail.
const LONGEST: usize = 80;

/// Made once; `None` when a template does not parse, which the tests rule out.
static ENVIRONMENT: LazyLock<Option<Environment<'static>>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None }
    });
    for (name, source) in TEMPLATES {
        if let Err(fault) = environment.add_template(name, source) {
            tracing::error!(%fault, name, "a mail template cannot be read");
            return None;
        }
    }
    Some(environment)
});

/// A letter in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Puts a letter into words, in the name and the colour of the clinic and by its clocks.
///
/// # Errors
/// [`AppError::Internal`] when the template and the letter do not fit, which the tests rule out.
pub(super) fn render(letter: &Letter, clinic: &Clinic) -> Answer<Words> {
    let environment = ENVIRONMENT.as_ref().ok_or(AppError::WrongState)?;
    let print = |ending: &str, subject: &str| {
        let template = environment.get_template(&format!("{}.{ending}", letter.template()))?;
        template
            .render(context! { subject, clinic => clinic_values(clinic), ..values(letter, clinic.zone()) })
    };
    let whole = print("txt", "").map_err(|fault| AppError::internal(&fault))?;
    // The text's first line is the subject.
    let (first, text) = whole.split_once('\n').unwrap_or((&whole, ""));
    let subject = one_line(first.trim_start_matches("Subject: "));
    let html = print("html", &subject).map_err(|fault| AppError::internal(&fault))?;
    Ok(Words { subject, text: format!("{}\n", text.trim()), html })
}

fn clinic_values(clinic: &Clinic) -> Value {
    let profile = &clinic.profile;
    let city = [&*profile.post_code, &*profile.city].join(" ");
    let address = [profile.street.trim(), city.trim()].into_iter().filter(|line| !line.is_empty());
    context! {
        name => one_line(&profile.name),
        colour => &profile.colour,
        address => address.collect::<Vec<_>>().join(", "),
        phone => &profile.phone,
    }
}

fn values(letter: &Letter, zone: Tz) -> Value {
    let name = one_line(letter.name());
    match letter {
        Letter::RegistrationCode { code, until } => {
            context! { code => code.expose(), until => when(*until, zone) }
        }
        Letter::ResetCode { code, until, link, link_until, .. } => {
            let (code, link) = (code.expose(), link.expose());
            context! { name, code, until => when(*until, zone), link, link_until => when(*link_until, zone) }
        }
        Letter::ResetLink { link, until, .. } => {
            context! { name, link => link.expose(), until => when(*until, zone) }
        }
        Letter::AccountCreated { login, waits, .. } => context! { name, login => one_line(login), waits },
        Letter::NewDevice { device, at, .. } | Letter::PasswordChanged { device, at, .. } => {
            context! { name, device => one_line(device), at => when(*at, zone) }
        }
        Letter::AlreadyRegistered { .. } | Letter::Test { .. } => context! { name },
    }
}

/// "10:45 on Monday, 23 November 2026 (New York time)".
fn when(at: Instant, zone: Tz) -> String {
    let place = zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ");
    format!("{} ({place} time)", at.with_timezone(&zone).format("%H:%M on %A, %-d %B %Y"))
}

/// Without line ends or anything else that does not show, and no longer than a line: what somebody typed can neither
/// begin a header nor look like a paragraph of ours.
pub(super) fn one_line(text: &str) -> String {
    let shown = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let shown: String = shown.filter(|letter| !matches!(letter, '\u{2028}'..='\u{202e}')).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}
