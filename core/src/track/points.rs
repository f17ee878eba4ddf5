//! Columns as points, for short stretches of a track.

use crate::domain::time::from_ms;

use super::model::{TrackColumns, TrackPoint};

impl TrackColumns {
    /// The rows, one after the other. The bits of `flags` are told apart here; NaN becomes `None`.
    #[must_use]
    pub fn points(&self) -> Vec<TrackPoint> {
        let mut latitude = self.latitude_deg.iter();
        let mut longitude = self.longitude_deg.iter();
        let mut altitude = self.altitude_m.iter();
        let mut speed = self.speed_mps.iter();
        let mut horizontal_accuracy = self.horizontal_accuracy_m.iter();
        let mut vertical_accuracy = self.vertical_accuracy_m.iter();
        let mut course = self.course_deg.iter();
        let mut heart_rate = self.heart_rate_bpm.iter();
        let mut cadence = self.cadence_rpm.iter();
        let mut power = self.power_w.iter();
        let mut distance = self.distance_m.iter();
        let times = self.time_ms.iter().zip(self.flags.iter());
        times
            .map(|(time_ms, flags)| TrackPoint {
                time: from_ms(time_ms),
                starts_segment: flags & 1 != 0,
                latitude_deg: known(latitude.next()),
                longitude_deg: known(longitude.next()),
                altitude_m: known(altitude.next()),
                speed_mps: known(speed.next()),
                horizontal_accuracy_m: known(horizontal_accuracy.next()),
                vertical_accuracy_m: known(vertical_accuracy.next()),
                course_deg: known(course.next()),
                heart_rate_bpm: known(heart_rate.next()),
                cadence_rpm: known(cadence.next()),
                power_w: known(power.next()),
                distance_m: known(distance.next()),
            })
            .collect()
    }
}

fn known(number: Option<f64>) -> Option<f64> {
    number.filter(|number| !number.is_nan())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::Row;
    use crate::track::columns::TrackColumnsBuilder;

    #[test]
    fn a_point_is_its_row_with_the_unknown_left_out() {
        let mut columns = TrackColumnsBuilder::default();
        columns.extend(&[
            Row {
                time_ms: 1_000,
                flags: 3,
                latitude_e7: Some(470_000_000),
                longitude_e7: Some(80_000_000),
                ..Row::default()
            },
            Row {
                time_ms: 2_000,
                heart_rate_bpm: Some(150),
                distance_cm: Some(1_234),
                ..Row::default()
            },
        ]);
        let points = columns.finish().points();
        assert_eq!(points.len(), 2);
        assert!(points[0].starts_segment && !points[1].starts_segment);
        assert_eq!(
            (points[0].latitude_deg, points[0].longitude_deg),
            (Some(47.0), Some(8.0))
        );
        assert_eq!((points[0].heart_rate_bpm, points[1].latitude_deg), (None, None));
        assert_eq!(
            (points[1].heart_rate_bpm, points[1].distance_m),
            (Some(150.0), Some(12.34))
        );
        assert_eq!(points[1].time, from_ms(2_000));
    }
}
