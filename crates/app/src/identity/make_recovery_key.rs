//! Makes the recovery key of the store anew.

use clinic_domain::identity::policy::Action;
use rusqlite::Connection;

use super::key::{self, Kept};
use super::notice::{self, NoticeKind};
use super::person_key::PersonKey;
use super::recovery_view::{MakeRecoveryKey, NewRecoveryKey, Opener, Protection, RecoveryKeyState};
use super::{recovery, store_accounts};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::error::{Answer, AppError};

impl App {
    /// Whether the store has a recovery key, and where its own key is.
    ///
    /// # Errors
    /// [`crate::AppError::Forbidden`]; [`crate::AppError::StoreUnreadable`] when its file is damaged.
    pub fn read_recovery_key(&self, actor: &Actor) -> Answer<RecoveryKeyState> {
        self.read(actor, Action::EditClinic, |conn, _| {
            let kept = key::kept(&self.parts.folder)?.ok_or(AppError::WrongState)?;
            let (protection, openers) = match &kept {
                Kept::Staff { people, .. } => (Protection::Staff, openers(conn, people)?),
                _ => (Protection::Computer, Vec::new()),
            };
            let made_at = recovery::made_at(&self.parts.folder)?;
            Ok(RecoveryKeyState { made_at, place: kept.place(), protection, openers })
        })
    }

    /// Makes a recovery key for the store and answers with it, this once. The one before opens nothing any more.
    ///
    /// # Errors
    /// [`crate::AppError::WrongCredentials`] for a password that is not the one of whoever asks,
    /// [`crate::AppError::Throttled`] and [`crate::AppError::PasswordClosed`] after too many of them;
    /// [`crate::AppError::Forbidden`]; [`crate::AppError::StoreReadOnly`], [`crate::AppError::StoreFull`].
    pub fn make_recovery_key(&self, actor: &Actor, request: MakeRecoveryKey) -> Answer<NewRecoveryKey> {
        self.read(actor, Action::EditClinic, |_, _| Ok(()))?;
        self.prove(actor, &request.password)?;
        let store = self.store()?;
        // Written down first: a key that nobody knows to exist would be worse than an entry about none.
        store.note(&actor.entry(Op::MakeRecoveryKey, self.now()))?;
        let made = recovery::make(&*self.parts.random, &self.parts.folder, &store.key(), self.now())?;
        store.keep(None, |conn| notice::done(conn, NoticeKind::NoRecoveryKey, self.now()))?;
        Ok(NewRecoveryKey { recovery_key: made.disclose() })
    }
}

/// Everybody who works here, whoever cannot open the store yet first.
fn openers(conn: &Connection, people: &[PersonKey]) -> Answer<Vec<Opener>> {
    let mut openers: Vec<Opener> = store_accounts::staff(conn)?
        .into_iter()
        .map(|account| Opener {
            name: account.name(),
            role: account.role,
            opens: people.iter().any(|entry| entry.account == account.id),
        })
        .collect();
    openers.sort_by_key(|opener| opener.opens);
    Ok(openers)
}
