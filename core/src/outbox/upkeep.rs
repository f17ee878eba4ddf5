//! What the app does to events by hand: look at them, send them again, give them up.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use steadfast_protocol::entity::EntityKind;

use crate::domain::id::Id;
use crate::domain::page;
use crate::error::{Result, SteadfastError, ValidationCode};

use super::claim::IS_FIRST;
use super::layers::{self, EntityKey};
use super::model::{OutboxEvent, OutboxPage, OutboxQuery, OutboxStatus};
use super::rows::{Projection, kind_named};
use super::table;

/// An open event that was due and not attempted for so long is stale, in milliseconds.
pub const STALE_MS: i64 = 5 * 60 * 1000;

/// A page of events, oldest first.
///
/// # Errors
/// What SQLite says.
pub fn events(connection: &Connection, account_id: &str, query: &OutboxQuery) -> Result<OutboxPage> {
    let filter = match query.status {
        None => "",
        Some(status) if status.is_open() => "AND completed_at_ms IS NULL AND status = ?4",
        Some(_) => "AND status = ?4",
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {} FROM outbox WHERE account_id = ?1 AND seq > ?2 {filter} ORDER BY seq LIMIT ?3",
        table::EVENT_COLUMNS
    ))?;
    let after = i64::try_from(query.after.unwrap_or(0)).unwrap_or(i64::MAX);
    let one_more = i64::from(query.limit) + 1;
    let rows = match query.status {
        None => statement.query_map(params![account_id, after, one_more], table::read_event),
        Some(status) => statement.query_map(params![account_id, after, one_more, status.name()], table::read_event),
    }?;
    let (events, next) = page::cut(
        rows.collect::<rusqlite::Result<_>>()?,
        query.limit,
        |event: &OutboxEvent| event.seq,
    );
    Ok(OutboxPage { events, next })
}

/// True of an event whose group waits behind another event of any member's root.
const GROUP_WAITS: &str = "EXISTS (SELECT 1 FROM outbox m JOIN outbox e
      ON e.account_id = m.account_id AND e.root_id = m.root_id AND e.root_kind = m.root_kind
        AND e.completed_at_ms IS NULL AND e.seq < m.seq AND e.group_id IS NOT m.group_id
    WHERE m.account_id = o.account_id AND m.group_id = o.group_id AND m.completed_at_ms IS NULL)";

/// Open events that time alone would have sent, and that were not attempted for [`STALE_MS`]. What waits behind another event is none of
/// them: it is the other one that is stale, or dead.
///
/// # Errors
/// What SQLite says.
pub fn stale(connection: &Connection, account_id: &str, now_ms: i64) -> Result<Vec<OutboxEvent>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {} FROM outbox o
         WHERE account_id = ?1 AND completed_at_ms IS NULL AND status IN ('pending', 'processing', 'failed')
           AND coalesce(not_before_ms, 0) <= ?2 AND coalesce(last_attempt_at_ms, created_at_ms) <= ?3 AND {IS_FIRST}
           AND (group_id IS NULL OR NOT {GROUP_WAITS})
         ORDER BY seq",
        table::EVENT_COLUMNS
    ))?;
    let rows = statement.query_map(params![account_id, now_ms, now_ms - STALE_MS], table::read_event)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Sends events again: dead and failed ones at once, with all their attempts; one in flight only if it is stale, and then its old claim
/// settles nothing any more. The members of a group go together. Returns how many events that is.
///
/// # Errors
/// What SQLite says.
pub fn retry(tx: &Transaction<'_>, account_id: &str, op_ids: &[Id], now_ms: i64) -> Result<u64> {
    let mut statement = tx.prepare_cached(
        "UPDATE outbox SET status = 'pending', attempt = 0, not_before_ms = NULL
         WHERE seq = ?1 AND completed_at_ms IS NULL
           AND (status IN ('dead', 'failed') OR (status = 'processing' AND coalesce(last_attempt_at_ms, 0) <= ?2))",
    )?;
    let mut count = 0;
    for seq in with_their_groups(tx, account_id, op_ids)? {
        count += statement.execute((seq, now_ms - STALE_MS))?;
    }
    Ok(count as u64)
}

/// What giving events up did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discarded {
    /// How many events.
    pub count: u64,
    /// The rows that look different now.
    pub changed: Vec<EntityKey>,
}

/// Gives events up: the server never hears of them, and the rows look as if they had not been made. What is in flight stays, since the
/// server may have it already. The members of a group go together, and what rests on the first event of a row that the server never
/// had goes with that.
///
/// # Errors
/// `OnlyCopy` if that would remove a recording that the server never had; what SQLite says. Nothing is changed then.
pub fn discard(
    tx: &Transaction<'_>,
    projections: &[&dyn Projection],
    account_id: &str,
    op_ids: &[Id],
    now_ms: i64,
) -> Result<Discarded> {
    let mut discarded = Discarded::default();
    let mut keys = BTreeSet::new();
    let mut statement = tx.prepare_cached(
        "SELECT status, entity_kind, entity_id, root_kind, root_id FROM outbox WHERE seq = ?1 AND completed_at_ms IS NULL",
    )?;
    for seq in with_what_rests_on_them(tx, account_id, op_ids)? {
        let found = statement
            .query_row([seq], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, String>(1)?,
                    row.get(2).map(Id::from_bytes)?,
                    row.get::<_, String>(3)?,
                    row.get(4).map(Id::from_bytes)?,
                ))
            })
            .optional()?;
        let Some((status, kind, id, root_kind, root_id)) = found else {
            continue;
        };
        if status == OutboxStatus::Processing.name() {
            continue;
        }
        keys.insert((kind_named(&kind)?, id));
        keys.insert((kind_named(&root_kind)?, root_id));
        table::close(tx, seq, OutboxStatus::Discarded, now_ms)?;
        discarded.count += 1;
    }
    for key in &keys {
        if is_only_copy(tx, projections, account_id, *key)? {
            return Err(SteadfastError::validation(
                ValidationCode::OnlyCopy,
                format!("activity {}; delete the activity if that is what is meant", key.1),
            ));
        }
        layers::refresh(tx, projections, account_id, *key)?;
    }
    discarded.changed = keys.into_iter().collect();
    Ok(discarded)
}

/// True if this device shows a recording that neither layer holds any more.
fn is_only_copy(
    tx: &Transaction<'_>,
    projections: &[&dyn Projection],
    account_id: &str,
    key: EntityKey,
) -> Result<bool> {
    let Some(projection) = projections.iter().find(|projection| projection.kind() == key.0) else {
        return Ok(false);
    };
    if key.0 != EntityKind::Activity || !projection.shown(tx, account_id, key.1)?.is_some_and(|row| row.alive) {
        return Ok(false);
    }
    let visible = layers::visible(tx, account_id, key)?;
    Ok(visible.is_none_or(|visible| !visible.row.fields.contains_key("started_at_ms")))
}

/// The places of these open events and of every other member of their groups.
fn with_their_groups(connection: &Connection, account_id: &str, op_ids: &[Id]) -> Result<BTreeSet<i64>> {
    let mut one = connection
        .prepare_cached("SELECT seq FROM outbox WHERE account_id = ?1 AND op_id = ?2 AND completed_at_ms IS NULL")?;
    let mut seqs = BTreeSet::new();
    for op_id in op_ids {
        seqs.extend(
            one.query_row((account_id, op_id.as_bytes()), |row| row.get::<_, i64>(0))
                .optional()?,
        );
    }
    members(connection, account_id, seqs)
}

/// What goes when these go: what [`with_their_groups`] gives, and every later event of a row whose first one is among them and of which
/// the server never heard. Without its first event such a row would be a few fields of nothing.
fn with_what_rests_on_them(connection: &Connection, account_id: &str, op_ids: &[Id]) -> Result<BTreeSet<i64>> {
    let mut later = connection.prepare_cached(
        "SELECT l.seq FROM outbox f JOIN outbox l
           ON l.account_id = f.account_id AND l.root_id = f.root_id AND l.root_kind = f.root_kind AND l.completed_at_ms IS NULL
             AND l.entity_id = f.entity_id AND l.entity_kind = f.entity_kind AND l.seq > f.seq
         WHERE f.seq = ?1 AND f.status <> 'processing' AND f.is_new_record = 1 AND NOT EXISTS
           (SELECT 1 FROM outbox e WHERE e.account_id = f.account_id AND e.root_id = f.root_id AND e.root_kind = f.root_kind
             AND e.completed_at_ms IS NULL AND e.entity_id = f.entity_id AND e.entity_kind = f.entity_kind AND e.seq < f.seq)
           AND NOT EXISTS (SELECT 1 FROM server_row s WHERE s.account_id = f.account_id AND s.entity_kind = f.entity_kind
             AND s.entity_id = f.entity_id)",
    )?;
    let mut seqs = with_their_groups(connection, account_id, op_ids)?;
    loop {
        let mut more = seqs.clone();
        for seq in &seqs {
            let rows = later.query_map([seq], |row| row.get(0))?;
            more.extend(rows.collect::<rusqlite::Result<Vec<i64>>>()?);
        }
        let more = members(connection, account_id, more)?;
        if more == seqs {
            return Ok(seqs);
        }
        seqs = more;
    }
}

/// These events with the other open members of their groups.
fn members(connection: &Connection, account_id: &str, seqs: BTreeSet<i64>) -> Result<BTreeSet<i64>> {
    let mut group = connection.prepare_cached("SELECT group_id FROM outbox WHERE seq = ?1")?;
    let mut members = connection
        .prepare_cached("SELECT seq FROM outbox WHERE account_id = ?1 AND group_id = ?2 AND completed_at_ms IS NULL")?;
    let mut all = seqs.clone();
    for seq in seqs {
        if let Some(group) = group.query_row([seq], |row| row.get::<_, Option<[u8; 16]>>(0))? {
            let rows = members.query_map((account_id, group), |row| row.get(0))?;
            all.extend(rows.collect::<rusqlite::Result<Vec<i64>>>()?);
        }
    }
    Ok(all)
}

#[cfg(test)]
#[path = "upkeep_tests.rs"]
mod tests;
