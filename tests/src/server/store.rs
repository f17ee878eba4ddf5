//! The rows of one account, as a server keeps them: section 9 of the design without what the push side cannot tell.

use std::collections::BTreeMap;

use serde_json::Value;
use steadfast_protocol::entity::EntityKind;
use steadfast_protocol::operation::{FieldEdit, Operation};
use steadfast_protocol::push::{ItemResult, ItemStatus, PushItem, ServerField, ServerRow};
use steadfast_protocol::stamp::Stamp;
use uuid::Uuid;

type RowKey = (EntityKind, Uuid);
/// A field of a row, as a device edits it.
type OwnKey = (Uuid, RowKey, String);

/// An account's rows.
#[derive(Clone, Debug, Default)]
pub struct Store {
    rows: BTreeMap<RowKey, BTreeMap<String, ServerField>>,
    /// What became of an item, by its id.
    done: BTreeMap<Uuid, (String, ItemStatus)>,
    /// How often each operation took effect.
    effects: BTreeMap<Uuid, u32>,
    /// The highest number and stamp that a device's edits of a field had.
    own: BTreeMap<OwnKey, (u64, Stamp)>,
    last_ms: i64,
    last_n: i64,
}

impl Store {
    /// The rows by kind and id, with values only; deleted ones too.
    #[must_use]
    pub fn rows(&self) -> BTreeMap<RowKey, BTreeMap<String, Value>> {
        let values = |fields: &BTreeMap<String, ServerField>| {
            fields
                .iter()
                .map(|(name, field)| (name.clone(), field.value.clone()))
                .collect()
        };
        self.rows.iter().map(|(key, fields)| (*key, values(fields))).collect()
    }

    /// How often each operation took effect.
    #[must_use]
    pub fn effects(&self) -> &BTreeMap<Uuid, u32> {
        &self.effects
    }

    /// Takes an item, once.
    pub fn take(&mut self, item: &PushItem, device_id: Uuid, epoch: i64, now_ms: i64) -> ItemResult {
        let status = match self.done.get(&item.id) {
            Some((hash, _)) if *hash == item.hash => ItemStatus::Duplicate,
            Some(_) => ItemStatus::Conflict,
            None => {
                let mut wins = false;
                for operation in &item.operations {
                    wins |= self.apply(operation, device_id, epoch, now_ms);
                    *self.effects.entry(operation.op_id).or_default() += 1;
                }
                let status = if wins {
                    ItemStatus::Applied
                } else {
                    ItemStatus::Superseded
                };
                self.done.insert(item.id, (item.hash.clone(), status));
                status
            }
        };
        ItemResult {
            id: item.id,
            status,
            code: None,
            message: None,
            retry_after_s: None,
            rows: self.rows_of(item),
        }
    }

    /// Another device says something newer of a field than any stamp so far.
    pub fn edit_elsewhere(&mut self, key: RowKey, field: &str, value: &Value) {
        // A year ahead: whatever is pushed next, at today's time, is older.
        let ms = self.last_ms + 366 * 86_400_000;
        self.last_n += 1;
        let theirs = ServerField {
            value: value.clone(),
            stamp: Stamp {
                ms,
                n: self.last_n,
                epoch: 1,
            },
            op_id: Some(Uuid::from_u128(u128::MAX)),
            device_id: Some(Uuid::from_u128(u128::MAX)),
            number: None,
        };
        self.rows.entry(key).or_default().insert(field.to_owned(), theirs);
    }

    fn rows_of(&self, item: &PushItem) -> Vec<ServerRow> {
        let mut keys: Vec<RowKey> = Vec::new();
        for operation in &item.operations {
            keys.push((operation.entity_kind, operation.entity_id));
            keys.push((operation.root_kind, operation.root_id));
        }
        keys.sort_unstable();
        keys.dedup();
        let row = |key: RowKey| {
            Some(ServerRow {
                entity_kind: key.0,
                entity_id: key.1,
                fields: self.rows.get(&key)?.clone(),
            })
        };
        keys.into_iter().filter_map(row).collect()
    }

    fn apply(&mut self, operation: &Operation, device_id: Uuid, epoch: i64, now_ms: i64) -> bool {
        let now = self.last_ms.max(now_ms);
        self.last_n = (self.last_n + 1).max(now * 1_000);
        let key = (operation.entity_kind, operation.entity_id);
        let mut wins = false;
        for (name, edit) in &operation.fields {
            let own_key = (device_id, key, name.clone());
            let own = self.own.get(&own_key).copied();
            if own.is_some_and(|(number, _)| number >= edit.number) {
                continue;
            }
            let stamp = self.stamp(edit, own.map(|(_, stamp)| stamp), now, epoch);
            self.last_ms = self.last_ms.max(now).max(stamp.ms);
            self.own.insert(own_key, (edit.number, stamp));
            let row = self.rows.entry(key).or_default();
            if row.get(name).is_some_and(|kept| kept.stamp >= stamp) {
                continue;
            }
            wins = true;
            let field = ServerField {
                value: edit.value.clone(),
                stamp,
                op_id: Some(operation.op_id),
                device_id: Some(device_id),
                number: Some(edit.number),
            };
            row.insert(name.clone(), field);
        }
        wins
    }

    fn stamp(&self, edit: &FieldEdit, own: Option<Stamp>, now: i64, epoch: i64) -> Stamp {
        let at = edit.at.unwrap_or(now).max(edit.heard.unwrap_or(0)).min(now);
        let issued = Stamp {
            ms: at,
            n: self.last_n,
            epoch,
        };
        let after = |stamp: Stamp| Stamp {
            ms: stamp.ms + 1,
            n: self.last_n,
            epoch,
        };
        [edit.base.map(after), own.map(after)]
            .into_iter()
            .flatten()
            .fold(issued, Stamp::max)
    }
}

/// An item that is not taken: for good, or for now.
#[must_use]
pub fn refused(item: &PushItem, later: bool) -> ItemResult {
    ItemResult {
        id: item.id,
        status: if later { ItemStatus::Retry } else { ItemStatus::Rejected },
        code: Some(if later { "busy" } else { "invalid" }.to_owned()),
        message: Some("scripted".to_owned()),
        retry_after_s: None,
        rows: Vec::new(),
    }
}
