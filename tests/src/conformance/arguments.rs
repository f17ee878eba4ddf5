//! The arguments of recordings, activities, files and the client itself, strictly read.

use std::path::PathBuf;
use std::time::SystemTime;

use serde::{Deserialize, Deserializer};
use steadfast_core::activities::model::{ActivityEdit, ActivityQuery};
use steadfast_core::domain::kind::ActivityKind;
use steadfast_core::domain::sample::{LocationSample, LocationSource, SensorReading};
use steadfast_core::domain::split::SplitUnit;
use steadfast_core::domain::start_options::StartOptions;
use steadfast_core::domain::time::from_ms;
use steadfast_core::recording::model::SaveOptions;
use steadfast_core::telemetry::model::AlertThresholds;
use steadfast_core::track::model::TrackQuery;

/// Degrees of latitude a metre, as the scenarios count them.
const DEGREES_A_METRE: f64 = 1.0 / 111_320.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenArguments {
    #[serde(default = "data")]
    pub data_dir: PathBuf,
    #[serde(default)]
    pub config: OpenConfig,
}

fn data() -> PathBuf {
    "data".into()
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenConfig {
    pub recovery_key: Option<String>,
    pub autosave_interval_ms: Option<u32>,
    pub alert_thresholds: Option<Thresholds>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    failures_percent: Option<u32>,
    slow_ms: Option<u32>,
    dead_events: Option<u32>,
}

impl Thresholds {
    pub fn thresholds(self) -> AlertThresholds {
        let default = AlertThresholds::default();
        AlertThresholds {
            failures_percent: self.failures_percent.unwrap_or(default.failures_percent),
            slow_ms: self.slow_ms.unwrap_or(default.slow_ms),
            dead_events: self.dead_events.unwrap_or(default.dead_events),
        }
    }
}

/// A number; also the texts `"nan"`, `"infinity"` and `"-infinity"`, which JSON has no numbers for.
#[derive(Clone, Copy)]
pub struct Number(pub f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(f64),
            Name(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Number(number) => Ok(Self(number)),
            Written::Name(name) if ["nan", "infinity", "-infinity"].contains(&name.as_str()) => {
                name.parse().map(Self).map_err(serde::de::Error::custom)
            }
            Written::Name(name) => Err(serde::de::Error::custom(format!("{name} is no number"))),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    kind: ActivityKind,
    utc_offset_s: Option<i32>,
    auto_pause: Option<bool>,
    max_horizontal_accuracy_m: Option<Number>,
    split_unit: Option<SplitUnit>,
}

impl Start {
    pub fn options(&self) -> StartOptions {
        let default = StartOptions::new(self.kind);
        StartOptions {
            utc_offset_s: self.utc_offset_s,
            auto_pause: self.auto_pause.unwrap_or(default.auto_pause),
            max_horizontal_accuracy_m: self
                .max_horizontal_accuracy_m
                .map_or(default.max_horizontal_accuracy_m, |radius| radius.0),
            split_unit: self.split_unit,
            ..default
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Save {
    title: Option<String>,
    notes: Option<String>,
    sample_limit: Option<u64>,
}

impl Save {
    pub fn options(self) -> SaveOptions {
        let default = SaveOptions::default();
        SaveOptions {
            title: self.title.unwrap_or(default.title),
            notes: self.notes.unwrap_or(default.notes),
            sample_limit: self.sample_limit.unwrap_or(default.sample_limit),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    kind: Option<ActivityKind>,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    limit: Option<u32>,
    after: Option<String>,
}

impl Query {
    pub fn query(self) -> ActivityQuery {
        let default = ActivityQuery::default();
        ActivityQuery {
            kind: self.kind,
            from: self.from_ms.map(from_ms),
            until: self.until_ms.map(from_ms),
            limit: self.limit.unwrap_or(default.limit),
            after: self.after,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    title: Option<String>,
    notes: Option<String>,
    kind: Option<ActivityKind>,
}

impl Edit {
    pub fn edit(self) -> ActivityEdit {
        ActivityEdit {
            title: self.title,
            notes: self.notes,
            kind: self.kind,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    tolerance_m: Option<Number>,
}

impl Part {
    pub fn query(&self) -> TrackQuery {
        TrackQuery {
            from_ms: self.from_ms,
            until_ms: self.until_ms,
            tolerance_m: self.tolerance_m.map(|tolerance| tolerance.0),
        }
    }
}

/// A file from one of three sources.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteFile {
    pub path: PathBuf,
    pub text: Option<String>,
    pub size: Option<u64>,
    pub copy: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Samples {
    pub samples: Option<Vec<Fix>>,
    pub line: Option<Line>,
}

/// A straight run to the north.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    count: u32,
    every_ms: i64,
    north_m: f64,
    pub batch: Option<usize>,
    altitude_step_m: Option<f64>,
    latitude_deg: f64,
    longitude_deg: f64,
    altitude_m: Option<f64>,
    horizontal_accuracy_m: Option<f64>,
    vertical_accuracy_m: Option<f64>,
    speed_mps: Option<f64>,
    course_deg: Option<f64>,
    source: Option<LocationSource>,
}

impl Line {
    /// The fixes, and when each was taken.
    pub fn samples(&self, now_ms: i64) -> Vec<(i64, LocationSample)> {
        (0..self.count)
            .map(|index| {
                let time_ms = now_ms + (i64::from(index) + 1) * self.every_ms;
                let nth = f64::from(index);
                let sample = LocationSample {
                    time: from_ms(time_ms),
                    latitude_deg: self.latitude_deg + nth * self.north_m * DEGREES_A_METRE,
                    longitude_deg: self.longitude_deg,
                    elapsed_ms: None,
                    altitude_m: self
                        .altitude_m
                        .map(|altitude_m| altitude_m + nth * self.altitude_step_m.unwrap_or(0.0)),
                    horizontal_accuracy_m: Some(self.horizontal_accuracy_m.unwrap_or(5.0)),
                    vertical_accuracy_m: self.vertical_accuracy_m,
                    speed_mps: self.speed_mps,
                    course_deg: self.course_deg,
                    source: self.source,
                };
                (time_ms, sample)
            })
            .collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    at_s: f64,
    latitude_deg: Number,
    longitude_deg: Number,
    elapsed_ms: Option<i64>,
    altitude_m: Option<Number>,
    horizontal_accuracy_m: Option<Number>,
    vertical_accuracy_m: Option<Number>,
    speed_mps: Option<Number>,
    course_deg: Option<Number>,
    source: Option<LocationSource>,
}

impl Fix {
    pub fn sample(&self, now_ms: i64) -> (i64, LocationSample) {
        let (time_ms, time) = after(now_ms, self.at_s);
        let sample = LocationSample {
            time,
            latitude_deg: self.latitude_deg.0,
            longitude_deg: self.longitude_deg.0,
            elapsed_ms: self.elapsed_ms,
            altitude_m: plain(self.altitude_m),
            horizontal_accuracy_m: plain(self.horizontal_accuracy_m),
            vertical_accuracy_m: plain(self.vertical_accuracy_m),
            speed_mps: plain(self.speed_mps),
            course_deg: plain(self.course_deg),
            source: self.source,
        };
        (time_ms, sample)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    at_s: f64,
    elapsed_ms: Option<i64>,
    heart_rate_bpm: Option<Number>,
    cadence_rpm: Option<Number>,
    power_w: Option<Number>,
    distance_m: Option<Number>,
    altitude_m: Option<Number>,
    speed_mps: Option<Number>,
}

impl Reading {
    pub fn reading(&self, now_ms: i64) -> (i64, SensorReading) {
        let (time_ms, time) = after(now_ms, self.at_s);
        let reading = SensorReading {
            time,
            elapsed_ms: self.elapsed_ms,
            heart_rate_bpm: plain(self.heart_rate_bpm),
            cadence_rpm: plain(self.cadence_rpm),
            power_w: plain(self.power_w),
            distance_m: plain(self.distance_m),
            altitude_m: plain(self.altitude_m),
            speed_mps: plain(self.speed_mps),
        };
        (time_ms, reading)
    }
}

fn plain(number: Option<Number>) -> Option<f64> {
    number.map(|number| number.0)
}

#[allow(clippy::cast_possible_truncation, reason = "seconds of a scenario")]
fn after(now_ms: i64, at_s: f64) -> (i64, SystemTime) {
    let time_ms = now_ms + (at_s * 1000.0).round() as i64;
    (time_ms, from_ms(time_ms))
}
