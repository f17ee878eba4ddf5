//! Looks at the database without the core: is every activity whole, and is there exactly one event of it?

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use steadfast_core::database::connections::database_file;
use steadfast_core::domain::id::Id;

/// What there is of one activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Which.
    pub id: Id,
    /// Rows that the activity states.
    pub stated_rows: i64,
    /// Rows of its chunks.
    pub chunk_rows: i64,
    /// Splits.
    pub splits: i64,
    /// Timer intervals.
    pub intervals: i64,
    /// Outbox events.
    pub events: i64,
}

impl Parts {
    /// True if nothing is missing.
    #[must_use]
    pub fn are_whole(&self) -> bool {
        self.stated_rows == self.chunk_rows && self.splits > 0 && self.intervals > 0 && self.events > 0
    }
}

/// Reads a database that a client has open beside it, so that looking does not checkpoint it.
///
/// # Errors
/// What SQLite says.
pub fn open(folder: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(
        database_file(folder),
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
}

/// The parts of every activity.
///
/// # Errors
/// What SQLite says.
pub fn activities(connection: &Connection) -> rusqlite::Result<Vec<Parts>> {
    let mut statement = connection.prepare(
        "SELECT id, sample_count,
           (SELECT coalesce(sum(row_count), 0) FROM track_chunk WHERE activity_id = id),
           (SELECT count(*) FROM split WHERE activity_id = activity.id),
           (SELECT count(*) FROM timer_interval WHERE activity_id = activity.id),
           (SELECT count(*) FROM outbox WHERE root_id = activity.id)
         FROM activity",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Parts {
            id: Id::from_bytes(row.get(0)?),
            stated_rows: row.get(1)?,
            chunk_rows: row.get(2)?,
            splits: row.get(3)?,
            intervals: row.get(4)?,
            events: row.get(5)?,
        })
    })?;
    rows.collect()
}

/// When the timer of an activity stopped for good, UTC milliseconds.
///
/// # Errors
/// What SQLite says.
pub fn timer_end_ms(connection: &Connection, id: Id) -> rusqlite::Result<i64> {
    let sql = "SELECT coalesce(max(ended_at_ms), 0) FROM timer_interval WHERE activity_id = ?1";
    connection.query_row(sql, [id.as_bytes()], |row| row.get(0))
}

/// How many parts belong to no activity.
///
/// # Errors
/// What SQLite says.
pub fn orphans(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row(
        "SELECT (SELECT count(*) FROM track_chunk WHERE activity_id NOT IN (SELECT id FROM activity))
              + (SELECT count(*) FROM split WHERE activity_id NOT IN (SELECT id FROM activity))
              + (SELECT count(*) FROM lap WHERE activity_id NOT IN (SELECT id FROM activity))
              + (SELECT count(*) FROM timer_interval WHERE activity_id NOT IN (SELECT id FROM activity))
              + (SELECT count(*) FROM outbox WHERE root_id NOT IN (SELECT id FROM activity))",
        [],
        |row| row.get::<_, i64>(0).map(i64::unsigned_abs),
    )
}

/// How many activities tell of the same run as another: they start at the same moment.
///
/// # Errors
/// What SQLite says.
pub fn twins(connection: &Connection) -> rusqlite::Result<u64> {
    let sql = "SELECT count(*) - count(DISTINCT started_at_ms) FROM activity";
    connection.query_row(sql, [], |row| row.get::<_, i64>(0).map(i64::unsigned_abs))
}
