//! The few messages, fields and numbers of the FIT profile that a recording needs.

use crate::domain::kind::ActivityKind;

/// Message numbers.
pub(super) mod message {
    pub const FILE_ID: u16 = 0;
    pub const SPORT: u16 = 12;
    pub const SESSION: u16 = 18;
    pub const LAP: u16 = 19;
    pub const RECORD: u16 = 20;
    pub const EVENT: u16 = 21;
    pub const DEVICE_INFO: u16 = 23;
    pub const ACTIVITY: u16 = 34;
    pub const LENGTH: u16 = 101;
    pub const HEART_RATE: u16 = 132;
}

/// The kind of FIT file whose points are planned, not recorded.
pub(super) const FILE_TYPE_COURSE: u32 = 6;

/// The kind of a sport and sub-sport.
pub(super) fn kind(sport: Option<u32>, sub_sport: Option<u32>) -> ActivityKind {
    match (sport, sub_sport) {
        (_, Some(45)) | (Some(1), Some(1 | 58)) => ActivityKind::TreadmillRunning,
        (None | Some(0 | 1), Some(3)) => ActivityKind::TrailRunning,
        (_, Some(14)) | (Some(15), Some(58)) => ActivityKind::IndoorRowing,
        (_, Some(5 | 6)) | (Some(2 | 21), Some(58)) => ActivityKind::IndoorCycling,
        (_, Some(8 | 9 | 47)) => ActivityKind::MountainBiking,
        (_, Some(17)) => ActivityKind::PoolSwimming,
        (_, Some(18)) | (Some(5), _) => ActivityKind::OpenWaterSwimming,
        // Elliptical, stairs, flexibility, strength, indoor skiing, cardio, indoor walking, yoga, pilates, breathing, climbing
        // walls, intervals; treadmill and virtual of anything but the above.
        (_, Some(1 | 15 | 16 | 19 | 20 | 25 | 26 | 27 | 43 | 44 | 58 | 62 | 68 | 69 | 70)) => ActivityKind::IndoorOther,
        (_, Some(37 | 42)) | (Some(12), _) => ActivityKind::CrossCountrySkiing,
        (Some(1), _) => ActivityKind::Running,
        (Some(2 | 21), _) => ActivityKind::Cycling,
        // Fitness equipment, training, boxing, floor climbing, intervals.
        (Some(4 | 10 | 47 | 48 | 62), _) => ActivityKind::IndoorOther,
        (Some(11), _) => ActivityKind::Walking,
        (Some(13 | 14), _) => ActivityKind::AlpineSkiing,
        // Rowing, paddling, stand-up paddling, kayaking, rafting.
        (Some(15 | 19 | 37 | 41 | 42), _) => ActivityKind::Rowing,
        // Mountaineering, hiking, snowshoeing.
        (Some(16 | 17 | 35), _) => ActivityKind::Hiking,
        (Some(30 | 33), _) => ActivityKind::Skating,
        (Some(32 | 43 | 44), _) => ActivityKind::Sailing,
        _ => ActivityKind::Other,
    }
}

/// The names of manufacturers that a person would recognise; others are named by their number.
pub(super) fn manufacturer(number: u32) -> Option<&'static str> {
    Some(match number {
        1 | 13 | 15 => "Garmin",
        6 => "SRM",
        9 => "PowerTap",
        23 => "Suunto",
        32 => "Wahoo",
        40 => "Concept2",
        70 => "Sigma Sport",
        71 => "TomTom",
        73 => "Wattbike",
        86 => "Elite",
        89 => "Tacx",
        115 => "iGPSPORT",
        123 => "Polar",
        258 => "Lezyne",
        260 => "Zwift",
        265 => "Strava",
        267 => "Bryton",
        289 => "Hammerhead",
        294 => "COROS",
        _ => return None,
    })
}

/// Manufacturers whose recorder is a phone or a program: their altitude is the phone's, or a map's.
pub(super) fn is_program(manufacturer: u32) -> bool {
    matches!(manufacturer, 255 | 260 | 265)
}
