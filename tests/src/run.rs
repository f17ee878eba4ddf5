//! A synthetic, noisy run: somebody goes north at 3 m/s, whatever happens to the app.

use steadfast_core::domain::sample::{LocationSample, SensorReading};
use steadfast_core::domain::time::from_ms;

use crate::virtual_clock::EPOCH_MS;

const SPEED_MPS: f64 = 3.0;
const DEGREES_PER_M: f64 = 1.0 / 111_200.0;

/// The fix of the moment `at_ms`, 2 m of noise around the truth and an accuracy of 5 m: always good enough for the track.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "milliseconds of a story")]
pub fn fix(at_ms: i64) -> LocationSample {
    let north_m = SPEED_MPS * (at_ms - EPOCH_MS) as f64 / 1000.0;
    LocationSample {
        time: from_ms(at_ms),
        latitude_deg: 47.0 + (north_m + noise(at_ms, 1) * 2.0) * DEGREES_PER_M,
        longitude_deg: 8.0 + noise(at_ms, 2) * 2.0 * DEGREES_PER_M,
        elapsed_ms: None,
        altitude_m: Some(500.0 + north_m / 100.0 + noise(at_ms, 3)),
        horizontal_accuracy_m: Some(5.0),
        vertical_accuracy_m: Some(8.0),
        speed_mps: Some(SPEED_MPS + noise(at_ms, 4) / 2.0),
        course_deg: Some(1.0 + noise(at_ms, 5)),
        source: None,
    }
}

/// A fix that belongs in no track: too inaccurate, marked invalid, not a number, or at 0° 0°.
#[must_use]
pub fn bad_fix(at_ms: i64, nth: u32) -> LocationSample {
    let good = fix(at_ms);
    match nth % 4 {
        0 => LocationSample {
            horizontal_accuracy_m: Some(80.0),
            ..good
        },
        1 => LocationSample {
            horizontal_accuracy_m: Some(-1.0),
            ..good
        },
        2 => LocationSample {
            latitude_deg: f64::NAN,
            ..good
        },
        _ => LocationSample {
            latitude_deg: 0.0,
            longitude_deg: 0.0,
            ..good
        },
    }
}

/// The reading of a chest strap at `at_ms`.
#[must_use]
pub fn reading(at_ms: i64) -> SensorReading {
    SensorReading {
        time: from_ms(at_ms),
        elapsed_ms: None,
        heart_rate_bpm: Some(150.0 + noise(at_ms, 6) * 10.0),
        cadence_rpm: Some(85.0),
        power_w: None,
        distance_m: None,
        altitude_m: None,
        speed_mps: None,
    }
}

/// −1 to 1, the same for the same moment.
#[allow(clippy::cast_precision_loss, reason = "53 bits are kept")]
fn noise(at_ms: i64, channel: u64) -> f64 {
    let bits = mix(at_ms.unsigned_abs().wrapping_mul(8).wrapping_add(channel));
    (bits >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014).
#[must_use]
pub fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A small seeded generator: the same seed, the same story.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The generator of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0) % limit.max(1)
    }
}
