//! The sums of a workout as a fold over the rows of its track.
//!
//! Live recording, recovery, import and the integrity check all run this one fold over the same rows, so a stored summary can be
//! recomputed from its track to the last bit.

use crate::domain::id::Id;
use crate::domain::lap::Lap;
use crate::domain::sample::Row;
use crate::domain::split::Split;
use crate::domain::time::TimerInterval;

use super::elevation::Elevation;
use super::laps::Laps;
use super::odometer::Odometer;
use super::splits::Splits;
use super::timer::Timer;
use crate::domain::split::SplitUnit;

/// A mean over the rows that know the value.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    sum: i64,
    count: i64,
    max: Option<i32>,
}

impl Mean {
    fn add(&mut self, value: Option<i32>) {
        if let Some(value) = value {
            self.sum += i64::from(value);
            self.count += 1;
            self.max = self.max.max(Some(value));
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "sums of a workout")]
    fn value(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }
}

/// The running sums of one workout.
#[derive(Clone, Debug)]
pub struct Totals {
    odometer: Odometer,
    elevation: Elevation,
    splits: Splits,
    laps: Laps,
    rows: u64,
    positions: u64,
    segments: u32,
    heart_rate: Mean,
    cadence: Mean,
    power: Mean,
}

impl Totals {
    /// No row yet.
    #[must_use]
    pub fn new(indoor: bool, unit: SplitUnit) -> Self {
        Self {
            odometer: Odometer::new(indoor),
            elevation: Elevation::default(),
            splits: Splits::new(unit),
            laps: Laps::default(),
            rows: 0,
            positions: 0,
            segments: 0,
            heart_rate: Mean::default(),
            cadence: Mean::default(),
            power: Mean::default(),
        }
    }

    /// The sums of a whole track; `presses` are the moments of the lap button, UTC milliseconds, in order.
    pub fn of(
        rows: impl IntoIterator<Item = Row>,
        intervals: &[TimerInterval],
        presses: &[i64],
        indoor: bool,
        unit: SplitUnit,
    ) -> Self {
        let timer = Timer::from_intervals(intervals);
        let mut totals = Self::new(indoor, unit);
        for at_ms in presses {
            totals.press_lap(*at_ms, timer.reading_ms(*at_ms));
        }
        for row in rows {
            totals.add(&row, &timer);
        }
        totals.finish();
        totals
    }

    /// Takes the next row. `timer` must know all pauses up to it.
    pub fn add(&mut self, row: &Row, timer: &Timer) {
        self.rows += 1;
        self.positions += u64::from(row.position_e7().is_some());
        self.segments += u32::from(row.starts_segment());
        if let Some(altitude_cm) = row.altitude_cm {
            self.elevation
                .add(altitude_cm, row.is_barometric(), row.starts_segment());
        }
        self.heart_rate.add(row.heart_rate_bpm);
        self.cadence.add(row.cadence_rpm);
        self.power.add(row.power_w);
        let (timer_ms, gain_m) = (timer.reading_ms(row.time_ms), self.elevation.gain_m());
        let step = self.odometer.add(row, timer_ms);
        if let Some(step) = &step {
            self.splits.add(step.metres, step.from_ms, step.to_ms, gain_m);
        }
        self.laps.add(timer_ms, step.as_ref(), gain_m);
    }

    /// Ends the open lap.
    pub fn press_lap(&mut self, at_ms: i64, timer_ms: i64) {
        self.laps.press(at_ms, timer_ms);
    }

    /// Moves every instant; see `Timer::shift`.
    pub fn shift(&mut self, by_ms: i64) {
        self.laps.shift(by_ms);
    }

    /// No row follows.
    pub fn finish(&mut self) {
        self.elevation.finish();
    }

    /// Rows so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Rows with a position.
    #[must_use]
    pub fn positions(&self) -> u64 {
        self.positions
    }

    /// Segments so far.
    #[must_use]
    pub fn segments(&self) -> u32 {
        self.segments
    }

    /// Metres.
    #[must_use]
    pub fn distance_m(&self) -> f64 {
        self.odometer.distance_m()
    }

    /// Seconds in motion.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of a workout")]
    pub fn moving_s(&self) -> f64 {
        self.odometer.moving_ms() as f64 / 1000.0
    }

    /// Distance and speed.
    #[must_use]
    pub fn odometer(&self) -> &Odometer {
        &self.odometer
    }

    /// Metres climbed.
    #[must_use]
    pub fn gain_m(&self) -> f64 {
        self.elevation.gain_m()
    }

    /// Metres descended, positive.
    #[must_use]
    pub fn loss_m(&self) -> f64 {
        self.elevation.loss_m()
    }

    /// The boundaries so far.
    #[must_use]
    pub fn open_splits(&self) -> &Splits {
        &self.splits
    }

    /// All splits, the last one partial.
    #[must_use]
    pub fn splits(&self, activity_id: Id, timer_ms: i64) -> Vec<Split> {
        self.splits.all(activity_id, timer_ms, self.gain_m())
    }

    /// The presses of the lap button so far.
    #[must_use]
    pub fn open_laps(&self) -> &Laps {
        &self.laps
    }

    /// All laps of a workout that is over; none if nobody pressed.
    #[must_use]
    pub fn laps(&self, activity_id: Id, started_at_ms: i64, timer_ms: i64) -> Vec<Lap> {
        self.laps.all(activity_id, started_at_ms, timer_ms, self.gain_m(), true)
    }

    /// Mean and highest heart rate.
    #[must_use]
    pub fn heart_rate_bpm(&self) -> (Option<f64>, Option<f64>) {
        (self.heart_rate.value(), self.heart_rate.max.map(f64::from))
    }

    /// Mean cadence.
    #[must_use]
    pub fn cadence_rpm(&self) -> Option<f64> {
        self.cadence.value()
    }

    /// Mean power.
    #[must_use]
    pub fn power_w(&self) -> Option<f64> {
        self.power.value()
    }
}
