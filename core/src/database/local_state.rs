//! What belongs to this installation alone and never travels: the device's id, the next number of an edit, the last backup.

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, ToSql};

use crate::domain::id::Id;
use crate::error::{Result, SteadfastError, TransactionCode};

/// The id under which this installation's edits are numbered: text.
pub const DEVICE_ID: &str = "device_id";
/// After a restore, the device id that was in the backup: text.
pub const PREDECESSOR: &str = "device_predecessor";
/// The number that the next edit of a field gets: integer. Only ever rises.
pub const NEXT_NUMBER: &str = "next_number";
/// When `backup.db` was last taken, UTC milliseconds: integer.
pub const LAST_BACKUP: &str = "last_backup_at_ms";
/// Counts the openings of the store, so that claims of an earlier one can be told: integer.
pub const OPEN_EPOCH: &str = "open_epoch";
/// Whose data is shown: text.
pub const ACCOUNT: &str = "account_id";
/// How many commits failed after they were written: integer.
pub const FAILED_COMMITS: &str = "failed_commits";

/// The value of `key`, if it was ever set.
///
/// # Errors
/// What SQLite says; `DataDamaged` if the value is of another type.
pub fn get<T: FromSql>(connection: &Connection, key: &str) -> Result<Option<T>> {
    let mut statement = connection.prepare_cached("SELECT value FROM local_state WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

/// Sets `key`.
///
/// # Errors
/// What SQLite says.
pub fn set(connection: &Connection, key: &str, value: impl ToSql) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO local_state (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?;
    statement.execute((key, value))?;
    Ok(())
}

/// The id under `key`.
///
/// # Errors
/// `DataDamaged` if the text is no id.
pub fn id(connection: &Connection, key: &str) -> Result<Option<Id>> {
    get::<String>(connection, key)?
        .map(|text| {
            text.parse()
                .map_err(|_| SteadfastError::transaction(TransactionCode::DataDamaged, format!("{key} is not an id")))
        })
        .transpose()
}

/// Takes `count` numbers and returns the first: no other edit of this device ever gets one of them.
///
/// # Errors
/// What SQLite says.
pub fn take_numbers(connection: &Connection, count: u32) -> Result<i64> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO local_state (key, value) VALUES (?1, 1 + ?2)
         ON CONFLICT (key) DO UPDATE SET value = value + ?2 RETURNING value - ?2",
    )?;
    Ok(statement.query_row((NEXT_NUMBER, count), |row| row.get(0))?)
}
