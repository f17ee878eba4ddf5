//! A thread that owns a connection and does one job after the other.
//!
//! The thread sleeps in the channel: without jobs it never wakes. A caller gets a [`Reply`], which it awaits or waits for.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, InterruptHandle};
use tokio::sync::oneshot::{self, error::RecvError};

use crate::error::{Result, SteadfastError, StorageCode, TransactionCode};

/// What a thread is given to do. What it makes is put where its [`Reply`] finds it; here is only whether it is there.
struct Job {
    work: Box<dyn FnOnce(&mut Slot) + Send>,
    done: oneshot::Sender<Result<()>>,
}

impl Job {
    fn run(self, slot: &mut Slot) {
        let work = AssertUnwindSafe(|| (self.work)(slot));
        let outcome = catch_unwind(work).map_err(|panic| panicked(&*panic));
        // Whoever dropped the reply does not want to know.
        drop(self.done.send(outcome));
    }
}

/// The place of the connection on its thread; empty while suspended.
#[derive(Default)]
pub(super) struct Slot {
    connection: Option<Connection>,
    interrupt: Arc<Mutex<Option<InterruptHandle>>>,
}

impl Slot {
    pub(super) fn connection(&mut self) -> Option<&mut Connection> {
        self.connection.as_mut()
    }

    pub(super) fn put(&mut self, connection: Connection) -> &mut Connection {
        *self.interrupt.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection.get_interrupt_handle());
        self.connection.insert(connection)
    }

    pub(super) fn take(&mut self) -> Option<Connection> {
        *self.interrupt.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.connection.take()
    }
}

/// The handle of the thread.
pub(super) struct Worker {
    /// Empty once it has ended.
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Option<JoinHandle<()>>,
    queued: Arc<AtomicUsize>,
    interrupt: Arc<Mutex<Option<InterruptHandle>>>,
}

impl Worker {
    /// Starts the thread. `rest` runs after a job, with the number of jobs that wait; `last` when no more can come.
    pub(super) fn start(
        name: &str,
        mut rest: impl FnMut(&mut Slot, usize) + Send + 'static,
        last: impl FnOnce(&mut Slot) + Send + 'static,
    ) -> Result<Self> {
        let (sender, receiver) = mpsc::channel::<Job>();
        let (queued, interrupt) = (Arc::new(AtomicUsize::new(0)), Arc::default());
        let mut slot = Slot {
            connection: None,
            interrupt: Arc::clone(&interrupt),
        };
        let waiting = Arc::clone(&queued);
        let run = move || {
            loop {
                let job = match receiver.try_recv() {
                    Ok(job) => job,
                    Err(TryRecvError::Disconnected) => break,
                    Err(TryRecvError::Empty) => match receiver.recv() {
                        Ok(job) => job,
                        Err(mpsc::RecvError) => break,
                    },
                };
                job.run(&mut slot);
                rest(&mut slot, waiting.fetch_sub(1, Ordering::Relaxed) - 1);
            }
            last(&mut slot);
        };
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(run)
            .map_err(|error| SteadfastError::storage(StorageCode::Io, None, format!("no thread: {error}")))?;
        Ok(Self {
            jobs: Mutex::new(Some(sender)),
            thread: Some(thread),
            queued,
            interrupt,
        })
    }

    /// Jobs that wait or run.
    pub(super) fn queued(&self) -> usize {
        self.queued.load(Ordering::Relaxed)
    }

    /// Queues a job. It runs also if nobody waits for the reply. A panic in it becomes its error, and the thread lives on.
    pub(super) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Slot) -> Result<T> + Send + 'static,
    ) -> Reply<T> {
        let (done, is_done) = oneshot::channel();
        let answer = Arc::new(Mutex::new(None));
        let place = Arc::clone(&answer);
        let work = Box::new(move |slot: &mut Slot| {
            let outcome = work(slot);
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        });
        self.queue(Job { work, done });
        Reply(State::Waiting { is_done, answer })
    }

    fn queue(&self, job: Job) {
        self.queued.fetch_add(1, Ordering::Relaxed);
        // A job that cannot be sent drops its sender, which the reply says as "closed".
        drop(self.jobs().as_ref().map(|jobs| jobs.send(job)));
    }

    fn jobs(&self) -> MutexGuard<'_, Option<mpsc::Sender<Job>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the thread after the jobs that are queued; it is not waited for. What is queued later is answered as closed.
    pub(super) fn end(&self) {
        *self.jobs() = None;
    }

    /// Stops the statement that runs at this moment, if one does.
    pub(super) fn interrupt(&self) {
        if let Some(handle) = &*self.interrupt.lock().unwrap_or_else(PoisonError::into_inner) {
            handle.interrupt();
        }
    }
}

impl Drop for Worker {
    /// Finishes the queued jobs, then the thread.
    fn drop(&mut self) {
        self.end();
        if let Some(thread) = self.thread.take()
            // The last handle may be held by a job; its thread cannot wait for itself and ends after it.
            && thread.thread().id() != thread::current().id()
            && thread.join().is_err()
        {
            tracing::error!("a database thread panicked outside a job");
        }
    }
}

/// What a panic says, as an error.
pub(super) fn panicked(panic: &(dyn Any + Send)) -> SteadfastError {
    let words = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    SteadfastError::transaction(TransactionCode::Failed, format!("the job panicked: {words}"))
}

/// The answer of an owning thread. Await it, which never blocks, or call [`Reply::wait`].
#[must_use = "the job runs anyway, but its error is lost"]
pub struct Reply<T>(State<T>);

enum State<T> {
    Ready(Option<Result<T>>),
    Waiting {
        // Of one type for all jobs, so that the channel is compiled once.
        is_done: oneshot::Receiver<Result<()>>,
        answer: Arc<Mutex<Option<Result<T>>>>,
    },
}

fn closed() -> SteadfastError {
    SteadfastError::storage(StorageCode::Closed, None, "")
}

impl<T> Reply<T> {
    /// An answer that needs no thread.
    pub(super) fn ready(outcome: Result<T>) -> Self {
        Self(State::Ready(Some(outcome)))
    }

    /// Blocks until the job is done. Not for an async caller.
    ///
    /// # Errors
    /// What the job says; `Closed` if it will never run.
    pub fn wait(self) -> Result<T> {
        match self.0 {
            State::Ready(outcome) => outcome.unwrap_or_else(|| Err(closed())),
            State::Waiting { is_done, answer } => taken(is_done.blocking_recv(), &answer),
        }
    }
}

fn taken<T>(done: Result<Result<()>, RecvError>, answer: &Mutex<Option<Result<T>>>) -> Result<T> {
    done.unwrap_or_else(|_| Err(closed()))?;
    let answer = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
    answer.unwrap_or_else(|| Err(closed()))
}

// Nothing in it is pinned in place: the receiver is polled through a fresh pin.
impl<T> Unpin for Reply<T> {}

impl<T> Future for Reply<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Ready(outcome) => Poll::Ready(outcome.take().unwrap_or_else(|| Err(closed()))),
            State::Waiting { is_done, answer } => Pin::new(is_done).poll(context).map(|done| taken(done, answer)),
        }
    }
}
