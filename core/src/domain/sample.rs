//! What sensors deliver: fixes and readings, in the shell's units and in the quanta that are kept.
//!
//! A sample is quantised the moment it enters, before any rule looks at it. So the live statistics, the journal, the stored track
//! and a summary recomputed from that track all start from the same numbers, and agree to the last bit. The quanta are a contract
//! (docs/formats/track.md): latitude and longitude 1e-7°, altitude 1 cm, speed 1 cm/s, accuracies 1 dm, course 0.1°, times 1 ms,
//! heart rate 1 bpm, cadence 1 rpm, power 1 W, distance 1 cm.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// Where a fix comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum LocationSource {
    /// A satellite receiver.
    #[default]
    Satellite,
    /// Several sources that the platform merged.
    Fused,
    /// Cell towers or Wi-Fi.
    Network,
}

/// One fix, as the platform's location source delivers it.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct LocationSample {
    /// When the fix was taken, UTC.
    pub time: SystemTime,
    /// Degrees north, −90 to 90 (WGS 84).
    pub latitude_deg: f64,
    /// Degrees east, −180 to 180 (WGS 84).
    pub longitude_deg: f64,
    /// When the fix was taken, in milliseconds of the clock that counts sleep
    /// (`elapsedRealtimeNanos / 1e6` on Android). Protects against a wall clock that jumps.
    #[uniffi(default = None)]
    pub elapsed_ms: Option<i64>,
    /// Metres above mean sea level, from the satellites or the platform's fusion.
    #[uniffi(default = None)]
    pub altitude_m: Option<f64>,
    /// Radius of horizontal uncertainty in metres; a negative one means that the fix is invalid.
    #[uniffi(default = None)]
    pub horizontal_accuracy_m: Option<f64>,
    /// Vertical uncertainty in metres; negative means unknown.
    #[uniffi(default = None)]
    pub vertical_accuracy_m: Option<f64>,
    /// Speed over ground in m/s; negative means unknown.
    #[uniffi(default = None)]
    pub speed_mps: Option<f64>,
    /// Direction of travel in degrees clockwise from north; negative means unknown.
    #[uniffi(default = None)]
    pub course_deg: Option<f64>,
    /// Where the fix comes from.
    #[uniffi(default = None)]
    pub source: Option<LocationSource>,
}

/// Values of body and machine sensors at one moment, on their own clock. A field that the sensor does not measure is `None`.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct SensorReading {
    /// When the values were taken, UTC.
    pub time: SystemTime,
    /// The same in milliseconds of the clock that counts sleep.
    #[uniffi(default = None)]
    pub elapsed_ms: Option<i64>,
    /// Heart rate in beats per minute.
    #[uniffi(default = None)]
    pub heart_rate_bpm: Option<f64>,
    /// Cadence in revolutions (strides) per minute.
    #[uniffi(default = None)]
    pub cadence_rpm: Option<f64>,
    /// Power in watts.
    #[uniffi(default = None)]
    pub power_w: Option<f64>,
    /// Distance in metres since the start, as a treadmill, trainer, wheel, foot pod or pool counter sums it.
    #[uniffi(default = None)]
    pub distance_m: Option<f64>,
    /// Barometric altitude in metres. While it is delivered it takes the place of the fixes' altitude.
    #[uniffi(default = None)]
    pub altitude_m: Option<f64>,
    /// Speed in m/s, as a machine or wheel measures it.
    #[uniffi(default = None)]
    pub speed_mps: Option<f64>,
}

/// A [`LocationSample`] in quanta.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fix {
    /// UTC, milliseconds since 1970.
    pub time_ms: i64,
    /// Milliseconds of the clock that counts sleep.
    pub elapsed_ms: Option<i64>,
    /// 1e-7 degrees north.
    pub latitude_e7: i32,
    /// 1e-7 degrees east.
    pub longitude_e7: i32,
    /// Centimetres above mean sea level.
    pub altitude_cm: Option<i32>,
    /// Decimetres; negative means an invalid fix.
    pub horizontal_accuracy_dm: Option<i32>,
    /// Decimetres.
    pub vertical_accuracy_dm: Option<i32>,
    /// Centimetres per second.
    pub speed_cmps: Option<i32>,
    /// Tenths of a degree, 0 to 3599.
    pub course_ddeg: Option<i32>,
    /// Where the fix comes from.
    pub source: LocationSource,
}

/// A [`SensorReading`] in quanta.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// UTC, milliseconds since 1970.
    pub time_ms: i64,
    /// Milliseconds of the clock that counts sleep.
    pub elapsed_ms: Option<i64>,
    /// Beats per minute.
    pub heart_rate_bpm: Option<i32>,
    /// Revolutions per minute.
    pub cadence_rpm: Option<i32>,
    /// Watts.
    pub power_w: Option<i32>,
    /// Centimetres since the start.
    pub distance_cm: Option<i32>,
    /// Centimetres, barometric.
    pub altitude_cm: Option<i32>,
    /// Centimetres per second.
    pub speed_cmps: Option<i32>,
}

/// One row of a track: a fix with the readings that belong to it, or readings alone. All in the quanta above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// UTC, milliseconds since 1970; strictly increasing within a track.
    pub time_ms: i64,
    /// Bits: [`Row::SEGMENT_START`], [`Row::BAROMETRIC`].
    pub flags: u8,
    /// 1e-7 degrees north; `None` together with the longitude.
    pub latitude_e7: Option<i32>,
    /// 1e-7 degrees east.
    pub longitude_e7: Option<i32>,
    /// Centimetres.
    pub altitude_cm: Option<i32>,
    /// Centimetres per second.
    pub speed_cmps: Option<i32>,
    /// Decimetres.
    pub horizontal_accuracy_dm: Option<i32>,
    /// Decimetres.
    pub vertical_accuracy_dm: Option<i32>,
    /// Tenths of a degree.
    pub course_ddeg: Option<i32>,
    /// Beats per minute.
    pub heart_rate_bpm: Option<i32>,
    /// Revolutions per minute.
    pub cadence_rpm: Option<i32>,
    /// Watts.
    pub power_w: Option<i32>,
    /// Centimetres since the start, from a sensor.
    pub distance_cm: Option<i32>,
}

impl Row {
    /// Nothing runs from the row before to this one: no distance, no ascent, no moving time.
    pub const SEGMENT_START: u8 = 1;
    /// The altitude is barometric.
    pub const BAROMETRIC: u8 = 2;

    /// True if the row starts a segment.
    #[must_use]
    pub fn starts_segment(&self) -> bool {
        self.flags & Self::SEGMENT_START != 0
    }

    /// True if the altitude is barometric.
    #[must_use]
    pub fn is_barometric(&self) -> bool {
        self.flags & Self::BAROMETRIC != 0
    }

    /// Latitude and longitude in 1e-7 degrees.
    #[must_use]
    pub fn position_e7(&self) -> Option<(i32, i32)> {
        self.latitude_e7.zip(self.longitude_e7)
    }
}
