//! Feeds a recording in through the calls that an app makes, on the recording's own clock.

use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use steadfast_core::domain::record::Record;
use steadfast_core::domain::sample::{Fix, LocationSample, Reading, SensorReading};
use steadfast_core::domain::start_options::StartOptions;
use steadfast_core::domain::tally::RejectReason;
use steadfast_core::domain::time::{Clock, Moment, SystemClock, from_ms};
use steadfast_core::error::Result;
use steadfast_core::interchange::import::start_options;
use steadfast_core::interchange::model::ImportedSession;
use steadfast_core::recording::api::Recorder;
use steadfast_core::recording::model::LiveStatistics;

use crate::output::print;
use crate::progress::Progress;
use crate::values::Speed;

/// Samples that one call takes, where the order allows it.
const BATCH: usize = 100;

/// Shows the time of the recording while it is fed in, and the machine's own before and after.
///
/// It has no clock that counts sleep: the recording knows none, and this machine's would say that the whole run took a second.
#[derive(Default)]
pub struct ReplayClock(Mutex<Option<i64>>);

impl ReplayClock {
    /// Shows this instant, UTC milliseconds, or with `None` the machine's time.
    pub fn set(&self, wall_ms: Option<i64>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = wall_ms;
    }
}

impl Clock for ReplayClock {
    fn now(&self) -> Moment {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(wall_ms) => Moment {
                wall_ms,
                elapsed_ms: None,
            },
            None => SystemClock.now(),
        }
    }
}

/// A workout that can be fed in.
pub struct Recording {
    /// How it is recorded.
    pub options: StartOptions,
    /// UTC milliseconds.
    pub started_at_ms: i64,
    /// UTC milliseconds.
    pub ended_at_ms: i64,
    /// What happens, in order.
    pub records: Vec<Record>,
}

impl From<ImportedSession> for Recording {
    fn from(session: ImportedSession) -> Self {
        Self {
            options: start_options(&session),
            started_at_ms: session.started_at_ms,
            ended_at_ms: session.ended_at_ms,
            records: session.records,
        }
    }
}

impl Recording {
    /// Fixes and readings, those that cannot be written down included.
    pub fn sample_count(&self) -> u64 {
        self.records.iter().filter(|record| is_sample(record)).count() as u64
    }

    /// The records after the first `samples` samples.
    pub fn after(&self, samples: u64) -> &[Record] {
        let mut left = samples;
        let fed = self.records.iter().take_while(|record| {
            let is_fed = left > 0;
            left -= u64::from(is_fed && is_sample(record));
            is_fed
        });
        &self.records[fed.count()..]
    }
}

fn is_sample(record: &Record) -> bool {
    matches!(record, Record::Fix(_) | Record::Reading(_) | Record::Rejected(_))
}

/// When a record happened, UTC milliseconds; unknown for a sample that could not be written down.
pub fn time_ms(record: &Record) -> Option<i64> {
    match record {
        Record::Fix(fix) => Some(fix.time_ms),
        Record::Reading(reading) => Some(reading.time_ms),
        Record::Pause(moment)
        | Record::Resume(moment)
        | Record::Lap(moment)
        | Record::Stop(moment)
        | Record::Interrupted { moment, .. } => Some(moment.wall_ms),
        Record::Rejected(_) => None,
    }
}

/// How a recording is fed in.
pub struct Feeder<'a> {
    /// Takes it.
    pub recorder: &'a Recorder,
    /// Shows its time.
    pub clock: &'a ReplayClock,
    /// How fast.
    pub speed: Speed,
    /// Print `ack N` when N samples survive a kill.
    pub acks: bool,
    /// Stop feeding after so many samples.
    pub stop_after: Option<u64>,
    /// Shows how far it is.
    pub progress: &'a Progress,
    /// Samples of the workouts before this one.
    pub before: u64,
    /// Samples for which `ack` was printed, or need not be printed.
    pub acked: u64,
}

/// Whether everything was fed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fed {
    /// To its end.
    Whole,
    /// Up to `stop_after`.
    Stopped,
}

impl Feeder<'_> {
    /// Feeds the records in, in their order.
    ///
    /// # Errors
    /// What the recorder says.
    pub fn feed(&mut self, records: &[Record]) -> Result<Fed> {
        let one_by_one = self.acks || self.speed != Speed::Max;
        let mut taken = self.recorder.live().map_or(0, |live| live.acknowledged_samples) + self.before;
        let mut rest = records;
        let mut now_ms = None;
        while let [first, ..] = rest {
            let left = self.stop_after.map_or(u64::MAX, |limit| limit.saturating_sub(taken));
            if left == 0 {
                return Ok(Fed::Stopped);
            }
            let most = if one_by_one {
                1
            } else {
                usize::try_from(left).map_or(BATCH, |left| left.min(BATCH))
            };
            let alike = rest
                .iter()
                .take(most)
                .take_while(|record| is_like(record, first))
                .count()
                .max(1);
            let (batch, after) = rest.split_at(alike);
            let then_ms = batch.iter().rev().find_map(time_ms).or(now_ms);
            self.wait(now_ms, then_ms);
            if then_ms.is_some() {
                self.clock.set(then_ms);
                now_ms = then_ms;
            }
            let live = self.call(batch, now_ms)?;
            taken = self.before + live.acknowledged_samples;
            self.report(&live);
            rest = after;
        }
        Ok(if self.stop_after.is_some_and(|limit| taken >= limit) {
            Fed::Stopped
        } else {
            Fed::Whole
        })
    }

    fn wait(&self, from_ms: Option<i64>, to_ms: Option<i64>) {
        if let (Speed::Times(times), Some((from, to))) = (self.speed, from_ms.zip(to_ms)) {
            let span = Duration::from_millis(u64::try_from(to.saturating_sub(from)).unwrap_or(0));
            std::thread::sleep(span.div_f64(times));
        }
    }

    fn call(&self, batch: &[Record], now_ms: Option<i64>) -> Result<LiveStatistics> {
        let recorder = self.recorder;
        match &batch[0] {
            Record::Pause(_) => recorder.pause(),
            Record::Resume(_) => recorder.resume(),
            Record::Lap(_) => recorder.lap().and_then(|_| recorder.add_samples(Vec::new())),
            Record::Reading(_) => recorder.add_readings(batch.iter().filter_map(reading).collect()),
            _ => recorder.add_samples(batch.iter().filter_map(|record| sample(record, now_ms)).collect()),
        }
    }

    fn report(&mut self, live: &LiveStatistics) {
        let safe = self.before + live.acknowledged_samples - live.unsaved_samples.min(live.acknowledged_samples);
        self.progress.at(safe);
        if self.acks && safe > self.acked {
            let mut lines = String::new();
            for count in self.acked + 1..=safe {
                let _ = writeln!(lines, "ack {count}");
            }
            // A reader that went away is no reason to stop recording.
            print(&lines);
            self.acked = safe;
        }
    }
}

/// True if one call can take both.
fn is_like(record: &Record, first: &Record) -> bool {
    let is_fix = |record: &Record| matches!(record, Record::Fix(_) | Record::Rejected(_));
    matches!((record, first), (Record::Reading(_), Record::Reading(_))) || (is_fix(record) && is_fix(first))
}

/// The fix as a platform would have delivered it. One that could not be written down is as impossible as it was in the file.
fn sample(record: &Record, now_ms: Option<i64>) -> Option<LocationSample> {
    let impossible = |latitude_deg| LocationSample {
        time: from_ms(now_ms.unwrap_or_default()),
        latitude_deg,
        longitude_deg: 0.0,
        elapsed_ms: None,
        altitude_m: None,
        horizontal_accuracy_m: None,
        vertical_accuracy_m: None,
        speed_mps: None,
        course_deg: None,
        source: None,
    };
    match record {
        Record::Fix(fix) => Some(from_fix(fix)),
        Record::Rejected(RejectReason::NotFinite) => Some(impossible(f64::NAN)),
        // Readers refuse a position for these two reasons only; all else is the session's to decide.
        Record::Rejected(_) => Some(impossible(91.0)),
        _ => None,
    }
}

fn from_fix(fix: &Fix) -> LocationSample {
    let tenths = |value: Option<i32>| value.map(|value| f64::from(value) / 10.0);
    let hundredths = |value: Option<i32>| value.map(|value| f64::from(value) / 100.0);
    LocationSample {
        time: from_ms(fix.time_ms),
        latitude_deg: f64::from(fix.latitude_e7) / 1e7,
        longitude_deg: f64::from(fix.longitude_e7) / 1e7,
        elapsed_ms: fix.elapsed_ms,
        altitude_m: hundredths(fix.altitude_cm),
        horizontal_accuracy_m: tenths(fix.horizontal_accuracy_dm),
        vertical_accuracy_m: tenths(fix.vertical_accuracy_dm),
        speed_mps: hundredths(fix.speed_cmps),
        course_deg: tenths(fix.course_ddeg),
        source: Some(fix.source),
    }
}

fn reading(record: &Record) -> Option<SensorReading> {
    let Record::Reading(reading) = record else { return None };
    Some(from_reading(reading))
}

fn from_reading(reading: &Reading) -> SensorReading {
    let hundredths = |value: Option<i32>| value.map(|value| f64::from(value) / 100.0);
    SensorReading {
        time: from_ms(reading.time_ms),
        elapsed_ms: reading.elapsed_ms,
        heart_rate_bpm: reading.heart_rate_bpm.map(f64::from),
        cadence_rpm: reading.cadence_rpm.map(f64::from),
        power_w: reading.power_w.map(f64::from),
        distance_m: hundredths(reading.distance_cm),
        altitude_m: hundredths(reading.altitude_cm),
        speed_mps: hundredths(reading.speed_cmps),
    }
}

#[cfg(test)]
#[path = "replay_tests.rs"]
mod tests;
