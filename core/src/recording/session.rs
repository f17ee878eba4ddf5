//! A recording as a pure fold: records go in, the workout comes out.
//!
//! Live recording, recovery after a crash, import of a file and replay all call [`Session::apply`] with the same records, which is why
//! they end in the same workout. No clock, no file and no thread is touched here.

use std::collections::BTreeMap;

use crate::domain::id::Id;
use crate::domain::lap::Lap;
use crate::domain::sample::{Fix, LocationSource, Reading, Row};
use crate::domain::time::{Moment, from_ms};
use crate::error::Result;
use crate::track::codec::TrackPacker;
use crate::track::model::Chunk;

use super::auto_pause::{AutoPause, Change};
use super::gate::{Gate, Limits, Verdict};
use super::model::LiveStatistics;
use super::quantise;
use super::readings::Readings;
use super::timeline::Timeline;
use super::timer::Timer;
use super::totals::Totals;
use crate::domain::record::Record;
use crate::domain::recording_state::RecordingState;
use crate::domain::start_options::StartOptions;
use crate::domain::tally::{RejectReason, Repair};

/// Receivers count weeks in 10 bits: an old one shows a date 1024 weeks in the past.
const ROLLOVER_MS: i64 = 1024 * 7 * 86_400_000;
/// A rolled-over time plus 1024 weeks comes this close to the truth.
const ROLLOVER_SLACK_MS: i64 = 30 * 86_400_000;
/// A pace slower than this is standing: an hour a kilometre.
const SLOWEST_PACE_MPS: f64 = 1000.0 / 3600.0;

/// One workout, from its start to what has been recorded so far.
#[derive(Debug)]
pub struct Session {
    id: Id,
    options: StartOptions,
    boot_id: Option<String>,
    state: RecordingState,
    timeline: Timeline,
    started_at_ms: i64,
    /// The place of the newest record on the line of time.
    newest_ms: i64,
    timer: Timer,
    auto_pause: Option<AutoPause>,
    readings: Readings,
    gate: Gate,
    totals: Totals,
    track: TrackPacker,
    acknowledged: u64,
    rejected: BTreeMap<RejectReason, u64>,
    repairs: BTreeMap<Repair, u64>,
    /// The first failure to pack a row. The row is in the journal; a save says so instead of saving less.
    packing: Result<()>,
}

impl Session {
    /// A workout that starts now.
    #[must_use]
    pub fn new(id: Id, options: StartOptions, started: &Moment, boot_id: Option<String>) -> Self {
        let indoor = options.kind.is_indoor();
        let limits = Limits {
            max_horizontal_accuracy_dm: quantise::quantum(options.max_horizontal_accuracy_m, 10.0).unwrap_or(i32::MAX),
            max_speed_mps: options.kind.max_speed_mps(),
        };
        let mut timer = Timer::default();
        timer.start(started.wall_ms);
        Self {
            id,
            boot_id,
            state: RecordingState::Recording,
            timeline: Timeline::new(started),
            started_at_ms: started.wall_ms,
            newest_ms: started.wall_ms,
            timer,
            auto_pause: options.auto_pause.then(|| AutoPause::new(options.kind)),
            readings: Readings::new(indoor),
            gate: Gate::new(limits),
            totals: Totals::new(indoor, options.split_unit.unwrap_or_default()),
            track: TrackPacker::default(),
            acknowledged: 0,
            rejected: BTreeMap::new(),
            repairs: BTreeMap::new(),
            packing: Ok(()),
            options,
        }
    }

    /// Takes what happened next.
    pub fn apply(&mut self, record: &Record) {
        match record {
            Record::Fix(fix) => self.fix(fix),
            Record::Reading(reading) => self.reading(reading),
            Record::Rejected(reason) => {
                self.acknowledged += 1;
                self.reject(*reason);
            }
            Record::Pause(moment) => self.pause(moment),
            Record::Resume(moment) => self.resume(moment),
            Record::Lap(moment) => self.lap(moment),
            Record::Interrupted { moment, boot_id } => self.interrupted(moment, boot_id.as_deref()),
            Record::Stop(moment) => self.stop(moment),
        }
    }

    fn fix(&mut self, fix: &Fix) {
        self.acknowledged += 1;
        if let Some(reason) = self.gate.reject_alone(fix) {
            return self.reject(reason);
        }
        let wall_ms = self.without_rollover(fix);
        if self.gate.is_untouched() && fix.source == LocationSource::Satellite {
            self.correct_start(wall_ms, fix.elapsed_ms);
        }
        let placed = self.timeline.place(wall_ms, fix.elapsed_ms);
        if placed.at_ms < self.started_at_ms {
            return self.reject(RejectReason::BeforeStart);
        }
        if placed.rebased {
            self.repair(Repair::ClockRebased);
        }
        let row = row(fix, placed.at_ms);
        self.newest_ms = self.newest_ms.max(row.time_ms);
        self.observe_standing(&row);
        if self.state != RecordingState::Recording {
            return self.reject(RejectReason::Paused);
        }
        let mut row = row;
        if let Some(ready) = self.readings.join(&mut row) {
            self.pass(ready);
        }
        let verdict = self.gate.offer(row);
        self.take(verdict);
    }

    fn reading(&mut self, reading: &Reading) {
        self.acknowledged += 1;
        let placed = self.timeline.place(reading.time_ms, reading.elapsed_ms);
        if placed.at_ms < self.started_at_ms || self.state != RecordingState::Recording {
            return self.reject(RejectReason::ReadingUnused);
        }
        self.newest_ms = self.newest_ms.max(placed.at_ms);
        if let Some(ready) = self.readings.offer(reading, placed.at_ms) {
            self.pass(ready);
        }
    }

    fn pause(&mut self, moment: &Moment) {
        if matches!(self.state, RecordingState::Recording | RecordingState::AutoPaused) {
            let at_ms = self.place(moment);
            self.close_segment();
            self.timer.stop(at_ms);
            self.state = RecordingState::Paused;
        }
    }

    fn resume(&mut self, moment: &Moment) {
        if self.state != RecordingState::Recording {
            let at_ms = self.place(moment);
            if let Some(auto_pause) = &mut self.auto_pause {
                auto_pause.reset();
            }
            self.timer.start(at_ms);
            self.state = RecordingState::Recording;
        }
    }

    fn lap(&mut self, moment: &Moment) {
        if self.may_lap(moment) {
            let at_ms = self.place(moment);
            self.totals.press_lap(at_ms, self.timer.reading_ms(at_ms));
        }
    }

    /// True if pressing the lap button at this moment ends a lap: the workout is not stopped, and the open lap has lasted a second of the
    /// timer. In a pause it does: somebody who pauses at the end of an interval has not ended the lap yet, and auto-pause asks nobody.
    #[must_use]
    pub fn may_lap(&self, moment: &Moment) -> bool {
        let at_ms = self
            .timeline
            .place(moment.wall_ms, moment.elapsed_ms)
            .at_ms
            .max(self.newest_ms);
        self.state != RecordingState::Stopped && self.totals.open_laps().may_press(self.timer.reading_ms(at_ms))
    }

    /// The silence between the newest record and now belongs to nobody: no timer, no distance.
    fn interrupted(&mut self, moment: &Moment, boot_id: Option<&str>) {
        self.close_segment();
        self.timer.stop(self.newest_ms);
        let same_boot = boot_id.is_some() && boot_id == self.boot_id.as_deref();
        let placed = self.timeline.anchor(moment, same_boot, self.newest_ms);
        if placed.rebased {
            self.repair(Repair::ClockRebased);
        }
        self.boot_id = boot_id.map(str::to_owned);
        self.newest_ms = placed.at_ms;
        if self.state == RecordingState::AutoPaused {
            self.state = RecordingState::Recording;
        }
        if self.state == RecordingState::Recording {
            self.timer.start(placed.at_ms);
        }
        if let Some(auto_pause) = &mut self.auto_pause {
            auto_pause.reset();
        }
    }

    fn stop(&mut self, moment: &Moment) {
        if self.state != RecordingState::Stopped {
            let at_ms = self.place(moment);
            self.close_segment();
            self.timer.stop(at_ms);
            self.state = RecordingState::Stopped;
            // Packed now, while the person looks at the result, and not when they save it. A workout that goes on gets another chunk.
            if self.packing.is_ok() {
                self.packing = self.track.seal().map(drop);
            }
        }
    }

    /// The place of a moment that the person chose; never before what was recorded already.
    fn place(&mut self, moment: &Moment) -> i64 {
        let placed = self.timeline.place(moment.wall_ms, moment.elapsed_ms);
        if placed.rebased {
            self.repair(Repair::ClockRebased);
        }
        self.newest_ms = self.newest_ms.max(placed.at_ms);
        self.newest_ms
    }

    fn without_rollover(&mut self, fix: &Fix) -> i64 {
        let mended_ms = fix.time_ms.saturating_add(ROLLOVER_MS);
        if mended_ms.abs_diff(self.newest_ms) < ROLLOVER_SLACK_MS.unsigned_abs() {
            self.repair(Repair::WeekRollover);
            return mended_ms;
        }
        fix.time_ms
    }

    /// The phone's clock was wrong at the start and the satellites say so: the whole workout moves, instead of being refused.
    fn correct_start(&mut self, wall_ms: i64, elapsed_ms: Option<i64>) {
        if let Some(by_ms) = self.timeline.correction(wall_ms, elapsed_ms) {
            self.timeline.shift(by_ms);
            self.timer.shift(by_ms);
            self.totals.shift(by_ms);
            self.started_at_ms += by_ms;
            self.newest_ms += by_ms;
            self.repair(Repair::ClockRebased);
        }
    }

    fn observe_standing(&mut self, row: &Row) {
        let Some((auto_pause, position)) = self.auto_pause.as_mut().zip(row.position_e7()) else {
            return;
        };
        if !matches!(self.state, RecordingState::Recording | RecordingState::AutoPaused) {
            return;
        }
        let speed_mps = row.speed_cmps.map(|speed| f64::from(speed) / 100.0);
        let radius_m = f64::from(row.horizontal_accuracy_dm.unwrap_or(0)) / 10.0;
        // A fix may come after the press of the lap button that it was taken before; the timer of a closed lap stays as it was shown.
        let timer_from_ms = self
            .totals
            .open_laps()
            .last_press_ms()
            .map_or(row.time_ms, |press_ms| press_ms.max(row.time_ms));
        match auto_pause.observe(row.time_ms, position, speed_mps, radius_m) {
            Some(Change::Enter) => {
                self.close_segment();
                self.timer.stop(timer_from_ms);
                self.state = RecordingState::AutoPaused;
            }
            Some(Change::Leave) => {
                self.timer.start(timer_from_ms);
                self.state = RecordingState::Recording;
            }
            None => {}
        }
    }

    fn close_segment(&mut self) {
        let verdict = self.gate.close_segment();
        self.take(verdict);
        if let Some(ready) = self.readings.take() {
            self.commit_without_position(ready);
        }
    }

    /// A row of readings that no fix claimed.
    fn pass(&mut self, row: Row) {
        let verdict = self.gate.settle();
        self.take(verdict);
        self.commit_without_position(row);
    }

    fn commit_without_position(&mut self, row: Row) {
        match self.gate.pass(row) {
            Some(row) => self.commit(&row),
            None => self.reject(RejectReason::ReadingUnused),
        }
    }

    fn take(&mut self, verdict: Verdict) {
        if let Some(row) = verdict.committed {
            self.commit(&row);
        }
        if let Some(reason) = verdict.rejected {
            self.reject(reason);
        }
        if let Some(row) = verdict.orphaned {
            self.readings.put_back(&row);
        }
    }

    fn commit(&mut self, row: &Row) {
        self.totals.add(row, &self.timer);
        if let Err(error) = self.track.push(row)
            && self.packing.is_ok()
        {
            self.packing = Err(error);
        }
    }

    fn reject(&mut self, reason: RejectReason) {
        *self.rejected.entry(reason).or_default() += 1;
    }

    fn repair(&mut self, repair: Repair) {
        self.count_repairs(repair, 1);
    }

    /// Adds what a reader or the quantiser mended before the record reached the session.
    pub fn count_repairs(&mut self, repair: Repair, count: u64) {
        *self.repairs.entry(repair).or_default() += count;
    }

    /// The workout as it is at `now`.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of a workout")]
    pub fn live(&self, now: Option<&Moment>) -> LiveStatistics {
        let now_ms = now.map_or(self.newest_ms, |now| {
            self.timeline
                .place(now.wall_ms, now.elapsed_ms)
                .at_ms
                .max(self.newest_ms)
        });
        let now_ms = if self.state == RecordingState::Stopped {
            self.newest_ms
        } else {
            now_ms
        };
        let timer_ms = self.timer.reading_ms(now_ms) as f64;
        // The fix that the gate holds back has not been counted, but the person has run it.
        let ahead = self.gate.provisional().filter(|row| !row.starts_segment());
        let mut odometer = self.totals.odometer().clone();
        let step_ahead = ahead.and_then(|row| odometer.add(row, self.timer.reading_ms(row.time_ms)));
        let distance_m = odometer.distance_m();
        let current_speed_mps = odometer
            .current_speed_mps()
            .filter(|_| self.state == RecordingState::Recording);
        let splits = self.totals.open_splits();
        let (split_start_m, split_start_ms) = splits.open_since();
        let laps = self.totals.open_laps();
        let (lap_start_m, lap_start_ms) = laps.open_since(step_ahead.as_ref());
        let [heart_rate_bpm, cadence_rpm, power_w] = self.readings.live(now_ms);
        LiveStatistics {
            workout_id: self.id,
            kind: self.options.kind,
            started_at: from_ms(self.started_at_ms),
            state: self.state,
            distance_m,
            timer_s: timer_ms / 1000.0,
            elapsed_s: (now_ms - self.started_at_ms) as f64 / 1000.0,
            moving_s: odometer.moving_ms() as f64 / 1000.0,
            current_speed_mps,
            current_pace_s_per_km: current_speed_mps
                .filter(|speed| *speed > SLOWEST_PACE_MPS)
                .map(|speed| 1000.0 / speed),
            average_pace_s_per_km: (distance_m >= 1.0).then(|| timer_ms / distance_m),
            elevation_gain_m: self.totals.gain_m(),
            elevation_loss_m: self.totals.loss_m(),
            heart_rate_bpm,
            cadence_rpm,
            power_w,
            completed_splits: u32::try_from(splits.completed()).unwrap_or(u32::MAX),
            split_distance_m: (distance_m - split_start_m).max(0.0),
            split_duration_s: ((timer_ms - split_start_ms) / 1000.0).max(0.0),
            completed_laps: u32::try_from(laps.completed()).unwrap_or(u32::MAX),
            lap_distance_m: (distance_m - lap_start_m).max(0.0),
            lap_duration_s: ((timer_ms - lap_start_ms as f64) / 1000.0).max(0.0),
            acknowledged_samples: self.acknowledged,
            sample_count: self.totals.rows(),
            rejected_samples: self.rejected.values().sum(),
            unsaved_samples: 0,
        }
    }

    /// The laps so far, the open one last, with the fix that the gate holds back; none if nobody pressed.
    #[must_use]
    pub fn laps(&self) -> Vec<Lap> {
        let mut totals = self.totals.clone();
        if let Some(row) = self.gate.provisional().filter(|row| !row.starts_segment()) {
            totals.add(row, &self.timer);
        }
        let timer_ms = self.timer.reading_ms(self.newest_ms);
        let laps = totals.open_laps();
        laps.all(self.id, self.started_at_ms, timer_ms, totals.gain_m(), false)
    }

    /// The workout's id.
    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    /// How it is recorded.
    #[must_use]
    pub fn options(&self) -> &StartOptions {
        &self.options
    }

    /// What it is doing.
    #[must_use]
    pub fn state(&self) -> RecordingState {
        self.state
    }

    /// UTC milliseconds of the start.
    #[must_use]
    pub fn started_at_ms(&self) -> i64 {
        self.started_at_ms
    }

    /// UTC milliseconds of the newest record; the end of a stopped workout.
    #[must_use]
    pub fn newest_ms(&self) -> i64 {
        self.newest_ms
    }

    /// When the timer ran.
    #[must_use]
    pub fn timer(&self) -> &Timer {
        &self.timer
    }

    /// The sums so far.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The packed track so far.
    #[must_use]
    pub fn track(&self) -> &TrackPacker {
        &self.track
    }

    /// Packs what is still open and gives all chunks.
    ///
    /// # Errors
    /// If the packing library ever refused a row; the journal has them all.
    pub fn seal_track(&mut self) -> Result<&[Chunk]> {
        self.packing.clone()?;
        self.track.seal()
    }

    /// The boot in which the newest records were made.
    #[must_use]
    pub fn boot_id(&self) -> Option<&str> {
        self.boot_id.as_deref()
    }

    /// Samples acknowledged so far.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    /// Samples that did not become part of the track, by reason.
    #[must_use]
    pub fn rejected(&self) -> &BTreeMap<RejectReason, u64> {
        &self.rejected
    }

    /// What was mended, by kind.
    #[must_use]
    pub fn repairs(&self) -> &BTreeMap<Repair, u64> {
        &self.repairs
    }
}

fn row(fix: &Fix, at_ms: i64) -> Row {
    Row {
        time_ms: at_ms,
        flags: 0,
        latitude_e7: Some(fix.latitude_e7),
        longitude_e7: Some(fix.longitude_e7),
        altitude_cm: fix.altitude_cm,
        speed_cmps: fix.speed_cmps,
        horizontal_accuracy_dm: fix.horizontal_accuracy_dm,
        vertical_accuracy_dm: fix.vertical_accuracy_dm,
        course_ddeg: fix.course_ddeg,
        ..Row::default()
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
