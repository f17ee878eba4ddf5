//! The file of a workout log, as a person writes it: movements by name, weights with their units.

use std::path::Path;

use serde::Deserialize;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::program_day::ProgramDay;
use steadfast_core::error::{Result, SteadfastError, ValidationCode};
use steadfast_core::interchange::api::read_file;
use steadfast_core::strength::model::{ExerciseDefinition, ExerciseDraft, SetDraft, WorkoutLogDraft};
use steadfast_core::strength::weight::{Weight, WeightUnit};

use crate::output::Failure;
use crate::values::entry::{Instant, Quantity};

// A field that nobody knows is refused: leaving it out would lose what it says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Log {
    program_id: String,
    week: u32,
    day: u32,
    started_at: Option<Instant>,
    #[serde(default)]
    is_workout_finished: bool,
    notes: Option<String>,
    #[serde(default)]
    exercises: Vec<Exercise>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exercise {
    id: Option<Id>,
    movement: String,
    notes: Option<String>,
    body_weight: Option<Weighed>,
    #[serde(default)]
    sets: Vec<Set>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    index: Option<u32>,
    reps: Option<u32>,
    weight: Option<Weighed>,
    #[serde(default)]
    completed: bool,
}

struct Weighed(Weight);

impl<'de> Deserialize<'de> for Weighed {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let weight = || {
            let quantity: Quantity = text.parse().ok()?;
            Some(Weight {
                value: quantity.value,
                unit: WeightUnit::from_name(quantity.unit?.name())?,
            })
        };
        let wrong = || serde::de::Error::custom(format!("{text:?} is no weight like 100kg or 225lb"));
        weight().map(Self).ok_or_else(wrong)
    }
}

/// Reads a file; `catalogue` are the movements that it can name.
///
/// # Errors
/// Those of reading a file; `malformed_file` with the line; `not_found` for a movement that is not in the catalogue; a usage error for a
/// name that several movements have.
pub fn read(file: &Path, catalogue: &[ExerciseDefinition]) -> Result<WorkoutLogDraft, Failure> {
    let log: Log = serde_json::from_slice(&read_file(file)?)
        .map_err(|error| SteadfastError::validation(ValidationCode::MalformedFile, error.to_string()))?;
    let exercises = log.exercises.into_iter().map(|exercise| {
        Ok(ExerciseDraft {
            id: exercise.id,
            definition_id: movement(&exercise.movement, catalogue)?,
            notes: exercise.notes,
            body_weight: exercise.body_weight.map(|weighed| weighed.0),
            sets: exercise.sets.into_iter().map(set).collect(),
        })
    });
    Ok(WorkoutLogDraft {
        exercises: exercises.collect::<Result<_, Failure>>()?,
        started_at: log.started_at.map(|started| started.at),
        utc_offset_s: log.started_at.and_then(|started| started.utc_offset_s),
        is_workout_finished: log.is_workout_finished,
        notes: log.notes,
        ..WorkoutLogDraft::new(ProgramDay::new(log.program_id, log.week, log.day))
    })
}

fn set(set: Set) -> SetDraft {
    SetDraft {
        index: set.index,
        reps: set.reps,
        weight: set.weight.map(|weighed| weighed.0),
        completed: set.completed,
    }
}

/// The movement with this id or name. A name to the letter comes before one that differs in case.
///
/// # Errors
/// `not_found`; a usage error for a name that several movements have.
pub fn movement(name: &str, catalogue: &[ExerciseDefinition]) -> Result<Id, Failure> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let named = |is: &dyn Fn(&str) -> bool| -> Vec<Id> {
        let found = catalogue.iter().filter(|movement| is(&movement.name));
        found.map(|movement| movement.id).collect()
    };
    let mut found = named(&|known| known == name);
    if found.is_empty() {
        found = named(&|known| known.to_lowercase() == name.to_lowercase());
    }
    match found[..] {
        [id] => Ok(id),
        [] => {
            let detail = format!("movement {name:?}; `steadfast strength define` puts it into the catalogue");
            Err(SteadfastError::validation(ValidationCode::NotFound, detail).into())
        }
        _ => {
            let ids: Vec<String> = found.iter().map(|id| format!("\n  {id}")).collect();
            let list = ids.concat();
            Err(Failure::Usage(format!(
                "{} movements are named {name}; name one by its id:{list}",
                found.len()
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(names: &[&str]) -> Vec<ExerciseDefinition> {
        let of = |(at, name): (usize, &&str)| ExerciseDefinition {
            id: Id::from_u128(at as u128 + 1),
            name: (*name).to_owned(),
            equipment: None,
            muscle_group: None,
        };
        names.iter().enumerate().map(of).collect()
    }

    #[test]
    fn a_movement_is_named_by_its_name_or_its_id() {
        let catalogue = catalogue(&["Squat", "squat", "Row", "Row", "Bench press"]);
        let found = |name: &str| movement(name, &catalogue).map(|id| id.as_u128());
        assert!(matches!(found("squat"), Ok(2)));
        assert!(matches!(found("bench PRESS"), Ok(5)));
        assert!(matches!(found("00000000-0000-0000-0000-000000000009"), Ok(9)));
        assert!(matches!(found("SQUAT"), Err(Failure::Usage(_))));
        assert!(matches!(found("Row"), Err(Failure::Usage(words)) if words.starts_with("2 movements are named Row")));
        assert!(matches!(found("Deadlift"), Err(Failure::Core(error)) if error.code_name() == "not_found"));
    }

    #[test]
    fn a_weight_is_a_number_with_kilograms_or_pounds() {
        let read = |json: &str| serde_json::from_str::<Weighed>(json).map(|weighed| weighed.0);
        assert_eq!(read("\"100kg\"").unwrap(), Weight::kg(100.0));
        assert_eq!(read("\"-22.5 lb\"").unwrap(), Weight::lb(-22.5));
        for wrong in ["100", "\"100\"", "\"100 m\"", "\"heavy\""] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
