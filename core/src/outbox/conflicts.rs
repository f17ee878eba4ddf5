//! What this device wrote and another device's newer value won over: listed with both values, and written again if the person wants it
//! back.

use rusqlite::{Connection, Row, ToSql, Transaction, params};
use serde_json::Value;
use steadfast_protocol::entity::{ALIVE, EntityKind};

use crate::domain::id::Id;
use crate::domain::time::from_ms;
use crate::error::{Result, SteadfastError, ValidationCode};

use super::commit::Changed;
use super::edit::{Change, Edit};
use super::layers::{is_child, json};
use super::model::{Conflict, ConflictChoice, ConflictPage, ConflictQuery};
use super::rows::{self, Fields, kind_named};

/// A page of conflicts that nobody decided yet, newest first.
///
/// # Errors
/// What SQLite says.
pub fn list(connection: &Connection, account_id: &str, query: &ConflictQuery) -> Result<ConflictPage> {
    let mut statement = connection.prepare_cached(LIST_SQL)?;
    let before = query.after.and_then(|id| i64::try_from(id).ok()).unwrap_or(i64::MAX);
    let limit = i64::from(query.limit) + 1;
    let rows = statement.query_map(params![account_id, before, limit], read)?;
    let mut conflicts = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let has_more = conflicts.len() > query.limit as usize;
    conflicts.truncate(query.limit as usize);
    Ok(ConflictPage {
        next: conflicts.last().filter(|_| has_more).map(|last| last.id),
        conflicts,
    })
}

const LIST_SQL: &str = "SELECT id, entity_kind, entity_id, field, kept_value, lost_value, at_ms FROM conflict
    WHERE account_id = ?1 AND resolved_at_ms IS NULL AND id < ?2 ORDER BY id DESC LIMIT ?3";

fn read(row: &Row<'_>) -> rusqlite::Result<Conflict> {
    Ok(Conflict {
        id: row.get::<_, i64>(0)?.unsigned_abs(),
        entity_kind: row.get(1)?,
        entity_id: Id::from_bytes(row.get(2)?),
        field: row.get(3)?,
        kept_value: row.get(4)?,
        lost_value: row.get(5)?,
        at: from_ms(row.get(6)?),
    })
}

/// A value that lost, with what it needs to be written again.
struct Lost {
    id: i64,
    kind: EntityKind,
    entity_id: Id,
    field: String,
    value: Value,
    op_id: Id,
}

/// Decides a conflict, together with those that were lost with it and belong to it: the unit of a quantity, or every field of a row that is
/// deleted. Says which rows changed.
///
/// # Errors
/// `NotFound` for one that is decided or was never there; what SQLite says.
pub fn resolve(tx: &Transaction<'_>, by: &Edit, id: u64, choice: ConflictChoice) -> Result<Changed<()>> {
    let not_found = || SteadfastError::validation(ValidationCode::NotFound, format!("conflict {id}"));
    let id = i64::try_from(id).map_err(|_| not_found())?;
    let chosen = lost(tx, &by.account_id, "id = ?2", id)?.pop().ok_or_else(not_found)?;
    let key = (chosen.kind, chosen.entity_id);
    let stored = rows::read(tx, key.0, &by.account_id, key.1)?;
    let is_deleted = stored.as_ref().is_some_and(|row| !row.alive);
    let of_operation = lost(tx, &by.account_id, "lost_op_id = ?2", chosen.op_id.as_bytes())?;
    let together: Vec<Lost> = of_operation
        .into_iter()
        .filter(|other| (other.kind, other.entity_id) == key)
        .filter(|other| is_deleted || belongs(key.0, &chosen.field, &other.field))
        .collect();
    let mut close = tx.prepare_cached("UPDATE conflict SET resolved_at_ms = ?2 WHERE id = ?1")?;
    for lost in &together {
        close.execute((lost.id, by.moment.wall_ms))?;
    }
    if choice == ConflictChoice::Kept {
        return Ok(((), Vec::new()));
    }
    let before = stored.map(|row| row.fields).unwrap_or_default();
    let root = is_child(key.0).then(|| {
        before
            .get("workout_log_id")
            .and_then(Value::as_str)
            .and_then(|id| id.parse().ok())
    });
    // A row that comes back comes back whole: an edit unsets what it does not say.
    let mut fields = if is_deleted { before } else { Fields::new() };
    let mut deletes = false;
    for lost in together {
        if lost.field == ALIVE {
            deletes = lost.value == Value::Bool(false);
        } else {
            fields.insert(lost.field, lost.value);
        }
    }
    let change = if deletes {
        Change::delete(key.0, key.1)
    } else {
        Change::upsert(key.0, key.1, fields)
    };
    let change = match root {
        None => change,
        Some(Some(log)) => change.under(EntityKind::WorkoutLog, log),
        // Part of a row that has not arrived: there is nowhere to write to.
        Some(None) => return Err(not_found()),
    };
    Ok(((), by.write(tx, vec![change])?))
}

/// True if a decision about one field is one about the other.
fn belongs(kind: EntityKind, chosen: &str, other: &str) -> bool {
    chosen == other
        || kind
            .values()
            .iter()
            .any(|value| value.contains(&chosen) && value.contains(&other))
}

fn lost(tx: &Transaction<'_>, account_id: &str, condition: &str, by: impl ToSql) -> Result<Vec<Lost>> {
    let mut statement = tx.prepare_cached(&format!(
        "SELECT id, entity_kind, entity_id, field, lost_value, lost_op_id FROM conflict
         WHERE account_id = ?1 AND resolved_at_ms IS NULL AND {condition} ORDER BY id"
    ))?;
    let mut rows = statement.query(params![account_id, by])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(Lost {
            id: row.get(0)?,
            kind: kind_named(&row.get::<_, String>(1)?)?,
            entity_id: Id::from_bytes(row.get(2)?),
            field: row.get(3)?,
            value: json(row, 4)?,
            op_id: Id::from_bytes(row.get(5)?),
        });
    }
    Ok(all)
}

#[cfg(test)]
#[path = "conflicts_tests.rs"]
mod tests;
