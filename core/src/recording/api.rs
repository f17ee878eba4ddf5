//! The exported object `Recorder`: the workout in progress, and those that a crash left behind.

use std::sync::{Arc, Mutex};

use crate::activities::model::Activity;
use crate::background;
use crate::context::Context;
use crate::domain::cancel::CancelToken;
use crate::domain::id::Id;
use crate::domain::lap::Lap;
use crate::domain::record::Record;
use crate::domain::sample::{LocationSample, SensorReading};
use crate::domain::split::Split;
use crate::domain::start_options::StartOptions;
use crate::error::{RecoveryCode, Result, SteadfastError};
use crate::recovery::backups;
use crate::recovery::folder;
use crate::recovery::model::RecoveryInfo;

use crate::telemetry::model::Operation;

use super::active::Active;
use super::live_subscription::{Changes, LiveSubscription};
use super::model::{LiveStatistics, SaveOptions};
pub use super::recorder::RecorderSettings;
use super::recorder::{Inner, being_saved, lock, not_recording, remove_retired};
use super::{arrival, quantise};

/// Records the one workout in progress, and takes up those that a crash left behind.
///
/// Every method may be called from any thread. `add_samples` returns when the samples survive a kill of the process.
#[derive(uniffi::Object)]
pub struct Recorder(Arc<Inner>);

impl Recorder {
    /// The recorder of a client.
    #[must_use]
    pub fn new(context: Arc<Context>, settings: RecorderSettings) -> Self {
        let changes = Changes::new(context.wakes.clone());
        Self(Arc::new(Inner {
            context,
            settings,
            active: Mutex::new(None),
            autosave: Mutex::new(None),
            saving: Mutex::new(()),
            changes,
        }))
    }

    /// Closes the store for good; what is being recorded stays on the disk as an interrupted workout.
    ///
    /// # Errors
    /// What closing the store says.
    pub fn shut_down(&self) -> Result<()> {
        self.0.shut_down()
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.0
    }

    /// The workouts whose files wait to be saved: in progress, interrupted, set aside as an emergency backup.
    ///
    /// # Errors
    /// `storage_io` if a folder cannot be read.
    pub fn unsaved(&self) -> Result<Vec<Id>> {
        let mut ids = folder::list(&self.0.recovery_root())?;
        ids.extend(folder::list(&self.0.backup_root())?);
        Ok(ids)
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
        let active = {
            let mut guard = lock(&self.0.active);
            if guard.as_ref().is_some_and(Active::is_saving) {
                return Err(being_saved());
            }
            self.0.context.database.refuse_closed()?;
            guard.take().ok_or_else(not_recording)?
        };
        let id = active.session().id();
        self.0.rest();
        drop(active);
        self.0.changes.announce();
        // A save that failed may have moved it among the backups.
        folder::clear(&self.0.backup_root(), id)?;
        folder::clear(&self.0.recovery_root(), id).map(drop)
    }

    /// The workout in progress as it is now; `None` if there is none.
    #[must_use]
    pub fn live(&self) -> Option<LiveStatistics> {
        self.0.live()
    }

    /// The workout in progress as a stream of its changes, whoever makes them: for screens.
    #[must_use]
    pub fn observe(&self) -> Arc<LiveSubscription> {
        Arc::new(self.0.changes.observe(Arc::downgrade(&self.0)))
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
        let mut guard = lock(&self.0.active);
        let session = self.0.active(&mut guard)?.session();
        Ok(session
            .totals()
            .splits(session.id(), session.timer().reading_ms(session.newest_ms())))
    }

    /// Ends the open lap now, begins the next one, and gives the lap that was ended. When it returns, the press survives power loss.
    ///
    /// It works in a pause and in an auto-pause as well: the lap ends where the timer stands, and the next one begins to count when the
    /// timer goes on. A second press within a second of the timer (a button that bounces, a press twice in one pause) changes nothing
    /// and is refused, so that no lap is shorter than a second; an app says nothing about that.
    ///
    /// # Errors
    /// `not_recording`, also after `stop`; `duration_too_short` if the open lap has not lasted a second yet.
    pub fn lap(&self) -> Result<Lap> {
        self.0.lap()
    }

    /// The laps of the workout in progress, the open one last. Empty until the lap button is pressed for the first time: a workout
    /// without laps is not one lap.
    ///
    /// # Errors
    /// `not_recording`.
    pub fn laps(&self) -> Result<Vec<Lap>> {
        self.0.laps()
    }

    /// Saves the workout in progress: the activity, its track, its splits, its laps and its outbox event in one transaction, or nothing. Stops it
    /// first if it still runs. A failure that passes is tried three times again (0.5, 1, 2 s). After any error the recording is where
    /// it was, and its files are where the error says; `save` can be called again, and `resume` goes on.
    ///
    /// # Errors
    /// `not_recording`; a validation error (too few samples, too short, too many, impossible dates); `cancelled`; `save_failed` or
    /// `kept_as_backup`.
    pub async fn save(&self, options: SaveOptions, cancel: Option<Arc<CancelToken>>) -> Result<Activity> {
        let (inner, began) = (Arc::clone(&self.0), self.0.context.now());
        let saved = background::run_then("save", move || inner.save(&options, cancel.as_ref()), remove_retired).await;
        self.0.context.measured(Operation::Save, &began, &saved);
        saved
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

    /// For an app that the system restarts without a screen in the middle of a recording: goes on with the newest interrupted workout if
    /// it is fresh (its last record is less than an hour old), was not stopped and can be read; the silence becomes a gap. `None` if
    /// there is none, or if one is in progress. Ask the person when a screen is there again.
    ///
    /// # Errors
    /// As `recovery` and `resume_recovered`.
    pub async fn resume_fresh(&self) -> Result<Option<LiveStatistics>> {
        let inner = Arc::clone(&self.0);
        background::run("recovery", move || inner.resume_fresh()).await
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
        let (inner, began) = (Arc::clone(&self.0), self.0.context.now());
        let saved = background::run_then(
            "save",
            move || inner.save_recovered(id, &options, cancel.as_ref()),
            remove_retired,
        )
        .await;
        self.0.context.measured(Operation::Save, &began, &saved);
        saved
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

#[cfg(test)]
#[path = "api_tests.rs"]
mod tests;
