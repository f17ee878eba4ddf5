//! The SQL of the outbox.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use steadfast_protocol::entity::EntityKind;
use steadfast_protocol::operation::OperationKind;

use crate::domain::id::Id;
use crate::domain::time::from_ms;
use crate::error::{Result, SteadfastError, TransactionCode};

use super::edits;
use super::merge::{Merged, OpenEvent};
use super::model::{OutboxEvent, OutboxStatistics, OutboxStatus, Priority, Root, SCHEMA_VERSION};
use super::rows::kind_named;
use super::states::{self, RetryPolicy};

/// An event as it is inserted.
pub struct Insertion<'e> {
    /// Its place in the queue: a number of `local_state::take_numbers`, higher than those of its fields. Places and numbers come from one
    /// counter, so that a later edit of this device has a higher number on whatever field or row.
    pub seq: i64,
    /// Whose data it is.
    pub account_id: &'e str,
    /// Names the operation for ever.
    pub op_id: Id,
    /// The device that made the change.
    pub device_id: Id,
    /// What it says.
    pub event: &'e Merged,
    /// Its group, if it has one.
    pub group_id: Option<Id>,
    /// It is not sent before this moment, UTC milliseconds.
    pub not_before_ms: Option<i64>,
    /// When it was made, UTC milliseconds.
    pub created_at_ms: i64,
}

/// Writes an event at the end of the queue.
///
/// # Errors
/// `ConstraintViolated` for an `op_id` that exists, or what SQLite says.
pub fn insert(tx: &Transaction<'_>, insertion: &Insertion<'_>) -> Result<()> {
    let event = insertion.event;
    let mut statement = tx.prepare_cached(
        "INSERT INTO outbox (seq, account_id, op_id, device_id, root_kind, root_id, entity_kind, entity_id, operation, fields,
           schema_version, priority, group_id, status, max_attempts, not_before_ms, created_at_ms, root_base, is_new_record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'pending', ?14, ?15, ?16, ?17, ?18)",
    )?;
    statement.execute(params![
        insertion.seq,
        insertion.account_id,
        insertion.op_id.as_bytes(),
        insertion.device_id.as_bytes(),
        event.root.kind.name(),
        event.root.id.as_bytes(),
        event.entity.0.name(),
        event.entity.1.as_bytes(),
        event.operation.name(),
        edits::to_text(&event.fields)?,
        SCHEMA_VERSION,
        event.priority.number(),
        insertion.group_id.as_ref().map(Id::as_bytes),
        policy(event.entity.0).max_attempts,
        insertion.not_before_ms,
        insertion.created_at_ms,
        event.root_base.map(|stamp| stamp.to_string()),
        event.is_new_record,
    ])?;
    Ok(())
}

/// The policy that an event of this kind is retried by.
#[must_use]
pub fn policy(kind: EntityKind) -> RetryPolicy {
    match kind {
        EntityKind::ProgramSession => states::PROGRESS,
        _ => states::OUTBOX,
    }
}

/// Writes what a joined event says now; it waits until `waits_until_ms`, but at most `max_wait_ms` from when it was made.
///
/// # Errors
/// What SQLite says.
pub fn rewrite(tx: &Transaction<'_>, seq: i64, event: &Merged, waits_until_ms: i64, max_wait_ms: i64) -> Result<()> {
    let mut statement = tx.prepare_cached(
        "UPDATE outbox SET fields = ?2, priority = ?3, root_base = ?4, not_before_ms = min(?5, created_at_ms + ?6) WHERE seq = ?1",
    )?;
    statement.execute(params![
        seq,
        edits::to_text(&event.fields)?,
        event.priority.number(),
        event.root_base.map(|stamp| stamp.to_string()),
        waits_until_ms,
        max_wait_ms,
    ])?;
    Ok(())
}

/// Closes an event that is not in flight.
///
/// # Errors
/// What SQLite says.
pub fn close(tx: &Transaction<'_>, seq: i64, status: OutboxStatus, now_ms: i64) -> Result<()> {
    let mut statement = tx.prepare_cached("UPDATE outbox SET status = ?2, completed_at_ms = ?3 WHERE seq = ?1")?;
    statement.execute(params![seq, status.name(), now_ms])?;
    Ok(())
}

/// Every open event of these roots, and of the roots that their groups touch, in local order.
///
/// # Errors
/// What SQLite says; `DataDamaged` for an event that no version wrote.
pub fn open_of_roots(connection: &Connection, account_id: &str, roots: &BTreeSet<Root>) -> Result<Vec<OpenEvent>> {
    let mut events: BTreeMap<i64, OpenEvent> = BTreeMap::new();
    let (mut todo, mut seen): (Vec<Root>, BTreeSet<Root>) = (roots.iter().copied().collect(), roots.clone());
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {OPEN_COLUMNS} FROM outbox
         WHERE account_id = ?1 AND root_id = ?2 AND completed_at_ms IS NULL AND root_kind = ?3 ORDER BY seq"
    ))?;
    let mut members = connection.prepare_cached(
        "SELECT DISTINCT root_kind, root_id FROM outbox WHERE account_id = ?1 AND group_id = ?2 AND completed_at_ms IS NULL",
    )?;
    while let Some(root) = todo.pop() {
        let mut rows = statement.query(params![account_id, root.id.as_bytes(), root.kind.name()])?;
        let mut groups = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let event = open_event(row)?;
            groups.extend(event.group_id);
            events.insert(event.seq, event);
        }
        for group in groups {
            let mut rows = members.query(params![account_id, group.as_bytes()])?;
            while let Some(row) = rows.next()? {
                let root = Root {
                    kind: kind_named(&row.get::<_, String>(0)?)?,
                    id: Id::from_bytes(row.get(1)?),
                };
                if seen.insert(root) {
                    todo.push(root);
                }
            }
        }
    }
    Ok(events.into_values().collect())
}

/// True if an event of one of these roots is dead.
///
/// # Errors
/// What SQLite says.
pub fn has_dead(connection: &Connection, account_id: &str, roots: &BTreeSet<Root>) -> Result<bool> {
    let mut statement = connection.prepare_cached(HAS_DEAD_SQL)?;
    for root in roots {
        if statement.exists(params![account_id, root.id.as_bytes(), root.kind.name()])? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Dead events are few, open events of one root may be many.
const HAS_DEAD_SQL: &str = "SELECT 1 FROM outbox INDEXED BY outbox_open
    WHERE account_id = ?1 AND status = 'dead' AND completed_at_ms IS NULL AND root_id = ?2 AND root_kind = ?3 LIMIT 1";

/// The newest open event of a root.
///
/// # Errors
/// What SQLite says; `DataDamaged` for an event that no version wrote.
pub fn last_open(connection: &Connection, account_id: &str, root: Root) -> Result<Option<OpenEvent>> {
    let mut statement = connection.prepare_cached(&last_open_sql())?;
    let mut rows = statement.query(params![account_id, root.id.as_bytes(), root.kind.name()])?;
    let last = rows.next()?.map(open_event);
    last.transpose()
}

fn last_open_sql() -> String {
    format!(
        "SELECT {OPEN_COLUMNS} FROM outbox
         WHERE account_id = ?1 AND root_id = ?2 AND completed_at_ms IS NULL AND root_kind = ?3 ORDER BY seq DESC LIMIT 1"
    )
}

const OPEN_COLUMNS: &str =
    "seq, root_kind, root_id, entity_kind, entity_id, operation, fields, root_base, is_new_record, group_id, status,
    claim, coalescable, priority";

fn open_event(row: &Row<'_>) -> Result<OpenEvent> {
    let damaged = |what: &str| SteadfastError::transaction(TransactionCode::DataDamaged, format!("an event's {what}"));
    Ok(OpenEvent {
        seq: row.get(0)?,
        root: Root {
            kind: kind_named(&row.get::<_, String>(1)?)?,
            id: Id::from_bytes(row.get(2)?),
        },
        entity: (kind_named(&row.get::<_, String>(3)?)?, Id::from_bytes(row.get(4)?)),
        operation: OperationKind::from_name(&row.get::<_, String>(5)?).ok_or_else(|| damaged("operation"))?,
        fields: edits::from_text(row.get_ref(6)?.as_str().map_err(rusqlite::Error::from)?)?,
        root_base: row
            .get::<_, Option<String>>(7)?
            .map(|stamp| stamp.parse().map_err(|_| damaged("root_base")))
            .transpose()?,
        is_new_record: row.get(8)?,
        group_id: row.get::<_, Option<[u8; 16]>>(9)?.map(Id::from_bytes),
        status: status(row, 10)?,
        claim: row.get(11)?,
        coalescable: row.get(12)?,
        priority: if row.get::<_, i64>(13)? == 0 {
            Priority::User
        } else {
            Priority::Background
        },
    })
}

/// The newest server time that was heard, UTC milliseconds.
///
/// # Errors
/// What SQLite says.
pub fn heard_ms(connection: &Connection, account_id: &str) -> Result<Option<i64>> {
    let mut statement = connection.prepare_cached("SELECT heard_ms FROM account WHERE account_id = ?1")?;
    Ok(statement
        .query_row([account_id], |row| row.get(0))
        .optional()?
        .flatten())
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

/// What [`read_event`] reads.
pub const EVENT_COLUMNS: &str = "seq, op_id, root_kind, root_id, entity_kind, entity_id, operation, fields, status, attempt, max_attempts,
    is_new_record, group_id, not_before_ms, error_code, error_message, created_at_ms, last_attempt_at_ms, completed_at_ms";

/// An event, from [`EVENT_COLUMNS`].
pub(super) fn read_event(row: &Row<'_>) -> rusqlite::Result<OutboxEvent> {
    Ok(OutboxEvent {
        seq: row.get::<_, i64>(0)?.unsigned_abs(),
        op_id: Id::from_bytes(row.get(1)?),
        root_kind: row.get(2)?,
        root_id: Id::from_bytes(row.get(3)?),
        entity_kind: row.get(4)?,
        entity_id: Id::from_bytes(row.get(5)?),
        operation: row.get(6)?,
        fields: as_on_the_wire(row, 7)?,
        status: status(row, 8)?,
        attempt: row.get(9)?,
        max_attempts: row.get(10)?,
        is_new_record: row.get(11)?,
        group_id: row.get::<_, Option<[u8; 16]>>(12)?.map(Id::from_bytes),
        not_before: row.get::<_, Option<i64>>(13)?.map(from_ms),
        error_code: row.get(14)?,
        error_message: row.get(15)?,
        created_at: from_ms(row.get(16)?),
        last_attempt_at: row.get::<_, Option<i64>>(17)?.map(from_ms),
        completed_at: row.get::<_, Option<i64>>(18)?.map(from_ms),
    })
}

fn as_on_the_wire(row: &Row<'_>, at: usize) -> rusqlite::Result<String> {
    let stored = row.get_ref(at)?.as_str()?;
    edits::from_text(stored)
        .and_then(|edits| {
            serde_json::to_string(&edits)
                .map_err(|error| SteadfastError::transaction(TransactionCode::DataDamaged, error.to_string()))
        })
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, error.into()))
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
    tx.execute(
        "UPDATE outbox SET coalescable = 0 WHERE completed_at_ms IS NULL AND coalescable = 1",
        [],
    )?;
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
