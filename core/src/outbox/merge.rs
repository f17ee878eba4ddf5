//! When two events become one: an edit joins the event before it while nobody has sent that one; a new edit takes the place of dead
//! events. Pure.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use steadfast_protocol::entity::ALIVE;
use steadfast_protocol::operation::{FieldEdit, FieldEdits, OperationKind};
use steadfast_protocol::stamp::Stamp;

use crate::domain::id::Id;

use super::layers::EntityKey;
use super::model::{OutboxStatus, Priority, Root};

/// Members of a group at most: what one server transaction applies.
pub const MAX_GROUP: usize = 500;

/// An open event, as far as merging looks at it.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenEvent {
    /// Its place in the queue.
    pub seq: i64,
    /// The row that orders it.
    pub root: Root,
    /// The changed row.
    pub entity: EntityKey,
    /// What is done.
    pub operation: OperationKind,
    /// The edited fields.
    pub fields: FieldEdits,
    /// The stamp of the root's `alive`, for a child.
    pub root_base: Option<Stamp>,
    /// True if the server had never said anything of the row.
    pub is_new_record: bool,
    /// Its group, if it has one.
    pub group_id: Option<Id>,
    /// Where it stands.
    pub status: OutboxStatus,
    /// How often it was claimed.
    pub claim: u32,
    /// False once a backup holds it.
    pub coalescable: bool,
    /// Which events go first.
    pub priority: Priority,
}

/// True if an edit of `entity` may join `last`, the newest open event of its root: nobody has claimed it, no backup holds it, it is no
/// deletion and in no group, and it edits the same row.
#[must_use]
pub fn may_join(last: &OpenEvent, entity: EntityKey, operation: OperationKind) -> bool {
    last.status == OutboxStatus::Pending
        && last.claim == 0
        && last.coalescable
        && last.group_id.is_none()
        && last.entity == entity
        && last.operation == OperationKind::Upsert
        && operation == OperationKind::Upsert
}

/// What stands in for replaced events: one event a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The row that orders it.
    pub root: Root,
    /// The changed row.
    pub entity: EntityKey,
    /// `Delete` if the last local action on the row was to delete it.
    pub operation: OperationKind,
    /// The fields with their own edits; [`ALIVE`] as the last local action left it.
    pub fields: FieldEdits,
    /// The newest.
    pub root_base: Option<Stamp>,
    /// As of the first.
    pub is_new_record: bool,
    /// The most urgent.
    pub priority: Priority,
}

/// The events that a new edit of `roots` replaces: the dead ones, those that wait behind them, and those of every root that a replaced
/// group touches. `open` holds every open event of the roots in question, in local order.
///
/// `None` if there is nothing dead to replace, or if something of these roots was sent and is not dead: then the edit waits its turn.
#[must_use]
pub fn replaced(open: &[OpenEvent], roots: &BTreeSet<Root>) -> Option<Vec<usize>> {
    let is_dead = |event: &OpenEvent| event.status == OutboxStatus::Dead;
    let was_never_sent = |event: &OpenEvent| event.status == OutboxStatus::Pending && event.claim == 0;
    if !open.iter().any(|event| is_dead(event) && roots.contains(&event.root)) {
        return None;
    }
    let mut roots = roots.clone();
    loop {
        let reached: Vec<usize> = (0..open.len()).filter(|at| roots.contains(&open[*at].root)).collect();
        if !reached
            .iter()
            .all(|at| is_dead(&open[*at]) || was_never_sent(&open[*at]))
        {
            return None;
        }
        let groups: BTreeSet<Id> = reached.iter().filter_map(|at| open[*at].group_id).collect();
        let in_groups = open
            .iter()
            .filter(|event| event.group_id.is_some_and(|group| groups.contains(&group)));
        let before = roots.len();
        roots.extend(in_groups.map(|event| event.root));
        if roots.len() == before {
            return Some(reached);
        }
    }
}

/// The events as one event a row, in the order in which the rows were last touched; later edits of a field win, each with its own
/// number, base and moment.
///
/// The last touch counts: a child that was edited, its root deleted and the child edited again stands after its root, as the person left
/// them.
#[must_use]
pub fn merged<'e>(events: impl IntoIterator<Item = &'e OpenEvent>) -> Vec<Merged> {
    let mut by_entity: BTreeMap<EntityKey, Merged> = BTreeMap::new();
    for event in events {
        let into = by_entity.entry(event.entity).or_insert_with(|| Merged {
            root: event.root,
            entity: event.entity,
            operation: event.operation,
            fields: FieldEdits::new(),
            root_base: None,
            is_new_record: event.is_new_record,
            priority: event.priority,
        });
        // A moment that was frozen is frozen anew, for the event that is claimed.
        let bare = |edit: &FieldEdit| FieldEdit {
            at: None,
            ..edit.clone()
        };
        into.fields
            .extend(event.fields.iter().map(|(name, edit)| (name.clone(), bare(edit))));
        into.root_base = into.root_base.max(event.root_base);
        into.priority = into.priority.min(event.priority);
        into.operation = if ends_in_deletion(&into.fields) {
            OperationKind::Delete
        } else {
            OperationKind::Upsert
        };
    }
    let mut merged: Vec<Merged> = by_entity.into_values().collect();
    merged.sort_by_key(|event| event.fields.values().map(|edit| edit.number).max());
    merged
}

/// The number of the edit with which a child's event last touched its root: writing a child brings the root back, deleting it does not,
/// and an event that ends in a deletion may still hold fields that were written before.
#[must_use]
pub fn touches_root(fields: &FieldEdits) -> Option<u64> {
    fields
        .iter()
        .filter(|(name, edit)| *name != ALIVE || edit.value != Value::Bool(false))
        .map(|(_, edit)| edit.number)
        .max()
}

/// True if `fields` leaves its own row deleted.
fn ends_in_deletion(fields: &FieldEdits) -> bool {
    fields.get(ALIVE).is_some_and(|edit| edit.value == Value::Bool(false))
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
