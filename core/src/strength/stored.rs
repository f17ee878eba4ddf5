//! A log as its rows make it. A row may have come in part, or from a later version: what cannot be shown is left out, and the rest of
//! the log stays readable. Pure.

use std::collections::BTreeSet;

use crate::domain::id::Id;
use crate::domain::program_day::ProgramDay;
use crate::domain::time::from_ms;

use super::model::{Exercise, ExerciseSet, WorkoutLog};

/// A row of `workout_log`, deleted or not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogRow {
    /// False for the place of a deleted log.
    pub alive: bool,
    /// The training day; `None` until all of it arrived.
    pub program_day: Option<ProgramDay>,
    /// UTC milliseconds.
    pub started_at_ms: Option<i64>,
    /// Seconds.
    pub utc_offset_s: Option<i32>,
    /// Unknown is not finished.
    pub is_workout_finished: bool,
    /// The notes.
    pub notes: Option<String>,
    /// The server's stamps.
    pub stamp: RowStamp,
}

/// A row of `exercise`, deleted or not.
#[derive(Clone, Debug, PartialEq)]
pub struct ExerciseRow {
    /// False for the place of a deleted exercise.
    pub alive: bool,
    /// The exercise, without its sets.
    pub exercise: Exercise,
    /// The server's stamps.
    pub stamp: RowStamp,
}

/// A row of `exercise_set`, deleted or not.
#[derive(Clone, Debug, PartialEq)]
pub struct SetRow {
    /// False for the place of a deleted set.
    pub alive: bool,
    /// The exercise to which it belongs.
    pub exercise_id: Id,
    /// The set.
    pub set: ExerciseSet,
    /// The server's stamps.
    pub stamp: RowStamp,
}

/// The highest counter and the highest time of the server's stamps of a row; 0 before the server said anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowStamp {
    /// The counter.
    pub version: i64,
    /// UTC milliseconds.
    pub last_modified: i64,
}

impl RowStamp {
    fn max(self, other: Self) -> Self {
        Self {
            version: self.version.max(other.version),
            last_modified: self.last_modified.max(other.last_modified),
        }
    }
}

/// An exercise with its live sets, and the place of those that were deleted.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredExercise {
    /// False for the place of a deleted exercise.
    pub alive: bool,
    /// The exercise with its live sets.
    pub exercise: Exercise,
    /// The indexes that a set has or had.
    pub used_indexes: BTreeSet<u32>,
}

/// All rows of a log.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredLog {
    /// The log's id, also of one that has no row.
    pub id: Id,
    /// Its own row.
    pub row: Option<LogRow>,
    /// Live and deleted ones, in the order of (position, id).
    pub exercises: Vec<StoredExercise>,
    stamp: RowStamp,
}

impl StoredLog {
    /// Puts the rows of a log together.
    #[must_use]
    pub fn new(id: Id, row: Option<LogRow>, exercises: Vec<ExerciseRow>, mut sets: Vec<SetRow>) -> Self {
        let stamps = exercises
            .iter()
            .map(|exercise| exercise.stamp)
            .chain(sets.iter().map(|set| set.stamp));
        let stamp = stamps.fold(
            row.as_ref().map_or_else(RowStamp::default, |row| row.stamp),
            RowStamp::max,
        );
        sets.sort_by_key(|row| row.set.index);
        let mut exercises: Vec<StoredExercise> = exercises
            .into_iter()
            .map(|row| StoredExercise {
                alive: row.alive,
                used_indexes: BTreeSet::new(),
                exercise: row.exercise,
            })
            .collect();
        exercises.sort_by(|a, b| (&a.exercise.position, a.exercise.id).cmp(&(&b.exercise.position, b.exercise.id)));
        for row in sets {
            // A set whose exercise has yet to arrive waits for it.
            let Some(stored) = exercises
                .iter_mut()
                .find(|stored| stored.exercise.id == row.exercise_id)
            else {
                continue;
            };
            stored.used_indexes.insert(row.set.index);
            if row.alive {
                stored.exercise.sets.push(row.set);
            }
        }
        Self {
            id,
            row,
            exercises,
            stamp,
        }
    }

    /// The log as a person sees it; `None` if there is none.
    #[must_use]
    pub fn shown(&self, program_day: &ProgramDay) -> Option<WorkoutLog> {
        let row = self.row.as_ref().filter(|row| row.alive)?;
        let live = self.exercises.iter().filter(|stored| stored.alive);
        Some(WorkoutLog {
            id: self.id,
            program_day: program_day.clone(),
            started_at: row.started_at_ms.map(from_ms),
            utc_offset_s: row.utc_offset_s,
            is_workout_finished: row.is_workout_finished,
            notes: row.notes.clone(),
            exercises: live.map(|stored| stored.exercise.clone()).collect(),
            version: self.stamp.version,
            last_modified: (self.stamp.last_modified > 0).then(|| from_ms(self.stamp.last_modified)),
        })
    }

    /// True if a live exercise of the log is of this movement.
    #[must_use]
    pub fn has_live(&self, definition_id: Id) -> bool {
        self.exercises
            .iter()
            .any(|stored| stored.alive && stored.exercise.definition_id == definition_id)
    }
}
