//! The SQL of the habit logs. They are written by the outbox's `Edit`; here they are read.
//!
//! A row can hold what only a newer version knows, or arrive in parts: one without its kind or its moment is not shown yet, what else
//! cannot be said is left out, and no row hides another.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::civil_date::CivilDate;
use crate::domain::id::Id;
use crate::domain::instant::END_MS;
use crate::domain::page::{self, Place, check_limit};
use crate::domain::time::{from_ms, to_ms};
use crate::error::Result;

use super::model::{HabitDay, HabitLog, HabitLogPage, HabitLogQuery};

const COLUMNS: &str =
    "id, kind, started_at_ms, utc_offset_s, date, duration_ms, method, notes, mood, potency, source, external_id,
    version, last_modified";

/// The log, if there is one.
///
/// # Errors
/// What SQLite says.
pub fn get(connection: &Connection, account_id: &str, id: Id) -> Result<Option<HabitLog>> {
    let mut statement = connection.prepare_cached(&get_sql())?;
    Ok(statement
        .query_row(params![account_id, id.as_bytes(), END_MS], read_log)
        .optional()?)
}

fn get_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM habit_log
         WHERE account_id = ?1 AND id = ?2 AND alive = 1 AND kind IS NOT NULL AND started_at_ms >= 0 AND started_at_ms < ?3"
    )
}

/// A page, newest first.
///
/// # Errors
/// `InvalidArgument` for a limit outside 1 to 1000 or an `after` that no page gave; what SQLite says.
pub fn list(connection: &Connection, account_id: &str, query: &HabitLogQuery) -> Result<HabitLogPage> {
    check_limit(query.limit)?;
    let from = query.from.map_or(0, to_ms).max(0);
    let end = Place {
        at_ms: END_MS,
        id: Vec::new(),
    };
    let before = Place::before(query.after.as_deref(), query.until.map(to_ms))?.min(end);
    // One more than asked for tells whether there is another page.
    let limit = query.limit + 1;
    let mut statement = connection.prepare_cached(&list_sql(query.kind.is_some()))?;
    let mut rows = match &query.kind {
        Some(kind) => statement.query(params![account_id, from, before.at_ms, before.id, limit, kind]),
        None => statement.query(params![account_id, from, before.at_ms, before.id, limit]),
    }?;
    let mut logs = Vec::new();
    while let Some(row) = rows.next()? {
        logs.push(read_log(row)?);
    }
    let (logs, next) = page::cut(logs, query.limit, |log| Place::mark(to_ms(log.started_at), log.id));
    Ok(HabitLogPage { logs, next })
}

fn list_sql(by_kind: bool) -> String {
    // Left alone, SQLite takes the index by time for both and reads past all other kinds.
    let (index, kind) = if by_kind {
        ("habit_log_by_kind", "kind = ?6")
    } else {
        ("habit_log_by_time", "kind IS NOT NULL")
    };
    format!(
        "SELECT {COLUMNS} FROM habit_log INDEXED BY {index}
         WHERE account_id = ?1 AND alive = 1 AND {kind} AND started_at_ms >= ?2 AND (started_at_ms, id) < (?3, ?4)
         ORDER BY started_at_ms DESC, id DESC LIMIT ?5"
    )
}

/// The totals of a habit by day, from the first day to the last, both included; days without an entry are left out.
///
/// # Errors
/// What SQLite says.
pub fn daily(
    connection: &Connection,
    account_id: &str,
    kind: &str,
    from_date: CivilDate,
    to_date: CivilDate,
) -> Result<Vec<HabitDay>> {
    let mut statement = connection.prepare_cached(DAILY_SQL)?;
    let mut rows = statement.query(params![account_id, kind, from_date.to_string(), to_date.to_string()])?;
    let mut days = Vec::new();
    while let Some(row) = rows.next()? {
        if let Ok(date) = row.get::<_, String>(0)?.parse() {
            days.push(HabitDay {
                date,
                count: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
                duration_ms: row.get::<_, Option<i64>>(2)?.and_then(|ms| u64::try_from(ms).ok()),
            });
        }
    }
    Ok(days)
}

/// `total` where `sum` would refuse what overflows.
const DAILY_SQL: &str =
    "SELECT date, count(*), iif(count(duration_ms) > 0, CAST(total(max(duration_ms, 0)) AS INTEGER), NULL) FROM habit_log
    WHERE account_id = ?1 AND kind = ?2 AND date >= ?3 AND date <= ?4 AND alive = 1
    GROUP BY date ORDER BY date";

fn read_log(row: &Row<'_>) -> rusqlite::Result<HabitLog> {
    let started_at_ms: i64 = row.get(2)?;
    let utc_offset_s = row
        .get::<_, Option<i64>>(3)?
        .and_then(|offset| i32::try_from(offset).ok());
    let last_modified_ms: i64 = row.get(13)?;
    let date = row
        .get::<_, Option<String>>(4)?
        .and_then(|date| date.parse().ok())
        .or_else(|| CivilDate::of_instant(started_at_ms, utc_offset_s.unwrap_or(0)))
        .ok_or_else(|| rusqlite::Error::FromSqlConversionFailure(2, Type::Integer, "no moment".into()))?;
    Ok(HabitLog {
        id: Id::from_bytes(row.get(0)?),
        kind: row.get(1)?,
        started_at: from_ms(started_at_ms),
        utc_offset_s,
        date,
        duration_ms: row.get::<_, Option<i64>>(5)?.and_then(|ms| u64::try_from(ms).ok()),
        method: row.get(6)?,
        notes: row.get(7)?,
        mood: row.get(8)?,
        potency: row.get(9)?,
        source: row.get(10)?,
        external_id: row.get(11)?,
        version: row.get(12)?,
        last_modified: (last_modified_ms > 0).then(|| from_ms(last_modified_ms)),
    })
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
