//! Every change of a habit log with its outbox event, in the caller's transaction: both commit or neither.

use rusqlite::Transaction;
use steadfast_protocol::entity::EntityKind;

use crate::domain::cancel::CancelToken;
use crate::domain::id::Id;
use crate::domain::migration::{self, MigrationReport};
use crate::error::{Result, SteadfastError, ValidationCode};
use crate::outbox::commit::{Changed, RowProgress};
use crate::outbox::edit::{Change, Edit};
use crate::outbox::layers::EntityKey;
use crate::outbox::rows::{self, Fields};

use super::model::{HabitLog, HabitLogEdit, NewHabitLog};
use super::{rules, table};

/// Writes a new log; one with an external id is written once.
///
/// # Errors
/// `not_found` if a log with this external id was deleted; `invalid_argument`, or what SQLite says.
pub fn record(tx: &Transaction<'_>, by: &Edit, new: &NewHabitLog) -> Result<Changed<HabitLog>> {
    let fields = rules::fields(new)?;
    let (id, changed) = if let Some(id) = rules::external_id(new) {
        (id, write_once(tx, by, id, fields)?)
    } else {
        let id = by.new_id();
        (
            id,
            by.write(tx, vec![Change::create(EntityKind::HabitLog, id, fields)])?,
        )
    };
    Ok((required(tx, by, id)?, changed))
}

/// Edits a log.
///
/// # Errors
/// `not_found`, or what SQLite says.
pub fn edit(tx: &Transaction<'_>, by: &Edit, id: Id, edit: &HabitLogEdit) -> Result<Changed<HabitLog>> {
    let fields = rules::edited(&required(tx, by, id)?, edit)?;
    let changed = by.write(tx, vec![Change::upsert(EntityKind::HabitLog, id, fields)])?;
    Ok((required(tx, by, id)?, changed))
}

/// Deletes a log.
///
/// # Errors
/// `not_found`, or what SQLite says.
pub fn delete(tx: &Transaction<'_>, by: &Edit, id: Id) -> Result<Changed<()>> {
    required(tx, by, id)?;
    Ok(((), by.write(tx, vec![Change::delete(EntityKind::HabitLog, id)])?))
}

/// Takes over what an earlier store held. A log that is here, or was, stays as it is.
///
/// # Errors
/// `invalid_argument` naming the field, `cancelled`, or what SQLite says; the transaction must then be rolled back.
pub fn migrate(
    tx: &Transaction<'_>,
    by: &Edit,
    logs: &[NewHabitLog],
    cancel: Option<&CancelToken>,
    progress: &mut RowProgress,
) -> Result<Changed<MigrationReport>> {
    let logs = migration::checked(logs, rules::migrated)?;
    let mut changed = Vec::new();
    let report = migration::each(
        logs,
        cancel,
        || progress.one_more(),
        |(id, fields)| {
            let written = write_once(tx, by, id, fields)?;
            changed.extend(&written);
            Ok(!written.is_empty())
        },
    )?;
    Ok((report, changed))
}

/// Writes the log if nothing was ever known under its id: what was edited or deleted since stays so.
fn write_once(tx: &Transaction<'_>, by: &Edit, id: Id, fields: Fields) -> Result<Vec<EntityKey>> {
    match rows::read(tx, EntityKind::HabitLog, &by.account_id, id)? {
        Some(_) => Ok(Vec::new()),
        None => by.write(tx, vec![Change::upsert(EntityKind::HabitLog, id, fields)]),
    }
}

fn required(tx: &Transaction<'_>, by: &Edit, id: Id) -> Result<HabitLog> {
    found(table::get(tx, &by.account_id, id)?, id)
}

/// The log, or `not_found`.
///
/// # Errors
/// `not_found`.
pub fn found(log: Option<HabitLog>, id: Id) -> Result<HabitLog> {
    log.ok_or_else(|| SteadfastError::validation(ValidationCode::NotFound, format!("habit log {id}")))
}
