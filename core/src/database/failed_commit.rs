//! A commit that failed has to stay failed.
//!
//! When the sync of a commit fails, SQLite says so and rolls back, but the commit's frames are in the WAL already, whole. In this process
//! nobody sees them; the next one to open the database recovers them. By then the app may have acted on the failure: a workout whose save
//! failed goes on being recorded, and its files must not be taken for those of a saved one. So something harmless is written over the
//! beginning of the frames; the checksums of those behind it are chained to what stood there, and SQLite stops reading at them.

use std::cell::Cell;

use rusqlite::{Connection, TransactionBehavior};

use crate::error::Result;

use super::local_state;

thread_local! {
    /// Frames of a failed commit may stand in the WAL of this thread's connection.
    static IN_DOUBT: Cell<bool> = const { Cell::new(false) };
}

/// To be called after a failed commit was rolled back. If nothing can be written, it is tried again by `try_again`.
pub(super) fn take_back(connection: &mut Connection) {
    let outcome = overwrite(connection);
    IN_DOUBT.set(outcome.is_err());
    if let Err(error) = outcome {
        tracing::warn!(%error, "a failed commit could not be taken back; a restart may find it done");
    }
}

/// Takes back a failed commit that could not be taken back at once. Does nothing if there is none.
pub(super) fn try_again(connection: &mut Connection) {
    if IN_DOUBT.get() {
        take_back(connection);
    }
}

fn overwrite(connection: &mut Connection) -> Result<()> {
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if mode != "wal" {
        return Ok(());
    }
    // Without a sync, which would fail again: this guards against a kill, not against power loss.
    connection.pragma_update(None, "synchronous", "OFF")?;
    let written = count(connection);
    let restored = connection.pragma_update(None, "synchronous", "FULL");
    written.and(restored.map_err(Into::into))
}

fn count(connection: &mut Connection) -> Result<()> {
    let transaction = rusqlite::Transaction::new(connection, TransactionBehavior::Immediate)?;
    let failed: i64 = local_state::get(&transaction, local_state::FAILED_COMMITS)?.unwrap_or(0);
    local_state::set(&transaction, local_state::FAILED_COMMITS, failed + 1)?;
    Ok(transaction.commit()?)
}
