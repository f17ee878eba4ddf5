//! Metres covered, time in motion, and the speed of the last seconds; O(1) a row.

use std::collections::VecDeque;

use crate::domain::distance::distance_m;
use crate::domain::sample::Row;

/// Below this reported speed a person stands: receivers show up to 0.4 m/s of drift at rest.
const STANDING_CMPS: i32 = 50;
/// Positions closer than this to the last one that counted do not count yet: consecutive fixes jitter by about a metre, which adds 1 to
/// 3 % to a run at 1 Hz. On 18 recordings with a distance of the device's own, 2 m keeps all but one within 1 % (docs/adr/0005);
/// 4 m would cut the corners of a hill run by 5 %.
const MIN_STEP_M: f64 = 2.0;
/// A step slower than this is no motion (1 km/h, the threshold that gpxpy uses).
const MOVING_MPS: f64 = 1.0 / 3.6;
/// The live pace looks back this far.
const LIVE_WINDOW_MS: i64 = 10_000;
/// The highest speed is one that was held this long; shorter peaks are jitter of the receiver.
const PEAK_WINDOW_MS: i64 = 5_000;

/// A sensor's counter may not run faster than this beyond one length of a pool: what is more was counted while the workout stood (the
/// belt ran on) or before it began.
const MAX_SENSOR_MPS: f64 = 25.0;
const SENSOR_SLACK_M: f64 = 50.0;

/// Metres that count, from one reading of the timer to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Advance {
    /// Milliseconds of the timer.
    pub from_ms: i64,
    /// Milliseconds of the timer.
    pub to_ms: i64,
    /// Metres between them; more than 0.
    pub metres: f64,
}

/// The running sums of one workout.
#[derive(Clone, Debug)]
pub struct Odometer {
    indoor: bool,
    distance_m: f64,
    moving_ms: i64,
    max_speed_mps: Option<f64>,
    /// The last position that counted, and the timer then.
    anchor: Option<((i32, i32), i64)>,
    /// The sensor's last distance, and the timer when it last advanced.
    sensor: Option<(i32, i64)>,
    /// (timer, distance) of the last rows of this segment, over the live window.
    recent: VecDeque<(i64, f64)>,
}

impl Odometer {
    /// Indoor kinds trust the sensor's distance where there is one; all others go by positions alone.
    #[must_use]
    pub fn new(indoor: bool) -> Self {
        Self {
            indoor,
            distance_m: 0.0,
            moving_ms: 0,
            max_speed_mps: None,
            anchor: None,
            sensor: None,
            recent: VecDeque::new(),
        }
    }

    /// Takes the next row, with the timer's reading in milliseconds; gives the metres that it adds.
    ///
    /// A step of 2 m or more counts if the receiver says that the person moves, or else once the position is farther from the last one
    /// that counted than its own radius of uncertainty. So standing still adds nothing, and a slow walk is not lost.
    pub fn add(&mut self, row: &Row, timer_ms: i64) -> Option<Advance> {
        if row.starts_segment() {
            self.anchor = None;
            self.recent.clear();
        }
        let by_sensor = self.by_sensor(row, timer_ms);
        let advance = if self.indoor && self.sensor.is_some() {
            by_sensor
        } else {
            self.by_position(row, timer_ms)
        };
        if let Some(step) = advance {
            self.distance_m += step.metres;
            #[allow(clippy::cast_precision_loss, reason = "milliseconds within a workout")]
            let seconds = (step.to_ms - step.from_ms) as f64 / 1000.0;
            if step.metres >= MOVING_MPS * seconds {
                self.moving_ms += step.to_ms - step.from_ms;
            }
            self.spread(&step);
        }
        self.remember(timer_ms);
        advance
    }

    fn by_position(&mut self, row: &Row, timer_ms: i64) -> Option<Advance> {
        let position = row.position_e7()?;
        let Some((anchor, from_ms)) = self.anchor else {
            self.anchor = Some((position, timer_ms));
            return None;
        };
        let metres = distance_m(anchor, position);
        let moves = row.speed_cmps.is_some_and(|speed| speed >= STANDING_CMPS);
        let radius_m = f64::from(row.horizontal_accuracy_dm.unwrap_or(0)) / 10.0;
        if metres < MIN_STEP_M || !(moves || metres > radius_m) {
            return None;
        }
        self.anchor = Some((position, timer_ms));
        Some(Advance {
            from_ms,
            to_ms: timer_ms,
            metres,
        })
    }

    /// The counter is read as metres since the start. One that starts again from zero goes on from there; one that ran while the timer
    /// stood, or before the start, loses what nobody can have covered in the timer's time.
    fn by_sensor(&mut self, row: &Row, timer_ms: i64) -> Option<Advance> {
        let now = row.distance_cm?;
        let (before, from_ms) = self.sensor.unwrap_or((0, 0));
        if now == before && self.sensor.is_some() {
            return None;
        }
        self.sensor = Some((now, timer_ms));
        let metres = f64::from(now.saturating_sub(before)) / 100.0;
        #[allow(clippy::cast_precision_loss, reason = "milliseconds within a workout")]
        let possible_m = SENSOR_SLACK_M + MAX_SENSOR_MPS * (timer_ms - from_ms) as f64 / 1000.0;
        (metres > 0.0 && metres <= possible_m).then_some(Advance {
            from_ms,
            to_ms: timer_ms,
            metres,
        })
    }

    /// Rows between the two ends of a step said where the last one was, not how far the person had come: readings in a tunnel, positions
    /// within the radius of uncertainty. Left in the window they would make the whole step look like a second's.
    fn spread(&mut self, step: &Advance) {
        while self.recent.back().is_some_and(|(then, _)| *then > step.from_ms) {
            self.recent.pop_back();
        }
        if self.recent.is_empty() {
            self.recent.push_back((step.from_ms, self.distance_m - step.metres));
        }
    }

    fn remember(&mut self, timer_ms: i64) {
        self.recent.push_back((timer_ms, self.distance_m));
        while self.recent.len() > 2 && self.recent[1].0 <= timer_ms - LIVE_WINDOW_MS {
            self.recent.pop_front();
        }
        let peak_start = self
            .recent
            .iter()
            .rev()
            .find(|(then, _)| timer_ms - then >= PEAK_WINDOW_MS);
        if let Some(speed) = peak_start.and_then(|start| speed_mps(*start, (timer_ms, self.distance_m))) {
            self.max_speed_mps = Some(self.max_speed_mps.map_or(speed, |max| max.max(speed)));
        }
    }

    /// Metres so far.
    #[must_use]
    pub fn distance_m(&self) -> f64 {
        self.distance_m
    }

    /// Milliseconds in motion so far.
    #[must_use]
    pub fn moving_ms(&self) -> i64 {
        self.moving_ms
    }

    /// The highest speed in m/s that was held for 5 s or more.
    #[must_use]
    pub fn max_speed_mps(&self) -> Option<f64> {
        self.max_speed_mps
    }

    /// Metres per second over the last 10 s of rows; `None` at the start of a segment.
    #[must_use]
    pub fn current_speed_mps(&self) -> Option<f64> {
        speed_mps(*self.recent.front()?, *self.recent.back()?)
    }
}

#[allow(clippy::cast_precision_loss, reason = "milliseconds within a workout")]
fn speed_mps(from: (i64, f64), to: (i64, f64)) -> Option<f64> {
    (to.0 > from.0).then(|| (to.1 - from.1) * 1000.0 / (to.0 - from.0) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(second: i64, north_m: f64) -> Row {
        #[allow(clippy::cast_possible_truncation)]
        let north_e7 = (north_m * 90.0).round() as i32;
        Row {
            time_ms: second * 1000,
            latitude_e7: Some(480_000_000 + north_e7),
            longitude_e7: Some(20_000_000),
            ..Row::default()
        }
    }

    fn total(rows: impl IntoIterator<Item = Row>) -> Odometer {
        let mut odometer = Odometer::new(false);
        for row in rows {
            odometer.add(&row, row.time_ms);
        }
        odometer
    }

    #[test]
    fn standing_still_within_the_radius_adds_nothing() {
        let rest = (0..3_600).map(|second| Row {
            horizontal_accuracy_dm: Some(80),
            speed_cmps: Some(20),
            ..row(second, if second % 2 == 0 { 0.0 } else { 6.0 })
        });
        let odometer = total(rest);
        assert!(odometer.distance_m() == 0.0 && odometer.moving_ms() == 0);
    }

    #[test]
    fn a_walk_slower_than_the_drift_of_a_receiver_is_not_lost() {
        let slow = (0..1_000_i32).map(|second| Row {
            horizontal_accuracy_dm: Some(50),
            speed_cmps: Some(40),
            ..row(second.into(), f64::from(second) * 0.4)
        });
        let odometer = total(slow);
        assert!((odometer.distance_m() - 400.0).abs() < 8.0, "{}", odometer.distance_m());
    }

    #[test]
    fn nothing_runs_across_segments() {
        let mut rows = vec![row(0, 0.0), row(1, 3.0), row(500, 9_000.0), row(501, 9_003.0)];
        rows[2].flags = Row::SEGMENT_START;
        let odometer = total(rows);
        assert!((odometer.distance_m() - 6.0).abs() < 0.05);
        assert_eq!(odometer.moving_ms(), 2_000);
    }

    #[test]
    fn indoors_the_sensor_decides_and_a_counter_that_restarts_goes_on() {
        let mut odometer = Odometer::new(true);
        for (second, distance_cm) in [(0, 100), (10, 3_100), (20, 6_100), (30, 0), (40, 3_000)] {
            odometer.add(
                &Row {
                    distance_cm: Some(distance_cm),
                    ..Row::default()
                },
                second * 1000,
            );
        }
        // 61 m, then 30 m after the restart.
        assert!((odometer.distance_m() - 91.0).abs() < 1e-9);
    }

    #[test]
    fn a_belt_that_ran_before_the_start_or_during_a_pause_does_not_count() {
        let mut odometer = Odometer::new(true);
        for (timer_s, distance_m) in [(1, 1_000), (11, 1_030), (12, 1_500), (22, 1_530)] {
            odometer.add(
                &Row {
                    distance_cm: Some(distance_m * 100),
                    ..Row::default()
                },
                timer_s * 1000,
            );
        }
        assert!((odometer.distance_m() - 60.0).abs() < 1e-9);
    }

    #[test]
    fn a_peak_of_one_second_is_not_the_highest_speed() {
        let rows = (0..60_i32).map(|second| {
            row(
                second.into(),
                f64::from(second) * 3.0 + if second == 30 { 10.0 } else { 0.0 },
            )
        });
        let max = total(rows).max_speed_mps().unwrap();
        assert!((3.0..6.0).contains(&max), "{max}");
    }

    proptest! {
        #[test]
        fn every_advance_is_counted_once(steps in prop::collection::vec((-50.0..50.0_f64, 0..100_i32, any::<bool>()), 1..100)) {
            let mut odometer = Odometer::new(false);
            let (mut place, mut sum) = (0.0, 0.0);
            for (second, (step, radius, moving)) in steps.into_iter().enumerate() {
                place += step;
                let row = Row {
                    horizontal_accuracy_dm: Some(radius),
                    speed_cmps: Some(if moving { 300 } else { 0 }),
                    ..row(i64::try_from(second).unwrap(), place)
                };
                sum += odometer.add(&row, row.time_ms).map_or(0.0, |advance| advance.metres);
            }
            prop_assert!((odometer.distance_m() - sum).abs() < 1e-9);
        }
    }

    #[test]
    fn a_tunnel_with_a_heart_rate_strap_is_no_sprint() {
        let east_e7 = |second: i64| i32::try_from(second * 405).expect("a short run");
        let mut odometer = Odometer::new(false);
        for second in 0..120_i64 {
            let in_tunnel = (40..80).contains(&second);
            odometer.add(
                &Row {
                    time_ms: second * 1000,
                    latitude_e7: (!in_tunnel).then_some(480_000_000),
                    longitude_e7: (!in_tunnel).then_some(east_e7(second)),
                    heart_rate_bpm: Some(150),
                    ..Row::default()
                },
                second * 1000,
            );
        }
        let fastest = odometer.max_speed_mps().expect("it moved");
        // 405e-7° of longitude are 3.02 m at 48° north.
        assert!((2.9..3.2).contains(&fastest), "{fastest} m/s");
    }
}
