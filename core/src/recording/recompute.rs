//! A stored summary, computed again from its track: for the integrity check, for repair, and for splits in another unit.

use crate::activities::integrity::{Recomputed, StoredTrack};
use crate::activities::model::Activity;
use crate::domain::sample::Row;
use crate::domain::split::{Split, SplitUnit};
use crate::domain::time::TimerInterval;
use crate::error::Result;
use crate::track::codec;

use super::finish::box_around;
use super::totals::Totals;

/// Distances that differ by less are the same sum in another order; metres.
const SAME_DISTANCE_M: f64 = 0.01;

/// Totals and splits of a stored activity, from its track. What the track does not tell (kind, title, timer) stays.
///
/// # Errors
/// `data_damaged` if a chunk cannot be unpacked.
pub fn recompute(stored: &StoredTrack<'_>) -> Result<Recomputed> {
    let mut rows = Vec::new();
    for chunk in stored.chunks {
        rows.append(&mut codec::unpack(&chunk.bytes, chunk.checksum)?);
    }
    let is_mile = stored.splits.first().is_some_and(|split| split.is_full && (split.distance_m - 1609.344).abs() < 1.0);
    let unit = if is_mile { SplitUnit::Mile } else { SplitUnit::Kilometre };
    let totals = totals(stored.activity, &rows, stored.timer_intervals, unit);
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
        bounding_box: box_around(stored.chunks),
        activity,
    })
}

/// The splits of a track in any unit.
#[must_use]
pub fn resplit(activity: &Activity, rows: &[Row], intervals: &[TimerInterval], unit: SplitUnit) -> Vec<Split> {
    totals(activity, rows, intervals, unit).splits(activity.id, timer_ms(intervals))
}

/// The kind decides whether positions or a sensor measured the distance; where the person changed the kind afterwards, the stored
/// distance tells which it was.
fn totals(activity: &Activity, rows: &[Row], intervals: &[TimerInterval], unit: SplitUnit) -> Totals {
    let of = |indoor| Totals::of(rows.iter().copied(), intervals, indoor, unit);
    let indoor = activity.kind.is_indoor();
    let by_kind = of(indoor);
    if (by_kind.distance_m() - activity.distance_m).abs() < SAME_DISTANCE_M {
        return by_kind;
    }
    let otherwise = of(!indoor);
    if (otherwise.distance_m() - activity.distance_m).abs() < SAME_DISTANCE_M { otherwise } else { by_kind }
}

fn timer_ms(intervals: &[TimerInterval]) -> i64 {
    intervals.iter().map(|run| run.ended_at_ms - run.started_at_ms).sum()
}
