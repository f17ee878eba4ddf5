//! The words of the activities room.

use std::collections::HashMap;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::domain::account::AccountId;
use crate::domain::column::DoubleColumn;
use crate::domain::id::Id;
use crate::domain::kind::ActivityKind;
use crate::domain::lap::Lap;
use crate::domain::reported::Reported;
use crate::domain::split::Split;
use crate::domain::tally::{RejectReason, Repair};
use crate::domain::time::TimerInterval;
use crate::track::model::{BoundingBox, Chunk};

/// How an activity came into the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum ActivityOrigin {
    /// Recorded by this app.
    Recorded,
    /// Imported from a file.
    Imported,
}

/// A finished workout.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Activity {
    /// The workout's id.
    pub id: Id,
    /// The sort of exercise.
    pub kind: ActivityKind,
    /// Recorded or imported.
    pub origin: ActivityOrigin,
    /// The title; empty if none was given.
    pub title: String,
    /// The notes; empty if none were given.
    pub notes: String,
    /// When it started, UTC.
    pub started_at: SystemTime,
    /// When it ended, UTC.
    pub ended_at: SystemTime,
    /// The offset of local time from UTC in seconds at the start, if known.
    pub utc_offset_s: Option<i32>,
    /// Metres.
    pub distance_m: f64,
    /// Metres climbed.
    pub elevation_gain_m: f64,
    /// Metres descended, positive.
    pub elevation_loss_m: f64,
    /// Seconds that the timer ran: from start to end without pauses.
    pub timer_s: f64,
    /// Seconds from start to end, pauses included.
    pub elapsed_s: f64,
    /// Seconds in motion: the part of the timer during which the position or the sensor's distance advanced.
    pub moving_s: f64,
    /// Rows in the track.
    pub sample_count: u64,
    /// Stretches without a gap inside.
    pub segment_count: u32,
    /// Mean speed over the moving time in m/s; `None` without distance.
    pub average_speed_mps: Option<f64>,
    /// Highest speed in m/s, over at least 5 s.
    pub max_speed_mps: Option<f64>,
    /// Mean heart rate over the rows that have one, in beats per minute.
    pub average_heart_rate_bpm: Option<f64>,
    /// Highest heart rate in beats per minute.
    pub max_heart_rate_bpm: Option<f64>,
    /// Mean cadence over the rows that have one, in revolutions per minute.
    pub average_cadence_rpm: Option<f64>,
    /// Mean power over the rows that have one, in watts.
    pub average_power_w: Option<f64>,
    /// The recording device or program, where a file named it.
    pub device: Option<String>,
    /// The totals that the imported file stated.
    pub reported: Reported,
    /// Samples that did not become part of the track, by reason.
    pub rejected: HashMap<RejectReason, u64>,
    /// What was mended, by kind.
    pub repairs: HashMap<Repair, u64>,
    /// When the row was made on this device, UTC.
    pub created_at: SystemTime,
    /// When the row was last changed on this device, UTC.
    pub updated_at: SystemTime,
}

/// All that one save writes, in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct FinishedWorkout {
    /// Whose it is.
    pub account_id: AccountId,
    /// The row.
    pub activity: Activity,
    /// The packed track, in order of time.
    pub chunks: Vec<Chunk>,
    /// When the timer ran.
    pub timer_intervals: Vec<TimerInterval>,
    /// In order; those of the unit chosen at the start.
    pub splits: Vec<Split>,
    /// In order; empty if nobody pressed the lap button.
    pub laps: Vec<Lap>,
    /// Around all positions.
    pub bounding_box: Option<BoundingBox>,
}

/// The running sums of an activity at every row of its track: columns of the same length as the track's. The last values are at most
/// the activity's own totals; a timer may run on after the last row.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct ActivityProfile {
    /// Seconds on the timer.
    pub timer_s: DoubleColumn,
    /// Metres since the start, as the activity's distance counts them.
    pub distance_m: DoubleColumn,
}

/// What to change of an activity; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, uniffi::Record)]
pub struct ActivityEdit {
    /// The new title; empty removes it.
    #[uniffi(default = None)]
    pub title: Option<String>,
    /// The new notes; empty removes them.
    #[uniffi(default = None)]
    pub notes: Option<String>,
    /// The new kind.
    #[uniffi(default = None)]
    pub kind: Option<ActivityKind>,
}

/// Which activities to list, newest first.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ActivityQuery {
    /// Only those of this kind.
    #[uniffi(default = None)]
    pub kind: Option<ActivityKind>,
    /// Only those that started at or after this instant.
    #[uniffi(default = None)]
    pub from: Option<SystemTime>,
    /// Only those that started before this instant.
    #[uniffi(default = None)]
    pub until: Option<SystemTime>,
    /// At most this many, 1 to 1000.
    #[uniffi(default = 50)]
    pub limit: u32,
    /// Continue after this page: the `next` of the page before.
    #[uniffi(default = None)]
    pub after: Option<String>,
}

impl Default for ActivityQuery {
    fn default() -> Self {
        Self {
            kind: None,
            from: None,
            until: None,
            limit: 50,
            after: None,
        }
    }
}

/// A page of activities.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ActivityPage {
    /// Newest first.
    pub activities: Vec<Activity>,
    /// Pass as `after` for the next page; `None` on the last.
    pub next: Option<String>,
}
