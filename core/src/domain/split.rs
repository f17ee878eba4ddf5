//! Splits: an activity cut at every kilometre or mile.

use serde::{Deserialize, Serialize};

use super::id::Id;

/// The length of a full split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum SplitUnit {
    /// 1000 m.
    #[default]
    Kilometre,
    /// 1609.344 m.
    Mile,
}

impl SplitUnit {
    /// Metres of a full split.
    #[must_use]
    pub fn length_m(self) -> f64 {
        match self {
            Self::Kilometre => 1000.0,
            Self::Mile => 1609.344,
        }
    }

    /// The short name: `km`, `mi`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kilometre => "km",
            Self::Mile => "mi",
        }
    }
}

/// A stretch of an activity between two marks of distance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct Split {
    /// Stable for (activity, unit, index).
    pub id: Id,
    /// 1 for the first.
    pub index: u32,
    /// Metres; a full kilometre or mile but for the last one.
    pub distance_m: f64,
    /// Seconds of the timer.
    pub duration_s: f64,
    /// Seconds per kilometre; `None` without distance.
    pub pace_s_per_km: Option<f64>,
    /// Metres climbed.
    pub elevation_gain_m: f64,
    /// False for the last one if it is shorter than the unit.
    pub is_full: bool,
}
