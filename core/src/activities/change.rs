//! Every change of an activity with its outbox event, in the caller's transaction: both commit or neither.

use std::collections::BTreeMap;

use rusqlite::Transaction;
use serde_json::Value;
use steadfast_protocol::operation::{EntityKind, OperationKind};

use crate::context::Context;
use crate::domain::id::Id;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::outbox::model::{NewEvent, Priority, Root};
use crate::outbox::table as outbox;

use super::model::{Activity, ActivityEdit, ActivityOrigin, FinishedWorkout};
use super::{rules, table};

/// Who makes a change, and when: what an event needs beside the new values.
#[derive(Clone, Debug)]
pub struct Stamp {
    device_id: Id,
    op_id: Id,
    moment: Moment,
    boot_id: Option<String>,
}

impl Stamp {
    /// The stamp of one change, made now.
    #[must_use]
    pub fn now(context: &Context) -> Self {
        Self {
            device_id: context.database.device_id(),
            op_id: context.new_id(),
            moment: context.now(),
            boot_id: context.boot_id.clone(),
        }
    }

    fn event(
        &self,
        account_id: &str,
        id: Id,
        operation: OperationKind,
        priority: Priority,
        fields: BTreeMap<String, Value>,
    ) -> NewEvent {
        NewEvent {
            account_id: account_id.to_owned(),
            device_id: self.device_id,
            op_id: self.op_id,
            root: Root {
                kind: EntityKind::Activity,
                id,
            },
            entity_kind: EntityKind::Activity,
            entity_id: id,
            operation,
            fields,
            moment: self.moment.clone(),
            boot_id: self.boot_id.clone(),
            priority,
            created_at_ms: self.moment.wall_ms,
        }
    }
}

/// The event of a workout that was inserted in this transaction.
///
/// # Errors
/// What SQLite says.
pub fn saved(tx: &Transaction<'_>, workout: &FinishedWorkout, stamp: &Stamp) -> Result<()> {
    let priority = match workout.activity.origin {
        ActivityOrigin::Recorded => Priority::User,
        ActivityOrigin::Imported => Priority::Background,
    };
    let fields = rules::fields(&workout.activity);
    let event = stamp.event(
        &workout.account_id,
        workout.activity.id,
        OperationKind::Upsert,
        priority,
        fields,
    );
    outbox::enqueue(tx, &event).map(drop)
}

/// Edits an activity; gives it as it is now. An edit that changes nothing writes nothing.
///
/// # Errors
/// `not_found`, `invalid_argument`, or what SQLite says.
pub fn edit(tx: &Transaction<'_>, account_id: &str, id: Id, edit: &ActivityEdit, stamp: &Stamp) -> Result<Activity> {
    let (before, after) = table::edit(tx, account_id, id, edit, stamp.moment.wall_ms)?;
    let changed = rules::edited_fields(&before, &after);
    if changed.is_empty() {
        return Ok(before);
    }
    outbox::enqueue(
        tx,
        &stamp.event(account_id, id, OperationKind::Upsert, Priority::User, changed),
    )?;
    Ok(after)
}

/// Deletes an activity with its track.
///
/// # Errors
/// `not_found`, or what SQLite says.
pub fn delete(tx: &Transaction<'_>, account_id: &str, id: Id, stamp: &Stamp) -> Result<()> {
    table::delete(tx, account_id, id, stamp.moment.wall_ms)?;
    let event = stamp.event(
        account_id,
        id,
        OperationKind::Delete,
        Priority::User,
        rules::deleted_fields(),
    );
    outbox::enqueue(tx, &event).map(drop)
}
