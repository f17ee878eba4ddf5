//! The root object: opens everything, hands out the rooms' objects, suspends and resumes. No SQL and no rule of a room.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use steadfast_protocol::entity::EntityKind;

use crate::accounts::model::{LocalData, SignInReport, SignOut, SignOutReport};
use crate::accounts::rules::check_account_id;
use crate::accounts::table as accounts;
use crate::activities::api::{Activities, Derivations};
use crate::activities::integrity::ActivitiesCheck;
use crate::activities::projection::ActivityRows;
use crate::background;
pub use crate::context::Ports;
use crate::context::{Context, Elsewhere, Told};
use crate::database::integrity::{RoomCheck, RoomChecks};
use crate::database::{Database, backup};
use crate::domain::account::{AccountId, LOCAL_ACCOUNT};
use crate::domain::manual_clock::ManualClock;
use crate::domain::randomness::new_id;
use crate::error::{Result, SteadfastError, StorageCode};
use crate::event::{EventListener, EventSubscription, Events};
use crate::habits::api::Habits;
use crate::maintenance::api::{Maintenance, MaintenanceHooks};
use crate::metrics::api::Metrics;
use crate::migration::api::Migration;
use crate::outbox::api::{Nudge, Outbox};
use crate::outbox::claim;
use crate::outbox::integrity::LayersCheck;
use crate::outbox::rows::{Plain, Projection};
use crate::outbox::table as outbox;
use crate::programs::api::Programs;
use crate::recording::api::{Recorder, RecorderSettings};
use crate::recording::recompute::{profile, recompute, resplit};
use crate::recovery::cipher::RecoveryKey;
use crate::recovery::folder;
use crate::strength::api::Strength;
use crate::strength::cache::InvalidationReason;
#[cfg(feature = "sync")]
use crate::sync::api::Sync;
use crate::telemetry::model::AlertThresholds;
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
    /// From where on alerts are raised; `None` for the defaults.
    #[uniffi(default = None)]
    pub alert_thresholds: Option<AlertThresholds>,
}

/// Without the key: whoever logs the configuration must not log that.
impl fmt::Debug for Config {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Config")
            .field("data_dir", &self.data_dir)
            .field("recovery_key", &self.recovery_key.as_ref().map(|_| "hidden"))
            .field("autosave_interval_ms", &self.autosave_interval_ms)
            .field("boot_id", &self.boot_id)
            .field("alert_thresholds", &self.alert_thresholds)
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
            alert_thresholds: None,
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
    programs: Arc<Programs>,
    strength: Arc<Strength>,
    metrics: Arc<Metrics>,
    habits: Arc<Habits>,
    migration: Arc<Migration>,
    outbox: Arc<Outbox>,
    nudge: Nudge,
    #[cfg(feature = "sync")]
    sync: Arc<Sync>,
}

/// How the rows of every kind are shown.
static PROJECTIONS: [&dyn Projection; 8] = [
    &ActivityRows,
    &Plain(EntityKind::ProgramSession),
    &Plain(EntityKind::ExerciseDefinition),
    &Plain(EntityKind::WorkoutLog),
    &Plain(EntityKind::Exercise),
    &Plain(EntityKind::ExerciseSet),
    &Plain(EntityKind::ProgressEntry),
    &Plain(EntityKind::HabitLog),
];

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

    /// The training days of programs.
    #[must_use]
    pub fn programs(&self) -> Arc<Programs> {
        Arc::clone(&self.programs)
    }

    /// Strength work, and the catalogue of movements.
    #[must_use]
    pub fn strength(&self) -> Arc<Strength> {
        Arc::clone(&self.strength)
    }

    /// Body mass and other metrics.
    #[must_use]
    pub fn metrics(&self) -> Arc<Metrics> {
        Arc::clone(&self.metrics)
    }

    /// The habit logs.
    #[must_use]
    pub fn habits(&self) -> Arc<Habits> {
        Arc::clone(&self.habits)
    }

    /// Takes over what the app kept before it had this core.
    #[must_use]
    pub fn migration(&self) -> Arc<Migration> {
        Arc::clone(&self.migration)
    }

    /// What the server has yet to hear, and what it refused.
    #[must_use]
    pub fn outbox(&self) -> Arc<Outbox> {
        Arc::clone(&self.outbox)
    }

    /// The account that is signed in; `local` if none is.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        self.context.account_id()
    }

    /// Signs in: from now on the account's data is shown, and its changes go to its server. Whoever was signed in before is signed out, and
    /// that account's queue waits. A recording belongs to the account under which it was started, unless that was the local one and this
    /// call adopts its data. Signing in again to the same account adopts what was recorded locally since.
    ///
    /// # Errors
    /// `invalid_argument` for an empty name or `local`; a storage error. Nothing was changed then.
    pub async fn sign_in(&self, account_id: AccountId, local_data: LocalData) -> Result<SignInReport> {
        check_account_id(&account_id)?;
        let unsaved = self.recorder.unsaved()?;
        let name = account_id.clone();
        let report = self
            .context
            .database
            .write(move |tx| accounts::sign_in(tx, &PROJECTIONS, &name, local_data, &unsaved))
            .await?;
        self.context.switch_account(account_id);
        (self.nudge)();
        Ok(report)
    }

    /// Signs out: the local account's data is shown again. The account's own data stays on the device for the next time; what its server
    /// has yet to hear waits or is given up. Without anybody signed in it does nothing.
    ///
    /// # Errors
    /// A storage error. Nothing was changed then.
    pub async fn sign_out(&self, queue: SignOut) -> Result<SignOutReport> {
        let (account_id, now_ms) = (self.context.account_id(), self.context.now().wall_ms);
        if account_id == LOCAL_ACCOUNT {
            return Ok(SignOutReport { kept: 0, discarded: 0 });
        }
        let report = self
            .context
            .database
            .write(move |tx| accounts::sign_out(tx, &PROJECTIONS, &account_id, queue, now_ms))
            .await?;
        self.context.switch_account(LOCAL_ACCOUNT.to_owned());
        (self.nudge)();
        Ok(report)
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
        #[cfg(feature = "sync")]
        self.sync.shut_down();
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
        let deadline = Duration::from_millis(deadline_ms.into());
        #[cfg(feature = "sync")]
        self.sync.suspend(deadline / 2);
        let suspended = self.context.database.suspend(deadline);
        // The folder is anybody's meanwhile.
        self.context.changed_elsewhere(Elsewhere::Changed);
        suspended
    }

    /// Opens the database files again.
    ///
    /// # Errors
    /// As `open`.
    pub fn resume_storage(&self) -> Result<()> {
        self.context.database.resume()?;
        #[cfg(feature = "sync")]
        self.sync.resume();
        Ok(())
    }
}

#[cfg(feature = "sync")]
#[uniffi::export]
impl SteadfastClient {
    /// Brings the changes of the signed-in account to its server.
    #[must_use]
    pub fn sync(&self) -> Arc<Sync> {
        Arc::clone(&self.sync)
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
        let (account_id, open_epoch) = database
            .write(|tx| Ok((accounts::current(tx)?, claim::begin_opening(tx)?)))
            .wait()?;
        let context = Context::new(
            data_dir,
            Arc::new(database),
            ports,
            Told { events, wakes },
            config.boot_id.clone(),
            account_id,
        );
        let context = Arc::new(match config.alert_thresholds {
            Some(thresholds) => context.with_thresholds(thresholds),
            None => context,
        });
        #[cfg(feature = "sync")]
        let sync = Arc::new(Sync::new(Arc::clone(&context), Arc::new(PROJECTIONS), open_epoch));
        #[cfg(feature = "sync")]
        let nudge = sync.nudge();
        #[cfg(not(feature = "sync"))]
        let nudge: Nudge = {
            let _nobody_claims = open_epoch;
            Arc::new(|| {})
        };
        let strength = Arc::new(Strength::new(Arc::clone(&context)));
        // Weak: the context, which the room holds, must not hold the room.
        let room = Arc::downgrade(&strength);
        context.on_changed_elsewhere(Box::new(move |how| {
            if let Some(room) = room.upgrade() {
                room.cache().invalidate(match how {
                    Elsewhere::Changed => InvalidationReason::ChangedElsewhere,
                    Elsewhere::AccountChanged => InvalidationReason::AccountChanged,
                });
            }
        }));
        let settings = RecorderSettings {
            key,
            autosave: Duration::from_millis(config.autosave_interval_ms.into()),
        };
        let checks: RoomChecks = Arc::new([
            Box::new(ActivitiesCheck {
                summary_of: Some(recompute),
            }) as Box<dyn RoomCheck>,
            Box::new(LayersCheck {
                projections: &PROJECTIONS,
            }),
        ]);
        let hooks = MaintenanceHooks {
            reclaim: outbox::delete_closed,
            before_backup: outbox::close_to_coalescing,
        };
        Ok(Arc::new(Self {
            recorder: Arc::new(Recorder::new(Arc::clone(&context), settings)),
            activities: Arc::new(Activities::new(Arc::clone(&context), Derivations { resplit, profile })),
            maintenance: Arc::new(Maintenance::new(Arc::clone(&context), checks, hooks)),
            programs: Arc::new(Programs::new(Arc::clone(&context))),
            strength,
            metrics: Arc::new(Metrics::new(Arc::clone(&context))),
            habits: Arc::new(Habits::new(Arc::clone(&context))),
            migration: Arc::new(Migration::new(Arc::clone(&context))),
            outbox: Arc::new(Outbox::new(
                Arc::clone(&context),
                Arc::new(PROJECTIONS),
                Arc::clone(&nudge),
            )),
            nudge,
            #[cfg(feature = "sync")]
            sync,
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
