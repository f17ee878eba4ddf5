//! How a workout is recorded.

use serde::{Deserialize, Serialize};

use super::kind::ActivityKind;
use super::split::SplitUnit;

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
        Self {
            kind,
            utc_offset_s: None,
            auto_pause: false,
            max_horizontal_accuracy_m: 50.0,
            split_unit: None,
        }
    }
}
