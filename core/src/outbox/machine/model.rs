//! What the outbox should do, said as simply as possible: a group is one item with several members, and every rule is a loop over all
//! items. Nothing is shared with the code under test but its words. Local edits are in `model_edits`, sending in `model_sending`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use steadfast_protocol::entity::ALIVE;
use steadfast_protocol::push::ServerRow;

use crate::outbox::layers::EntityKey;
use crate::outbox::model::OutboxStatus;
use crate::outbox::rows::Fields;

use super::words::{Ack, Heard, Item, Member, Now, Row, Said, Shown};

const STALE_MS: i64 = 300_000;

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub acks: Vec<Ack>,
    pub items: Vec<Item>,
    pub layer: BTreeMap<Row, BTreeMap<String, Said>>,
    pub heard: [Heard; 2],
    pub open_epoch: i64,
}

impl Model {
    /// The row as both layers together make it.
    pub fn shown(&self, row: Row) -> Option<Shown> {
        let layer = self.layer.get(&row);
        let (mut alive, mut alive_at) = (true, None);
        let mut fields = Fields::new();
        let mut latest: BTreeMap<&str, usize> = BTreeMap::new();
        let mut is_there = layer.is_some();
        for (name, said) in layer.into_iter().flatten() {
            if name == ALIVE {
                alive = said.value != Value::Bool(false);
            } else if row.1.0.field(name).is_some() {
                fields.insert(name.clone(), said.value.clone());
            }
        }
        for member in self
            .items
            .iter()
            .filter(|item| item.account == row.0)
            .flat_map(|item| &item.members)
        {
            if member.entity == row.1 {
                is_there = true;
                for (name, &ack) in &member.fields {
                    if name != ALIVE && latest.get(name.as_str()).is_none_or(|&before| before < ack) {
                        latest.insert(name, ack);
                        fields.insert(name.clone(), self.acks[ack].edit.value.clone());
                    }
                }
                let own = member.fields[ALIVE];
                if alive_at.is_none_or(|at| at < own) {
                    (alive, alive_at) = (self.acks[own].edit.value != Value::Bool(false), Some(own));
                }
            } else if (member.root.kind, member.root.id) == row.1
                && let Some(touch) = self.touch(member)
            {
                is_there = true;
                if alive_at.is_none_or(|at| at < touch) {
                    (alive, alive_at) = (true, Some(touch));
                }
            }
        }
        fields.retain(|_, value| !value.is_null());
        let stamps = || layer.into_iter().flat_map(BTreeMap::values).map(|said| said.stamp);
        is_there.then(|| Shown {
            alive,
            fields,
            version: stamps().map(|stamp| stamp.n).max().unwrap_or(0),
            last_modified: stamps().map(|stamp| stamp.ms).max().unwrap_or(0),
        })
    }

    /// The last edit by which a child's part brings its root back.
    fn touch(&self, member: &Member) -> Option<usize> {
        let deletes = |name: &str, ack: usize| name == ALIVE && self.acks[ack].edit.value == Value::Bool(false);
        let touches = member.fields.iter().filter(|(name, ack)| !deletes(name, **ack));
        touches.map(|(_, ack)| *ack).max()
    }

    pub fn take(&mut self, account: usize, rows: &[ServerRow], epoch: i64) {
        for row in rows.iter().filter(|row| !row.fields.is_empty()) {
            let layer = self
                .layer
                .entry((account, (row.entity_kind, row.entity_id)))
                .or_default();
            for (name, field) in &row.fields {
                let known = layer.get(name);
                if known.is_none_or(|known| field.stamp >= known.stamp) {
                    let confirmed = known.map_or(epoch, |known| known.confirmed.max(epoch));
                    let (value, stamp) = (field.value.clone(), field.stamp);
                    layer.insert(
                        name.clone(),
                        Said {
                            value,
                            stamp,
                            confirmed,
                        },
                    );
                }
            }
        }
    }

    /// True if a message of this epoch counts.
    pub fn hear(&mut self, account: usize, server_now: i64, epoch: i64, now: &Now) -> bool {
        let heard = &mut self.heard[account];
        let boot = Some(now.boot.clone().unwrap_or_default());
        match heard.epoch {
            Some(known) if epoch < known => false,
            Some(known) if epoch == known => {
                let is_late = heard.boot == boot && heard.server_ms.is_some_and(|ms| ms > server_now);
                if !is_late {
                    heard.mono_ms = now.mono_ms;
                }
                heard.server_ms = Some(heard.server_ms.unwrap_or(server_now).max(server_now));
                heard.boot = boot;
                true
            }
            known => {
                *heard = Heard {
                    epoch: Some(epoch),
                    server_ms: Some(server_now),
                    mono_ms: now.mono_ms,
                    boot,
                };
                known.is_none()
            }
        }
    }

    pub fn open_store(&mut self) {
        self.open_epoch += 1;
        for item in self
            .items
            .iter_mut()
            .filter(|item| item.status == OutboxStatus::Processing)
        {
            item.status = OutboxStatus::Pending;
            item.crashes += 1;
        }
        for heard in &mut self.heard {
            if heard.boot.as_deref() == Some("") {
                heard.boot = None;
            }
        }
    }

    pub fn close_to_coalescing(&mut self) {
        self.items.iter_mut().for_each(|item| item.joinable = false);
    }

    pub fn retry(&mut self, account: usize, seqs: &BTreeSet<i64>, now_ms: i64) {
        for item in self.items.iter_mut().filter(|item| item.account == account) {
            let is_named = item.seqs.iter().any(|seq| seqs.contains(seq));
            let is_stale = item.last_attempt.unwrap_or(0) <= now_ms - STALE_MS;
            let may = match item.status {
                OutboxStatus::Dead | OutboxStatus::Failed => true,
                OutboxStatus::Processing => is_stale,
                _ => false,
            };
            if is_named && may {
                item.status = OutboxStatus::Pending;
                item.attempt = 0;
                item.members.iter_mut().for_each(|member| member.not_before = None);
            }
        }
    }

    /// Gives items up; the places of those that were.
    pub fn discard(&mut self, account: usize, seqs: &BTreeSet<i64>) -> Vec<i64> {
        let stays = |item: &Item| item.account != account || item.status == OutboxStatus::Processing;
        let named = |item: &Item| item.seqs.iter().any(|seq| seqs.contains(seq));
        let mut going: BTreeSet<usize> = (0..self.items.len())
            .filter(|at| !stays(&self.items[*at]) && named(&self.items[*at]))
            .collect();
        loop {
            let speaks_of = |at: usize, entity: EntityKey| {
                let item = &self.items[at];
                item.account == account && item.members.iter().any(|member| member.entity == entity)
            };
            let begins = |at: usize, member: &Member| {
                member.is_new
                    && !self.layer.contains_key(&(account, member.entity))
                    && !(0..at).any(|earlier| speaks_of(earlier, member.entity))
            };
            let rests = |later: usize| {
                going.iter().any(|&at| {
                    at < later
                        && self.items[at]
                            .members
                            .iter()
                            .any(|member| begins(at, member) && speaks_of(later, member.entity))
                })
            };
            let more: Vec<usize> = (0..self.items.len())
                .filter(|at| !going.contains(at) && !stays(&self.items[*at]) && rests(*at))
                .collect();
            if more.is_empty() {
                break;
            }
            going.extend(more);
        }
        let mut discarded = Vec::new();
        let mut at = 0;
        self.items.retain(|item| {
            let goes = going.contains(&at);
            at += 1;
            if goes {
                discarded.extend(&item.seqs);
            }
            !goes
        });
        discarded
    }
}
