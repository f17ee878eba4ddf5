//! What the strength room gave.

use serde_json::{Value, json};
use steadfast_core::strength::model::{
    Exercise, ExerciseDefinition, ExerciseDraft, ExercisePerformance, ExerciseSet, LogCacheInvalidations,
    LogCacheStatistics, SetDraft, WorkoutLog, WorkoutLogDraft, WorkoutLogPage, WorkoutLogSummary,
};
use steadfast_core::strength::weight::{Weight, WeightUnit};

use super::seen::{Seen, named, record, snake_case};

named!(WeightUnit);
record!(Weight { value, unit });
record!(WorkoutLog {
    id,
    program_day,
    started_at,
    utc_offset_s,
    is_workout_finished,
    notes,
    exercises,
    version,
    last_modified,
});
record!(Exercise {
    id,
    definition_id,
    occurrence,
    position,
    notes,
    body_weight,
    sets
});
record!(ExerciseSet {
    id,
    index,
    reps,
    weight,
    completed
});
record!(WorkoutLogDraft {
    program_day,
    started_at,
    utc_offset_s,
    is_workout_finished,
    notes,
    exercises,
});
record!(ExerciseDraft {
    id,
    definition_id,
    notes,
    body_weight,
    sets
});
record!(SetDraft {
    index,
    reps,
    weight,
    completed
});
record!(WorkoutLogSummary {
    id,
    program_day,
    started_at,
    utc_offset_s,
    is_workout_finished,
    exercise_count,
    set_count,
    completed_set_count,
    volume_load_kg,
});
record!(WorkoutLogPage { logs, next });
record!(ExercisePerformance {
    workout_log_id,
    program_day,
    started_at,
    utc_offset_s,
    is_workout_finished,
    exercise,
});
record!(ExerciseDefinition {
    id,
    name,
    equipment,
    muscle_group
});
record!(LogCacheStatistics {
    hits,
    misses,
    hit_ratio,
    entries,
    invalidations
});
record!(LogCacheInvalidations {
    saved,
    deleted,
    changed_elsewhere,
    account_changed,
    evicted,
});
