//! Whether a file's altitude comes from a barometer.

use super::point::Point;

/// True if the altitude is taken as barometric.
pub(super) fn is_barometric(points: &[Point], by_device: bool) -> bool {
    by_device && points.iter().any(|point| point.altitude_cm.is_some())
}
