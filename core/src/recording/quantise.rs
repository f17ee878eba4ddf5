//! From the shell's units to the quanta that are kept (see `domain::sample`), once, before any rule looks at a sample.

use crate::domain::sample::{Fix, LocationSample, Reading, SensorReading};
use crate::domain::time::to_ms;

use crate::domain::tally::RejectReason;

/// 1 January 1990 and 1 January 2100, UTC: a time outside is an error of a clock, not of a person.
const SANE_MS: std::ops::Range<i64> = 631_152_000_000..4_102_444_800_000;

/// `value × scale`, rounded half away from zero; `None` if it is not finite or does not fit.
#[must_use]
pub fn quantum(value: f64, scale: f64) -> Option<i32> {
    let scaled = (value * scale).round();
    #[allow(clippy::cast_possible_truncation, reason = "the range was checked")]
    (f64::from(i32::MIN) < scaled && scaled <= f64::from(i32::MAX)).then_some(scaled as i32)
}

/// As `quantum`, for a quantity that cannot be negative: a negative value means unknown.
fn non_negative(value: Option<f64>, scale: f64, dropped: &mut bool) -> Option<i32> {
    let value = value?;
    let quantum = quantum(value, scale).filter(|_| value >= 0.0);
    *dropped |= quantum.is_none();
    quantum
}

/// Metres to centimetres within the range of altitudes that people reach: the Mariana Trench to the Kármán line.
fn altitude(value: Option<f64>, dropped: &mut bool) -> Option<i32> {
    let value = value?;
    let quantum = quantum(value, 100.0).filter(|_| (-12_000.0..=100_000.0).contains(&value));
    *dropped |= quantum.is_none();
    quantum
}

/// The fix in quanta, and whether an optional value was dropped because it was negative, not finite or absurd.
///
/// # Errors
/// `NotFinite` or `OutOfRange` if the coordinates or the time cannot be written down at all.
pub fn fix(sample: &LocationSample) -> Result<(Fix, bool), RejectReason> {
    if !sample.latitude_deg.is_finite() || !sample.longitude_deg.is_finite() {
        return Err(RejectReason::NotFinite);
    }
    let time_ms = to_ms(sample.time);
    if sample.latitude_deg.abs() > 90.0 || sample.longitude_deg.abs() > 180.0 || !SANE_MS.contains(&time_ms) {
        return Err(RejectReason::OutOfRange);
    }
    let latitude_e7 = quantum(sample.latitude_deg, 1e7).ok_or(RejectReason::OutOfRange)?;
    let longitude_e7 = quantum(sample.longitude_deg, 1e7).ok_or(RejectReason::OutOfRange)?;
    let mut dropped = false;
    // A negative radius is the platform's word for "invalid": it stays negative, so that the gate can refuse and count it.
    let horizontal_accuracy_dm = match sample.horizontal_accuracy_m {
        Some(radius) if radius < 0.0 => Some(-1),
        radius => non_negative(radius, 10.0, &mut dropped),
    };
    let fix = Fix {
        time_ms,
        elapsed_ms: sample.elapsed_ms,
        latitude_e7,
        longitude_e7,
        altitude_cm: altitude(sample.altitude_m, &mut dropped),
        horizontal_accuracy_dm,
        vertical_accuracy_dm: non_negative(sample.vertical_accuracy_m, 10.0, &mut dropped),
        speed_cmps: non_negative(sample.speed_mps, 100.0, &mut dropped),
        course_ddeg: non_negative(sample.course_deg, 10.0, &mut dropped).map(|course| course % 3600),
        source: sample.source.unwrap_or_default(),
    };
    Ok((fix, dropped))
}

/// The reading in quanta, and whether a value was dropped.
///
/// # Errors
/// `OutOfRange` if its time cannot be written down.
pub fn reading(reading: &SensorReading) -> Result<(Reading, bool), RejectReason> {
    let time_ms = to_ms(reading.time);
    if !SANE_MS.contains(&time_ms) {
        return Err(RejectReason::OutOfRange);
    }
    let mut dropped = false;
    let quantised = Reading {
        time_ms,
        elapsed_ms: reading.elapsed_ms,
        heart_rate_bpm: non_negative(reading.heart_rate_bpm, 1.0, &mut dropped),
        cadence_rpm: non_negative(reading.cadence_rpm, 1.0, &mut dropped),
        power_w: non_negative(reading.power_w, 1.0, &mut dropped),
        distance_cm: non_negative(reading.distance_m, 100.0, &mut dropped),
        altitude_cm: altitude(reading.altitude_m, &mut dropped),
        speed_cmps: non_negative(reading.speed_mps, 100.0, &mut dropped),
    };
    Ok((quantised, dropped))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::LocationSource;
    use crate::domain::time::from_ms;

    fn sample() -> LocationSample {
        LocationSample {
            time: from_ms(1_700_000_000_000),
            latitude_deg: 48.123_456_74,
            longitude_deg: -179.999_999_96,
            elapsed_ms: None,
            altitude_m: Some(35.126),
            horizontal_accuracy_m: Some(4.04),
            vertical_accuracy_m: Some(-1.0),
            speed_mps: Some(-1.0),
            course_deg: Some(359.99),
            source: None,
        }
    }

    #[test]
    fn values_are_rounded_to_their_quanta_and_negative_ones_become_unknown() {
        let (fix, dropped) = fix(&sample()).unwrap();
        assert_eq!(
            fix,
            Fix {
                time_ms: 1_700_000_000_000,
                elapsed_ms: None,
                latitude_e7: 481_234_567,
                longitude_e7: -1_800_000_000,
                altitude_cm: Some(3513),
                horizontal_accuracy_dm: Some(40),
                vertical_accuracy_dm: None,
                speed_cmps: None,
                course_ddeg: Some(0),
                source: LocationSource::Satellite,
            }
        );
        assert!(dropped);
    }

    #[test]
    fn what_cannot_be_written_down_is_rejected_with_its_reason() {
        for (latitude, longitude, reason) in [
            (f64::NAN, 0.0, RejectReason::NotFinite),
            (0.0, f64::INFINITY, RejectReason::NotFinite),
            (90.000_1, 0.0, RejectReason::OutOfRange),
            (0.0, -180.1, RejectReason::OutOfRange),
        ] {
            let bad = LocationSample {
                latitude_deg: latitude,
                longitude_deg: longitude,
                ..sample()
            };
            assert_eq!(fix(&bad), Err(reason));
        }
        let ancient = LocationSample {
            time: from_ms(0),
            ..sample()
        };
        assert_eq!(fix(&ancient), Err(RejectReason::OutOfRange));
    }

    #[test]
    fn absurd_optional_values_never_cost_the_position() {
        let absurd = LocationSample {
            altitude_m: Some(f64::NAN),
            speed_mps: Some(1e300),
            vertical_accuracy_m: Some(f64::INFINITY),
            ..sample()
        };
        let (fix, dropped) = fix(&absurd).unwrap();
        assert_eq!(
            (fix.altitude_cm, fix.speed_cmps, fix.vertical_accuracy_dm),
            (None, None, None)
        );
        assert!(dropped);
    }
}
