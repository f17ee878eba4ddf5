//! The words of the metrics room.

use std::time::SystemTime;

use crate::domain::civil_date::CivilDate;
use crate::domain::id::Id;

use super::kind::MetricKind;
use super::unit::MetricUnit;

/// A dated quantity.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ProgressEntry {
    /// Its id.
    pub id: Id,
    /// What is measured; `Unknown` if a newer version of the app wrote the entry.
    pub kind: MetricKind,
    /// The quantity as the person entered it, in `unit`.
    pub quantity: f64,
    /// The unit in which the person entered it; `Unknown` if a newer version wrote it.
    pub unit: MetricUnit,
    /// The quantity in the kind's base unit.
    pub quantity_si: f64,
    /// When it was measured, UTC.
    pub recorded_at: SystemTime,
    /// The offset of local time from UTC in seconds at that moment, if known.
    pub utc_offset_s: Option<i32>,
    /// The day that it counts for.
    pub date: CivilDate,
    /// What the person noted.
    pub notes: Option<String>,
    /// Where the quantity comes from: `health_kit`, `health_connect`, or what the app said; `None` for what the person entered or edited here.
    pub source: Option<String>,
    /// The id that the source knows it by.
    pub external_id: Option<String>,
    /// The id that another backend of the app gave it.
    pub backend_id: Option<String>,
    /// Rises with every change that the server takes; 0 before the server said anything.
    pub version: i64,
    /// When the server last took a change, UTC; `None` before it said anything.
    pub last_modified: Option<SystemTime>,
}

/// An entry to be recorded or migrated. A text that is empty or blank counts as `None`.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct NewProgressEntry {
    /// What is measured.
    pub kind: MetricKind,
    /// The quantity, in `unit`.
    pub quantity: f64,
    /// One of the kind's units.
    pub unit: MetricUnit,
    /// When it was measured, UTC.
    pub recorded_at: SystemTime,
    /// The offset of local time from UTC in seconds at that moment, if known; at most 18 hours.
    #[uniffi(default = None)]
    pub utc_offset_s: Option<i32>,
    /// The day that it counts for. `None` for the day on which `recorded_at` falls by its own offset; an unknown offset counts as 0.
    #[uniffi(default = None)]
    pub date: Option<CivilDate>,
    /// What the person noted: at most 10,000 characters.
    #[uniffi(default = None)]
    pub notes: Option<String>,
    /// Where the quantity comes from, if not from the person: a scale, another app. One line of at most 200 characters.
    #[uniffi(default = None)]
    pub source: Option<String>,
    /// The id that the source, or the earlier store of a migration, knows it by. The entry's id follows from it, so that the same entry is taken
    /// in once, on however many devices. One line of at most 200 characters.
    #[uniffi(default = None)]
    pub external_id: Option<String>,
    /// The id that another backend of the app gave it. One line of at most 200 characters.
    #[uniffi(default = None)]
    pub backend_id: Option<String>,
}

impl NewProgressEntry {
    /// An entry of which nothing more is known.
    #[must_use]
    pub fn new(kind: MetricKind, quantity: f64, unit: MetricUnit, recorded_at: SystemTime) -> Self {
        Self {
            kind,
            quantity,
            unit,
            recorded_at,
            utc_offset_s: None,
            date: None,
            notes: None,
            source: None,
            external_id: None,
            backend_id: None,
        }
    }
}

/// A field of an entry that can be unset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum ProgressEntryField {
    /// `utc_offset_s`.
    UtcOffset,
    /// `notes`.
    Notes,
    /// `backend_id`.
    BackendId,
}

impl ProgressEntryField {
    /// Every field that can be unset.
    pub const ALL: [Self; 3] = [Self::UtcOffset, Self::Notes, Self::BackendId];

    /// The name in SQL and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::UtcOffset => "utc_offset_s",
            Self::Notes => "notes",
            Self::BackendId => "backend_id",
        }
    }
}

/// What to change of an entry. `None` leaves a field as it is; a field is unset by naming it in `clear`.
#[derive(Clone, Debug, Default, PartialEq, uniffi::Record)]
pub struct ProgressEntryEdit {
    /// The new quantity, in the new unit or else in the entry's.
    #[uniffi(default = None)]
    pub quantity: Option<f64>,
    /// The new unit. Without a new quantity the number stays and means the new unit: 180 kg that should have been 180 lb.
    #[uniffi(default = None)]
    pub unit: Option<MetricUnit>,
    /// The new moment.
    #[uniffi(default = None)]
    pub recorded_at: Option<SystemTime>,
    /// The new offset.
    #[uniffi(default = None)]
    pub utc_offset_s: Option<i32>,
    /// The new day. Without one the day follows a new moment or offset.
    #[uniffi(default = None)]
    pub date: Option<CivilDate>,
    /// The new notes; not empty.
    #[uniffi(default = None)]
    pub notes: Option<String>,
    /// The new id at another backend; not empty.
    #[uniffi(default = None)]
    pub backend_id: Option<String>,
    /// What is to be unset.
    #[uniffi(default = [])]
    pub clear: Vec<ProgressEntryField>,
}

/// Which entries to list, newest first.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ProgressEntryQuery {
    /// Only those of this kind.
    #[uniffi(default = None)]
    pub kind: Option<MetricKind>,
    /// Only those measured at or after this instant.
    #[uniffi(default = None)]
    pub from: Option<SystemTime>,
    /// Only those measured before this instant.
    #[uniffi(default = None)]
    pub until: Option<SystemTime>,
    /// At most this many, 1 to 1000.
    #[uniffi(default = 50)]
    pub limit: u32,
    /// Continue after this page: the `next` of the page before.
    #[uniffi(default = None)]
    pub after: Option<String>,
}

impl Default for ProgressEntryQuery {
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

/// A page of entries.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ProgressEntryPage {
    /// Newest first.
    pub entries: Vec<ProgressEntry>,
    /// Pass as `after` for the next page; `None` on the last.
    pub next: Option<String>,
}

/// The entries of one kind and one day, in the kind's base unit.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct DailyTotal {
    /// The day.
    pub date: CivilDate,
    /// How many entries there are; at least 1.
    pub count: u64,
    /// All of them added up: what a day's steps are.
    pub sum_si: f64,
    /// Their mean.
    pub average_si: f64,
    /// The least.
    pub minimum_si: f64,
    /// The most.
    pub maximum_si: f64,
    /// The one that was measured last: what a day's body mass is.
    pub latest_si: f64,
}
