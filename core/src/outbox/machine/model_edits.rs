//! What local edits do to the model's queue.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use steadfast_protocol::entity::ALIVE;
use steadfast_protocol::operation::{FieldEdit, OperationKind};

use crate::outbox::edit::{Change, Debounce};
use crate::outbox::layers::EntityKey;
use crate::outbox::model::{OutboxStatus, Priority, Root};
use crate::outbox::rows::Fields;

use super::model::Model;
use super::words::{Ack, Item, Member, Now};

impl Model {
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
}
