//! The two layers of every row: what the server said (`server_row`), and over it what this device has yet to tell it. What a person
//! sees is always the one over the other.

use std::collections::BTreeMap;

use rusqlite::types::Type;
use rusqlite::{Connection, Row, Transaction, params};
use serde_json::Value;
use steadfast_protocol::entity::{ALIVE, EntityKind};
use steadfast_protocol::operation::FieldEdits;
use steadfast_protocol::push::ServerRow;
use steadfast_protocol::stamp::Stamp;

use crate::domain::id::Id;
use crate::domain::small_map::small_map;
use crate::error::Result;

use super::edits;
use super::merge::touches_root;
use super::rows::{Fields, Projection, StoredRow, VisibleRow};
use super::server_layer::{Said, ServerLayer};

/// A row by kind and id.
pub type EntityKey = (EntityKind, Id);

/// Takes up what the server said, where it is newer than what is known of the same field; what it has of the row now.
///
/// # Errors
/// What SQLite says; `DataDamaged` for a layer that no version wrote.
pub fn take(tx: &Transaction<'_>, account_id: &str, row: &ServerRow, epoch: i64) -> Result<ServerLayer> {
    let key = (row.entity_kind, row.entity_id);
    let mut layer = server(tx, account_id, key)?;
    if layer.take(row, epoch) {
        keep(tx, account_id, key, &layer)?;
    }
    Ok(layer)
}

/// What the server has of the row.
///
/// # Errors
/// What SQLite says; `DataDamaged` for a layer that no version wrote.
pub fn server(connection: &Connection, account_id: &str, (kind, id): EntityKey) -> Result<ServerLayer> {
    let mut statement = connection.prepare_cached(
        "SELECT fields FROM server_row WHERE account_id = ?1 AND entity_kind = ?2 AND entity_id = ?3",
    )?;
    let mut rows = statement.query(params![account_id, kind.name(), id.as_bytes()])?;
    match rows.next()? {
        Some(row) => ServerLayer::from_text(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?),
        None => Ok(ServerLayer::default()),
    }
}

/// Stores what the server has of the row; a layer without fields is no row.
///
/// # Errors
/// What SQLite says.
pub(super) fn keep(tx: &Transaction<'_>, account_id: &str, (kind, id): EntityKey, layer: &ServerLayer) -> Result<()> {
    let Some(confirmed_epoch) = layer.confirmed_epoch() else {
        tx.prepare_cached("DELETE FROM server_row WHERE account_id = ?1 AND entity_kind = ?2 AND entity_id = ?3")?
            .execute(params![account_id, kind.name(), id.as_bytes()])?;
        return Ok(());
    };
    let mut statement = tx.prepare_cached(
        "INSERT INTO server_row (account_id, entity_kind, entity_id, fields, confirmed_epoch) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (account_id, entity_kind, entity_id) DO UPDATE SET fields = excluded.fields, confirmed_epoch = excluded.confirmed_epoch",
    )?;
    statement.execute(params![
        account_id,
        kind.name(),
        id.as_bytes(),
        layer.to_text()?,
        confirmed_epoch
    ])?;
    Ok(())
}

/// The stamps of a row's fields, [`ALIVE`] among them; empty if the server never said anything of it.
///
/// # Errors
/// What SQLite says; `DataDamaged` for a layer that no version wrote.
pub fn stamps(connection: &Connection, account_id: &str, key: EntityKey) -> Result<BTreeMap<String, Stamp>> {
    let layer = server(connection, account_id, key)?;
    let stamp = |(name, said): (String, Said)| (name, said.written.stamp);
    Ok(layer.fields.into_iter().map(stamp).collect())
}

/// The row as it is to be seen; `None` if neither layer has anything of it.
///
/// # Errors
/// What SQLite says; `DataDamaged` for an event that no version wrote.
pub fn visible(connection: &Connection, account_id: &str, key: EntityKey) -> Result<Option<VisibleRow>> {
    visible_over(connection, account_id, key, server(connection, account_id, key)?)
}

fn visible_over(
    connection: &Connection,
    account_id: &str,
    key: EntityKey,
    server: ServerLayer,
) -> Result<Option<VisibleRow>> {
    let events = pending(connection, account_id, key)?;
    if server.fields.is_empty() && events.is_empty() {
        return Ok(None);
    }
    let (version, last_modified) = (server.version(), server.last_modified());
    let mut fields: Fields = small_map(server.fields.into_iter().map(|(name, said)| (name, said.value)));
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
        let edits = edits::from_text(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
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
            events.push(Pending::Own(edits::from_text(
                row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?,
            )?));
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
    refresh_over(tx, projections, account_id, key, server(tx, account_id, key)?)
}

/// As [`refresh`], over what [`take`] gave for this row.
///
/// # Errors
/// What SQLite says.
pub fn refresh_over(
    tx: &Transaction<'_>,
    projections: &[&dyn Projection],
    account_id: &str,
    key: EntityKey,
    server: ServerLayer,
) -> Result<()> {
    let row = visible_over(tx, account_id, key, server)?;
    match projections.iter().find(|projection| projection.kind() == key.0) {
        Some(projection) => projection.show(tx, account_id, key.1, row.as_ref()),
        None => Ok(()),
    }
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
