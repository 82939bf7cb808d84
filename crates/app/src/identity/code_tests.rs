//! What bounds a code by mail, whatever it is for: tries, sends, what is kept of it, and what an answer gives away (rows
//! O2 to O4 and O9 of the security reference, TR-7).

use clinic_domain::identity::role::Role;
use clinic_domain::validation::FieldRule;

use super::hashing::tests::work;
use super::notice::NoticeKind;
use super::reset_tests::{another, ask, asked, clinic, paste, problem, type_in};
use super::reset_view::{CodeAsked, MailCodeProblem};
use crate::audit::view::Op;
use crate::error::{Answer, AppError};
use crate::identity::view::SessionState;

/// O3.
#[test]
fn five_tries_are_looked_at_and_the_right_code_comes_too_late() {
    let (clinic, id, code, _) = asked();
    clinic.admin();
    for left in (0..5).rev() {
        let refusal = type_in(&clinic, id, &another(&code)).unwrap_err();
        assert_eq!(refusal, AppError::MailCodeRefused { problem: MailCodeProblem::Wrong, tries_left: left });
    }
    let before = work();
    assert_eq!(problem(type_in(&clinic, id, &code)), MailCodeProblem::TriedTooOften);
    assert_eq!(work(), before, "it is not even looked at");
    let ops = clinic.ops();
    assert_eq!(ops.iter().filter(|op| **op == Op::MailCodeFailed).count(), 5);
    assert_eq!(ops.iter().filter(|op| **op == Op::ManyWrongCodes).count(), 1);
    let ada = clinic.admin();
    assert_eq!(clinic.app.list_notices(&ada).unwrap()[0].kind, NoticeKind::ManyWrongCodes);
}

#[test]
fn a_try_is_counted_before_anything_is_compared() {
    let (clinic, id, code, _) = asked();
    let path = clinic.app.store().unwrap().path().to_owned();
    super::hashing::tests::watch(move || {
        let again = crate::db::Store::open(&path, &crate::db::StoreKey::new([7; 32])).unwrap();
        let tries: u32 = again
            .read(|conn| Ok(conn.query_row("SELECT tries FROM one_time_code", [], |row| row.get(0))?))
            .unwrap();
        assert_eq!(tries, 1, "whoever pulls the plug now gets no try back");
    });
    type_in(&clinic, id, &another(&code)).unwrap_err();
}

#[test]
fn what_is_not_six_digits_counts_for_nothing() {
    let (clinic, id, code, _) = asked();
    for typed in ["", "12345", "1234567", "abcdef"].iter().cycle().take(20) {
        let refusal = type_in(&clinic, id, typed).unwrap_err();
        let AppError::Validation { fields } = refusal else { panic!("{refusal:?}") };
        assert_eq!((fields[0].field.as_str(), fields[0].rule), ("code", FieldRule::Malformed));
    }
    type_in(&clinic, id, &code).unwrap();
}

/// O3: a hundred who type the right code at the same moment.
#[test]
fn of_a_hundred_right_codes_at_once_one_is_let_in() {
    let (clinic, id, code, link) = asked();
    let at_once = |prove: &(dyn Fn() -> Answer<SessionState> + Sync)| {
        std::thread::scope(|scope| {
            let tries: Vec<_> = (0..100).map(|_| scope.spawn(prove)).collect();
            tries.into_iter().map(|one| one.join().unwrap()).filter(Result::is_ok).count()
        })
    };
    assert_eq!(at_once(&|| type_in(&clinic, id, &code)), 1);
    assert_eq!(at_once(&|| paste(&clinic, &link)), 0, "it is used up with the digits");
    let (clinic, _, _, link) = asked();
    assert_eq!(at_once(&|| paste(&clinic, &link)), 1);
}

/// How many of fifty who guess at the same moment had their guess looked at, as each says of itself.
pub(super) fn of_fifty_at_once(is_looked_at: &(dyn Fn() -> bool + Sync)) -> usize {
    std::thread::scope(|scope| {
        let guesses: Vec<_> = (0..50).map(|_| scope.spawn(is_looked_at)).collect();
        guesses.into_iter().map(|one| one.join().unwrap()).filter(|seen| *seen).count()
    })
}

/// O3.
#[test]
fn of_fifty_guesses_at_once_five_are_looked_at() {
    let (clinic, id, code, _) = asked();
    // Each has a thread, which counts its own work.
    let guess = || type_in(&clinic, id, &another(&code)).is_err() && work() > 0;
    assert_eq!(of_fifty_at_once(&guess), 5, "a code by mail");
    for login in ["ada", "nobody"] {
        let guess = || clinic.sign_in(login, "another password altogether").is_err() && work() > 0;
        let guessed = of_fifty_at_once(&guess);
        assert!((1..=5).contains(&guessed), "{guessed} passwords of {login}");
    }
}

/// O9 and TR-7: whoever asks learns nothing about who has an account.
#[test]
fn whoever_is_asked_for_the_answer_and_the_work_are_the_same() {
    let clinic = clinic();
    let gone = clinic.account("gone", Role::FrontDesk, None);
    clinic.change(gone, |account| account.active = false);
    let mute = clinic.account("mute", Role::FrontDesk, None);
    clinic.change(mute, |account| account.email = None);
    let mut seen = Vec::new();
    for login in ["ada", "nobody", "gone", "mute", "PAT00000000", "x@y.example"] {
        let tables = ["one_time_code", "mail", "audit", "notice"];
        let before = tables.map(|table| clinic.count(table));
        let worked = work();
        let CodeAsked { id, seconds, tries } = ask(&clinic, login).unwrap();
        let asked_work = work() - worked;
        let refusal = type_in(&clinic, id, "000 000").unwrap_err();
        let worked = work() - worked;
        let rows = [0, 1, 2, 3].map(|at| clinic.count(tables[at]) - before[at]);
        seen.push((seconds, tries, asked_work, worked, refusal, rows));
    }
    assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:#?}");
    assert_eq!(seen[0].5, [1, 1, 2, 0]);
    let addressed = clinic.read(|conn| {
        Ok(conn
            .query_row("SELECT count(*) FROM mail WHERE recipient <> ''", [], |row| row.get::<_, u32>(0))?)
    });
    assert_eq!(addressed, 1, "and a mail goes to the one alone who may have it");
}

/// O4.
#[test]
fn five_codes_an_hour_for_one_name_and_the_next_one_says_when() {
    for login in ["ada", "nobody"] {
        let clinic = clinic();
        for _ in 0..5 {
            ask(&clinic, login).unwrap();
            clinic.wait(60);
        }
        assert_eq!(
            ask(&clinic, login).unwrap_err(),
            AppError::CodesSpent { wait_seconds: 55 * 60 },
            "{login}"
        );
        assert_eq!(clinic.count("one_time_code"), 5);
        clinic.wait(55 * 60);
        ask(&clinic, login).unwrap();
    }
}

#[test]
fn another_name_of_the_same_person_gives_nothing_away_and_floods_no_mailbox() {
    let clinic = clinic();
    let number = clinic.admin().public_id;
    for _ in 0..5 {
        ask(&clinic, "ada").unwrap();
    }
    for login in ["ada@example.org", &number] {
        let asked = ask(&clinic, login).unwrap();
        assert_eq!((asked.seconds, asked.tries), (600, 5), "as for a name that is no account's");
        assert_eq!(problem(type_in(&clinic, asked.id, "000 000")), MailCodeProblem::Wrong);
    }
    assert_eq!(clinic.letters("ada@example.org").len(), 5);
}

#[test]
fn a_device_asks_for_twenty_an_hour_whoever_they_are_for() {
    let clinic = clinic();
    for nth in 0..20 {
        ask(&clinic, &format!("nobody{nth}")).unwrap();
    }
    assert_eq!(ask(&clinic, "ada").unwrap_err(), AppError::CodesSpent { wait_seconds: 3600 });
    clinic.wait(3600);
    ask(&clinic, "ada").unwrap();
}

#[test]
fn codes_of_yesterday_are_forgotten() {
    let clinic = clinic();
    ask(&clinic, "ada").unwrap();
    clinic.wait(24 * 3600 + 1);
    ask(&clinic, "nobody").unwrap();
    clinic.app.sweep_registrations().unwrap();
    assert_eq!(clinic.count("one_time_code"), 1);
}

/// O2: what is kept of a code.
#[test]
fn no_code_is_kept_in_clear() {
    let (clinic, id, code, link) = asked();
    clinic.write(|conn| Ok(conn.execute("UPDATE mail SET letter = NULL", [])?));
    let dump = clinic.read(|conn| {
        let mut dump = String::new();
        for table in ["one_time_code", "mail", "audit", "outbox", "notice", "fact"] {
            let mut all = conn.prepare(&format!("SELECT * FROM {table}"))?;
            let columns = all.column_count();
            let mut rows = all.query([])?;
            while let Some(row) = rows.next()? {
                (0..columns).for_each(|at| dump.push_str(&format!("{:?}\n", row.get_ref(at).unwrap())));
            }
        }
        Ok(dump)
    });
    let digits = code.replace(' ', "");
    assert!(dump.contains("argon2id") || dump.contains("Text"), "the table was read");
    for secret in [
        digits.as_str(),
        &link,
        "secret",
        &format!("{:?}", digits.as_bytes()),
        &format!("{:?}", link.as_bytes()),
    ] {
        let secret = secret.trim_matches(['[', ']']);
        assert!(!dump.contains(secret), "{secret}");
    }
    type_in(&clinic, id, &code).unwrap();
}
