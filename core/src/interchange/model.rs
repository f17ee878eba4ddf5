//! What a file of another program holds, in the same records that a live recording consists of.
//!
//! A reader does not decide what counts: it turns the file into records in time order and lets the recording session decide, so
//! that importing a file and replaying it live give the same activity.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::id::Id;
use crate::domain::kind::ActivityKind;
use crate::domain::lap::Lap;
use crate::domain::record::Record;
use crate::domain::reported::Reported;
use crate::domain::sample::Row;
use crate::domain::split::Split;
use crate::domain::tally::Repair;
use crate::domain::time::TimerInterval;

/// Counts of what was mended, by kind.
pub type Repairs = BTreeMap<Repair, u64>;

/// The formats of other programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// GPS Exchange Format 1.0 and 1.1.
    Gpx,
    /// Garmin Training Center XML.
    Tcx,
    /// Garmin Flexible and Interoperable Data Transfer. Read only.
    Fit,
    /// GeoJSON (RFC 7946). Written only.
    GeoJson,
}

/// One activity of a file: a multisport file has one a session.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedSession {
    /// The sort of exercise; an indoor kind if the session has no positions.
    pub kind: ActivityKind,
    /// The title that the file gives.
    pub title: Option<String>,
    /// The notes that the file gives.
    pub notes: Option<String>,
    /// The recording device or program, as the file names it.
    pub device: Option<String>,
    /// UTC, milliseconds since 1970: the file's own start of the session, else its first record.
    pub started_at_ms: i64,
    /// UTC, milliseconds since 1970: the file's own end of the session, else its last record.
    pub ended_at_ms: i64,
    /// The offset of local time from UTC in seconds, where the file tells it.
    pub utc_offset_s: Option<i32>,
    /// Fixes, readings, pauses and resumes in time order (stable; at one moment readings come before the fix). Never `Stop`,
    /// `Interrupted` or `Lap`. A new segment without timer events is a `Pause` followed by a `Resume`.
    pub records: Vec<Record>,
    /// The file's own totals.
    pub reported: Reported,
    /// What was mended in this session.
    pub repairs: Repairs,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedFile {
    /// What it is, by its content.
    pub format: FileFormat,
    /// At least one.
    pub sessions: Vec<ImportedSession>,
}

/// An activity on its way into a file. A writer takes nothing but this, so that what is exported is what is stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExportedActivity {
    /// The workout's id.
    pub id: Id,
    /// The name of the kind, [`ActivityKind::name`]; `None` is written as "other".
    pub kind: Option<ActivityKind>,
    /// Empty if none was given.
    pub title: String,
    /// Empty if none were given.
    pub notes: String,
    /// The recording device or program.
    pub device: Option<String>,
    /// UTC, milliseconds since 1970.
    pub started_at_ms: i64,
    /// UTC, milliseconds since 1970.
    pub ended_at_ms: i64,
    /// Metres.
    pub distance_m: f64,
    /// Metres climbed.
    pub elevation_gain_m: f64,
    /// Metres descended, positive.
    pub elevation_loss_m: f64,
    /// Seconds that the timer ran.
    pub timer_s: f64,
    /// Seconds in motion.
    pub moving_s: f64,
    /// When the timer ran, sorted and separate.
    pub timer_intervals: Vec<TimerInterval>,
    /// The laps that the person made, in order; each is a lap of a TCX file.
    pub laps: Vec<Lap>,
    /// In order; each is a lap of a TCX file if the person made none. None of either makes the whole activity one lap.
    pub splits: Vec<Split>,
    /// The track, in order of time.
    pub rows: Vec<Row>,
}

impl ExportedActivity {
    /// The rows, cut where a segment starts and where the timer stood. None is empty.
    pub fn segments(&self) -> impl Iterator<Item = &[Row]> {
        let mut intervals = self.timer_intervals.iter().peekable();
        let mut interval_of = move |time_ms: i64| {
            while intervals.next_if(|interval| interval.ended_at_ms < time_ms).is_some() {}
            intervals.peek().map(|interval| interval.started_at_ms)
        };
        let intervals: Vec<_> = self.rows.iter().map(|row| interval_of(row.time_ms)).collect();
        let mut rest = 0..self.rows.len();
        std::iter::from_fn(move || {
            let start = rest.start;
            if start == rest.end {
                return None;
            }
            let same = |at: &usize| !self.rows[*at].starts_segment() && intervals[*at] == intervals[start];
            let end = (start + 1..rest.end).find(|at| !same(at)).unwrap_or(rest.end);
            rest.start = end;
            Some(&self.rows[start..end])
        })
    }
}
