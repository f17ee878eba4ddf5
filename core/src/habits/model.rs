//! The words of the habits room.

use std::time::SystemTime;

use crate::domain::civil_date::CivilDate;
use crate::domain::id::Id;

/// A timed entry of a habit.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HabitLog {
    /// Its id.
    pub id: Id,
    /// Which habit, in the app's own words: `smoke`.
    pub kind: String,
    /// When it began, UTC.
    pub started_at: SystemTime,
    /// The offset of local time from UTC in seconds at that moment, if known.
    pub utc_offset_s: Option<i32>,
    /// The day to which it counts, in the person's calendar.
    pub date: CivilDate,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<u64>,
    /// How: one line.
    pub method: Option<String>,
    /// What the person wrote.
    pub notes: Option<String>,
    /// How the person felt: one line, in the app's own words.
    pub mood: Option<String>,
    /// How strong it was, 0 to 100, on the app's own scale.
    pub potency: Option<i64>,
    /// Where it comes from; `None` for what was entered in the app.
    pub source: Option<String>,
    /// What the source calls it.
    pub external_id: Option<String>,
    /// Rises with every change that the server takes; 0 before the server said anything.
    pub version: i64,
    /// When the server last took a change, UTC; `None` before it said anything.
    pub last_modified: Option<SystemTime>,
}

/// An entry to be made. A text that is empty or blank counts as `None`.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct NewHabitLog {
    /// Which habit, in the app's own words: one line of 1 to 200 characters, compared to the letter.
    pub kind: String,
    /// When it began, UTC.
    pub started_at: SystemTime,
    /// The offset of local time from UTC in seconds at that moment, if known.
    #[uniffi(default = None)]
    pub utc_offset_s: Option<i32>,
    /// The day to which it counts. `None` for the day on which it began by its own offset; an unknown offset counts as 0.
    #[uniffi(default = None)]
    pub date: Option<CivilDate>,
    /// How long it took, in milliseconds; at most 366 days.
    #[uniffi(default = None)]
    pub duration_ms: Option<u64>,
    /// How: one line of at most 200 characters.
    #[uniffi(default = None)]
    pub method: Option<String>,
    /// At most 10,000 characters.
    #[uniffi(default = None)]
    pub notes: Option<String>,
    /// How the person felt: one line of at most 200 characters, in the app's own words.
    #[uniffi(default = None)]
    pub mood: Option<String>,
    /// How strong it was, 0 to 100, on the app's own scale.
    #[uniffi(default = None)]
    pub potency: Option<i64>,
    /// Where it comes from, for an entry with an `external_id`: `health_kit`. One line of at most 200 characters.
    #[uniffi(default = None)]
    pub source: Option<String>,
    /// What the source calls it. The id follows from source and external id, so that the same entry is taken in once, on however many
    /// devices. One line of at most 200 characters.
    #[uniffi(default = None)]
    pub external_id: Option<String>,
}

impl NewHabitLog {
    /// An entry of which nothing else is known.
    #[must_use]
    pub fn new(kind: impl Into<String>, started_at: SystemTime) -> Self {
        Self {
            kind: kind.into(),
            started_at,
            utc_offset_s: None,
            date: None,
            duration_ms: None,
            method: None,
            notes: None,
            mood: None,
            potency: None,
            source: None,
            external_id: None,
        }
    }
}

/// A field that an edit can unset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum HabitField {
    /// `utc_offset_s`.
    UtcOffset,
    /// `duration_ms`.
    Duration,
    /// `method`.
    Method,
    /// `notes`.
    Notes,
    /// `mood`.
    Mood,
    /// `potency`.
    Potency,
}

impl HabitField {
    /// Every field that can be unset.
    pub const ALL: [Self; 6] = [
        Self::UtcOffset,
        Self::Duration,
        Self::Method,
        Self::Notes,
        Self::Mood,
        Self::Potency,
    ];

    /// The name in SQL and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::UtcOffset => "utc_offset_s",
            Self::Duration => "duration_ms",
            Self::Method => "method",
            Self::Notes => "notes",
            Self::Mood => "mood",
            Self::Potency => "potency",
        }
    }
}

/// What to change of an entry, within the limits of a new one. `None` leaves a field as it is; a field is unset by naming it in `clear`.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct HabitLogEdit {
    /// Which habit.
    #[uniffi(default = None)]
    pub kind: Option<String>,
    /// When it began, UTC. Another moment or offset sets the date anew, unless the edit sets one.
    #[uniffi(default = None)]
    pub started_at: Option<SystemTime>,
    /// The offset of local time from UTC in seconds.
    #[uniffi(default = None)]
    pub utc_offset_s: Option<i32>,
    /// The day to which it counts.
    #[uniffi(default = None)]
    pub date: Option<CivilDate>,
    /// How long it took, in milliseconds.
    #[uniffi(default = None)]
    pub duration_ms: Option<u64>,
    /// How.
    #[uniffi(default = None)]
    pub method: Option<String>,
    /// What the person wrote.
    #[uniffi(default = None)]
    pub notes: Option<String>,
    /// How the person felt.
    #[uniffi(default = None)]
    pub mood: Option<String>,
    /// How strong it was.
    #[uniffi(default = None)]
    pub potency: Option<i64>,
    /// What to unset.
    #[uniffi(default = [])]
    pub clear: Vec<HabitField>,
}

/// Which entries to list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HabitLogQuery {
    /// Only those of this habit.
    #[uniffi(default = None)]
    pub kind: Option<String>,
    /// Only those that began at or after this instant.
    #[uniffi(default = None)]
    pub from: Option<SystemTime>,
    /// Only those that began before this instant.
    #[uniffi(default = None)]
    pub until: Option<SystemTime>,
    /// At most this many, 1 to 1000.
    #[uniffi(default = 50)]
    pub limit: u32,
    /// Continue after this page: the `next` of the page before.
    #[uniffi(default = None)]
    pub after: Option<String>,
}

impl Default for HabitLogQuery {
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
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HabitLogPage {
    /// Newest first.
    pub logs: Vec<HabitLog>,
    /// Pass as `after` for the next page; `None` on the last.
    pub next: Option<String>,
}

/// The total of one habit on one day.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HabitDay {
    /// The day in the person's calendar.
    pub date: CivilDate,
    /// Entries that count to it; at least 1.
    pub count: u64,
    /// How long they took together, in milliseconds; `None` if none of them says.
    pub duration_ms: Option<u64>,
}
