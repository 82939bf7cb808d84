//! What holds for every list that comes in pages.

use clinic_domain::validation::{FieldError, FieldRule};
use serde::Deserialize;
use specta::Type;

use crate::error::{Answer, AppError};

/// Most rows of one page.
pub(crate) const MOST_ROWS: u32 = 200;

/// Which part of a list, in which order. Page 0 is the first.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Which page, from 0.
    pub page: u32,
    /// Rows of one page, 1 to 200.
    pub size: u32,
    /// Column to sort by; each list names its own, an unknown one is refused.
    pub sort: String,
    /// Largest first.
    pub descending: bool,
}

/// Whether a page can be asked for so.
///
/// # Errors
/// [`AppError::Validation`] for a sort that is none of `sorts` and a size that is not 1 to 200.
pub(crate) fn check(paging: &Paging, sorts: &[&str]) -> Answer<()> {
    let mut fields = Vec::new();
    if !(1..=MOST_ROWS).contains(&paging.size) {
        let nearest = paging.size.clamp(1, MOST_ROWS);
        fields.push(FieldError::new("paging.size", FieldRule::OutOfRange).bound(nearest));
    }
    if !sorts.contains(&paging.sort.as_str()) {
        fields.push(FieldError::new("paging.sort", FieldRule::Unknown));
    }
    if fields.is_empty() { Ok(()) } else { Err(AppError::Validation { fields }) }
}

/// How many rows come before the page.
pub(crate) fn offset(paging: &Paging) -> u32 {
    paging.page.saturating_mul(paging.size)
}

/// The rows of one page out of all rows.
pub(crate) fn page_of<T>(rows: Vec<T>, paging: &Paging) -> impl Iterator<Item = T> {
    rows.into_iter().skip(offset(paging) as usize).take(paging.size as usize)
}
