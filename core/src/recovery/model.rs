//! The words of the recovery room, and its limits.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::domain::account::AccountId;
use crate::domain::id::Id;
use crate::domain::kind::ActivityKind;
use crate::domain::recording_state::RecordingState;
use crate::domain::start_options::StartOptions;
use crate::domain::time::{Moment, from_ms};
use crate::error::SteadfastError;

use super::rules;

/// The version of every file that this build writes, and the newest that it reads.
pub const FORMAT_VERSION: u32 = 1;
/// A workout whose last record is younger is fresh: its app was probably killed in the middle of it. Milliseconds.
pub const FRESH_FOR_MS: i64 = 60 * 60 * 1000;
/// A workout that started longer ago is saved or exported, not resumed. Milliseconds.
pub const RESUMABLE_FOR_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Emergency backups that are always kept, the newest first.
pub const BACKUPS_KEPT: usize = 10;
/// Bytes held back on the disk while recording, for the tail of the recording when the disk fills up: six hours at 1
/// Hz.
pub const RESERVE_BYTES: u64 = 4 * 1024 * 1024;
/// The longest line in bytes; what is longer is damage. Twice the longest header, since a header stands twice in a
/// file.
pub const MAX_LINE_BYTES: usize = 64 * 1024;
/// The longest header line in bytes, sealed or not. Only a very long account id could exceed it.
pub const MAX_HEADER_BYTES: usize = MAX_LINE_BYTES / 4;
/// The longest boot id in bytes that is written; a longer one is written as unknown.
pub const MAX_BOOT_ID_BYTES: usize = 1024;

/// What is fixed at the start of a workout. It opens every file, so that each can be understood alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT_VERSION`] of the build that wrote the file.
    pub format_version: u32,
    /// The workout, and later the activity.
    pub workout_id: Id,
    /// The account under which it was started, and to which it belongs.
    pub account_id: AccountId,
    /// How it is recorded.
    pub options: StartOptions,
    /// When it started.
    pub started: Moment,
    /// The boot in which it started; sums of the sleep-counting clock never cross boots.
    pub boot_id: Option<String>,
}

/// What the recording was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkoutState {
    /// Recording.
    Running,
    /// Paused, by the user or by itself.
    Paused,
    /// Finished, but not yet saved.
    Stopped,
}

/// The numbers that a list of unfinished workouts shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecoverySummary {
    /// Metres.
    pub distance_m: f64,
    /// Seconds on the timer.
    pub duration_s: f64,
    /// Fixes and readings.
    pub sample_count: u64,
    /// Splits, the partial one included.
    pub split_count: u32,
}

/// The state at one moment, without the samples: those are in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The workout's header.
    pub header: Header,
    /// When it was written, UTC milliseconds.
    pub saved_at_ms: i64,
    /// The last record that was on the disk when it was written.
    pub last_seq: u64,
    /// What the recording was doing.
    pub state: WorkoutState,
    /// The numbers at that moment.
    pub summary: RecoverySummary,
}

/// Where the state of a recovered workout was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RecoverySource {
    /// `active_workout.json`.
    Primary,
    /// `active_workout_backup.json`: the primary is missing or damaged.
    Backup,
    /// The journal alone: there is no readable snapshot.
    Journal,
}

/// Which of the two places an unfinished workout is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RecoveryLocation {
    /// Among the workouts in progress.
    Recovery,
    /// Among the emergency backups.
    Backup,
}

/// What was found wrong while reading. All zero for a recording that was only interrupted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    /// Lines that could not be read as they stand. A record in such a line is lost only if no other line carries it.
    pub bad_records: u64,
    /// Records that no line carries: gaps in the sequence numbers, and a tail that a snapshot had seen.
    pub missing_records: u64,
    /// A journal file ends in the middle of a line, as one does when power fails while it is written.
    pub torn_tail: bool,
    /// Snapshot files that are there but cannot be read (0 to 2).
    pub bad_snapshots: u32,
}

impl Damage {
    /// True if nothing is wrong.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// What reading a workout's folder brought to light, apart from the records themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The workout's header.
    pub header: Header,
    /// The newest readable snapshot.
    pub snapshot: Option<Snapshot>,
    /// Where the state was read from.
    pub source: RecoverySource,
    /// What is wrong.
    pub damage: Damage,
    /// The highest sequence number that is taken; a resumed journal goes on after it.
    pub last_seq: u64,
    /// Fixes and readings in the journal.
    pub sample_count: u64,
    /// The latest time that a record carries, UTC milliseconds; the start if none does.
    pub last_record_ms: i64,
}

/// An unfinished workout that can be resumed, saved, exported or discarded.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RecoveryInfo {
    /// The workout.
    pub id: Id,
    /// The sort of exercise.
    pub kind: ActivityKind,
    /// What it was doing when it was interrupted.
    pub state: RecordingState,
    /// When it started.
    pub started_at: SystemTime,
    /// Metres so far.
    pub distance_m: f64,
    /// Seconds on the timer so far.
    pub duration_s: f64,
    /// Fixes and readings so far.
    pub sample_count: u64,
    /// Splits so far, the partial one included.
    pub split_count: u32,
    /// Less than an hour has passed since the last record.
    pub is_fresh: bool,
    /// It started within the last 7 days. An older one can be saved and exported, but not resumed.
    pub can_resume: bool,
    /// Lines of the journal that could not be read.
    pub bad_records: u64,
    /// Records that are lost.
    pub missing_records: u64,
    /// A journal file ends in the middle of a record.
    pub torn_tail: bool,
    /// Where the state was read from.
    pub source: RecoverySource,
    /// Among the workouts in progress or among the emergency backups.
    pub location: RecoveryLocation,
    /// Why it cannot be read: the code name of the error. Then the numbers above say nothing, and its files are left as they are.
    pub problem: Option<String>,
}

impl RecoveryInfo {
    /// What to show of a workout that was read. `summary` is the session's after folding the records.
    #[must_use]
    pub fn new(
        found: &Found,
        state: RecordingState,
        summary: &RecoverySummary,
        location: RecoveryLocation,
        now_ms: i64,
    ) -> Self {
        Self {
            id: found.header.workout_id,
            kind: found.header.options.kind,
            state,
            started_at: from_ms(found.header.started.wall_ms),
            distance_m: summary.distance_m,
            duration_s: summary.duration_s,
            sample_count: summary.sample_count,
            split_count: summary.split_count,
            is_fresh: rules::is_fresh(found.last_record_ms, now_ms),
            can_resume: rules::can_resume(found.header.started.wall_ms, now_ms),
            bad_records: found.damage.bad_records,
            missing_records: found.damage.missing_records,
            torn_tail: found.damage.torn_tail,
            source: found.source,
            location,
            problem: None,
        }
    }

    /// What to show of a workout that cannot be read.
    #[must_use]
    pub fn unreadable(id: Id, location: RecoveryLocation, error: &SteadfastError) -> Self {
        let made_ms = id.get_timestamp().map_or(0, |timestamp| {
            let (seconds, nanoseconds) = timestamp.to_unix();
            i64::try_from(seconds).map_or(0, |seconds| seconds * 1000 + i64::from(nanoseconds / 1_000_000))
        });
        Self {
            id,
            kind: ActivityKind::Other,
            state: RecordingState::Stopped,
            started_at: from_ms(made_ms),
            distance_m: 0.0,
            duration_s: 0.0,
            sample_count: 0,
            split_count: 0,
            is_fresh: false,
            can_resume: false,
            bad_records: 0,
            missing_records: 0,
            torn_tail: false,
            source: RecoverySource::Journal,
            location,
            problem: Some(error.code_name()),
        }
    }
}
