//! Opening: whose file it is, which version wrote it, and how SQLite is set up.
//!
//! The settings and their reasons:
//! - `synchronous=FULL` in WAL mode: a commit is on the disk when it returns. On Apple `fullfsync` makes it
//!   the disk and not its cache.
//! - No checkpoint inside a commit: a save appends once and syncs once; the worker checkpoints when it has nothing else to do.
//! - Pages of 4 KB, also for chunks of 14 KB: saving 100,000 samples takes 0.75 ms with 4 KB, 0.9 with 8, 1.3 with 16 and 1.45 with
//!   32 (median of 40, virtual disk, sync included), and a small write, which appends six pages, takes 0.08, 0.1, 0.2 and 0.3 ms.
//! - `auto_vacuum=INCREMENTAL`: on a full device there is no room for a `VACUUM`, but free pages can be given back.
//! - No memory mapping: a file that a locked phone or a full disk cuts off under a mapping is a crash, not an error.

use std::cell::Cell;
use std::ffi::c_int;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::hooks::{Action, Wal};
use rusqlite::{Connection, OpenFlags};

use crate::error::{Result, SteadfastError, StorageCode};

use super::errors::about;
use super::migrations::{self, APPLICATION_ID, LATEST};
use super::space;

/// The database's file name in its folder.
pub const FILE: &str = "steadfast.db";
/// The file whose lock makes one process the owner of the folder. Empty, and never removed: removing a lock file is a race.
pub const LOCK_FILE: &str = "steadfast.lock";

const PAGE_BYTES: u32 = 4096;
/// Pages in memory: 2 MB for the writer, 1 MB for a reader.
const WRITER_CACHE_KIB: i32 = 2048;
const READER_CACHE_KIB: i32 = 1024;
/// A WAL file that a large import blew up shrinks to this.
const JOURNAL_LIMIT_BYTES: u32 = 4 << 20;
/// Within one process only a checkpoint and the recovery after a crash ever make a connection wait.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);
/// The one table whose changes somebody waits for, whoever makes them.
const QUEUE: &str = "outbox";
/// More than the statements of all rooms, so that each is compiled once.
const STATEMENTS: usize = 96;

/// The path of the database in `folder`.
#[must_use]
pub fn database_file(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// The path of the file that SQLite keeps beside `database` under this ending, `-wal` or `-shm`.
#[must_use]
pub(super) fn companion(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Makes this process the owner of the folder, until the returned file is dropped. Makes the folder where it is missing.
pub(super) fn lock(folder: &Path) -> Result<File> {
    std::fs::create_dir_all(folder).map_err(|error| space::open_error(&error, folder))?;
    let path = folder.join(LOCK_FILE);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|error| space::open_error(&error, &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(SteadfastError::storage(StorageCode::InUse, Some(folder), "")),
        Err(TryLockError::Error(error)) => Err(space::open_error(&error, &path)),
    }
}

/// The connection that writes. Makes the database where there is none; a file that is not ours or newer stays as it is.
pub(super) fn open_writer(folder: &Path) -> Result<Connection> {
    let file = database_file(folder);
    let is_new = check_header(&file)?;
    open_checked(&file, is_new).map_err(|error| about(space::sharpen(error, folder), &file))
}

fn open_checked(file: &Path, is_new: bool) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(file, flags)?;
    // Until the file is known to be ours, closing the connection must not move a byte from the WAL into it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    check_owner(&connection)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    if is_new {
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(SteadfastError::storage(
            StorageCode::Io,
            Some(file),
            format!("the journal mode stays {mode}"),
        ));
    }
    configure(&connection, WRITER_CACHE_KIB)?;
    connection.wal_hook(Some(count_wal_pages));
    connection.update_hook(Some(note_queue))?;
    migrations::migrate(&mut connection)?;
    if is_new && let Some(folder) = file.parent() {
        // SQLite syncs the file but not the name of a new one.
        sync_folder(folder)?;
    }
    Ok(connection)
}

/// A connection that reads what `open_writer` has made ready.
pub(super) fn open_reader(folder: &Path) -> Result<Connection> {
    let file = database_file(folder);
    let open = || -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&file, flags)?;
        configure(&connection, READER_CACHE_KIB)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    };
    open().map_err(|error| about(space::sharpen(error, folder), &file))
}

fn configure(connection: &Connection, cache_kib: i32) -> Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    #[cfg(target_vendor = "apple")]
    {
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    }
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Android has no usable folder for temporary files; memory is right for our small sorts everywhere.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "journal_size_limit", JOURNAL_LIMIT_BYTES)?;
    Ok(())
}

/// Looks at the file's first 100 bytes before SQLite may touch it. True if there is no database yet.
///
/// With frames in the WAL the header may be an older one; then `check_owner` decides alone.
fn check_header(file: &Path) -> Result<bool> {
    let mut header = Vec::with_capacity(100);
    match File::open(file) {
        Ok(opened) => opened
            .take(100)
            .read_to_end(&mut header)
            .map_err(|error| space::open_error(&error, file))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(space::open_error(&error, file)),
    };
    if header.is_empty() {
        return Ok(true);
    }
    // https://www.sqlite.org/fileformat2.html#the_database_header
    if header.len() < 100 || !header.starts_with(b"SQLite format 3\0") {
        return Err(SteadfastError::storage(
            StorageCode::Corrupt,
            Some(file),
            "the file is not a database",
        ));
    }
    let number = |at: usize| i32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let wal_is_empty = std::fs::metadata(companion(file, "-wal")).map_or(true, |wal| wal.len() == 0);
    if wal_is_empty {
        decide(number(68), number(60), || Ok(true)).map_err(|error| about(error, file))?;
    }
    Ok(false)
}

/// The same question to SQLite, which sees the WAL as well.
pub(super) fn check_owner(connection: &Connection) -> Result<()> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    decide(pragma("application_id")?, pragma("user_version")?, || {
        Ok(connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))?)
    })
}

fn decide(application_id: i32, version: i32, is_blank: impl FnOnce() -> Result<bool>) -> Result<()> {
    // A process that died between making the file and its first transaction leaves a blank one.
    let ours = application_id == APPLICATION_ID || (application_id == 0 && version == 0 && is_blank()?);
    if !ours {
        let detail = format!("the database belongs to another program (application id {application_id:#x})");
        return Err(SteadfastError::storage(StorageCode::Corrupt, None, detail));
    }
    if version > LATEST {
        let detail = format!("its schema is version {version}, this build knows {LATEST}");
        return Err(SteadfastError::storage(StorageCode::NewerVersion, None, detail));
    }
    Ok(())
}

/// Makes names that were created, renamed or removed in `folder` durable.
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| SteadfastError::from_io(&error, folder))
}

/// Moves the WAL into the database and empties it.
pub(super) fn checkpoint_and_truncate(connection: &Connection) -> Result<()> {
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    WAL_PAGES.set(0);
    if busy {
        Err(SteadfastError::storage(
            StorageCode::Busy,
            None,
            "a reader holds the WAL",
        ))
    } else {
        Ok(())
    }
}

/// Moves into the database what no reader still needs in the WAL; never waits.
pub(super) fn checkpoint(connection: &Connection) -> Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    WAL_PAGES.set(0);
    Ok(())
}

thread_local! {
    /// Pages in the WAL as of the last commit on this thread. A hook cannot carry state, but the writer has a thread of its own.
    static WAL_PAGES: Cell<c_int> = const { Cell::new(0) };
}

#[allow(clippy::unnecessary_wraps, reason = "the hook's type")]
fn count_wal_pages(_: &Wal, pages: c_int) -> rusqlite::Result<()> {
    WAL_PAGES.set(pages);
    Ok(())
}

/// Bytes that wait in the WAL of this thread's connection.
pub(super) fn wal_bytes() -> u64 {
    u64::try_from(WAL_PAGES.get()).unwrap_or(0) * u64::from(PAGE_BYTES)
}

thread_local! {
    /// True if a row of the queue was written on this thread since somebody asked.
    static QUEUE_TOUCHED: Cell<bool> = const { Cell::new(false) };
}

fn note_queue(_: Action, _: &str, table: &str, _: i64) {
    if table == QUEUE {
        QUEUE_TOUCHED.set(true);
    }
}

/// True if a row of the queue was written on this thread since the last call, whether it was committed or not.
pub(super) fn take_queue_touched() -> bool {
    QUEUE_TOUCHED.take()
}
