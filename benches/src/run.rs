//! A run at 1 Hz with a phone's jitter: every sensor a random walk about its mean, positions with noise that drifts. The same run on every
//! machine, made sample by sample, so that it takes no memory.

use steadfast_core::domain::sample::{LocationSample, LocationSource, Row, SensorReading};
use steadfast_core::domain::time::from_ms;
use steadfast_core::recording::quantise;

/// When every run starts, UTC milliseconds.
pub const START_MS: i64 = 1_750_000_000_000;
/// The length of a run that most rows measure.
pub const SAMPLES: usize = 100_000;

/// The moments of a run, for ever.
pub struct Run {
    random: u64,
    time_ms: i64,
    latitude: f64,
    longitude: f64,
    heading: f64,
    speed: f64,
    altitude: f64,
    accuracy: f64,
    heart_rate: f64,
    cadence: f64,
    power: f64,
}

impl Run {
    /// A run from its start.
    pub fn new() -> Self {
        Self {
            random: 0x2545_f491_4f6c_dd1d,
            time_ms: START_MS,
            latitude: 47.0,
            longitude: 8.0,
            heading: 0.7,
            speed: 3.0,
            altitude: 400.0,
            accuracy: 5.0,
            heart_rate: 140.0,
            cadence: 85.0,
            power: 260.0,
        }
    }

    #[allow(clippy::cast_possible_truncation, reason = "the upper half is what is wanted")]
    fn noise(&mut self) -> f64 {
        // xorshift64* (Vigna 2016).
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        f64::from((self.random.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32) / f64::from(u32::MAX) - 0.5
    }
}

/// One second of it.
pub struct Second {
    /// UTC milliseconds.
    pub time_ms: i64,
    /// What the phone says.
    pub fix: LocationSample,
    /// What the strap, the foot pod and the power meter say.
    pub reading: SensorReading,
}

impl Iterator for Run {
    type Item = Second;

    #[allow(clippy::cast_possible_truncation, reason = "a few milliseconds")]
    fn next(&mut self) -> Option<Second> {
        self.time_ms += 1000 + (self.noise() * 6.0) as i64;
        self.heading += self.noise() * 0.15;
        self.speed += self.noise() * 0.3 - (self.speed - 3.0) * 0.05;
        self.altitude += self.noise() * 0.8 - (self.altitude - 400.0) * 0.001;
        self.accuracy += self.noise() * 0.6 - (self.accuracy - 5.0) * 0.05;
        self.heart_rate += self.noise() * 1.6 - (self.heart_rate - 150.0) * 0.01;
        self.cadence += self.noise() * 2.0 - (self.cadence - 85.0) * 0.1;
        self.power += self.noise() * 12.0 - (self.power - 260.0) * 0.05;
        self.latitude += self.speed * self.heading.cos() / 111_200.0 + self.noise() * 2e-7;
        self.longitude += self.speed * self.heading.sin() / 75_800.0 + self.noise() * 3e-7;
        let time = from_ms(self.time_ms);
        // The clock of the sample, which the recording's own is set to as well.
        let elapsed_ms = Some(self.time_ms - START_MS);
        Some(Second {
            time_ms: self.time_ms,
            fix: LocationSample {
                time,
                latitude_deg: self.latitude,
                longitude_deg: self.longitude,
                elapsed_ms,
                altitude_m: Some(self.altitude),
                horizontal_accuracy_m: Some(self.accuracy.clamp(3.0, 15.0)),
                vertical_accuracy_m: Some(self.accuracy.clamp(3.0, 15.0) * 1.5),
                speed_mps: Some(self.speed.max(0.6)),
                course_deg: Some(self.heading.to_degrees().rem_euclid(360.0)),
                source: Some(LocationSource::Satellite),
            },
            reading: SensorReading {
                time,
                elapsed_ms,
                heart_rate_bpm: Some(self.heart_rate),
                cadence_rpm: Some(self.cadence),
                power_w: Some(self.power),
                distance_m: None,
                altitude_m: None,
                speed_mps: None,
            },
        })
    }
}

/// The rows that a run of so many seconds becomes: what the peer stores.
pub fn rows(seconds: usize) -> Vec<Row> {
    Run::new().take(seconds).map(|second| row(&second)).collect()
}

fn row(second: &Second) -> Row {
    let (fix, _) = quantise::fix(&second.fix).expect("a sound sample");
    let (reading, _) = quantise::reading(&second.reading).expect("a sound reading");
    Row {
        time_ms: fix.time_ms,
        flags: 0,
        latitude_e7: Some(fix.latitude_e7),
        longitude_e7: Some(fix.longitude_e7),
        altitude_cm: fix.altitude_cm,
        speed_cmps: fix.speed_cmps,
        horizontal_accuracy_dm: fix.horizontal_accuracy_dm,
        vertical_accuracy_dm: fix.vertical_accuracy_dm,
        course_ddeg: fix.course_ddeg,
        heart_rate_bpm: reading.heart_rate_bpm,
        cadence_rpm: reading.cadence_rpm,
        power_w: reading.power_w,
        distance_cm: reading.distance_cm,
    }
}
