//! Local edits, with what a planted bug does around them.

use rusqlite::Transaction;
use steadfast_protocol::operation::{FieldEdits, OperationKind};

use crate::database::local_state;
use crate::error::Result;
use crate::outbox::edit::{Change, Edit};
use crate::outbox::edits;
use crate::outbox::layers::EntityKey;

use super::kernel::Kernel;
use super::planted::Planted;

impl Kernel {
    #[allow(clippy::too_many_lines, reason = "a list of bugs")]
    pub fn edit(
        self,
        tx: &Transaction<'_>,
        edit: &Edit,
        mut changes: Vec<Change>,
        grouped: bool,
    ) -> Result<Vec<EntityKey>> {
        if self.planted.is_none() {
            return if grouped {
                edit.write_group(tx, changes)
            } else {
                edit.write(tx, changes)
            };
        }
        tx.execute_batch("DROP TABLE IF EXISTS temp.kept")?;
        let open = "status = 'pending' AND completed_at_ms IS NULL";
        match self.planted {
            Some(Planted::EditJoinsWhatWasSent) => tx.execute_batch(&format!(
                "CREATE TEMP TABLE kept AS SELECT seq, claim FROM outbox WHERE {open}; UPDATE outbox SET claim = 0 WHERE {open}"
            ))?,
            Some(Planted::EditJoinsAGroup) => tx.execute_batch(&format!(
                "CREATE TEMP TABLE kept AS SELECT seq, group_id FROM outbox WHERE {open}; UPDATE outbox SET group_id = NULL WHERE {open}"
            ))?,
            Some(Planted::EditJoinsADeletion) => {
                tx.execute_batch(&format!("UPDATE outbox SET operation = 'upsert' WHERE {open}"))?;
            }
            Some(Planted::NumbersStartAgain) => {
                let next = local_state::get::<i64>(tx, local_state::NEXT_NUMBER)?.unwrap_or(1);
                if next % 100 > 90 {
                    local_state::set(tx, local_state::NEXT_NUMBER, next - 30)?;
                }
            }
            Some(Planted::ReplacementDropsWhatWaited) => tx.execute_batch(
                "CREATE TEMP TABLE kept AS SELECT o.seq FROM outbox o WHERE o.completed_at_ms IS NULL AND o.status = 'pending' AND EXISTS
                   (SELECT 1 FROM outbox d WHERE d.account_id = o.account_id AND d.root_id = o.root_id AND d.status = 'dead')",
            )?,
            Some(Planted::EventIsForgotten) if changes.len() == 1 => {
                let change = changes.remove(0);
                if change.operation == OperationKind::Upsert && !change.fields.is_empty() {
                    let key = (change.kind, change.id);
                    crate::outbox::rows::write(tx, change.kind, &edit.account_id, change.id, true, &change.fields)?;
                    return Ok(vec![key]);
                }
                changes.push(change);
            }
            _ => {}
        }
        let touched: Vec<(EntityKey, EntityKey)> = changes
            .iter()
            .map(|change| ((change.kind, change.id), (change.root.kind, change.root.id)))
            .collect();
        let was_deleted = touched
            .iter()
            .map(|(key, _)| deleted(tx, &edit.account_id, *key))
            .collect::<Result<Vec<_>>>()?;
        let roots_deleted = touched
            .iter()
            .map(|(_, root)| deleted(tx, &edit.account_id, *root))
            .collect::<Result<Vec<_>>>()?;
        let latest: i64 = tx.query_row("SELECT coalesce(max(seq), 0) FROM outbox", [], |row| row.get(0))?;
        let now_ms = edit.moment.wall_ms;
        let named = if grouped {
            edit.write_group(tx, changes)?
        } else {
            edit.write(tx, changes)?
        };
        match self.planted {
            Some(Planted::EditJoinsWhatWasSent) => tx.execute_batch(
                "UPDATE outbox SET claim = (SELECT claim FROM kept WHERE kept.seq = outbox.seq) WHERE seq IN (SELECT seq FROM kept)",
            )?,
            Some(Planted::EditJoinsAGroup) => tx.execute_batch(
                "UPDATE outbox SET group_id = (SELECT group_id FROM kept WHERE kept.seq = outbox.seq) WHERE seq IN (SELECT seq FROM kept)",
            )?,
            Some(Planted::EditLosesItsBase) => change_fields(tx, "claim = 0", |edits| {
                edits.get_mut("notes").into_iter().for_each(|edit| edit.base = None);
            })?,
            Some(Planted::EditTakesTheNewestMomentForAll) => change_fields(tx, &format!("seq > {latest}"), |edits| {
                edits
                    .get_mut("notes")
                    .into_iter()
                    .for_each(|edit| edit.wall_ms = now_ms);
            })?,
            Some(Planted::ReplacementDropsWhatWaited) => {
                let replacing = format!(
                    "seq > {latest} AND EXISTS (SELECT 1 FROM outbox w WHERE w.status = 'replaced' AND w.seq IN (SELECT seq FROM kept))"
                );
                change_fields(tx, &replacing, |edits| {
                    edits.retain(|name, _| name != "notes" && name != "reps");
                })?;
            }
            Some(Planted::RowIsForgotten) => {
                if let Some(((kind, id), _)) = touched.first() {
                    let sql = format!("UPDATE {} SET alive = 1 - alive WHERE account_id = ?1 AND id = ?2", kind.name());
                    tx.execute(&sql, (&edit.account_id, id.as_bytes()))?;
                }
            }
            Some(Planted::ResurrectionKeepsOldFields) if was_deleted.contains(&true) => {
                change_fields(tx, &format!("seq > {latest}"), |edits| {
                    edits.retain(|_, edit| !edit.value.is_null());
                })?;
            }
            Some(Planted::ChildLeavesItsRootDeleted) => {
                for (at, (key, root)) in touched.iter().enumerate() {
                    if key != root && roots_deleted[at] {
                        let sql = format!("UPDATE {} SET alive = 0 WHERE account_id = ?1 AND id = ?2", root.0.name());
                        tx.execute(&sql, (&edit.account_id, root.1.as_bytes()))?;
                    }
                }
            }
            Some(Planted::AttemptsHaveNoEnd) => tx.execute_batch("UPDATE outbox SET max_attempts = max_attempts + 1 WHERE attempt = 0 AND max_attempts < 6")?,
            _ => {}
        }
        Ok(named)
    }
}

/// Changes the edits of the events for which this condition holds.
fn change_fields(tx: &Transaction<'_>, condition: &str, change: impl Fn(&mut FieldEdits)) -> Result<()> {
    let mut statement = tx.prepare(&format!("SELECT seq, fields FROM outbox WHERE {condition}"))?;
    let events = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (seq, text) in events.collect::<rusqlite::Result<Vec<(i64, String)>>>()? {
        let mut fields = edits::from_text(&text)?;
        change(&mut fields);
        tx.execute(
            "UPDATE outbox SET fields = ?2 WHERE seq = ?1",
            (seq, edits::to_text(&fields)?),
        )?;
    }
    Ok(())
}

fn deleted(tx: &Transaction<'_>, account_id: &str, key: EntityKey) -> Result<bool> {
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM {} WHERE account_id = ?1 AND id = ?2 AND alive = 0)",
        key.0.name()
    );
    Ok(tx.query_row(&sql, (account_id, key.1.as_bytes()), |row| row.get(0))?)
}
