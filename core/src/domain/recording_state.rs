//! What a recording is doing.

use serde::{Deserialize, Serialize};

/// What a recording is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum RecordingState {
    /// Samples count.
    Recording,
    /// The person paused.
    Paused,
    /// Paused by itself because the person stands still; goes on by itself.
    AutoPaused,
    /// Finished, but not saved yet.
    Stopped,
}

impl RecordingState {
    /// The name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Recording => "recording",
            Self::Paused => "paused",
            Self::AutoPaused => "auto_paused",
            Self::Stopped => "stopped",
        }
    }
}
