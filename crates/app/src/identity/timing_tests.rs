//! What can be told from how long a refusal takes (T5 of the security reference): a measurement, for a busy computer would
//! decide it, so that only `make soak` makes it. That the work is the same is a test of every day.

use std::cell::Cell;
use std::time::{Duration, Instant};

use clinic_domain::id::{AccountId, RegistrationId};
use clinic_domain::identity::account::Login;
use clinic_domain::identity::role::Role;

use super::fixture::{Clinic, PASSWORD};
use super::hashing::{self, Cost};
use super::registration_view::{PendingRegistration, Register};
use super::reset_view::AskReset;
use super::store_account;
use crate::app::Clock;
use crate::error::{Answer, AppError};

/// The least work that the program ever does: what it really does is several times as much and hides more.
const COST: Cost = Cost::FLOOR;
const WRONG: &str = "another password altogether";
/// What it really does takes about so many times as long; where somebody's password is hashed, the clock goes as much faster.
const FASTER: u32 = 15;
/// Who signs in with a password that is not theirs; the third is deactivated and has the right one. The last is the control:
/// an account whose hash is so much work that it is refused a step later.
const SIGN_IN: [&str; 5] = ["known", "nobody", "gone", "waiting@example.org", "slow"];
/// Who is asked for too often. The last is not yet.
const CLOSED: [&str; 5] = ["known", "nobody", "gone", "waiting@example.org", "ada"];
/// Whose password somebody says to have forgotten. The last is no name at all.
const RESET: [&str; 5] = ["known", "nobody", "gone", "mute", ""];
/// With which address somebody registers. The last is no address at all.
const REGISTER: [&str; 5] =
    ["known@example.org", "new@example.org", "gone@example.org", "waiting@example.org", "new"];

const FORGET_TRIES: &str = "DELETE FROM wrong_password; DELETE FROM guessing; DELETE FROM notice";
const FORGET_FEW_TRIES: &str = "DELETE FROM wrong_password WHERE failures < 4; DELETE FROM guessing";
const FORGET_CODES: &str = "DELETE FROM one_time_code; DELETE FROM mail; DELETE FROM notice";
const FORGET_REGISTRATIONS: &str = "DELETE FROM one_time_code; DELETE FROM mail; DELETE FROM notice;
    DELETE FROM pending_registration WHERE email <> 'waiting@example.org'";

/// The wall clock stands still, so that whoever must wait or was sent enough codes stays so; the other one runs, so many
/// times as fast as it should, so that an answer really waits.
struct Running {
    now: clinic_domain::time::Instant,
    begun: Instant,
    faster: u32,
}

impl Clock for Running {
    fn now(&self) -> clinic_domain::time::Instant {
        self.now
    }

    fn elapsed(&self) -> Duration {
        self.begun.elapsed() * self.faster
    }

    fn wait_until(&self, elapsed: Duration) {
        std::thread::sleep(elapsed.saturating_sub(self.elapsed()) / self.faster);
    }
}

fn clinic(faster: u32) -> Clinic {
    let mut clinic = Clinic::new().with_mail();
    clinic.app.parts.clock = Box::new(Running { now: clinic.app.now(), begun: Instant::now(), faster });
    clinic.app.parts.hashing = COST;
    let gone = clinic.account("gone", Role::FrontDesk, None);
    clinic.change(gone, |account| account.active = false);
    let mute = clinic.account("mute", Role::FrontDesk, None);
    clinic.change(mute, |account| account.email = None);
    clinic.account("known", Role::FrontDesk, None);
    let slow = clinic.account("slow", Role::FrontDesk, None);
    let cost = Cost { passes: 4 * COST.passes, ..COST };
    let hash = hashing::hash(&*clinic.app.parts.random, cost, &PASSWORD.into()).unwrap();
    clinic.change(slow, |account| account.password_hash = hash.clone());
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

fn gone(clinic: &Clinic) -> AccountId {
    clinic.read(|conn| store_account::by_login(conn, &Login::parse("gone"))).unwrap().id
}

/// How long an answer takes before which what these statements say was forgotten.
fn timed<T>(clinic: &Clinic, forget: &str, act: impl FnOnce() -> T) -> (T, Duration) {
    clinic.write(|conn| Ok(conn.execute_batch(forget)?));
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
/// first: the last, which is the control, can be told from it; the medians of the others lie no further from its own than
/// a fiftieth. Answers how well they can be told all the same, as areas.
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
    assert!((control[0] - 0.5).abs() > 0.4, "the control can be told: {control:?}");
    let gaps: Vec<_> = rest[..told.len()].iter().map(|times| median(times) / median(known) - 1.0).collect();
    println!("gaps of the medians: {gaps:.4?} of {:.1} ms", 1e3 * median(known));
    assert!(gaps.iter().all(|gap| gap.abs() < 0.02), "{gaps:?}");
    told.to_vec()
}

/// None can be told from the first.
fn is_blind(areas: &[f64]) {
    assert!(areas.iter().all(|area| (0.48..=0.52).contains(area)), "{areas:?}");
}

fn median(times: &[Duration]) -> f64 {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

#[test]
#[ignore = "a measurement of minutes that a busy computer spoils: make soak"]
fn the_time_of_a_refusal_does_not_tell_who_has_an_account() {
    let clinic = clinic(FASTER);
    let nth = Cell::new(0_u32);
    let areas = judge(SIGN_IN, |kind| {
        // Where Argon2id reads its memory depends on password and salt, and so does its time: neither is the same twice.
        nth.set(nth.get() + 1);
        let (login, wrong) = (SIGN_IN[kind], format!("{WRONG} {}", nth.get()));
        let password = if login == "gone" { PASSWORD } else { &wrong };
        // Before each kind, because what was done last is still in the caches.
        let hash = clinic.app.hash_password(&PASSWORD.into()).unwrap();
        clinic.change(gone(&clinic), |account| account.password_hash = hash);
        let (answer, taken) = timed(&clinic, FORGET_TRIES, || clinic.sign_in(login, password));
        assert_eq!(answer.unwrap_err(), AppError::WrongCredentials);
        taken
    });
    is_blind(&areas);
}

#[test]
#[ignore = "a measurement of minutes that a busy computer spoils: make soak"]
fn the_time_until_a_code_was_asked_for_does_not_tell_who_has_an_account() {
    let clinic = clinic(1);
    let areas = judge(RESET, |kind| {
        let ask = AskReset { login: RESET[kind].to_owned() };
        let (answer, taken) = timed(&clinic, FORGET_CODES, || clinic.app.ask_reset(ask));
        assert_eq!(answer.is_ok(), !RESET[kind].is_empty());
        taken
    });
    is_blind(&areas);
}

#[test]
#[ignore = "a measurement of minutes that a busy computer spoils: make soak"]
fn the_time_of_a_registration_does_not_tell_whose_the_address_is() {
    let clinic = clinic(FASTER);
    let areas = judge(REGISTER, |kind| {
        let request = registration(REGISTER[kind]);
        let (answer, taken) = timed(&clinic, FORGET_REGISTRATIONS, || clinic.app.register(request));
        assert_eq!(answer.is_ok(), REGISTER[kind].contains('@'));
        taken
    });
    is_blind(&areas);
}

#[test]
#[ignore = "a measurement of minutes that a busy computer spoils: make soak"]
fn the_time_until_a_code_was_sent_again_does_not_tell_whose_the_address_is() {
    let clinic = clinic(1);
    let begin = |email| clinic.app.register(registration(email)).unwrap().id;
    let waiting = REGISTER.map(|email| email.contains('@').then(|| begin(email)));
    let gone = RegistrationId(clinic.app.new_id().unwrap());
    let areas = judge(REGISTER, |kind| {
        let request = PendingRegistration { id: waiting[kind].unwrap_or(gone) };
        let (answer, taken) = timed(&clinic, FORGET_CODES, || clinic.app.resend_registration(request));
        assert_eq!(answer.is_ok(), waiting[kind].is_some());
        taken
    });
    is_blind(&areas);
}

#[test]
#[ignore = "a measurement of minutes that a busy computer spoils: make soak"]
fn the_time_of_being_told_to_wait_does_not_tell_who_has_an_account() {
    let clinic = clinic(FASTER);
    for login in CLOSED.into_iter().take(4) {
        while clinic.sign_in(login, WRONG).unwrap_err() == AppError::WrongCredentials {}
    }
    let areas = judge(CLOSED, |kind| {
        let (answer, taken) = timed(&clinic, FORGET_FEW_TRIES, || clinic.sign_in(CLOSED[kind], WRONG));
        assert_eq!(matches!(answer.unwrap_err(), AppError::Throttled { .. }), kind < 4);
        taken
    });
    is_blind(&areas);
}

/// What is asked for when nothing more is sent; the control is refused for what it is, and at once.
fn judge_spent<T>(clinic: &Clinic, kinds: [&str; 5], ask: impl Fn(&str) -> Answer<T>) {
    for kind in &kinds[..4] {
        while ask(kind).is_ok() {}
    }
    let areas = judge(kinds, |kind| {
        let (answer, taken) = timed(clinic, "", || ask(kinds[kind]));
        assert_eq!(matches!(answer.err(), Some(AppError::CodesSpent { .. })), kind < 4);
        taken
    });
    is_blind(&areas);
}

#[test]
#[ignore = "a measurement of minutes that a busy computer spoils: make soak"]
fn the_time_of_being_sent_no_more_codes_does_not_tell_who_has_an_account() {
    let clinic = clinic(1);
    judge_spent(&clinic, RESET, |login| clinic.app.ask_reset(AskReset { login: login.to_owned() }));
}

#[test]
#[ignore = "a measurement of minutes that a busy computer spoils: make soak"]
fn the_time_of_a_registration_too_many_does_not_tell_whose_the_address_is() {
    let clinic = clinic(FASTER);
    judge_spent(&clinic, REGISTER, |email| clinic.app.register(registration(email)));
}

#[test]
#[ignore = "a measurement of minutes that a busy computer spoils: make soak"]
fn the_time_of_a_code_that_is_not_sent_again_does_not_tell_whose_the_address_is() {
    let clinic = clinic(1);
    let begin = |email: &str| clinic.app.register(registration(email)).map(|begun| begun.id);
    let waiting = REGISTER.map(|email| begin(email).unwrap_or(RegistrationId(uuid::Uuid::nil())));
    judge_spent(&clinic, REGISTER, |email| {
        let at = REGISTER.iter().position(|other| *other == email).unwrap();
        clinic.app.resend_registration(PendingRegistration { id: waiting[at] })
    });
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
