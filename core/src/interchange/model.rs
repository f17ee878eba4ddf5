//! What a file of another program holds, in the same records that a live recording consists of.
//!
//! A reader does not decide what counts: it turns the file into records in time order and lets the recording session decide, so
//! that importing a file and replaying it live give the same activity.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::kind::ActivityKind;
use crate::domain::record::Record;
use crate::domain::reported::Reported;
use crate::domain::tally::Repair;

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
    /// Fixes, readings, pauses and resumes in time order (stable; at one moment readings come before the fix). Never `Stop` or
    /// `Interrupted`. A new segment without timer events is a `Pause` followed by a `Resume`.
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
