//! The words of the recording room.

use serde::{Deserialize, Serialize};

use crate::domain::kind::ActivityKind;

/// Why a sample did not become part of the track. Every rejection is counted under one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// A coordinate is NaN or infinite.
    NotFinite,
    /// A coordinate or time is out of its range.
    OutOfRange,
    /// Latitude and longitude are both exactly zero, which receivers send for "no fix".
    ZeroPosition,
    /// The platform marked the fix as invalid (negative horizontal accuracy).
    InvalidFix,
    /// The horizontal accuracy is worse than the limit.
    Inaccurate,
    /// Taken before the workout started: a cached fix.
    BeforeStart,
    /// Older than what is in the track already.
    Late,
    /// The same moment as another fix that is at least as accurate.
    Duplicate,
    /// A jump that no later fix confirmed.
    Teleport,
    /// Taken while the workout was paused.
    Paused,
}

impl RejectReason {
    /// The name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotFinite => "not_finite",
            Self::OutOfRange => "out_of_range",
            Self::ZeroPosition => "zero_position",
            Self::InvalidFix => "invalid_fix",
            Self::Inaccurate => "inaccurate",
            Self::BeforeStart => "before_start",
            Self::Late => "late",
            Self::Duplicate => "duplicate",
            Self::Teleport => "teleport",
            Self::Paused => "paused",
        }
    }
}

/// What was mended on the way in rather than refused. Every repair is counted under one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// Points that stood out of time order were sorted (import only).
    Sorted,
    /// A point without a time got one between its neighbours (import only).
    TimeInterpolated,
    /// A point without a usable time was left out (import only).
    TimeMissing,
    /// 1024 weeks were added after a GPS week rollover.
    WeekRollover,
    /// A wall clock that jumped was replaced by the sleep-counting clock.
    ClockRebased,
    /// A negative or absurd speed, course, accuracy or sensor value became unknown.
    ValueDropped,
    /// The file's checksum is wrong, its content was read all the same.
    ChecksumWrong,
    /// The file ends early; what stands before was kept.
    Truncated,
    /// A damaged or unknown part was skipped.
    PartSkipped,
}

impl Repair {
    /// The name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sorted => "sorted",
            Self::TimeInterpolated => "time_interpolated",
            Self::TimeMissing => "time_missing",
            Self::WeekRollover => "week_rollover",
            Self::ClockRebased => "clock_rebased",
            Self::ValueDropped => "value_dropped",
            Self::ChecksumWrong => "checksum_wrong",
            Self::Truncated => "truncated",
            Self::PartSkipped => "part_skipped",
        }
    }
}

/// How a workout is recorded. Fixed at the start and kept with it, so that a recovered workout follows the same rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct StartOptions {
    /// The sort of exercise.
    pub kind: ActivityKind,
    /// The offset of local time from UTC in seconds, at the start.
    #[uniffi(default = None)]
    pub utc_offset_s: Option<i32>,
    /// Pause by itself while the person stands still.
    #[uniffi(default = false)]
    pub auto_pause: bool,
    /// Fixes with a larger radius of uncertainty are rejected, in metres.
    #[uniffi(default = 50.0)]
    pub max_horizontal_accuracy_m: f64,
    /// The unit of the live splits.
    #[uniffi(default = None)]
    pub split_unit: Option<SplitUnit>,
}

impl StartOptions {
    /// The defaults for a kind.
    #[must_use]
    pub fn new(kind: ActivityKind) -> Self {
        Self { kind, utc_offset_s: None, auto_pause: false, max_horizontal_accuracy_m: 50.0, split_unit: None }
    }
}

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
