//! What somebody guesses at: each try says whether it was looked at. Also the clinic in which that is, and its owner, who
//! comes in between.

use std::path::{Path, PathBuf};

use clinic_app::identity::hashing::Cost;
use clinic_app::identity::recovery_view::{ChangeStoreKey, Protection};
use clinic_app::identity::reset_view::{AskReset, MailCodeProblem, ProveReset};
use clinic_app::identity::second_factor_view::{CodeProblem, FactorCode};
use clinic_app::identity::view::{KeyPlace, SessionState, SignIn};
use clinic_app::messaging::view::EditMail;
use clinic_app::{Answer, App, AppError, Parts};
use clinic_domain::id::{ActionId, CodeId};
use clinic_domain::messaging::server::Security;
use clinic_testkit::forms;
use totp_rs::{Builder, Secret, Totp};

use super::{clock, parts, program};
use crate::mail::postbox::server;

/// Enough work for a kill to come while it is done.
const SOME_WORK: Cost = Cost { memory_kib: 4 * 1024, passes: 1 };

/// What is guessed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The password of a name.
    Password,
    /// The same while the store is closed.
    ClosedStore,
    /// Six digits that came by mail.
    MailCode,
    /// Six digits of an authenticator app.
    SecondFactor,
    /// The paper for the day on which the app is away.
    RecoveryCode,
}

impl Target {
    const ALL: [Self; 5] =
        [Self::Password, Self::ClosedStore, Self::MailCode, Self::SecondFactor, Self::RecoveryCode];

    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|target| format!("{target:?}") == name).unwrap()
    }

    /// How many tries in a row are looked at; the next one waits, or comes too late.
    pub const fn most(self) -> usize {
        match self {
            Self::MailCode => 5,
            _ => 4,
        }
    }
}

/// Somebody who guesses at this program.
pub struct Guesser<'a> {
    app: &'a App,
    target: Target,
    cycle: u64,
    flow: String,
    is_half_way: bool,
}

impl<'a> Guesser<'a> {
    /// `flow` is what [`Owner::begin`] said.
    pub fn new(app: &'a App, target: Target, cycle: u64, flow: String) -> Self {
        Self { app, target, cycle, flow, is_half_way: false }
    }

    /// Guesses once. Whoever guesses at a code has the password, which is a try of its own.
    pub fn is_looked_at(&mut self) -> bool {
        match self.target {
            Target::Password | Target::ClosedStore => {
                let answer = sign_in(self.app, &format!("somebody{}", self.cycle), "a wrong password");
                was_looked_at(answer, &AppError::WrongCredentials)
            }
            Target::MailCode => {
                let id = CodeId(self.flow.parse().unwrap());
                let answer = self.app.prove_reset(ProveReset::Code { id, code: "000000".into() });
                let AppError::MailCodeRefused { problem, .. } = answer.unwrap_err() else { panic!() };
                assert!(matches!(problem, MailCodeProblem::Wrong | MailCodeProblem::TriedTooOften));
                problem == MailCodeProblem::Wrong
            }
            Target::SecondFactor | Target::RecoveryCode if !self.is_half_way => {
                let answer = sign_in(self.app, "ada", forms::PASSWORD);
                self.is_half_way = matches!(answer, Ok(SessionState::SecondStep { .. }));
                self.is_half_way || was_looked_at(answer, &AppError::WrongCredentials)
            }
            Target::SecondFactor => self.type_code("000000"),
            Target::RecoveryCode => self.type_code("0000-0000-0000-0000"),
        }
    }

    fn type_code(&self, code: &str) -> bool {
        let answer = self.app.prove_second_factor(FactorCode { code: code.into() });
        was_looked_at(answer, &AppError::CodeRefused { problem: CodeProblem::Wrong })
    }
}

fn sign_in(app: &App, login: &str, password: &str) -> Answer<SessionState> {
    app.sign_in(SignIn { login: login.to_owned(), password: password.into() })
}

/// Whether the answer is the one after a look, and not that there was none.
fn was_looked_at(answer: Answer<SessionState>, wrong: &AppError) -> bool {
    let refusal = answer.unwrap_err();
    assert!(refusal == *wrong || matches!(refusal, AppError::Throttled { .. }), "{refusal:?}");
    refusal == *wrong
}

/// Whoever is guessed at.
pub struct Owner {
    folder: PathBuf,
    target: Target,
    /// The authenticator app, where there is one.
    phone: Option<Totp>,
}

/// A clinic in this folder in which there is something to guess at.
pub fn before(folder: &Path, target: Target) -> Owner {
    let app = App::new(Parts { hashing: SOME_WORK, ..parts(folder, 0, &clock(0)) });
    app.start().unwrap();
    app.create_store(KeyPlace::File).unwrap();
    app.set_up_clinic(forms::clinic(ActionId(app.new_id().unwrap()))).unwrap();
    let (admin, password) = (app.actor().unwrap(), forms::PASSWORD.into());
    let mut owner = Owner { folder: folder.to_owned(), target, phone: None };
    match target {
        Target::Password => {}
        Target::ClosedStore => {
            let (protection, passphrase) = (Protection::Staff, "".into());
            app.change_store_key(&admin, ChangeStoreKey { protection, password, passphrase }).unwrap();
        }
        Target::MailCode => {
            // Nothing listens there: what is sent waits.
            let request =
                EditMail { rev: 0, form: server(9, Security::None, String::new()), password: "".into() };
            app.edit_mail(&admin, request).unwrap();
        }
        Target::SecondFactor | Target::RecoveryCode => {
            let offer = app.begin_second_factor(&admin).unwrap();
            let secret = Secret::try_from_base32(offer.key.expose().replace(' ', "")).unwrap();
            let phone = Builder::new().with_secret(secret).build_noncompliant();
            let code = phone.generate(app.now().timestamp().unsigned_abs()).to_string().into();
            app.confirm_second_factor(&admin, FactorCode { code }).unwrap();
            owner.phone = Some(phone);
        }
    }
    owner
}

impl Owner {
    /// Has a code sent, where one is guessed at; answers with its flow.
    pub fn begin(&self, cycle: u64) -> String {
        if self.target != Target::MailCode {
            return String::new();
        }
        let app = program(&self.folder, cycle);
        app.start().unwrap();
        app.ask_reset(AskReset { login: "ada".to_owned() }).unwrap().id.to_string()
    }

    /// Signs in, where somebody guessed at what is asked for there: who has both factors begins with no try counted.
    pub fn end(&self, cycle: u64) {
        let Some(phone) = &self.phone else { return };
        let clock = clock(cycle);
        let app = App::new(parts(&self.folder, cycle, &clock));
        app.start().unwrap();
        let state = sign_in(&app, "ada", forms::PASSWORD).unwrap();
        assert!(matches!(state, SessionState::SecondStep { .. }), "{state:?}");
        // The password is a try, too, until the code is right.
        clock.wait_minutes(1);
        let code = phone.generate(app.now().timestamp().unsigned_abs()).to_string().into();
        app.prove_second_factor(FactorCode { code }).unwrap();
    }
}
