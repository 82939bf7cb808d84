//! What can be told from how long a refusal takes (T5 of the security reference): a measurement, for a busy computer would
//! decide it, so that only `make soak` makes it. That the work is the same is a test of every day.

use std::time::{Duration, Instant};

use clinic_domain::identity::role::Role;

use super::fixture::{Clinic, PASSWORD};
use super::hashing::Cost;
use super::registration_view::Register;
use super::reset_view::AskReset;
use crate::error::AppError;

/// The least work that the program ever does: what it really does is several times as much and hides more.
const COST: Cost = Cost::FLOOR;
const WRONG: &str = "another password altogether";
/// Whom somebody asks for, and with what. The last is the control: an account whose hash cannot be read is refused
/// without being looked at.
const SIGN_IN: [(&str, &str); 5] = [
    ("known", WRONG),
    ("nobody", WRONG),
    ("gone", PASSWORD),
    ("waiting@example.org", PASSWORD),
    ("broken", WRONG),
];
/// Whose password somebody says to have forgotten. The last is no name at all.
const RESET: [&str; 5] = ["known", "nobody", "gone", "mute", ""];
/// With which address somebody registers. The last is no address at all.
const REGISTER: [&str; 5] =
    ["known@example.org", "new@example.org", "gone@example.org", "waiting@example.org", "new"];

fn clinic() -> Clinic {
    let mut clinic = Clinic::new().with_mail();
    clinic.app.parts.hashing = COST;
    let gone = clinic.account("gone", Role::FrontDesk, None);
    clinic.change(gone, |account| account.active = false);
    let mute = clinic.account("mute", Role::FrontDesk, None);
    clinic.change(mute, |account| account.email = None);
    clinic.account("known", Role::FrontDesk, None);
    let broken = clinic.account("broken", Role::FrontDesk, None);
    clinic.change(broken, |account| account.password_hash = "unreadable".to_owned());
    clinic.app.register(registration("waiting@example.org")).unwrap();
    clinic
}

fn registration(email: &str) -> Register {
    Register {
        role: Role::Patient,
        given_names: "Bea".into(),
        family_name: "Vega".into(),
        email: email.into(),
        password: PASSWORD.into(),
    }
}

/// How long an answer takes before which nothing was counted.
fn timed<T>(clinic: &Clinic, act: impl FnOnce() -> T) -> (T, Duration) {
    clinic.write(|conn| {
        Ok(conn.execute_batch(
            "DELETE FROM wrong_password; DELETE FROM guessing; DELETE FROM one_time_code; DELETE FROM mail;
             DELETE FROM notice; DELETE FROM pending_registration WHERE email <> 'waiting@example.org'",
        )?)
    });
    let begun = Instant::now();
    let answer = act();
    (answer, begun.elapsed())
}

/// How well the times of one kind can be told from those of another: the area under the ROC curve, 0.5 for not at all
/// (Mann and Whitney).
fn area(one: &[Duration], other: &[Duration]) -> f64 {
    let mut all: Vec<_> =
        one.iter().map(|time| (time, true)).chain(other.iter().map(|time| (time, false))).collect();
    all.sort();
    let ranks: usize = all.iter().enumerate().filter(|(_, (_, first))| *first).map(|(at, _)| at + 1).sum();
    let (ones, others) = (one.len() as f64, other.len() as f64);
    (ranks as f64 - ones * (ones + 1.0) / 2.0) / (ones * others)
}

/// Asks for each kind in no order, because what went before leaves traces in caches, and compares every kind with the
/// first: the last, which is the control, can be told from it. Answers how well each of the others can, as an area and as
/// the gap between the medians, which is never more than a fiftieth.
fn judge(kinds: [&str; 5], sample: impl Fn(usize) -> Duration) -> Vec<f64> {
    let samples =
        std::env::var("CLINIC_DESK_SOAK_TIMINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let mut times = kinds.map(|_| Vec::with_capacity(samples));
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    while times.iter().any(|times| times.len() < samples) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let kind = usize::try_from(state >> 32).unwrap() % kinds.len();
        let taken = sample(kind);
        if times[kind].len() < samples {
            times[kind].push(taken);
        }
    }
    let [known, rest @ ..] = &times;
    let areas: Vec<_> = rest.iter().map(|times| area(times, known)).collect();
    for (kind, area) in kinds[1..].iter().zip(&areas) {
        println!("“{kind}” against “{}”: AUC {area:.4} of {samples} samples each", kinds[0]);
    }
    let (told, control) = areas.split_at(areas.len() - 1);
    assert!(control[0] < 0.1, "the control can be told: {control:?}");
    let gaps: Vec<_> = rest[..told.len()].iter().map(|times| median(times) / median(known) - 1.0).collect();
    println!("gaps of the medians: {gaps:.4?}");
    assert!(gaps.iter().all(|gap| gap.abs() < 0.02), "{gaps:?}");
    told.to_vec()
}

fn median(times: &[Duration]) -> f64 {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn is_blind(areas: &[f64]) -> bool {
    areas.iter().all(|area| (0.48..=0.52).contains(area))
}

#[test]
#[ignore = "a measurement of minutes that a busy computer spoils: make soak"]
fn the_time_of_a_refusal_does_not_tell_who_has_an_account() {
    let clinic = clinic();
    let areas = judge(SIGN_IN.map(|(login, _)| login), |kind| {
        let (login, password) = SIGN_IN[kind];
        let (answer, taken) = timed(&clinic, || clinic.sign_in(login, password));
        assert_eq!(answer.unwrap_err(), AppError::WrongCredentials);
        taken
    });
    assert!(is_blind(&areas), "{areas:?}");
}

#[test]
#[ignore = "a measurement of minutes that a busy computer spoils: make soak"]
fn the_time_until_a_code_was_asked_for_tells_a_fiftieth_at_most() {
    let clinic = clinic();
    // A mail that waits and an entry about somebody are rows of two indexes more, a tenth of a millisecond.
    let _ = judge(RESET, |kind| {
        let ask = AskReset { login: RESET[kind].to_owned() };
        let (answer, taken) = timed(&clinic, || clinic.app.ask_reset(ask));
        assert_eq!(answer.is_ok(), !RESET[kind].is_empty());
        taken
    });
}

#[test]
#[ignore = "a measurement of minutes that a busy computer spoils: make soak"]
fn the_time_of_a_registration_does_not_tell_whose_the_address_is() {
    let clinic = clinic();
    let areas = judge(REGISTER, |kind| {
        let request = registration(REGISTER[kind]);
        let (answer, taken) = timed(&clinic, || clinic.app.register(request));
        assert_eq!(answer.is_ok(), REGISTER[kind].contains('@'));
        taken
    });
    assert!(is_blind(&areas), "{areas:?}");
}

#[test]
fn the_area_of_what_is_apart_is_one_and_of_what_is_mixed_a_half() {
    let times = |from: u64, step: usize| {
        (from..from + 100).step_by(step).map(Duration::from_nanos).collect::<Vec<_>>()
    };
    assert_eq!(area(&times(1_000, 1), &times(0, 1)), 1.0);
    assert_eq!(area(&times(0, 1), &times(1_000, 1)), 0.0);
    assert!((area(&times(0, 2), &times(1, 2)) - 0.5).abs() < 0.02);
}
