//! Laps: an activity cut where the person pressed the lap button.

use std::time::SystemTime;

use super::id::Id;

/// A stretch of an activity between two presses of the lap button, the start and the end of the activity standing for the first and the
/// last. The laps of an activity add up to its distance, its timer and its climb. An activity in which nobody pressed has none.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Lap {
    /// Stable for (activity, index).
    pub id: Id,
    /// 1 for the first.
    pub index: u32,
    /// When the press before it came, UTC; the activity's start for the first.
    pub started_at: SystemTime,
    /// Metres. Of a lap that was just closed, a few may still move between it and the next one until the next fix has come.
    pub distance_m: f64,
    /// Seconds of the timer.
    pub duration_s: f64,
    /// Seconds per kilometre; `None` without distance.
    pub pace_s_per_km: Option<f64>,
    /// Metres climbed.
    pub elevation_gain_m: f64,
    /// True for the last lap of a workout in progress; false for all laps of a finished one.
    pub is_open: bool,
}
