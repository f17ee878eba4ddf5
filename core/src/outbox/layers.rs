//! The two layers of every row: what the server said (`server_field`), and over it what this device has yet to tell it. What a person
//! sees is always the one over the other.

use rusqlite::types::Type;
use rusqlite::{Connection, Row, Transaction, params};
use serde_json::Value;
use steadfast_protocol::entity::{ALIVE, EntityKind};
use steadfast_protocol::operation::FieldEdits;
use steadfast_protocol::push::ServerRow;
use steadfast_protocol::stamp::Stamp;

use crate::domain::id::Id;
use crate::error::{Result, SteadfastError, TransactionCode};

use super::merge::touches_root;
use super::rows::{Fields, Projection, StoredRow, VisibleRow};

/// A row by kind and id.
pub type EntityKey = (EntityKind, Id);

/// Takes up what the server said, if it is newer than what is known of the same field.
///
/// # Errors
/// What SQLite says.
pub fn take(tx: &Transaction<'_>, account_id: &str, row: &ServerRow, epoch: i64) -> Result<()> {
    let mut statement = tx.prepare_cached(
        "INSERT INTO server_field (account_id, entity_kind, entity_id, field, value, stamp_ms, stamp_n, stamp_epoch, op_id, device_id,
           number, confirmed_epoch)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (account_id, entity_kind, entity_id, field) DO UPDATE SET
           value = excluded.value, stamp_ms = excluded.stamp_ms, stamp_n = excluded.stamp_n, stamp_epoch = excluded.stamp_epoch,
           op_id = excluded.op_id, device_id = excluded.device_id, number = excluded.number,
           confirmed_epoch = max(confirmed_epoch, excluded.confirmed_epoch)
         WHERE (excluded.stamp_ms, excluded.stamp_n, excluded.stamp_epoch) >= (stamp_ms, stamp_n, stamp_epoch)",
    )?;
    for (name, field) in &row.fields {
        statement.execute(params![
            account_id,
            row.entity_kind.name(),
            row.entity_id.as_bytes(),
            name,
            field.value.to_string(),
            field.stamp.ms,
            field.stamp.n,
            field.stamp.epoch,
            field.op_id.as_ref().map(Id::as_bytes),
            field.device_id.as_ref().map(Id::as_bytes),
            field.number.map(u64::cast_signed),
            epoch,
        ])?;
    }
    Ok(())
}

/// A field as the server has it.
struct Known {
    name: String,
    value: Value,
    stamp: Stamp,
}

fn known(connection: &Connection, account_id: &str, (kind, id): EntityKey) -> Result<Vec<Known>> {
    let mut statement = connection.prepare_cached(
        "SELECT field, value, stamp_ms, stamp_n, stamp_epoch FROM server_field
         WHERE account_id = ?1 AND entity_kind = ?2 AND entity_id = ?3",
    )?;
    let rows = statement.query_map(params![account_id, kind.name(), id.as_bytes()], |row| {
        Ok(Known {
            name: row.get(0)?,
            value: json(row, 1)?,
            stamp: Stamp {
                ms: row.get(2)?,
                n: row.get(3)?,
                epoch: row.get(4)?,
            },
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The stamps of a row's fields, [`ALIVE`] among them; empty if the server never said anything of it.
///
/// # Errors
/// What SQLite says.
pub fn stamps(connection: &Connection, account_id: &str, key: EntityKey) -> Result<Vec<(String, Stamp)>> {
    Ok(known(connection, account_id, key)?
        .into_iter()
        .map(|field| (field.name, field.stamp))
        .collect())
}

/// The row as it is to be seen; `None` if neither layer has anything of it.
///
/// # Errors
/// What SQLite says; `DataDamaged` for an event that no version wrote.
pub fn visible(connection: &Connection, account_id: &str, key: EntityKey) -> Result<Option<VisibleRow>> {
    let server = known(connection, account_id, key)?;
    let events = pending(connection, account_id, key)?;
    if server.is_empty() && events.is_empty() {
        return Ok(None);
    }
    let version = server.iter().map(|field| field.stamp.n).max().unwrap_or(0);
    let last_modified = server.iter().map(|field| field.stamp.ms).max().unwrap_or(0);
    let mut fields: Fields = server.into_iter().map(|field| (field.name, field.value)).collect();
    // The server's own word on a row that was never deleted may leave `alive` out.
    let mut alive = fields.remove(ALIVE).is_none_or(|alive| alive != Value::Bool(false));
    let mut alive_number = 0;
    for event in events {
        // A merged group may hold a child's event that is both older and newer than its root's: the number tells, not the place.
        let (number, is_alive) = match event {
            Pending::Own(mut edits) => {
                let own = edits
                    .remove(ALIVE)
                    .map(|edit| (edit.number, edit.value != Value::Bool(false)));
                fields.extend(edits.into_iter().map(|(name, edit)| (name, edit.value)));
                own.unwrap_or((0, alive))
            }
            Pending::Touch(number) => (number, true),
        };
        if number >= alive_number {
            (alive_number, alive) = (number, is_alive);
        }
    }
    Ok(Some(VisibleRow {
        row: StoredRow { alive, fields },
        version,
        last_modified,
    }))
}

/// What an open event makes of a row.
enum Pending {
    /// Its own edits.
    Own(FieldEdits),
    /// A child was written with this number: the row is there.
    Touch(u64),
}

/// What is on its way to the server, or waits for the app's attention, in local order.
fn pending(connection: &Connection, account_id: &str, (kind, id): EntityKey) -> Result<Vec<Pending>> {
    let mut statement = connection.prepare_cached(
        "SELECT fields, entity_id = root_id AND entity_kind = root_kind FROM outbox
         WHERE account_id = ?1 AND root_id = ?2 AND completed_at_ms IS NULL AND root_kind = ?3
         ORDER BY seq",
    )?;
    let mut events = Vec::new();
    let mut rows = statement.query(params![account_id, id.as_bytes(), kind.name()])?;
    while let Some(row) = rows.next()? {
        let edits = parsed(&row.get::<_, String>(0)?)?;
        if row.get::<_, bool>(1)? {
            events.push(Pending::Own(edits));
        } else {
            events.extend(touches_root(&edits).map(Pending::Touch));
        }
    }
    // As a child of another root.
    let mut statement = connection.prepare_cached(
        "SELECT fields FROM outbox
         WHERE account_id = ?1 AND entity_id = ?2 AND entity_kind = ?3 AND completed_at_ms IS NULL AND entity_id <> root_id
         ORDER BY seq",
    )?;
    if is_child(kind) {
        let mut rows = statement.query(params![account_id, id.as_bytes(), kind.name()])?;
        while let Some(row) = rows.next()? {
            events.push(Pending::Own(parsed(&row.get::<_, String>(0)?)?));
        }
    }
    Ok(events)
}

/// True for rows that belong to a parent, whose place in the queue is their parent's.
#[must_use]
pub fn is_child(kind: EntityKind) -> bool {
    matches!(kind, EntityKind::Exercise | EntityKind::ExerciseSet)
}

/// Makes the row what is to be seen.
///
/// # Errors
/// What SQLite says.
pub fn refresh(tx: &Transaction<'_>, projections: &[&dyn Projection], account_id: &str, key: EntityKey) -> Result<()> {
    let row = visible(tx, account_id, key)?;
    match projections.iter().find(|projection| projection.kind() == key.0) {
        Some(projection) => projection.show(tx, account_id, key.1, row.as_ref()),
        None => Ok(()),
    }
}

/// The edits of an event.
///
/// # Errors
/// `DataDamaged` for a text that no version wrote.
pub fn parsed(fields: &str) -> Result<FieldEdits> {
    serde_json::from_str(fields).map_err(|error| {
        SteadfastError::transaction(TransactionCode::DataDamaged, format!("an event's fields: {error}"))
    })
}

/// A column of JSON text.
///
/// # Errors
/// If it is none.
pub(super) fn json(row: &Row<'_>, at: usize) -> rusqlite::Result<Value> {
    let text: String = row.get(at)?;
    serde_json::from_str(&text).map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, error.into()))
}

#[cfg(test)]
#[path = "layers_tests.rs"]
mod tests;
