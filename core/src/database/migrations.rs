//! The schema and its history. One SQL file a version, applied in order; `user_version` says how far a file is.
//!
//! All pending migrations run in one transaction, so a migration that fails or is killed leaves the file as it was. No copy is
//! taken first: a copy would double the space on just those devices that have none, it could not be opened by the older app any
//! better than the rolled-back file can, and against a migration that commits something wrong there is `backup.db`, at most a day
//! old.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::error::Result;

/// `PRAGMA application_id` of a database of this project: `Stdf`.
pub const APPLICATION_ID: i32 = 0x5374_6466;

/// Every version's step, oldest first. Released files never change.
const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_activities_and_outbox.sql")),
    M::up(include_str!("migrations/0002_laps.sql")),
    M::up(include_str!("migrations/0003_training_data_and_sync.sql")),
];

/// The schema version that this build reads and writes.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a handful of steps"
)]
pub const LATEST: i32 = STEPS.len() as i32;

/// Brings the file to [`LATEST`]; does nothing if it is there already.
///
/// # Errors
/// `NewerVersion` if the file is beyond it, else what SQLite says; the file is unchanged then.
pub fn migrate(connection: &mut Connection) -> Result<()> {
    Ok(Migrations::from_slice(STEPS).to_latest(connection)?)
}
