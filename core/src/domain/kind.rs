//! What sort of exercise an activity is, and what follows from it.

use serde::{Deserialize, Serialize};

/// The sort of exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// Running outdoors on roads or tracks.
    Running,
    /// Running on trails.
    TrailRunning,
    /// Running on a treadmill.
    TreadmillRunning,
    /// Walking.
    Walking,
    /// Hiking.
    Hiking,
    /// Cycling outdoors.
    Cycling,
    /// Mountain biking.
    MountainBiking,
    /// Cycling on a trainer, with or without a virtual course.
    IndoorCycling,
    /// Swimming in open water.
    OpenWaterSwimming,
    /// Swimming in a pool.
    PoolSwimming,
    /// Rowing or paddling on water.
    Rowing,
    /// Rowing on a machine.
    IndoorRowing,
    /// Skiing or snowboarding downhill.
    AlpineSkiing,
    /// Cross-country skiing or ski touring.
    CrossCountrySkiing,
    /// Inline or ice skating.
    Skating,
    /// Sailing, windsurfing or kitesurfing.
    Sailing,
    /// Anything else that moves over ground.
    Other,
    /// Anything else that stays in one place: strength, yoga, an elliptical trainer.
    IndoorOther,
}

impl ActivityKind {
    /// Every kind, in the order above.
    pub const ALL: [Self; 18] = [
        Self::Running,
        Self::TrailRunning,
        Self::TreadmillRunning,
        Self::Walking,
        Self::Hiking,
        Self::Cycling,
        Self::MountainBiking,
        Self::IndoorCycling,
        Self::OpenWaterSwimming,
        Self::PoolSwimming,
        Self::Rowing,
        Self::IndoorRowing,
        Self::AlpineSkiing,
        Self::CrossCountrySkiing,
        Self::Skating,
        Self::Sailing,
        Self::Other,
        Self::IndoorOther,
    ];

    /// The name in SQL, JSON and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::TrailRunning => "trail_running",
            Self::TreadmillRunning => "treadmill_running",
            Self::Walking => "walking",
            Self::Hiking => "hiking",
            Self::Cycling => "cycling",
            Self::MountainBiking => "mountain_biking",
            Self::IndoorCycling => "indoor_cycling",
            Self::OpenWaterSwimming => "open_water_swimming",
            Self::PoolSwimming => "pool_swimming",
            Self::Rowing => "rowing",
            Self::IndoorRowing => "indoor_rowing",
            Self::AlpineSkiing => "alpine_skiing",
            Self::CrossCountrySkiing => "cross_country_skiing",
            Self::Skating => "skating",
            Self::Sailing => "sailing",
            Self::Other => "other",
            Self::IndoorOther => "indoor_other",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

#[uniffi::export]
impl ActivityKind {
    /// True if the activity needs no coordinates: its distance, if any, comes from sensors. An app asks for no location permission then.
    #[must_use]
    pub fn is_indoor(&self) -> bool {
        matches!(
            self,
            Self::TreadmillRunning | Self::IndoorCycling | Self::PoolSwimming | Self::IndoorRowing | Self::IndoorOther
        )
    }
}

impl ActivityKind {
    /// The speed in m/s that a step between two fixes may not exceed; beyond it the fix is a teleport until another confirms it.
    /// Well above any record of the kind, so that only errors of the receiver (and vehicles) are caught.
    #[must_use]
    pub fn max_speed_mps(self) -> f64 {
        match self {
            Self::Running
            | Self::TrailRunning
            | Self::TreadmillRunning
            | Self::Walking
            | Self::Hiking
            | Self::Rowing
            | Self::IndoorRowing => 15.0,
            Self::OpenWaterSwimming | Self::PoolSwimming => 6.0,
            Self::CrossCountrySkiing | Self::Skating => 30.0,
            Self::Cycling | Self::MountainBiking | Self::IndoorCycling | Self::Sailing => 45.0,
            Self::AlpineSkiing => 70.0,
            // A train or a passenger jet recorded as "other" is still a recording.
            Self::Other | Self::IndoorOther => 350.0,
        }
    }
}
