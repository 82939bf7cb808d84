//! Who is signed in here.

use clinic_domain::directory::name;
use clinic_domain::id::SessionId;
use clinic_domain::identity::duty::{Duty, Standing};
use clinic_domain::identity::policy::{Action, Reach, reach};
use clinic_domain::identity::security_policy::Demand;
use clinic_domain::time::{Instant, wall_of};
use rusqlite::Connection;

use super::account::Account;
use super::demo;
use super::desk::Present;
use super::reset_password::words_of;
use super::{store_second_factor, store_security_policy, store_session};
use crate::app::App;
use crate::clinic::record::Clinic;
use crate::clinic::store;
use crate::error::Answer;
use crate::identity::access_view::WaitingPerson;
use crate::identity::reset_view::NewPasswordReason;
use crate::identity::view::{Me, SessionState};
use crate::messaging::settings;
use crate::scheduling::view::ClinicClock;

impl App {
    /// Who is signed in here.
    ///
    /// # Errors
    /// [`crate::AppError::WrongState`] before the store is open and the clinic set up; faults of the store.
    pub fn session_state(&self) -> Answer<SessionState> {
        self.close_unused()?;
        if let Some(closed) = self.closed_desk() {
            return Ok(closed);
        }
        let present = self.present()?;
        let (half_way, proven) = (self.half_way()?, self.proven()?);
        let pin = match &present {
            Present::Locked(_, actor) => self.pin_digits(actor.session),
            _ => None,
        };
        let waiting = self.waiting()?.iter().map(waiting_person).collect();
        let now = self.now();
        self.store()?.read(|conn| match (&present, &half_way, &proven) {
            (Present::Nobody, Some(account), _) => Ok(SessionState::SecondStep {
                clinic: store::load(conn)?.0.profile.name,
                name: name::given_first(&account.family_name, &account.given_names),
            }),
            (Present::Nobody, None, Some(account)) => new_password(
                conn,
                account,
                NewPasswordReason::Forgotten,
                store_session::count_live(conn, account.id, now)?,
            ),
            (Present::Held(account, _, Duty::Password), ..) => {
                let others = store_session::count_live(conn, account.id, now)?.saturating_sub(1);
                let reason = match account.password_standing {
                    Standing::WithFactor => NewPasswordReason::TooShort,
                    _ => NewPasswordReason::Temporary,
                };
                new_password(conn, account, reason, others)
            }
            _ => state(conn, present, pin, waiting, now),
        })
    }
}

fn new_password(
    conn: &Connection,
    account: &Account,
    reason: NewPasswordReason,
    sessions: u32,
) -> Answer<SessionState> {
    let clinic = store::load(conn)?.0.profile.name;
    Ok(SessionState::NewPassword {
        name: name::given_first(&account.family_name, &account.given_names),
        public_id: account.public_id.clone(),
        reason,
        sessions,
        context: words_of(account, &clinic).into(),
        clinic,
    })
}

fn waiting_person((session_id, account): &(SessionId, Account)) -> WaitingPerson {
    WaitingPerson {
        session_id: *session_id,
        name: name::given_first(&account.family_name, &account.given_names),
        initials: name::initials(&account.family_name, &account.given_names),
    }
}

fn state(
    conn: &Connection,
    present: Present,
    pin: Option<u8>,
    waiting: Vec<WaitingPerson>,
    now: Instant,
) -> Answer<SessionState> {
    Ok(match present {
        Present::Nobody => {
            let clinic = store::load(conn)?.0;
            let demo_accounts = if clinic.is_demo { demo::accounts() } else { Vec::new() };
            let mail = settings::find(conn)?.is_some();
            SessionState::SignedOut {
                clinic: clinic.profile.name,
                mail,
                demo_accounts,
                waiting,
                closed: false,
            }
        }
        Present::Locked(account, actor) => {
            let clinic = store::load(conn)?.0;
            SessionState::Locked {
                clock: clock(&clinic, now),
                clinic: clinic.profile.name,
                account_id: account.id,
                name: actor.name,
                initials: name::initials(&account.family_name, &account.given_names),
                pin,
                waiting,
            }
        }
        Present::Held(account, ..) => SessionState::Enrolling {
            clinic: store::load(conn)?.0.profile.name,
            name: name::given_first(&account.family_name, &account.given_names),
            role: account.role,
        },
        Present::Here(account, _) => SessionState::SignedIn {
            me: me(&account),
            clinic: store::view(conn)?,
            factor_due: factor_due(conn, &account)?,
        },
    })
}

/// From when on somebody gets no further without a second factor; `None` where there is one, or nobody demands it.
fn factor_due(conn: &Connection, account: &Account) -> Answer<Option<Instant>> {
    if store_second_factor::is_on(conn, account.id)? {
        return Ok(None);
    }
    let policy = store_security_policy::load(conn)?.0;
    Ok(match store_security_policy::demand_on(conn, &policy, account)? {
        Demand::From(due) => Some(due),
        Demand::Nothing | Demand::Recommended => None,
    })
}

/// The signed-in person as the interface needs it.
pub(super) fn me(account: &Account) -> Me {
    let may = |action: &Action| reach(account.role, *action) != Reach::Never;
    Me {
        account_id: account.id,
        public_id: account.public_id.clone(),
        name: name::given_first(&account.family_name, &account.given_names),
        given_names: account.given_names.clone(),
        family_name: account.family_name.clone(),
        email: account.email.clone().unwrap_or_default(),
        user_name: account.user_name.clone().unwrap_or_default(),
        initials: name::initials(&account.family_name, &account.given_names),
        role: account.role,
        doctor_id: account.doctor_id,
        may: Action::ALL.into_iter().filter(may).collect(),
        preferences: account.preferences,
    }
}

fn clock(clinic: &Clinic, now: Instant) -> ClinicClock {
    let (today, minute) = wall_of(now, clinic.zone());
    let second = u16::try_from(now.timestamp().rem_euclid(60)).unwrap_or_default();
    ClinicClock { today, minute, second, instant: now }
}
