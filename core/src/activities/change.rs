//! Every change of an activity with its outbox event, in the caller's transaction: both commit or neither.

use rusqlite::Transaction;
use steadfast_protocol::entity::EntityKind;

use crate::domain::id::Id;
use crate::error::Result;
use crate::outbox::edit::{Change, Edit};

use super::model::{Activity, ActivityEdit, ActivityOrigin, FinishedWorkout};
use super::{rules, table};

/// The event of a workout that was inserted in this transaction; `was_deleted` if it takes the place of a deleted one.
///
/// # Errors
/// What SQLite says.
pub fn saved(tx: &Transaction<'_>, workout: &FinishedWorkout, was_deleted: bool, edit: &Edit) -> Result<()> {
    let edit = edit.clone().for_account(workout.account_id.clone());
    let edit = match workout.activity.origin {
        ActivityOrigin::Recorded => edit,
        ActivityOrigin::Imported => edit.in_background(),
    };
    let change = Change::upsert(
        EntityKind::Activity,
        workout.activity.id,
        rules::fields(&workout.activity),
    );
    // A recording's id was made for it; a file's follows from the file, and another device may have imported the same.
    let is_new = workout.activity.origin == ActivityOrigin::Recorded && !was_deleted;
    edit.tell(tx, &Change { is_new, ..change })
}

/// Edits an activity; gives it as it is now. An edit that changes nothing writes nothing.
///
/// # Errors
/// `not_found`, `invalid_argument`, or what SQLite says.
pub fn edit(tx: &Transaction<'_>, id: Id, edit: &ActivityEdit, by: &Edit) -> Result<Activity> {
    let (before, after) = table::edit(tx, &by.account_id, id, edit, by.moment.wall_ms)?;
    let changed = rules::edited_fields(&before, &after);
    if changed.is_empty() {
        return Ok(before);
    }
    by.tell(tx, &Change::upsert(EntityKind::Activity, id, changed))?;
    Ok(after)
}

/// Deletes an activity with its track.
///
/// # Errors
/// `not_found`, or what SQLite says.
pub fn delete(tx: &Transaction<'_>, id: Id, by: &Edit) -> Result<()> {
    table::delete(tx, &by.account_id, id, by.moment.wall_ms)?;
    by.tell(tx, &Change::delete(EntityKind::Activity, id))
}
