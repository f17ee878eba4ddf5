//! The SQL of the metrics: reading alone. Rows are written by `outbox::rows`, together with their events.
//!
//! Fields arrive one by one and from newer versions too. A row is an entry once it has a quantity and a time; a kind or unit that this version
//! does not know is read as unknown, and no row breaks the list that it is in.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::civil_date::CivilDate;
use crate::domain::id::Id;
use crate::domain::page::{self, Place, check_limit};
use crate::domain::time::{from_ms, to_ms};
use crate::error::Result;

use super::health::{Known, Statement};
use super::kind::MetricKind;
use super::model::{DailyTotal, ProgressEntry, ProgressEntryPage, ProgressEntryQuery};
use super::rules;
use super::unit::MetricUnit;

const COLUMNS: &str =
    "id, kind, quantity, unit, quantity_si, recorded_at_ms, utc_offset_s, date, notes, source, external_id, backend_id,
    version, last_modified";

/// A row that has arrived in full, as far as an entry needs it.
const IS_WHOLE: &str = "quantity IS NOT NULL AND quantity_si IS NOT NULL AND recorded_at_ms IS NOT NULL";

/// The entry, if it is stored and not deleted.
///
/// # Errors
/// What SQLite says.
pub fn get(connection: &Connection, account_id: &str, id: Id) -> Result<Option<ProgressEntry>> {
    let mut statement = connection.prepare_cached(&get_sql())?;
    Ok(statement
        .query_row(params![account_id, id.as_bytes()], read_entry)
        .optional()?)
}

fn get_sql() -> String {
    format!("SELECT {COLUMNS} FROM progress_entry WHERE account_id = ?1 AND id = ?2 AND alive = 1 AND {IS_WHOLE}")
}

/// What is stored under an id, deleted or not, as far as imports look at it.
///
/// # Errors
/// What SQLite says.
pub fn known(connection: &Connection, account_id: &str, id: Id) -> Result<Option<Known>> {
    let mut statement = connection.prepare_cached(KNOWN_SQL)?;
    Ok(statement
        .query_row(params![account_id, id.as_bytes()], |row| {
            let (kind, unit): (Option<String>, Option<String>) = (row.get(2)?, row.get(4)?);
            let quantity: Option<f64> = row.get(3)?;
            let recorded_at_ms: Option<i64> = row.get(5)?;
            let statement = || {
                Some(Statement {
                    kind: kind?,
                    quantity: quantity?,
                    unit: unit?,
                    recorded_at_ms: recorded_at_ms?,
                })
            };
            Ok(Known {
                alive: row.get(0)?,
                source: row.get(1)?,
                statement: statement(),
            })
        })
        .optional()?)
}

const KNOWN_SQL: &str =
    "SELECT alive, source, kind, quantity, unit, recorded_at_ms FROM progress_entry WHERE account_id = ?1 AND id = ?2";

/// A page, newest first.
///
/// # Errors
/// `InvalidArgument` for a limit outside 1 to 1000, an `after` that no page gave, or a kind of a newer version; what SQLite says.
pub fn list(connection: &Connection, account_id: &str, query: &ProgressEntryQuery) -> Result<ProgressEntryPage> {
    check_limit(query.limit)?;
    let kind = query.kind.map(MetricKind::known).transpose()?;
    let from = query.from.map_or(i64::MIN, to_ms);
    let before = Place::before(query.after.as_deref(), query.until.map(to_ms))?;
    // One more than asked for tells whether there is another page.
    let limit = query.limit + 1;
    let mut statement = connection.prepare_cached(&list_sql(kind.is_some()))?;
    let rows = match kind {
        Some(kind) => statement.query_map(
            params![account_id, from, before.at_ms, before.id, limit, kind.name()],
            read_entry,
        ),
        None => statement.query_map(params![account_id, from, before.at_ms, before.id, limit], read_entry),
    }?;
    let entries = rows.collect::<rusqlite::Result<_>>()?;
    let (entries, next) = page::cut(entries, query.limit, |entry: &ProgressEntry| {
        Place::mark(to_ms(entry.recorded_at), entry.id)
    });
    Ok(ProgressEntryPage { entries, next })
}

fn list_sql(by_kind: bool) -> String {
    // Left alone, SQLite takes the index by time for both and reads past all other kinds.
    let (index, kind) = if by_kind {
        ("progress_entry_by_kind", "AND kind = ?6")
    } else {
        ("progress_entry_by_time", "")
    };
    format!(
        "SELECT {COLUMNS} FROM progress_entry INDEXED BY {index}
         WHERE account_id = ?1 AND alive = 1 {kind} AND recorded_at_ms >= ?2 AND (recorded_at_ms, id) < (?3, ?4) AND {IS_WHOLE}
         ORDER BY recorded_at_ms DESC, id DESC LIMIT ?5"
    )
}

/// The newest entry of a kind.
///
/// # Errors
/// `InvalidArgument` for a kind of a newer version; what SQLite says.
pub fn latest(connection: &Connection, account_id: &str, kind: MetricKind) -> Result<Option<ProgressEntry>> {
    let query = ProgressEntryQuery {
        kind: Some(kind),
        limit: 1,
        ..ProgressEntryQuery::default()
    };
    Ok(list(connection, account_id, &query)?.entries.pop())
}

/// The days from `from_date` to `to_date`, both included, that have entries of the kind, in order.
///
/// # Errors
/// `InvalidArgument` for a kind of a newer version; what SQLite says.
pub fn daily(
    connection: &Connection,
    account_id: &str,
    kind: MetricKind,
    from_date: CivilDate,
    to_date: CivilDate,
) -> Result<Vec<DailyTotal>> {
    let kind = kind.known()?;
    let mut statement = connection.prepare_cached(&daily_sql(kind))?;
    let mut rows = statement.query(params![
        account_id,
        kind.name(),
        from_date.to_string(),
        to_date.to_string()
    ])?;
    let mut totals = Vec::new();
    while let Some(row) = rows.next()? {
        // A text between two dates that is none itself came from somewhere else; its entries are in the lists.
        let Ok(date) = row.get::<_, String>(0)?.parse() else {
            continue;
        };
        totals.push(DailyTotal {
            date,
            count: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
            sum_si: row.get(2)?,
            average_si: row.get(3)?,
            minimum_si: row.get(4)?,
            maximum_si: row.get(5)?,
            latest_si: row.get(6)?,
        });
    }
    Ok(totals)
}

fn daily_sql(kind: MetricKind) -> String {
    let quantity_si = quantity_si_sql(kind);
    let of_day = |date: &str| {
        format!(
            "FROM progress_entry INDEXED BY progress_entry_by_date
             WHERE account_id = ?1 AND kind = ?2 AND {date} AND alive = 1 AND {IS_WHOLE}"
        )
    };
    format!(
        "SELECT date, count(*), sum(si), avg(si), min(si), max(si),
           (SELECT {quantity_si} {} ORDER BY recorded_at_ms DESC, id DESC LIMIT 1)
         FROM (SELECT date AS day, date, {quantity_si} AS si {}) GROUP BY date ORDER BY date",
        of_day("date = day"),
        of_day("date BETWEEN ?3 AND ?4"),
    )
}

/// [`rules::shown_si`] in SQL.
fn quantity_si_sql(kind: MetricKind) -> String {
    let units = kind.units().into_iter().filter_map(|unit| Some((unit, unit.factor()?)));
    let cases: Vec<String> = units
        .map(|(unit, (numerator, denominator))| {
            format!("WHEN '{}' THEN quantity * {numerator:?} / {denominator:?}", unit.name())
        })
        .collect();
    format!("CASE unit {} ELSE quantity_si END", cases.join(" "))
}

fn read_entry(row: &Row<'_>) -> rusqlite::Result<ProgressEntry> {
    let kind = row.get::<_, Option<String>>(1)?;
    let kind = kind
        .and_then(|name| MetricKind::from_name(&name))
        .unwrap_or(MetricKind::Unknown);
    let quantity = row.get(2)?;
    let unit = row.get::<_, Option<String>>(3)?;
    let unit = unit
        .and_then(|name| MetricUnit::from_name(&name))
        .unwrap_or(MetricUnit::Unknown);
    let recorded_at_ms = row.get(5)?;
    let utc_offset_s = row
        .get::<_, Option<i64>>(6)?
        .and_then(|offset| i32::try_from(offset).ok());
    let date: Option<String> = row.get(7)?;
    let last_modified_ms = row.get(13)?;
    Ok(ProgressEntry {
        id: Id::from_bytes(row.get(0)?),
        kind,
        quantity,
        unit,
        quantity_si: rules::shown_si(kind, quantity, unit, row.get(4)?),
        recorded_at: from_ms(recorded_at_ms),
        utc_offset_s,
        date: rules::shown_date(date.as_deref(), recorded_at_ms, utc_offset_s),
        notes: row.get(8)?,
        source: row.get(9)?,
        external_id: row.get(10)?,
        backend_id: row.get(11)?,
        version: row.get(12)?,
        last_modified: (last_modified_ms > 0).then(|| from_ms(last_modified_ms)),
    })
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
