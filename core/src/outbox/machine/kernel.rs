//! The outbox as the world calls it. With a bug planted, a call is surrounded by what the bug would have done to the store or to the
//! call, so that the shipped code holds no switch.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction};
use steadfast_protocol::push::{ItemResult, ItemStatus, PushItem, ServerRow};

use crate::database::local_state;
use crate::domain::id::Id;
use crate::error::Result;
use crate::outbox::claim::{self, Claimant, Claimed, Claims};
use crate::outbox::layers;
use crate::outbox::rows::Projection;
use crate::outbox::settle::{self, Settled, Settlement};
use crate::outbox::{table, upkeep};

use super::planted::{PROJECTIONS, Planted};

/// The outbox as the world calls it.
#[derive(Clone, Copy, Debug)]
pub struct Kernel {
    pub planted: Option<Planted>,
}

impl Kernel {
    pub fn has(self, bug: Planted) -> bool {
        self.planted == Some(bug)
    }

    pub fn claim(self, tx: &Transaction<'_>, claimant: &Claimant<'_>) -> Result<Claims> {
        match self.planted {
            Some(Planted::FrozenMomentIsTakenAnew) => {
                tx.execute_batch("UPDATE outbox SET payload_hash = NULL WHERE completed_at_ms IS NULL")?;
            }
            Some(Planted::OrderOfARootIsIgnored) => tx.execute_batch(
                "CREATE TEMP TABLE IF NOT EXISTS hidden (seq, at); DELETE FROM hidden;
                 INSERT INTO hidden SELECT seq, completed_at_ms FROM outbox WHERE status = 'processing';
                 UPDATE outbox SET status = 'completed', completed_at_ms = 1 WHERE status = 'processing'",
            )?,
            Some(Planted::DeadEventHoldsEverything) => {
                let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE account_id = ?1 AND status = 'dead')";
                if tx.query_row(sql, [claimant.account_id], |row| row.get(0))? {
                    return Ok(Claims::Items(Vec::new()));
                }
            }
            Some(Planted::OtherAccountIsClaimed) => {
                let sql = "UPDATE outbox SET account_id = ?1 WHERE status = 'pending' AND priority = 1";
                tx.execute(sql, [claimant.account_id])?;
            }
            _ => {}
        }
        let mut claims = claim::claim(tx, claimant)?;
        match self.planted {
            Some(Planted::OrderOfARootIsIgnored) => tx.execute_batch(
                "UPDATE outbox SET status = 'processing', completed_at_ms = NULL WHERE seq IN (SELECT seq FROM hidden)",
            )?,
            Some(Planted::HalfOfAGroupIsClaimed) => {
                if let Claims::Items(items) = &mut claims {
                    for item in items.iter_mut().filter(|item| item.events.len() > 1) {
                        let (seq, _) = item.events.pop().expect("several");
                        item.item.operations.pop();
                        tx.execute(
                            "UPDATE outbox SET status = 'pending', claim = 0, payload_hash = NULL WHERE seq = ?1",
                            [seq],
                        )?;
                    }
                }
            }
            Some(Planted::ClaimIsNotCounted) => {
                tx.execute_batch("UPDATE outbox SET claim = 1 WHERE status = 'processing'")?;
                if let Claims::Items(items) = &mut claims {
                    items
                        .iter_mut()
                        .flat_map(|item| &mut item.events)
                        .for_each(|event| event.1 = 1);
                }
            }
            _ => {}
        }
        Ok(claims)
    }

    pub fn next_due(
        self,
        connection: &Connection,
        account_id: &str,
        now_ms: i64,
        background: bool,
    ) -> Result<Option<i64>> {
        if self.has(Planted::DueFailureIsForgotten) {
            let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE account_id = ?1 AND status = 'failed')";
            if connection.query_row(sql, [account_id], |row| row.get(0))? {
                return Ok(None);
            }
        }
        claim::next_due_ms(connection, account_id, now_ms, background)
    }

    pub fn is_complete(self, item: &PushItem, result: &ItemResult) -> bool {
        self.has(Planted::PartialReplyCompletes) || settle::is_complete(item, result)
    }

    pub fn settle(
        self,
        tx: &Transaction<'_>,
        by: &Settlement<'_>,
        claimed: &Claimed,
        result: &ItemResult,
    ) -> Result<Settled> {
        let mut claimed = claimed.clone();
        let mut result = result.clone();
        let nothing: [&dyn Projection; 0] = [];
        let mut by = Settlement { ..*by };
        match self.planted {
            Some(Planted::StaleReplySettles) => fresh(tx, &mut claimed)?,
            Some(Planted::HalfOfAGroupSettles) => claimed.events.truncate(1),
            Some(Planted::RowIsNotShownAgain) => by.projections = &nothing,
            Some(Planted::ConflictIsTakenForSuccess) if result.status == ItemStatus::Conflict => {
                result.status = ItemStatus::Duplicate;
            }
            Some(Planted::OlderStampWins) => forget(tx, by.account_id, &result.rows)?,
            _ => {}
        }
        settle::settle(tx, &by, &claimed, &result)
    }

    pub fn release(self, tx: &Transaction<'_>, claimed: &Claimed) -> Result<()> {
        let mut claimed = claimed.clone();
        if self.has(Planted::StaleReleaseReleases) {
            fresh(tx, &mut claimed)?;
        }
        for (seq, claim) in &claimed.events {
            let sql = match self.planted {
                Some(Planted::ReleaseCostsAnAttempt) => "UPDATE outbox SET attempt = attempt + 1",
                Some(Planted::ReleaseKills) => "UPDATE outbox SET status = 'dead'",
                _ => break,
            };
            let sql = format!("{sql} WHERE seq = ?1 AND claim = ?2 AND status = 'processing'");
            tx.execute(&sql, (seq, claim))?;
        }
        settle::release(tx, &claimed)
    }

    pub fn begin_opening(self, tx: &Transaction<'_>) -> Result<i64> {
        if self.has(Planted::OpeningKeepsOldClaims) {
            let open_epoch = local_state::get::<i64>(tx, local_state::OPEN_EPOCH)?.unwrap_or(0) + 1;
            local_state::set(tx, local_state::OPEN_EPOCH, open_epoch)?;
            return Ok(open_epoch);
        }
        claim::begin_opening(tx)
    }

    pub fn close_to_coalescing(self, tx: &Transaction<'_>) -> Result<()> {
        if self.has(Planted::BackupLeavesEventsOpen) {
            Ok(())
        } else {
            table::close_to_coalescing(tx)
        }
    }

    pub fn discard(
        self,
        tx: &Transaction<'_>,
        account_id: &str,
        op_ids: &[Id],
        now_ms: i64,
    ) -> Result<upkeep::Discarded> {
        let nothing: [&dyn Projection; 0] = [];
        let leaves = self.has(Planted::DiscardLeavesTheRow);
        let shown = if leaves { &nothing[..] } else { &PROJECTIONS[..] };
        if self.has(Planted::DiscardTakesWhatIsInFlight) {
            for op_id in op_ids {
                tx.execute(
                    "UPDATE outbox SET status = 'pending' WHERE op_id = ?1 AND status = 'processing'",
                    [op_id.as_bytes()],
                )?;
            }
        }
        upkeep::discard(tx, shown, account_id, op_ids, now_ms)
    }

    pub fn delete_closed(self, tx: &Transaction<'_>, before_ms: i64) -> Result<u64> {
        if self.has(Planted::CleanUpTakesDeadEvents) {
            tx.execute(
                "DELETE FROM outbox WHERE status = 'dead' AND created_at_ms < ?1",
                [before_ms],
            )?;
        }
        table::delete_closed(tx, before_ms)
    }

    pub fn take(self, tx: &Transaction<'_>, account_id: &str, rows: &[ServerRow], epoch: i64) -> Result<()> {
        if self.has(Planted::OlderStampWins) {
            forget(tx, account_id, rows)?;
        }
        let mut keys = BTreeSet::new();
        for row in rows {
            layers::take(tx, account_id, row, epoch)?;
            keys.insert((row.entity_kind, row.entity_id));
        }
        keys.into_iter()
            .try_for_each(|key| layers::refresh(tx, &PROJECTIONS, account_id, key))
    }
}

/// The claim as it would have to be to count now.
fn fresh(tx: &Transaction<'_>, claimed: &mut Claimed) -> Result<()> {
    for (seq, claim) in &mut claimed.events {
        let sql = "SELECT claim, open_epoch FROM outbox WHERE seq = ?1 UNION ALL SELECT 0, 0";
        (*claim, claimed.open_epoch) = tx.query_row(sql, [*seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
    }
    Ok(())
}

fn forget(tx: &Transaction<'_>, account_id: &str, rows: &[ServerRow]) -> Result<()> {
    for row in rows {
        let key = (row.entity_kind, row.entity_id);
        let mut layer = layers::server(tx, account_id, key)?;
        layer.fields.retain(|name, _| !row.fields.contains_key(name));
        layers::keep(tx, account_id, key, &layer)?;
    }
    Ok(())
}
