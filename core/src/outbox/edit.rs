//! A local change: the row that a person sees and the event that tells the server, written in one transaction by one function.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::Transaction;
use serde_json::Value;
use steadfast_protocol::entity::{ALIVE, EntityKind};
use steadfast_protocol::operation::{FieldEdit, FieldEdits, OperationKind};

use crate::context::Context;
use crate::database::local_state;
use crate::domain::account::AccountId;
use crate::domain::id::Id;
use crate::domain::randomness::{SharedRandomness, new_id};
use crate::domain::small_map::small_map;
use crate::domain::time::Moment;
use crate::error::{Result, SteadfastError, ValidationCode};

use super::layers::{self, EntityKey};
use super::merge::{self, MAX_GROUP, Merged, OpenEvent};
use super::model::{OutboxStatus, Priority, Root};
use super::rows::{self, Fields};
use super::table::{self, Insertion};

/// How long an event waits for more edits of the same kind of gesture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Debounce {
    /// Nothing more will come: a recording was saved, a file imported.
    None,
    /// A tap: 500 ms.
    Action,
    /// Typing: 2 s.
    Typing,
}

impl Debounce {
    fn ms(self) -> i64 {
        match self {
            Self::None => 0,
            Self::Action => 500,
            Self::Typing => 2_000,
        }
    }
}

/// Who types without a pause for so long is sent in between, in milliseconds.
const MAX_DEBOUNCE_MS: i64 = 30_000;

/// One change of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The row that orders it: a child's parent, else the row itself.
    pub root: Root,
    /// The kind of the changed row.
    pub kind: EntityKind,
    /// The id of the changed row.
    pub id: Id,
    /// What is done.
    pub operation: OperationKind,
    /// The new values; what the row has already is left out of the event.
    pub fields: Fields,
    /// True for an id that was made for this change: nobody can know anything of the row.
    pub is_new: bool,
}

impl Change {
    /// A new row under an id that was just made.
    #[must_use]
    pub fn create(kind: EntityKind, id: Id, fields: Fields) -> Self {
        Self {
            is_new: true,
            ..Self::upsert(kind, id, fields)
        }
    }

    /// Fields of a row that may or may not be there.
    #[must_use]
    pub fn upsert(kind: EntityKind, id: Id, fields: Fields) -> Self {
        Self {
            root: Root { kind, id },
            kind,
            id,
            operation: OperationKind::Upsert,
            fields,
            is_new: false,
        }
    }

    /// The deletion of a row.
    #[must_use]
    pub fn delete(kind: EntityKind, id: Id) -> Self {
        Self {
            operation: OperationKind::Delete,
            ..Self::upsert(kind, id, Fields::new())
        }
    }

    /// The same change of a child, whose place in the queue is its parent's.
    #[must_use]
    pub fn under(self, kind: EntityKind, id: Id) -> Self {
        Self {
            root: Root { kind, id },
            ..self
        }
    }

    fn key(&self) -> EntityKey {
        (self.kind, self.id)
    }
}

/// Who makes a change, when, and how urgent it is.
#[derive(Clone)]
pub struct Edit {
    /// Whose data it is.
    pub account_id: AccountId,
    /// The device that makes it.
    pub device_id: Id,
    /// When.
    pub moment: Moment,
    /// The boot in which the moment's second clock counts, if the shell named it.
    pub boot_id: Option<String>,
    /// Which events go first.
    pub priority: Priority,
    /// How long the event waits for more of the same.
    pub debounce: Debounce,
    /// What ids are made of.
    pub randomness: SharedRandomness,
}

impl Edit {
    /// What the user does now.
    #[must_use]
    pub fn now(context: &Context, debounce: Debounce) -> Self {
        Self {
            account_id: context.account_id(),
            device_id: context.database.device_id(),
            moment: context.now(),
            boot_id: context.boot_id.clone(),
            priority: Priority::User,
            debounce,
            randomness: Arc::clone(&context.randomness),
        }
    }

    /// What the app does by itself: imports, migrations.
    #[must_use]
    pub fn in_background(self) -> Self {
        Self {
            priority: Priority::Background,
            debounce: Debounce::None,
            ..self
        }
    }

    /// The same for another account's data: a recording belongs to the account under which it started.
    #[must_use]
    pub fn for_account(self, account_id: AccountId) -> Self {
        Self { account_id, ..self }
    }

    /// A new id.
    #[must_use]
    pub fn new_id(&self) -> Id {
        new_id(self.randomness.as_ref(), self.moment.wall_ms)
    }

    /// Writes rows and events; says which rows changed. A change that says what is there already writes nothing.
    ///
    /// # Errors
    /// `InvalidArgument` for a field or value that the kind does not have; what SQLite says.
    pub fn write(&self, tx: &Transaction<'_>, changes: Vec<Change>) -> Result<Vec<EntityKey>> {
        let (effective, touched) = self.show(tx, changes)?;
        self.enqueue(tx, &effective)?;
        Ok(touched)
    }

    /// As [`Self::write`], as one group: the server applies all of it or nothing.
    ///
    /// # Errors
    /// As [`Self::write`]; `InvalidArgument` for more than [`MAX_GROUP`] changes.
    pub fn write_group(&self, tx: &Transaction<'_>, changes: Vec<Change>) -> Result<Vec<EntityKey>> {
        let (effective, touched) = self.show(tx, changes)?;
        if effective.len() > MAX_GROUP {
            let detail = format!("{} changes belong together, at most {MAX_GROUP} can", effective.len());
            return Err(SteadfastError::invalid("changes", detail));
        }
        match &effective[..] {
            [] => {}
            [_] => self.enqueue(tx, &effective)?,
            several => self.enqueue_group(tx, several)?,
        }
        Ok(touched)
    }

    /// The event alone, for a room that writes its rows with SQL of its own. Every field is sent as given.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn tell(&self, tx: &Transaction<'_>, change: &Change) -> Result<()> {
        self.enqueue(tx, std::slice::from_ref(change))
    }

    /// Writes the rows, one change after the other; what is left of the changes without what changes nothing, and the changed rows.
    fn show(&self, tx: &Transaction<'_>, changes: Vec<Change>) -> Result<(Vec<Change>, Vec<EntityKey>)> {
        let mut effective = Vec::with_capacity(changes.len());
        let mut touched = Vec::with_capacity(changes.len());
        for change in changes {
            let Some(change) = self.effective(tx, change)? else {
                continue;
            };
            let alive = change.operation != OperationKind::Delete;
            rows::write(tx, change.kind, &self.account_id, change.id, alive, &change.fields)?;
            touched.push(change.key());
            // Writing a child brings its root back; deleting one touches nothing.
            let root = (change.root.kind, change.root.id);
            if alive && root != change.key() && !rows::is_alive(tx, root.0, &self.account_id, root.1)? {
                rows::write(tx, root.0, &self.account_id, root.1, true, &Fields::new())?;
                touched.push(root);
            }
            effective.push(change);
        }
        Ok((effective, touched))
    }

    /// The change without what changes nothing; `None` if nothing is left. Bringing a deleted row back unsets what the change does not
    /// set, or a device that still has the old fields would show a mixture.
    fn effective(&self, tx: &Transaction<'_>, mut change: Change) -> Result<Option<Change>> {
        for (name, value) in &mut change.fields {
            *value = rows::normal(change.kind, name, value)?;
        }
        if change.is_new {
            return Ok(Some(change));
        }
        let before = rows::read(tx, change.kind, &self.account_id, change.id)?;
        let changes_something = match (&before, change.operation) {
            (Some(row), OperationKind::Upsert) if row.alive => {
                change.fields.retain(|name, value| row.fields.get(name) != Some(value));
                complete_values(&mut change, &row.fields);
                !change.fields.is_empty()
            }
            (Some(_), OperationKind::Upsert) => {
                for field in change.kind.fields() {
                    change.fields.entry(field.name.to_owned()).or_insert(Value::Null);
                }
                true
            }
            (None, OperationKind::Upsert) => true,
            (Some(row), OperationKind::Delete) => row.alive,
            (None, OperationKind::Delete) => false,
        };
        Ok(changes_something.then_some(change))
    }

    fn enqueue(&self, tx: &Transaction<'_>, changes: &[Change]) -> Result<()> {
        for change in changes {
            let event = self.event(tx, change)?;
            // Nothing can wait under an id that was just made, unless it is a child: its root may have dead events.
            if change.is_new && change.key() == (change.root.kind, change.root.id) {
                self.insert(tx, event, None)?;
                continue;
            }
            if self.replace(tx, std::slice::from_ref(&event), false)? {
                continue;
            }
            match table::last_open(tx, &self.account_id, change.root)? {
                Some(last) if merge::may_join(&last, change.key(), change.operation) => self.join(tx, &last, &event)?,
                _ => self.insert(tx, event, None)?,
            }
        }
        Ok(())
    }

    fn enqueue_group(&self, tx: &Transaction<'_>, changes: &[Change]) -> Result<()> {
        let events = changes
            .iter()
            .map(|change| self.event(tx, change))
            .collect::<Result<Vec<_>>>()?;
        if self.replace(tx, &events, true)? {
            return Ok(());
        }
        let group_id = self.new_id();
        events
            .into_iter()
            .try_for_each(|event| self.insert(tx, event, Some(group_id)))
    }

    /// Puts one merged event or group in the place of what is dead, and of what waits behind it.
    fn replace(&self, tx: &Transaction<'_>, new: &[OpenEvent], grouped: bool) -> Result<bool> {
        let roots: BTreeSet<Root> = new.iter().map(|event| event.root).collect();
        // A workout log of a hundred sets has as many open events: they are read only where there is something to replace.
        if !table::has_dead(tx, &self.account_id, &roots)? {
            return Ok(false);
        }
        let open = table::open_of_roots(tx, &self.account_id, &roots)?;
        let Some(chosen) = merge::replaced(&open, &roots) else {
            return Ok(false);
        };
        let merged = merge::merged(chosen.iter().map(|at| &open[*at]).chain(new));
        if merged.len() > MAX_GROUP {
            return Ok(false);
        }
        for at in chosen {
            table::close(tx, open[at].seq, OutboxStatus::Replaced, self.moment.wall_ms)?;
        }
        let group_id = (grouped || merged.len() > 1).then(|| self.new_id());
        merged
            .into_iter()
            .try_for_each(|event| self.insert_merged(tx, local_state::take_numbers(tx, 1)?, &event, group_id))?;
        Ok(true)
    }

    /// The event that tells of `change`, at the end of the queue.
    fn event(&self, tx: &Transaction<'_>, change: &Change) -> Result<OpenEvent> {
        let mut fields = change.fields.clone();
        fields.insert(ALIVE.to_owned(), Value::Bool(change.operation != OperationKind::Delete));
        let stamps = if change.is_new {
            BTreeMap::new()
        } else {
            layers::stamps(tx, &self.account_id, change.key())?
        };
        let root_base = if change.key() == (change.root.kind, change.root.id) {
            None
        } else {
            layers::stamps(tx, &self.account_id, (change.root.kind, change.root.id))?.remove(ALIVE)
        };
        let count = u32::try_from(fields.len()).map_err(|_| SteadfastError::invalid("fields", "too many"))?;
        // One more, for its place.
        let first = local_state::take_numbers(tx, count.saturating_add(1))?;
        let heard = table::heard_ms(tx, &self.account_id)?;
        let numbered = (first.unsigned_abs()..).zip(fields);
        let edits: FieldEdits = small_map(numbered.map(|(number, (name, value))| {
            let base = stamps.get(&name).copied();
            let edit = FieldEdit {
                value,
                number,
                base,
                boot_id: self.boot_id.clone(),
                mono_ms: self.moment.elapsed_ms,
                wall_ms: self.moment.wall_ms,
                heard,
                at: None,
            };
            (name, edit)
        }));
        Ok(OpenEvent {
            seq: first + i64::from(count),
            root: change.root,
            entity: change.key(),
            operation: change.operation,
            fields: edits,
            root_base,
            is_new_record: stamps.is_empty(),
            group_id: None,
            status: OutboxStatus::Pending,
            claim: 0,
            coalescable: true,
            priority: self.priority,
        })
    }

    fn insert(&self, tx: &Transaction<'_>, event: OpenEvent, group_id: Option<Id>) -> Result<()> {
        let merged = Merged {
            root: event.root,
            entity: event.entity,
            operation: event.operation,
            fields: event.fields,
            root_base: event.root_base,
            is_new_record: event.is_new_record,
            priority: event.priority,
        };
        self.insert_merged(tx, event.seq, &merged, group_id)
    }

    fn insert_merged(&self, tx: &Transaction<'_>, seq: i64, event: &Merged, group_id: Option<Id>) -> Result<()> {
        let now_ms = self.moment.wall_ms;
        table::insert(
            tx,
            &Insertion {
                seq,
                account_id: &self.account_id,
                op_id: self.new_id(),
                device_id: self.device_id,
                event,
                group_id,
                not_before_ms: (self.debounce != Debounce::None).then(|| now_ms.saturating_add(self.debounce.ms())),
                created_at_ms: now_ms,
            },
        )
    }

    fn join(&self, tx: &Transaction<'_>, last: &OpenEvent, new: &OpenEvent) -> Result<()> {
        let one = merge::merged([last, new]).pop().ok_or_else(|| {
            SteadfastError::validation(ValidationCode::InvalidArgument, "two events of one row are one event")
        })?;
        let waits_until = self.moment.wall_ms.saturating_add(self.debounce.ms());
        table::rewrite(tx, last.seq, &one, waits_until, MAX_DEBOUNCE_MS)
    }
}

/// Takes the other fields of a value along when one of them changes.
fn complete_values(change: &mut Change, before: &Fields) {
    for value in change.kind.values() {
        if value.iter().any(|name| change.fields.contains_key(*name)) {
            for name in *value {
                let other = before.get(*name).cloned().unwrap_or(Value::Null);
                change.fields.entry((*name).to_owned()).or_insert(other);
            }
        }
    }
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
