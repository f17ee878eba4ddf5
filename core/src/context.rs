//! What every room's object is given: the open database, the clocks, where events go, whose data it is.

use std::path::PathBuf;
use std::sync::Arc;

use crate::database::Database;
use crate::domain::account::AccountId;
use crate::domain::id::Id;
use crate::domain::randomness::{SharedRandomness, new_id};
use crate::domain::time::{Moment, SharedClock};
use crate::event::Events;

/// Shared by the objects of one client.
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
}
