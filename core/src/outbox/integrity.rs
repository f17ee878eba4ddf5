//! Is every row what the server's layer under the queue makes of it? A row that is not is shown again.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction};
use steadfast_protocol::entity::EntityKind;

use crate::database::integrity::{
    Checked, Finding, FindingKind, Findings, RepairAction, RepairContext, Repaired, RoomCheck, go_on,
};
use crate::domain::cancel::CancelToken;
use crate::domain::id::Id;
use crate::error::Result;

use super::layers::{self, EntityKey};
use super::rows::{Projection, StoredRow, VisibleRow, kind_named};

/// The check of all rows that travel.
pub struct LayersCheck {
    /// How they are shown.
    pub projections: &'static [&'static dyn Projection],
}

/// A row of an account.
type Key = (String, EntityKey);

impl RoomCheck for LayersCheck {
    fn check(&self, connection: &Connection, cancel: Option<&CancelToken>) -> Result<Findings> {
        let keys = keys(connection)?;
        let mut findings = Vec::new();
        for key in &keys {
            go_on(cancel)?;
            if let Some((kind, detail)) = self.difference(connection, key)? {
                findings.push(Finding {
                    kind,
                    table: key.1.0.name().to_owned(),
                    key: words(key),
                    detail,
                });
            }
        }
        let checked = vec![Checked {
            table: "server_row".to_owned(),
            rows: keys.len() as u64,
        }];
        Ok(Findings { findings, checked })
    }

    fn repair(&self, context: &RepairContext<'_>) -> Result<Vec<Repaired>> {
        let tx: &Transaction<'_> = context.transaction;
        let mut repaired = Vec::new();
        for key in keys(tx)? {
            go_on(context.cancel)?;
            let Some((kind, detail)) = self.difference(tx, &key)? else {
                continue;
            };
            // A row of which neither layer knows may be the only copy of what somebody entered: it is said and left.
            if kind == FindingKind::Orphan {
                continue;
            }
            layers::refresh(tx, self.projections, &key.0, key.1)?;
            repaired.push(Repaired {
                action: RepairAction::Recomputed,
                table: key.1.0.name().to_owned(),
                key: words(&key),
                detail,
            });
        }
        Ok(repaired)
    }
}

impl LayersCheck {
    fn difference(&self, connection: &Connection, (account_id, key): &Key) -> Result<Option<(FindingKind, String)>> {
        let Some(projection) = self.projections.iter().find(|projection| projection.kind() == key.0) else {
            return Ok(None);
        };
        let shown = projection.shown(connection, account_id, key.1)?;
        let visible = layers::visible(connection, account_id, *key)?;
        Ok(difference(key.0, shown.as_ref(), visible.as_ref()))
    }
}

fn difference(
    kind: EntityKind,
    shown: Option<&StoredRow>,
    visible: Option<&VisibleRow>,
) -> Option<(FindingKind, String)> {
    let wrong = |detail: String| Some((FindingKind::RowWrong, detail));
    match (shown, visible) {
        (Some(row), None) if row.alive => Some((
            FindingKind::Orphan,
            "neither the server nor the queue knows of it".to_owned(),
        )),
        (_, None) => None,
        // Without its track, or after its track was deleted, an activity is not shown.
        (row, Some(_)) if kind == EntityKind::Activity && !row.is_some_and(|row| row.alive) => None,
        (None, Some(_)) => wrong("it is missing".to_owned()),
        (Some(row), Some(visible)) if row.alive != visible.row.alive => wrong(
            if row.alive {
                "it is deleted"
            } else {
                "it is not deleted"
            }
            .to_owned(),
        ),
        (Some(row), Some(visible)) => {
            let null = serde_json::Value::Null;
            let names: Vec<&str> = row
                .fields
                .iter()
                .filter(|(name, value)| visible.row.fields.get(*name).unwrap_or(&null) != *value)
                .map(|(name, _)| name.as_str())
                .collect();
            if names.is_empty() {
                None
            } else {
                wrong(format!("the fields {}", names.join(", ")))
            }
        }
    }
}

/// Every row that a layer or a table knows.
fn keys(connection: &Connection) -> Result<BTreeSet<Key>> {
    let mut sql = "SELECT account_id, entity_kind, entity_id FROM server_row
        UNION SELECT account_id, entity_kind, entity_id FROM outbox WHERE completed_at_ms IS NULL"
        .to_owned();
    for kind in EntityKind::ALL {
        let table = kind.name();
        sql.extend([" UNION SELECT account_id, '", table, "', id FROM ", table]);
    }
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut keys = BTreeSet::new();
    while let Some(row) = rows.next()? {
        keys.insert((
            row.get(0)?,
            (kind_named(&row.get::<_, String>(1)?)?, Id::from_bytes(row.get(2)?)),
        ));
    }
    Ok(keys)
}

fn words((account_id, (_, id)): &Key) -> String {
    format!("{account_id}/{id}")
}
