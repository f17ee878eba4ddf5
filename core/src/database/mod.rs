//! The store's ground floor: the SQLite file, its threads and its life. Knows transactions; knows no room and no rule.
//!
//! One [`Database`] a folder, one process a database. A writing thread owns the only connection that writes; reading threads have
//! their own, so a long read never holds up a save. Rooms hand in closures and get a [`Reply`].

pub mod backup;
pub mod connections;
pub mod errors;
mod failed_commit;
pub mod integrity;
pub mod local_state;
pub mod migrations;
pub mod space;
mod suspension;
mod worker;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::domain::id::Id;
use crate::error::{Result, SteadfastError, StorageCode, TransactionCode};

use errors::about;
pub use worker::Reply;
use worker::{Slot, Worker, panicked};

/// Two, so that a list on the screen does not wait for an export.
const READERS: usize = 2;
/// The WAL is moved into the database when the writer has nothing to do and this much waits …
const CHECKPOINT_BYTES: u64 = 4 << 20;
/// … or when this much waits, whatever else there is to do.
const CHECKPOINT_AT_LAST_BYTES: u64 = 32 << 20;
/// Called after the queue was written.
pub type QueueWatcher = Arc<dyn Fn() + Send + Sync>;

const OPEN: u8 = 0;
const SUSPENDED: u8 = 1;
const CLOSED: u8 = 2;

/// What the threads and the handle share.
struct Shared {
    folder: PathBuf,
    state: AtomicU8,
    /// Set when a suspension is out of time: queued jobs give up instead of starting.
    hurry: AtomicBool,
    /// Held while connections may be open.
    lock: Mutex<Option<File>>,
    /// Who wants to know when the queue was written.
    watcher: Mutex<Option<QueueWatcher>>,
}

impl Shared {
    /// After every job of the writer, so that no way of writing can forget it.
    fn tell_watcher(&self) {
        if !connections::take_queue_touched() {
            return;
        }
        let watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(tell) = watcher {
            tell();
        }
    }

    fn gate(&self) -> Result<()> {
        let code = match self.state.load(Ordering::SeqCst) {
            OPEN => return Ok(()),
            SUSPENDED => StorageCode::Suspended,
            _ => StorageCode::Closed,
        };
        Err(SteadfastError::storage(code, Some(&self.folder), ""))
    }

    /// The thread's connection; opened again if a failed rollback closed it.
    fn connection<'s>(&self, slot: &'s mut Slot, open: fn(&Path) -> Result<Connection>) -> Result<&'s mut Connection> {
        if self.hurry.load(Ordering::SeqCst) {
            return Err(SteadfastError::storage(
                StorageCode::Suspended,
                Some(&self.folder),
                "out of time",
            ));
        }
        if slot.connection().is_none() {
            self.gate()?;
            slot.put(open(&self.folder)?);
        }
        slot.connection()
            .ok_or_else(|| SteadfastError::storage(StorageCode::Closed, Some(&self.folder), ""))
    }

    /// Runs `job` on the thread's connection and says its error in full.
    fn with_connection<T>(
        &self,
        slot: &mut Slot,
        open: fn(&Path) -> Result<Connection>,
        job: impl FnOnce(&mut Connection) -> Result<T>,
    ) -> Result<T> {
        let mut place = Place::new(job);
        self.with_connection_erased(slot, open, &mut |connection| place.run(|job| job(connection)))?;
        Ok(place.value())
    }

    fn with_connection_erased(
        &self,
        slot: &mut Slot,
        open: fn(&Path) -> Result<Connection>,
        job: &mut dyn FnMut(&mut Connection) -> Result<()>,
    ) -> Result<()> {
        let outcome = job(self.connection(slot, open)?).map_err(|error| in_full(error, &self.folder));
        let in_doubt = TransactionCode::RollbackFailed;
        if matches!(&outcome, Err(SteadfastError::Transaction { code, .. }) if *code == in_doubt) {
            // A connection in doubt is closed, which discards what it has not committed; the next job opens another.
            drop(slot.take());
        }
        outcome
    }

    fn unlock(&self) {
        let Some(file) = self.lock.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return;
        };
        // Closing alone is not enough: a process that another thread is starting holds a copy of the file until its exec.
        if let Err(error) = file.unlock() {
            tracing::warn!(%error, folder = %self.folder.display(), "unlocking the data folder");
        }
    }
}

/// The one handle of an open database. Dropping it finishes the queued jobs, checkpoints and closes.
pub struct Database {
    // Readers end first, so that the writer's last checkpoint finds nobody reading.
    readers: [Worker; READERS],
    writer: Worker,
    shared: Arc<Shared>,
    device_id: Id,
    /// One suspension, resumption or closing at a time.
    changing: Mutex<()>,
}

impl Database {
    /// Opens the database in `folder`, makes it where there is none, and brings it to this build's schema. Blocks.
    ///
    /// `new_device_id` names this installation if it has no name yet.
    ///
    /// # Errors
    /// `InUse` if this or another process has it open, `NewerVersion`, `Corrupt` (damaged, no database, another program's),
    /// `ReadOnly`, `Locked`, `Full` or `Io`. Nothing was changed then.
    pub fn open(folder: &Path, new_device_id: Id) -> Result<Self> {
        let lock = connections::lock(folder)?;
        let shared = Arc::new(Shared {
            folder: folder.to_owned(),
            state: AtomicU8::new(OPEN),
            hurry: AtomicBool::new(false),
            lock: Mutex::new(Some(lock)),
            watcher: Mutex::new(None),
        });
        let resting = Arc::clone(&shared);
        let rest = move |slot: &mut Slot, waiting: usize| {
            resting.tell_watcher();
            checkpoint_when_due(slot, waiting, &resting.folder);
        };
        let ending = Arc::clone(&shared);
        let last = move |slot: &mut Slot| {
            if let Err(error) = suspension::close_writer(slot) {
                tracing::warn!(%error, "closing the database");
            }
            ending.unlock();
        };
        let writer = Worker::start("steadfast-write", rest, last)?;
        let open_shared = Arc::clone(&shared);
        let device_id = writer
            .run(move |slot| {
                let connection = open_shared.connection(slot, connections::open_writer)?;
                transact(connection, TransactionBehavior::Immediate, |tx| match local_state::id(
                    tx,
                    local_state::DEVICE_ID,
                )? {
                    Some(known) => Ok(known),
                    None => {
                        local_state::set(tx, local_state::DEVICE_ID, new_device_id.to_string()).map(|()| new_device_id)
                    }
                })
            })
            .wait()?;
        let reader = || Worker::start("steadfast-read", |_, _| {}, |slot| drop(slot.take()));
        Ok(Self {
            readers: [reader()?, reader()?],
            writer,
            shared,
            device_id,
            changing: Mutex::new(()),
        })
    }

    /// The id under which this installation's edits are numbered.
    #[must_use]
    pub fn device_id(&self) -> Id {
        self.device_id
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.shared.folder
    }

    /// Runs `job` in one `BEGIN IMMEDIATE` transaction: an `Ok` commits, an `Err` or a panic rolls everything back. It runs also
    /// if the reply is dropped.
    ///
    /// The reply's error is the job's own, or `Suspended`, `Closed`, or what SQLite says about beginning and committing.
    pub fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Reply<T> {
        self.on_writer(move |connection| transact(connection, TransactionBehavior::Immediate, job))
    }

    /// As [`Self::write`], without telling the queue's watcher: for itself, or its own writes would wake it.
    pub fn write_unwatched<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Reply<T> {
        self.on_writer(move |connection| {
            let outcome = transact(connection, TransactionBehavior::Immediate, job);
            connections::take_queue_touched();
            outcome
        })
    }

    /// Calls `watcher` after every job in which a row of the outbox was written, on the writing thread, when the change is committed and
    /// its reply is sent; sometimes also for one that was rolled back. It must be quick. It takes the place of an earlier one.
    pub fn watch_queue(&self, watcher: QueueWatcher) {
        *self.shared.watcher.lock().unwrap_or_else(PoisonError::into_inner) = Some(watcher);
    }

    /// Runs `job` on a reading connection, in one transaction: all its statements see the same moment.
    ///
    /// The reply's error is the job's own, or `Suspended`, `Closed`, or what SQLite says.
    pub fn read<T: Send + 'static>(&self, job: impl FnOnce(&Connection) -> Result<T> + Send + 'static) -> Reply<T> {
        if let Err(refused) = self.shared.gate() {
            return Reply::ready(Err(refused));
        }
        let [first, second] = &self.readers;
        let reader = if first.queued() <= second.queued() {
            first
        } else {
            second
        };
        let shared = Arc::clone(&self.shared);
        reader.run(move |slot| {
            shared.with_connection(slot, connections::open_reader, |connection| {
                transact(connection, TransactionBehavior::Deferred, |tx| job(tx))
            })
        })
    }

    /// Runs `job` on the writing connection, outside a transaction: for what SQLite refuses inside one.
    pub(crate) fn on_writer<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Reply<T> {
        if let Err(refused) = self.shared.gate() {
            return Reply::ready(Err(refused));
        }
        let shared = Arc::clone(&self.shared);
        self.writer
            .run(move |slot| shared.with_connection(slot, connections::open_writer, job))
    }

    /// Makes sure that a commit that failed stays failed, if that could not be done when it failed: a storage that refuses a sync may
    /// refuse every write after it. To be called before anything is built on the failure.
    ///
    /// The reply's error is `Suspended`, `Closed`, or what SQLite says about opening.
    pub fn take_back_failed_commit(&self) -> Reply<()> {
        self.on_writer(|connection| {
            failed_commit::try_again(connection);
            Ok(())
        })
    }

    /// Refuses a write of `bytes` that obviously does not fit. A save needs its bytes twice: in the WAL and in the database.
    ///
    /// # Errors
    /// `Full`.
    pub fn require_space(&self, bytes: u64) -> Result<()> {
        space::require(&self.shared.folder, bytes)
    }

    /// Gives room back to the device: `reclaim` deletes what a room can spare and says how many events that was; then free pages
    /// leave the file and the WAL is emptied.
    pub fn free_space(
        &self,
        reclaim: impl FnOnce(&Transaction<'_>) -> Result<u64> + Send + 'static,
    ) -> Reply<space::FreedSpace> {
        let folder = self.shared.folder.clone();
        self.on_writer(move |connection| {
            let before = space::store_bytes(&folder);
            // Emptied first, since a full device may have no room for the deletion's own frames. Where that fails, the deletion may
            // still fit, and says so itself if not.
            if let Err(error) = connections::checkpoint_and_truncate(connection) {
                tracing::debug!(%error, "the WAL stays");
            }
            let events_deleted = transact(connection, TransactionBehavior::Immediate, reclaim)?;
            release_free_pages(connection)?;
            match connections::checkpoint_and_truncate(connection) {
                // A reader holds the WAL; the files shrink at the next checkpoint.
                Err(SteadfastError::Storage {
                    code: StorageCode::Busy,
                    ..
                }) => {}
                done => done?,
            }
            let freed_bytes = before.saturating_sub(space::store_bytes(&folder));
            Ok(space::FreedSpace {
                events_deleted,
                freed_bytes,
                free_bytes: space::free_bytes(&folder)?,
            })
        })
    }
}

/// One transaction around `job`. Whatever happens, none is open afterwards, or the error is `RollbackFailed`.
fn transact<T>(
    connection: &mut Connection,
    behavior: TransactionBehavior,
    job: impl FnOnce(&Transaction<'_>) -> Result<T>,
) -> Result<T> {
    let mut place = Place::new(job);
    transact_erased(connection, behavior, &mut |tx| place.run(|job| job(tx)))?;
    Ok(place.value())
}

fn transact_erased(
    connection: &mut Connection,
    behavior: TransactionBehavior,
    job: &mut dyn FnMut(&Transaction<'_>) -> Result<()>,
) -> Result<()> {
    let writes = !matches!(behavior, TransactionBehavior::Deferred);
    let mut is_committing = false;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let transaction = Transaction::new(connection, behavior)?;
        job(&transaction)?;
        is_committing = writes;
        transaction.commit()?;
        Ok(())
    }))
    .unwrap_or_else(|panic| Err(panicked(&*panic)));
    let Err(error) = outcome else { return outcome };
    if connection.is_autocommit() {
        if is_committing {
            failed_commit::take_back(connection);
        }
        return Err(error);
    }
    // Dropping the transaction rolls back but cannot say that it failed.
    match connection.execute_batch("ROLLBACK") {
        Ok(()) => {
            if is_committing {
                failed_commit::take_back(connection);
            }
            Err(error)
        }
        Err(rollback) => Err(SteadfastError::transaction(
            TransactionCode::RollbackFailed,
            format!("{error}; then {rollback}"),
        )),
    }
}

/// A job and what it makes, for code around jobs that is compiled once and not for each of some 150 jobs.
struct Place<Job, T> {
    job: Option<Job>,
    value: Option<T>,
}

impl<Job, T> Place<Job, T> {
    fn new(job: Job) -> Self {
        Self {
            job: Some(job),
            value: None,
        }
    }

    fn run(&mut self, run: impl FnOnce(Job) -> Result<T>) -> Result<()> {
        let job = self.job.take().expect("a job runs once");
        self.value = Some(run(job)?);
        Ok(())
    }

    fn value(self) -> T {
        self.value.expect("what surrounds a job fails if the job did not run")
    }
}

/// Finds out what lies behind an error of the file system, and names the file.
fn in_full(error: SteadfastError, folder: &Path) -> SteadfastError {
    about(space::sharpen(error, folder), &connections::database_file(folder))
}

fn checkpoint_when_due(slot: &mut Slot, waiting: usize, folder: &Path) {
    let bytes = connections::wal_bytes();
    let due = (bytes >= CHECKPOINT_BYTES && waiting == 0) || bytes >= CHECKPOINT_AT_LAST_BYTES;
    if due && let Some(connection) = slot.connection() {
        // Everything is committed already; a checkpoint that fails is made up for by the next one.
        if let Err(error) = connections::checkpoint(connection) {
            tracing::warn!(%error, folder = %folder.display(), "a checkpoint failed");
        }
    }
}

/// A step frees a page; the pragma is done when the steps are.
fn release_free_pages(connection: &Connection) -> Result<()> {
    let mut statement = connection.prepare("PRAGMA incremental_vacuum")?;
    let mut steps = statement.query([])?;
    while steps.next()?.is_some() {}
    Ok(())
}
