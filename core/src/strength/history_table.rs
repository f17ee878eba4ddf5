//! The SQL of lists: logs newest first, and the last exercises of a movement.

use rusqlite::{Connection, Row, params};

use crate::domain::id::Id;
use crate::domain::page::{self, Place, check_limit};
use crate::domain::program_day::ProgramDay;
use crate::domain::text::check_name;
use crate::domain::time::{from_ms, to_ms};
use crate::error::Result;

use super::model::{ExercisePerformance, WorkoutLogPage, WorkoutLogQuery, WorkoutLogSummary};
use super::table::{read_day, read_exercise, read_exercise_set, read_offset};

/// A page of logs, newest first; those without a start last.
///
/// # Errors
/// `InvalidArgument` for a program, a limit or a page mark that is none; what SQLite says.
pub fn page(connection: &Connection, account_id: &str, query: &WorkoutLogQuery) -> Result<WorkoutLogPage> {
    check_limit(query.limit)?;
    if let Some(program_id) = &query.program_id {
        check_name("program_id", program_id)?;
    }
    let from_ms = query.from.map_or(NO_START_MS + 1, to_ms);
    let before = Place::before(query.after.as_deref(), query.until.map(to_ms))?;
    // One more than asked for tells whether there is another page.
    let wanted = query.limit + 1;
    let program_id = query.program_id.as_deref();
    let mut logs = Vec::new();
    if before.at_ms > NO_START_MS {
        let mut statement = connection.prepare_cached(&started_sql(program_id.is_some()))?;
        let rows = statement.query_map(
            params![account_id, program_id, wanted, from_ms, before.at_ms, before.id],
            read_summary,
        )?;
        logs = rows.collect::<rusqlite::Result<_>>()?;
    }
    let missing = wanted.saturating_sub(u32::try_from(logs.len()).unwrap_or(u32::MAX));
    if missing > 0 && query.from.is_none() && query.until.is_none() {
        let before_id = if before.at_ms > NO_START_MS {
            AFTER_ALL_IDS
        } else {
            &before.id[..]
        };
        let mut statement = connection.prepare_cached(&not_started_sql(program_id.is_some()))?;
        let rows = statement.query_map(params![account_id, program_id, missing, before_id], read_summary)?;
        for log in rows {
            logs.push(log?);
        }
    }
    let (mut logs, next) = page::cut(logs, query.limit, |log| {
        Place::mark(log.started_at.map_or(NO_START_MS, to_ms), log.id)
    });
    logs.iter_mut().try_for_each(|log| count(connection, account_id, log))?;
    Ok(WorkoutLogPage { logs, next })
}

/// Where logs without a start stand in a page mark: before all time.
const NO_START_MS: i64 = i64::MIN;
/// Longer than an id, and no smaller at any byte.
const AFTER_ALL_IDS: &[u8] = &[0xff; 17];

/// A log that has come in part has no training day yet, and is not listed before it has.
const SUMMARY: &str =
    "SELECT id, program_id, week, day, started_at_ms, utc_offset_s, is_workout_finished FROM workout_log";
const HAS_DAY: &str = "program_id IS NOT NULL AND week BETWEEN 0 AND 4294967295 AND day BETWEEN 0 AND 4294967295";

fn index(by_program: bool) -> (&'static str, &'static str) {
    if by_program {
        ("workout_log_by_program", "program_id = ?2")
    } else {
        ("workout_log_by_start", "?2 IS NULL")
    }
}

fn started_sql(by_program: bool) -> String {
    let (index, program) = index(by_program);
    format!(
        "{SUMMARY} INDEXED BY {index}
         WHERE account_id = ?1 AND alive = 1 AND {program} AND {HAS_DAY}
           AND started_at_ms >= ?4 AND (started_at_ms, id) < (?5, ?6)
         ORDER BY started_at_ms DESC, id DESC LIMIT ?3"
    )
}

fn not_started_sql(by_program: bool) -> String {
    let (index, program) = index(by_program);
    format!(
        "{SUMMARY} INDEXED BY {index}
         WHERE account_id = ?1 AND alive = 1 AND {program} AND {HAS_DAY} AND started_at_ms IS NULL AND id < ?4
         ORDER BY id DESC LIMIT ?3"
    )
}

/// Assistance and body weight are no load.
const COUNT_SQL: &str = "SELECT
      (SELECT count(*) FROM exercise INDEXED BY exercise_by_log WHERE account_id = ?1 AND workout_log_id = ?2 AND alive = 1 AND definition_id IS NOT NULL),
      count(*), count(*) FILTER (WHERE s.completed),
      total(s.reps * s.weight_kg) FILTER (WHERE s.completed AND s.weight_kg > 0)
    FROM exercise_set AS s INDEXED BY exercise_set_by_log
    JOIN exercise AS e ON e.account_id = s.account_id AND e.id = s.exercise_id AND e.alive = 1 AND e.definition_id IS NOT NULL
    WHERE s.account_id = ?1 AND s.workout_log_id = ?2 AND s.alive = 1 AND s.\"index\" IS NOT NULL";

fn count(connection: &Connection, account_id: &str, log: &mut WorkoutLogSummary) -> Result<()> {
    let mut statement = connection.prepare_cached(COUNT_SQL)?;
    (
        log.exercise_count,
        log.set_count,
        log.completed_set_count,
        log.volume_load_kg,
    ) = statement.query_row(params![account_id, log.id.as_bytes()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    Ok(())
}

const PERFORMANCES_SQL: &str =
    "SELECT e.id, e.definition_id, e.occurrence, e.position, e.notes, e.body_weight, e.body_weight_unit,
      e.body_weight_kg, e.alive, e.version, e.last_modified,
      log.id, log.program_id, log.week, log.day, log.started_at_ms, log.utc_offset_s, log.is_workout_finished
    FROM exercise AS e INDEXED BY exercise_by_definition
    JOIN workout_log AS log ON log.account_id = e.account_id AND log.id = e.workout_log_id AND log.alive = 1
    WHERE e.account_id = ?1 AND e.definition_id = ?2 AND e.alive = 1
      AND log.program_id IS NOT NULL AND log.week BETWEEN 0 AND 4294967295 AND log.day BETWEEN 0 AND 4294967295
    ORDER BY log.started_at_ms DESC, log.id DESC, e.position, e.id LIMIT ?3";
const PERFORMED_SETS_SQL: &str = "SELECT id, \"index\", reps, weight, weight_unit, weight_kg, completed
    FROM exercise_set WHERE account_id = ?1 AND workout_log_id = ?2 AND exercise_id = ?3 AND alive = 1 ORDER BY \"index\"";

/// The last exercises of a movement, newest log first; those of logs without a start last.
///
/// # Errors
/// `InvalidArgument` for a limit that is none; what SQLite says.
pub fn performances(
    connection: &Connection,
    account_id: &str,
    definition_id: Id,
    limit: u32,
) -> Result<Vec<ExercisePerformance>> {
    check_limit(limit)?;
    let mut statement = connection.prepare_cached(PERFORMANCES_SQL)?;
    let mut performances = statement
        .query_map(params![account_id, definition_id.as_bytes(), limit], read_performance)?
        .filter_map(rusqlite::Result::transpose)
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut statement = connection.prepare_cached(PERFORMED_SETS_SQL)?;
    for performance in &mut performances {
        let ids = params![
            account_id,
            performance.workout_log_id.as_bytes(),
            performance.exercise.id.as_bytes()
        ];
        let sets = statement.query_map(ids, read_exercise_set)?;
        performance.exercise.sets = sets
            .filter_map(rusqlite::Result::transpose)
            .collect::<rusqlite::Result<_>>()?;
    }
    Ok(performances)
}

fn read_performance(row: &Row<'_>) -> rusqlite::Result<Option<ExercisePerformance>> {
    let (Some(read), Some(program_day)) = (read_exercise(row)?, read_day(row, 12)?) else {
        return Ok(None);
    };
    Ok(Some(ExercisePerformance {
        workout_log_id: Id::from_bytes(row.get(11)?),
        program_day,
        started_at: row.get::<_, Option<i64>>(15)?.map(from_ms),
        utc_offset_s: read_offset(row, 16)?,
        is_workout_finished: row.get::<_, Option<bool>>(17)?.unwrap_or(false),
        exercise: read.exercise,
    }))
}

/// The counts are filled in later.
fn read_summary(row: &Row<'_>) -> rusqlite::Result<WorkoutLogSummary> {
    Ok(WorkoutLogSummary {
        id: Id::from_bytes(row.get(0)?),
        program_day: ProgramDay {
            program_id: row.get(1)?,
            week: row.get(2)?,
            day: row.get(3)?,
        },
        started_at: row.get::<_, Option<i64>>(4)?.map(from_ms),
        utc_offset_s: read_offset(row, 5)?,
        is_workout_finished: row.get::<_, Option<bool>>(6)?.unwrap_or(false),
        exercise_count: 0,
        set_count: 0,
        completed_set_count: 0,
        volume_load_kg: 0.0,
    })
}

#[cfg(test)]
#[path = "history_table_tests.rs"]
pub(crate) mod tests;
