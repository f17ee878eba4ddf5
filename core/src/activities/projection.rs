//! How an activity is shown when the server, or giving a change up, says what it is.

use rusqlite::{Connection, Transaction, params};
use serde_json::Value;
use steadfast_protocol::entity::EntityKind;

use crate::domain::id::Id;
use crate::domain::kind::ActivityKind;
use crate::error::Result;
use crate::outbox::rows::{Projection, StoredRow, VisibleRow};

use super::rules;
use super::table::{self, Presence};

/// The rows of `activity`.
///
/// An activity of which this device has no row is not shown: its numbers without its track are no workout yet. One that was deleted here
/// stays deleted here, since its track is gone.
#[derive(Clone, Copy, Debug)]
pub struct ActivityRows;

/// What an edit can change; the rest follows from the recording and is the same everywhere.
const EDITABLE: [&str; 3] = ["kind", "title", "notes"];

fn as_text(value: &Value) -> Option<&String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

impl Projection for ActivityRows {
    fn kind(&self) -> EntityKind {
        EntityKind::Activity
    }

    fn show(&self, tx: &Transaction<'_>, account_id: &str, id: Id, row: Option<&VisibleRow>) -> Result<()> {
        if table::exists(tx, account_id, id)? != Presence::Stored {
            return Ok(());
        }
        let Some(visible) = row.filter(|visible| visible.row.alive) else {
            let last_modified = row.map_or(0, |visible| visible.last_modified);
            return table::delete(tx, account_id, id, last_modified);
        };
        for name in EDITABLE {
            // A kind that only a newer version knows is left as it is, or the row could not be read.
            let fits = |text: &&String| name != "kind" || ActivityKind::from_name(text).is_some();
            if let Some(text) = visible.row.fields.get(name).and_then(as_text).filter(fits) {
                let sql = format!("UPDATE activity SET {name} = ?3 WHERE account_id = ?1 AND id = ?2 AND {name} <> ?3");
                tx.prepare_cached(&sql)?
                    .execute(params![account_id, id.as_bytes(), text])?;
            }
        }
        let mut statement = tx
            .prepare_cached("UPDATE activity SET version = ?3, last_modified = ?4 WHERE account_id = ?1 AND id = ?2")?;
        statement.execute(params![
            account_id,
            id.as_bytes(),
            visible.version,
            visible.last_modified
        ])?;
        Ok(())
    }

    fn shown(&self, connection: &Connection, account_id: &str, id: Id) -> Result<Option<StoredRow>> {
        Ok(match table::exists(connection, account_id, id)? {
            Presence::Absent => None,
            Presence::Deleted => Some(StoredRow {
                alive: false,
                fields: std::collections::BTreeMap::default(),
            }),
            Presence::Stored => table::get(connection, account_id, id)?.map(|activity| {
                let mut fields = rules::fields(&activity);
                fields.retain(|name, _| EDITABLE.contains(&name.as_str()));
                StoredRow { alive: true, fields }
            }),
        })
    }
}
