//! The words of the programs room.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::domain::civil_date::CivilDate;
use crate::domain::id::Id;
use crate::domain::program_day::ProgramDay;

/// How hard a session felt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Intensity {
    /// Too easy.
    Easy,
    /// As it should be.
    Perfect,
    /// Too hard.
    Hard,
}

impl Intensity {
    /// Every rating.
    pub const ALL: [Self; 3] = [Self::Easy, Self::Perfect, Self::Hard];

    /// The name in SQL and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Easy => "easy",
            Self::Perfect => "perfect",
            Self::Hard => "hard",
        }
    }

    /// The rating with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|intensity| intensity.name() == name)
    }
}

/// How a session was completed.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Completion {
    /// When, UTC.
    pub completed_at: SystemTime,
    /// The offset of local time from UTC in seconds at that moment, if known.
    #[uniffi(default = None)]
    pub utc_offset_s: Option<i32>,
    /// How hard it felt; `None` leaves the rating as it is.
    #[uniffi(default = None)]
    pub intensity: Option<Intensity>,
    /// The date for which it is scheduled; `None` leaves the date as it is.
    #[uniffi(default = None)]
    pub scheduled_date: Option<CivilDate>,
}

/// A training day and the date on which it is to take place.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ScheduledDay {
    /// Which.
    pub program_day: ProgramDay,
    /// When; `None` takes the date away. It has no default: whoever forgets it would take a date away.
    pub date: Option<CivilDate>,
}

/// What is known of a training day.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ProgramSession {
    /// Follows from the training day, so it is the same on every device.
    pub id: Id,
    /// Which training day.
    pub program_day: ProgramDay,
    /// When it was completed, UTC; `None` if it was not.
    pub completed_at: Option<SystemTime>,
    /// The offset of local time from UTC in seconds when it was completed, if known.
    pub completed_utc_offset_s: Option<i32>,
    /// How hard it felt; `None` if nobody said, or said a rating that only a newer version knows.
    pub intensity: Option<Intensity>,
    /// The date for which it is scheduled.
    pub scheduled_date: Option<CivilDate>,
    /// Rises with every change that the server takes; 0 before the server said anything.
    pub version: i64,
    /// When the server last took a change, UTC; `None` before it said anything.
    pub last_modified: Option<SystemTime>,
}

/// A training day as an earlier store of the app held it. What is unknown is `None`; a row that says nothing but the day writes nothing.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ProgramSessionImport {
    /// Which training day.
    pub program_day: ProgramDay,
    /// When it was completed, UTC.
    #[uniffi(default = None)]
    pub completed_at: Option<SystemTime>,
    /// The offset of local time from UTC in seconds when it was completed; counts only beside `completed_at`.
    #[uniffi(default = None)]
    pub completed_utc_offset_s: Option<i32>,
    /// How hard it felt.
    #[uniffi(default = None)]
    pub intensity: Option<Intensity>,
    /// The date for which it is scheduled.
    #[uniffi(default = None)]
    pub scheduled_date: Option<CivilDate>,
}
