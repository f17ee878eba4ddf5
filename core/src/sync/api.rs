//! The exported object `Sync`: brings the changes of the signed-in account to its server.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, SystemTime};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::context::{Context, Elsewhere};
use crate::domain::account::AccountId;
use crate::domain::cancel::CancelToken;
use crate::domain::page::check_limit;
use crate::domain::sync_status::SyncStatus;
use crate::domain::time::to_ms;
use crate::error::{Result, SteadfastError, StorageCode};
use crate::outbox::api::{Nudge, Projections};
use crate::outbox::commit::announce;
use crate::outbox::conflicts;
use crate::outbox::edit::{Debounce, Edit};
use crate::outbox::model::{ConflictChoice, ConflictPage, ConflictQuery};

use super::model::{Connectivity, MeteredPolicy, SyncConfig, SyncOutcome};
use super::status::Status;
use super::step::Limits;
use super::token::Token;
use super::transport::Transport;
use super::wishes::{Run, Wishes};
use super::worker::Worker;

/// Two: while one packs a request, the other hears an answer.
const THREADS: usize = 2;
/// How long giving claims back may keep whoever closes the client.
const END_DEADLINE: Duration = Duration::from_secs(1);

/// Brings the changes of the signed-in account to its server, as the connection allows, and settles what the server says.
///
/// It runs between `start` and `stop` on threads of its own, which sleep while there is nothing to do; or for one call of `sync_once`. The app
/// tells it of the connection and provides tokens; it tells the app of its status through `Event.Sync`.
#[derive(uniffi::Object)]
pub struct Sync {
    context: Arc<Context>,
    projections: Projections,
    open_epoch: i64,
    wishes: Arc<Wishes>,
    status: Arc<Status>,
    /// There is none until something is to be sent.
    runtime: Mutex<Option<Runtime>>,
}

impl Sync {
    /// The room of a client. `open_epoch` is this opening of the store, in which claims are made. It sends nothing and has no thread until
    /// it is started.
    #[must_use]
    pub fn new(context: Arc<Context>, projections: Projections, open_epoch: i64) -> Self {
        let wishes = Arc::new(Wishes::default());
        // Weak: the store must not keep alive what keeps it open.
        let told: Weak<Wishes> = Arc::downgrade(&wishes);
        context.database.watch_queue(Arc::new(move || {
            if let Some(wishes) = told.upgrade() {
                wishes.nudge();
            }
        }));
        Self {
            context,
            projections,
            open_epoch,
            wishes,
            status: Arc::default(),
            runtime: Mutex::new(None),
        }
    }

    /// Wakes whoever sends: to be called where something changes that no write to the outbox shows, such as a sign-in. Cheap, from any
    /// thread. Writes to the outbox need it not.
    #[must_use]
    pub fn nudge(&self) -> Nudge {
        let wishes = Arc::clone(&self.wishes);
        Arc::new(move || wishes.nudge())
    }

    /// Sends nothing until `resume`, and gives back what is on its way, within `deadline`. Called before the storage is closed. Blocks.
    pub fn suspend(&self, deadline: Duration) {
        self.wishes.change(|wanted| wanted.is_suspended = true);
        self.settle(deadline);
    }

    /// Goes on. Called once the storage is open again.
    pub fn resume(&self) {
        self.wishes.change(|wanted| wanted.is_suspended = false);
    }

    /// Ends for good and gives back what is on its way. Called before the store is closed. Blocks for a second at most.
    pub fn shut_down(&self) {
        self.wishes.change(|wanted| wanted.is_ended = true);
        self.settle(END_DEADLINE);
        if let Some(runtime) = self.lock().take() {
            // Waits for nothing: what was on its way is given back when the store is opened next.
            runtime.shutdown_background();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Runtime>> {
        self.runtime.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the worker, if there is one, has done what is wanted.
    fn settle(&self, deadline: Duration) {
        let has_worker = self.lock().is_some();
        if has_worker && !self.wishes.wait_for_worker(deadline) {
            tracing::warn!("sync did not come to rest in time");
        }
    }

    fn ensure_worker(&self) -> Result<()> {
        let mut runtime = self.lock();
        if runtime.is_some() || self.wishes.wanted().is_ended {
            return Ok(());
        }
        let made = Builder::new_multi_thread()
            .worker_threads(THREADS)
            .max_blocking_threads(THREADS)
            .thread_name("steadfast-sync")
            .thread_keep_alive(Duration::from_secs(1))
            .enable_all()
            .build()
            .map_err(|error| SteadfastError::storage(StorageCode::Io, None, format!("no thread: {error}")))?;
        let worker = Worker::new(
            Arc::clone(&self.context),
            Arc::clone(&self.projections),
            self.open_epoch,
            Arc::clone(&self.wishes),
            Arc::clone(&self.status),
        );
        made.spawn(worker.run());
        *runtime = Some(made);
        Ok(())
    }
}

#[uniffi::export]
impl Sync {
    /// Says where the server is. Before `start`, or later: what is sent from then on goes there.
    ///
    /// # Errors
    /// `invalid_argument` for an address that is none or is not encrypted, a certificate that is none, or a limit out of range. Nothing was
    /// changed then.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "an exported function owns what crosses the language border"
    )]
    pub fn configure(&self, config: SyncConfig) -> Result<()> {
        let transport = Transport::new(&config)?;
        let limits = Limits {
            first_backoff_ms: config.first_backoff_ms.into(),
            max_batch: config.max_batch as usize,
        };
        self.wishes.change(|wanted| {
            wanted.link.metered = config.metered.unwrap_or(MeteredPolicy::Everything);
            wanted.link.roaming = config.roaming.unwrap_or(MeteredPolicy::UserActionsOnly);
        });
        self.wishes.set_server(transport, limits);
        Ok(())
    }

    /// Sends from now on whatever there is to send, as soon as the connection allows. What was waited for after a failure is tried at once,
    /// unless the server asked for time. Typically after a sign-in, and when the app comes to the foreground.
    ///
    /// # Errors
    /// `storage_io` if the system gives no thread.
    pub fn start(&self) -> Result<()> {
        self.wishes.change(|wanted| {
            wanted.is_running = true;
            wanted.starts += 1;
        });
        self.ensure_worker()
    }

    /// Sends nothing more. What is on its way is given up: it is sent again later, and applied once.
    pub fn stop(&self) {
        self.wishes.change(|wanted| wanted.is_running = false);
    }

    /// How it is getting on.
    #[must_use]
    pub fn status(&self) -> SyncStatus {
        self.status.get()
    }

    /// Tells of the device's connection, whenever it changes; `Unmetered` until the first call. Nothing is tried while offline, and as soon
    /// as there is a connection again, what waits is tried at once.
    pub fn set_connectivity(&self, connectivity: Connectivity) {
        self.wishes.connect(connectivity);
    }

    /// Provides the account's token: after a sign-in, on `Event.NeedsToken`, and at every start, since it is kept in memory only. Nothing is
    /// ever sent under another account's token. `expires_at`, UTC, lets it ask for the next one in time.
    ///
    /// # Errors
    /// `invalid_argument` for what cannot be a bearer token.
    pub fn provide_token(&self, account_id: AccountId, token: String, expires_at: Option<SystemTime>) -> Result<()> {
        self.wishes
            .provide(account_id, Token::new(token)?, expires_at.map(to_ms));
        Ok(())
    }

    /// A page of values that were written here and lost to another device's newer ones, newest first.
    ///
    /// # Errors
    /// `invalid_argument` for a limit that is none; a storage error.
    pub async fn conflicts(&self, query: ConflictQuery) -> Result<ConflictPage> {
        check_limit(query.limit)?;
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| conflicts::list(connection, &account_id, &query))
            .await
    }

    /// Decides a conflict: leaves the value that won, or writes the one that lost again. What was lost with it and belongs to it goes the
    /// same way: the unit with its quantity, and every field of a row that is deleted.
    ///
    /// # Errors
    /// `not_found` for one that is decided already or is none; a storage error.
    pub async fn resolve_conflict(&self, id: u64, choice: ConflictChoice) -> Result<()> {
        let by = Edit::now(&self.context, Debounce::Action);
        let ((), changed) = self
            .context
            .change(move |tx| conflicts::resolve(tx, &by, id, choice))
            .await?;
        self.context.changed_elsewhere(Elsewhere::Changed);
        announce(&self.context, &changed);
        Ok(())
    }

    /// Sends what there is to send, for a background task: until nothing is left, or for at most `deadline_ms`. It works without `start`. What
    /// waits for its time is waited for, if that comes before the deadline. Cancelling ends it early; what the server has by then stays.
    ///
    /// # Errors
    /// `storage_io` if the system gives no thread, `storage_closed` after the client was shut down. That the server was not reached is no
    /// error but an outcome.
    pub async fn sync_once(&self, deadline_ms: u32, cancel: Option<Arc<CancelToken>>) -> Result<SyncOutcome> {
        self.ensure_worker()?;
        let (done, mut outcome) = oneshot::channel();
        let call = Call {
            wishes: Arc::clone(&self.wishes),
            is_cancelled: Arc::default(),
        };
        self.wishes.run(Run {
            deadline_ms: deadline_ms.into(),
            done,
            is_cancelled: Arc::clone(&call.is_cancelled),
        });
        let closed = |_| SteadfastError::storage(StorageCode::Closed, None, "");
        if let Some(cancel) = cancel {
            tokio::select! {
                outcome = &mut outcome => return outcome.map_err(closed),
                () = cancel.cancelled() => call.cancel(),
            }
        }
        outcome.await.map_err(closed)
    }
}

/// A run that is waited for; nobody waits any more once it is dropped.
struct Call {
    wishes: Arc<Wishes>,
    is_cancelled: Arc<AtomicBool>,
}

impl Call {
    fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::SeqCst);
        self.wishes.ring();
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl Drop for Sync {
    fn drop(&mut self) {
        self.shut_down();
    }
}
