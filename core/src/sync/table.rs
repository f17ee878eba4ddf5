//! The transactions of the sync room. Each is whole in itself: a kill between any two loses nothing but time.

use std::collections::HashMap;

use rusqlite::{Connection, Transaction};
use steadfast_protocol::push::{ErrorBody, ItemResult, ItemStatus, PushReply};

use crate::accounts::table as accounts;
use crate::database::local_state;
use crate::domain::id::Id;
use crate::domain::time::Moment;
use crate::error::{Result, SteadfastError, StorageCode};
use crate::outbox::account::{self, Epoch, PauseReason};
use crate::outbox::claim::{self, Claimant, Claimed, Claims};
use crate::outbox::layers::EntityKey;
use crate::outbox::rows::Projection;
use crate::outbox::settle::{self, Settled, Settlement as Terms};
use crate::outbox::table as outbox;

use super::step::{Glance, Settlement};

/// Closed events stay this long as an audit trail; milliseconds.
const RETENTION_MS: i64 = 30 * 24 * 3_600 * 1_000;

/// Open events, and dead ones among them.
const COUNT_SQL: &str =
    "SELECT count(*), coalesce(sum(status = 'dead'), 0) FROM outbox WHERE account_id = ?1 AND completed_at_ms IS NULL";

/// Looks at the account's queue; `due` says also when something is due, background events among it only if `background`.
///
/// # Errors
/// What SQLite says.
pub fn look(connection: &Connection, account_id: &str, now_ms: i64, due: bool, background: bool) -> Result<Glance> {
    let mut statement = connection.prepare_cached(COUNT_SQL)?;
    let (open, dead): (i64, i64) = statement.query_row([account_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Glance {
        pause: account::paused(connection, account_id)?,
        pending: (open - dead).unsigned_abs(),
        dead: dead.unsigned_abs(),
        due_ms: if due && open > dead {
            claim::next_due_ms(connection, account_id, now_ms, background)?
        } else {
            None
        },
    })
}

/// What a process does when it first sends for an account: a version of the app that was too old has been replaced by now, or will be told
/// again. Returns what keeps the account from sending.
///
/// # Errors
/// What SQLite says.
pub fn arrive(tx: &Transaction<'_>, account_id: &str) -> Result<Option<PauseReason>> {
    let paused = account::paused(tx, account_id)?;
    if paused == Some(PauseReason::ClientTooOld) {
        account::set_paused(tx, account_id, None)?;
        return Ok(None);
    }
    Ok(paused)
}

/// What was claimed, and what a request with it has to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// How often somebody had signed in or out.
    pub generation: i64,
    /// The server's epoch, as far as it is known.
    pub epoch: i64,
    /// The device whose backup this one was restored from.
    pub predecessor: Option<Id>,
    /// What keeps the account from sending; nothing is claimed then.
    pub pause: Option<PauseReason>,
    /// The items.
    pub claims: Claims,
}

/// Claims.
///
/// # Errors
/// As [`claim::claim`].
pub fn take(tx: &Transaction<'_>, claimant: &Claimant<'_>) -> Result<Taken> {
    let pause = account::paused(tx, claimant.account_id)?;
    Ok(Taken {
        generation: accounts::generation(tx, claimant.account_id)?,
        epoch: account::server_epoch(tx, claimant.account_id)?.unwrap_or(0),
        predecessor: local_state::id(tx, local_state::PREDECESSOR)?,
        pause,
        claims: if pause.is_some() {
            Claims::Items(Vec::new())
        } else {
            claim::claim(tx, claimant)?
        },
    })
}

/// Who hears a reply, and to which request it is.
#[derive(Clone, Copy)]
pub struct Hearing<'h> {
    /// Whose request it was.
    pub account_id: &'h str,
    /// The account's generation when it was made.
    pub generation: i64,
    /// Now.
    pub now: &'h Moment,
    /// The device's boot, if the shell named it.
    pub boot_id: Option<&'h str>,
    /// How rows are shown.
    pub projections: &'h [&'h dyn Projection],
}

/// What a reply did.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The figures.
    pub settlement: Settlement,
    /// Rows that may look different now.
    pub changed: Vec<EntityKey>,
}

/// Takes up the time and the epoch that a reply named. `None` if somebody signed in or out since the request: it counts for nothing.
///
/// # Errors
/// What SQLite says.
pub fn hear(tx: &Transaction<'_>, by: Hearing<'_>, server_now_ms: i64, epoch: i64) -> Result<Option<Epoch>> {
    if accounts::generation(tx, by.account_id)? != by.generation {
        return Ok(None);
    }
    account::hear(tx, by.account_id, server_now_ms, epoch, by.now, by.boot_id).map(Some)
}

/// Settles a request's items by the reply's results. Nothing is settled by a reply of another epoch, nor without a complete result.
///
/// # Errors
/// What SQLite says; nothing is changed then.
pub fn settle(tx: &Transaction<'_>, by: Hearing<'_>, items: &[Claimed], reply: &PushReply) -> Result<Heard> {
    let epoch = hear(tx, by, reply.now, reply.epoch)?;
    // Backwards, so that the first of two results for one item counts.
    let results: HashMap<Id, &ItemResult> = reply.results.iter().rev().map(|result| (result.id, result)).collect();
    let result_of = |claimed: &Claimed| {
        let result = results.get(&claimed.item.id).copied();
        result.filter(|result| settle::is_complete(&claimed.item, result))
    };
    settle_each(tx, by, epoch, reply.epoch, items, result_of)
}

/// Settles an item as refused for good: our server refused the request with it alone, and takes others.
///
/// # Errors
/// What SQLite says; nothing is changed then.
pub fn blame(
    tx: &Transaction<'_>,
    by: Hearing<'_>,
    items: &[Claimed],
    (server_now_ms, epoch): (i64, i64),
    error: &ErrorBody,
) -> Result<Heard> {
    let heard = hear(tx, by, server_now_ms, epoch)?;
    let results: Vec<ItemResult> = items
        .iter()
        .map(|claimed| ItemResult {
            id: claimed.item.id,
            status: ItemStatus::Rejected,
            code: Some(error.code.clone()),
            message: Some(error.message.clone()),
            retry_after_s: None,
            rows: Vec::new(),
        })
        .collect();
    settle_each(tx, by, heard, epoch, items, |claimed| {
        results.iter().find(|result| result.id == claimed.item.id)
    })
}

fn settle_each<'r>(
    tx: &Transaction<'_>,
    by: Hearing<'_>,
    heard: Option<Epoch>,
    epoch: i64,
    items: &[Claimed],
    result_of: impl Fn(&Claimed) -> Option<&'r ItemResult>,
) -> Result<Heard> {
    let terms = Terms {
        account_id: by.account_id,
        now_ms: by.now.wall_ms,
        epoch,
        projections: by.projections,
    };
    let results: Vec<_> = items
        .iter()
        .map(|claimed| (claimed, result_of(claimed).filter(|_| heard == Some(Epoch::Known))))
        .collect();
    let nothing = || Heard {
        settlement: Settlement::nothing(heard, Vec::new()),
        changed: Vec::new(),
    };
    // A savepoint copies every page that is written after it, so there is one for all items. One for each is needed only where an item
    // cannot be settled; for a hundred items that was 5 of the 131 µs that an event took to be sent.
    let together = alone(tx, || {
        let mut of_all = nothing();
        for (claimed, result) in &results {
            settle_one(tx, &terms, claimed, *result, &mut of_all)?;
        }
        Ok(of_all)
    });
    match together {
        Err(error) if is_of_the_item(&error) => {}
        settled => return settled,
    }
    let mut of_each = nothing();
    for (claimed, result) in results {
        match alone(tx, || settle_one(tx, &terms, claimed, result, &mut of_each)) {
            Ok(()) => {}
            Err(error) if is_of_the_item(&error) => {
                tracing::warn!(code = error.code_name(), item = %claimed.item.id, "a result could not be settled");
                of_each.settlement.left.push(claimed.item.id);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(of_each)
}

/// Settles an item, and once that is done adds what that did; without a result it is left.
fn settle_one(
    tx: &Transaction<'_>,
    terms: &Terms<'_>,
    claimed: &Claimed,
    result: Option<&ItemResult>,
    heard: &mut Heard,
) -> Result<()> {
    let Some(result) = result else {
        heard.settlement.left.push(claimed.item.id);
        return Ok(());
    };
    let settled = settle::settle(tx, terms, claimed, result)?;
    count(&mut heard.settlement, claimed, result, &settled);
    heard.changed.extend(settled.changed);
    Ok(())
}

fn count(settlement: &mut Settlement, claimed: &Claimed, result: &ItemResult, settled: &Settled) {
    let events = claimed.events.len() as u64;
    if settled.taken {
        settlement.taken += 1;
        settlement.events_taken += events;
    } else if settled.died {
        settlement.dead += 1;
        settlement.events_dead += events;
    } else if result.status == ItemStatus::Retry {
        settlement.failed += 1;
    }
}

/// Runs `job` so that its failure takes back what it did, and nothing else of the transaction.
fn alone<T>(tx: &Transaction<'_>, job: impl FnOnce() -> Result<T>) -> Result<T> {
    tx.execute_batch("SAVEPOINT item")?;
    match job() {
        Ok(value) => {
            tx.execute_batch("RELEASE item")?;
            Ok(value)
        }
        Err(error) => {
            // SQLite takes back the whole transaction itself on some errors of the storage; then nothing after it may count as done.
            tx.execute_batch("ROLLBACK TO item; RELEASE item")
                .map_err(|_| SteadfastError::storage(StorageCode::Io, None, error.to_string()))?;
            Err(error)
        }
    }
}

/// True if the error is the fault of what was to be written, not of the storage.
fn is_of_the_item(error: &SteadfastError) -> bool {
    matches!(
        error,
        SteadfastError::Validation { .. } | SteadfastError::Transaction { .. }
    )
}

/// Gives claims back, not to be claimed again before `until_ms` (UTC) if that is said. A claim that is not the present one stays as it is.
///
/// # Errors
/// What SQLite says.
pub fn release(tx: &Transaction<'_>, items: &[Claimed], until_ms: Option<i64>) -> Result<()> {
    for claimed in items {
        match until_ms {
            None => settle::release(tx, claimed)?,
            Some(until_ms) => settle::hold(tx, claimed, until_ms)?,
        }
    }
    Ok(())
}

/// Deletes closed events that are older than the audit trail has to be.
///
/// # Errors
/// What SQLite says.
pub fn clean_up(tx: &Transaction<'_>, now_ms: i64) -> Result<u64> {
    outbox::delete_closed(tx, now_ms.saturating_sub(RETENTION_MS))
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
