//! How Rust values become columns: ids as blobs, instants as milliseconds, dates as days, enums by their names.

use clinic_domain::time::{Instant, NaiveDate};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Milliseconds since 1970 UTC.
pub fn ms(at: Instant) -> i64 {
    at.timestamp_millis()
}

/// The instant of milliseconds since 1970 UTC; the epoch where the number is out of range.
pub fn instant(ms: i64) -> Instant {
    Instant::from_timestamp_millis(ms).unwrap_or_default()
}

/// Days since 1970-01-01.
pub fn day(date: NaiveDate) -> i32 {
    date.to_epoch_days()
}

/// The date of days since 1970-01-01; the epoch where the number is out of range.
pub fn date(day: i32) -> NaiveDate {
    NaiveDate::from_epoch_days(day).unwrap_or_default()
}

/// An id column.
pub fn id(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get::<_, [u8; 16]>(column)?))
}

/// An id column that may be NULL.
pub fn id_or_null(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<Option<Uuid>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(Uuid::from_bytes))
}

/// A column that holds JSON.
pub fn json<T: DeserializeOwned>(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|e| conversion(row, column, e))
}

/// A column that holds the name of an enum variant.
pub fn name<T: DeserializeOwned>(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(text)).map_err(|e| conversion(row, column, e))
}

/// The name of an enum variant as it is stored.
pub fn name_of<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}

/// A value as JSON text for a column.
pub fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn conversion(row: &rusqlite::Row<'_>, column: &str, error: serde_json::Error) -> rusqlite::Error {
    let index = row.as_ref().column_index(column).unwrap_or_default();
    rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error))
}
