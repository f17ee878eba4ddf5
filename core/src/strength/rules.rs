//! What a log and a movement may hold. Pure.

use serde_json::{Value, json};

use crate::domain::instant::{check_utc_offset, checked_ms};
use crate::domain::text::{check_line, check_name, check_notes};
use crate::error::{Result, SteadfastError};
use crate::outbox::rows::Fields;

use super::model::{ExerciseDefinitionDraft, ExerciseDraft, SetDraft, WorkoutLogDraft};
use super::weight::Weight;

/// Exercises of a log at most.
pub const MAX_EXERCISES: usize = 100;
/// Sets of an exercise at most.
pub const MAX_SETS: usize = 100;
/// The highest index of a set. Indexes are never used twice, so this is more than [`MAX_SETS`].
pub const MAX_SET_INDEX: u32 = 9_999;
const MAX_REPS: u32 = 10_000;
const MAX_WEIGHT_KG: f64 = 2_000.0;
/// More than anybody ever weighed (635 kg); a machine cannot help with more than the whole body.
const MAX_BODY_WEIGHT_KG: f64 = 700.0;

/// The draft as it is saved, if it can be: empty notes are none.
///
/// # Errors
/// `InvalidArgument` naming the field, such as `exercises[0].sets[3].reps`.
pub fn checked(mut draft: WorkoutLogDraft) -> Result<WorkoutLogDraft> {
    draft.program_day = draft.program_day.checked()?;
    if let Some(started_at) = draft.started_at {
        checked_ms("started_at", started_at)?;
    }
    check_utc_offset("utc_offset_s", draft.utc_offset_s)?;
    draft.notes = checked_notes("notes", draft.notes)?;
    check_count("exercises", draft.exercises.len(), MAX_EXERCISES)?;
    for (at, exercise) in draft.exercises.iter_mut().enumerate() {
        check_exercise(&format!("exercises[{at}]"), exercise)?;
    }
    Ok(draft)
}

fn check_exercise(path: &str, exercise: &mut ExerciseDraft) -> Result<()> {
    exercise.notes = checked_notes(&format!("{path}.notes"), exercise.notes.take())?;
    if let Some(weight) = exercise.body_weight {
        let path = format!("{path}.body_weight");
        check_weight(&path, weight, 0.0, MAX_BODY_WEIGHT_KG)?;
        if weight.value == 0.0 {
            return Err(SteadfastError::invalid(&path, "nobody weighs nothing; unknown is none"));
        }
    }
    check_count(&format!("{path}.sets"), exercise.sets.len(), MAX_SETS)?;
    let mut before: Option<&SetDraft> = None;
    for (at, set) in exercise.sets.iter().enumerate() {
        let path = format!("{path}.sets[{at}]");
        check_set(&path, set)?;
        let fault = match (before.map(|before| before.index), set.index) {
            (Some(None), Some(_)) => Some("a set without an index is new and comes after those with one"),
            (Some(Some(before)), Some(index)) if index <= before => Some("sets are in the order of their indexes"),
            _ => None,
        };
        if let Some(fault) = fault {
            return Err(SteadfastError::invalid(&format!("{path}.index"), fault));
        }
        before = Some(set);
    }
    Ok(())
}

fn check_set(path: &str, set: &SetDraft) -> Result<()> {
    for (name, value, max) in [("index", set.index, MAX_SET_INDEX), ("reps", set.reps, MAX_REPS)] {
        if let Some(value) = value.filter(|value| *value > max) {
            let detail = format!("{value} is more than {max}");
            return Err(SteadfastError::invalid(&format!("{path}.{name}"), detail));
        }
    }
    match set.weight {
        Some(weight) => check_weight(&format!("{path}.weight"), weight, -MAX_BODY_WEIGHT_KG, MAX_WEIGHT_KG),
        None => Ok(()),
    }
}

fn check_weight(path: &str, weight: Weight, min_kg: f64, max_kg: f64) -> Result<()> {
    // No range contains NaN.
    if (min_kg..=max_kg).contains(&weight.kilograms()) {
        return Ok(());
    }
    let detail = format!(
        "{} {} is not from {min_kg} to {max_kg} kg",
        weight.value,
        weight.unit.name()
    );
    Err(SteadfastError::invalid(path, detail))
}

fn check_count(path: &str, count: usize, max: usize) -> Result<()> {
    if count <= max {
        return Ok(());
    }
    Err(SteadfastError::invalid(
        path,
        format!("{count}, at most {max} are allowed"),
    ))
}

fn checked_notes(path: &str, notes: Option<String>) -> Result<Option<String>> {
    let notes = notes.filter(|notes| !notes.is_empty());
    notes.iter().try_for_each(|notes| check_notes(path, notes))?;
    Ok(notes)
}

/// The fields of a movement, if it can be one.
///
/// # Errors
/// `InvalidArgument` naming `name`, `equipment` or `muscle_group`.
pub fn definition_fields(draft: &ExerciseDefinitionDraft) -> Result<Fields> {
    check_name("name", &draft.name)?;
    let mut fields = Fields::from([("name".to_owned(), json!(draft.name))]);
    for (name, value) in [("equipment", &draft.equipment), ("muscle_group", &draft.muscle_group)] {
        let value = value.as_deref().filter(|value| !value.is_empty());
        value.iter().try_for_each(|value| check_line(name, value))?;
        fields.insert(name.to_owned(), value.map_or(Value::Null, Value::from));
    }
    Ok(fields)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
