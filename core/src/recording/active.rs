//! The workout in progress: the session that decides and the journal that remembers, always fed together and in that order.

use std::path::PathBuf;

use crate::domain::record::Record;
use crate::domain::recording_state::RecordingState;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::recovery::cipher::{NoncePrefix, RecoveryKey};
use crate::recovery::journal::{AppendOutcome, Journal};
use crate::recovery::model::{RecoverySummary, WorkoutState};
use crate::recovery::snapshot::{self, Status};

use super::model::LiveStatistics;
use super::session::Session;

/// A snapshot follows a change of state, and this long after the last one.
const SNAPSHOT_EVERY_MS: i64 = 5 * 60_000;

/// One workout while it is recorded.
pub struct Active {
    session: Session,
    journal: Journal,
    /// Samples that were in memory only after the last call.
    unsaved: u64,
    last_snapshot_ms: i64,
    /// The store is writing it.
    saving: bool,
}

impl Active {
    /// A session with the journal that holds exactly its records.
    #[must_use]
    pub fn new(session: Session, journal: Journal, now_ms: i64) -> Self {
        Self {
            session,
            journal,
            unsaved: 0,
            last_snapshot_ms: now_ms,
            saving: false,
        }
    }

    /// Writes the records down, then lets them count. What could not be written is kept in memory and counted, never refused.
    pub fn take(&mut self, records: &[Record]) -> AppendOutcome {
        let outcome = self.journal.append(records);
        for record in records {
            self.session.apply(record);
        }
        self.unsaved = outcome.unsaved as u64;
        outcome
    }

    /// Makes everything so far survive power loss.
    ///
    /// # Errors
    /// `Storage`; the records stay in memory and are tried again.
    pub fn sync(&mut self) -> Result<()> {
        let synced = self.journal.sync().map(drop);
        self.unsaved = self.journal.unsaved() as u64;
        synced
    }

    /// Syncs, then writes the state beside the journal.
    ///
    /// # Errors
    /// `Storage`; the journal alone still restores everything that it holds.
    pub fn snapshot(&mut self, now_ms: i64, seal: Option<(&RecoveryKey, NoncePrefix)>) -> Result<()> {
        let synced = self.journal.sync();
        self.unsaved = self.journal.unsaved() as u64;
        let status = Status {
            saved_at_ms: now_ms,
            state: workout_state(self.session.state()),
            summary: summary(&self.session),
        };
        snapshot::write(self.journal.folder(), self.journal.header(), &synced?, status, seal)?;
        self.last_snapshot_ms = now_ms;
        Ok(())
    }

    /// True if a snapshot is due by age.
    #[must_use]
    pub fn is_snapshot_due(&self, now_ms: i64) -> bool {
        now_ms.abs_diff(self.last_snapshot_ms) >= SNAPSHOT_EVERY_MS.unsigned_abs()
    }

    /// True if power loss would take something.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.journal.is_dirty()
    }

    /// The workout as it is at `now`.
    #[must_use]
    pub fn live(&self, now: &Moment) -> LiveStatistics {
        LiveStatistics {
            unsaved_samples: self.unsaved,
            ..self.session.live(Some(now))
        }
    }

    /// Samples in memory only.
    #[must_use]
    pub fn unsaved(&self) -> u64 {
        self.unsaved
    }

    /// True while the store writes it: it cannot go on until that is over.
    #[must_use]
    pub fn is_saving(&self) -> bool {
        self.saving
    }

    /// Says that the store begins or has ended writing it.
    pub fn set_saving(&mut self, saving: bool) {
        self.saving = saving;
    }

    /// The session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session, to be finished.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// The workout's folder was moved; the journal and the snapshots go on there.
    pub fn follow(&mut self, folder: PathBuf) {
        self.journal.follow(folder);
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }
}

/// The numbers that a list of unfinished workouts shows.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "milliseconds of a workout")]
pub fn summary(session: &Session) -> RecoverySummary {
    let totals = session.totals();
    let timer_ms = session.timer().reading_ms(session.newest_ms());
    RecoverySummary {
        distance_m: totals.distance_m(),
        duration_s: timer_ms as f64 / 1000.0,
        sample_count: session.acknowledged(),
        split_count: u32::try_from(totals.splits(session.id(), timer_ms).len()).unwrap_or(u32::MAX),
    }
}

fn workout_state(state: RecordingState) -> WorkoutState {
    match state {
        RecordingState::Recording => WorkoutState::Running,
        RecordingState::Paused | RecordingState::AutoPaused => WorkoutState::Paused,
        RecordingState::Stopped => WorkoutState::Stopped,
    }
}
