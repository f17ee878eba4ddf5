//! The exported object `Recorder`: the workout in progress, and those that a crash left behind.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use crate::activities::model::{Activity, ActivityOrigin};
use crate::background;
use crate::context::Context;
use crate::domain::cancel::CancelToken;
use crate::domain::id::Id;
use crate::domain::randomness::sixteen_bytes;
use crate::domain::record::Record;
use crate::domain::recording_state::RecordingState;
use crate::domain::reported::Reported;
use crate::domain::sample::{LocationSample, SensorReading};
use crate::domain::split::Split;
use crate::domain::start_options::StartOptions;
use crate::domain::tally::Repair;
use crate::domain::time::{Moment, from_ms};
use crate::error::{RecoveryCode, Result, SaveCode, SteadfastError, StorageCode, ValidationCode};
use crate::event::Event;
use crate::recovery::backups;
use crate::recovery::cipher::{NoncePrefix, NonceSource, RecoveryKey};
use crate::recovery::folder::{self, Retired};
use crate::recovery::journal::Journal;
use crate::recovery::model::{FORMAT_VERSION, Header, RecoveryInfo};

use super::active::Active;
use super::autosave::Autosave;
use super::commit::{self, Deleted};
use super::finish::{self, Provenance};
use super::model::{LiveStatistics, SaveOptions};
use super::recovered::Recovered;
use super::session::Session;
use super::{arrival, quantise};

/// What the client fixes for the life of the recorder.
pub struct RecorderSettings {
    /// Encrypts every recovery file.
    pub key: Option<RecoveryKey>,
    /// How long an acknowledged sample may wait until it survives power loss; zero syncs in every call.
    pub autosave: Duration,
}

/// Records the one workout in progress, and takes up those that a crash left behind.
///
/// Every method may be called from any thread. `add_samples` returns when the samples survive a kill of the process.
#[derive(uniffi::Object)]
pub struct Recorder(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) context: Arc<Context>,
    settings: RecorderSettings,
    active: Mutex<Option<Active>>,
    autosave: Mutex<Option<Autosave>>,
    /// One save at a time; a second one of the same workout then finds it saved.
    saving: Mutex<()>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while a lock is held leaves at worst a record that is in the journal but not in the sums; recovery counts it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// The recorder of a client.
    #[must_use]
    pub fn new(context: Arc<Context>, settings: RecorderSettings) -> Self {
        Self(Arc::new(Inner {
            context,
            settings,
            active: Mutex::new(None),
            autosave: Mutex::new(None),
            saving: Mutex::new(()),
        }))
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.0
    }
}

#[uniffi::export]
impl Recorder {
    /// Starts a workout and gives its id. When it returns, the start survives a kill.
    ///
    /// # Errors
    /// `already_recording`; `invalid_argument` for options out of range; a storage error if nothing can be written.
    pub fn start(&self, options: StartOptions) -> Result<Id> {
        self.0.start(options)
    }

    /// Takes fixes, in the order in which they were delivered. When it returns they survive a kill of the process, but for those that
    /// `unsaved_samples` counts because the storage refuses; they are tried again with every call. A fix that does not count
    /// (inaccurate, late, a teleport) is counted with its reason and is no error. An empty list changes nothing.
    ///
    /// # Errors
    /// `not_recording`.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "an exported method owns what crosses the language border"
    )]
    pub fn add_samples(&self, samples: Vec<LocationSample>) -> Result<LiveStatistics> {
        let now = self.0.context.now();
        self.0.take(&now, || {
            let mut repairs = 0;
            let records = samples.iter().map(|sample| match quantise::fix(sample) {
                Ok((fix, dropped)) => {
                    repairs += u64::from(dropped);
                    Record::Fix(arrival::with_elapsed(fix, &now))
                }
                Err(reason) => Record::Rejected(reason),
            });
            (records.collect(), repairs)
        })
    }

    /// Takes readings of other sensors; otherwise as `add_samples`.
    ///
    /// # Errors
    /// `not_recording`.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "an exported method owns what crosses the language border"
    )]
    pub fn add_readings(&self, readings: Vec<SensorReading>) -> Result<LiveStatistics> {
        let now = self.0.context.now();
        self.0.take(&now, || {
            let mut repairs = 0;
            let records = readings.iter().map(|reading| match quantise::reading(reading) {
                Ok((reading, dropped)) => {
                    repairs += u64::from(dropped);
                    Record::Reading(arrival::with_elapsed(reading, &now))
                }
                Err(reason) => Record::Rejected(reason),
            });
            (records.collect(), repairs)
        })
    }

    /// Pauses. When it returns, the pause survives power loss. Does nothing if the workout is paused already.
    ///
    /// # Errors
    /// `not_recording`.
    pub fn pause(&self) -> Result<LiveStatistics> {
        self.0.change_state(Record::Pause)
    }

    /// Goes on after `pause`, or after `stop` as long as the workout is not saved.
    ///
    /// # Errors
    /// `not_recording`.
    pub fn resume(&self) -> Result<LiveStatistics> {
        self.0.change_state(Record::Resume)
    }

    /// Finishes the workout; save or discard it next.
    ///
    /// # Errors
    /// `not_recording`.
    pub fn stop(&self) -> Result<LiveStatistics> {
        self.0.change_state(Record::Stop)
    }

    /// Throws the workout in progress away, with its files.
    ///
    /// # Errors
    /// `not_recording`; a storage error if the files could not be removed.
    pub fn discard(&self) -> Result<()> {
        let active = lock(&self.0.active).take().ok_or_else(not_recording)?;
        let id = active.session().id();
        self.0.rest();
        drop(active);
        // A save that failed may have moved it among the backups.
        folder::clear(&self.0.backup_root(), id)?;
        folder::clear(&self.0.recovery_root(), id).map(drop)
    }

    /// The workout in progress as it is now; `None` if there is none.
    #[must_use]
    pub fn live(&self) -> Option<LiveStatistics> {
        let now = self.0.context.now();
        lock(&self.0.active).as_ref().map(|active| active.live(&now))
    }

    /// The id of the workout in progress; `None` if there is none.
    #[must_use]
    pub fn active_id(&self) -> Option<Id> {
        lock(&self.0.active).as_ref().map(|active| active.session().id())
    }

    /// The splits of the workout in progress, the open one last.
    ///
    /// # Errors
    /// `not_recording`.
    pub fn splits(&self) -> Result<Vec<Split>> {
        let guard = lock(&self.0.active);
        let session = guard.as_ref().ok_or_else(not_recording)?.session();
        Ok(session
            .totals()
            .splits(session.id(), session.timer().reading_ms(session.newest_ms())))
    }

    /// Saves the workout in progress: the activity, its track, its splits and its outbox event in one transaction, or nothing. Stops it
    /// first if it still runs. A failure that passes is tried three times again (0.5, 1, 2 s). After any error the recording is where
    /// it was, and its files are where the error says; `save` can be called again, and `resume` goes on.
    ///
    /// # Errors
    /// `not_recording`; a validation error (too few samples, too short, too many, impossible dates); `cancelled`; `save_failed` or
    /// `kept_as_backup`.
    pub async fn save(&self, options: SaveOptions, cancel: Option<Arc<CancelToken>>) -> Result<Activity> {
        let inner = Arc::clone(&self.0);
        background::run_then("save", move || inner.save(&options, cancel.as_ref()), remove_retired).await
    }

    /// The workouts that a crash left behind, newest first, the one in progress left out. What is in the store already, or was
    /// deleted there, is cleared and not offered. One that cannot be read is offered with its `problem`.
    ///
    /// # Errors
    /// A storage error if the folder or the database cannot be read.
    pub async fn recovery(&self) -> Result<Vec<RecoveryInfo>> {
        let inner = Arc::clone(&self.0);
        background::run("recovery", move || inner.recoverable(&inner.recovery_root())).await
    }

    /// Goes on with an interrupted workout. The silence becomes a gap: no distance, no timer.
    ///
    /// # Errors
    /// `already_recording`; `recovery_not_found`, `recovery_too_old` (over 7 days), `recovery_corrupted`, `recovery_newer_version`,
    /// `recovery_key_missing`, `recovery_key_wrong`; a storage error.
    pub fn resume_recovered(&self, id: Id) -> Result<LiveStatistics> {
        self.0.resume_recovered(id)
    }

    /// Saves an interrupted workout as it is, with its last record as its end; otherwise as `save`.
    ///
    /// # Errors
    /// As `save` and `resume_recovered`; age is no hindrance.
    pub async fn save_recovered(
        &self,
        id: Id,
        options: SaveOptions,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Activity> {
        let inner = Arc::clone(&self.0);
        background::run_then(
            "save",
            move || inner.save_recovered(id, &options, cancel.as_ref()),
            remove_retired,
        )
        .await
    }

    /// Throws an interrupted workout away, readable or not.
    ///
    /// # Errors
    /// `recovery_not_found`, `recovery_occupied` if it is the one in progress; a storage error.
    pub fn discard_recovered(&self, id: Id) -> Result<()> {
        self.0.refuse_active(id)?;
        if folder::clear(&self.0.recovery_root(), id)? {
            return Ok(());
        }
        Err(SteadfastError::recovery(RecoveryCode::NotFound, None, id.to_string()))
    }

    /// The emergency backups, newest first.
    ///
    /// # Errors
    /// A storage error.
    pub async fn backups(&self) -> Result<Vec<RecoveryInfo>> {
        let inner = Arc::clone(&self.0);
        background::run("backups", move || inner.recoverable(&inner.backup_root())).await
    }

    /// Moves an emergency backup back among the interrupted workouts, where it can be resumed, saved or discarded.
    ///
    /// # Errors
    /// `recovery_not_found`; `recovery_occupied` if there is an interrupted workout of that id, or it is the one in progress; a storage
    /// error.
    pub async fn restore_backup(&self, id: Id) -> Result<()> {
        self.0.refuse_active(id)?;
        let inner = Arc::clone(&self.0);
        background::run("backups", move || {
            backups::restore(&inner.recovery_root(), &inner.backup_root(), id).map(drop)
        })
        .await
    }
}

impl Inner {
    /// Where interrupted workouts are.
    pub(crate) fn recovery_root(&self) -> PathBuf {
        self.context.data_dir.join("recovery")
    }

    /// Where emergency backups are.
    pub(crate) fn backup_root(&self) -> PathBuf {
        self.context.data_dir.join("backups")
    }

    fn nonces(&self) -> NonceSource {
        let randomness = Arc::clone(&self.context.randomness);
        Box::new(move || sixteen_bytes(randomness.as_ref()))
    }

    fn seal(&self) -> Option<(&RecoveryKey, NoncePrefix)> {
        self.settings
            .key
            .as_ref()
            .map(|key| (key, sixteen_bytes(self.context.randomness.as_ref())))
    }

    fn start(self: &Arc<Self>, options: StartOptions) -> Result<Id> {
        check(&options)?;
        let mut active = lock(&self.active);
        if active.is_some() {
            return Err(SteadfastError::validation(ValidationCode::AlreadyRecording, ""));
        }
        let (id, now) = (self.context.new_id(), self.context.now());
        let header = Header {
            format_version: FORMAT_VERSION,
            workout_id: id,
            account_id: self.context.account_id.clone(),
            options: options.clone(),
            started: now.clone(),
            boot_id: self.context.boot_id.clone(),
        };
        let journal = Journal::create(
            &self.recovery_root(),
            &header,
            self.settings.key.as_ref(),
            self.nonces(),
        )?;
        let session = Session::new(id, options, &now, self.context.boot_id.clone());
        self.begin(&mut active, Active::new(session, journal, now.wall_ms))?;
        Ok(id)
    }

    fn begin(self: &Arc<Self>, place: &mut Option<Active>, active: Active) -> Result<()> {
        let weak = Arc::downgrade(self);
        if !self.settings.autosave.is_zero() {
            let autosave = Autosave::start(self.settings.autosave, move || autosave(&weak))
                .map_err(|error| SteadfastError::storage(StorageCode::Io, None, format!("no thread: {error}")))?;
            *lock(&self.autosave) = Some(autosave);
        }
        let (id, state) = (active.session().id(), active.session().state());
        *place = Some(active);
        self.context.events.send(Event::Recording {
            workout_id: id,
            state,
            unsaved_samples: 0,
        });
        Ok(())
    }

    /// Ends the alarm: nothing is recorded any more.
    fn rest(&self) {
        lock(&self.autosave).take();
    }

    fn take(&self, now: &Moment, records: impl FnOnce() -> (Vec<Record>, u64)) -> Result<LiveStatistics> {
        let mut guard = lock(&self.active);
        let active = guard.as_mut().ok_or_else(not_recording)?;
        if active.session().state() == RecordingState::Stopped {
            return Err(not_recording());
        }
        let (records, repairs) = records();
        let before = (active.session().state(), active.unsaved());
        if !records.is_empty() {
            active.take(&records);
            if repairs > 0 {
                active.session_mut().count_repairs(Repair::ValueDropped, repairs);
            }
        }
        self.settle(active, now, before);
        Ok(active.live(now))
    }

    fn change_state(&self, record: fn(Moment) -> Record) -> Result<LiveStatistics> {
        let now = self.context.now();
        let mut guard = lock(&self.active);
        let active = guard.as_mut().ok_or_else(not_recording)?;
        let before = (active.session().state(), active.unsaved());
        if before.0 == RecordingState::Stopped
            && let Err(error) = self.context.database.take_back_failed_commit().wait()
        {
            // A save may have failed before; what is recorded from here on must not be taken for saved.
            tracing::warn!(%error, "going on after a stop");
        }
        active.take(&[record(now.clone())]);
        if active.session().state() != before.0
            && let Err(error) = active.snapshot(now.wall_ms, self.seal())
        {
            // The journal holds the change, or counts it as unsaved; the next sync tries again.
            tracing::warn!(%error, "the snapshot after a change of state");
        }
        self.settle(active, &now, before);
        Ok(active.live(&now))
    }

    /// After every write: sync now or later, and say what the app should know.
    fn settle(&self, active: &mut Active, now: &Moment, before: (RecordingState, u64)) {
        if active.is_dirty() {
            if self.settings.autosave.is_zero() {
                if let Err(error) = active.sync() {
                    tracing::warn!(%error, "syncing the journal");
                }
            } else if let Some(autosave) = &*lock(&self.autosave) {
                autosave.touch();
            }
        }
        self.announce(active, before);
        if active.is_snapshot_due(now.wall_ms)
            && let Err(error) = active.snapshot(now.wall_ms, self.seal())
        {
            tracing::warn!(%error, "the regular snapshot");
        }
    }

    fn announce(&self, active: &Active, before: (RecordingState, u64)) {
        let after = (active.session().state(), active.unsaved());
        if after != before {
            let (state, unsaved_samples) = after;
            self.context.events.send(Event::Recording {
                workout_id: active.session().id(),
                state,
                unsaved_samples,
            });
        }
        if before.1 == 0 && after.1 > 0 {
            let free_bytes = crate::database::space::free_bytes(&self.context.data_dir).ok();
            self.context.events.send(Event::StorageLow { free_bytes });
        }
    }

    fn provenance(&self, account_id: &str) -> Provenance {
        Provenance {
            account_id: account_id.to_owned(),
            origin: ActivityOrigin::Recorded,
            device: None,
            reported: Reported::default(),
            saved_at: from_ms(self.context.now().wall_ms),
        }
    }

    fn save(&self, options: &SaveOptions, cancel: Option<&Arc<CancelToken>>) -> Result<(Activity, Vec<Retired>)> {
        let _one_at_a_time = lock(&self.saving);
        let (id, workout) = {
            let mut guard = lock(&self.active);
            let active = guard.as_mut().ok_or_else(not_recording)?;
            if active.session().state() != RecordingState::Stopped {
                active.take(&[Record::Stop(self.context.now())]);
            }
            finish::validate(active.session(), options.sample_limit)?;
            let provenance = self.provenance(&active.journal().header().account_id);
            (
                active.session().id(),
                finish::finish(active.session_mut(), options, provenance)?,
            )
        };
        // The lock is free while the store writes: `live` goes on showing the workout.
        match commit::commit(&self.context, vec![workout], Deleted::Refuse, Some(id), cancel) {
            Ok(mut committed) => {
                self.rest();
                // Closes the journal, then its folder goes; a kill in between leaves a folder whose workout is in the store.
                drop(lock(&self.active).take());
                Ok((committed.remove(0).activity, self.retire_stored(id)))
            }
            Err(error) => Err(self.keep(error)),
        }
    }

    /// The chain of a failed save: the recovery folder, made durable; else an emergency backup; and in any case an error that says where
    /// the recording is.
    fn keep(&self, error: SteadfastError) -> SteadfastError {
        if matches!(error, SteadfastError::Validation { .. } | SteadfastError::Save { .. }) {
            return error;
        }
        let mut guard = lock(&self.active);
        let Some(active) = guard.as_mut() else { return error };
        let folder = active.journal().folder().to_owned();
        let Err(trouble) = active.snapshot(self.context.now().wall_ms, self.seal()) else {
            return SteadfastError::save(SaveCode::SaveFailed, Some(&folder), error.to_string());
        };
        let detail = format!("{error}; then its recovery folder: {trouble}");
        match backups::set_aside(&self.recovery_root(), &self.backup_root(), active.session().id()) {
            Ok(backup) => {
                // The workout may go on, and be saved when the storage works again.
                active.follow(backup.clone());
                SteadfastError::save(SaveCode::KeptAsBackup, Some(&backup), detail)
            }
            Err(also) => SteadfastError::save(
                SaveCode::SaveFailed,
                Some(&folder),
                format!("{detail}; then a backup: {also}"),
            ),
        }
    }

    /// The activity is in the store: its files are of no more use, and failing to remove them is no failure of the save. Nothing is
    /// synced: a folder that a power loss brings back belongs to a stored workout and is not offered.
    fn retire_stored(&self, id: Id) -> Vec<Retired> {
        let retire = |root: PathBuf| {
            folder::retire(&root, id).unwrap_or_else(|error| {
                tracing::warn!(%error, "clearing the files of a saved workout; the next start clears them");
                None
            })
        };
        [self.recovery_root(), self.backup_root()]
            .into_iter()
            .filter_map(retire)
            .collect()
    }

    fn refuse_active(&self, id: Id) -> Result<()> {
        match &*lock(&self.active) {
            Some(active) if active.session().id() == id => {
                Err(SteadfastError::recovery(RecoveryCode::Occupied, None, ""))
            }
            _ => Ok(()),
        }
    }

    /// Reads an interrupted workout back.
    pub(crate) fn read_recovered(&self, id: Id) -> Result<Recovered> {
        self.refuse_active(id)?;
        Recovered::read(&self.recovery_root(), id, self.settings.key.as_ref())
    }

    fn recoverable(&self, root: &std::path::Path) -> Result<Vec<RecoveryInfo>> {
        let now_ms = self.context.now().wall_ms;
        let active_id = lock(&self.active).as_ref().map(|active| active.session().id());
        let is_backup = root == self.backup_root();
        let mut offered = Vec::new();
        for id in folder::list(root)? {
            if Some(id) == active_id {
                continue;
            }
            if self.is_settled(id)? {
                // Killed between the commit and the clearing: the clearing is finished now.
                folder::clear(root, id)?;
                continue;
            }
            offered.push(Recovered::info(
                root,
                id,
                self.settings.key.as_ref(),
                is_backup,
                now_ms,
            )?);
        }
        offered.sort_by_key(|info| (std::cmp::Reverse(info.started_at), info.id));
        Ok(offered)
    }

    /// True if the store has the workout, or had it until it was deleted there.
    fn is_settled(&self, id: Id) -> Result<bool> {
        self.context
            .database
            .read(move |connection| crate::activities::table::is_known(connection, id))
            .wait()
    }

    fn resume_recovered(self: &Arc<Self>, id: Id) -> Result<LiveStatistics> {
        let mut guard = lock(&self.active);
        if guard.is_some() {
            return Err(SteadfastError::validation(ValidationCode::AlreadyRecording, ""));
        }
        if self.is_settled(id)? {
            return Err(SteadfastError::recovery(
                RecoveryCode::NotFound,
                None,
                "it is saved already",
            ));
        }
        let now = self.context.now();
        let recovered = Recovered::read(&self.recovery_root(), id, self.settings.key.as_ref())?;
        recovered.check_resumable(now.wall_ms)?;
        let journal = Journal::resume(
            &self.recovery_root(),
            &recovered.found,
            self.settings.key.as_ref(),
            self.nonces(),
        )?;
        let mut active = Active::new(recovered.session, journal, now.wall_ms);
        active.take(&[Record::Interrupted {
            moment: now.clone(),
            boot_id: self.context.boot_id.clone(),
        }]);
        if let Err(error) = active.snapshot(now.wall_ms, self.seal()) {
            tracing::warn!(%error, "the snapshot after resuming");
        }
        let live = active.live(&now);
        self.begin(&mut guard, active)?;
        Ok(live)
    }

    fn save_recovered(
        &self,
        id: Id,
        options: &SaveOptions,
        cancel: Option<&Arc<CancelToken>>,
    ) -> Result<(Activity, Vec<Retired>)> {
        let _one_at_a_time = lock(&self.saving);
        let mut recovered = self.read_recovered(id)?;
        recovered.stop();
        finish::validate(&recovered.session, options.sample_limit)?;
        let provenance = self.provenance(&recovered.found.header.account_id);
        let workout = finish::finish(&mut recovered.session, options, provenance)?;
        let path = folder::path(&self.recovery_root(), id);
        match commit::commit(&self.context, vec![workout], Deleted::Refuse, Some(id), cancel) {
            Ok(mut committed) => Ok((committed.remove(0).activity, self.retire_stored(id))),
            Err(error @ (SteadfastError::Validation { .. } | SteadfastError::Save { .. })) => Err(error),
            Err(error) => Err(SteadfastError::save(
                SaveCode::SaveFailed,
                Some(&path),
                error.to_string(),
            )),
        }
    }
}

/// Runs on the alarm's thread. True if there is still something to sync, because the storage refused.
fn autosave(inner: &Weak<Inner>) -> bool {
    let Some(inner) = inner.upgrade() else { return false };
    let mut guard = lock(&inner.active);
    let Some(active) = guard.as_mut() else { return false };
    let before = (active.session().state(), active.unsaved());
    if let Err(error) = active.sync() {
        tracing::warn!(%error, "syncing the journal");
    }
    inner.announce(active, before);
    active.is_dirty()
}

/// Runs when the save's caller has its reply.
fn remove_retired(folders: Vec<Retired>) {
    for folder in folders {
        if let Err(error) = folder.remove() {
            tracing::warn!(%error, "removing the files of a saved workout; the next start removes them");
        }
    }
}

fn not_recording() -> SteadfastError {
    SteadfastError::validation(ValidationCode::NotRecording, "")
}

fn check(options: &StartOptions) -> Result<()> {
    let radius_m = options.max_horizontal_accuracy_m;
    if !radius_m.is_finite() || !(1.0..=10_000.0).contains(&radius_m) {
        return Err(SteadfastError::invalid(
            "max_horizontal_accuracy_m",
            format!("{radius_m} is not between 1 and 10000"),
        ));
    }
    match options.utc_offset_s {
        Some(offset) if offset.abs() > 18 * 3600 => Err(SteadfastError::invalid(
            "utc_offset_s",
            format!("{offset} is more than 18 hours"),
        )),
        _ => Ok(()),
    }
}
