//! Privacy zones: places that maps and exports must not show. The stored track keeps them.

use crate::domain::distance::distance_m;
use crate::domain::sample::Row;
use crate::error::{Result, SteadfastError};

/// The widest zone, in metres. A zone hides a home or a place of work, not a country.
const MAX_RADIUS_M: f64 = 50_000.0;

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
    fn hides(&self, position_e7: (i32, i32)) -> bool {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a validated zone lies on earth, and ±180° are 31 bits"
        )]
        let e7 = |degrees: f64| (degrees * 1e7).round() as i32;
        distance_m((e7(self.latitude_deg), e7(self.longitude_deg)), position_e7) <= self.radius_m
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

#[cfg(test)]
mod tests {
    use geographiclib_rs::{Geodesic, InverseGeodesic};
    use proptest::prelude::*;

    use super::*;

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
