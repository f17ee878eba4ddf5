//! The route in metres on a plane: projection, extent, thinning.

use super::track::Track;

/// At most this many points of a route are drawn.
pub const MAX_POINTS: usize = 2000;

/// A point of the route.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vertex {
    /// Metres east of the origin.
    pub x: f64,
    /// Metres north of the origin.
    pub y: f64,
    /// Smoothed speed, m/s.
    pub speed_mps: Option<f64>,
    /// Metres along the activity.
    pub distance_m: f64,
}

/// The route in a local equirectangular projection: true to scale along both axes at its middle latitude.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// One list a segment, none of them empty.
    pub segments: Vec<Vec<Vertex>>,
    /// Degrees north of the origin.
    pub latitude_deg: f64,
    /// Degrees east of the origin; beyond ±180 where the route crosses the antimeridian.
    pub longitude_deg: f64,
    /// Metres in a degree of longitude.
    pub east_m: f64,
    /// Metres in a degree of latitude.
    pub north_m: f64,
    /// Half the extent in metres, east and north.
    pub half: (f64, f64),
}

/// The same meridian, within half a turn of `near`.
fn unwrapped(longitude: f64, near: f64) -> f64 {
    longitude - ((longitude - near) / 360.0).round() * 360.0
}

/// Metres in a degree of longitude and of latitude on the WGS 84 ellipsoid, from its prime vertical and meridian radii.
fn degree_m(latitude_deg: f64) -> (f64, f64) {
    const RADIUS_M: f64 = 6_378_137.0;
    const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_14;
    let (sin, cos) = latitude_deg.to_radians().sin_cos();
    let bent = 1.0 - ECCENTRICITY_SQUARED * sin * sin;
    let vertical = RADIUS_M / bent.sqrt();
    let meridian = RADIUS_M * (1.0 - ECCENTRICITY_SQUARED) / (bent * bent.sqrt());
    // At a pole a degree of longitude has no length; a hundredth keeps the plane a plane.
    (vertical * cos.max(0.01).to_radians(), meridian.to_radians())
}

impl Route {
    /// `None` without a single position.
    #[must_use]
    pub fn new(track: &Track) -> Option<Self> {
        let mut near = None;
        let mut bounds = [f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY];
        let mut segments: Vec<Vec<Vertex>> = Vec::new();
        let mut starts_segment = true;
        for row in &track.rows {
            starts_segment |= row.starts_segment;
            let Some((latitude, longitude)) = row.position else {
                continue;
            };
            let longitude = unwrapped(longitude, near.unwrap_or(0.0));
            near = Some(longitude);
            let [south, north, west, east] = &mut bounds;
            (*south, *north) = (south.min(latitude), north.max(latitude));
            (*west, *east) = (west.min(longitude), east.max(longitude));
            if starts_segment {
                segments.push(Vec::new());
                starts_segment = false;
            }
            if let Some(segment) = segments.last_mut() {
                segment.push(Vertex {
                    x: longitude,
                    y: latitude,
                    speed_mps: row.speed_mps,
                    distance_m: row.distance_m,
                });
            }
        }
        near?;
        let [south, north, west, east] = bounds;
        let (latitude_deg, longitude_deg) = (south.midpoint(north), west.midpoint(east));
        let (east_m, north_m) = degree_m(latitude_deg);
        for vertex in segments.iter_mut().flatten() {
            vertex.x = (vertex.x - longitude_deg) * east_m;
            vertex.y = (vertex.y - latitude_deg) * north_m;
        }
        let half = ((east - west) / 2.0 * east_m, (north - south) / 2.0 * north_m);
        Some(Self {
            segments,
            latitude_deg,
            longitude_deg,
            east_m,
            north_m,
            half,
        })
    }

    /// Width over height of the extent, 1 for a point.
    #[must_use]
    pub fn aspect(&self) -> f64 {
        // Within 25 m a receiver draws only its own noise.
        self.half.0.max(25.0) / self.half.1.max(25.0)
    }

    /// The segments with no two points closer than about `step_m`, and never more than `MAX_POINTS` points in all.
    #[must_use]
    pub fn thinned(&self, step_m: f64) -> Vec<Vec<Vertex>> {
        let mut step = step_m.max(1e-3);
        loop {
            let thin: Vec<_> = self
                .segments
                .iter()
                .filter_map(|segment| thin_segment(segment, step))
                .collect();
            // 1e9 m is larger than the Earth: then every segment has become one point.
            if thin.iter().map(Vec::len).sum::<usize>() <= MAX_POINTS || step > 1e9 {
                return thin;
            }
            step *= 1.4;
        }
    }
}

fn thin_segment(segment: &[Vertex], step: f64) -> Option<Vec<Vertex>> {
    let far = |from: &Vertex, to: &Vertex, step: f64| (from.x - to.x).hypot(from.y - to.y) >= step;
    let mut kept = vec![*segment.first()?];
    let mut last = segment.first()?;
    for vertex in segment {
        if far(last, vertex, step) {
            kept.push(*vertex);
            last = vertex;
        }
    }
    let end = segment.last()?;
    if far(last, end, step / 2.0) {
        kept.push(*end);
    }
    (kept.len() > 1).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::model::SheetPoint;
    use proptest::prelude::*;

    fn route(positions: &[(f64, f64)]) -> Option<Route> {
        let point = |(row, (latitude, longitude)): (usize, &(f64, f64))| SheetPoint {
            time_s: row as f64,
            latitude_deg: Some(*latitude),
            longitude_deg: Some(*longitude),
            ..SheetPoint::default()
        };
        Route::new(&Track::new(
            &positions.iter().enumerate().map(point).collect::<Vec<_>>(),
        ))
    }

    #[test]
    fn the_antimeridian_is_not_a_trip_around_the_world() {
        let crossing = route(&[(-17.0, 179.99), (-17.0, -179.99)]).expect("there are positions");
        let elsewhere = route(&[(-17.0, 9.99), (-17.0, 10.01)]).expect("there are positions");
        assert!((crossing.half.0 - elsewhere.half.0).abs() < 1e-3);
    }

    #[test]
    fn both_axes_have_one_scale() {
        // A degree at 45° N: 78.847 km east, 111.132 km north (WGS 84).
        let square = route(&[(44.5, 7.0), (45.5, 8.0)]).expect("there are positions");
        assert!((square.half.0 * 2.0 - 78_847.0).abs() < 1.0 && (square.half.1 * 2.0 - 111_132.0).abs() < 1.0);
    }

    #[test]
    fn nowhere_is_no_route() {
        assert!(route(&[]).is_none());
        assert!(route(&[(f64::NAN, 1.0), (91.0, 0.0)]).is_none());
    }

    proptest! {
        #[test]
        fn a_thinned_route_is_small_and_stays_on_the_route(
            positions in proptest::collection::vec((-90.0_f64..90.0, -180.0_f64..180.0), 1..4000),
        ) {
            let route = route(&positions).expect("there are positions");
            let thin = route.thinned(0.5);
            prop_assert!(thin.iter().map(Vec::len).sum::<usize>() <= MAX_POINTS);
            prop_assert!(thin.iter().flatten().all(|vertex| vertex.x.is_finite() && vertex.y.is_finite()));
        }
    }
}
