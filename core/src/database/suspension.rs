//! Suspending, resuming and closing: no file stays open or locked behind a suspended app.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use crate::error::{Result, SteadfastError, StorageCode};

use super::worker::{Slot, Worker};
use super::{CLOSED, Database, OPEN, SUSPENDED, connections, in_full};

/// How often a suspension that is out of time interrupts what still runs.
const TICK: Duration = Duration::from_millis(10);
/// How long after its deadline a suspension waits for interrupted jobs.
const GRACE: Duration = Duration::from_secs(2);

impl Database {
    /// Finishes the write in flight and what is queued, checkpoints, closes every connection and gives the folder's lock back, so that
    /// the system finds no locked file in a suspended app. Blocks. Calls from now on get `Suspended`.
    ///
    /// After `deadline` the rest of the queue is refused and running statements are interrupted, which rolls them back.
    ///
    /// # Errors
    /// `Busy` if a job does not even then stop, `Closed`, or what the checkpoint says; the connections are closed in any case
    /// but the first.
    pub fn suspend(&self, deadline: Duration) -> Result<()> {
        let _one_at_a_time = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        match self
            .shared
            .state
            .compare_exchange(OPEN, SUSPENDED, Ordering::SeqCst, Ordering::SeqCst)
        {
            Ok(_) => self.close_connections(deadline),
            Err(SUSPENDED) => Ok(()),
            Err(_) => self.shared.gate(),
        }
    }

    /// Takes the lock and the connections back. Blocks. Does nothing if the database is open.
    ///
    /// # Errors
    /// As for `open`; the database stays suspended then.
    pub fn resume(&self) -> Result<()> {
        let _one_at_a_time = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        match self.shared.state.load(Ordering::SeqCst) {
            OPEN => return Ok(()),
            SUSPENDED => {}
            _ => return self.shared.gate(),
        }
        // On the writer's thread, behind the closing that a suspension left there when it ran out of patience.
        let shared = Arc::clone(&self.shared);
        let opened = self.writer.run(move |slot| {
            let lock = connections::lock(&shared.folder)?;
            slot.put(connections::open_writer(&shared.folder)?);
            *shared.lock.lock().unwrap_or_else(PoisonError::into_inner) = Some(lock);
            Ok(())
        });
        opened.wait()?;
        self.shared.hurry.store(false, Ordering::SeqCst);
        self.shared.state.store(OPEN, Ordering::SeqCst);
        Ok(())
    }

    /// Closes for good: as `suspend`, but calls from now on get `Closed`. Blocks. Does nothing if it is closed.
    ///
    /// # Errors
    /// As for `suspend`.
    pub fn close(&self, deadline: Duration) -> Result<()> {
        let _one_at_a_time = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = match self.shared.state.swap(CLOSED, Ordering::SeqCst) {
            OPEN => self.close_connections(deadline),
            _ => Ok(()),
        };
        // Now, not when the last handle goes: a garbage collector may let go of it late, and every round of opening would leave threads.
        for worker in self.readers.iter().chain([&self.writer]) {
            worker.end();
        }
        closed
    }

    /// For calls that use the folder and not the database: a suspended store takes them, a closed one does not.
    ///
    /// # Errors
    /// `Closed`.
    pub fn refuse_closed(&self) -> Result<()> {
        if self.shared.state.load(Ordering::SeqCst) == CLOSED {
            return Err(SteadfastError::storage(
                StorageCode::Closed,
                Some(&self.shared.folder),
                "",
            ));
        }
        Ok(())
    }

    fn close_connections(&self, deadline: Duration) -> Result<()> {
        let mut patience = Patience {
            database: self,
            left: ticks(deadline),
            grace: ticks(GRACE),
        };
        let (done, closed) = channel();
        for reader in &self.readers {
            let done = done.clone();
            let _runs_anyway = reader.run(move |slot| {
                drop(slot.take());
                drop(done.send(Ok(())));
                Ok(())
            });
        }
        let read = self.readers.iter().try_for_each(|_| patience.wait(&closed));
        let shared = Arc::clone(&self.shared);
        let _runs_anyway = self.writer.run(move |slot| {
            let outcome = close_writer(slot).map_err(|error| in_full(error, &shared.folder));
            shared.unlock();
            drop(done.send(outcome));
            Ok(())
        });
        // The writer closes also after a reader that does not stop; then nobody waits for it.
        read.and_then(|()| patience.wait(&closed))
    }
}

/// Counts a suspension's time in ticks, so that no clock is read.
struct Patience<'d> {
    database: &'d Database,
    left: u128,
    grace: u128,
}

impl Patience<'_> {
    fn wait(&mut self, closed: &Receiver<Result<()>>) -> Result<()> {
        loop {
            match closed.recv_timeout(TICK) {
                Ok(outcome) => return outcome,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(SteadfastError::storage(
                        StorageCode::Closed,
                        None,
                        "a database thread is gone",
                    ));
                }
                Err(RecvTimeoutError::Timeout) if self.left > 0 => self.left -= 1,
                Err(RecvTimeoutError::Timeout) if self.grace > 0 => {
                    self.grace -= 1;
                    self.database.shared.hurry.store(true, Ordering::SeqCst);
                    self.database.readers.iter().for_each(Worker::interrupt);
                    self.database.writer.interrupt();
                }
                Err(RecvTimeoutError::Timeout) => {
                    let folder = &self.database.shared.folder;
                    return Err(SteadfastError::storage(
                        StorageCode::Busy,
                        Some(folder),
                        "a job does not stop",
                    ));
                }
            }
        }
    }
}

fn ticks(span: Duration) -> u128 {
    span.as_millis() / TICK.as_millis()
}

pub(super) fn close_writer(slot: &mut Slot) -> Result<()> {
    let Some(connection) = slot.take() else { return Ok(()) };
    // The next start looks better up in statistics that are fresh; it is bounded and usually does nothing.
    let tidied = connection
        .execute_batch("PRAGMA analysis_limit = 200; PRAGMA optimize")
        .map_err(SteadfastError::from);
    let emptied = connections::checkpoint_and_truncate(&connection);
    let closed = connection.close().map_err(|(_, error)| SteadfastError::from(error));
    emptied.and(closed).and(tidied)
}
