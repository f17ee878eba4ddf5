//! What the exported object shares with its threads: the workout in progress and the interrupted ones, from the start of each to its save
//! or its end among the backups.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use crate::activities::model::{Activity, ActivityOrigin};
use crate::context::Context;
use crate::domain::cancel::CancelToken;
use crate::domain::id::Id;
use crate::domain::lap::Lap;
use crate::domain::randomness::sixteen_bytes;
use crate::domain::record::Record;
use crate::domain::recording_state::RecordingState;
use crate::domain::reported::Reported;
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
use crate::recovery::rules;

use super::active::Active;
use super::autosave::Autosave;
use super::commit::{self, Deleted};
use super::finish::{self, Provenance};
use super::live_subscription::Changes;
use super::model::{LiveStatistics, SaveOptions};
use super::recovered::Recovered;
use super::session::Session;

/// What the client fixes for the life of the recorder.
pub struct RecorderSettings {
    /// Encrypts every recovery file.
    pub key: Option<RecoveryKey>,
    /// How long an acknowledged sample may wait until it survives power loss; zero syncs in every call.
    pub autosave: Duration,
}

/// Behind a `Recorder`.
pub(crate) struct Inner {
    pub(crate) context: Arc<Context>,
    pub(super) settings: RecorderSettings,
    pub(super) active: Mutex<Option<Active>>,
    pub(super) autosave: Mutex<Option<Autosave>>,
    /// One save at a time; a second one of the same workout then finds it saved.
    pub(super) saving: Mutex<()>,
    /// Wakes the screens that follow the workout.
    pub(super) changes: Changes,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while a lock is held leaves at worst a record that is in the journal but not in the sums; recovery counts it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

    pub(super) fn nonces(&self) -> NonceSource {
        let randomness = Arc::clone(&self.context.randomness);
        Box::new(move || sixteen_bytes(randomness.as_ref()))
    }

    pub(super) fn seal(&self) -> Option<(&RecoveryKey, NoncePrefix)> {
        self.settings
            .key
            .as_ref()
            .map(|key| (key, sixteen_bytes(self.context.randomness.as_ref())))
    }

    pub(super) fn start(self: &Arc<Self>, options: StartOptions) -> Result<Id> {
        check(&options)?;
        let mut active = lock(&self.active);
        if active.is_some() {
            return Err(SteadfastError::validation(ValidationCode::AlreadyRecording, ""));
        }
        self.context.database.refuse_closed()?;
        let (id, now) = (self.context.new_id(), self.context.now());
        let header = Header {
            format_version: FORMAT_VERSION,
            workout_id: id,
            account_id: self.context.account_id(),
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

    pub(super) fn begin(self: &Arc<Self>, place: &mut Option<Active>, active: Active) -> Result<()> {
        let weak = Arc::downgrade(self);
        if !self.settings.autosave.is_zero() {
            let autosave = Autosave::start(self.settings.autosave, move || autosave(&weak))
                .map_err(|error| SteadfastError::storage(StorageCode::Io, None, format!("no thread: {error}")))?;
            *lock(&self.autosave) = Some(autosave);
        }
        let (id, state) = (active.session().id(), active.session().state());
        *place = Some(active);
        self.changes.announce();
        self.context.events.send(Event::Recording {
            workout_id: id,
            state,
            unsaved_samples: 0,
        });
        Ok(())
    }

    /// The workout in progress as it is now.
    pub(super) fn live(&self) -> Option<LiveStatistics> {
        let now = self.context.now();
        lock(&self.active).as_ref().map(|active| active.live(&now))
    }

    /// Ends with the client: closes the store; what is being recorded is made durable and stays on the disk as an interrupted workout.
    pub(super) fn shut_down(&self) -> Result<()> {
        // A save that runs is waited for: its transaction is under way.
        let _no_save = lock(&self.saving);
        let (active, closed) = {
            // The store is closed before the lock is given back, so that nothing can be started in between.
            let mut guard = lock(&self.active);
            (guard.take(), self.context.shut_down())
        };
        self.rest();
        if let Some(mut active) = active
            && let Err(error) = active.snapshot(self.context.now().wall_ms, self.seal())
        {
            tracing::warn!(%error, "the last snapshot before closing; the journal holds what was acknowledged");
        }
        self.changes.end();
        closed
    }

    /// Ends the alarm: nothing is recorded any more.
    pub(super) fn rest(&self) {
        lock(&self.autosave).take();
    }

    /// The workout in progress.
    ///
    /// # Errors
    /// `storage_closed` after the client was shut down, else `not_recording` if there is none.
    pub(super) fn active<'a>(&self, guard: &'a mut MutexGuard<'_, Option<Active>>) -> Result<&'a mut Active> {
        if guard.is_none() {
            self.context.database.refuse_closed()?;
        }
        guard.as_mut().ok_or_else(not_recording)
    }

    pub(super) fn take(&self, now: &Moment, records: impl FnOnce() -> (Vec<Record>, u64)) -> Result<LiveStatistics> {
        let mut guard = lock(&self.active);
        let active = self.active(&mut guard)?;
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

    pub(super) fn change_state(&self, record: fn(Moment) -> Record) -> Result<LiveStatistics> {
        let now = self.context.now();
        let mut guard = lock(&self.active);
        let active = self.active(&mut guard)?;
        if active.is_saving() {
            return Err(being_saved());
        }
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

    pub(super) fn lap(&self) -> Result<Lap> {
        let now = self.context.now();
        let mut guard = lock(&self.active);
        let active = self.active(&mut guard)?;
        if active.is_saving() {
            return Err(being_saved());
        }
        let before = (active.session().state(), active.unsaved());
        if before.0 == RecordingState::Stopped {
            return Err(not_recording());
        }
        if !active.session().may_lap(&now) {
            let detail = "the open lap has not lasted a second";
            return Err(SteadfastError::validation(ValidationCode::DurationTooShort, detail));
        }
        active.take(&[Record::Lap(now.clone())]);
        if let Err(error) = active.sync() {
            // The journal holds the press in memory and counts it as unsaved; the next sync tries again.
            tracing::warn!(%error, "syncing the lap");
        }
        self.settle(active, &now, before);
        let mut laps = active.session().laps();
        // The open one is the last.
        laps.pop();
        laps.pop().ok_or_else(not_recording)
    }

    pub(super) fn laps(&self) -> Result<Vec<Lap>> {
        let mut guard = lock(&self.active);
        Ok(self.active(&mut guard)?.session().laps())
    }

    /// After every write: sync now or later, and say what the app should know.
    pub(super) fn settle(&self, active: &mut Active, now: &Moment, before: (RecordingState, u64)) {
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

    pub(super) fn announce(&self, active: &Active, before: (RecordingState, u64)) {
        self.changes.announce();
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

    pub(super) fn provenance(&self, account_id: &str) -> Provenance {
        Provenance {
            account_id: account_id.to_owned(),
            origin: ActivityOrigin::Recorded,
            device: None,
            reported: Reported::default(),
            saved_at: from_ms(self.context.now().wall_ms),
        }
    }

    pub(super) fn save(
        &self,
        options: &SaveOptions,
        cancel: Option<&Arc<CancelToken>>,
    ) -> Result<(Activity, Vec<Retired>)> {
        let _one_at_a_time = lock(&self.saving);
        let (id, workout) = {
            let mut guard = lock(&self.active);
            let active = self.active(&mut guard)?;
            if active.session().state() != RecordingState::Stopped {
                active.take(&[Record::Stop(self.context.now())]);
            }
            finish::validate(active.session(), options.sample_limit)?;
            let provenance = self.provenance(&active.journal().header().account_id);
            let workout = finish::finish(active.session_mut(), options, provenance)?;
            // What is committed is what was finished here: nothing may be added to it meanwhile, or it would go with the files.
            active.set_saving(true);
            (active.session().id(), workout)
        };
        // The lock is free while the store writes: `live` goes on showing the workout.
        match commit::commit(&self.context, vec![workout], Deleted::Refuse, Some(id), cancel) {
            Ok(mut committed) => {
                self.rest();
                // Closes the journal, then its folder goes; a kill in between leaves a folder whose workout is in the store.
                drop(lock(&self.active).take());
                self.changes.announce();
                Ok((committed.remove(0).activity, self.retire_stored(id)))
            }
            Err(error) => {
                let error = self.keep(error);
                self.changes.announce();
                Err(error)
            }
        }
    }

    /// The chain of a failed save: the recovery folder, made durable; else an emergency backup; and in any case an error that says where
    /// the recording is.
    pub(super) fn keep(&self, error: SteadfastError) -> SteadfastError {
        let mut guard = lock(&self.active);
        if let Some(active) = guard.as_mut() {
            active.set_saving(false);
        }
        if matches!(error, SteadfastError::Validation { .. } | SteadfastError::Save { .. }) {
            return error;
        }
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
                self.evict_backups();
                SteadfastError::save(SaveCode::KeptAsBackup, Some(&backup), detail)
            }
            Err(also) => SteadfastError::save(
                SaveCode::SaveFailed,
                Some(&folder),
                format!("{detail}; then a backup: {also}"),
            ),
        }
    }

    /// Keeps the ten newest emergency backups. One that is not in the store stays however old it is, and without the store nobody knows.
    fn evict_backups(&self) {
        if let Err(error) = backups::evict(&self.backup_root(), &|id| self.is_settled(id)) {
            tracing::warn!(%error, "evicting old emergency backups; the next one tries again");
        }
    }

    /// The activity is in the store: its files are of no more use, and failing to remove them is no failure of the save. Nothing is
    /// synced: a folder that a power loss brings back belongs to a stored workout and is not offered.
    pub(super) fn retire_stored(&self, id: Id) -> Vec<Retired> {
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

    pub(super) fn refuse_active(&self, id: Id) -> Result<()> {
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

    pub(super) fn recoverable(&self, root: &std::path::Path) -> Result<Vec<RecoveryInfo>> {
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
    pub(super) fn is_settled(&self, id: Id) -> Result<bool> {
        self.context
            .database
            .read(move |connection| crate::activities::table::is_known(connection, id))
            .wait()
    }

    pub(super) fn resume_recovered(self: &Arc<Self>, id: Id) -> Result<LiveStatistics> {
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

    pub(super) fn resume_fresh(self: &Arc<Self>) -> Result<Option<LiveStatistics>> {
        if lock(&self.active).is_some() {
            return Ok(None);
        }
        let offered = self.recoverable(&self.recovery_root())?;
        match rules::to_resume_unasked(&offered) {
            Some(id) => self.resume_recovered(id).map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn save_recovered(
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
pub(super) fn remove_retired(folders: Vec<Retired>) {
    for folder in folders {
        if let Err(error) = folder.remove() {
            tracing::warn!(%error, "removing the files of a saved workout; the next start removes them");
        }
    }
}

pub(super) fn not_recording() -> SteadfastError {
    SteadfastError::validation(ValidationCode::NotRecording, "")
}

pub(super) fn being_saved() -> SteadfastError {
    SteadfastError::validation(ValidationCode::NotRecording, "it is being saved")
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
