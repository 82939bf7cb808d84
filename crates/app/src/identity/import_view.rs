//! What the interface reads and sends about accounts that come from another program (AU-8).

use clinic_domain::id::ActionId;
use clinic_domain::identity::role::Role;
use clinic_domain::validation::FieldError;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Looks at a table of accounts; writes nothing.
#[derive(Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct PreviewImport {
    /// The table as text: a line of headings, then one for each account.
    pub text: String,
}

/// Makes the accounts of a table.
#[derive(Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct ImportAccounts {
    /// Made by the interface once per table.
    pub request_id: ActionId,
    /// The table as it was looked at.
    pub text: String,
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ImportRow {
    /// Line of the text, from 1.
    pub line: u32,
    /// Role, where it reads as one.
    pub role: Option<Role>,
    /// "Surname, Given".
    pub name: String,
    /// User name, or empty.
    pub user_name: String,
    /// E-mail address, or empty.
    pub email: String,
    /// There is such an account: it stays as it is.
    pub known: bool,
    /// What is wrong, by heading; `line` for the line as a whole.
    pub faults: Vec<FieldError>,
}

/// What would come of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ImportPreview {
    /// Its lines, in their order.
    pub rows: Vec<ImportRow>,
    /// Accounts that would be made.
    pub fresh: u32,
    /// Lines with something wrong: as long as there is one, nothing is made.
    pub faulty: u32,
}

/// What came of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct Imported {
    /// The act.
    pub action_id: ActionId,
    /// Accounts that were made.
    pub made: u32,
    /// Lines whose account was there already.
    pub known: u32,
}
