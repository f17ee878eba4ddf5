//! What every room's object is given: the open database, the clocks, where events go, whose data it is.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::database::Database;
use crate::domain::account::AccountId;
use crate::domain::id::Id;
use crate::domain::randomness::{SharedRandomness, new_id};
use crate::domain::time::{Moment, SharedClock};
use crate::error::Result;
use crate::event::Events;
use crate::wake::Wakes;

/// How long closing waits for the jobs in flight.
const CLOSE_DEADLINE: Duration = Duration::from_secs(5);

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
    /// Whose data is read and written.
    pub account_id: AccountId,
}

impl Context {
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
