//! One point of a file, in the quanta of the track.

use crate::domain::sample::{Fix, LocationSource, Reading};
use crate::domain::tally::{RejectReason, Repair};
use crate::error::{Result, SteadfastError, ValidationCode};

use super::model::Repairs;

/// The most points of one file. A million is 11 days at one a second; twice that keeps the memory of a reader below 500 MB for
/// any file.
pub(super) const MAX_POINTS: usize = 2_000_000;

/// Where a point is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// The file gives no position.
    #[default]
    None,
    /// 1e-7 degrees north and east.
    At(i32, i32),
    /// The file gives one that cannot be.
    Rejected(RejectReason),
}

/// One point of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Point {
    /// UTC, milliseconds since 1970.
    pub time_ms: Option<i64>,
    pub place: Place,
    pub altitude_cm: Option<i32>,
    pub speed_cmps: Option<i32>,
    pub course_ddeg: Option<i32>,
    pub horizontal_accuracy_dm: Option<i32>,
    pub heart_rate_bpm: Option<i32>,
    pub cadence_rpm: Option<i32>,
    pub power_w: Option<i32>,
    pub distance_cm: Option<i32>,
}

/// `value · scale`, rounded half away from zero; `None` beyond an `i32` and for NaN.
pub(super) fn quantum(value: f64, scale: f64) -> Option<i32> {
    let scaled = (value * scale).round();
    #[allow(clippy::cast_possible_truncation, reason = "inside the range, and rounded")]
    let quantum = scaled as i32;
    (f64::from(i32::MIN)..=f64::from(i32::MAX))
        .contains(&scaled)
        .then_some(quantum)
}

/// The same for a quantity that cannot be negative. A number that gives none is counted as dropped.
pub(super) fn positive(value: Option<f64>, scale: f64, repairs: &mut Repairs) -> Option<i32> {
    let quantum = quantum(value?, scale).filter(|&quantum| quantum >= 0);
    if quantum.is_none() {
        count(repairs, Repair::ValueDropped, 1);
    }
    quantum
}

/// The same for a quantity that may be negative.
pub(super) fn signed(value: Option<f64>, scale: f64, repairs: &mut Repairs) -> Option<i32> {
    let quantum = quantum(value?, scale);
    if quantum.is_none() {
        count(repairs, Repair::ValueDropped, 1);
    }
    quantum
}

/// Adds to a count; zero adds nothing.
pub(super) fn count(repairs: &mut Repairs, repair: Repair, times: u64) {
    if times > 0 {
        *repairs.entry(repair).or_default() += times;
    }
}

/// Adds a point.
///
/// # Errors
/// `too_many_samples` beyond [`MAX_POINTS`], which `held` counts.
pub(super) fn push(points: &mut Vec<Point>, point: Point, held: &mut usize) -> Result<()> {
    *held += 1;
    if *held > MAX_POINTS {
        let detail = format!("more than {MAX_POINTS} points");
        return Err(SteadfastError::validation(ValidationCode::TooManySamples, detail));
    }
    points.push(point);
    Ok(())
}

impl Place {
    /// Degrees to a place.
    pub(super) fn from_degrees(latitude: f64, longitude: f64) -> Self {
        if !latitude.is_finite() || !longitude.is_finite() {
            return Self::Rejected(RejectReason::NotFinite);
        }
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            return Self::Rejected(RejectReason::OutOfRange);
        }
        match (quantum(latitude, 1e7), quantum(longitude, 1e7)) {
            (Some(latitude), Some(longitude)) => Self::At(latitude, longitude),
            _ => Self::Rejected(RejectReason::OutOfRange),
        }
    }
}

impl Point {
    /// True if the point says nothing but a time.
    pub(super) fn is_bare(&self) -> bool {
        *self
            == Self {
                time_ms: self.time_ms,
                ..Self::default()
            }
    }

    /// The degrees, if it has any.
    pub(super) fn degrees(&self) -> Option<(f64, f64)> {
        match self.place {
            Place::At(latitude, longitude) => Some((f64::from(latitude) / 1e7, f64::from(longitude) / 1e7)),
            _ => None,
        }
    }

    /// What its sensors say, if anything. A speed goes with the fix if there is one; so does an altitude that is not barometric.
    pub(super) fn reading(&self, time_ms: i64, barometric: bool) -> Option<Reading> {
        let at_place = matches!(self.place, Place::At(..));
        let reading = Reading {
            time_ms,
            elapsed_ms: None,
            heart_rate_bpm: self.heart_rate_bpm,
            cadence_rpm: self.cadence_rpm,
            power_w: self.power_w,
            distance_cm: self.distance_cm,
            altitude_cm: self.altitude_cm.filter(|_| barometric),
            speed_cmps: self.speed_cmps.filter(|_| !at_place),
        };
        (reading
            != Reading {
                time_ms,
                ..Reading::default()
            })
        .then_some(reading)
    }

    /// The fix, if it has a position.
    pub(super) fn fix(&self, time_ms: i64, barometric: bool) -> Option<Fix> {
        let Place::At(latitude_e7, longitude_e7) = self.place else {
            return None;
        };
        Some(Fix {
            time_ms,
            elapsed_ms: None,
            latitude_e7,
            longitude_e7,
            altitude_cm: self.altitude_cm.filter(|_| !barometric),
            horizontal_accuracy_dm: self.horizontal_accuracy_dm,
            vertical_accuracy_dm: None,
            speed_cmps: self.speed_cmps,
            course_ddeg: self.course_ddeg,
            source: LocationSource::Satellite,
        })
    }
}
