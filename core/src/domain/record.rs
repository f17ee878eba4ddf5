//! The input of a recording, one record a thing that happened. The session is a fold over them, live and after a crash alike.

use super::sample::{Fix, Reading};
use super::time::Moment;

use super::tally::RejectReason;

/// One thing that happened while recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A fix that could be written down; the session decides whether it counts.
    Fix(Fix),
    /// Readings of other sensors.
    Reading(Reading),
    /// A sample that could not even be written down (NaN, out of range), kept as a count.
    Rejected(RejectReason),
    /// The user paused.
    Pause(Moment),
    /// The user resumed.
    Resume(Moment),
    /// The user pressed the lap button.
    Lap(Moment),
    /// The process came back after a silence; what lies between is a gap.
    Interrupted {
        /// When it came back.
        moment: Moment,
        /// The boot in which it came back.
        boot_id: Option<String>,
    },
    /// The user finished.
    Stop(Moment),
}
