//! How a fault of SQLite becomes an [`AppError`]: what a person can mend keeps its name, the rest goes to the log.

use rusqlite::ErrorCode;

use crate::error::AppError;

impl From<rusqlite::Error> for AppError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => AppError::StoreFull,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                AppError::StoreReadOnly
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => AppError::StoreBusy,
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => AppError::StoreUnreadable,
            // SQLite reports a full disk on some paths as a failed write.
            Some(ErrorCode::SystemIoFailure) if is_full(&error) => AppError::StoreFull,
            _ => AppError::internal(&error),
        }
    }
}

impl From<serde_json::Error> for AppError {
    fn from(error: serde_json::Error) -> Self {
        AppError::internal(&error)
    }
}

impl AppError {
    /// A fault of the program: logged with a reference, of which the person sees only the reference.
    pub fn internal(error: &dyn std::error::Error) -> Self {
        let reference = uuid::Uuid::now_v7().simple().to_string().split_off(20);
        tracing::error!(reference, error = %error, "internal fault");
        AppError::Internal { reference }
    }
}

/// A used-up quota fails as a write, and a full disk as the growing of the file that the readers share.
fn is_full(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_WRITE};
    matches!(error, rusqlite::Error::SqliteFailure(e, _)
        if [SQLITE_IOERR_WRITE, SQLITE_IOERR_SHMSIZE].contains(&e.extended_code))
}

/// Whether the constraint against double bookings refused a write.
pub fn is_slot_taken(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(_, Some(words)) if words == "slot taken"
        || words.contains("occupancy.doctor_id"))
}
