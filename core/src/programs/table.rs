//! The SQL of the training days. They are written by the outbox's `Edit`; here they are read.
//!
//! A row can hold what only a newer version knows, or arrive in parts: what cannot be said is left out, and no row hides another.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::id::Id;
use crate::domain::program_day::ProgramDay;
use crate::domain::time::from_ms;
use crate::error::Result;

use super::model::{Intensity, ProgramSession};
use super::rules;

const COLUMNS: &str =
    "id, week, day, completed_at_ms, completed_utc_offset_s, intensity, scheduled_date, version, last_modified";

/// The session of a training day, if there is one.
///
/// # Errors
/// What SQLite says.
pub fn get(connection: &Connection, account_id: &str, day: &ProgramDay) -> Result<Option<ProgramSession>> {
    let mut statement = connection.prepare_cached(&get_sql())?;
    let id = rules::session_id(day);
    Ok(statement
        .query_row(params![account_id, id.as_bytes()], |row| read_session(row, day.clone()))
        .optional()?)
}

fn get_sql() -> String {
    format!("SELECT {COLUMNS} FROM program_session WHERE account_id = ?1 AND id = ?2 AND alive = 1")
}

/// The sessions of a program, or of one of its weeks, by week and day.
///
/// # Errors
/// What SQLite says.
pub fn list(
    connection: &Connection,
    account_id: &str,
    program_id: &str,
    week: Option<u32>,
) -> Result<Vec<ProgramSession>> {
    let mut statement = connection.prepare_cached(&list_sql(week.is_some()))?;
    let mut rows = match week {
        Some(week) => statement.query(params![account_id, program_id, week]),
        None => statement.query(params![account_id, program_id]),
    }?;
    let mut sessions = Vec::new();
    while let Some(row) = rows.next()? {
        let number = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.and_then(|n| u32::try_from(n).ok()));
        if let (Some(week), Some(day)) = (number(1)?, number(2)?) {
            let program_id = program_id.to_owned();
            sessions.push(read_session(row, ProgramDay { program_id, week, day })?);
        }
    }
    Ok(sessions)
}

fn list_sql(one_week: bool) -> String {
    let week = if one_week { "AND week = ?3" } else { "" };
    format!(
        "SELECT {COLUMNS} FROM program_session WHERE account_id = ?1 AND program_id = ?2 {week} AND alive = 1
         ORDER BY week, day"
    )
}

fn read_session(row: &Row<'_>, program_day: ProgramDay) -> rusqlite::Result<ProgramSession> {
    let last_modified_ms: i64 = row.get(8)?;
    Ok(ProgramSession {
        id: Id::from_bytes(row.get(0)?),
        program_day,
        completed_at: row.get::<_, Option<i64>>(3)?.map(from_ms),
        completed_utc_offset_s: row
            .get::<_, Option<i64>>(4)?
            .and_then(|offset| i32::try_from(offset).ok()),
        intensity: row
            .get::<_, Option<String>>(5)?
            .and_then(|name| Intensity::from_name(&name)),
        scheduled_date: row.get::<_, Option<String>>(6)?.and_then(|date| date.parse().ok()),
        version: row.get(7)?,
        last_modified: (last_modified_ms > 0).then(|| from_ms(last_modified_ms)),
    })
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
