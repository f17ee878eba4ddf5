//! Privacy zones: places that maps and exports must not show. The stored track keeps them.

use geographiclib_rs::{Geodesic, InverseGeodesic};

use crate::domain::sample::Row;
use crate::error::{Result, SteadfastError};

/// The widest zone, in metres. A zone hides a home or a place of work, not a country.
const MAX_RADIUS_M: f64 = 50_000.0;

/// From this latitude on, in degrees, distances come from the geodesic: near a pole there is no middle latitude.
const POLAR_DEG: f64 = 80.0;

/// A circle whose inside no map and no export shows.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize, uniffi::Record)]
pub struct PrivacyZone {
    /// Degrees north of its centre, −90 to 90 (WGS 84).
    pub latitude_deg: f64,
    /// Degrees east of its centre, −180 to 180.
    pub longitude_deg: f64,
    /// Metres, above 0 and up to 50,000.
    pub radius_m: f64,
}

impl PrivacyZone {
    /// # Errors
    /// `Validation` that names the field out of its range.
    pub fn validate(&self) -> Result<()> {
        let within = |field: &str, value: f64, limit: f64| {
            if value.abs() <= limit {
                return Ok(());
            }
            Err(SteadfastError::invalid(
                field,
                format!("{value} is not within −{limit} to {limit}"),
            ))
        };
        within("latitude_deg", self.latitude_deg, 90.0)?;
        within("longitude_deg", self.longitude_deg, 180.0)?;
        if self.radius_m > 0.0 && self.radius_m <= MAX_RADIUS_M {
            return Ok(());
        }
        Err(SteadfastError::invalid(
            "radius_m",
            format!("{} is not above 0 and up to {MAX_RADIUS_M}", self.radius_m),
        ))
    }

    /// True if the position (1e-7 degrees) lies in it or on its edge.
    fn hides(&self, (latitude_e7, longitude_e7): (i32, i32)) -> bool {
        let (latitude_deg, longitude_deg) = (f64::from(latitude_e7) / 1e7, f64::from(longitude_e7) / 1e7);
        distance_m((self.latitude_deg, self.longitude_deg), (latitude_deg, longitude_deg)) <= self.radius_m
    }
}

/// The rows without those whose position lies in a zone. The first row after each hole starts a segment, so that no line is drawn and no
/// distance counted across it.
///
/// A row without a position goes with the position before it (the first ones with the position after them): a heart rate measured at home
/// would tell when somebody was there.
///
/// # Errors
/// `Validation` if a zone is not valid.
pub fn trim(rows: &[Row], zones: &[PrivacyZone]) -> Result<Vec<Row>> {
    zones.iter().try_for_each(PrivacyZone::validate)?;
    let is_hidden = |row: &Row| {
        row.position_e7()
            .map(|position| zones.iter().any(|zone| zone.hides(position)))
    };
    let mut hidden = rows.iter().find_map(is_hidden).unwrap_or(false);
    // What is cut may have started a segment, also at the very beginning.
    let mut after_hole = false;
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        hidden = is_hidden(row).unwrap_or(hidden);
        if hidden {
            after_hole = true;
            continue;
        }
        let mut row = *row;
        if std::mem::take(&mut after_hole) {
            row.flags |= Row::SEGMENT_START;
        }
        kept.push(row);
    }
    Ok(kept)
}

/// Metres between two positions in degrees, on the WGS 84 ellipsoid with its radii at the middle latitude. Below 80° of latitude that is
/// within 0.1 % of the geodesic up to 50 km, and within a millimetre at a few hundred metres. Farther north and south it is the geodesic
/// (Karney, "Algorithms for geodesics", 2013).
fn distance_m(from: (f64, f64), to: (f64, f64)) -> f64 {
    if from.0.abs().max(to.0.abs()) >= POLAR_DEG {
        return Geodesic::wgs84().inverse(from.0, from.1, to.0, to.1);
    }
    const EQUATOR_M: f64 = 6_378_137.0;
    const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_14;
    let middle = f64::midpoint(from.0, to.0).to_radians();
    let w2 = 1.0 - ECCENTRICITY_SQUARED * middle.sin().powi(2);
    let meridian_m = EQUATOR_M * (1.0 - ECCENTRICITY_SQUARED) / w2.powf(1.5);
    let normal_m = EQUATOR_M / w2.sqrt();
    let east_deg = (to.1 - from.1 + 540.0).rem_euclid(360.0) - 180.0;
    let (north_m, east_m) = (
        (to.0 - from.0).to_radians() * meridian_m,
        east_deg.to_radians() * normal_m * middle.cos(),
    );
    north_m.hypot(east_m)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOME: PrivacyZone = PrivacyZone {
        latitude_deg: 47.0,
        longitude_deg: 8.0,
        radius_m: 200.0,
    };

    fn row(time_ms: i64, position: Option<(i32, i32)>) -> Row {
        Row {
            time_ms,
            latitude_e7: position.map(|position| position.0),
            longitude_e7: position.map(|position| position.1),
            ..Row::default()
        }
    }

    fn shape(rows: &[Row]) -> Vec<(i64, bool)> {
        rows.iter().map(|row| (row.time_ms, row.starts_segment())).collect()
    }

    const INSIDE: Option<(i32, i32)> = Some((470_010_000, 80_000_000));
    const OUTSIDE: Option<(i32, i32)> = Some((470_030_000, 80_000_000));

    #[test]
    fn a_hole_ends_in_a_segment_start_and_takes_the_readings_with_it() {
        let rows = [
            row(0, None),
            row(1, INSIDE),
            row(2, None),
            row(3, OUTSIDE),
            row(4, None),
            row(5, OUTSIDE),
            row(6, INSIDE),
            row(7, None),
            row(8, OUTSIDE),
            row(9, INSIDE),
        ];
        let kept = trim(&rows, &[HOME]).expect("a valid zone");
        assert_eq!(shape(&kept), [(3, true), (4, false), (5, false), (8, true)]);
    }

    #[test]
    fn without_zones_or_without_positions_nothing_changes() {
        let rows = [row(0, INSIDE), row(1, None)];
        assert_eq!(trim(&rows, &[]).expect("no zone"), rows);
        let indoors = [row(0, None), row(1, None)];
        assert_eq!(trim(&indoors, &[HOME]).expect("a valid zone"), indoors);
    }

    #[test]
    fn a_zone_on_the_antimeridian_covers_both_sides() {
        let zone = PrivacyZone {
            latitude_deg: 0.0,
            longitude_deg: 180.0,
            radius_m: 100.0,
        };
        let rows = [
            row(0, Some((0, 1_799_995_000))),
            row(1, Some((0, -1_799_995_000))),
            row(2, Some((0, -1_799_900_000))),
        ];
        assert_eq!(shape(&trim(&rows, &[zone]).expect("a valid zone")), [(2, true)]);
    }

    #[test]
    fn a_zone_that_is_no_circle_on_earth_is_refused_with_its_field() {
        let wrong = [
            PrivacyZone {
                latitude_deg: 90.1,
                ..HOME
            },
            PrivacyZone {
                latitude_deg: f64::NAN,
                ..HOME
            },
            PrivacyZone {
                longitude_deg: -180.5,
                ..HOME
            },
            PrivacyZone { radius_m: 0.0, ..HOME },
            PrivacyZone {
                radius_m: f64::NAN,
                ..HOME
            },
            PrivacyZone {
                radius_m: f64::INFINITY,
                ..HOME
            },
        ];
        for zone in wrong {
            assert_eq!(
                trim(&[], &[zone]).expect_err("not a zone").code_name(),
                "invalid_argument"
            );
        }
    }

    #[test]
    fn a_zone_around_a_pole_covers_every_meridian() {
        let zone = PrivacyZone {
            latitude_deg: 90.0,
            longitude_deg: 0.0,
            radius_m: 1000.0,
        };
        let rows = [
            row(0, Some((899_950_000, 1_000_000_000))),
            row(1, Some((899_950_000, -1_700_000_000))),
        ];
        assert_eq!(trim(&rows, &[zone]).expect("a valid zone"), []);
    }

    proptest! {
        #[test]
        fn the_local_formula_agrees_with_the_geodesic_over_any_zone(
            latitude in -79.5..79.5_f64, longitude in -180.0..180.0_f64, north in -0.44..0.44_f64, east in -0.44..0.44_f64
        ) {
            let from = (latitude, longitude);
            let to = (latitude + north, longitude + east / latitude.to_radians().cos());
            let exact_m: f64 = Geodesic::wgs84().inverse(from.0, from.1, to.0, to.1);
            prop_assume!(exact_m <= MAX_RADIUS_M);
            prop_assert!((distance_m(from, to) - exact_m).abs() <= exact_m * 0.001 + 1e-6);
        }

        #[test]
        fn no_position_within_the_radius_is_left_and_none_outside_is_lost(
            positions in prop::collection::vec((469_950_000..470_050_000_i32, 79_950_000..80_050_000_i32), 0..50)
        ) {
            let geodesic_m = |row: &Row| {
                let (latitude, longitude) = row.position_e7().expect("positions only");
                let distance_m: f64 = Geodesic::wgs84().inverse(
                    HOME.latitude_deg, HOME.longitude_deg, f64::from(latitude) / 1e7, f64::from(longitude) / 1e7);
                distance_m
            };
            let rows: Vec<Row> = (0..).zip(positions).map(|(time, position)| row(time, Some(position))).collect();
            let kept = trim(&rows, &[HOME]).expect("a valid zone");
            prop_assert!(kept.iter().all(|row| geodesic_m(row) > HOME.radius_m - 0.001));
            let outside = rows.iter().filter(|row| geodesic_m(row) > HOME.radius_m + 0.001).count();
            prop_assert!(kept.len() >= outside);
        }
    }
}
