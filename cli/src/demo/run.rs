//! A realistic run, the same every time: what a phone, a chest strap and a barometer deliver on ten kilometres through a town.

use steadfast_core::domain::kind::ActivityKind;
use steadfast_core::domain::record::Record;
use steadfast_core::domain::sample::{Fix, LocationSource, Reading};
use steadfast_core::domain::start_options::StartOptions;
use steadfast_core::domain::time::Moment;

use super::random::{Drift, Random};
use super::town::{Way, degrees, height_m};
use crate::replay::Recording;

/// Saturday 2 May 2026, 07:31 in central Europe.
const STARTED_AT_MS: i64 = 1_777_699_860_000;
const UTC_OFFSET_S: i32 = 7200;

/// Metres along the way.
const PAUSE_AT_M: f64 = 6_420.0;
/// A closed level crossing.
const PAUSE_S: i64 = 96;
/// The underpass: no satellites.
const UNDERPASS_M: std::ops::Range<f64> = 7_150.0..7_290.0;

/// Seconds after the start at which a fix is wrong, and how.
const TELEPORTS_S: [i64; 2] = [842, 2_311];
const INACCURATE_S: [i64; 3] = [64, 65, 1_377];
const INVALID_S: i64 = 1_903;

/// The whole run.
pub fn run() -> Recording {
    let (records, ended_at_ms) = Runner::new().records();
    Recording {
        options: StartOptions {
            utc_offset_s: Some(UTC_OFFSET_S),
            ..StartOptions::new(ActivityKind::Running)
        },
        started_at_ms: STARTED_AT_MS,
        ended_at_ms,
        records,
    }
}

struct Runner {
    way: Way,
    random: Random,
    east: Drift,
    north: Drift,
    satellite_height: Drift,
    air_pressure: Drift,
    effort: Drift,
    radius: Drift,
    /// Metres along the way.
    metres: f64,
    heart_rate: f64,
}

impl Runner {
    fn new() -> Self {
        Self {
            way: Way::new(),
            random: Random::new(0x5EAD_FA57),
            // Open sky in a town: two metres, and another place half a minute later.
            east: Drift::new(1.9, 30.0),
            north: Drift::new(2.3, 30.0),
            satellite_height: Drift::new(4.5, 60.0),
            air_pressure: Drift::new(0.6, 600.0),
            effort: Drift::new(0.16, 45.0),
            radius: Drift::new(1.1, 20.0),
            metres: 0.0,
            heart_rate: 96.0,
        }
    }

    fn records(mut self) -> (Vec<Record>, i64) {
        let mut records = Vec::new();
        let mut second = 0;
        let mut paused = false;
        while self.metres < self.way.length_m() {
            let time_ms = STARTED_AT_MS + second * 1000;
            if !paused && self.metres >= PAUSE_AT_M {
                paused = true;
                records.push(Record::Pause(moment(time_ms)));
                second = self.stand(&mut records, second);
                continue;
            }
            let speed_mps = self.advance(second);
            records.push(self.reading(time_ms, speed_mps));
            if !UNDERPASS_M.contains(&self.metres) {
                records.push(self.fix(time_ms, second, speed_mps));
            }
            second += 1;
        }
        (records, STARTED_AT_MS + second * 1000)
    }

    /// Waits; the phone goes on delivering now and then. Gives the second in which the run goes on.
    fn stand(&mut self, records: &mut Vec<Record>, since: i64) -> i64 {
        for second in since..since + PAUSE_S {
            self.heart_rate += (104.0 - self.heart_rate) / 55.0;
            if (second - since) % 12 == 6 {
                let fix = self.fix(STARTED_AT_MS + second * 1000, second, 0.0);
                records.push(fix);
            }
        }
        let until = since + PAUSE_S;
        records.push(Record::Resume(moment(STARTED_AT_MS + until * 1000)));
        until
    }

    /// A second of running: m/s.
    fn advance(&mut self, second: i64) -> f64 {
        let here = height_m(self.way.at(self.metres));
        let slope = (height_m(self.way.at(self.metres + 8.0)) - here) / 8.0;
        let left_m = self.way.length_m() - self.metres;
        let last_kilometre = if left_m < 900.0 { 0.25 } else { 0.0 };
        // Nobody starts at full speed.
        #[allow(clippy::cast_precision_loss, reason = "seconds of a run")]
        let warm_up = (second as f64 / 25.0).min(1.0);
        let flat_mps = 3.32 + last_kilometre + self.effort.step(&mut self.random);
        let speed_mps = warm_up * flat_mps * (1.0 - 3.4 * slope).clamp(0.62, 1.13);
        self.metres += speed_mps;
        let demand = 88.0 + 20.0 * speed_mps + 380.0 * slope.max(-0.05) + 0.0021 * self.metres;
        self.heart_rate += (demand.min(188.0) - self.heart_rate) / 32.0;
        speed_mps
    }

    fn reading(&mut self, time_ms: i64, speed_mps: f64) -> Record {
        let altitude_m =
            height_m(self.way.at(self.metres)) + self.air_pressure.step(&mut self.random) + 0.12 * self.random.normal();
        Record::Reading(Reading {
            time_ms,
            heart_rate_bpm: Some(whole(self.heart_rate + 0.6 * self.random.normal())),
            cadence_rpm: Some(whole(74.0 + 4.2 * speed_mps + 0.8 * self.random.normal())),
            altitude_cm: Some(whole(altitude_m * 100.0)),
            ..Reading::default()
        })
    }

    fn fix(&mut self, time_ms: i64, second: i64, speed_mps: f64) -> Record {
        let (east, north) = self.way.at(self.metres);
        let (ahead_east, ahead_north) = self.way.at(self.metres + 3.0);
        let course = (ahead_east - east)
            .atan2(ahead_north - north)
            .to_degrees()
            .rem_euclid(360.0);
        let mut place = (
            east + self.east.step(&mut self.random) + 0.25 * self.random.normal(),
            north + self.north.step(&mut self.random) + 0.25 * self.random.normal(),
        );
        let mut radius_m = (5.2 + self.radius.step(&mut self.random)).clamp(3.0, 12.0);
        if TELEPORTS_S.contains(&second) {
            place = (place.0 + 1_740.0, place.1 - 1_120.0);
        }
        if INACCURATE_S.contains(&second) {
            place = (place.0 - 71.0, place.1 + 48.0);
            radius_m = 128.0;
        }
        if second == INVALID_S {
            radius_m = -1.0;
        }
        let (latitude_deg, longitude_deg) = degrees(place);
        let height_m = height_m((east, north)) + self.satellite_height.step(&mut self.random);
        Record::Fix(Fix {
            time_ms,
            elapsed_ms: None,
            latitude_e7: whole(latitude_deg * 1e7),
            longitude_e7: whole(longitude_deg * 1e7),
            altitude_cm: Some(whole(height_m * 100.0)),
            horizontal_accuracy_dm: Some(whole(radius_m * 10.0)),
            vertical_accuracy_dm: Some(60),
            speed_cmps: Some(whole((speed_mps + 0.06 * self.random.normal()).max(0.0) * 100.0)),
            course_ddeg: Some(whole(course * 10.0) % 3600),
            source: LocationSource::Satellite,
        })
    }
}

#[allow(clippy::cast_possible_truncation, reason = "degrees in 1e-7 and smaller numbers")]
fn whole(value: f64) -> i32 {
    value.round() as i32
}

fn moment(wall_ms: i64) -> Moment {
    Moment {
        wall_ms,
        elapsed_ms: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_run_is_the_same_every_time_and_about_ten_kilometres_long() {
        let (first, again) = (run(), run());
        assert_eq!(first.records, again.records);
        let length_m = Way::new().length_m();
        assert!((9_800.0..10_400.0).contains(&length_m), "{length_m}");
        assert!(
            (5_500..7_500).contains(&first.sample_count()),
            "{}",
            first.sample_count()
        );
    }

    #[test]
    fn what_a_real_run_has_is_in_it() {
        let records = run().records;
        let pauses = records
            .iter()
            .filter(|record| matches!(record, Record::Pause(_) | Record::Resume(_)))
            .count();
        let fixes: Vec<&Fix> = records
            .iter()
            .filter_map(|record| if let Record::Fix(fix) = record { Some(fix) } else { None })
            .collect();
        let silence_ms = fixes.windows(2).map(|pair| pair[1].time_ms - pair[0].time_ms).max();
        let refused = fixes
            .iter()
            .filter(|fix| {
                fix.horizontal_accuracy_dm
                    .is_some_and(|radius| !(0..=500).contains(&radius))
            })
            .count();
        assert_eq!((pauses, refused), (2, INACCURATE_S.len() + 1));
        assert!(silence_ms > Some(35_000), "the underpass");
    }
}
