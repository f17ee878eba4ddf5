//! Every change of logs and movements with its outbox events, in the caller's transaction: all of it commits or nothing.

use rusqlite::Transaction;
use steadfast_protocol::entity::EntityKind;

use crate::domain::id::{self, Id};
use crate::domain::program_day::ProgramDay;
use crate::error::{Result, SteadfastError, ValidationCode};
use crate::outbox::commit::Changed;
use crate::outbox::edit::{Change, Edit};
use crate::outbox::merge::MAX_GROUP;

use super::model::{ExerciseDefinition, ExerciseDefinitionDraft, WorkoutLog, WorkoutLogDraft};
use super::stored::StoredLog;
use super::{diff, rules, table};

/// The id of the log of a training day.
#[must_use]
pub fn log_id(day: &ProgramDay) -> Id {
    id::workout_log(&day.program_id, day.week, day.day)
}

/// Makes the stored log what the draft says; what changes in it is told as a change of the log. The draft has been checked by [`rules::checked`].
///
/// # Errors
/// `InvalidArgument` naming the field, for a movement that the catalogue does not have or an id that is no exercise of the log; what
/// SQLite says.
pub fn save(tx: &Transaction<'_>, draft: &WorkoutLogDraft, by: &Edit) -> Result<Changed<WorkoutLog>> {
    let log_id = log_id(&draft.program_day);
    let stored = table::stored(tx, &by.account_id, log_id)?;
    check_definitions(tx, &stored, draft, by)?;
    let changes = diff::difference(&stored, draft)?;
    // The rows of one save are sent as one: other devices never see half a log, and it takes one request, not one a row, since of a root
    // only the first open event is ever on its way. The few logs beyond a group's size go row by row.
    let written = if changes.len() <= MAX_GROUP {
        by.write_group(tx, changes)?
    } else {
        by.write(tx, changes)?
    };
    let is_same = written.is_empty();
    let told = if is_same {
        Vec::new()
    } else {
        vec![(EntityKind::WorkoutLog, log_id)]
    };
    let log = table::stored(tx, &by.account_id, log_id)?.shown(&draft.program_day);
    Ok((log.ok_or_else(|| no_log(log_id))?, told))
}

/// An exercise that is in the log already may stay, whatever another device did to the catalogue.
fn check_definitions(tx: &Transaction<'_>, stored: &StoredLog, draft: &WorkoutLogDraft, by: &Edit) -> Result<()> {
    for (at, exercise) in draft.exercises.iter().enumerate() {
        let definition_id = exercise.definition_id;
        if !stored.has_live(definition_id) && !table::has_definition(tx, &by.account_id, definition_id)? {
            return Err(SteadfastError::invalid(
                &format!("exercises[{at}].definition_id"),
                format!("the catalogue has no movement {definition_id}"),
            ));
        }
    }
    Ok(())
}

/// Deletes a log with its exercises and sets.
///
/// The log goes in one group with what it holds. What exceeds a group follows in further ones: with the log gone nobody sees it any more.
///
/// # Errors
/// `NotFound`; what SQLite says.
pub fn delete(tx: &Transaction<'_>, day: &ProgramDay, by: &Edit) -> Result<Changed<()>> {
    let log_id = log_id(day);
    let stored = table::stored(tx, &by.account_id, log_id)?;
    if stored.shown(day).is_none() {
        return Err(no_log(log_id));
    }
    let mut changes = vec![Change::delete(EntityKind::WorkoutLog, log_id)];
    for (kind, id) in table::live_children(tx, &by.account_id, log_id)? {
        changes.push(Change::delete(kind, id).under(EntityKind::WorkoutLog, log_id));
    }
    for group in changes.chunks(MAX_GROUP) {
        by.write_group(tx, group.to_vec())?;
    }
    Ok(((), vec![(EntityKind::WorkoutLog, log_id)]))
}

/// Puts a movement into the catalogue, or changes it.
///
/// # Errors
/// `InvalidArgument` naming the field; what SQLite says.
pub fn define(tx: &Transaction<'_>, draft: &ExerciseDefinitionDraft, by: &Edit) -> Result<Changed<ExerciseDefinition>> {
    let mut fields = rules::definition_fields(draft)?;
    let id = draft.id.unwrap_or_else(|| by.new_id());
    let is_known = draft.id.is_some() && table::definition(tx, &by.account_id, id)?.is_some();
    if !is_known {
        // What nobody here ever set, another device that brings the same movement along may know.
        fields.retain(|_, value| !value.is_null());
    }
    let change = match draft.id {
        Some(id) => Change::upsert(EntityKind::ExerciseDefinition, id, fields),
        None => Change::create(EntityKind::ExerciseDefinition, id, fields),
    };
    let changed = by.write(tx, vec![change])?;
    let definition = table::definition(tx, &by.account_id, id)?;
    Ok((definition.ok_or_else(|| no_definition(id))?, changed))
}

/// Removes a movement that no log uses.
///
/// # Errors
/// `NotFound`; `InvalidArgument` naming `id` while exercises are of it; what SQLite says.
pub fn remove_definition(tx: &Transaction<'_>, id: Id, by: &Edit) -> Result<Changed<()>> {
    if !table::has_definition(tx, &by.account_id, id)? {
        return Err(no_definition(id));
    }
    let uses = table::uses(tx, &by.account_id, id)?;
    if uses > 0 {
        let detail = format!("{uses} exercises of workout logs are of this movement");
        return Err(SteadfastError::invalid("id", detail));
    }
    let changed = by.write(tx, vec![Change::delete(EntityKind::ExerciseDefinition, id)])?;
    Ok(((), changed))
}

fn no_log(id: Id) -> SteadfastError {
    SteadfastError::validation(ValidationCode::NotFound, format!("workout log {id}"))
}

pub(super) fn no_definition(id: Id) -> SteadfastError {
    SteadfastError::validation(ValidationCode::NotFound, format!("exercise definition {id}"))
}

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
