//! What every room's object is given: the open database, the clocks, where events go, whose data it is.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::Transaction;

use crate::database::Database;
use crate::domain::account::AccountId;
use crate::domain::id::Id;
use crate::domain::randomness::{SharedRandomness, SystemRandomness, new_id};
use crate::domain::time::{Moment, SharedClock, SystemClock};
use crate::error::Result;
use crate::event::{Event, Events};
use crate::telemetry::meter::Meter;
use crate::telemetry::model::{AlertThresholds, Operation};
use crate::wake::Wakes;

/// How long closing waits for the jobs in flight.
const CLOSE_DEADLINE: Duration = Duration::from_secs(5);

/// The clocks and the randomness; real ones but in a simulation or a replay.
pub struct Ports {
    /// The clocks.
    pub clock: SharedClock,
    /// Randomness.
    pub randomness: SharedRandomness,
}

impl Default for Ports {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
        }
    }
}

/// How the app hears of things.
pub struct Told {
    /// Where events go.
    pub events: Events,
    /// Wakes what the app awaits.
    pub wakes: Wakes,
}

/// Shared by the objects of one client; the store is closed with the last of them, so that an object which outlives the client (a
/// chain of calls, a garbage collector) still works.
pub struct Context {
    /// The folder that holds everything.
    pub data_dir: PathBuf,
    /// The store.
    pub database: Arc<Database>,
    /// The clocks.
    pub clock: SharedClock,
    /// Randomness.
    pub randomness: SharedRandomness,
    /// Where events go.
    pub events: Events,
    /// Wakes what the app awaits.
    pub wakes: Wakes,
    /// The device's current boot, as the app names it.
    pub boot_id: Option<String>,
    /// What is counted and timed.
    pub meter: Meter,
    /// Whose data is read and written.
    account: RwLock<AccountId>,
    /// Who keeps rows in memory and has to forget them.
    forget: OnceLock<Forget>,
}

/// Forgets the rows that are kept in memory.
pub type Forget = Box<dyn Fn(Elsewhere) + Send + Sync>;

/// How rows changed without the room that keeps them in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// By the server's word, a repair, a change that was given up, or while the store was suspended.
    Changed,
    /// Another account's rows are shown now.
    AccountChanged,
}

impl Context {
    /// What the rooms share, for the account whose data is shown first.
    #[must_use]
    pub fn new(
        data_dir: PathBuf,
        database: Arc<Database>,
        ports: Ports,
        told: Told,
        boot_id: Option<String>,
        account: AccountId,
    ) -> Self {
        Self {
            meter: Meter::new(&ports.clock.now(), AlertThresholds::default()),
            data_dir,
            database,
            clock: ports.clock,
            randomness: ports.randomness,
            events: told.events,
            wakes: told.wakes,
            boot_id,
            account: RwLock::new(account),
            forget: OnceLock::new(),
        }
    }

    /// The same with other thresholds of alerts.
    #[must_use]
    pub fn with_thresholds(mut self, thresholds: AlertThresholds) -> Self {
        self.meter = Meter::new(&self.now(), thresholds);
        self
    }

    /// Runs a transaction that changes what the app shows, and counts and times it.
    ///
    /// # Errors
    /// The job's own, or what the store says.
    pub async fn change<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let began = self.now();
        let outcome = self.database.write(job).await;
        self.measured(Operation::Change, &began, &outcome);
        outcome
    }

    /// Counts an operation that began at `began` and ends now, and tells the app if something is out of the ordinary.
    pub fn measured<T>(&self, operation: Operation, began: &Moment, outcome: &Result<T>) {
        for alert in self.meter.count(operation, began, &self.now(), outcome) {
            self.events.send(Event::Alert { alert });
        }
    }

    /// Says who keeps rows in memory; once, when the client is put together.
    pub fn on_changed_elsewhere(&self, forget: Forget) {
        if self.forget.set(forget).is_err() {
            tracing::error!("rows are kept in memory by two");
        }
    }

    /// To be called after a transaction that changed rows without their room, and before the app is told.
    pub fn changed_elsewhere(&self, how: Elsewhere) {
        if let Some(forget) = self.forget.get() {
            forget(how);
        }
    }

    /// Whose data is read and written now.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        self.account.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on another account's data is read and written. What was begun before belongs to the account of before.
    pub fn switch_account(&self, account: AccountId) {
        *self.account.write().unwrap_or_else(PoisonError::into_inner) = account;
        self.changed_elsewhere(Elsewhere::AccountChanged);
    }

    /// The clocks, read now.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// A new id, made now.
    #[must_use]
    pub fn new_id(&self) -> Id {
        new_id(self.randomness.as_ref(), self.now().wall_ms)
    }

    /// Closes the store for good.
    ///
    /// # Errors
    /// What SQLite says to the last checkpoint; `storage_busy` if it is still open.
    pub fn shut_down(&self) -> Result<()> {
        self.database.close(CLOSE_DEADLINE)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if let Err(error) = self.shut_down() {
            tracing::warn!(%error, "closing the database");
        }
    }
}
