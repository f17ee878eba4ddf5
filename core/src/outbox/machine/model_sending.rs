//! What the model sends, and what a reply makes of it.

use steadfast_protocol::entity::EntityKind;
use steadfast_protocol::push::{ItemResult, ItemStatus};

use crate::outbox::model::{OutboxStatus, Priority};

use super::model::Model;
use super::words::{Gate, Item, Member, Now, Said};

const HOUR_MS: i64 = 3_600_000;

impl Model {
    pub fn gate(&self, account: usize, now: &Now) -> Gate {
        let heard = &self.heard[account];
        let is_this_boot = heard.boot.as_deref() == Some(now.boot.as_deref().unwrap_or(""));
        if heard.server_ms.is_none() || !is_this_boot {
            return Gate::NeedsServerTime;
        }
        let unconfirmed = |said: &Said| heard.epoch.is_some_and(|epoch| said.confirmed < epoch);
        let mut fields = self
            .layer
            .iter()
            .filter(|(row, _)| row.0 == account)
            .flat_map(|(_, fields)| fields.values());
        if fields.any(unconfirmed) {
            Gate::NeedsSnapshot
        } else {
            Gate::Open
        }
    }

    /// True if nothing of its roots stands before the item.
    pub fn is_first(&self, at: usize) -> bool {
        let item = &self.items[at];
        let earlier = self.items[..at].iter().filter(|other| other.account == item.account);
        matches!(item.status, OutboxStatus::Pending | OutboxStatus::Failed)
            && !earlier
                .into_iter()
                .any(|other| !other.roots().is_disjoint(&item.roots()))
    }

    /// When the item may be sent as far as its own deadlines go.
    fn due(item: &Item, now_ms: i64) -> i64 {
        let due = |member: &Member| match member.not_before {
            Some(at) if at > now_ms && at <= now_ms + HOUR_MS => at,
            _ => now_ms,
        };
        item.members.iter().map(due).max().unwrap_or(now_ms)
    }

    fn lowest(background: bool) -> Priority {
        if background {
            Priority::Background
        } else {
            Priority::User
        }
    }

    /// What may be sent now, in the order of sending.
    pub fn claimable(&self, account: usize, now_ms: i64, background: bool) -> Vec<usize> {
        let mut found: Vec<(Priority, i64, usize)> = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            if item.account != account || !self.is_first(at) || Self::due(item, now_ms) > now_ms {
                continue;
            }
            let places = item
                .members
                .iter()
                .zip(&item.seqs)
                .map(|(member, seq)| (member.priority, *seq));
            if let Some((priority, seq)) = places
                .filter(|(priority, _)| *priority <= Self::lowest(background))
                .min()
            {
                found.push((priority, seq, at));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, _, at)| at).collect()
    }

    pub fn next_due(&self, account: usize, now_ms: i64, background: bool) -> Option<i64> {
        let is_wanted = |item: &Item| {
            item.members
                .iter()
                .any(|member| member.priority <= Self::lowest(background))
        };
        (0..self.items.len())
            .filter(|at| self.items[*at].account == account && self.is_first(*at) && is_wanted(&self.items[*at]))
            .map(|at| Self::due(&self.items[at], now_ms))
            .min()
    }

    pub fn claim(&mut self, at: usize, now: &Now) {
        let heard = &self.heard[self.items[at].account];
        let server_now = heard.server_ms.expect("heard") + (now.mono_ms - heard.mono_ms).max(0);
        let item = &mut self.items[at];
        for member in &mut item.members {
            if item.claim == 0 {
                for (name, ack) in &member.fields {
                    let edit = &self.acks[*ack].edit;
                    let same_boot = now.boot.is_some() && edit.boot_id == now.boot;
                    let age = if same_boot {
                        now.mono_ms - edit.mono_ms.expect("told")
                    } else {
                        now.wall_ms - edit.wall_ms
                    };
                    member.at.insert(name.clone(), server_now - age.max(0));
                }
            }
            member.not_before = None;
        }
        item.status = OutboxStatus::Processing;
        item.open_epoch = self.open_epoch;
        item.claim += 1;
        item.last_attempt = Some(now.wall_ms);
    }

    fn in_flight(&self, seqs: &[i64], open_epoch: i64, claim: u32) -> Option<usize> {
        let found = self.items.iter().position(|item| item.is(seqs))?;
        let item = &self.items[found];
        let holds = item.status == OutboxStatus::Processing && (item.open_epoch, item.claim) == (open_epoch, claim);
        holds.then_some(found)
    }

    /// Gives a claim back; false if it is not the present one.
    pub fn release(&mut self, seqs: &[i64], open_epoch: i64, claim: u32) -> bool {
        let found = self.in_flight(seqs, open_epoch, claim);
        if let Some(at) = found {
            self.items[at].status = OutboxStatus::Pending;
        }
        found.is_some()
    }

    /// Settles an item by its result; false if the claim is not the present one.
    pub fn settle(
        &mut self,
        seqs: &[i64],
        open_epoch: i64,
        claim: u32,
        result: &ItemResult,
        epoch: i64,
        now_ms: i64,
    ) -> bool {
        let Some(at) = self.in_flight(seqs, open_epoch, claim) else {
            return false;
        };
        let account = self.items[at].account;
        match result.status {
            ItemStatus::Applied | ItemStatus::Duplicate | ItemStatus::Superseded => {
                self.items.remove(at);
                self.take(account, &result.rows, epoch);
            }
            ItemStatus::Rejected | ItemStatus::Conflict => self.items[at].status = OutboxStatus::Dead,
            ItemStatus::Retry => {
                let item = &mut self.items[at];
                item.attempt += 1;
                item.status = if item.attempt >= item.max_attempts() {
                    OutboxStatus::Dead
                } else {
                    OutboxStatus::Failed
                };
                let floor = result
                    .retry_after_s
                    .map_or(0, |s| i64::try_from(s).unwrap_or(i64::MAX / 1000) * 1000);
                for member in &mut item.members {
                    let delays: &[i64] = match member.entity.0 {
                        EntityKind::ProgramSession => &[1_000, 5_000, 15_000],
                        _ => &[1_000, 5_000, 30_000, 120_000],
                    };
                    let own = delays.get(item.attempt as usize - 1).copied().unwrap_or(15_000);
                    member.not_before =
                        (item.status == OutboxStatus::Failed).then(|| now_ms + own.max(floor).min(HOUR_MS));
                }
            }
        }
        true
    }
}
