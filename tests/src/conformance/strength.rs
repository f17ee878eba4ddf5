//! The calls on strength logs and the catalogue of movements.

use pollster::block_on;
use serde::Deserialize;
use serde_json::Value;
use steadfast_core::domain::id::Id;
use steadfast_core::error::Result as CoreResult;
use steadfast_core::strength::api::Strength;
use steadfast_core::strength::model::{
    ExerciseDefinitionDraft, ExerciseDraft, SetDraft, WorkoutLogDraft, WorkoutLogQuery,
};
use steadfast_core::strength::weight::{Weight, WeightUnit};

use super::actor::{Actor, Outcome, seen};
use super::arguments::Number;
use super::programs::TrainingDay;
use super::room_arguments::{Name, instant};
use super::seen::Seen;

/// The verbs of the room.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum StrengthVerb {
    SaveLog {
        draft: Draft,
    },
    GetLog {
        program_day: TrainingDay,
    },
    LogDraft {
        program_day: TrainingDay,
    },
    LogHistory {
        #[serde(default)]
        query: LogQuery,
    },
    ExerciseHistory {
        definition_id: Id,
        limit: u32,
    },
    DeleteLog {
        program_day: TrainingDay,
    },
    Define {
        definition: Definition,
    },
    Definitions {},
    Definition {
        id: Id,
    },
    RemoveDefinition {
        id: Id,
    },
    CacheStatistics {},
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Draft {
    program_day: TrainingDay,
    started_at_ms: Option<i64>,
    utc_offset_s: Option<i32>,
    #[serde(default)]
    is_workout_finished: bool,
    notes: Option<String>,
    #[serde(default)]
    exercises: Vec<WrittenExercise>,
}

impl Draft {
    fn draft(self) -> WorkoutLogDraft {
        WorkoutLogDraft {
            program_day: self.program_day.day(),
            started_at: instant(self.started_at_ms),
            utc_offset_s: self.utc_offset_s,
            is_workout_finished: self.is_workout_finished,
            notes: self.notes,
            exercises: self.exercises.into_iter().map(WrittenExercise::draft).collect(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenExercise {
    id: Option<Id>,
    definition_id: Id,
    notes: Option<String>,
    body_weight: Option<WrittenWeight>,
    #[serde(default)]
    sets: Vec<WrittenSet>,
}

impl WrittenExercise {
    fn draft(self) -> ExerciseDraft {
        ExerciseDraft {
            id: self.id,
            definition_id: self.definition_id,
            notes: self.notes,
            body_weight: self.body_weight.map(|weight| weight.weight()),
            sets: self.sets.into_iter().map(WrittenSet::draft).collect(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSet {
    index: Option<u32>,
    reps: Option<u32>,
    weight: Option<WrittenWeight>,
    #[serde(default)]
    completed: bool,
}

impl WrittenSet {
    fn draft(self) -> SetDraft {
        SetDraft {
            index: self.index,
            reps: self.reps,
            weight: self.weight.map(|weight| weight.weight()),
            completed: self.completed,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenWeight {
    value: Number,
    unit: Name<WeightUnit>,
}

impl WrittenWeight {
    pub(super) fn weight(&self) -> Weight {
        Weight {
            value: self.value.0,
            unit: self.unit.0,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LogQuery {
    program_id: Option<String>,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    limit: Option<u32>,
    after: Option<String>,
}

impl LogQuery {
    fn query(self) -> WorkoutLogQuery {
        WorkoutLogQuery {
            program_id: self.program_id,
            from: instant(self.from_ms),
            until: instant(self.until_ms),
            limit: self.limit.unwrap_or(WorkoutLogQuery::default().limit),
            after: self.after,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Definition {
    id: Option<Id>,
    name: String,
    equipment: Option<String>,
    muscle_group: Option<String>,
}

impl Definition {
    fn draft(self) -> ExerciseDefinitionDraft {
        ExerciseDefinitionDraft {
            id: self.id,
            name: self.name,
            equipment: self.equipment,
            muscle_group: self.muscle_group,
        }
    }
}

impl Actor {
    pub(super) fn lift(&self, verb: StrengthVerb) -> Outcome {
        let strength = self.client()?.strength();
        Ok(match verb {
            StrengthVerb::SaveLog { draft } => block_on(strength.save(draft.draft())).map(seen),
            StrengthVerb::GetLog { program_day } => block_on(strength.get(program_day.day())).map(seen),
            StrengthVerb::LogDraft { program_day } => draft_of(&strength, program_day),
            StrengthVerb::LogHistory { query } => block_on(strength.history(query.query())).map(seen),
            StrengthVerb::ExerciseHistory { definition_id, limit } => {
                block_on(strength.exercise_history(definition_id, limit)).map(seen)
            }
            StrengthVerb::DeleteLog { program_day } => block_on(strength.delete(program_day.day())).map(seen),
            StrengthVerb::Define { definition } => block_on(strength.define(definition.draft())).map(seen),
            StrengthVerb::Definitions {} => block_on(strength.definitions()).map(seen),
            StrengthVerb::Definition { id } => block_on(strength.definition(id)).map(seen),
            StrengthVerb::RemoveDefinition { id } => block_on(strength.remove_definition(id)).map(seen),
            StrengthVerb::CacheStatistics {} => Ok(strength.cache_statistics().seen()),
        })
    }
}

fn draft_of(strength: &Strength, program_day: TrainingDay) -> CoreResult<Value> {
    let log = block_on(strength.get(program_day.day()))?;
    Ok(log.map(|log| log.draft()).seen())
}
