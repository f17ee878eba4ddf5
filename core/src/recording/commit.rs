//! Writing a finished workout into the store, with its outbox event, and what happens when that fails.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Transaction;

use crate::accounts::table as accounts;
use crate::activities::change;
use crate::activities::model::{Activity, FinishedWorkout};
use crate::activities::save::{self, Saved};
use crate::activities::table;
use crate::context::Context;
use crate::database::errors::is_transient;
use crate::domain::cancel::CancelToken;
use crate::domain::id::Id;
use crate::domain::progress::{SavePhase, SaveProgress};
use crate::error::{Result, SteadfastError, ValidationCode};
use crate::event::{ChangedEntity, Event};
use crate::outbox::edit::{Debounce, Edit};

/// Waits between the attempts of a save that failed for a passing reason.
const RETRY_AFTER: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];
/// How often a waiting save looks at its cancel token.
const TICK: Duration = Duration::from_millis(50);

/// What to do with a workout whose activity was deleted before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// It stays deleted.
    Refuse,
    /// The person wants it back.
    Resurrect,
}

/// One workout of a commit, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Committed {
    /// The stored row.
    pub activity: Activity,
    /// False if it was stored already and nothing was changed.
    pub is_new: bool,
}

/// Commits the workouts of one recording or one file in one transaction, each with its outbox event. Blocks; call it on a thread of its
/// own. Retried three times (0.5, 1, 2 s) if the failure is a passing one. `source` names the recording in progress events.
///
/// # Errors
/// `Cancelled`, or what the store says; nothing was written then.
pub fn commit(
    context: &Context,
    workouts: Vec<FinishedWorkout>,
    deleted: Deleted,
    source: Option<Id>,
    cancel: Option<&Arc<CancelToken>>,
) -> Result<Vec<Committed>> {
    let shared: Arc<[FinishedWorkout]> = workouts.into();
    let mut waits = RETRY_AFTER.iter();
    loop {
        match attempt(context, &shared, deleted, source, cancel) {
            Err(error) if is_transient(&error) => match waits.next() {
                Some(wait) => pause(*wait, cancel)?,
                None => return Err(error),
            },
            outcome => return outcome,
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the thread is the save's own")]
fn pause(wait: Duration, cancel: Option<&Arc<CancelToken>>) -> Result<()> {
    let mut left = wait;
    while !left.is_zero() {
        if cancel.is_some_and(|token| token.is_cancelled()) {
            return Err(SteadfastError::cancelled());
        }
        let step = left.min(TICK);
        std::thread::sleep(step);
        left -= step;
    }
    Ok(())
}

/// The workout under the account that it belongs to now.
fn owned<'w>(tx: &Transaction<'_>, workout: &'w FinishedWorkout) -> Result<Cow<'w, FinishedWorkout>> {
    let owner = accounts::owner(tx, workout.activity.id, &workout.account_id)?;
    Ok(if owner == workout.account_id {
        Cow::Borrowed(workout)
    } else {
        Cow::Owned(FinishedWorkout {
            account_id: owner,
            ..workout.clone()
        })
    })
}

fn attempt(
    context: &Context,
    workouts: &Arc<[FinishedWorkout]>,
    deleted: Deleted,
    source: Option<Id>,
    cancel: Option<&Arc<CancelToken>>,
) -> Result<Vec<Committed>> {
    context
        .database
        .require_space(2 * workouts.iter().map(save::estimated_bytes).sum::<u64>())?;
    let (workouts, cancel) = (Arc::clone(workouts), cancel.cloned());
    let events = context.events.clone();
    let edit = Edit::now(context, Debounce::None);
    let committed = context.database.write(move |tx| {
        let mut report = |progress: SaveProgress| {
            events.send(Event::Progress {
                workout_id: source,
                progress,
            });
        };
        let mut committed = Vec::with_capacity(workouts.len());
        for workout in workouts.iter() {
            let workout = &owned(tx, workout)?;
            let mut saved = save::insert(tx, workout, &mut report, cancel.as_deref())?;
            let was_deleted = saved == Saved::Deleted;
            if was_deleted && deleted == Deleted::Resurrect {
                table::forget(tx, &workout.account_id, workout.activity.id)?;
                saved = save::insert(tx, workout, &mut report, cancel.as_deref())?;
            }
            committed.push(match saved {
                Saved::New => {
                    change::saved(tx, workout, was_deleted, &edit)?;
                    Committed {
                        activity: workout.activity.clone(),
                        is_new: true,
                    }
                }
                Saved::AlreadyStored(activity) => Committed {
                    activity: *activity,
                    is_new: false,
                },
                Saved::Deleted => {
                    return Err(SteadfastError::validation(
                        ValidationCode::NotFound,
                        "the activity was deleted",
                    ));
                }
            });
        }
        Ok(committed)
    });
    let committed = committed.wait()?;
    context.events.send(Event::Progress {
        workout_id: source,
        progress: SaveProgress {
            phase: SavePhase::Clearing,
            done: 1,
            total: 1,
        },
    });
    for saved in committed.iter().filter(|saved| saved.is_new) {
        context.events.send(Event::Changed {
            entity: ChangedEntity::Activity,
            id: saved.activity.id,
        });
    }
    Ok(committed)
}
