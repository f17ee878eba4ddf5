//! What a reply makes of the events in flight: the server's layer, the event's standing and the visible row change in one transaction.

use rusqlite::{Transaction, params};
use std::collections::{BTreeMap, BTreeSet};
use steadfast_protocol::entity::{ALIVE, EntityKind};
use steadfast_protocol::push::{ItemResult, ItemStatus, PushItem, ServerRow};

use crate::domain::id::Id;
use crate::error::Result;

use super::claim::Claimed;
use super::layers::{self, EntityKey};
use super::merge::touches_root;
use super::model::OutboxStatus;
use super::rows::{Projection, kind_named};
use super::states::{self, Outcome, Standing};
use super::table::policy;

/// What to settle by.
pub struct Settlement<'s> {
    /// Whose events.
    pub account_id: &'s str,
    /// The wall clock, UTC milliseconds.
    pub now_ms: i64,
    /// The server's epoch.
    pub epoch: i64,
    /// How rows are shown.
    pub projections: &'s [&'s dyn Projection],
}

/// What settling did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Rows that may look different now.
    pub changed: Vec<EntityKey>,
    /// True if the item needs the app's attention now.
    pub died: bool,
    /// True if the server has the item.
    pub taken: bool,
}

/// True if the result says of every row of the item what the server holds, and of a written child's root that it is there: without that,
/// completing the event would take the person's own value off the screen.
#[must_use]
pub fn is_complete(item: &PushItem, result: &ItemResult) -> bool {
    let says = |kind: EntityKind, id: Id, name: &str| {
        result
            .rows
            .iter()
            .any(|row| row.entity_kind == kind && row.entity_id == id && row.fields.contains_key(name))
    };
    match result.status {
        ItemStatus::Applied | ItemStatus::Duplicate | ItemStatus::Superseded => {
            item.operations.iter().all(|operation| {
                let mut names = operation.fields.keys();
                let is_root = (operation.entity_kind, operation.entity_id) == (operation.root_kind, operation.root_id);
                names.all(|name| says(operation.entity_kind, operation.entity_id, name))
                    && (is_root
                        || touches_root(&operation.fields).is_none()
                        || says(operation.root_kind, operation.root_id, ALIVE))
            })
        }
        ItemStatus::Rejected | ItemStatus::Retry | ItemStatus::Conflict => true,
    }
}

/// Settles an item by its result. A claim that is not the event's present one changes nothing.
///
/// # Errors
/// What SQLite says.
pub fn settle(tx: &Transaction<'_>, by: &Settlement<'_>, claimed: &Claimed, result: &ItemResult) -> Result<Settled> {
    let outcome = match result.status {
        ItemStatus::Applied | ItemStatus::Duplicate | ItemStatus::Superseded => Outcome::Taken,
        ItemStatus::Rejected | ItemStatus::Conflict => Outcome::Refused,
        ItemStatus::Retry => Outcome::Retry {
            retry_after_ms: result
                .retry_after_s
                .map(|seconds| i64::try_from(seconds.saturating_mul(1000)).unwrap_or(i64::MAX)),
        },
    };
    let Some(standings) = standings(tx, by.account_id, claimed)? else {
        return Ok(Settled::default());
    };
    let mut settled = Settled::default();
    let mut taken = BTreeMap::new();
    if outcome == Outcome::Taken {
        settled.taken = true;
        for row in &result.rows {
            let layer = layers::take(tx, by.account_id, row, by.epoch)?;
            taken.insert((row.entity_kind, row.entity_id), layer);
        }
        log_conflicts(tx, by, &claimed.item, &result.rows)?;
    }
    for ((seq, _), (standing, kind)) in claimed.events.iter().zip(&standings) {
        let after = states::settled(standing, outcome, by.now_ms, policy(*kind));
        settled.died |= after.status == OutboxStatus::Dead;
        stand(tx, by, *seq, &after, Some(result).filter(|_| outcome != Outcome::Taken))?;
    }
    if settled.died {
        // A group lives and dies together, whatever its members' own counts are.
        for (seq, _) in &claimed.events {
            tx.prepare_cached("UPDATE outbox SET status = 'dead', not_before_ms = NULL WHERE seq = ?1")?
                .execute([seq])?;
        }
    }
    if outcome == Outcome::Taken {
        let keys: BTreeSet<EntityKey> = claimed
            .item
            .operations
            .iter()
            .flat_map(|operation| {
                [
                    (operation.entity_kind, operation.entity_id),
                    (operation.root_kind, operation.root_id),
                ]
            })
            .chain(result.rows.iter().map(|row| (row.entity_kind, row.entity_id)))
            .collect();
        for key in &keys {
            match taken.remove(key) {
                Some(layer) => layers::refresh_over(tx, by.projections, by.account_id, *key, layer)?,
                None => layers::refresh(tx, by.projections, by.account_id, *key)?,
            }
        }
        settled.changed = keys.into_iter().collect();
    }
    Ok(settled)
}

/// Gives claims back that nobody said anything about: a failed request costs no attempt.
///
/// # Errors
/// What SQLite says.
pub fn release(tx: &Transaction<'_>, claimed: &Claimed) -> Result<()> {
    let mut statement = tx.prepare_cached(
        "UPDATE outbox SET status = 'pending' WHERE seq = ?1 AND status = 'processing' AND open_epoch = ?2 AND claim = ?3",
    )?;
    for (seq, claim) in &claimed.events {
        statement.execute((seq, claimed.open_epoch, claim))?;
    }
    Ok(())
}

/// As [`release`], for what is not to be claimed again before `until_ms`, UTC: what got a whole request refused must not do so at once again.
///
/// # Errors
/// What SQLite says.
pub fn hold(tx: &Transaction<'_>, claimed: &Claimed, until_ms: i64) -> Result<()> {
    let mut statement = tx.prepare_cached(
        "UPDATE outbox SET status = 'pending', not_before_ms = ?4
         WHERE seq = ?1 AND status = 'processing' AND open_epoch = ?2 AND claim = ?3",
    )?;
    for (seq, claim) in &claimed.events {
        statement.execute((seq, claimed.open_epoch, claim, until_ms))?;
    }
    Ok(())
}

/// Where the events stand, with the kinds of their rows; `None` unless every one is the account's, and still in flight under this very
/// claim.
fn standings(tx: &Transaction<'_>, account_id: &str, claimed: &Claimed) -> Result<Option<Vec<(Standing, EntityKind)>>> {
    let mut statement = tx.prepare_cached(
        "SELECT claim, attempt, max_attempts, crash_count, entity_kind FROM outbox
         WHERE seq = ?1 AND account_id = ?4 AND status = 'processing' AND open_epoch = ?2 AND claim = ?3",
    )?;
    let mut standings = Vec::with_capacity(claimed.events.len());
    for (seq, claim) in &claimed.events {
        let mut rows = statement.query((seq, claimed.open_epoch, claim, account_id))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let standing = Standing {
            status: OutboxStatus::Processing,
            claim: row.get(0)?,
            attempt: row.get(1)?,
            max_attempts: row.get(2)?,
            crash_count: row.get(3)?,
            not_before_ms: None,
        };
        standings.push((standing, kind_named(&row.get::<_, String>(4)?)?));
    }
    Ok(Some(standings))
}

fn stand(
    tx: &Transaction<'_>,
    by: &Settlement<'_>,
    seq: i64,
    after: &Standing,
    error: Option<&ItemResult>,
) -> Result<()> {
    let class = error.map(|result| match result.status {
        ItemStatus::Conflict => "conflict",
        ItemStatus::Retry => "retry",
        _ => "rejected",
    });
    let mut statement = tx.prepare_cached(
        "UPDATE outbox SET status = ?2, attempt = ?3, not_before_ms = ?4, completed_at_ms = ?5, error_class = ?6, error_code = ?7,
           error_message = ?8
         WHERE seq = ?1",
    )?;
    statement.execute(params![
        seq,
        after.status.name(),
        after.attempt,
        after.not_before_ms,
        (after.status == OutboxStatus::Completed).then_some(by.now_ms),
        class,
        // A server that gives no code leaves the app with the class, which is better than nothing.
        error.and_then(|result| result.code.as_deref()).or(class),
        error.and_then(|result| result.message.as_deref()),
    ])?;
    Ok(())
}

/// Keeps what lost a merge beside what won, so that the app can show both.
fn log_conflicts(tx: &Transaction<'_>, by: &Settlement<'_>, item: &PushItem, rows: &[ServerRow]) -> Result<()> {
    for operation in &item.operations {
        let Some(row) = rows
            .iter()
            .find(|row| row.entity_kind == operation.entity_kind && row.entity_id == operation.entity_id)
        else {
            continue;
        };
        for (name, edit) in &operation.fields {
            let Some(kept) = row.fields.get(name) else { continue };
            let by_another = kept.op_id.filter(|op_id| *op_id != operation.op_id);
            let Some(op_id) = by_another.filter(|_| kept.value != edit.value) else {
                continue;
            };
            // What a later edit of this device says already has not lost to anybody.
            let is_ours = tx
                .prepare_cached("SELECT 1 FROM outbox WHERE account_id = ?1 AND op_id = ?2")?
                .exists((by.account_id, op_id.as_bytes()))?;
            if is_ours {
                continue;
            }
            let mut statement = tx.prepare_cached(
                "INSERT INTO conflict (account_id, entity_kind, entity_id, field, kept_value, lost_value, lost_op_id, at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?;
            statement.execute(params![
                by.account_id,
                operation.entity_kind.name(),
                operation.entity_id.as_bytes(),
                name,
                kept.value.to_string(),
                edit.value.to_string(),
                operation.op_id.as_bytes(),
                by.now_ms,
            ])?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "settle_tests.rs"]
mod tests;
