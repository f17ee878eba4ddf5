//! The smallest box around positions.

use super::model::BoundingBox;

const CIRCLE_E7: i64 = 3_600_000_000;
const HALF_CIRCLE_E7: i64 = CIRCLE_E7 / 2;

impl BoundingBox {
    /// The smallest box around positions (latitude and longitude in 1e-7 degrees); `None` without any. It crosses the antimeridian where
    /// that makes it narrower. Longitudes beyond ±180° count as the meridian they name.
    #[must_use]
    pub fn around(positions_e7: &[(i32, i32)]) -> Option<Self> {
        let south_e7 = positions_e7.iter().map(|position| position.0).min()?;
        let north_e7 = positions_e7.iter().map(|position| position.0).max()?;
        let west = positions_e7.iter().map(|position| on_circle(position.1)).min()?;
        let east = positions_e7.iter().map(|position| on_circle(position.1)).max()?;
        // Within half a circle the rest of the circle is the widest gap; only a wider spread has to be searched for one.
        let (west_e7, east_e7) = if i64::from(east) - i64::from(west) <= HALF_CIRCLE_E7 {
            (west, east)
        } else {
            narrowest(positions_e7)
        };
        Some(Self {
            south_e7,
            west_e7,
            north_e7,
            east_e7,
        })
    }

    /// True if the position lies in it or on its edge.
    #[must_use]
    pub fn contains(&self, latitude_e7: i32, longitude_e7: i32) -> bool {
        let longitude_e7 = on_circle(longitude_e7);
        let between = if self.west_e7 <= self.east_e7 {
            (self.west_e7..=self.east_e7).contains(&longitude_e7)
        } else {
            longitude_e7 >= self.west_e7 || longitude_e7 <= self.east_e7
        };
        (self.south_e7..=self.north_e7).contains(&latitude_e7) && between
    }
}

/// The same meridian within ±180°. Both of those stay as they are.
fn on_circle(longitude_e7: i32) -> i32 {
    let longitude = i64::from(longitude_e7);
    if longitude.abs() <= HALF_CIRCLE_E7 {
        return longitude_e7;
    }
    let turned = longitude - longitude.signum() * CIRCLE_E7;
    i32::try_from(turned).expect("an i32 is less than one and a half circles, so one turn brings it within ±180°")
}

/// West and east of the arc that leaves out the widest gap between neighbours.
fn narrowest(positions_e7: &[(i32, i32)]) -> (i32, i32) {
    let mut longitudes: Vec<i32> = positions_e7.iter().map(|position| on_circle(position.1)).collect();
    longitudes.sort_unstable();
    let (first, last) = (longitudes[0], longitudes[longitudes.len() - 1]);
    let mut widest = (i64::from(first) + CIRCLE_E7 - i64::from(last), first, last);
    for pair in longitudes.windows(2) {
        let gap = i64::from(pair[1]) - i64::from(pair[0]);
        if gap > widest.0 {
            widest = (gap, pair[1], pair[0]);
        }
    }
    (widest.1, widest.2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_track_over_the_antimeridian_has_a_narrow_box_with_west_beyond_east() {
        let bounds = BoundingBox::around(&[(-160_000_000, 1_799_000_000), (-161_000_000, -1_798_000_000)]);
        assert_eq!(
            bounds,
            Some(BoundingBox {
                south_e7: -161_000_000,
                west_e7: 1_799_000_000,
                north_e7: -160_000_000,
                east_e7: -1_798_000_000
            })
        );
    }

    #[test]
    fn one_position_is_its_own_box_and_none_has_none() {
        let bounds = BoundingBox::around(&[(5, 1_800_000_000)]).expect("one position");
        assert_eq!(
            (bounds.south_e7, bounds.west_e7, bounds.north_e7, bounds.east_e7),
            (5, 1_800_000_000, 5, 1_800_000_000)
        );
        assert_eq!(BoundingBox::around(&[]), None);
    }

    proptest! {
        #[test]
        fn every_position_lies_in_the_box(positions: Vec<(i32, i32)>) {
            if let Some(bounds) = BoundingBox::around(&positions) {
                for (latitude, longitude) in positions {
                    prop_assert!(bounds.contains(latitude, longitude));
                }
            }
        }

        #[test]
        fn turning_the_earth_turns_the_box(east in prop::collection::vec(0_i32..900_000_000, 1..20), turn in -1_800_000_000_i32..1_800_000_000) {
            let width = |bounds: BoundingBox| (i64::from(bounds.east_e7) - i64::from(bounds.west_e7)).rem_euclid(CIRCLE_E7);
            let turned: Vec<_> = east.iter().map(|east| {
                let turned = (i64::from(*east) + i64::from(turn) + HALF_CIRCLE_E7).rem_euclid(CIRCLE_E7) - HALF_CIRCLE_E7;
                (0, i32::try_from(turned).expect("within ±180°"))
            }).collect();
            let plain: Vec<_> = east.iter().map(|east| (0, *east)).collect();
            prop_assert_eq!(
                BoundingBox::around(&turned).map(width),
                BoundingBox::around(&plain).map(width)
            );
        }
    }
}
