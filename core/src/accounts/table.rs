//! The SQL of signing in and out. Each is one transaction: a kill leaves the one account or the other, with all of its data.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::database::local_state;
use crate::domain::account::{AccountId, LOCAL_ACCOUNT};
use crate::domain::id::Id;
use crate::error::Result;
use crate::outbox::layers::{self, EntityKey};
use crate::outbox::model::OutboxStatus;
use crate::outbox::rows::{Projection, kind_named};
use crate::outbox::table as outbox;

use super::model::{LocalData, SignInReport, SignOut, SignOutReport};

/// The tables whose rows belong to an account, but for the outbox.
const TABLES: [&str; 13] = [
    "activity",
    "track_chunk",
    "split",
    "lap",
    "timer_interval",
    "program_session",
    "exercise_definition",
    "workout_log",
    "exercise",
    "exercise_set",
    "progress_entry",
    "habit_log",
    "quarantine",
];

/// The account that is signed in, or the local one.
///
/// # Errors
/// What SQLite says.
pub fn current(connection: &Connection) -> Result<AccountId> {
    Ok(local_state::get(connection, local_state::ACCOUNT)?.unwrap_or_else(|| LOCAL_ACCOUNT.to_owned()))
}

/// How often somebody signed in to the account or out of it. A reply to a request of an older generation changes nothing.
///
/// # Errors
/// What SQLite says.
pub fn generation(connection: &Connection, account_id: &str) -> Result<i64> {
    let mut statement = connection.prepare_cached("SELECT generation FROM account WHERE account_id = ?1")?;
    Ok(statement
        .query_row([account_id], |row| row.get(0))
        .optional()?
        .unwrap_or(0))
}

/// Whose a finished recording is: the account under which it was started, or the one that adopted it since.
///
/// # Errors
/// What SQLite says.
pub fn owner(connection: &Connection, workout_id: Id, started_under: &str) -> Result<AccountId> {
    let mut statement = connection
        .prepare_cached("SELECT account_id FROM adopted_recording WHERE workout_id = ?1 AND started_under = ?2")?;
    let adopter = statement
        .query_row((workout_id.as_bytes(), started_under), |row| row.get(0))
        .optional()?;
    Ok(adopter.unwrap_or_else(|| started_under.to_owned()))
}

/// Signs in. `unsaved` are the recordings that are in progress or interrupted: adopted ones are the account's when they are saved.
///
/// # Errors
/// What SQLite says.
pub fn sign_in(
    tx: &Transaction<'_>,
    projections: &[&dyn Projection],
    account_id: &str,
    local_data: LocalData,
    unsaved: &[Id],
) -> Result<SignInReport> {
    next_generation(tx, account_id)?;
    local_state::set(tx, local_state::ACCOUNT, account_id)?;
    let local = open_count(tx, LOCAL_ACCOUNT)?;
    let adopted = match local_data {
        LocalData::Keep => 0,
        LocalData::Adopt => {
            adopt(tx, projections, account_id)?;
            let mut statement = tx.prepare_cached(
                "INSERT OR REPLACE INTO adopted_recording (workout_id, started_under, account_id) VALUES (?1, ?2, ?3)",
            )?;
            for workout in unsaved {
                statement.execute((workout.as_bytes(), LOCAL_ACCOUNT, account_id))?;
            }
            local
        }
    };
    Ok(SignInReport {
        adopted,
        kept: local - adopted,
        pending: open_count(tx, account_id)?,
    })
}

/// Gives all of the local account's data to `account_id`. Where both have a row (a training day that was logged before and after signing
/// in), the local events come on top of the account's, field by field.
fn adopt(tx: &Transaction<'_>, projections: &[&dyn Projection], account_id: &str) -> Result<()> {
    let mut statement = tx.prepare_cached(
        "SELECT DISTINCT entity_kind, entity_id FROM outbox WHERE account_id = ?1 AND completed_at_ms IS NULL
         UNION SELECT DISTINCT root_kind, root_id FROM outbox WHERE account_id = ?1 AND completed_at_ms IS NULL",
    )?;
    let rows = statement.query_map([LOCAL_ACCOUNT], |row| {
        Ok((row.get::<_, String>(0)?, Id::from_bytes(row.get(1)?)))
    })?;
    let touched = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    for table in TABLES {
        tx.execute(
            &format!("UPDATE OR IGNORE {table} SET account_id = ?2 WHERE account_id = ?1"),
            [LOCAL_ACCOUNT, account_id],
        )?;
        tx.execute(&format!("DELETE FROM {table} WHERE account_id = ?1"), [LOCAL_ACCOUNT])?;
    }
    tx.execute(
        "UPDATE outbox SET account_id = ?2 WHERE account_id = ?1",
        [LOCAL_ACCOUNT, account_id],
    )?;
    for (kind, id) in touched {
        layers::refresh(tx, projections, account_id, (kind_named(&kind)?, id))?;
    }
    Ok(())
}

/// Signs out. A request in flight settles nothing any more.
///
/// # Errors
/// What SQLite says.
pub fn sign_out(
    tx: &Transaction<'_>,
    projections: &[&dyn Projection],
    account_id: &str,
    queue: SignOut,
    now_ms: i64,
) -> Result<SignOutReport> {
    next_generation(tx, account_id)?;
    local_state::set(tx, local_state::ACCOUNT, LOCAL_ACCOUNT)?;
    tx.execute(
        "UPDATE outbox SET status = 'pending' WHERE account_id = ?1 AND status = 'processing' AND completed_at_ms IS NULL",
        [account_id],
    )?;
    let open = open_count(tx, account_id)?;
    if queue == SignOut::Keep {
        return Ok(SignOutReport {
            kept: open,
            discarded: 0,
        });
    }
    let mut statement = tx.prepare_cached(
        "SELECT seq, entity_kind, entity_id, root_kind, root_id FROM outbox WHERE account_id = ?1 AND completed_at_ms IS NULL",
    )?;
    let mut rows = statement.query([account_id])?;
    let (mut seqs, mut keys) = (Vec::new(), BTreeSet::<EntityKey>::new());
    while let Some(row) = rows.next()? {
        seqs.push(row.get(0)?);
        keys.insert((kind_named(&row.get::<_, String>(1)?)?, Id::from_bytes(row.get(2)?)));
        keys.insert((kind_named(&row.get::<_, String>(3)?)?, Id::from_bytes(row.get(4)?)));
    }
    for seq in seqs {
        outbox::close(tx, seq, OutboxStatus::Discarded, now_ms)?;
    }
    for key in keys {
        layers::refresh(tx, projections, account_id, key)?;
    }
    Ok(SignOutReport {
        kept: 0,
        discarded: open,
    })
}

fn next_generation(tx: &Transaction<'_>, account_id: &str) -> Result<()> {
    // Whatever kept the account from sending, a person has just said something new about it.
    let mut statement = tx.prepare_cached(
        "INSERT INTO account (account_id, generation) VALUES (?1, 1)
         ON CONFLICT (account_id) DO UPDATE SET generation = generation + 1, paused = NULL",
    )?;
    statement.execute(params![account_id])?;
    Ok(())
}

fn open_count(connection: &Connection, account_id: &str) -> Result<u64> {
    let mut statement =
        connection.prepare_cached("SELECT count(*) FROM outbox WHERE account_id = ?1 AND completed_at_ms IS NULL")?;
    Ok(statement
        .query_row([account_id], |row| row.get::<_, i64>(0))?
        .unsigned_abs())
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
