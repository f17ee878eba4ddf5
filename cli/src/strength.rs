//! `steadfast strength …`: workout logs and the catalogue of movements.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write;
use std::sync::Arc;

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::domain::id::Id;
use steadfast_core::domain::time::from_ms;
use steadfast_core::error::{Result, SteadfastError, ValidationCode};
use steadfast_core::strength::api::Strength;
use steadfast_core::strength::model::{
    Exercise, ExerciseDefinition, ExerciseDefinitionDraft, ExercisePerformance, ExerciseSet, WorkoutLog,
    WorkoutLogPage, WorkoutLogQuery, WorkoutLogSummary,
};
use steadfast_core::strength::weight::Weight;

use crate::activity::{iso, labelled, local, plural};
use crate::args::StrengthCommand;
use crate::draft;
use crate::draw::format::grouped;
use crate::entry::{clock, more, number};
use crate::output::{Outcome, Report};
use crate::program::{day_words, removed};
use crate::shell::Shell;
use crate::table::{Align, Table, WIDTH, fit};

/// Runs one of them.
pub fn run(shell: &Shell, command: StrengthCommand) -> Outcome {
    let strength = shell.open()?.strength();
    match command {
        StrengthCommand::Save { file } => {
            let catalogue = block_on(strength.definitions())?;
            let draft = draft::read(&file, &catalogue)?;
            Ok(shown(&strength, block_on(strength.save(draft))?)?)
        }
        StrengthCommand::Show { day } => {
            let day = day.program_day();
            let log = block_on(strength.get(day.clone()))?.ok_or_else(|| {
                let detail = format!("no workout log of {}", day_words(&day));
                SteadfastError::validation(ValidationCode::NotFound, detail)
            })?;
            Ok(shown(&strength, log)?)
        }
        StrengthCommand::History {
            movement: Some(name),
            page,
            ..
        } => {
            let movement = draft::movement(&name, &block_on(strength.definitions())?)?;
            let found = block_on(strength.exercise_history(movement, page.limit))?;
            let movements = Movements::from([(movement, block_on(strength.definition(movement))?)]);
            Ok(performances(found, movements))
        }
        StrengthCommand::History { program, page, .. } => {
            let query = WorkoutLogQuery {
                program_id: program,
                from: page.from.map(from_ms),
                until: page.until.map(from_ms),
                limit: page.limit,
                after: page.after,
            };
            Ok(history(block_on(strength.history(query))?))
        }
        StrengthCommand::Delete { day } => {
            let day = day.program_day();
            block_on(strength.delete(day.clone()))?;
            Ok(removed(&day))
        }
        StrengthCommand::Define {
            name,
            equipment,
            muscle_group,
            id,
        } => {
            let draft = ExerciseDefinitionDraft {
                id,
                name,
                equipment,
                muscle_group,
            };
            Ok(defined(&block_on(strength.define(draft))?))
        }
        StrengthCommand::Definitions => Ok(definitions(block_on(strength.definitions())?)),
    }
}

/// The movements of a log by their ids; also those that are no longer in the catalogue.
type Movements = HashMap<Id, ExerciseDefinition>;

fn shown(strength: &Arc<Strength>, log: WorkoutLog) -> Result<Report> {
    let mut movements = Movements::new();
    for exercise in &log.exercises {
        if let Entry::Vacant(place) = movements.entry(exercise.definition_id) {
            place.insert(block_on(strength.definition(exercise.definition_id))?);
        }
    }
    let text = log_text(&log, &movements);
    Ok(Report::new(move || log_json(&log, &movements), move || text))
}

fn log_json(log: &WorkoutLog, movements: &Movements) -> Value {
    let exercises: Vec<Value> = log
        .exercises
        .iter()
        .map(|exercise| exercise_json(exercise, movements))
        .collect();
    json!({
        "id": log.id.to_string(),
        "program_id": log.program_day.program_id,
        "week": log.program_day.week,
        "day": log.program_day.day,
        "started_at": log.started_at.map(iso),
        "utc_offset_s": log.utc_offset_s,
        "is_workout_finished": log.is_workout_finished,
        "notes": log.notes,
        "exercises": exercises,
        "version": log.version,
        "last_modified": log.last_modified.map(iso),
    })
}

fn exercise_json(exercise: &Exercise, movements: &Movements) -> Value {
    json!({
        "id": exercise.id.to_string(),
        "definition_id": exercise.definition_id.to_string(),
        "movement": movements.get(&exercise.definition_id).map(|movement| &movement.name),
        "occurrence": exercise.occurrence,
        "position": exercise.position,
        "notes": exercise.notes,
        "body_weight": exercise.body_weight.map(weight_json),
        "sets": exercise.sets.iter().map(set_json).collect::<Vec<_>>(),
    })
}

fn set_json(set: &ExerciseSet) -> Value {
    json!({
        "id": set.id.to_string(),
        "index": set.index,
        "reps": set.reps,
        "weight": set.weight.map(weight_json),
        "completed": set.completed,
    })
}

fn weight_json(weight: Weight) -> Value {
    json!({ "value": weight.value, "unit": weight.unit.name(), "kg": weight.kilograms() })
}

fn weight_words(weight: Weight) -> String {
    format!("{} {}", number(weight.value), weight.unit.name())
}

fn log_text(log: &WorkoutLog, movements: &Movements) -> String {
    let started = log
        .started_at
        .map(|at| format!(", started {}", local(at, log.utc_offset_s, "%Y-%m-%d %H:%M")));
    let finished = if log.is_workout_finished { ", finished" } else { "" };
    let mut text = format!(
        "{}{}{finished}\n",
        day_words(&log.program_day),
        started.unwrap_or_default()
    );
    if let Some(notes) = &log.notes {
        labelled(&mut text, "notes", notes);
    }
    for exercise in &log.exercises {
        text.push('\n');
        exercise_text(&mut text, exercise, movements.get(&exercise.definition_id));
    }
    text
}

fn exercise_text(text: &mut String, exercise: &Exercise, movement: Option<&ExerciseDefinition>) {
    let name = movement.map(|movement| fit(&movement.name, 50)).unwrap_or_default();
    let body = exercise
        .body_weight
        .map(|weight| format!(", at {} of body weight", weight_words(weight)));
    let _ = writeln!(text, "{name}{}", body.unwrap_or_default());
    if let Some(notes) = &exercise.notes {
        labelled(text, "notes", notes);
    }
    let mut table = Table::new(&[
        ("  SET", Align::Right),
        ("REPS", Align::Right),
        ("WEIGHT", Align::Right),
        ("", Align::Left),
    ]);
    for (at, set) in exercise.sets.iter().enumerate() {
        table.row([
            (at + 1).to_string(),
            set.reps.map(|reps| reps.to_string()).unwrap_or_default(),
            set.weight.map(weight_words).unwrap_or_default(),
            if set.completed { "done" } else { "" }.to_owned(),
        ]);
    }
    if !exercise.sets.is_empty() {
        *text += &table.text();
    }
}

fn history(page: WorkoutLogPage) -> Report {
    let text = history_text(&page);
    let as_json = move || {
        let logs: Vec<Value> = page.logs.iter().map(summary_json).collect();
        json!({ "logs": logs, "next": page.next })
    };
    Report::new(as_json, move || text)
}

fn summary_json(log: &WorkoutLogSummary) -> Value {
    json!({
        "id": log.id.to_string(),
        "program_id": log.program_day.program_id,
        "week": log.program_day.week,
        "day": log.program_day.day,
        "started_at": log.started_at.map(iso),
        "utc_offset_s": log.utc_offset_s,
        "is_workout_finished": log.is_workout_finished,
        "exercise_count": log.exercise_count,
        "set_count": log.set_count,
        "completed_set_count": log.completed_set_count,
        "volume_load_kg": log.volume_load_kg,
    })
}

fn history_text(page: &WorkoutLogPage) -> String {
    if page.logs.is_empty() {
        return "no workout logs\n".to_owned();
    }
    let mut table = Table::new(&[
        ("STARTED", Align::Left),
        ("PROGRAM", Align::Left),
        ("WEEK", Align::Right),
        ("DAY", Align::Right),
        ("EXERCISES", Align::Right),
        ("SETS DONE", Align::Right),
        ("VOLUME", Align::Right),
        ("", Align::Left),
    ]);
    for log in &page.logs {
        table.row([
            log.started_at.map(|at| clock(at, log.utc_offset_s)).unwrap_or_default(),
            fit(&log.program_day.program_id, 16),
            log.program_day.week.to_string(),
            log.program_day.day.to_string(),
            log.exercise_count.to_string(),
            format!("{} of {}", log.completed_set_count, log.set_count),
            format!("{} kg", grouped(log.volume_load_kg, 0)),
            if log.is_workout_finished { "" } else { "open" }.to_owned(),
        ]);
    }
    table.text() + &more(page.next.as_deref())
}

fn performances(performances: Vec<ExercisePerformance>, movements: Movements) -> Report {
    let text = performances_text(&performances);
    let as_json = move || {
        let listed = performances
            .iter()
            .map(|performance| performance_json(performance, &movements));
        json!({ "performances": listed.collect::<Vec<_>>() })
    };
    Report::new(as_json, move || text)
}

fn performance_json(performance: &ExercisePerformance, movements: &Movements) -> Value {
    json!({
        "workout_log_id": performance.workout_log_id.to_string(),
        "program_id": performance.program_day.program_id,
        "week": performance.program_day.week,
        "day": performance.program_day.day,
        "started_at": performance.started_at.map(iso),
        "utc_offset_s": performance.utc_offset_s,
        "is_workout_finished": performance.is_workout_finished,
        "exercise": exercise_json(&performance.exercise, movements),
    })
}

fn performances_text(performances: &[ExercisePerformance]) -> String {
    if performances.is_empty() {
        return "no sets\n".to_owned();
    }
    let mut table = Table::new(&[
        ("STARTED", Align::Left),
        ("PROGRAM", Align::Left),
        ("WEEK", Align::Right),
        ("DAY", Align::Right),
        ("SETS", Align::Left),
    ]);
    for performance in performances {
        let sets: Vec<String> = performance.exercise.sets.iter().map(set_words).collect();
        table.row([
            performance
                .started_at
                .map(|at| clock(at, performance.utc_offset_s))
                .unwrap_or_default(),
            fit(&performance.program_day.program_id, 16),
            performance.program_day.week.to_string(),
            performance.program_day.day.to_string(),
            sets.join(", "),
        ]);
    }
    table.text_within(WIDTH)
}

/// "5 x 100 kg"; in brackets while it is not done.
fn set_words(set: &ExerciseSet) -> String {
    let reps = set.reps.map_or_else(|| "?".to_owned(), |reps| reps.to_string());
    let weight = set.weight.map(|weight| format!(" x {}", weight_words(weight)));
    let words = reps + &weight.unwrap_or_default();
    if set.completed { words } else { format!("({words})") }
}

fn definition_json(definition: &ExerciseDefinition) -> Value {
    json!({
        "id": definition.id.to_string(),
        "name": definition.name,
        "equipment": definition.equipment,
        "muscle_group": definition.muscle_group,
    })
}

fn defined(definition: &ExerciseDefinition) -> Report {
    let mut text = fit(&definition.name, WIDTH) + "\n";
    for (label, words) in [
        ("equipment", &definition.equipment),
        ("trains", &definition.muscle_group),
        ("id", &Some(definition.id.to_string())),
    ] {
        if let Some(words) = words {
            labelled(&mut text, label, words);
        }
    }
    let value = definition_json(definition);
    Report::new(move || value, move || text)
}

fn definitions(catalogue: Vec<ExerciseDefinition>) -> Report {
    let text = definitions_text(&catalogue);
    Report::new(
        move || json!({ "definitions": catalogue.iter().map(definition_json).collect::<Vec<_>>() }),
        move || text,
    )
}

fn definitions_text(catalogue: &[ExerciseDefinition]) -> String {
    if catalogue.is_empty() {
        return "no movements\n".to_owned();
    }
    let mut table = Table::new(&[
        ("ID", Align::Left),
        ("NAME", Align::Left),
        ("EQUIPMENT", Align::Left),
        ("TRAINS", Align::Left),
    ]);
    for definition in catalogue {
        table.row([
            definition.id.to_string(),
            fit(&definition.name, 24),
            definition.equipment.clone().unwrap_or_default(),
            definition.muscle_group.clone().unwrap_or_default(),
        ]);
    }
    format!(
        "{}{}\n",
        table.text_within(WIDTH),
        plural(catalogue.len() as u64, "movement")
    )
}
