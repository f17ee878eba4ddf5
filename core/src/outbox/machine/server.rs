//! A small server that follows the rules of stamps, supersession and deduplication to the letter, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use steadfast_protocol::entity::ALIVE;
use steadfast_protocol::operation::{FieldEdit, Operation};
use steadfast_protocol::push::{ItemResult, ItemStatus, PushItem, ServerField, ServerRow};
use steadfast_protocol::stamp::Stamp;

use crate::domain::id::Id;
use crate::outbox::layers::EntityKey;

/// A server is restored with its clock this far ahead, so that it never issues a stamp twice.
const RESTORE_MARGIN_MS: i64 = 60_000;
/// The device that edits by another road.
pub const OTHER_DEVICE: Id = Id::from_u128(0xde_f1ce);

/// What a fault makes of an item before the server looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    Rejected,
    Retry(Option<u64>),
    Conflict,
    /// Applied, but the reply leaves this many rows or fields out.
    Incomplete,
}

/// One account's server.
#[derive(Clone, Debug)]
pub struct Server {
    pub epoch: i64,
    /// Ahead of true time by so much.
    pub offset_ms: i64,
    n: i64,
    last: i64,
    pub rows: BTreeMap<EntityKey, BTreeMap<String, ServerField>>,
    /// By item: hash.
    seen: BTreeMap<Id, String>,
    /// By device and root: the newest operation taken.
    newest: BTreeMap<(Id, Id), u64>,
    /// By device, row and field: the highest number and stamp taken.
    taken: BTreeMap<(Id, EntityKey, String), (u64, Stamp)>,
    deletions: BTreeMap<(Id, EntityKey), Stamp>,
    /// Numbers of this phone's edits that took part in a merge, in any epoch.
    pub processed: BTreeSet<u64>,
    /// Items whose effect was applied, with how often within the epoch.
    pub applied: BTreeMap<Id, u32>,
}

fn after(stamp: Option<Stamp>, n: i64, epoch: i64) -> Option<Stamp> {
    stamp.map(|stamp| Stamp {
        ms: stamp.ms + 1,
        n,
        epoch,
    })
}

impl Server {
    pub fn new() -> Self {
        Self {
            epoch: 1,
            offset_ms: 0,
            n: 0,
            last: 0,
            rows: BTreeMap::new(),
            seen: BTreeMap::new(),
            newest: BTreeMap::new(),
            taken: BTreeMap::new(),
            deletions: BTreeMap::new(),
            processed: BTreeSet::new(),
            applied: BTreeMap::new(),
        }
    }

    pub fn now(&self, true_ms: i64) -> i64 {
        self.last.max(true_ms + self.offset_ms)
    }

    /// The server as `backup` has it, in a new epoch.
    pub fn restored(&self, backup: &Self, true_ms: i64) -> Self {
        let mut restored = backup.clone();
        restored.epoch = self.epoch + 1;
        restored.last = restored.now(true_ms) + RESTORE_MARGIN_MS;
        restored.processed = self.processed.clone();
        restored.applied.clear();
        restored
    }

    /// Applies an item, or does not.
    pub fn push(&mut self, device: Id, item: &PushItem, fault: Fault, true_ms: i64) -> ItemResult {
        let mut result = ItemResult {
            id: item.id,
            status: ItemStatus::Applied,
            code: None,
            message: None,
            retry_after_s: None,
            rows: Vec::new(),
        };
        if let Some(hash) = self.seen.get(&item.id) {
            let is_same = *hash == item.hash;
            result.status = if is_same {
                ItemStatus::Duplicate
            } else {
                ItemStatus::Conflict
            };
        } else {
            match fault {
                Fault::Rejected => result.status = ItemStatus::Rejected,
                Fault::Conflict => result.status = ItemStatus::Conflict,
                Fault::Retry(after) => (result.status, result.retry_after_s) = (ItemStatus::Retry, after),
                Fault::None | Fault::Incomplete => {
                    result.status = self.apply_all(device, item, true_ms);
                    self.seen.insert(item.id, item.hash.clone());
                }
            }
        }
        if !matches!(
            result.status,
            ItemStatus::Rejected | ItemStatus::Retry | ItemStatus::Conflict
        ) {
            result.rows = self.rows_of(item);
        }
        result
    }

    fn rows_of(&self, item: &PushItem) -> Vec<ServerRow> {
        let own = |operation: &Operation| (operation.entity_kind, operation.entity_id);
        let root = |operation: &Operation| (operation.root_kind, operation.root_id);
        let keys: BTreeSet<EntityKey> = item
            .operations
            .iter()
            .flat_map(|operation| [own(operation), root(operation)])
            .collect();
        keys.into_iter().map(|key| self.row(key)).collect()
    }

    /// A row as a page or a result carries it.
    pub fn row(&self, key: EntityKey) -> ServerRow {
        ServerRow {
            entity_kind: key.0,
            entity_id: key.1,
            fields: self.rows.get(&key).cloned().unwrap_or_default(),
        }
    }

    fn apply_all(&mut self, device: Id, item: &PushItem, true_ms: i64) -> ItemStatus {
        let now = self.now(true_ms);
        self.last = now;
        let mut has_effect = false;
        for operation in &item.operations {
            self.n = (self.n + 1).max(now * 1000);
            has_effect |= self.apply(device, operation, now);
        }
        if has_effect {
            *self.applied.entry(item.id).or_default() += 1;
            ItemStatus::Applied
        } else {
            ItemStatus::Superseded
        }
    }

    fn apply(&mut self, device: Id, operation: &Operation, now: i64) -> bool {
        let key = (operation.entity_kind, operation.entity_id);
        let root = (operation.root_kind, operation.root_id);
        let number = operation.fields.values().map(|edit| edit.number).max().unwrap_or(0);
        let newest = self.newest.entry((device, operation.root_id)).or_default();
        if *newest >= number {
            return false;
        }
        *newest = number;
        // `alive` last: it is at least as new as the fields that it comes with.
        let mut edits: Vec<(&String, &FieldEdit)> = operation.fields.iter().collect();
        edits.sort_by_key(|(name, _)| *name == ALIVE);
        let (mut has_effect, mut touch) = (false, None::<(Stamp, u64)>);
        for (name, edit) in edits {
            let is_deletion = name == ALIVE && edit.value == Value::Bool(false);
            if let Some((number, stamp)) = self.taken_of(device, key, name)
                && number >= edit.number
            {
                // What was restated is here without what it once did to its parent.
                if !is_deletion {
                    touch = touch.max(Some((stamp, edit.number)));
                }
                continue;
            }
            let mut stamp = self.stamp(device, key, name, edit, now, is_deletion);
            if name == ALIVE && !is_deletion {
                stamp = stamp.max(touch.map_or(stamp, |(of_fields, _)| of_fields));
            }
            if !is_deletion {
                touch = touch.max(Some((stamp, edit.number)));
            }
            has_effect |= self.put(
                device,
                key,
                name,
                edit.value.clone(),
                stamp,
                operation.op_id,
                edit.number,
            );
            self.processed.insert(edit.number);
            if is_deletion {
                self.deletions.insert((device, key), stamp);
            }
        }
        if root != key
            && let Some((stamp, number)) = touch
            && self
                .taken_of(device, root, ALIVE)
                .is_none_or(|(taken, _)| taken < number)
        {
            let base = after(operation.root_base, self.n, self.epoch);
            let deleted = after(self.deletions.get(&(device, root)).copied(), self.n, self.epoch);
            let stamp = stamp.max(base.unwrap_or(stamp)).max(deleted.unwrap_or(stamp));
            has_effect |= self.put(device, root, ALIVE, Value::Bool(true), stamp, operation.op_id, number);
        }
        has_effect
    }

    fn taken_of(&self, device: Id, key: EntityKey, name: &str) -> Option<(u64, Stamp)> {
        self.taken.get(&(device, key, name.to_owned())).copied()
    }

    fn stamp(&self, device: Id, key: EntityKey, name: &str, edit: &FieldEdit, now: i64, is_deletion: bool) -> Stamp {
        let (n, epoch) = (self.n, self.epoch);
        let at = edit.at.unwrap_or(now).max(edit.heard.unwrap_or(0)).min(now);
        let base = edit.base.map(|base| Stamp {
            ms: base.ms.min(now),
            ..base
        });
        let own = if is_deletion {
            let of_row = self
                .taken
                .iter()
                .filter(|((of, row, _), _)| (*of, *row) == (device, key));
            of_row.map(|(_, (_, stamp))| *stamp).max()
        } else {
            self.taken_of(device, key, name).map(|(_, stamp)| stamp)
        };
        let deleted = self.deletions.get(&(device, key)).copied();
        let plain = Stamp { ms: at, n, epoch };
        let floors = [base, own, deleted]
            .into_iter()
            .filter_map(|stamp| after(stamp, n, epoch));
        floors.fold(plain, Ord::max)
    }

    #[allow(clippy::too_many_arguments, reason = "the columns of a field")]
    fn put(
        &mut self,
        device: Id,
        key: EntityKey,
        name: &str,
        value: Value,
        stamp: Stamp,
        op_id: Id,
        number: u64,
    ) -> bool {
        let taken = self
            .taken
            .entry((device, key, name.to_owned()))
            .or_insert((number, stamp));
        *taken = (taken.0.max(number), taken.1.max(stamp));
        self.last = self.last.max(stamp.ms);
        let row = self.rows.entry(key).or_default();
        if row.get(name).is_some_and(|known| known.stamp >= stamp) {
            return false;
        }
        let field = ServerField {
            value,
            stamp,
            op_id: Some(op_id),
            device_id: Some(device),
            number: Some(number),
        };
        row.insert(name.to_owned(), field);
        true
    }

    /// What another device does meanwhile; it has seen everything.
    pub fn edit_elsewhere(&mut self, key: EntityKey, fields: &BTreeMap<String, Value>, op_id: Id, true_ms: i64) {
        let now = self.now(true_ms);
        self.n = (self.n + 1).max(now * 1000);
        for (name, value) in fields {
            let known = self
                .rows
                .get(&key)
                .and_then(|row| row.get(name))
                .map(|field| field.stamp);
            let plain = Stamp {
                ms: now,
                n: self.n,
                epoch: self.epoch,
            };
            let stamp = plain.max(after(known, self.n, self.epoch).unwrap_or(plain));
            self.put(OTHER_DEVICE, key, name, value.clone(), stamp, op_id, 0);
        }
    }

    /// Takes back what a device still has from before a restoration.
    pub fn restate(&mut self, key: EntityKey, name: &str, field: ServerField) {
        let (device, number) = (field.device_id.unwrap_or(OTHER_DEVICE), field.number.unwrap_or(0));
        let op_id = field.op_id.unwrap_or_default();
        let is_deletion = name == ALIVE && field.value == Value::Bool(false);
        if is_deletion {
            let deletion = self.deletions.entry((device, key)).or_insert(field.stamp);
            *deletion = (*deletion).max(field.stamp);
        }
        self.put(device, key, name, field.value, field.stamp, op_id, number);
    }
}
