//! A stored summary, computed again from its track: for the integrity check, for repair, and for splits in another unit.

use crate::activities::integrity::{Recomputed, StoredTrack};
use crate::activities::model::{Activity, ActivityProfile};
use crate::domain::sample::Row;
use crate::domain::split::{Split, SplitUnit};
use crate::domain::time::{TimerInterval, to_ms};
use crate::error::Result;
use crate::track::codec;

use super::finish::box_around;
use super::odometer::Odometer;
use super::timer::Timer;
use super::totals::Totals;

/// Distances that differ by less are the same sum in another order; metres.
const SAME_DISTANCE_M: f64 = 0.01;

/// Totals, splits and laps of a stored activity, from its track. What the track does not tell (kind, title, timer) stays.
///
/// # Errors
/// `data_damaged` if a chunk cannot be unpacked.
pub fn recompute(stored: &StoredTrack<'_>) -> Result<Recomputed> {
    let mut rows = Vec::new();
    for chunk in stored.chunks {
        rows.append(&mut codec::unpack(&chunk.bytes, chunk.checksum)?);
    }
    let is_mile = stored
        .splits
        .first()
        .is_some_and(|split| split.is_full && (split.distance_m - 1609.344).abs() < 1.0);
    let unit = if is_mile { SplitUnit::Mile } else { SplitUnit::Kilometre };
    let presses: Vec<i64> = match stored.laps {
        // The button was pressed once, when the timer had stopped for good.
        [_whole] => vec![to_ms(stored.activity.ended_at)],
        laps => laps.iter().skip(1).map(|lap| to_ms(lap.started_at)).collect(),
    };
    let totals = measured(stored.activity, &rows, stored.timer_intervals, &presses, unit).0;
    let (average_heart_rate_bpm, max_heart_rate_bpm) = totals.heart_rate_bpm();
    let activity = Activity {
        distance_m: totals.distance_m(),
        elevation_gain_m: totals.gain_m(),
        elevation_loss_m: totals.loss_m(),
        moving_s: totals.moving_s(),
        sample_count: totals.rows(),
        segment_count: totals.segments(),
        average_speed_mps: (totals.moving_s() > 0.0).then(|| totals.distance_m() / totals.moving_s()),
        max_speed_mps: totals.odometer().max_speed_mps(),
        average_heart_rate_bpm,
        max_heart_rate_bpm,
        average_cadence_rpm: totals.cadence_rpm(),
        average_power_w: totals.power_w(),
        ..stored.activity.clone()
    };
    Ok(Recomputed {
        splits: totals.splits(activity.id, timer_ms(stored.timer_intervals)),
        laps: totals.laps(
            activity.id,
            to_ms(activity.started_at),
            timer_ms(stored.timer_intervals),
        ),
        bounding_box: box_around(stored.chunks),
        activity,
    })
}

/// The splits of a track in any unit.
#[must_use]
pub fn resplit(activity: &Activity, rows: &[Row], intervals: &[TimerInterval], unit: SplitUnit) -> Vec<Split> {
    measured(activity, rows, intervals, &[], unit)
        .0
        .splits(activity.id, timer_ms(intervals))
}

/// Timer and distance at every row of a track.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "milliseconds of a workout")]
pub fn profile(activity: &Activity, rows: &[Row], intervals: &[TimerInterval]) -> ActivityProfile {
    let timer = Timer::from_intervals(intervals);
    let (_, indoor) = measured(activity, rows, intervals, &[], SplitUnit::default());
    let mut odometer = Odometer::new(indoor);
    let distance_m = |row: &Row| {
        odometer.add(row, timer.reading_ms(row.time_ms));
        odometer.distance_m()
    };
    ActivityProfile {
        timer_s: rows
            .iter()
            .map(|row| timer.reading_ms(row.time_ms) as f64 / 1000.0)
            .collect(),
        distance_m: rows.iter().map(distance_m).collect(),
    }
}

/// The totals, and whether a sensor measured the distance. The kind decides between positions and sensor; where the person changed the
/// kind afterwards, the stored distance tells which it was.
fn measured(
    activity: &Activity,
    rows: &[Row],
    intervals: &[TimerInterval],
    presses: &[i64],
    unit: SplitUnit,
) -> (Totals, bool) {
    let of = |indoor| {
        let totals = Totals::of(rows.iter().copied(), intervals, presses, indoor, unit);
        (totals, indoor)
    };
    let is_stored = |totals: &Totals| (totals.distance_m() - activity.distance_m).abs() < SAME_DISTANCE_M;
    let indoor = activity.kind.is_indoor();
    let by_kind = of(indoor);
    if is_stored(&by_kind.0) {
        return by_kind;
    }
    let otherwise = of(!indoor);
    if is_stored(&otherwise.0) { otherwise } else { by_kind }
}

fn timer_ms(intervals: &[TimerInterval]) -> i64 {
    intervals.iter().map(|run| run.ended_at_ms - run.started_at_ms).sum()
}
