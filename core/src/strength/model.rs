//! The words of the strength room.

use std::time::SystemTime;

use crate::domain::id::Id;
use crate::domain::program_day::ProgramDay;

use super::weight::Weight;

/// Strength work of one training day: there is one log a day, on every device the same.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct WorkoutLog {
    /// Follows from the training day.
    pub id: Id,
    /// The training day.
    pub program_day: ProgramDay,
    /// When it was started, UTC.
    pub started_at: Option<SystemTime>,
    /// The offset of local time from UTC in seconds at the start.
    pub utc_offset_s: Option<i32>,
    /// True once the person finished the workout.
    pub is_workout_finished: bool,
    /// What the person noted.
    pub notes: Option<String>,
    /// In the person's order.
    pub exercises: Vec<Exercise>,
    /// The highest counter among the server's stamps of the log, its exercises and its sets; 0 before the server said anything.
    pub version: i64,
    /// The highest time among those stamps, UTC; `None` before the server said anything.
    pub last_modified: Option<SystemTime>,
}

/// An exercise of a log.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Exercise {
    /// Follows from log, definition and occurrence.
    pub id: Id,
    /// The movement, from the catalogue.
    pub definition_id: Id,
    /// 0 for the first exercise of this movement in the log, 1 for another one. Says nothing of the order.
    pub occurrence: u32,
    /// A fractional index: exercises are in the order of (position, id).
    pub position: String,
    /// What the person noted.
    pub notes: Option<String>,
    /// The person's own weight at this exercise, where it counts.
    pub body_weight: Option<Weight>,
    /// In the order of their indexes.
    pub sets: Vec<ExerciseSet>,
}

/// A set of an exercise.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ExerciseSet {
    /// Follows from exercise and index.
    pub id: Id,
    /// Names the set for ever: a set keeps its index when another one is deleted, so indexes may have gaps.
    pub index: u32,
    /// Repetitions.
    pub reps: Option<u32>,
    /// The weight that was moved; negative for the help of a machine or a band.
    pub weight: Option<Weight>,
    /// True once the set was done.
    pub completed: bool,
}

/// A log as the app's form holds it. What is saved is exactly this: what it leaves out is deleted.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct WorkoutLogDraft {
    /// The training day; says which log it is.
    pub program_day: ProgramDay,
    /// When it was started, UTC; 1970 to 2999.
    #[uniffi(default = None)]
    pub started_at: Option<SystemTime>,
    /// The offset of local time from UTC in seconds at the start, at most 18 hours.
    #[uniffi(default = None)]
    pub utc_offset_s: Option<i32>,
    /// True once the person finished the workout.
    #[uniffi(default = false)]
    pub is_workout_finished: bool,
    /// At most 10,000 characters; empty is the same as none.
    #[uniffi(default = None)]
    pub notes: Option<String>,
    /// In the order shown; at most 100.
    #[uniffi(default = [])]
    pub exercises: Vec<ExerciseDraft>,
}

/// An exercise as the app's form holds it.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ExerciseDraft {
    /// The id of the exercise of the log that this is. Exercises without one are matched with those of the same movement, in order;
    /// what is left is new.
    #[uniffi(default = None)]
    pub id: Option<Id>,
    /// The movement, from the catalogue. An exercise keeps its movement: a draft without `id` makes another exercise.
    pub definition_id: Id,
    /// At most 10,000 characters; empty is the same as none.
    #[uniffi(default = None)]
    pub notes: Option<String>,
    /// The person's own weight: over 0 kg, at most 700 kg.
    #[uniffi(default = None)]
    pub body_weight: Option<Weight>,
    /// At most 100; in the order of their indexes, new ones last.
    #[uniffi(default = [])]
    pub sets: Vec<SetDraft>,
}

/// A set as the app's form holds it.
#[derive(Clone, Debug, Default, PartialEq, uniffi::Record)]
pub struct SetDraft {
    /// The index of the set that this is. A set without one is new and gets an index that the exercise never had; but if no set of the
    /// exercise has an index here, they are matched with the exercise's sets in order.
    #[uniffi(default = None)]
    pub index: Option<u32>,
    /// Repetitions, at most 10,000.
    #[uniffi(default = None)]
    pub reps: Option<u32>,
    /// At most 2,000 kg; down to -700 kg where a machine or a band helps.
    #[uniffi(default = None)]
    pub weight: Option<Weight>,
    /// True once the set was done.
    #[uniffi(default = false)]
    pub completed: bool,
}

impl WorkoutLogDraft {
    /// An empty log of a training day.
    #[must_use]
    pub fn new(program_day: ProgramDay) -> Self {
        Self {
            program_day,
            started_at: None,
            utc_offset_s: None,
            is_workout_finished: false,
            notes: None,
            exercises: Vec::new(),
        }
    }
}

#[uniffi::export]
impl WorkoutLog {
    /// The log as a form holds it, to be changed and saved.
    #[must_use]
    pub fn draft(&self) -> WorkoutLogDraft {
        WorkoutLogDraft {
            program_day: self.program_day.clone(),
            started_at: self.started_at,
            utc_offset_s: self.utc_offset_s,
            is_workout_finished: self.is_workout_finished,
            notes: self.notes.clone(),
            exercises: self.exercises.iter().map(Exercise::draft).collect(),
        }
    }
}

impl Exercise {
    fn draft(&self) -> ExerciseDraft {
        let set = |set: &ExerciseSet| SetDraft {
            index: Some(set.index),
            reps: set.reps,
            weight: set.weight,
            completed: set.completed,
        };
        ExerciseDraft {
            id: Some(self.id),
            definition_id: self.definition_id,
            notes: self.notes.clone(),
            body_weight: self.body_weight,
            sets: self.sets.iter().map(set).collect(),
        }
    }
}

/// Which logs to list, newest first; logs without a start come last, and in no range of time.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct WorkoutLogQuery {
    /// Only those of this program.
    #[uniffi(default = None)]
    pub program_id: Option<String>,
    /// Only those that started at or after this instant.
    #[uniffi(default = None)]
    pub from: Option<SystemTime>,
    /// Only those that started before this instant.
    #[uniffi(default = None)]
    pub until: Option<SystemTime>,
    /// At most this many, 1 to 1000.
    #[uniffi(default = 50)]
    pub limit: u32,
    /// Continue after this page: the `next` of the page before.
    #[uniffi(default = None)]
    pub after: Option<String>,
}

impl Default for WorkoutLogQuery {
    fn default() -> Self {
        Self {
            program_id: None,
            from: None,
            until: None,
            limit: 50,
            after: None,
        }
    }
}

/// A log in a list; `get` gives the whole of it.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct WorkoutLogSummary {
    /// The log's id.
    pub id: Id,
    /// The training day.
    pub program_day: ProgramDay,
    /// When it was started, UTC.
    pub started_at: Option<SystemTime>,
    /// The offset of local time from UTC in seconds at the start.
    pub utc_offset_s: Option<i32>,
    /// True once the person finished the workout.
    pub is_workout_finished: bool,
    /// Exercises in it.
    pub exercise_count: u32,
    /// Sets in it.
    pub set_count: u32,
    /// Sets that were done.
    pub completed_set_count: u32,
    /// The volume load in kilograms: repetitions times weight, over the sets that were done. Body weight and help count nothing.
    pub volume_load_kg: f64,
}

/// A page of logs.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct WorkoutLogPage {
    /// Newest first.
    pub logs: Vec<WorkoutLogSummary>,
    /// Pass as `after` for the next page; `None` on the last.
    pub next: Option<String>,
}

/// A movement as it was done in one log.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ExercisePerformance {
    /// The log.
    pub workout_log_id: Id,
    /// Its training day.
    pub program_day: ProgramDay,
    /// When the log was started, UTC.
    pub started_at: Option<SystemTime>,
    /// The offset of local time from UTC in seconds at the start.
    pub utc_offset_s: Option<i32>,
    /// True once the person finished the workout.
    pub is_workout_finished: bool,
    /// The exercise with its sets.
    pub exercise: Exercise,
}

/// A movement of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ExerciseDefinition {
    /// Its id.
    pub id: Id,
    /// Its name; empty only while the row has arrived in part.
    pub name: String,
    /// What it is done with: `barbell`, or the app's own words.
    pub equipment: Option<String>,
    /// What it trains: `quadriceps`, or the app's own words.
    pub muscle_group: Option<String>,
}

/// A movement as the app gives it to the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ExerciseDefinitionDraft {
    /// The id of the movement that this is, or the fixed id of a movement that the app brings along; without one it gets a new id.
    #[uniffi(default = None)]
    pub id: Option<Id>,
    /// One line, not empty, at most 200 characters.
    pub name: String,
    /// One line, at most 200 characters; empty is the same as none.
    #[uniffi(default = None)]
    pub equipment: Option<String>,
    /// One line, at most 200 characters; empty is the same as none.
    #[uniffi(default = None)]
    pub muscle_group: Option<String>,
}

/// What the cache of logs did since the client was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, uniffi::Record)]
pub struct LogCacheStatistics {
    /// Lookups that the cache answered.
    pub hits: u64,
    /// Lookups that went to the database.
    pub misses: u64,
    /// Hits among all lookups, 0 to 1; `None` before the first.
    pub hit_ratio: Option<f64>,
    /// Logs in it now.
    pub entries: u32,
    /// Logs that left it, by reason.
    pub invalidations: LogCacheInvalidations,
}

/// How many logs left the cache, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct LogCacheInvalidations {
    /// They were saved here.
    pub saved: u64,
    /// They were deleted here.
    pub deleted: u64,
    /// Sync, a discarded change, a repair or a restore changed the store.
    pub changed_elsewhere: u64,
    /// Another account's data is shown.
    pub account_changed: u64,
    /// They were not asked for so long that others took their place.
    pub evicted: u64,
}
