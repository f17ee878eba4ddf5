//! The SQL of the activities. A deleted activity keeps its row with `alive = 0`, so that files of it that turn up later are known.

use std::collections::HashMap;
use std::hash::Hash;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::de::DeserializeOwned;

use crate::domain::id::Id;
use crate::domain::kind::ActivityKind;
use crate::domain::lap::Lap;
use crate::domain::page::{self, Place, check_limit};
use crate::domain::time::{from_ms, to_ms};
use crate::error::{Result, SteadfastError, TransactionCode, ValidationCode};
use crate::track::model::{BoundingBox, Chunk};

use super::model::{Activity, ActivityEdit, ActivityOrigin, ActivityPage, ActivityQuery};
use super::rules;
use crate::domain::split::Split;
use crate::domain::time::TimerInterval;

/// The tables whose rows belong to one activity, each with `account_id` and `activity_id`.
pub const PARTS: [&str; 4] = ["track_chunk", "split", "lap", "timer_interval"];

/// What is known under an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Nothing.
    Absent,
    /// An activity.
    Stored,
    /// An activity that was deleted.
    Deleted,
}

const COLUMNS: &str = "id, kind, origin, title, notes, started_at_ms, ended_at_ms, utc_offset_s, distance_m, elevation_gain_m,
    elevation_loss_m, timer_s, elapsed_s, moving_s, sample_count, segment_count, average_speed_mps, max_speed_mps,
    average_heart_rate_bpm, max_heart_rate_bpm, average_cadence_rpm, average_power_w, device, reported, rejected, repairs,
    created_at_ms, updated_at_ms";

/// What is known under `id`.
///
/// # Errors
/// What SQLite says.
pub fn exists(connection: &Connection, account_id: &str, id: Id) -> Result<Presence> {
    let mut statement = connection.prepare_cached("SELECT alive FROM activity WHERE account_id = ?1 AND id = ?2")?;
    let alive: Option<bool> = statement
        .query_row(params![account_id, id.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(match alive {
        None => Presence::Absent,
        Some(true) => Presence::Stored,
        Some(false) => Presence::Deleted,
    })
}

/// The activity, if it is stored and not deleted.
///
/// # Errors
/// What SQLite says; `DataDamaged` if the row holds what no version wrote.
pub fn get(connection: &Connection, account_id: &str, id: Id) -> Result<Option<Activity>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM activity WHERE account_id = ?1 AND id = ?2 AND alive = 1"
    ))?;
    Ok(statement
        .query_row(params![account_id, id.as_bytes()], read_activity)
        .optional()?)
}

/// True if any account's store has the activity, or had it until it was deleted there. An id names one workout, whoever owns it.
///
/// # Errors
/// What SQLite says.
pub fn is_known(connection: &Connection, id: Id) -> Result<bool> {
    let mut statement = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM activity WHERE id = ?1)")?;
    Ok(statement.query_row([id.as_bytes()], |row| row.get(0))?)
}

/// The number of activities that match the query's kind and dates; its limit and place are left aside.
///
/// # Errors
/// What SQLite says.
pub fn count(connection: &Connection, account_id: &str, query: &ActivityQuery) -> Result<u64> {
    let (from, until) = (query.from.map_or(i64::MIN, to_ms), query.until.map_or(i64::MAX, to_ms));
    let mut statement = connection.prepare_cached(count_sql(query.kind.is_some()))?;
    let count: i64 = match query.kind {
        Some(kind) => statement.query_row(params![account_id, from, until, kind.name()], |row| row.get(0)),
        None => statement.query_row(params![account_id, from, until], |row| row.get(0)),
    }?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn count_sql(by_kind: bool) -> &'static str {
    if by_kind {
        "SELECT count(*) FROM activity
         WHERE account_id = ?1 AND alive = 1 AND started_at_ms >= ?2 AND started_at_ms < ?3 AND kind = ?4"
    } else {
        "SELECT count(*) FROM activity WHERE account_id = ?1 AND alive = 1 AND started_at_ms >= ?2 AND started_at_ms < ?3"
    }
}

/// A page, newest first.
///
/// # Errors
/// `InvalidArgument` for a limit outside 1 to 1000 or an `after` that no page gave; what SQLite says.
pub fn list(connection: &Connection, account_id: &str, query: &ActivityQuery) -> Result<ActivityPage> {
    check_limit(query.limit)?;
    let from = query.from.map_or(i64::MIN, to_ms);
    let before = Place::before(query.after.as_deref(), query.until.map(to_ms))?;
    // One more than asked for tells whether there is another page.
    let limit = query.limit + 1;
    let mut statement = connection.prepare_cached(&list_sql(query.kind.is_some()))?;
    let mut rows = match query.kind {
        Some(kind) => statement.query(params![account_id, from, before.at_ms, before.id, limit, kind.name()]),
        None => statement.query(params![account_id, from, before.at_ms, before.id, limit]),
    }?;
    let mut activities = Vec::new();
    while let Some(row) = rows.next()? {
        activities.push(read_activity(row)?);
    }
    let (activities, next) = page::cut(activities, query.limit, |activity| {
        Place::mark(to_ms(activity.started_at), activity.id)
    });
    Ok(ActivityPage { activities, next })
}

fn list_sql(by_kind: bool) -> String {
    // Left alone, SQLite takes the index by start for both and reads past all other kinds.
    let (index, kind) = if by_kind {
        ("activity_by_kind", "AND kind = ?6")
    } else {
        ("activity_by_start", "")
    };
    format!(
        "SELECT {COLUMNS} FROM activity INDEXED BY {index}
         WHERE account_id = ?1 AND alive = 1 {kind} AND started_at_ms >= ?2 AND (started_at_ms, id) < (?3, ?4)
         ORDER BY started_at_ms DESC, id DESC LIMIT ?5"
    )
}

/// Changes title, notes or kind; returns the activity before and after, for the outbox.
///
/// # Errors
/// A validation error, `NotFound`, or what SQLite says.
pub fn edit(
    tx: &Transaction<'_>,
    account_id: &str,
    id: Id,
    edit: &ActivityEdit,
    now_ms: i64,
) -> Result<(Activity, Activity)> {
    rules::check_edit(edit)?;
    let before = get(tx, account_id, id)?.ok_or_else(|| not_found(id))?;
    let after = rules::edited(&before, edit, from_ms(now_ms));
    let mut statement = tx.prepare_cached(
        "UPDATE activity SET title = ?3, notes = ?4, updated_at_ms = ?5 WHERE account_id = ?1 AND id = ?2",
    )?;
    statement.execute(params![account_id, id.as_bytes(), after.title, after.notes, now_ms])?;
    // Apart from the others: SQLite writes the index of a column that is set, even to what it is.
    if after.kind != before.kind {
        let mut statement = tx.prepare_cached("UPDATE activity SET kind = ?3 WHERE account_id = ?1 AND id = ?2")?;
        statement.execute(params![account_id, id.as_bytes(), after.kind.name()])?;
    }
    Ok((before, after))
}

fn not_found(id: Id) -> SteadfastError {
    SteadfastError::validation(ValidationCode::NotFound, format!("activity {id}"))
}

/// Deletes the activity with its track, splits, laps and timer; a marker with its id stays.
///
/// # Errors
/// `NotFound` if it is not stored or deleted already, or what SQLite says.
pub fn delete(tx: &Transaction<'_>, account_id: &str, id: Id, now_ms: i64) -> Result<()> {
    // Where somebody was goes with the track.
    let mut statement = tx.prepare_cached(
        "UPDATE activity SET alive = 0, updated_at_ms = ?3, south_e7 = NULL, west_e7 = NULL, north_e7 = NULL, east_e7 = NULL
         WHERE account_id = ?1 AND id = ?2 AND alive = 1",
    )?;
    if statement.execute(params![account_id, id.as_bytes(), now_ms])? == 0 {
        return Err(not_found(id));
    }
    delete_parts(tx, account_id, id)
}

fn delete_parts(tx: &Transaction<'_>, account_id: &str, id: Id) -> Result<()> {
    for table in PARTS {
        let mut statement = tx.prepare_cached(&format!(
            "DELETE FROM {table} WHERE account_id = ?1 AND activity_id = ?2"
        ))?;
        statement.execute(params![account_id, id.as_bytes()])?;
    }
    Ok(())
}

/// Removes the marker of a deleted activity, so that the same id can be saved again: somebody imports once more what they once
/// deleted. Does nothing to an activity that is not deleted.
///
/// # Errors
/// What SQLite says.
pub fn forget(tx: &Transaction<'_>, account_id: &str, id: Id) -> Result<()> {
    let mut statement = tx.prepare_cached("DELETE FROM activity WHERE account_id = ?1 AND id = ?2 AND alive = 0")?;
    statement.execute(params![account_id, id.as_bytes()])?;
    Ok(())
}

/// The stored splits in order; their unit is the one chosen at the start.
///
/// # Errors
/// What SQLite says.
pub fn splits(connection: &Connection, account_id: &str, id: Id) -> Result<Vec<Split>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, \"index\", distance_m, duration_s, pace_s_per_km, elevation_gain_m, is_full FROM split
         WHERE account_id = ?1 AND activity_id = ?2 ORDER BY \"index\"",
    )?;
    let rows = statement.query_map(params![account_id, id.as_bytes()], |row| {
        Ok(Split {
            id: Id::from_bytes(row.get(0)?),
            index: row.get(1)?,
            distance_m: row.get(2)?,
            duration_s: row.get(3)?,
            pace_s_per_km: row.get(4)?,
            elevation_gain_m: row.get(5)?,
            is_full: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The stored laps in order.
///
/// # Errors
/// What SQLite says.
pub fn laps(connection: &Connection, account_id: &str, id: Id) -> Result<Vec<Lap>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, \"index\", started_at_ms, distance_m, duration_s, pace_s_per_km, elevation_gain_m FROM lap
         WHERE account_id = ?1 AND activity_id = ?2 ORDER BY \"index\"",
    )?;
    let rows = statement.query_map(params![account_id, id.as_bytes()], |row| {
        Ok(Lap {
            id: Id::from_bytes(row.get(0)?),
            index: row.get(1)?,
            started_at: from_ms(row.get(2)?),
            distance_m: row.get(3)?,
            duration_s: row.get(4)?,
            pace_s_per_km: row.get(5)?,
            elevation_gain_m: row.get(6)?,
            is_open: false,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// When the timer ran, in order.
///
/// # Errors
/// What SQLite says.
pub fn timer_intervals(connection: &Connection, account_id: &str, id: Id) -> Result<Vec<TimerInterval>> {
    let mut statement = connection.prepare_cached(
        "SELECT started_at_ms, ended_at_ms FROM timer_interval WHERE account_id = ?1 AND activity_id = ?2 ORDER BY started_at_ms",
    )?;
    let rows = statement.query_map(params![account_id, id.as_bytes()], |row| {
        Ok(TimerInterval {
            started_at_ms: row.get(0)?,
            ended_at_ms: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A chunk as it lies in the database; the bytes are SQLite's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkRef<'c> {
    /// 0 for the first.
    pub index: u32,
    /// Time of the first row, UTC milliseconds.
    pub first_time_ms: i64,
    /// Time of the last row, UTC milliseconds.
    pub last_time_ms: i64,
    /// Rows in it.
    pub row_count: u32,
    /// Around its positions.
    pub bounding_box: Option<BoundingBox>,
    /// CRC-32 of `bytes`.
    pub checksum: u32,
    /// The packed columns.
    pub bytes: &'c [u8],
}

impl ChunkRef<'_> {
    /// True if the bytes are those that were written.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        crc32fast::hash(self.bytes) == self.checksum
    }

    /// A copy that outlives the row.
    #[must_use]
    pub fn to_chunk(&self) -> Chunk {
        Chunk {
            first_time_ms: self.first_time_ms,
            last_time_ms: self.last_time_ms,
            row_count: self.row_count,
            bounding_box: self.bounding_box,
            checksum: self.checksum,
            bytes: self.bytes.to_vec(),
        }
    }
}

/// Hands every chunk with rows from `from_ms` to before `until_ms` to `each`, in order, and checks its bytes. The rows of a chunk at
/// an end of the range may lie outside it. Copies nothing.
///
/// # Errors
/// `DataDamaged` for a chunk that is not what its checksum says, what `each` says, or what SQLite says.
pub fn chunks(
    connection: &Connection,
    account_id: &str,
    id: Id,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    mut each: impl FnMut(ChunkRef<'_>) -> Result<()>,
) -> Result<()> {
    let range = (from_ms.unwrap_or(i64::MIN), until_ms.unwrap_or(i64::MAX));
    stored_chunks(connection, account_id, id, range, |chunk| {
        if !chunk.is_sound() {
            let detail = format!("chunk {} of activity {id} is not what its checksum says", chunk.index);
            return Err(SteadfastError::transaction(TransactionCode::DataDamaged, detail));
        }
        each(chunk)
    })
}

/// How many rows the chunks have that [`chunks`] gives, as far as that can be believed: a track of more than a million rows is given less
/// memory at first than it will need, and a damaged count does no harm.
///
/// # Errors
/// What SQLite says.
pub fn rows_in_range(
    connection: &Connection,
    account_id: &str,
    id: Id,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
) -> Result<usize> {
    const MAX: i64 = 1_000_000;
    let mut statement = connection.prepare_cached(
        "SELECT CAST(total(row_count) AS INTEGER) FROM track_chunk
         WHERE account_id = ?1 AND activity_id = ?2 AND last_time_ms >= ?3 AND first_time_ms < ?4",
    )?;
    let (from_ms, until_ms) = (from_ms.unwrap_or(i64::MIN), until_ms.unwrap_or(i64::MAX));
    let rows: i64 = statement.query_row(params![account_id, id.as_bytes(), from_ms, until_ms], |row| row.get(0))?;
    Ok(usize::try_from(rows.min(MAX)).unwrap_or(0))
}

const CHUNKS_SQL: &str =
    "SELECT \"index\", first_time_ms, last_time_ms, row_count, south_e7, west_e7, north_e7, east_e7, checksum, bytes
    FROM track_chunk WHERE account_id = ?1 AND activity_id = ?2 AND last_time_ms >= ?3 AND first_time_ms < ?4
    ORDER BY \"index\"";

/// The same without checking the bytes, for whoever looks for damage.
pub(super) fn stored_chunks(
    connection: &Connection,
    account_id: &str,
    id: Id,
    (from_ms, until_ms): (i64, i64),
    mut each: impl FnMut(ChunkRef<'_>) -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare_cached(CHUNKS_SQL)?;
    let mut rows = statement.query(params![account_id, id.as_bytes(), from_ms, until_ms])?;
    while let Some(row) = rows.next()? {
        each(read_chunk(row)?)?;
    }
    Ok(())
}

fn read_chunk<'r>(row: &'r Row<'_>) -> rusqlite::Result<ChunkRef<'r>> {
    let blob = row.get_ref(9)?.as_blob();
    Ok(ChunkRef {
        index: row.get(0)?,
        first_time_ms: row.get(1)?,
        last_time_ms: row.get(2)?,
        row_count: row.get(3)?,
        bounding_box: read_box(row, 4)?,
        checksum: row.get(8)?,
        bytes: blob.map_err(|error| rusqlite::Error::FromSqlConversionFailure(9, Type::Blob, error.into()))?,
    })
}

fn read_box(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<BoundingBox>> {
    let edges: [Option<i32>; 4] = [row.get(at)?, row.get(at + 1)?, row.get(at + 2)?, row.get(at + 3)?];
    Ok(match edges {
        [Some(south_e7), Some(west_e7), Some(north_e7), Some(east_e7)] => Some(BoundingBox {
            south_e7,
            west_e7,
            north_e7,
            east_e7,
        }),
        _ => None,
    })
}

/// The box around all positions of the activity.
///
/// # Errors
/// What SQLite says.
pub fn bounding_box(connection: &Connection, account_id: &str, id: Id) -> Result<Option<BoundingBox>> {
    let mut statement = connection.prepare_cached(
        "SELECT south_e7, west_e7, north_e7, east_e7 FROM activity WHERE account_id = ?1 AND id = ?2",
    )?;
    Ok(statement
        .query_row(params![account_id, id.as_bytes()], |row| read_box(row, 0))
        .optional()?
        .flatten())
}

/// The name in SQL and JSON.
pub(super) fn origin_name(origin: ActivityOrigin) -> &'static str {
    match origin {
        ActivityOrigin::Recorded => "recorded",
        ActivityOrigin::Imported => "imported",
    }
}

fn origin_from_name(name: &str) -> Option<ActivityOrigin> {
    [ActivityOrigin::Recorded, ActivityOrigin::Imported]
        .into_iter()
        .find(|origin| origin_name(*origin) == name)
}

fn named<T>(row: &Row<'_>, at: usize, from_name: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    let name: String = row.get(at)?;
    from_name(&name)
        .ok_or_else(|| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, format!("unknown: {name}").into()))
}

fn json<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let text: String = row.get(at)?;
    serde_json::from_str(&text).map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, Type::Text, error.into()))
}

/// Counts by name. A name of a later version is left out: the row stays readable, and the count stays in the database.
fn counts<K: DeserializeOwned + Eq + Hash>(row: &Row<'_>, at: usize) -> rusqlite::Result<HashMap<K, u64>> {
    let counts: HashMap<String, u64> = json(row, at)?;
    let known = |(name, count)| Some((serde_json::from_value(serde_json::Value::String(name)).ok()?, count));
    Ok(counts.into_iter().filter_map(known).collect())
}

fn read_activity(row: &Row<'_>) -> rusqlite::Result<Activity> {
    Ok(Activity {
        id: Id::from_bytes(row.get(0)?),
        kind: named(row, 1, ActivityKind::from_name)?,
        origin: named(row, 2, origin_from_name)?,
        title: row.get(3)?,
        notes: row.get(4)?,
        started_at: from_ms(row.get(5)?),
        ended_at: from_ms(row.get(6)?),
        utc_offset_s: row.get(7)?,
        distance_m: row.get(8)?,
        elevation_gain_m: row.get(9)?,
        elevation_loss_m: row.get(10)?,
        timer_s: row.get(11)?,
        elapsed_s: row.get(12)?,
        moving_s: row.get(13)?,
        sample_count: row
            .get::<_, i64>(14)
            .and_then(|count| u64::try_from(count).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(14, count)))?,
        segment_count: row.get(15)?,
        average_speed_mps: row.get(16)?,
        max_speed_mps: row.get(17)?,
        average_heart_rate_bpm: row.get(18)?,
        max_heart_rate_bpm: row.get(19)?,
        average_cadence_rpm: row.get(20)?,
        average_power_w: row.get(21)?,
        device: row.get(22)?,
        reported: json(row, 23)?,
        rejected: counts(row, 24)?,
        repairs: counts(row, 25)?,
        created_at: from_ms(row.get(26)?),
        updated_at: from_ms(row.get(27)?),
    })
}

#[cfg(test)]
#[path = "table_tests.rs"]
pub(crate) mod tests;
