//! The SQL of the outbox.

use rusqlite::types::Type;
use rusqlite::{Connection, Row, Transaction, params};
use steadfast_protocol::operation::{FieldEdit, FieldEdits};

use crate::database::local_state;
use crate::domain::id::Id;
use crate::domain::time::from_ms;
use crate::error::{Result, SteadfastError, TransactionCode, ValidationCode};

use super::model::{MAX_ATTEMPTS, NewEvent, OutboxEvent, OutboxStatistics, OutboxStatus, Root, SCHEMA_VERSION};

/// Writes the event into the caller's transaction, beside the data that it tells of, and returns its place in the queue.
///
/// The place and one number for each field come from one counter, so that a later edit of this device has a higher number on whatever
/// field or row.
///
/// # Errors
/// `InvalidArgument` for an event without fields, `ConstraintViolated` for an `op_id` that exists, or what SQLite says.
pub fn enqueue(tx: &Transaction<'_>, event: &NewEvent) -> Result<u64> {
    let count = u32::try_from(event.fields.len())
        .ok()
        .filter(|count| (1..u32::MAX).contains(count))
        .ok_or_else(|| SteadfastError::invalid("fields", "an event says at least one field"))?;
    let seq = local_state::take_numbers(tx, count + 1)?;
    let fields = serde_json::to_string(&field_edits(event, seq.unsigned_abs() + 1))
        .map_err(|error| SteadfastError::validation(ValidationCode::InvalidArgument, error.to_string()))?;
    let mut statement = tx.prepare_cached(
        "INSERT INTO outbox (seq, account_id, op_id, device_id, root_kind, root_id, entity_kind, entity_id, operation, fields,
           schema_version, priority, status, max_attempts, created_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'pending', ?13, ?14)",
    )?;
    statement.execute(params![
        seq,
        event.account_id,
        event.op_id.as_bytes(),
        event.device_id.as_bytes(),
        event.root.kind.name(),
        event.root.id.as_bytes(),
        event.entity_kind.name(),
        event.entity_id.as_bytes(),
        event.operation.name(),
        fields,
        SCHEMA_VERSION,
        event.priority.number(),
        MAX_ATTEMPTS,
        event.created_at_ms,
    ])?;
    Ok(seq.unsigned_abs())
}

fn field_edits(event: &NewEvent, first_number: u64) -> FieldEdits {
    let edits = (first_number..).zip(&event.fields).map(|(number, (name, value))| {
        let edit = FieldEdit {
            value: value.clone(),
            number,
            base: None,
            boot_id: event.boot_id.clone(),
            mono_ms: event.moment.elapsed_ms,
            wall_ms: event.moment.wall_ms,
            heard: None,
            at: None,
        };
        (name.clone(), edit)
    });
    edits.collect()
}

/// How many events of the account stand where.
///
/// # Errors
/// What SQLite says.
pub fn statistics(connection: &Connection, account_id: &str) -> Result<OutboxStatistics> {
    let mut statistics = OutboxStatistics::default();
    let mut statement =
        connection.prepare_cached("SELECT status, count(*) FROM outbox WHERE account_id = ?1 GROUP BY status")?;
    let mut rows = statement.query([account_id])?;
    while let Some(row) = rows.next()? {
        let count = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
        *match status(row, 0)? {
            OutboxStatus::Pending => &mut statistics.pending,
            OutboxStatus::Processing => &mut statistics.processing,
            OutboxStatus::Completed => &mut statistics.completed,
            OutboxStatus::Failed => &mut statistics.failed,
            OutboxStatus::Dead => &mut statistics.dead,
            OutboxStatus::Replaced => &mut statistics.replaced,
            OutboxStatus::Discarded => &mut statistics.discarded,
        } = count;
    }
    let mut statement = connection.prepare_cached(OLDEST_SQL)?;
    let oldest: Option<i64> = statement.query_row([account_id], |row| row.get(0))?;
    statistics.oldest_open_at = oldest.map(from_ms);
    Ok(statistics)
}

/// `completed_at_ms IS NULL` lets the index of open events answer.
const OLDEST_SQL: &str = "SELECT min(created_at_ms) FROM outbox WHERE account_id = ?1 AND completed_at_ms IS NULL";

const BY_ROOT_SQL: &str = "SELECT seq, op_id, root_kind, root_id, entity_kind, entity_id, operation, fields, status, attempt, error_code,
      error_message, created_at_ms, last_attempt_at_ms, completed_at_ms
    FROM outbox WHERE account_id = ?1 AND root_id = ?2 AND root_kind = ?3 ORDER BY seq";

/// All events of a root, closed ones too, in the order in which they were made.
///
/// # Errors
/// What SQLite says; `DataDamaged` if a row holds what no version wrote.
pub fn by_root(connection: &Connection, account_id: &str, root: Root) -> Result<Vec<OutboxEvent>> {
    let mut statement = connection.prepare_cached(BY_ROOT_SQL)?;
    let rows = statement.query_map(params![account_id, root.id.as_bytes(), root.kind.name()], read_event)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn read_event(row: &Row<'_>) -> rusqlite::Result<OutboxEvent> {
    Ok(OutboxEvent {
        seq: row.get::<_, i64>(0)?.unsigned_abs(),
        op_id: Id::from_bytes(row.get(1)?),
        root_kind: row.get(2)?,
        root_id: Id::from_bytes(row.get(3)?),
        entity_kind: row.get(4)?,
        entity_id: Id::from_bytes(row.get(5)?),
        operation: row.get(6)?,
        fields: row.get(7)?,
        status: status(row, 8)?,
        attempt: row.get(9)?,
        error_code: row.get(10)?,
        error_message: row.get(11)?,
        created_at: from_ms(row.get(12)?),
        last_attempt_at: row.get::<_, Option<i64>>(13)?.map(from_ms),
        completed_at: row.get::<_, Option<i64>>(14)?.map(from_ms),
    })
}

fn status(row: &Row<'_>, at: usize) -> rusqlite::Result<OutboxStatus> {
    let name: String = row.get(at)?;
    OutboxStatus::from_name(&name)
        .ok_or_else(|| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, format!("unknown: {name}").into()))
}

/// Closes every event that is still open to coalescing: from now on an edit makes an event of its own. `backup.db` is taken right
/// after, so that an event which the copy holds is never changed here.
///
/// # Errors
/// What SQLite says.
pub fn close_to_coalescing(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("UPDATE outbox SET coalescable = 0 WHERE completed_at_ms IS NULL AND coalescable = 1", [])?;
    Ok(())
}

/// Deletes what the server has and what was replaced, if it was closed before `closed_before_ms`; returns how many that were. What the
/// user discarded stays with them: it is the only proof of what was given up.
///
/// # Errors
/// What SQLite says.
pub fn delete_closed(tx: &Transaction<'_>, closed_before_ms: i64) -> Result<u64> {
    let deleted = tx.execute(
        "DELETE FROM outbox WHERE completed_at_ms < ?1 AND status IN ('completed', 'replaced')",
        [closed_before_ms],
    )?;
    u64::try_from(deleted).map_err(|error| SteadfastError::transaction(TransactionCode::Failed, error.to_string()))
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
