//! A page of accounts.

use clinic_domain::identity::policy::Action;
use clinic_domain::validation::{FieldError, FieldRule};

use super::store_accounts;
use crate::app::{Actor, App};
use crate::directory::view::Paging;
use crate::error::{Answer, AppError};
use crate::identity::view::{AccountPage, ListAccounts};

/// Most rows of one page.
const MOST_ROWS: u32 = 200;

impl App {
    /// A page of accounts.
    ///
    /// # Errors
    /// [`AppError::Validation`] for an unknown sort and a size that is not 1 to 200; [`AppError::Forbidden`]; faults of
    /// the store.
    pub fn list_accounts(&self, actor: &Actor, request: ListAccounts) -> Answer<AccountPage> {
        self.read(actor, Action::ManageAccounts, |conn, _| {
            check(&request.paging)?;
            let (rows, total) = store_accounts::page(conn, &request)?;
            Ok(AccountPage { rows, total })
        })
    }
}

fn check(paging: &Paging) -> Answer<()> {
    let mut fields = Vec::new();
    if !(1..=MOST_ROWS).contains(&paging.size) {
        let nearest = paging.size.clamp(1, MOST_ROWS);
        fields.push(FieldError::new("paging.size", FieldRule::OutOfRange).bound(nearest));
    }
    if !store_accounts::is_sort(&paging.sort) {
        fields.push(FieldError::new("paging.sort", FieldRule::Unknown));
    }
    if fields.is_empty() { Ok(()) } else { Err(AppError::Validation { fields }) }
}
