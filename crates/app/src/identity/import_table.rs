//! Reads a table of accounts that comes from another program (AU-8): headings, lines, and what is wrong with each. Asks no
//! store and writes nothing.

use std::collections::HashSet;

use clinic_domain::directory::name;
use clinic_domain::identity::account::{AccountDetails, check_account};
use clinic_domain::identity::role::Role;
use clinic_domain::validation::{FieldError, FieldRule};

use super::import_view::ImportRow;
use super::{hashing, imported_hash};

/// Most accounts of one table.
pub(super) const MOST_ROWS: usize = 1000;
/// Most bytes of one table: every field at its longest, a thousand times.
const MOST_BYTES: usize = 1024 * 1024;

/// The headings, in any order.
const HEADINGS: [&str; 6] = ["role", "given_names", "family_name", "user_name", "email", "password_hash"];

/// A line of the table. What is wrong with it stands in the row.
pub(super) struct Line {
    pub row: ImportRow,
    /// The account as it would be; a doctor's without a doctor, which an administrator chooses.
    pub details: AccountDetails,
    pub password_hash: String,
}

/// The lines of a table.
///
/// # Errors
/// What is wrong with the table as a whole: `text`, or the heading that is missing.
pub(super) fn read(text: &str) -> Result<Vec<Line>, Vec<FieldError>> {
    let text = text.trim_start_matches('\u{feff}');
    if text.len() > MOST_BYTES {
        return Err(vec![FieldError::new("text", FieldRule::TooLong).bound(bound(MOST_BYTES))]);
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let malformed = |_| vec![FieldError::new("text", FieldRule::Malformed)];
    let headings = reader.headers().map_err(malformed)?.clone();
    let columns = columns(&headings)?;
    let mut lines = Vec::new();
    let mut seen = [HashSet::new(), HashSet::new()];
    for record in reader.records() {
        let record = record.map_err(malformed)?;
        if lines.len() == MOST_ROWS {
            return Err(vec![FieldError::new("text", FieldRule::TooLong).bound(bound(MOST_ROWS))]);
        }
        let mut line = line(&record, columns);
        if record.len() != headings.len() {
            line.row.faults = vec![FieldError::new("line", FieldRule::Malformed)];
        }
        let names = [("email", &line.details.email), ("user_name", &line.details.user_name)];
        for ((field, value), seen) in names.into_iter().zip(&mut seen) {
            if !value.is_empty() && !seen.insert(value.clone()) {
                line.row.faults.push(FieldError::new(field, FieldRule::Duplicate));
            }
        }
        lines.push(line);
    }
    if lines.is_empty() { Err(vec![FieldError::new("text", FieldRule::Required)]) } else { Ok(lines) }
}

/// What stands between the columns: whatever is most often in the first line, a comma where nothing is.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: u8| first.bytes().filter(|byte| *byte == mark).count();
    [b'\t', b';', b','].into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

/// Where each of [`HEADINGS`] stands.
fn columns(headings: &csv::StringRecord) -> Result<[usize; 6], Vec<FieldError>> {
    let spelled: Vec<String> = headings.iter().map(heading).collect();
    let mut columns = [0; 6];
    let mut missing = Vec::new();
    for (place, wanted) in columns.iter_mut().zip(HEADINGS) {
        match spelled.iter().position(|name| name == wanted) {
            Some(found) => *place = found,
            None => missing.push(FieldError::new(wanted, FieldRule::Required)),
        }
    }
    if missing.is_empty() { Ok(columns) } else { Err(missing) }
}

/// A heading as people write it: "Given name", "E-mail", "Password hash".
fn heading(typed: &str) -> String {
    let name = typed.trim().to_lowercase().replace([' ', '-'], "_");
    match name.as_str() {
        "given_name" => "given_names".to_owned(),
        "e_mail" => "email".to_owned(),
        _ => name,
    }
}

fn line(record: &csv::StringRecord, columns: [usize; 6]) -> Line {
    let [role, given_names, family_name, user_name, email, hash] =
        columns.map(|at| record.get(at).unwrap_or_default().to_owned());
    let mut faults = Vec::new();
    let read_role = match role.to_lowercase().replace([' ', '-'], "_").as_str() {
        "admin" => Some(Role::Admin),
        "front_desk" => Some(Role::FrontDesk),
        "doctor" => Some(Role::Doctor),
        _ => None,
    };
    if read_role.is_none() {
        faults.push(FieldError::new("role", FieldRule::Unknown));
    }
    // Which doctor it is, no table can say; the role is put in afterwards.
    let typed =
        AccountDetails { given_names, family_name, email, user_name, role: Role::FrontDesk, doctor: None };
    let details = check_account(&typed).unwrap_or_else(|wrong| {
        faults.extend(wrong);
        typed.clone()
    });
    if details.email.is_empty() && details.user_name.is_empty() {
        faults.push(FieldError::new("user_name", FieldRule::Required));
    }
    if !imported_hash::is_usable(&hash) && !hashing::is_usable(&hash) {
        let rule = if hash.is_empty() { FieldRule::Required } else { FieldRule::Malformed };
        faults.push(FieldError::new("password_hash", rule));
    }
    let row = ImportRow {
        line: record.position().map_or(0, |at| u32::try_from(at.line()).unwrap_or(u32::MAX)),
        role: read_role,
        name: name::surname_first(&details.family_name, &details.given_names),
        user_name: details.user_name.clone(),
        email: details.email.clone(),
        known: false,
        faults,
    };
    let details = AccountDetails { role: read_role.unwrap_or(Role::FrontDesk), ..details };
    Line { row, details, password_hash: hash }
}

fn bound(most: usize) -> u32 {
    u32::try_from(most).unwrap_or(u32::MAX)
}
