//! How Rust values become columns: ids as blobs, instants as milliseconds, dates as days, enums by their names.

use clinic_domain::time::{Instant, NaiveDate};
use rusqlite::{Row, RowIndex};
use serde::Serialize;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};
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
pub fn id(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get::<_, [u8; 16]>(column)?))
}

/// An id column that may be NULL.
pub fn id_or_null(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<Option<Uuid>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(Uuid::from_bytes))
}

/// A column that holds JSON.
pub fn json<T: DeserializeOwned>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<T> {
    parsed(row, column, |text| serde_json::from_str(text))
}

/// A column that holds text of another form.
pub fn parsed<T>(
    row: &Row<'_>,
    column: impl RowIndex,
    parse: impl FnOnce(&str) -> serde_json::Result<T>,
) -> rusqlite::Result<T> {
    let index = column.idx(row.as_ref())?;
    parse(row.get_ref(index)?.as_str()?).map_err(|e| conversion(index, e))
}

/// A column that holds the name of an enum variant.
pub fn name<T: DeserializeOwned>(row: &Row<'_>, column: impl RowIndex) -> rusqlite::Result<T> {
    parsed(row, column, named)
}

/// The enum variant of this name.
///
/// # Errors
/// There is none.
pub fn named<T: DeserializeOwned>(name: &str) -> serde_json::Result<T> {
    let name: StrDeserializer<'_, serde_json::Error> = name.into_deserializer();
    T::deserialize(name)
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

fn conversion(index: usize, error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error))
}
