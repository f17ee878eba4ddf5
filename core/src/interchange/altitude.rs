//! Whether a file's altitude comes from a barometer (or is as smooth as if it did), because ascent is summed differently then.
//!
//! Files do not say it, and names of devices do not tell it: the same program exports altitudes of barometers, of satellites and
//! from maps. The noise does. For three neighbouring points the middle one is compared with the line between the others. On 24
//! recordings the 90th percentile of that deviation was 0.1 to 0.5 m for 14 devices with a barometer (0.5 m is the resolution of
//! three of them) and for altitudes from maps, and 0.74 to 1.2 m for five that measured by satellite.

use super::point::Point;

/// The 90th percentile of the deviation up to which altitude counts as barometric, in metres.
const LIMIT_M: f64 = 0.6;
/// Three points farther apart than this in seconds show the ground, not the noise.
const SPAN_S: f64 = 20.0;
/// Fewer deviations than this prove nothing.
const ENOUGH: usize = 50;

/// True if the altitude is taken as barometric. `by_device` decides where the points are too few or too far apart to tell.
pub(super) fn is_barometric(points: &[Point], by_device: bool) -> bool {
    let known: Vec<(f64, f64)> = points.iter().filter_map(|point| altitude(point, points[0].time_ms?)).collect();
    if known.is_empty() {
        return false;
    }
    let mut deviations: Vec<f64> = known.windows(3).filter_map(|three| deviation(three[0], three[1], three[2])).collect();
    if deviations.len() < ENOUGH {
        return by_device;
    }
    let rank = deviations.len() * 9 / 10;
    *deviations.select_nth_unstable_by(rank, f64::total_cmp).1 <= LIMIT_M
}

/// Seconds since `origin_ms`, and metres.
fn altitude(point: &Point, origin_ms: i64) -> Option<(f64, f64)> {
    #[allow(clippy::cast_precision_loss, reason = "spans of at most two years in ms")]
    let seconds = (point.time_ms? - origin_ms) as f64 / 1000.0;
    Some((seconds, f64::from(point.altitude_cm?) / 100.0))
}

fn deviation(a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> Option<f64> {
    let span = c.0 - a.0;
    if span > SPAN_S || a.0 >= b.0 || b.0 >= c.0 {
        return None;
    }
    Some((b.1 - (a.1 + (c.1 - a.1) * (b.0 - a.0) / span)).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(altitude_cm: impl Fn(i64) -> i32) -> Vec<Point> {
        let point = |second| {
            Point { time_ms: Some(second * 1000), altitude_cm: Some(altitude_cm(second)), ..Point::default() }
        };
        (0..200).map(point).collect()
    }

    #[test]
    fn a_steady_climb_in_steps_of_a_fifth_of_a_metre_is_barometric() {
        assert!(is_barometric(&points(|second| i32::try_from(second * 73 / 20 * 20).unwrap_or(0)), false));
    }

    #[test]
    fn metres_of_noise_are_not_whatever_the_device() {
        assert!(!is_barometric(&points(|second| i32::try_from(second * 7919 % 5 * 100).unwrap_or(0)), true));
    }

    #[test]
    fn few_points_are_judged_by_the_device() {
        let few = &points(|_| 100)[..20];
        assert!(is_barometric(few, true));
        assert!(!is_barometric(few, false));
        assert!(!is_barometric(&[], true));
    }
}
