//! The words of the recording room.

use std::time::SystemTime;

use crate::domain::id::Id;
use crate::domain::kind::ActivityKind;
use crate::domain::recording_state::RecordingState;

/// The workout as it is now. Costs the same however long the workout is.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct LiveStatistics {
    /// The workout, and later the activity.
    pub workout_id: Id,
    /// The sort of exercise.
    pub kind: ActivityKind,
    /// When it started, UTC.
    pub started_at: SystemTime,
    /// What the recording is doing.
    pub state: RecordingState,
    /// Metres.
    pub distance_m: f64,
    /// Seconds that the timer ran, up to now.
    pub timer_s: f64,
    /// Seconds since the start, up to now.
    pub elapsed_s: f64,
    /// Seconds in motion.
    pub moving_s: f64,
    /// Speed over the last 10 s in m/s; `None` at the start of a segment and while paused.
    pub current_speed_mps: Option<f64>,
    /// Seconds per kilometre over the last 10 s; `None` while hardly moving.
    pub current_pace_s_per_km: Option<f64>,
    /// Seconds of the timer per kilometre since the start; `None` without distance.
    pub average_pace_s_per_km: Option<f64>,
    /// Metres climbed.
    pub elevation_gain_m: f64,
    /// Metres descended, positive.
    pub elevation_loss_m: f64,
    /// The last heart rate, at most 10 s old, in beats per minute.
    pub heart_rate_bpm: Option<f64>,
    /// The last cadence, at most 10 s old, in revolutions per minute.
    pub cadence_rpm: Option<f64>,
    /// The last power, at most 10 s old, in watts.
    pub power_w: Option<f64>,
    /// Full splits so far.
    pub completed_splits: u32,
    /// Metres into the open split.
    pub split_distance_m: f64,
    /// Seconds of the timer in the open split.
    pub split_duration_s: f64,
    /// Laps that were ended by the lap button so far.
    pub completed_laps: u32,
    /// Metres into the open lap; of the whole workout until the button is pressed.
    pub lap_distance_m: f64,
    /// Seconds of the timer in the open lap; of the whole workout until the button is pressed.
    pub lap_duration_s: f64,
    /// Samples acknowledged so far: fixes and readings, rejected ones included.
    pub acknowledged_samples: u64,
    /// Rows in the track so far.
    pub sample_count: u64,
    /// Fixes and readings that did not become part of the track.
    pub rejected_samples: u64,
    /// Acknowledged samples (a pause, resume or lap counts as one) that are in memory only, because the device's storage refuses: they would
    /// not survive a kill.
    pub unsaved_samples: u64,
}

/// How a workout is saved.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct SaveOptions {
    /// The title; may be empty.
    #[uniffi(default = "")]
    pub title: String,
    /// The notes; may be empty.
    #[uniffi(default = "")]
    pub notes: String,
    /// A workout with more rows is not saved until the limit is raised.
    #[uniffi(default = 1000000)]
    pub sample_limit: u64,
}

impl Default for SaveOptions {
    fn default() -> Self {
        Self {
            title: String::new(),
            notes: String::new(),
            sample_limit: 1_000_000,
        }
    }
}
