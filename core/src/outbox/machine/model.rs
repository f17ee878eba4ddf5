//! What the outbox should do, said as simply as possible: a group is one item with several members, and every rule is a loop over all
//! items. Nothing is shared with the code under test but its words.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use steadfast_protocol::entity::{ALIVE, EntityKind};
use steadfast_protocol::operation::{FieldEdit, OperationKind};
use steadfast_protocol::push::{ItemResult, ItemStatus, ServerRow};
use steadfast_protocol::stamp::Stamp;

use crate::outbox::edit::{Change, Debounce};
use crate::outbox::layers::EntityKey;
use crate::outbox::model::{OutboxStatus, Priority, Root};
use crate::outbox::rows::Fields;

/// The accounts of the phone, by index.
pub const ACCOUNTS: [&str; 2] = ["ann", "ben"];
const HOUR_MS: i64 = 3_600_000;
const STALE_MS: i64 = 300_000;

/// A row of an account.
pub type Row = (usize, EntityKey);

/// One acknowledged edit of one field. Its place in the model's list is its local order; its number is bound when it is first seen.
#[derive(Clone, Debug)]
pub struct Ack {
    pub row: Row,
    pub field: String,
    pub edit: FieldEdit,
}

/// One row's part of an item.
#[derive(Clone, Debug)]
pub struct Member {
    pub root: Root,
    pub entity: EntityKey,
    /// The edits by field, as places in the list of edits.
    pub fields: BTreeMap<String, usize>,
    pub root_base: Option<Stamp>,
    pub is_new: bool,
    pub priority: Priority,
    pub not_before: Option<i64>,
    pub at: BTreeMap<String, i64>,
}

impl Member {
    fn last(&self) -> usize {
        self.fields.values().copied().max().unwrap_or(0)
    }
}

/// An event, or a group of them, that is not closed.
#[derive(Clone, Debug)]
pub struct Item {
    pub account: usize,
    pub members: Vec<Member>,
    pub grouped: bool,
    pub status: OutboxStatus,
    pub joinable: bool,
    pub open_epoch: i64,
    pub claim: u32,
    pub attempt: u32,
    pub crashes: u32,
    pub created: i64,
    pub last_attempt: Option<i64>,
    /// The places of its members in the queue, once seen.
    pub seqs: Vec<i64>,
}

impl Item {
    pub fn roots(&self) -> BTreeSet<Root> {
        self.members.iter().map(|member| member.root).collect()
    }

    pub fn max_attempts(&self) -> u32 {
        let of = |member: &Member| {
            if member.entity.0 == EntityKind::ProgramSession {
                4
            } else {
                5
            }
        };
        self.members.iter().map(of).min().unwrap_or(5)
    }

    fn is(&self, seqs: &[i64]) -> bool {
        self.seqs == seqs
    }
}

/// The server's word on a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub value: Value,
    pub stamp: Stamp,
    pub confirmed: i64,
}

/// What the account's server said of itself.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    pub epoch: Option<i64>,
    pub server_ms: Option<i64>,
    mono_ms: i64,
    boot: Option<String>,
}

/// The device's clocks and boot.
#[derive(Clone, Debug)]
pub struct Now {
    pub wall_ms: i64,
    pub mono_ms: i64,
    pub boot: Option<String>,
}

/// A visible row.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub alive: bool,
    pub fields: Fields,
    pub version: i64,
    pub last_modified: i64,
}

/// Whether a claim may happen at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    Open,
    NeedsServerTime,
    NeedsSnapshot,
}

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub acks: Vec<Ack>,
    pub items: Vec<Item>,
    pub layer: BTreeMap<Row, BTreeMap<String, Said>>,
    pub heard: [Heard; 2],
    pub open_epoch: i64,
}

impl Model {
    // ---- what a person sees

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

    // ---- local edits

    /// Takes a person's changes; gives the edits that were made of them.
    pub fn edit(
        &mut self,
        account: usize,
        now: &Now,
        debounce: Debounce,
        priority: Priority,
        changes: &[Change],
        grouped: bool,
    ) -> Vec<usize> {
        let first = self.acks.len();
        let mut overlay: BTreeMap<EntityKey, (bool, Fields)> = BTreeMap::new();
        let mut members = Vec::new();
        for change in changes {
            let key = (change.kind, change.id);
            let root = (change.root.kind, change.root.id);
            let see = |overlay: &BTreeMap<EntityKey, (bool, Fields)>, key: EntityKey| {
                overlay
                    .get(&key)
                    .cloned()
                    .or_else(|| self.shown((account, key)).map(|shown| (shown.alive, shown.fields)))
            };
            let before = see(&overlay, key);
            let mut fields = change.fields.clone();
            let is_upsert = change.operation == OperationKind::Upsert;
            match &before {
                _ if change.is_new => {}
                Some((true, shown)) if is_upsert => {
                    fields.retain(|name, value| shown.get(name).unwrap_or(&Value::Null) != value);
                    if fields.is_empty() {
                        continue;
                    }
                    for value in change.kind.values() {
                        if value.iter().any(|name| fields.contains_key(*name)) {
                            for name in *value {
                                let other = shown.get(*name).cloned().unwrap_or(Value::Null);
                                fields.entry((*name).to_owned()).or_insert(other);
                            }
                        }
                    }
                }
                Some((false, _)) if is_upsert => {
                    for field in change.kind.fields() {
                        fields.entry(field.name.to_owned()).or_insert(Value::Null);
                    }
                }
                Some((true, _)) => {}
                None if is_upsert => {}
                _ => continue,
            }
            let mut after = before.map(|(_, fields)| fields).unwrap_or_default();
            after.extend(fields.clone());
            after.retain(|_, value| !value.is_null());
            overlay.insert(key, (is_upsert, after));
            if is_upsert && root != key {
                let of_root = see(&overlay, root).map(|(_, fields)| fields).unwrap_or_default();
                overlay.insert(root, (true, of_root));
            }
            members.push(self.member(account, now, priority, change, fields));
        }
        if grouped && members.len() > 1 {
            self.enqueue(account, now, debounce, members, true);
        } else {
            for member in members {
                self.enqueue(account, now, debounce, vec![member], false);
            }
        }
        for (key, (alive, fields)) in overlay {
            let shown = self.shown((account, key)).expect("a changed row is there");
            assert_eq!(
                (shown.alive, &shown.fields),
                (alive, &fields),
                "the model contradicts itself at {key:?}"
            );
        }
        (first..self.acks.len()).collect()
    }

    fn member(&mut self, account: usize, now: &Now, priority: Priority, change: &Change, mut fields: Fields) -> Member {
        let key = (change.kind, change.id);
        let alive = change.operation == OperationKind::Upsert;
        let stamp = |model: &Self, key: EntityKey, name: &str| {
            let layer = model.layer.get(&(account, key))?;
            layer.get(name).map(|said| said.stamp)
        };
        let root = (change.root.kind, change.root.id);
        let root_base = (root != key).then(|| stamp(self, root, ALIVE)).flatten();
        // `alive` first: whatever is written touches the row later than that.
        let named = std::iter::once((ALIVE.to_owned(), Value::Bool(alive)));
        let mut places = BTreeMap::new();
        for (name, value) in named.chain(std::mem::take(&mut fields)) {
            let base = if change.is_new { None } else { stamp(self, key, &name) };
            let edit = FieldEdit {
                value,
                number: 0,
                base,
                boot_id: now.boot.clone(),
                mono_ms: Some(now.mono_ms),
                wall_ms: now.wall_ms,
                heard: self.heard[account].server_ms,
                at: None,
            };
            places.insert(name.clone(), self.acks.len());
            self.acks.push(Ack {
                row: (account, key),
                field: name,
                edit,
            });
        }
        Member {
            root: change.root,
            entity: key,
            fields: places,
            root_base,
            is_new: change.is_new || !self.layer.contains_key(&(account, key)),
            priority,
            not_before: None,
            at: BTreeMap::new(),
        }
    }

    fn enqueue(&mut self, account: usize, now: &Now, debounce: Debounce, members: Vec<Member>, grouped: bool) {
        let wait = match debounce {
            Debounce::None => None,
            Debounce::Action => Some(500),
            Debounce::Typing => Some(2_000),
        };
        let roots: BTreeSet<Root> = members.iter().map(|member| member.root).collect();
        if let Some(replaced) = self.replaceable(account, &roots) {
            let old = replaced.iter().flat_map(|at| self.items[*at].members.clone());
            let merged = Self::merge(old.chain(members).collect());
            let grouped = grouped || merged.len() > 1;
            for at in replaced.into_iter().rev() {
                self.items.remove(at);
            }
            self.push(account, now, wait, merged, grouped);
            return;
        }
        let last = self
            .items
            .iter()
            .rposition(|item| item.account == account && !item.roots().is_disjoint(&roots));
        if let Some(last) = last
            && !grouped
            && self.joins(&self.items[last], &members[0])
        {
            let item = &mut self.items[last];
            let both = [item.members.remove(0), members.into_iter().next().expect("one")];
            item.members = Self::merge(both.into());
            let at = (now.wall_ms + wait.unwrap_or(0)).min(item.created + 30_000);
            item.members[0].not_before = Some(at);
            return;
        }
        self.push(account, now, wait, members, grouped);
    }

    fn push(&mut self, account: usize, now: &Now, wait: Option<i64>, mut members: Vec<Member>, grouped: bool) {
        for member in &mut members {
            member.not_before = wait.map(|wait| now.wall_ms + wait);
        }
        self.items.push(Item {
            account,
            members,
            grouped,
            status: OutboxStatus::Pending,
            joinable: true,
            open_epoch: 0,
            claim: 0,
            attempt: 0,
            crashes: 0,
            created: now.wall_ms,
            last_attempt: None,
            seqs: Vec::new(),
        });
    }

    fn joins(&self, last: &Item, new: &Member) -> bool {
        let deletes = |member: &Member| self.acks[member.fields[ALIVE]].edit.value == Value::Bool(false);
        last.status == OutboxStatus::Pending
            && last.claim == 0
            && last.joinable
            && !last.grouped
            && last.members[0].entity == new.entity
            && !deletes(&last.members[0])
            && !deletes(new)
    }

    /// The items in whose place a new edit of `roots` comes: if one is dead, all of these roots and of the roots of what is replaced,
    /// unless one of them was sent and is not dead.
    fn replaceable(&self, account: usize, roots: &BTreeSet<Root>) -> Option<Vec<usize>> {
        let of = |roots: &BTreeSet<Root>| -> Vec<usize> {
            let all = 0..self.items.len();
            all.filter(|at| self.items[*at].account == account && !self.items[*at].roots().is_disjoint(roots))
                .collect()
        };
        let is_dead = |at: &usize| self.items[*at].status == OutboxStatus::Dead;
        if !of(roots).iter().any(is_dead) {
            return None;
        }
        let mut roots = roots.clone();
        loop {
            let reached = of(&roots);
            let free = |at: &&usize| self.items[**at].status == OutboxStatus::Pending && self.items[**at].claim == 0;
            if !reached.iter().all(|at| is_dead(at) || free(&at)) {
                return None;
            }
            let before = roots.len();
            roots.extend(reached.iter().flat_map(|at| self.items[*at].roots()));
            if roots.len() == before {
                return Some(reached);
            }
        }
    }

    fn merge(members: Vec<Member>) -> Vec<Member> {
        let mut merged: Vec<Member> = Vec::new();
        for member in members {
            match merged.iter_mut().find(|other| other.entity == member.entity) {
                Some(into) => {
                    into.fields.extend(member.fields);
                    into.root_base = into.root_base.max(member.root_base);
                    into.priority = into.priority.min(member.priority);
                    into.at.clear();
                }
                None => merged.push(member),
            }
        }
        for member in &mut merged {
            member.at.clear();
        }
        merged.sort_by_key(Member::last);
        merged
    }

    // ---- sending

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

    // ---- the server's word

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

    // ---- life

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
