//! The peer of everything stored: a sample a row, written and read by hand with rusqlite.

use std::path::Path;

use rusqlite::{Connection, Statement};
use steadfast_core::domain::sample::Row;

use crate::measure::timed;

/// How the rows are laid out and inserted. All of them are measured; the fastest is the peer.
#[derive(Clone, Copy, Debug)]
pub enum Layout {
    /// The time is the row's key: as bare as a table can be, and room for one workout only.
    KeyedByTime,
    /// Rows in the order of arrival, the workout's number in each.
    Rowid,
    /// Keyed by workout and time, without a rowid.
    WithoutRowid,
    /// As `KeyedByTime`, 64 rows a statement.
    ManyAStatement,
}

/// All of them.
pub const LAYOUTS: [Layout; 4] = [
    Layout::KeyedByTime,
    Layout::Rowid,
    Layout::WithoutRowid,
    Layout::ManyAStatement,
];

const MEASURED: &str = "latitude REAL, longitude REAL, altitude REAL, speed REAL, horizontal_accuracy REAL,
    vertical_accuracy REAL, course REAL, heart_rate INTEGER, cadence INTEGER, power INTEGER";
const COLUMNS: usize = 11;
const ROWS_A_STATEMENT: usize = 64;

impl Layout {
    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::KeyedByTime => "rows keyed by time",
            Self::Rowid => "rows with a rowid",
            Self::WithoutRowid => "rows without rowid",
            Self::ManyAStatement => "rows keyed by time, 64 a statement",
        }
    }

    fn table(self) -> String {
        match self {
            Self::KeyedByTime | Self::ManyAStatement => {
                format!("CREATE TABLE sample (time_ms INTEGER PRIMARY KEY, {MEASURED}) STRICT")
            }
            Self::Rowid => format!("CREATE TABLE sample (workout INTEGER, time_ms INTEGER, {MEASURED}) STRICT"),
            Self::WithoutRowid => format!(
                "CREATE TABLE sample (workout INTEGER, time_ms INTEGER, {MEASURED}, PRIMARY KEY (workout, time_ms)) STRICT, WITHOUT ROWID"
            ),
        }
    }

    fn insert(self, rows: usize) -> String {
        let one = match self {
            Self::KeyedByTime | Self::ManyAStatement => format!("({})", ["?"; COLUMNS].join(",")),
            Self::Rowid | Self::WithoutRowid => format!("(1,{})", ["?"; COLUMNS].join(",")),
        };
        format!("INSERT INTO sample VALUES {}", vec![one; rows].join(","))
    }
}

/// A database as a careful person sets one up for this: WAL, synchronous FULL, no checkpoint inside the commit, and pages and cache that
/// suit the size.
pub fn open(folder: &Path, layout: Layout) -> Connection {
    let connection = Connection::open(folder.join("rows.db")).expect("a new database");
    connection
        .execute_batch(
            "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
             PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;",
        )
        .and_then(|()| connection.execute_batch(&layout.table()))
        .expect("valid SQL");
    connection
}

/// Seconds of inserting all rows in one committed transaction.
pub fn insert(connection: &mut Connection, layout: Layout, rows: &[Row]) -> f64 {
    let (seconds, ()) = timed(|| insert_all(connection, layout, rows).expect("a disk with room"));
    seconds
}

fn insert_all(connection: &mut Connection, layout: Layout, rows: &[Row]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let many = if matches!(layout, Layout::ManyAStatement) {
            ROWS_A_STATEMENT
        } else {
            1
        };
        let mut statement = transaction.prepare(&layout.insert(many))?;
        let chunks = rows.chunks_exact(many);
        let rest = chunks.remainder();
        for chunk in chunks {
            for (place, row) in (0..).zip(chunk) {
                bind(&mut statement, place * COLUMNS, row)?;
            }
            statement.raw_execute()?;
        }
        let mut single = transaction.prepare(&layout.insert(1))?;
        for row in rest {
            bind(&mut single, 0, row)?;
            single.raw_execute()?;
        }
    }
    transaction.commit()
}

fn bind(statement: &mut Statement, from: usize, row: &Row) -> rusqlite::Result<()> {
    let real = |value: Option<i32>, per_unit: f64| value.map(|value| f64::from(value) / per_unit);
    statement.raw_bind_parameter(from + 1, row.time_ms)?;
    statement.raw_bind_parameter(from + 2, real(row.latitude_e7, 1e7))?;
    statement.raw_bind_parameter(from + 3, real(row.longitude_e7, 1e7))?;
    statement.raw_bind_parameter(from + 4, real(row.altitude_cm, 100.0))?;
    statement.raw_bind_parameter(from + 5, real(row.speed_cmps, 100.0))?;
    statement.raw_bind_parameter(from + 6, real(row.horizontal_accuracy_dm, 10.0))?;
    statement.raw_bind_parameter(from + 7, real(row.vertical_accuracy_dm, 10.0))?;
    statement.raw_bind_parameter(from + 8, real(row.course_ddeg, 10.0))?;
    statement.raw_bind_parameter(from + 9, row.heart_rate_bpm)?;
    statement.raw_bind_parameter(from + 10, row.cadence_rpm)?;
    statement.raw_bind_parameter(from + 11, row.power_w)
}

/// The layout that inserts these rows fastest, in turns with the others, on the disk.
pub fn fastest(rows: &[Row], rounds: usize) -> Layout {
    let mut best = (f64::INFINITY, LAYOUTS[0]);
    for _ in 0..rounds {
        for layout in LAYOUTS {
            let folder = crate::store::folder();
            let seconds = insert(&mut open(folder.path(), layout), layout, rows);
            if seconds < best.0 {
                best = (seconds, layout);
            }
        }
    }
    best.1
}

/// Reads every row into columns, in order.
pub fn read(connection: &Connection) -> (Vec<i64>, [Vec<f64>; 10]) {
    let mut statement = connection
        .prepare_cached(
            "SELECT time_ms, latitude, longitude, altitude, speed, horizontal_accuracy, vertical_accuracy, course, heart_rate,
             cadence, power FROM sample ORDER BY time_ms",
        )
        .expect("valid SQL");
    let mut times = Vec::with_capacity(crate::run::SAMPLES);
    let mut columns: [Vec<f64>; 10] = std::array::from_fn(|_| Vec::with_capacity(crate::run::SAMPLES));
    let mut rows = statement.query(()).expect("valid SQL");
    while let Some(row) = rows.next().expect("a readable row") {
        times.push(row.get(0).expect("an integer"));
        for (index, column) in (1..).zip(&mut columns) {
            column.push(row.get::<_, Option<f64>>(index).expect("a number").unwrap_or(f64::NAN));
        }
    }
    (times, columns)
}
