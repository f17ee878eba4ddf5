//! How readings of body and machine sensors, each on its own clock, meet the fixes.
//!
//! A reading waits for the next fix and becomes part of its row. Readings that no fix claims become rows of their own: always with an
//! indoor kind, after two seconds outdoors (a tunnel).

use crate::domain::sample::{Reading, Row};

/// A fix this much later still belongs to the reading.
const JOIN_MS: i64 = 2_000;
/// A barometric altitude this old still goes before the satellites' one.
const BAROMETRIC_MS: i64 = 10_000;
/// A value this old is still "now" on the screen.
const LIVE_MS: i64 = 10_000;

/// The readings between two rows.
#[derive(Clone, Debug)]
pub struct Readings {
    indoor: bool,
    waiting: Option<Row>,
    barometric: Option<(i32, i64)>,
    heart_rate: Option<(i32, i64)>,
    cadence: Option<(i32, i64)>,
    power: Option<(i32, i64)>,
}

impl Readings {
    /// Nothing waits.
    #[must_use]
    pub fn new(indoor: bool) -> Self {
        Self {
            indoor,
            waiting: None,
            barometric: None,
            heart_rate: None,
            cadence: None,
            power: None,
        }
    }

    /// Takes a reading at its place on the line of time; gives the row that must go into the track first, if one must.
    pub fn offer(&mut self, reading: &Reading, at_ms: i64) -> Option<Row> {
        let newer = |kept: &mut Option<(i32, i64)>, value: Option<i32>| {
            if let Some(value) = value.filter(|_| kept.is_none_or(|(_, then)| then <= at_ms)) {
                *kept = Some((value, at_ms));
            }
        };
        newer(&mut self.barometric, reading.altitude_cm);
        newer(&mut self.heart_rate, reading.heart_rate_bpm);
        newer(&mut self.cadence, reading.cadence_rpm);
        newer(&mut self.power, reading.power_w);

        let patience_ms = if self.indoor { 1 } else { JOIN_MS };
        let ready = self.waiting.take_if(|row| at_ms - row.time_ms >= patience_ms);
        let row = self.waiting.get_or_insert(Row {
            time_ms: at_ms,
            ..Row::default()
        });
        row.heart_rate_bpm = reading.heart_rate_bpm.or(row.heart_rate_bpm);
        row.cadence_rpm = reading.cadence_rpm.or(row.cadence_rpm);
        row.power_w = reading.power_w.or(row.power_w);
        row.distance_cm = reading.distance_cm.or(row.distance_cm);
        row.speed_cmps = reading.speed_cmps.or(row.speed_cmps);
        if reading.altitude_cm.is_some() {
            row.altitude_cm = reading.altitude_cm;
            row.flags |= Row::BAROMETRIC;
        }
        ready
    }

    /// Joins what waits to the row of a fix; gives the row that must go into the track first, if what waits is too old for it.
    pub fn join(&mut self, row: &mut Row) -> Option<Row> {
        let ready = self.waiting.take_if(|waiting| row.time_ms - waiting.time_ms > JOIN_MS);
        if let Some(waiting) = self.waiting.take() {
            row.heart_rate_bpm = waiting.heart_rate_bpm;
            row.cadence_rpm = waiting.cadence_rpm;
            row.power_w = waiting.power_w;
            row.distance_cm = waiting.distance_cm;
            row.speed_cmps = row.speed_cmps.or(waiting.speed_cmps);
        }
        if let Some((altitude_cm, _)) = self.barometric.filter(|(_, then)| row.time_ms - then <= BAROMETRIC_MS) {
            row.altitude_cm = Some(altitude_cm);
            row.flags |= Row::BAROMETRIC;
        }
        ready
    }

    /// Takes back the readings of a row whose fix was dropped.
    pub fn put_back(&mut self, row: &Row) {
        let reading = Reading {
            heart_rate_bpm: row.heart_rate_bpm,
            cadence_rpm: row.cadence_rpm,
            power_w: row.power_w,
            distance_cm: row.distance_cm,
            ..Reading::default()
        };
        if reading == Reading::default() {
            return;
        }
        let waiting = self.waiting.get_or_insert(Row {
            time_ms: row.time_ms,
            ..Row::default()
        });
        waiting.heart_rate_bpm = waiting.heart_rate_bpm.or(reading.heart_rate_bpm);
        waiting.cadence_rpm = waiting.cadence_rpm.or(reading.cadence_rpm);
        waiting.power_w = waiting.power_w.or(reading.power_w);
        waiting.distance_cm = waiting.distance_cm.or(reading.distance_cm);
    }

    /// What waits, because no fix will come.
    pub fn take(&mut self) -> Option<Row> {
        self.waiting.take()
    }

    /// The last heart rate, cadence and power, unless they are too old to show.
    #[must_use]
    pub fn live(&self, now_ms: i64) -> [Option<f64>; 3] {
        [self.heart_rate, self.cadence, self.power].map(|value| {
            value
                .filter(|(_, then)| now_ms - then <= LIVE_MS)
                .map(|(value, _)| f64::from(value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heart_rate(value: i32) -> Reading {
        Reading {
            heart_rate_bpm: Some(value),
            ..Reading::default()
        }
    }

    #[test]
    fn a_reading_becomes_part_of_the_next_fix() {
        let mut readings = Readings::new(false);
        assert_eq!(readings.offer(&heart_rate(140), 1_000), None);
        assert_eq!(
            readings.offer(
                &Reading {
                    cadence_rpm: Some(85),
                    ..Reading::default()
                },
                1_400
            ),
            None
        );
        let mut row = Row {
            time_ms: 2_000,
            ..Row::default()
        };
        assert_eq!(readings.join(&mut row), None);
        assert_eq!((row.heart_rate_bpm, row.cadence_rpm), (Some(140), Some(85)));
        assert_eq!(readings.take(), None);
    }

    #[test]
    fn without_fixes_readings_are_rows_of_their_own() {
        for (indoor, rows) in [(true, 9), (false, 4)] {
            let mut readings = Readings::new(indoor);
            let ready = (0..10)
                .filter_map(|second| readings.offer(&heart_rate(140), second * 1000))
                .count();
            assert_eq!(ready, rows);
        }
    }

    #[test]
    fn the_barometer_goes_before_the_satellites_while_it_is_fresh() {
        let mut readings = Readings::new(false);
        readings.offer(
            &Reading {
                altitude_cm: Some(12_300),
                ..Reading::default()
            },
            0,
        );
        for (time_ms, altitude_cm, barometric) in
            [(1_000, 12_300, true), (10_000, 12_300, true), (11_000, 99_900, false)]
        {
            let mut row = Row {
                time_ms,
                altitude_cm: Some(99_900),
                ..Row::default()
            };
            readings.join(&mut row);
            assert_eq!((row.altitude_cm, row.is_barometric()), (Some(altitude_cm), barometric));
        }
    }

    #[test]
    fn old_values_are_not_shown() {
        let mut readings = Readings::new(false);
        readings.offer(&heart_rate(140), 0);
        assert_eq!(readings.live(10_000)[0], Some(140.0));
        assert_eq!(readings.live(10_001)[0], None);
    }
}
