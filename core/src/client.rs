//! The root object: opens everything, hands out the rooms' objects, suspends and resumes. No SQL and no rule of a room.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::activities::api::{Activities, Derivations};
use crate::activities::integrity::ActivitiesCheck;
use crate::background;
use crate::context::Context;
use crate::database::integrity::{RoomCheck, RoomChecks};
use crate::database::{Database, backup};
use crate::domain::account::LOCAL_ACCOUNT;
use crate::domain::manual_clock::ManualClock;
use crate::domain::randomness::{SharedRandomness, SystemRandomness, new_id};
use crate::domain::time::{SharedClock, SystemClock};
use crate::error::{Result, SteadfastError, StorageCode};
use crate::event::{EventListener, EventSubscription, Events};
use crate::maintenance::api::{Maintenance, MaintenanceHooks};
use crate::outbox::table as outbox;
use crate::recording::api::{Recorder, RecorderSettings};
use crate::recording::recompute::{profile, recompute, resplit};
use crate::recovery::cipher::RecoveryKey;
use crate::recovery::folder;
use crate::wake::Wakes;

/// How the client is opened. Every field but the folder has a default.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct Config {
    /// The folder that holds everything: the database, the recovery files, the backups. Application Support on iOS,
    /// `noBackupFilesDir` on Android; never a cache folder, which the system purges.
    pub data_dir: String,
    /// 32 bytes from the Keychain or Keystore. With it every recovery file is encrypted.
    #[uniffi(default = None)]
    pub recovery_key: Option<Vec<u8>>,
    /// How long an acknowledged sample may wait, in milliseconds, until it survives power loss as well as a kill. 0 makes every call
    /// wait for the disk.
    #[uniffi(default = 10000)]
    pub autosave_interval_ms: u32,
    /// Names the device's current boot, so that clocks of two boots are never compared
    /// (`/proc/sys/kernel/random/boot_id`, `kern.bootsessionuuid`).
    #[uniffi(default = None)]
    pub boot_id: Option<String>,
}

/// Without the key: whoever logs the configuration must not log that.
impl fmt::Debug for Config {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Config")
            .field("data_dir", &self.data_dir)
            .field("recovery_key", &self.recovery_key.as_ref().map(|_| "hidden"))
            .field("autosave_interval_ms", &self.autosave_interval_ms)
            .field("boot_id", &self.boot_id)
            .finish()
    }
}

impl Config {
    /// The defaults for a folder.
    #[must_use]
    pub fn new(data_dir: impl Into<String>) -> Self {
        Self {
            data_dir: data_dir.into(),
            recovery_key: None,
            autosave_interval_ms: 10_000,
            boot_id: None,
        }
    }
}

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

/// The core of the app: one a data folder, one a process.
///
/// Its objects share the open store: it is closed when the client and all of them are gone. Events end with the client.
#[derive(uniffi::Object)]
pub struct SteadfastClient {
    context: Arc<Context>,
    recorder: Arc<Recorder>,
    activities: Arc<Activities>,
    maintenance: Arc<Maintenance>,
}

#[uniffi::export]
impl SteadfastClient {
    /// Opens the data folder, makes it where there is none, and brings its database to this version. On a device that was restored from
    /// the system's backup, which takes nothing but `backup.db`, the store comes back from that, under a new device id.
    ///
    /// # Errors
    /// `storage_in_use`, `storage_newer_version`, `storage_corrupt`, `storage_read_only`, `storage_locked`, `storage_full`, `storage_io`;
    /// `invalid_argument` for a recovery key that is not 32 bytes. Nothing was changed then.
    #[uniffi::constructor]
    pub async fn open(config: Config, listener: Option<Arc<dyn EventListener>>) -> Result<Arc<Self>> {
        Self::open_with(config, listener, Ports::default()).await
    }

    /// As `open`, with a clock that the caller moves: for replays, previews and tests.
    ///
    /// # Errors
    /// As `open`.
    #[uniffi::constructor]
    pub async fn open_with_clock(
        config: Config,
        listener: Option<Arc<dyn EventListener>>,
        clock: Arc<ManualClock>,
    ) -> Result<Arc<Self>> {
        let ports = Ports {
            clock,
            ..Ports::default()
        };
        Self::open_with(config, listener, ports).await
    }

    /// Puts `backup.db` in the place of a database that cannot be opened, and opens that. The damaged file stays beside it, as
    /// `steadfast.db.corrupt-<n>`; interrupted workouts are offered as before. The installation gets a new device id.
    ///
    /// # Errors
    /// As `open`; `storage_io` if there is no backup, `storage_corrupt` if the backup is damaged itself. Nothing was changed then.
    #[uniffi::constructor]
    pub async fn open_from_backup(config: Config, listener: Option<Arc<dyn EventListener>>) -> Result<Arc<Self>> {
        background::run("open", move || {
            let ports = Ports::default();
            let device_id = new_id(ports.randomness.as_ref(), ports.clock.now().wall_ms);
            backup::restore(Path::new(&config.data_dir), device_id)?;
            Self::open_now(&config, listener, ports)
        })
        .await
    }

    /// Records the workout in progress, and takes up interrupted ones.
    #[must_use]
    pub fn recorder(&self) -> Arc<Recorder> {
        Arc::clone(&self.recorder)
    }

    /// The finished workouts.
    #[must_use]
    pub fn activities(&self) -> Arc<Activities> {
        Arc::clone(&self.activities)
    }

    /// Checks and repairs the store.
    #[must_use]
    pub fn maintenance(&self) -> Arc<Maintenance> {
        Arc::clone(&self.maintenance)
    }

    /// The events from now on, to be taken one at a time; any number of subscriptions.
    #[must_use]
    pub fn subscribe(&self) -> Arc<EventSubscription> {
        self.context.events.subscribe()
    }

    /// Finishes what is being written, closes every file and ends the events. Every later call of the client and its objects gets
    /// `storage_closed`; the folder can be opened again at once. A recording is made durable and is an interrupted workout then. Waits for a
    /// save that is under way, and then for at most seven seconds. Does nothing the second time.
    ///
    /// Without it the store is closed when the client and all of its objects are gone, which a garbage collector may find out late.
    ///
    /// # Errors
    /// A storage error; the files are closed unless it is `storage_busy`.
    pub fn shutdown(&self) -> Result<()> {
        let closed = self.recorder.shut_down();
        self.context.events.close();
        self.context.wakes.end();
        closed
    }

    /// Finishes the write in flight, checkpoints and closes every database file, so that the system has no reason to kill a suspended
    /// app. A recording goes on: its journal stays open. Calls that need the database get `storage_suspended`. Blocks at most for the
    /// deadline and two seconds.
    ///
    /// # Errors
    /// A storage error; the files are closed unless it is `storage_busy`.
    pub fn suspend_storage(&self, deadline_ms: u32) -> Result<()> {
        self.context.database.suspend(Duration::from_millis(deadline_ms.into()))
    }

    /// Opens the database files again.
    ///
    /// # Errors
    /// As `open`.
    pub fn resume_storage(&self) -> Result<()> {
        self.context.database.resume()
    }
}

impl SteadfastClient {
    /// As `open`, with clocks and randomness of one's own: for replays and simulations.
    ///
    /// # Errors
    /// As `open`.
    pub async fn open_with(
        config: Config,
        listener: Option<Arc<dyn EventListener>>,
        ports: Ports,
    ) -> Result<Arc<Self>> {
        background::run("open", move || Self::open_now(&config, listener, ports)).await
    }

    fn open_now(config: &Config, listener: Option<Arc<dyn EventListener>>, ports: Ports) -> Result<Arc<Self>> {
        let data_dir = PathBuf::from(&config.data_dir);
        let key = config.recovery_key.as_deref().map(RecoveryKey::new).transpose()?;
        make_folder(&data_dir)?;
        let now = ports.clock.now();
        if backup::is_all_there_is(&data_dir) {
            backup::restore(&data_dir, new_id(ports.randomness.as_ref(), now.wall_ms))?;
        }
        let database = Database::open(&data_dir, new_id(ports.randomness.as_ref(), now.wall_ms))?;
        for root in ["recovery", "backups"] {
            folder::tidy(&data_dir.join(root))?;
        }
        let no_thread = |error| SteadfastError::storage(StorageCode::Io, None, format!("no thread: {error}"));
        let wakes = Wakes::start().map_err(no_thread)?;
        let events = Events::new(listener, wakes.clone()).map_err(no_thread)?;
        let context = Arc::new(Context {
            data_dir,
            database: Arc::new(database),
            clock: ports.clock,
            randomness: ports.randomness,
            events,
            wakes,
            boot_id: config.boot_id.clone(),
            account_id: LOCAL_ACCOUNT.to_owned(),
        });
        let settings = RecorderSettings {
            key,
            autosave: Duration::from_millis(config.autosave_interval_ms.into()),
        };
        let checks: RoomChecks = Arc::new([Box::new(ActivitiesCheck {
            summary_of: Some(recompute),
        }) as Box<dyn RoomCheck>]);
        let hooks = MaintenanceHooks {
            reclaim: outbox::delete_closed,
            before_backup: outbox::close_to_coalescing,
        };
        Ok(Arc::new(Self {
            recorder: Arc::new(Recorder::new(Arc::clone(&context), settings)),
            activities: Arc::new(Activities::new(Arc::clone(&context), Derivations { resplit, profile })),
            maintenance: Arc::new(Maintenance::new(Arc::clone(&context), checks, hooks)),
            context,
        }))
    }
}

impl Drop for SteadfastClient {
    fn drop(&mut self) {
        self.context.events.close();
    }
}

fn make_folder(data_dir: &Path) -> Result<()> {
    std::fs::create_dir_all(data_dir).map_err(|error| SteadfastError::from_io(&error, data_dir))
}
