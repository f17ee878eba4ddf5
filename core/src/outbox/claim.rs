//! Taking events to the server: claiming freezes them, a fenced claim settles them.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row, Transaction, params};
use sha2::{Digest, Sha256};
use steadfast_protocol::operation::{FieldEdit, Operation, OperationKind};
use steadfast_protocol::push::PushItem;

use crate::database::local_state;
use crate::domain::id::Id;
use crate::domain::time::Moment;
use crate::error::{Result, SteadfastError, TransactionCode};

use super::account::{self, ServerTime};
use super::edits;
use super::model::Priority;
use super::rows::kind_named;
use super::states::MAX_WAIT_MS;

/// Who claims, when, and how much.
#[derive(Clone, Debug)]
pub struct Claimant<'c> {
    /// Whose events.
    pub account_id: &'c str,
    /// Now.
    pub now: &'c Moment,
    /// The device's current boot, if the shell named it.
    pub boot_id: Option<&'c str>,
    /// This opening of the store: see [`begin_opening`].
    pub open_epoch: i64,
    /// Items at most; a group is one.
    pub limit: usize,
    /// False to leave background events alone, on a link that costs.
    pub background: bool,
}

/// An item in flight: what is sent, and the claim without which its result means nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// What is sent.
    pub item: PushItem,
    /// Its events, each with the number of this claim.
    pub events: Vec<(i64, u32)>,
    /// The opening of the store in which it was claimed.
    pub open_epoch: i64,
    /// True if a process ended with it in flight before: it is sent alone, so that it can harm nothing else.
    pub alone: bool,
}

/// What could be claimed.
#[derive(Clone, Debug, PartialEq)]
pub enum Claims {
    /// Nothing is claimed before the server's time was heard in this boot: an event's age could not be told.
    NeedsServerTime,
    /// The server was restored; nothing is sent before its snapshot was read.
    NeedsSnapshot,
    /// These, in the order in which they are to be sent.
    Items(Vec<Claimed>),
}

/// Begins an opening of the store: claims of processes that are gone are released, and claims of this one can be told from theirs.
///
/// # Errors
/// What SQLite says.
pub fn begin_opening(tx: &Transaction<'_>) -> Result<i64> {
    let open_epoch = local_state::get::<i64>(tx, local_state::OPEN_EPOCH)?.unwrap_or(0) + 1;
    local_state::set(tx, local_state::OPEN_EPOCH, open_epoch)?;
    account::forget_unnamed_boot(tx)?;
    tx.execute(
        "UPDATE outbox SET status = 'pending', crash_count = crash_count + 1 WHERE status = 'processing' AND completed_at_ms IS NULL",
        [],
    )?;
    Ok(open_epoch)
}

/// Claims what may be sent now: for every root the first open event alone, the most urgent first, then the oldest.
///
/// The first claim of an event freezes it: its moments become the server's time, and its hash is kept. Later claims send the same.
///
/// # Errors
/// What SQLite says; `DataDamaged` for an event that no version wrote.
pub fn claim(tx: &Transaction<'_>, claimant: &Claimant<'_>) -> Result<Claims> {
    let Some(server_time) = account::server_time(tx, claimant.account_id, claimant.boot_id)? else {
        return Ok(Claims::NeedsServerTime);
    };
    if account::awaits_snapshot(tx, claimant.account_id)? {
        return Ok(Claims::NeedsSnapshot);
    }
    let mut items = Vec::new();
    for candidate in candidates(tx, claimant)? {
        items.push(freeze(tx, claimant, &server_time, &candidate)?);
    }
    Ok(Claims::Items(items))
}

/// Events that go together: one, or a group.
struct Candidate {
    group_id: Option<Id>,
    seqs: Vec<i64>,
}

/// True of an event `o` that no other open event of its root comes before, but for members of its own group.
pub(super) const IS_FIRST: &str =
    "NOT EXISTS (SELECT 1 FROM outbox e WHERE e.account_id = o.account_id AND e.root_id = o.root_id
    AND e.root_kind = o.root_kind AND e.completed_at_ms IS NULL AND e.seq < o.seq
    AND (o.group_id IS NULL OR e.group_id IS NOT o.group_id))";

fn candidates(connection: &Connection, claimant: &Claimant<'_>) -> Result<Vec<Candidate>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT o.priority, o.seq, o.group_id FROM outbox o
         WHERE o.account_id = ?1 AND o.status = ?2 AND o.completed_at_ms IS NULL AND o.priority <= ?3
           AND (o.not_before_ms IS NULL OR o.not_before_ms <= ?4 OR o.not_before_ms > ?4 + {MAX_WAIT_MS}) AND {IS_FIRST}
         ORDER BY o.priority, o.seq"
    ))?;
    let lowest = if claimant.background {
        Priority::Background
    } else {
        Priority::User
    };
    let mut found: Vec<(i64, i64, Candidate)> = Vec::new();
    let mut groups = BTreeSet::new();
    // One status at a time, since each is a sorted stretch of the index; merged below.
    for status in ["pending", "failed"] {
        let mut rows = statement.query(params![
            claimant.account_id,
            status,
            lowest.number(),
            claimant.now.wall_ms
        ])?;
        let mut items = 0;
        while items < claimant.limit {
            let Some(row) = rows.next()? else { break };
            let (priority, seq) = (row.get(0)?, row.get(1)?);
            let group: Option<[u8; 16]> = row.get(2)?;
            let seqs = match group {
                None => Some(vec![seq]),
                Some(group) if groups.insert(group) => ready_group(connection, claimant, group)?,
                Some(_) => None,
            };
            // A group that is not ready takes nobody's place.
            if let Some(seqs) = seqs {
                items += 1;
                let group_id = group.map(Id::from_bytes);
                found.push((priority, seq, Candidate { group_id, seqs }));
            }
        }
    }
    found.sort_unstable_by_key(|(priority, seq, _)| (*priority, *seq));
    found.truncate(claimant.limit);
    Ok(found.into_iter().map(|(_, _, candidate)| candidate).collect())
}

/// The members of a group in local order, if each of them may be sent.
fn ready_group(connection: &Connection, claimant: &Claimant<'_>, group: [u8; 16]) -> Result<Option<Vec<i64>>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT o.seq, o.status IN ('pending', 'failed')
           AND (o.not_before_ms IS NULL OR o.not_before_ms <= ?3 OR o.not_before_ms > ?3 + {MAX_WAIT_MS}) AND {IS_FIRST}
         FROM outbox o WHERE o.account_id = ?1 AND o.group_id = ?2 AND o.completed_at_ms IS NULL ORDER BY o.seq"
    ))?;
    let rows = statement.query_map(params![claimant.account_id, group, claimant.now.wall_ms], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?))
    })?;
    let members = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let all_ready = members.iter().all(|(_, ready)| *ready);
    Ok(all_ready.then(|| members.into_iter().map(|(seq, _)| seq).collect()))
}

/// An event as the claim finds it.
struct Found {
    operation: Operation,
    hash: Option<Vec<u8>>,
    claim: u32,
    crash_count: u32,
}

fn freeze(
    tx: &Transaction<'_>,
    claimant: &Claimant<'_>,
    server_time: &ServerTime,
    candidate: &Candidate,
) -> Result<Claimed> {
    let mut operations = Vec::with_capacity(candidate.seqs.len());
    let mut events = Vec::with_capacity(candidate.seqs.len());
    let mut hashes = Vec::with_capacity(candidate.seqs.len());
    let mut alone = false;
    let mut statement = tx.prepare_cached(
        "UPDATE outbox SET status = 'processing', open_epoch = ?2, claim = ?3, last_attempt_at_ms = ?4, not_before_ms = NULL,
           fields = coalesce(?5, fields), payload_hash = ?6
         WHERE seq = ?1",
    )?;
    for &seq in &candidate.seqs {
        let mut found = find(tx, seq)?;
        let is_new = found.hash.is_none();
        let hash = match found.hash {
            Some(hash) => hash,
            None => hash(std::slice::from_ref(&found.operation))?.to_vec(),
        };
        if is_new {
            let server_now = server_time.at(claimant.now);
            for edit in found.operation.fields.values_mut() {
                edit.at = server_now.map(|server_now| server_now - age_ms(edit, claimant));
            }
        }
        let frozen = is_new.then(|| edits::to_text(&found.operation.fields)).transpose()?;
        statement.execute(params![
            seq,
            claimant.open_epoch,
            found.claim + 1,
            claimant.now.wall_ms,
            frozen,
            hash
        ])?;
        events.push((seq, found.claim + 1));
        alone |= found.crash_count > 0;
        hashes.push(hash);
        operations.push(found.operation);
    }
    // Of an operation that goes alone it is the one that was just stored, or when it was frozen.
    let hash = match &hashes[..] {
        [hash] => hexadecimal(hash),
        _ => hexadecimal(&hash(&operations)?),
    };
    let id = candidate.group_id.unwrap_or(operations[0].op_id);
    Ok(Claimed {
        item: PushItem { id, hash, operations },
        events,
        open_epoch: claimant.open_epoch,
        alone,
    })
}

fn find(connection: &Connection, seq: i64) -> Result<Found> {
    let mut statement = connection.prepare_cached(
        "SELECT op_id, root_kind, root_id, entity_kind, entity_id, operation, fields, schema_version, root_base, payload_hash, claim,
           crash_count
         FROM outbox WHERE seq = ?1",
    )?;
    let mut rows = statement.query([seq])?;
    let row = rows.next()?.ok_or_else(|| damaged("it is gone"))?;
    Ok(Found {
        operation: operation(row)?,
        hash: row.get(9)?,
        claim: row.get(10)?,
        crash_count: row.get(11)?,
    })
}

fn operation(row: &Row<'_>) -> Result<Operation> {
    let root_base: Option<String> = row.get(8)?;
    Ok(Operation {
        op_id: Id::from_bytes(row.get(0)?),
        root_kind: kind_named(&row.get::<_, String>(1)?)?,
        root_id: Id::from_bytes(row.get(2)?),
        entity_kind: kind_named(&row.get::<_, String>(3)?)?,
        entity_id: Id::from_bytes(row.get(4)?),
        operation: OperationKind::from_name(&row.get::<_, String>(5)?).ok_or_else(|| damaged("operation"))?,
        fields: edits::from_text(row.get_ref(6)?.as_str().map_err(rusqlite::Error::from)?)?,
        schema_version: row.get(7)?,
        root_base: root_base
            .map(|stamp| stamp.parse().map_err(|_| damaged("root_base")))
            .transpose()?,
    })
}

/// How long ago the edit was made: by the clock that counts sleep within one boot, else by the wall clock. A clock that went back
/// makes it "now".
fn age_ms(edit: &FieldEdit, claimant: &Claimant<'_>) -> i64 {
    let same_boot = edit.boot_id.as_deref() == claimant.boot_id;
    let age = match (edit.mono_ms, claimant.now.elapsed_ms) {
        (Some(then), Some(now)) if same_boot && claimant.boot_id.is_some() => now - then,
        _ => claimant.now.wall_ms.saturating_sub(edit.wall_ms),
    };
    age.max(0)
}

/// SHA-256 of the operations without their `at`, which is kept for every send but says nothing of what is sent.
fn hash(operations: &[Operation]) -> Result<[u8; 32]> {
    let is_bare = |operation: &Operation| operation.fields.values().all(|edit| edit.at.is_none());
    // Most events have 1 to 2 KB; growing into that from nothing copied as much as it wrote.
    let mut json = Vec::with_capacity(2_048);
    let written = if operations.iter().all(is_bare) {
        serde_json::to_writer(&mut json, operations)
    } else {
        serde_json::to_writer(&mut json, &operations.iter().map(bare).collect::<Vec<_>>())
    };
    written.map_err(|error| damaged(&error.to_string()))?;
    Ok(Sha256::digest(json).into())
}

fn bare(operation: &Operation) -> Operation {
    let mut operation = operation.clone();
    operation.fields.values_mut().for_each(|edit| edit.at = None);
    operation
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).expect("a nibble is below 16");
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn damaged(what: &str) -> SteadfastError {
    SteadfastError::transaction(TransactionCode::DataDamaged, format!("an event of the outbox: {what}"))
}

/// When something may be sent next, UTC milliseconds; `None` if nothing is queued that time alone would make due.
///
/// # Errors
/// What SQLite says.
pub fn next_due_ms(connection: &Connection, account_id: &str, now_ms: i64, background: bool) -> Result<Option<i64>> {
    let lowest = if background {
        Priority::Background
    } else {
        Priority::User
    };
    // While something is due already, the rest need not be read: with 10,000 events that took 4 ms.
    let mut due_now = connection.prepare_cached(&format!(
        "SELECT 1 FROM outbox o
         WHERE o.account_id = ?1 AND o.status = 'pending' AND o.completed_at_ms IS NULL AND o.priority <= ?2 AND o.group_id IS NULL
           AND (o.not_before_ms IS NULL OR o.not_before_ms <= ?3 OR o.not_before_ms > ?3 + {MAX_WAIT_MS}) AND {IS_FIRST}
         LIMIT 1"
    ))?;
    if due_now.exists((account_id, lowest.number(), now_ms))? {
        return Ok(Some(now_ms));
    }
    // A group's members share their fate, so its last member's deadline is the group's.
    let mut statement = connection.prepare_cached(&format!(
        "SELECT min(due) FROM (
           SELECT max(CASE WHEN o.not_before_ms IS NULL OR o.not_before_ms > ?3 + {MAX_WAIT_MS} THEN ?3 ELSE max(o.not_before_ms, ?3) END)
             AS due, min(o.status IN ('pending', 'failed') AND {IS_FIRST}) AS ready, min(o.priority) AS priority
           FROM outbox o WHERE o.account_id = ?1 AND o.completed_at_ms IS NULL
           GROUP BY coalesce(o.group_id, o.op_id))
         WHERE ready AND priority <= ?2"
    ))?;
    Ok(statement.query_row((account_id, lowest.number(), now_ms), |row| row.get(0))?)
}

#[cfg(test)]
#[path = "claim_tests.rs"]
mod tests;
