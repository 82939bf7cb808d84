//! What wrong passwords at the closed desk have led to, as the administrators see it once the store is open (AU-16, K2).
//! Counts nothing itself.

use clinic_domain::identity::account::Login;
use clinic_domain::time::Instant;

use super::access_view::AccountLock;
use super::closed_desk::ClosedDesk;
use super::open_by_person::can_be_reopened;
use super::person_key::name_tag;
use super::view::AccountRow;
use super::{staff_keys, store_wrong_password};
use crate::app::App;
use crate::db::StoreKey;

/// What was counted while the store was closed.
pub(super) struct ClosedTries {
    desk: ClosedDesk,
    device: StoreKey,
    /// Name of this computer.
    place: String,
    can_be_reopened: bool,
    now: Instant,
}

impl App {
    /// What was counted while the store was closed; `None` where the computer opens it.
    pub(super) fn closed_tries(&self) -> Option<ClosedTries> {
        let device = self.staff.secret()?;
        let people = staff_keys::people(&self.parts.folder).unwrap_or_default();
        Some(ClosedTries {
            desk: ClosedDesk::load(&self.parts.folder, &device),
            device,
            place: self.parts.device.clone(),
            can_be_reopened: can_be_reopened(people.iter()),
            now: self.now(),
        })
    }
}

impl ClosedTries {
    /// Whether any wrong password is counted for an account.
    pub(super) fn are_of(&self, row: &AccountRow) -> bool {
        self.desk.worst(&self.names(row), self.can_be_reopened, self.now).is_some()
    }

    /// The same row with what they have led to, where that is worse than what the open store counted.
    pub(super) fn shown(&self, row: AccountRow) -> AccountRow {
        let standing = self.desk.worst(&self.names(&row), self.can_be_reopened, self.now);
        let closed = standing.and_then(|standing| {
            let state = store_wrong_password::state(&standing, self.now)?;
            Some(AccountLock { failures: standing.in_a_row, device: Some(self.place.clone()), state })
        });
        let lock = [row.lock.clone(), closed].into_iter().flatten().max_by_key(|lock| lock.state);
        AccountRow { lock, ..row }
    }

    fn names(&self, row: &AccountRow) -> Vec<String> {
        let names = [&row.public_id, &row.form.email, &row.form.user_name];
        let typed = names.into_iter().filter(|name| !name.is_empty());
        typed.map(|name| name_tag(&self.device, &Login::parse(name).normalised())).collect()
    }
}
