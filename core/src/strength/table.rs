//! The SQL of logs and movements. It only reads: rows are written with their events, by `outbox::edit`.

use rusqlite::{Connection, OptionalExtension, Row, params};
use steadfast_protocol::entity::EntityKind;

use crate::domain::id::Id;
use crate::domain::program_day::ProgramDay;
use crate::error::Result;

use super::model::{Exercise, ExerciseDefinition, ExerciseSet};
use super::stored::{ExerciseRow, LogRow, RowStamp, SetRow, StoredLog};
use super::weight::Weight;

const LOG_SQL: &str = "SELECT alive, program_id, week, day, started_at_ms, utc_offset_s, is_workout_finished, notes, version, last_modified
    FROM workout_log WHERE account_id = ?1 AND id = ?2";
const EXERCISES_SQL: &str =
    "SELECT id, definition_id, occurrence, position, notes, body_weight, body_weight_unit, body_weight_kg, alive,
      version, last_modified
    FROM exercise WHERE account_id = ?1 AND workout_log_id = ?2";
const SETS_SQL: &str =
    "SELECT id, \"index\", reps, weight, weight_unit, weight_kg, completed, exercise_id, alive, version, last_modified
    FROM exercise_set WHERE account_id = ?1 AND workout_log_id = ?2";

/// All rows of a log, deleted ones too.
///
/// # Errors
/// What SQLite says.
pub fn stored(connection: &Connection, account_id: &str, log_id: Id) -> Result<StoredLog> {
    let of_log = params![account_id, log_id.as_bytes()];
    let log = connection
        .prepare_cached(LOG_SQL)?
        .query_row(of_log, read_log)
        .optional()?;
    let mut statement = connection.prepare_cached(EXERCISES_SQL)?;
    let exercises = statement
        .query_map(of_log, read_exercise)?
        .filter_map(rusqlite::Result::transpose)
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut statement = connection.prepare_cached(SETS_SQL)?;
    let sets = statement
        .query_map(of_log, read_set)?
        .filter_map(rusqlite::Result::transpose)
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(StoredLog::new(log_id, log, exercises, sets))
}

/// Every live exercise and set of a log, also those that are not shown.
///
/// # Errors
/// What SQLite says.
pub fn live_children(connection: &Connection, account_id: &str, log_id: Id) -> Result<Vec<(EntityKind, Id)>> {
    let mut children = Vec::new();
    for (kind, sql) in [
        (EntityKind::Exercise, LIVE_EXERCISES_SQL),
        (EntityKind::ExerciseSet, LIVE_SETS_SQL),
    ] {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![account_id, log_id.as_bytes()])?;
        while let Some(row) = rows.next()? {
            children.push((kind, Id::from_bytes(row.get(0)?)));
        }
    }
    Ok(children)
}

const LIVE_EXERCISES_SQL: &str = "SELECT id FROM exercise WHERE account_id = ?1 AND workout_log_id = ?2 AND alive = 1";
const LIVE_SETS_SQL: &str = "SELECT id FROM exercise_set WHERE account_id = ?1 AND workout_log_id = ?2 AND alive = 1";

/// True if the catalogue has this movement.
///
/// # Errors
/// What SQLite says.
pub fn has_definition(connection: &Connection, account_id: &str, id: Id) -> Result<bool> {
    let mut statement = connection
        .prepare_cached("SELECT 1 FROM exercise_definition WHERE account_id = ?1 AND id = ?2 AND alive = 1")?;
    Ok(statement.exists(params![account_id, id.as_bytes()])?)
}

const DEFINITIONS_SQL: &str = "SELECT id, name, equipment, muscle_group FROM exercise_definition
    WHERE account_id = ?1 AND alive = 1 ORDER BY name, id";

/// The catalogue, by name.
///
/// # Errors
/// What SQLite says.
pub fn definitions(connection: &Connection, account_id: &str) -> Result<Vec<ExerciseDefinition>> {
    let mut statement = connection.prepare_cached(DEFINITIONS_SQL)?;
    let rows = statement.query_map([account_id], read_definition)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A movement, also one that was removed.
///
/// # Errors
/// What SQLite says.
pub fn definition(connection: &Connection, account_id: &str, id: Id) -> Result<Option<ExerciseDefinition>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, name, equipment, muscle_group FROM exercise_definition WHERE account_id = ?1 AND id = ?2",
    )?;
    Ok(statement
        .query_row(params![account_id, id.as_bytes()], read_definition)
        .optional()?)
}

const USES_SQL: &str = "SELECT count(*) FROM exercise
    JOIN workout_log AS log ON log.account_id = exercise.account_id AND log.id = exercise.workout_log_id AND log.alive = 1
    WHERE exercise.account_id = ?1 AND exercise.definition_id = ?2 AND exercise.alive = 1";

/// How many exercises of live logs are of this movement.
///
/// # Errors
/// What SQLite says.
pub fn uses(connection: &Connection, account_id: &str, definition_id: Id) -> Result<u32> {
    let mut statement = connection.prepare_cached(USES_SQL)?;
    Ok(statement.query_row(params![account_id, definition_id.as_bytes()], |row| row.get(0))?)
}

fn read_log(row: &Row<'_>) -> rusqlite::Result<LogRow> {
    Ok(LogRow {
        alive: row.get(0)?,
        program_day: read_day(row, 1)?,
        started_at_ms: row.get(4)?,
        utc_offset_s: read_offset(row, 5)?,
        is_workout_finished: row.get::<_, Option<bool>>(6)?.unwrap_or(false),
        notes: row.get(7)?,
        stamp: read_stamp(row, 8)?,
    })
}

pub(super) fn read_day(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<ProgramDay>> {
    let program_id: Option<String> = row.get(at)?;
    let (week, day) = (natural(row, at + 1)?, natural(row, at + 2)?);
    Ok(match (program_id, week, day) {
        (Some(program_id), Some(week), Some(day)) => Some(ProgramDay { program_id, week, day }),
        _ => None,
    })
}

/// A number that is not negative; `None` also for one that no version of this type wrote.
fn natural(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<u32>> {
    Ok(row
        .get::<_, Option<i64>>(at)?
        .and_then(|number| u32::try_from(number).ok()))
}

pub(super) fn read_offset(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<i32>> {
    Ok(row
        .get::<_, Option<i64>>(at)?
        .and_then(|offset| i32::try_from(offset).ok()))
}

fn read_stamp(row: &Row<'_>, at: usize) -> rusqlite::Result<RowStamp> {
    Ok(RowStamp {
        version: row.get(at)?,
        last_modified: row.get(at + 1)?,
    })
}

fn read_id(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Id>> {
    Ok(row.get::<_, Option<[u8; 16]>>(at)?.map(Id::from_bytes))
}

fn read_weight(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Weight>> {
    let unit: Option<String> = row.get(at + 1)?;
    Ok(Weight::from_columns(row.get(at)?, unit.as_deref(), row.get(at + 2)?))
}

/// `None` for an exercise whose movement has yet to arrive.
pub(super) fn read_exercise(row: &Row<'_>) -> rusqlite::Result<Option<ExerciseRow>> {
    let Some(definition_id) = read_id(row, 1)? else {
        return Ok(None);
    };
    Ok(Some(ExerciseRow {
        exercise: Exercise {
            id: Id::from_bytes(row.get(0)?),
            definition_id,
            occurrence: natural(row, 2)?.unwrap_or(0),
            position: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
            notes: row.get(4)?,
            body_weight: read_weight(row, 5)?,
            sets: Vec::new(),
        },
        alive: row.get(8)?,
        stamp: read_stamp(row, 9)?,
    }))
}

/// `None` for a set whose index has yet to arrive.
pub(super) fn read_exercise_set(row: &Row<'_>) -> rusqlite::Result<Option<ExerciseSet>> {
    let Some(index) = natural(row, 1)? else { return Ok(None) };
    Ok(Some(ExerciseSet {
        id: Id::from_bytes(row.get(0)?),
        index,
        reps: natural(row, 2)?,
        weight: read_weight(row, 3)?,
        completed: row.get::<_, Option<bool>>(6)?.unwrap_or(false),
    }))
}

fn read_set(row: &Row<'_>) -> rusqlite::Result<Option<SetRow>> {
    let (Some(set), Some(exercise_id)) = (read_exercise_set(row)?, read_id(row, 7)?) else {
        return Ok(None);
    };
    Ok(Some(SetRow {
        exercise_id,
        set,
        alive: row.get(8)?,
        stamp: read_stamp(row, 9)?,
    }))
}

fn read_definition(row: &Row<'_>) -> rusqlite::Result<ExerciseDefinition> {
    Ok(ExerciseDefinition {
        id: Id::from_bytes(row.get(0)?),
        name: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
        equipment: row.get(2)?,
        muscle_group: row.get(3)?,
    })
}

#[cfg(test)]
#[path = "table_tests.rs"]
pub(crate) mod tests;
