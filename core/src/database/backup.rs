//! `backup.db`: the copy that the OS may back up, and the way back from it.
//!
//! The live files change under a backup program; `backup.db` is written beside, synced and renamed, and is whole at any moment.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::domain::id::Id;
use crate::error::{Result, SteadfastError, StorageCode};

use super::connections::{self, companion, database_file, sync_folder};
use super::errors::about;
use super::{Database, Reply, integrity, local_state, migrations, space, transact};

/// The backup's file name in the database's folder.
pub const FILE: &str = "backup.db";
const UNFINISHED: &str = "backup.db.new";
const RESTORING: &str = "steadfast.db.restoring";
const DAY_MS: i64 = 24 * 3600 * 1000;
/// Pages a step; between steps a suspension can stop the backup.
const STEP_PAGES: i32 = 512;

/// True if a backup should be taken: there is none, the last one is a day old, or a clock was set back over it.
#[must_use]
pub fn is_due(last_backup_at_ms: Option<i64>, now_ms: i64) -> bool {
    last_backup_at_ms.is_none_or(|last| now_ms.saturating_sub(last) >= DAY_MS || last.saturating_sub(now_ms) >= DAY_MS)
}

/// A backup that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBackup {
    /// `backup.db`.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// A restore that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Where the damaged database is now; `None` if there was none.
    pub set_aside: Option<PathBuf>,
    /// The new id of this installation.
    pub device_id: Id,
    /// The id in the backup, which this installation's older edits carry.
    pub predecessor: Option<Id>,
}

impl Database {
    /// When `backup.db` was last taken, UTC milliseconds.
    pub fn last_backup_at_ms(&self) -> Reply<Option<i64>> {
        self.read(|connection| local_state::get(connection, local_state::LAST_BACKUP))
    }

    /// Takes `backup.db` as of now. `before` is committed first, in a transaction of its own: the outbox closes its events to
    /// coalescing there, since a phone that is restored from the copy would send the event as it is in the copy. Writes wait
    /// meanwhile, so that nothing gets between the two.
    ///
    /// The reply's error is `Full` if the copy does not fit, `Suspended` if a suspension stopped it; the older backup stays then.
    pub fn back_up(
        &self,
        now_ms: i64,
        before: impl FnOnce(&Transaction<'_>) -> Result<()> + Send + 'static,
    ) -> Reply<TakenBackup> {
        let shared = Arc::clone(&self.shared);
        self.on_writer(move |connection| {
            space::require(&shared.folder, space::store_bytes(&shared.folder))?;
            transact(connection, TransactionBehavior::Immediate, |tx| {
                before(tx)?;
                local_state::set(tx, local_state::LAST_BACKUP, now_ms)
            })?;
            let unfinished = shared.folder.join(UNFINISHED);
            let path = shared.folder.join(FILE);
            let copied = copy(connection, &unfinished, || shared.hurry.load(Ordering::SeqCst))
                .and_then(|()| put_in_place(&unfinished, &path, &shared.folder));
            if let Err(error) = copied {
                remove_if_there(&unfinished)?;
                return Err(error);
            }
            let bytes = fs::metadata(&path)
                .map_err(|error| SteadfastError::from_io(&error, &path))?
                .len();
            Ok(TakenBackup { path, bytes })
        })
    }
}

/// Copies the whole database into a single file that needs no WAL.
fn copy(source: &Connection, to: &Path, stop: impl Fn() -> bool) -> Result<()> {
    remove_if_there(to)?;
    let mut target = Connection::open(to)?;
    let steps = Backup::new(source, &mut target)?;
    loop {
        if stop() {
            return Err(SteadfastError::storage(
                StorageCode::Suspended,
                Some(to),
                "the backup was stopped",
            ));
        }
        match steps.step(STEP_PAGES)? {
            StepResult::Done => break,
            StepResult::More => {}
            _ => {
                return Err(SteadfastError::storage(
                    StorageCode::Busy,
                    Some(to),
                    "the database is busy",
                ));
            }
        }
    }
    drop(steps);
    target.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    target.close().map_err(|(_, error)| SteadfastError::from(error))
}

fn put_in_place(from: &Path, to: &Path, folder: &Path) -> Result<()> {
    let io = |error: std::io::Error| SteadfastError::from_io(&error, to);
    File::open(from).and_then(|file| file.sync_all()).map_err(io)?;
    fs::rename(from, to).map_err(io)?;
    sync_folder(folder)
}

fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(SteadfastError::from_io(&error, path)),
        _ => Ok(()),
    }
}

/// Opens the backup to read single rows from it, if there is one and it is sound enough to open.
pub(super) fn open_backup(folder: &Path) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.join(FILE), flags).ok()?;
    let readable = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    readable.is_ok_and(|tables| tables > 0).then_some(connection)
}

/// True if there is a backup and no database: the device's own backup brought the one file back that it takes, or a restore was killed in
/// its middle. A store that began empty now would soon take its copy in the backup's place.
#[must_use]
pub fn is_all_there_is(folder: &Path) -> bool {
    folder.join(FILE).exists() && !database_file(folder).exists()
}

/// Puts the backup in the database's place and keeps the damaged database beside it, as `steadfast.db.corrupt-<n>`. The restored
/// database takes `new_device_id` and remembers the id in the backup as its predecessor: numbers that were given out after the
/// backup was taken are never given out again under the same name. The database must be closed or suspended.
///
/// # Errors
/// `InUse` if the database is open, `Io` if there is no backup, `Corrupt` if the backup is damaged itself, `NewerVersion`, `Full`.
/// Nothing was changed then.
pub fn restore(folder: &Path, new_device_id: Id) -> Result<Restored> {
    let _owner = connections::lock(folder)?;
    let backup = folder.join(FILE);
    let size = fs::metadata(&backup)
        .map_err(|error| SteadfastError::from_io(&error, &backup))?
        .len();
    space::require(folder, size)?;
    let restoring = folder.join(RESTORING);
    let prepared = prepare(&backup, &restoring, new_device_id).map_err(|error| about(error, &backup));
    let predecessor = match prepared {
        Ok(predecessor) => predecessor,
        Err(error) => {
            remove_if_there(&restoring)?;
            return Err(error);
        }
    };
    let set_aside = set_aside(folder)?;
    put_in_place(&restoring, &database_file(folder), folder)?;
    Ok(Restored {
        set_aside,
        device_id: new_device_id,
        predecessor,
    })
}

fn prepare(backup: &Path, restoring: &Path, new_device_id: Id) -> Result<Option<Id>> {
    remove_if_there(restoring)?;
    fs::copy(backup, restoring).map_err(|error| SteadfastError::from_io(&error, restoring))?;
    let mut connection = Connection::open_with_flags(restoring, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connections::check_owner(&connection)?;
    let owner: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if owner != migrations::APPLICATION_ID {
        return Err(SteadfastError::storage(
            StorageCode::Corrupt,
            None,
            "the backup is empty",
        ));
    }
    let damage = integrity::sqlite_check(&connection, "quick_check")?;
    if let Some(first) = damage.first() {
        return Err(SteadfastError::storage(
            StorageCode::Corrupt,
            None,
            format!("the backup is damaged: {}", first.detail),
        ));
    }
    migrations::migrate(&mut connection)?;
    let predecessor = transact(&mut connection, TransactionBehavior::Immediate, |tx| {
        let predecessor = local_state::id(tx, local_state::DEVICE_ID)?;
        if let Some(predecessor) = predecessor {
            local_state::set(tx, local_state::PREDECESSOR, predecessor.to_string())?;
        }
        local_state::set(tx, local_state::DEVICE_ID, new_device_id.to_string())?;
        Ok(predecessor)
    })?;
    connection.close().map_err(|(_, error)| SteadfastError::from(error))?;
    Ok(predecessor)
}

/// Renames the damaged database and what SQLite keeps beside it. The WAL goes first: left behind, it would be replayed into the
/// restored file.
fn set_aside(folder: &Path) -> Result<Option<PathBuf>> {
    let file = database_file(folder);
    let aside = (1..=100_000)
        .map(|n| folder.join(format!("{}.corrupt-{n}", connections::FILE)))
        .find(|path| !path.exists() && !companion(path, "-wal").exists())
        .expect("invariant: a folder never holds 100,000 damaged databases");
    for ending in ["-wal", "-shm", ""] {
        let from = companion(&file, ending);
        match fs::rename(&from, companion(&aside, ending)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(SteadfastError::from_io(&error, &from));
            }
            _ => {}
        }
    }
    sync_folder(folder)?;
    Ok(aside.exists().then_some(aside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_due_once_a_day_and_after_a_clock_was_set_back() {
        assert!(is_due(None, 0));
        assert!(!is_due(Some(0), DAY_MS - 1));
        assert!(is_due(Some(0), DAY_MS));
        assert!(!is_due(Some(1000), 0), "a clock that is a second off is no reason");
        assert!(is_due(Some(DAY_MS), 0));
        assert!(is_due(Some(i64::MIN), i64::MAX) && is_due(Some(i64::MAX), i64::MIN));
    }
}
