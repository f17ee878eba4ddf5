//! The phone claims and sends, the network carries, the server answers.

use std::collections::BTreeSet;

use serde_json::Value;
use steadfast_protocol::entity::{ALIVE, EntityKind};
use steadfast_protocol::push::{ItemResult, ItemStatus};

use crate::domain::id::Id;
use crate::outbox::account::{self, Epoch};
use crate::outbox::claim::{Claimant, Claimed, Claims};
use crate::outbox::settle::Settlement;

use super::likeness::check_claims;
use super::planted::PROJECTIONS;
use super::random::Rng;
use super::server::Fault;
use super::watch::{Done, Violation, What};
use super::words::{ACCOUNTS, Gate, Row};
use super::world::{DEVICE, Ending, Message, World};

impl World {
    pub(super) fn claim(&mut self, account: usize, rng: &mut Rng) -> std::result::Result<Done, Violation> {
        let (limit, background, ending) = (1 + rng.below(4), rng.chance(80), self.ending(rng));
        let (limit, background) = if self.faults { (limit, background) } else { (100, true) };
        let (moment, now) = (self.moment(), self.now());
        let open_epoch = self.model.open_epoch;
        let outcome = self.write(ending, |tx, kernel| {
            let claimant = Claimant {
                account_id: ACCOUNTS[account],
                now: &moment,
                boot_id: now.boot.as_deref(),
                open_epoch,
                limit,
                background,
            };
            kernel.claim(tx, &claimant)
        });
        self.tell(|| {
            format!(
                "{} claims {limit}, background {background}, {ending:?}: {outcome:?}",
                ACCOUNTS[account]
            )
        });
        let Ok(claims) = outcome else {
            return Ok(Done::of(What::Claim, false));
        };
        let items = match claims {
            Claims::NeedsServerTime => return self.expect_gate(account, Gate::NeedsServerTime),
            Claims::NeedsSnapshot => return self.expect_gate(account, Gate::NeedsSnapshot),
            Claims::Items(items) => items,
        };
        self.expect_gate(account, Gate::Open)?;
        let mut wanted = self.model.claimable(account, now.wall_ms, background);
        wanted.truncate(limit);
        check_claims(self, account, &wanted, &items, limit, background)?;
        for at in wanted {
            self.model.claim(at, &now);
        }
        let epoch = self.model.heard[account].epoch.unwrap_or(0);
        for claimed in items {
            self.in_flight.push((account, claimed.clone()));
            self.net.push(Message::Push {
                account,
                epoch,
                claimed,
            });
        }
        Ok(Done::of(What::Claim, true))
    }

    pub(super) fn expect_gate(&self, account: usize, gate: Gate) -> std::result::Result<Done, Violation> {
        let wanted = self.model.gate(account, &self.now());
        if wanted == gate {
            Ok(Done::of(What::Claim, true))
        } else {
            Err(Violation::new(
                "model",
                format!("claiming is {gate:?}, should be {wanted:?}"),
            ))
        }
    }

    pub(super) fn token(claimed: &Claimed) -> (Vec<i64>, i64, u32) {
        let seqs = claimed.events.iter().map(|(seq, _)| *seq).collect();
        (seqs, claimed.open_epoch, claimed.events[0].1)
    }

    /// A request as a whole failed: no network, 401, 429, 5xx.
    pub(super) fn give_up_waiting(&mut self, rng: &mut Rng) -> Done {
        if self.in_flight.is_empty() {
            return Done::idle();
        }
        let (_, claimed) = self.in_flight[rng.below(self.in_flight.len())].clone();
        let ending = self.ending(rng);
        self.release(&claimed, ending)
    }

    pub(super) fn release(&mut self, claimed: &Claimed, ending: Ending) -> Done {
        let given = claimed.clone();
        let outcome = self.write(ending, move |tx, kernel| kernel.release(tx, &given));
        let (seqs, open_epoch, claim) = Self::token(claimed);
        self.tell(|| format!("releases {seqs:?} claim {claim} of opening {open_epoch}: {outcome:?}"));
        let mut done = Done::of(What::Release, outcome.is_ok());
        done.accepted = outcome.is_ok() && self.model.release(&seqs, open_epoch, claim);
        done
    }

    pub(super) fn deliver(&mut self, rng: &mut Rng) -> Done {
        if self.net.is_empty() {
            return Done::idle();
        }
        // The newest more often than the others, so that most things arrive in time.
        let at = if rng.chance(50) {
            self.net.len() - 1
        } else {
            rng.below(self.net.len())
        };
        let message = match rng.below(100) {
            0..=9 => {
                self.net.remove(at);
                return Done::idle();
            }
            10..=21 => self.net[at].clone(),
            _ => self.net.remove(at),
        };
        // What was sent twice too often would fill the network.
        if self.net.len() > 40 {
            self.net.remove(0);
        }
        match message {
            Message::Push {
                account,
                epoch,
                claimed,
            } => self.serve(account, epoch, claimed, rng),
            Message::Reply {
                account,
                epoch,
                now,
                claimed,
                result,
            } => self.hear_reply(account, epoch, now, &claimed, result.as_ref(), rng),
            Message::Page {
                account,
                epoch,
                now,
                rows,
            } => self.hear_page(account, epoch, now, &rows, rng),
        }
    }

    pub(super) fn serve(&mut self, account: usize, epoch: i64, claimed: Claimed, rng: &mut Rng) -> Done {
        let fault = match rng.below(100) {
            _ if !self.faults => Fault::None,
            0..=7 => Fault::Rejected,
            8..=11 => Fault::Retry(None),
            12..=16 => Fault::Retry(Some(rng.next() % 7_200)),
            17 => Fault::Conflict,
            18..=21 => Fault::Incomplete,
            _ => Fault::None,
        };
        let server = &mut self.servers[account];
        let now = server.now(self.true_ms);
        let result = (epoch == server.epoch).then(|| {
            let mut result = server.push(DEVICE, &claimed.item, fault, self.true_ms);
            if fault == Fault::Incomplete && !result.rows.is_empty() {
                let at = rng.below(result.rows.len());
                if rng.chance(50) {
                    result.rows.remove(at);
                } else {
                    let name = result.rows[at].fields.keys().next().cloned();
                    result.rows[at].fields.remove(&name.unwrap_or_default());
                }
            } else if rng.chance(2)
                && let Some(row) = result.rows.first_mut()
                && let Some(field) = row.fields.get(ALIVE).cloned()
            {
                // What only a newer version knows of.
                row.fields.insert("from_the_future".to_owned(), field);
            }
            result
        });
        let served_epoch = server.epoch;
        self.tell(|| {
            format!(
                "server of {} does {:?} for {fault:?}: {result:?}",
                ACCOUNTS[account], claimed.item.id
            )
        });
        self.watch
            .served(&self.mirror, account, &claimed, result.as_ref(), &self.servers[account]);
        self.net.push(Message::Reply {
            account,
            epoch: served_epoch,
            now,
            claimed,
            result,
        });
        Done::idle()
    }

    pub(super) fn hear_reply(
        &mut self,
        account: usize,
        epoch: i64,
        server_now: i64,
        claimed: &Claimed,
        result: Option<&ItemResult>,
        rng: &mut Rng,
    ) -> Done {
        let ending = self.ending(rng);
        let (moment, now) = (self.moment(), self.now());
        let boot = now.boot.clone();
        let outcome = self.write(ending, |tx, kernel| {
            let heard = account::hear(tx, ACCOUNTS[account], server_now, epoch, &moment, boot.as_deref())?;
            match result {
                Some(result) if heard == Epoch::Known && kernel.is_complete(&claimed.item, result) => {
                    let by = Settlement {
                        account_id: ACCOUNTS[account],
                        now_ms: moment.wall_ms,
                        epoch,
                        projections: &PROJECTIONS,
                    };
                    kernel.settle(tx, &by, claimed, result).map(Some)
                }
                _ => kernel.release(tx, claimed).map(|()| None),
            }
        });
        let (seqs, open_epoch, claim) = Self::token(claimed);
        let status = result.map(|result| result.status);
        self.tell(|| {
            format!("hears {status:?} of {seqs:?} claim {claim} opening {open_epoch} {ending:?}: {outcome:?}")
        });
        let mut done = Done::of(What::Release, outcome.is_ok());
        done.touched = Self::rows_of(account, claimed, result);
        if outcome.is_err() {
            return done;
        }
        if let Some(result) = result.filter(|result| is_whole(claimed, result)) {
            done.what = What::Settle(result.status);
        }
        let counts = self.model.hear(account, server_now, epoch, &now);
        done.accepted = if let Some(result) = result.filter(|result| counts && is_whole(claimed, result)) {
            self.model.settle(&seqs, open_epoch, claim, result, epoch, now.wall_ms)
        } else {
            done.what = What::Release;
            self.model.release(&seqs, open_epoch, claim)
        };
        done
    }

    fn rows_of(account: usize, claimed: &Claimed, result: Option<&ItemResult>) -> BTreeSet<Row> {
        let of_item = claimed.item.operations.iter().flat_map(|operation| {
            [
                (operation.entity_kind, operation.entity_id),
                (operation.root_kind, operation.root_id),
            ]
        });
        let of_result = result.into_iter().flat_map(|result| &result.rows);
        let of_result = of_result.map(|row| (row.entity_kind, row.entity_id));
        of_item.chain(of_result).map(|key| (account, key)).collect()
    }
}

/// True if a result says of everything that its item wrote what the server holds.
fn is_whole(claimed: &Claimed, result: &ItemResult) -> bool {
    if matches!(
        result.status,
        ItemStatus::Rejected | ItemStatus::Retry | ItemStatus::Conflict
    ) {
        return true;
    }
    let says = |kind: EntityKind, id: Id, name: &str| {
        let mut rows = result
            .rows
            .iter()
            .filter(|row| (row.entity_kind, row.entity_id) == (kind, id));
        rows.any(|row| row.fields.contains_key(name))
    };
    claimed.item.operations.iter().all(|operation| {
        let is_child = operation.entity_id != operation.root_id;
        let writes = operation
            .fields
            .iter()
            .any(|(name, edit)| name != ALIVE || edit.value == Value::Bool(true));
        let mut names = operation.fields.keys();
        names.all(|name| says(operation.entity_kind, operation.entity_id, name))
            && (!is_child || !writes || says(operation.root_kind, operation.root_id, ALIVE))
    })
}
