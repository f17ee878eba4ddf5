//! The kinds of row that travel, and the fields that each of them has.
//!
//! The table below is a contract: a field's name is its name in SQL, in JSON and on the wire, and its type never changes. A later version
//! adds fields and kinds; it takes none away.

use serde::{Deserialize, Serialize};

/// The kinds of row that travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A finished workout.
    Activity,
    /// One training day of a program: (program, week, day).
    ProgramSession,
    /// A movement that exercises refer to.
    ExerciseDefinition,
    /// Strength work of one training day.
    WorkoutLog,
    /// An exercise of a workout log.
    Exercise,
    /// A set of an exercise.
    ExerciseSet,
    /// A dated quantity.
    ProgressEntry,
    /// A timed entry of a habit.
    HabitLog,
}

/// What a field holds. Every field may be null: a row can arrive in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// Text; dates (`2026-01-28`) and names of enum values among it.
    Text,
    /// A whole number; instants in UTC milliseconds since 1970 among it.
    Integer,
    /// A number.
    Real,
    /// True or false.
    Boolean,
    /// A UUID, hyphenated on the wire.
    Id,
    /// A JSON value that nobody looks into.
    Json,
}

/// A field of a kind of row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub field_type: FieldType,
}

/// The field that every row has: false once it is deleted. Not in the tables below.
pub const ALIVE: &str = "alive";

macro_rules! fields {
    ($($name:literal $type:ident),* $(,)?) => {
        &[$(Field { name: $name, field_type: FieldType::$type }),*]
    };
}

const ACTIVITY: &[Field] = fields![
    "kind" Text, "origin" Text, "title" Text, "notes" Text, "started_at_ms" Integer, "ended_at_ms" Integer, "utc_offset_s" Integer,
    "distance_m" Real, "elevation_gain_m" Real, "elevation_loss_m" Real, "timer_s" Real, "elapsed_s" Real, "moving_s" Real,
    "sample_count" Integer, "segment_count" Integer, "average_speed_mps" Real, "max_speed_mps" Real, "average_heart_rate_bpm" Real,
    "max_heart_rate_bpm" Real, "average_cadence_rpm" Real, "average_power_w" Real, "device" Text, "reported" Json, "rejected" Json,
    "repairs" Json,
];
const PROGRAM_SESSION: &[Field] = fields![
    "program_id" Text, "week" Integer, "day" Integer, "completed_at_ms" Integer, "completed_utc_offset_s" Integer, "intensity" Text,
    "scheduled_date" Text,
];
const EXERCISE_DEFINITION: &[Field] = fields!["name" Text, "equipment" Text, "muscle_group" Text];
const WORKOUT_LOG: &[Field] = fields![
    "program_id" Text, "week" Integer, "day" Integer, "started_at_ms" Integer, "utc_offset_s" Integer, "is_workout_finished" Boolean,
    "notes" Text,
];
const EXERCISE: &[Field] = fields![
    "workout_log_id" Id, "definition_id" Id, "occurrence" Integer, "position" Text, "notes" Text, "body_weight" Real,
    "body_weight_unit" Text, "body_weight_kg" Real,
];
const EXERCISE_SET: &[Field] = fields![
    "workout_log_id" Id, "exercise_id" Id, "index" Integer, "reps" Integer, "weight" Real, "weight_unit" Text, "weight_kg" Real,
    "completed" Boolean,
];
const PROGRESS_ENTRY: &[Field] = fields![
    "kind" Text, "quantity" Real, "unit" Text, "quantity_si" Real, "recorded_at_ms" Integer, "utc_offset_s" Integer, "date" Text,
    "notes" Text, "source" Text, "external_id" Text, "backend_id" Text,
];
const HABIT_LOG: &[Field] = fields![
    "kind" Text, "started_at_ms" Integer, "utc_offset_s" Integer, "date" Text, "duration_ms" Integer, "method" Text, "notes" Text,
    "mood" Text, "potency" Integer, "source" Text, "external_id" Text,
];

impl EntityKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Activity,
        Self::ProgramSession,
        Self::ExerciseDefinition,
        Self::WorkoutLog,
        Self::Exercise,
        Self::ExerciseSet,
        Self::ProgressEntry,
        Self::HabitLog,
    ];

    /// The name in SQL and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::ProgramSession => "program_session",
            Self::ExerciseDefinition => "exercise_definition",
            Self::WorkoutLog => "workout_log",
            Self::Exercise => "exercise",
            Self::ExerciseSet => "exercise_set",
            Self::ProgressEntry => "progress_entry",
            Self::HabitLog => "habit_log",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The fields of its rows, without [`ALIVE`].
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Activity => ACTIVITY,
            Self::ProgramSession => PROGRAM_SESSION,
            Self::ExerciseDefinition => EXERCISE_DEFINITION,
            Self::WorkoutLog => WORKOUT_LOG,
            Self::Exercise => EXERCISE,
            Self::ExerciseSet => EXERCISE_SET,
            Self::ProgressEntry => PROGRESS_ENTRY,
            Self::HabitLog => HABIT_LOG,
        }
    }

    /// Fields that are one value together: a quantity and its unit, an instant and its offset. Merging goes field by field, so they are
    /// always written together, by one operation; else 80 kg here and 176 lb there could become 80 lb.
    #[must_use]
    pub fn values(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Activity | Self::ExerciseDefinition => &[],
            Self::ProgramSession => &[&["completed_at_ms", "completed_utc_offset_s"]],
            Self::WorkoutLog => &[&["started_at_ms", "utc_offset_s"]],
            Self::Exercise => &[&["body_weight", "body_weight_unit", "body_weight_kg"]],
            Self::ExerciseSet => &[&["weight", "weight_unit", "weight_kg"]],
            Self::ProgressEntry => &[
                &["quantity", "unit", "quantity_si"],
                &["recorded_at_ms", "utc_offset_s", "date"],
            ],
            Self::HabitLog => &[&["started_at_ms", "utc_offset_s", "date"]],
        }
    }

    /// The field with this name.
    #[must_use]
    pub fn field(self, name: &str) -> Option<Field> {
        self.fields().iter().copied().find(|field| field.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_lead_back() {
        for kind in EntityKind::ALL {
            assert_eq!(EntityKind::from_name(kind.name()), Some(kind));
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.name());
            let mut names: Vec<_> = kind.fields().iter().map(|field| field.name).collect();
            names.push(ALIVE);
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), kind.fields().len() + 1, "{kind:?}");
        }
    }

    #[test]
    fn values_are_made_of_fields_that_exist_each_of_one_value() {
        for kind in EntityKind::ALL {
            let mut seen = std::collections::BTreeSet::new();
            for name in kind.values().iter().copied().flatten() {
                assert!(kind.field(name).is_some() && seen.insert(*name), "{kind:?} {name}");
            }
        }
    }

    #[test]
    fn the_field_tables_are_a_contract() {
        let line = |kind: &EntityKind| {
            let fields: Vec<_> = kind
                .fields()
                .iter()
                .map(|field| format!("{} {:?}", field.name, field.field_type))
                .collect();
            format!("{}: {}", kind.name(), fields.join(", "))
        };
        let table = EntityKind::ALL.iter().map(line).collect::<Vec<_>>().join("\n");
        insta::assert_snapshot!(table);
    }
}
