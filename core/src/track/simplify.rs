//! Fewer points for a map, with a promise: no point left out is farther from the drawn line than the tolerance.
//!
//! Douglas and Peucker, "Algorithms for the reduction of the number of points required to represent a digitized line or its
//! caricature", Cartographica 10 (1973), with a stack instead of recursion. The drawn line between two positions is straight in latitude and
//! longitude, as in GeoJSON (RFC 7946, 3.1.1).

use crate::domain::sample::Row;
use crate::error::{Result, SteadfastError};

use super::segments;

/// The radius of curvature at the poles of WGS 84, a²/b, in metres: the largest that the ellipsoid has anywhere, in any direction.
const LARGEST_RADIUS_M: f64 = 6_399_593.625_8;

const TURN_E7: i64 = 3_600_000_000;

/// From this many splits on, a stretch is halved instead of being split at its farthest point. Such a split keeps at most one point too
/// many, and bounds the work at (this + log₂ n) looks at each point; without it a spiral costs n². Real tracks need 20 to 40 splits.
const DEEPEST_SPLIT: u32 = 64;

/// The rows with a position, without those that the line through the others misses by at most `tolerance_m` metres.
///
/// The first and the last position of each segment stay. Segments are simplified apart, and a segment's first row is marked as its start. A
/// tolerance of 0 leaves out only what lies exactly on the line.
///
/// # Errors
/// `Validation` if the tolerance is negative, NaN or infinite.
pub fn simplify(rows: &[Row], tolerance_m: f64) -> Result<Vec<Row>> {
    if !tolerance_m.is_finite() || tolerance_m < 0.0 {
        return Err(SteadfastError::invalid(
            "tolerance_m",
            format!("{tolerance_m} is not 0 or more metres"),
        ));
    }
    let mut kept = Vec::new();
    for segment in segments::positioned(rows) {
        let line = Line::new(segment.iter().filter_map(|index| rows[*index].position_e7()));
        let start = kept.len();
        let keeps = line.kept(tolerance_m);
        kept.extend(
            segment
                .iter()
                .zip(keeps)
                .filter(|(_, keep)| *keep)
                .map(|(index, _)| rows[*index]),
        );
        kept[start].flags |= Row::SEGMENT_START;
    }
    Ok(kept)
}

/// One segment's positions: integers, so that what is exactly on a line is seen to be.
struct Line {
    /// East (unbroken across the antimeridian) and north, 1e-7°.
    points: Vec<(i64, i64)>,
    /// What a degree east is to a degree north, at most: the cosine of the latitude nearest to the equator. Together with the largest
    /// radius it makes every distance too large rather than too small, which is what keeps the promise; by 0.5 % at most on a segment that
    /// stays near its latitude.
    east_scale: f64,
}

impl Line {
    fn new(positions_e7: impl Iterator<Item = (i32, i32)>) -> Self {
        let mut points: Vec<(i64, i64)> = Vec::new();
        let (mut lowest, mut highest) = (i32::MAX, i32::MIN);
        for (latitude_e7, longitude_e7) in positions_e7 {
            (lowest, highest) = (lowest.min(latitude_e7), highest.max(latitude_e7));
            let longitude = i64::from(longitude_e7);
            let east = points.last().map_or(longitude, |last| {
                let step = (longitude - last.0 + TURN_E7 / 2).rem_euclid(TURN_E7) - TURN_E7 / 2;
                last.0 + step
            });
            points.push((east, i64::from(latitude_e7)));
        }
        let nearest_to_equator = lowest.max(0).max(-highest.min(0));
        Self {
            points,
            east_scale: (f64::from(nearest_to_equator) / 1e7).to_radians().cos().abs(),
        }
    }

    fn kept(&self, tolerance_m: f64) -> Vec<bool> {
        let mut kept = vec![false; self.points.len()];
        let last = self.points.len() - 1;
        (kept[0], kept[last]) = (true, true);
        let tolerance = tolerance_m / (LARGEST_RADIUS_M * 1e-7_f64.to_radians());
        let mut open = vec![(0, last, 0_u32)];
        while let Some((start, end, depth)) = open.pop() {
            let Some((farthest, distance)) = self.farthest(start, end) else {
                continue;
            };
            if distance <= tolerance * tolerance {
                continue;
            }
            let split = if depth < DEEPEST_SPLIT {
                farthest
            } else {
                usize::midpoint(start, end)
            };
            kept[split] = true;
            open.push((start, split, depth + 1));
            open.push((split, end, depth + 1));
        }
        kept
    }

    /// The point between two that lies farthest from the line between them, and the square of its distance.
    fn farthest(&self, start: usize, end: usize) -> Option<(usize, f64)> {
        let chord = Chord::new(self.points[start], self.points[end], self.east_scale);
        let mut farthest = None;
        let mut largest = -1.0;
        for (index, point) in self.points.iter().enumerate().take(end).skip(start + 1) {
            let distance = chord.squared_distance(*point);
            if distance > largest {
                largest = distance;
                farthest = Some((index, distance));
            }
        }
        farthest
    }
}

/// A straight piece of the drawn line. Lengths are in 1e-7 degrees of latitude.
struct Chord {
    from: (i64, i64),
    way: (i64, i64),
    east_scale: f64,
    squared_length: f64,
}

impl Chord {
    fn new(from: (i64, i64), to: (i64, i64), east_scale: f64) -> Self {
        let way = (to.0 - from.0, to.1 - from.1);
        Self {
            from,
            way,
            east_scale,
            squared_length: squared_length(way, east_scale),
        }
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "a distance needs no more than 53 bits; that it is zero is exact"
    )]
    fn squared_distance(&self, point: (i64, i64)) -> f64 {
        let off = (point.0 - self.from.0, point.1 - self.from.1);
        let east = self.east_scale * self.east_scale;
        let along = off.0 as f64 * self.way.0 as f64 * east + off.1 as f64 * self.way.1 as f64;
        if along <= 0.0 {
            return squared_length(off, self.east_scale);
        }
        if along >= self.squared_length {
            return squared_length((off.0 - self.way.0, off.1 - self.way.1), self.east_scale);
        }
        let across = i128::from(self.way.0) * i128::from(off.1) - i128::from(self.way.1) * i128::from(off.0);
        let across = across as f64;
        across * across * east / self.squared_length
    }
}

#[allow(clippy::cast_precision_loss, reason = "a length needs no more than 53 bits")]
fn squared_length(way: (i64, i64), east_scale: f64) -> f64 {
    let (east, north) = (way.0 as f64 * east_scale, way.1 as f64);
    east * east + north * north
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn track(positions: &[(i32, i32)]) -> Vec<Row> {
        (0..)
            .zip(positions)
            .map(|(time_ms, (latitude, longitude))| Row {
                time_ms,
                latitude_e7: Some(*latitude),
                longitude_e7: Some(*longitude),
                ..Row::default()
            })
            .collect()
    }

    /// A walk in steps of up to about 100 m, from anywhere, also over the antimeridian.
    fn walk() -> impl Strategy<Value = Vec<Row>> {
        let steps = prop::collection::vec((-10_000..10_000_i32, -10_000..10_000_i32), 1..120);
        (-800_000_000..800_000_000_i32, -1_800_000_000..1_800_000_000_i64, steps).prop_map(
            |(latitude, longitude, steps)| {
                let (mut north, mut east) = (latitude, longitude);
                let positions: Vec<_> = steps
                    .into_iter()
                    .map(|(up, right)| {
                        north += up;
                        east += i64::from(right);
                        (
                            north,
                            i32::try_from((east + TURN_E7 / 2).rem_euclid(TURN_E7) - TURN_E7 / 2)
                                .expect("within ±180°"),
                        )
                    })
                    .collect();
                track(&positions)
            },
        )
    }

    /// Metres between a point and a piece of line by sampling the piece, with the ellipsoid's radii at the point.
    fn distance_m(point: &Row, from: &Row, to: &Row) -> f64 {
        let position = |row: &Row| {
            let (latitude, longitude) = row.position_e7().expect("positions only");
            (f64::from(latitude) / 1e7, f64::from(longitude) / 1e7)
        };
        let (point, from, to) = (position(point), position(from), position(to));
        let east = |longitude: f64| (longitude - point.1 + 540.0).rem_euclid(360.0) - 180.0;
        let (a, e2) = (6_378_137.0_f64, 0.006_694_379_990_14_f64);
        let w2 = 1.0 - e2 * point.0.to_radians().sin().powi(2);
        let (meridian, normal) = (a * (1.0 - e2) / w2.powf(1.5), a / w2.sqrt());
        let metres = |(latitude, east): (f64, f64)| {
            (
                (latitude - point.0).to_radians() * meridian,
                east.to_radians() * normal * point.0.to_radians().cos(),
            )
        };
        let (from, to) = (metres((from.0, east(from.1))), metres((to.0, east(to.1))));
        let way = (to.0 - from.0, to.1 - from.1);
        let length = way.0 * way.0 + way.1 * way.1;
        let along = if length == 0.0 {
            0.0
        } else {
            (-(from.0 * way.0 + from.1 * way.1) / length).clamp(0.0, 1.0)
        };
        (from.0 + along * way.0).hypot(from.1 + along * way.1)
    }

    proptest! {
        #[test]
        fn what_is_left_out_lies_within_the_tolerance_of_the_line(rows in walk(), tolerance_m in 0.0..500.0_f64) {
            let kept = simplify(&rows, tolerance_m).expect("a valid tolerance");
            prop_assert_eq!(kept[0].time_ms, rows[0].time_ms);
            prop_assert_eq!(kept[kept.len() - 1].time_ms, rows[rows.len() - 1].time_ms);
            for pair in kept.windows(2) {
                for row in rows.iter().filter(|row| (pair[0].time_ms..pair[1].time_ms).contains(&row.time_ms)) {
                    let distance = distance_m(row, &pair[0], &pair[1]);
                    prop_assert!(distance <= tolerance_m + 1e-6, "{distance} m at {tolerance_m} m");
                }
            }
        }

        #[test]
        fn tolerance_zero_leaves_out_only_what_lies_exactly_on_the_line(
            positions in prop::collection::vec((-3..3_i32, -3..3_i32), 1..60)
        ) {
            let kept = simplify(&track(&positions), 0.0).expect("a valid tolerance");
            for pair in kept.windows(2) {
                let at = |row: &Row| positions[usize::try_from(row.time_ms).expect("counted from 0")];
                let (from, to) = (at(&pair[0]), at(&pair[1]));
                let between = usize::try_from(pair[0].time_ms).expect("counted") + 1..usize::try_from(pair[1].time_ms).expect("counted");
                for point in &positions[between] {
                    let across = (to.0 - from.0) * (point.1 - from.1) - (to.1 - from.1) * (point.0 - from.0);
                    let within = |a: i32, b: i32, x: i32| (a.min(b)..=a.max(b)).contains(&x);
                    prop_assert!(across == 0 && within(from.0, to.0, point.0) && within(from.1, to.1, point.1));
                }
            }
        }
    }

    #[test]
    fn a_straight_line_keeps_its_ends_also_over_the_antimeridian() {
        let line: Vec<_> = (0..100)
            .map(|step| {
                let east = (1_799_990_000 + step * 1000 + TURN_E7 / 2).rem_euclid(TURN_E7) - TURN_E7 / 2;
                (100, i32::try_from(east).expect("within ±180°"))
            })
            .collect();
        let kept = simplify(&track(&line), 0.0).expect("a valid tolerance");
        assert_eq!(kept.iter().map(|row| row.time_ms).collect::<Vec<_>>(), [0, 99]);
    }

    #[test]
    fn segments_are_simplified_apart_and_rows_without_position_left_out() {
        let mut rows = track(&[(0, 0), (0, 10), (0, 20), (0, 30), (0, 40), (0, 50)]);
        // The second segment begins with a reading that has no position.
        (rows[3].latitude_e7, rows[3].longitude_e7, rows[3].flags) = (None, None, Row::SEGMENT_START);
        let kept = simplify(&rows, 1000.0).expect("a valid tolerance");
        let shape: Vec<_> = kept.iter().map(|row| (row.time_ms, row.starts_segment())).collect();
        assert_eq!(shape, [(0, true), (2, false), (4, true), (5, false)]);
        assert_eq!(simplify(&[], 1.0).expect("nothing to do"), []);
    }

    #[test]
    fn a_tolerance_that_is_no_distance_is_refused() {
        for tolerance_m in [f64::NAN, -0.1, f64::INFINITY, f64::NEG_INFINITY] {
            let error = simplify(&track(&[(0, 0)]), tolerance_m).expect_err("no distance");
            assert_eq!(error.code_name(), "invalid_argument");
        }
    }

    /// Each point of the spiral is farthest from the line to the next, so that plain splitting looks at n²/2 points: 2e10 here.
    #[test]
    fn a_spiral_does_not_cost_the_square_of_its_points() {
        let positions: Vec<_> = (0..200_000)
            .map(|index| {
                let (angle, radius) = (f64::from(index) * 0.01, 400_000_000.0 - f64::from(index) * 1750.0);
                #[allow(clippy::cast_possible_truncation, reason = "within half the earth")]
                let position = ((radius * angle.sin()) as i32, (radius * angle.cos()) as i32);
                position
            })
            .collect();
        let kept = simplify(&track(&positions), 1.0).expect("a valid tolerance");
        assert!(kept.len() > 100_000);
    }
}
