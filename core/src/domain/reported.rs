//! What a file says of itself.

use serde::{Deserialize, Serialize};

/// The totals that the file itself states. Kept beside ours, never mixed with them. `None` where the file says nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct Reported {
    /// Metres.
    pub distance_m: Option<f64>,
    /// Metres climbed.
    pub elevation_gain_m: Option<f64>,
    /// Metres descended, positive.
    pub elevation_loss_m: Option<f64>,
    /// Seconds that the timer ran.
    pub timer_s: Option<f64>,
    /// Seconds from start to end, pauses included.
    pub elapsed_s: Option<f64>,
    /// Seconds in motion.
    pub moving_s: Option<f64>,
}
