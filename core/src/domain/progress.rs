//! How far a long call is.

use serde::{Deserialize, Serialize};

/// How far a save or an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SaveProgress {
    /// What is being done.
    pub phase: SavePhase,
    /// Steps done, of `total`.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
}

/// What a save does, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum SavePhase {
    /// Checking the workout.
    Validating,
    /// Writing the activity.
    Activity,
    /// Writing the track.
    Track,
    /// Writing the splits.
    Splits,
    /// Committing.
    Committing,
    /// Clearing the recovery files.
    Clearing,
}
