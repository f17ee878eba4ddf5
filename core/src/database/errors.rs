//! What SQLite says, in this project's words. The one place that knows SQLite's result codes.

use std::path::Path;

use rusqlite::ffi::{self, ErrorCode};

use crate::error::{SteadfastError, StorageCode, TransactionCode, ValidationCode};

impl From<rusqlite::Error> for SteadfastError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        match &error {
            E::SqliteFailure(code, _) | E::SqlInputError { error: code, .. } => from_code(*code, error.to_string()),
            // What is stored is not what this version stores: another value than the column's, text that is no UTF-8.
            E::FromSqlConversionFailure(..) | E::IntegralValueOutOfRange(..) | E::Utf8Error(..) | E::InvalidColumnType(..) => {
                Self::transaction(TransactionCode::DataDamaged, error.to_string())
            }
            E::QueryReturnedNoRows => Self::validation(ValidationCode::NotFound, ""),
            E::NulError(_) | E::ToSqlConversionFailure(_) => {
                Self::validation(ValidationCode::InvalidArgument, error.to_string())
            }
            E::InvalidPath(path) => Self::storage(StorageCode::Io, Some(path), "the path cannot be handed to SQLite"),
            _ => Self::transaction(TransactionCode::Failed, error.to_string()),
        }
    }
}

fn from_code(code: ffi::Error, detail: String) -> SteadfastError {
    let storage = |code| SteadfastError::storage(code, None, detail.clone());
    match code.extended_code {
        // A file system that finds its own checksums wrong.
        ffi::SQLITE_IOERR_CORRUPTFS | ffi::SQLITE_IOERR_DATA => return storage(StorageCode::Corrupt),
        // The file was moved or deleted under the connection; opening it again helps, permissions do not.
        ffi::SQLITE_READONLY_DBMOVED => return storage(StorageCode::Io),
        _ => {}
    }
    match code.code {
        ErrorCode::DiskFull => storage(StorageCode::Full),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
            storage(StorageCode::Busy)
        }
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => storage(StorageCode::Corrupt),
        ErrorCode::ReadOnly => storage(StorageCode::ReadOnly),
        ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied => storage(StorageCode::Locked),
        // The system's own error number is out of reach without unsafe code; `space::sharpen` finds it out by a probe.
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::NoLargeFileSupport => storage(StorageCode::Io),
        // Only suspending interrupts a statement.
        ErrorCode::OperationInterrupted => storage(StorageCode::Suspended),
        ErrorCode::ConstraintViolation => {
            SteadfastError::transaction(TransactionCode::ConstraintViolated, detail)
        }
        _ => SteadfastError::transaction(TransactionCode::Failed, detail),
    }
}

impl From<rusqlite_migration::Error> for SteadfastError {
    fn from(error: rusqlite_migration::Error) -> Self {
        use rusqlite_migration::{Error as E, MigrationDefinitionError};
        match error {
            E::RusqliteError { err, .. } => err.into(),
            E::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => {
                Self::storage(StorageCode::NewerVersion, None, error.to_string())
            }
            E::InvalidUserVersion => Self::storage(StorageCode::Corrupt, None, error.to_string()),
            _ => Self::transaction(TransactionCode::Failed, error.to_string()),
        }
    }
}

/// True if the same call may well succeed within seconds, so that retrying at once makes sense. A full device or a damaged
/// database needs somebody first.
#[must_use]
pub fn is_transient(error: &SteadfastError) -> bool {
    matches!(
        error,
        SteadfastError::Storage { code: StorageCode::Busy | StorageCode::Io | StorageCode::Locked, .. }
            | SteadfastError::Transaction { code: TransactionCode::Failed, .. }
    )
}

/// Names the file that a storage error is about, where nobody has yet.
#[must_use]
pub(crate) fn about(error: SteadfastError, file: &Path) -> SteadfastError {
    match error {
        SteadfastError::Storage { code, path: None, detail } => SteadfastError::storage(code, Some(file), detail),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(extended: i32) -> String {
        SteadfastError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(extended), None)).code_name()
    }

    #[test]
    fn every_result_code_has_its_meaning() {
        for (result, name) in [
            (ffi::SQLITE_FULL, "storage_full"),
            (ffi::SQLITE_BUSY, "storage_busy"),
            (ffi::SQLITE_BUSY_SNAPSHOT, "storage_busy"),
            (ffi::SQLITE_LOCKED, "storage_busy"),
            (ffi::SQLITE_CORRUPT_INDEX, "storage_corrupt"),
            (ffi::SQLITE_NOTADB, "storage_corrupt"),
            (ffi::SQLITE_IOERR_CORRUPTFS, "storage_corrupt"),
            (ffi::SQLITE_READONLY_DIRECTORY, "storage_read_only"),
            (ffi::SQLITE_READONLY_DBMOVED, "storage_io"),
            (ffi::SQLITE_PERM, "storage_locked"),
            (ffi::SQLITE_IOERR_FSYNC, "storage_io"),
            (ffi::SQLITE_CANTOPEN, "storage_io"),
            (ffi::SQLITE_INTERRUPT, "storage_suspended"),
            (ffi::SQLITE_CONSTRAINT_UNIQUE, "constraint_violated"),
            (ffi::SQLITE_TOOBIG, "transaction_failed"),
            (ffi::SQLITE_ERROR, "transaction_failed"),
        ] {
            assert_eq!(code_of(result), name, "result code {result}");
        }
    }

    #[test]
    fn only_what_passes_by_itself_is_transient() {
        let transient = |extended| {
            is_transient(&SteadfastError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(extended), None)))
        };
        assert!(transient(ffi::SQLITE_BUSY) && transient(ffi::SQLITE_IOERR_WRITE) && transient(ffi::SQLITE_PERM));
        for lasting in [ffi::SQLITE_FULL, ffi::SQLITE_CORRUPT, ffi::SQLITE_READONLY, ffi::SQLITE_CONSTRAINT] {
            assert!(!transient(lasting), "result code {lasting}");
        }
    }

    #[test]
    fn an_error_keeps_the_path_that_it_names() {
        let named = SteadfastError::storage(StorageCode::Io, Some(Path::new("a")), "");
        assert_eq!(about(named.clone(), Path::new("b")), named);
        let nameless = SteadfastError::storage(StorageCode::Io, None, "");
        assert_eq!(about(nameless, Path::new("b")).path().as_deref(), Some("b"));
    }
}
