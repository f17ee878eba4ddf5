//! What was left out or mended, counted by its reason. Nothing disappears silently.

use serde::{Deserialize, Serialize};

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
    /// A reading of another sensor that came too late, before the start, or during a pause.
    ReadingUnused,
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
            Self::ReadingUnused => "reading_unused",
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
