//! The timer of a FIT session: from its events, reconciled with the totals that the device states.
//!
//! Events carry whole seconds, totals milliseconds, and a device's clock may be set (by the first fix) while it records, whereas
//! its totals come from a clock that never jumps. So the totals settle what the events leave open:
//!
//! 1. If the last stop lies more than a second later after the start than the session was long, the wall clock was put forward in
//!    between. The times before the jump are moved by the difference. The jump is where the timer says: within a pause if the
//!    timer agrees with the events, else in the hole between two samples whose step in space fits the shorter time best.
//! 2. If the timer still runs more than a second too long, pauses are widened to where the samples stop and start again, then
//!    further holes become pauses; if it runs too short, or a little is left, the ends of all pauses move by up to the second
//!    that each of them was cut off.

use crate::recording::model::Repair;

use super::super::model::Repairs;
use super::super::point::{Point, count};
use super::super::timeline::{Hole, Pause, TOLERANCE_MS, holes, join, pauses_in_holes, running_ms};

/// The timer was started (true) or stopped, UTC milliseconds.
pub(super) type Turn = (i64, bool);

/// What a session says of its own length, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    pub elapsed_ms: Option<i64>,
    pub timer_ms: Option<i64>,
}

/// The span of a session and its pauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Timer {
    pub started_at_ms: i64,
    pub ended_at_ms: i64,
    pub pauses: Vec<Pause>,
}

/// The pauses that the events tell. The timer runs at the start; repeated events change nothing, and neither does a stop that is
/// followed by a start in the same second.
fn pauses_of(turns: &[Turn]) -> Vec<Pause> {
    let mut pauses: Vec<Pause> = Vec::new();
    let mut running = true;
    for &(at, starts) in turns {
        if starts == running {
            continue;
        }
        running = starts;
        match pauses.last_mut() {
            Some(last) if starts => last.until_ms = Some(at),
            _ => pauses.push(Pause { from_ms: at, until_ms: None }),
        }
    }
    pauses.retain(|pause| pause.until_ms != Some(pause.from_ms));
    join(pauses)
}

/// Works out the timer. `points` and `turns` are sorted; points before a clock's jump are moved.
pub(super) fn reconcile(
    started_at_ms: i64,
    fallback_end_ms: i64,
    totals: Totals,
    points: &mut [Point],
    turns: &mut [Turn],
    repairs: &mut Repairs,
) -> Timer {
    let mut started_at_ms = started_at_ms;
    let last_stop = turns.iter().rev().find(|(_, starts)| !starts).map(|&(at, _)| at);
    let latest = last_stop.into_iter().chain(points.last().and_then(|point| point.time_ms)).max();
    let mut elapsed = totals.elapsed_ms.filter(|&elapsed| elapsed > 0);
    if let (Some(total), Some(timer), Some(stop)) = (elapsed, totals.timer_ms, last_stop) {
        let by_events = running_ms(&pauses_of(turns), started_at_ms, stop);
        let paused = stop - started_at_ms - by_events;
        if (total - timer).abs() <= TOLERANCE_MS && paused > TOLERANCE_MS && (by_events - timer).abs() <= paused / 2 {
            // The device wrote its timer into both totals; the events know better when it ended.
            elapsed = None;
        } else if stop - started_at_ms - total > TOLERANCE_MS {
            let ahead = stop - started_at_ms - total;
            if let Some(jump_at) = find_jump(started_at_ms, stop, ahead, by_events - timer, points, turns) {
                started_at_ms += ahead;
                let before = points.iter_mut().filter_map(|point| point.time_ms.as_mut()).filter(|time| **time <= jump_at);
                count(repairs, Repair::ClockRebased, before.map(|time| *time += ahead).count() as u64);
                turns.iter_mut().filter(|turn| turn.0 <= jump_at).for_each(|turn| turn.0 += ahead);
            }
        }
    }
    let ended_at_ms = match elapsed {
        Some(elapsed) => started_at_ms.saturating_add(elapsed),
        None => latest.unwrap_or(fallback_end_ms).max(started_at_ms),
    };
    let mut pauses = pauses_of(turns);
    pauses.retain(|pause| pause.from_ms < ended_at_ms);
    if let Some(timer) = totals.timer_ms.filter(|&timer| timer > 0 && timer <= ended_at_ms - started_at_ms + TOLERANCE_MS) {
        pauses = settle(pauses, started_at_ms, ended_at_ms, timer, points);
    }
    Timer { started_at_ms, ended_at_ms, pauses }
}

/// The last moment before the clock was put forward by `ahead_ms`.
fn find_jump(start: i64, stop: i64, ahead_ms: i64, surplus_ms: i64, points: &[Point], turns: &[Turn]) -> Option<i64> {
    let pauses = pauses_of(turns);
    if surplus_ms * 2 < ahead_ms {
        let long_enough = |pause: &&Pause| pause.until_ms.is_some_and(|until| until - pause.from_ms > ahead_ms);
        return pauses.iter().find(long_enough).map(|pause| pause.from_ms);
    }
    let mut best: Option<(f64, i64)> = None;
    let mut speed = 0.0;
    for pair in points.windows(2) {
        let (Some(from), Some(until)) = (pair[0].time_ms, pair[1].time_ms) else { continue };
        speed = pair[0].speed_cmps.map_or(speed, |speed| f64::from(speed) / 100.0);
        let rest_ms = until - from - ahead_ms;
        let running = running_ms(&pauses, from, until) == until - from;
        if rest_ms < -TOLERANCE_MS || !running || from < start || until > stop {
            continue;
        }
        #[allow(clippy::cast_precision_loss, reason = "spans of hours")]
        let rest_s = rest_ms.max(0) as f64 / 1000.0;
        // A distance that the step does not show is worth as much as a step of walking pace over the rest of the hole.
        let misfit = step_m(&pair[0], &pair[1]).map_or(rest_s, |step| (step - speed * rest_s).abs());
        if best.is_none_or(|(least, _)| misfit < least) {
            best = Some((misfit, from));
        }
    }
    best.map(|(_, at)| at)
}

/// Metres between two points, by their sensor or nearly by their positions.
fn step_m(a: &Point, b: &Point) -> Option<f64> {
    if let Some((a, b)) = a.distance_cm.zip(b.distance_cm) {
        return Some(f64::from(b - a) / 100.0);
    }
    let ((lat_a, lon_a), (lat_b, lon_b)) = a.degrees().zip(b.degrees())?;
    Some((lat_b - lat_a).hypot((lon_b - lon_a) * lat_a.to_radians().cos()) * 111_195.0)
}

/// Makes the timer agree with the file's own figure as far as the samples allow.
fn settle(mut pauses: Vec<Pause>, start: i64, end: i64, timer_ms: i64, points: &[Point]) -> Vec<Pause> {
    let times = || points.iter().filter_map(|point| point.time_ms);
    let surplus = |pauses: &[Pause]| running_ms(pauses, start, end) - timer_ms;
    if surplus(&pauses) > TOLERANCE_MS {
        let beside: Vec<Hole> = holes(times(), &pauses, start, end);
        let missing = surplus(&pauses);
        widen(&mut pauses, &beside, missing);
        pauses = join(pauses);
    }
    if surplus(&pauses) > TOLERANCE_MS {
        let (further, _) = pauses_in_holes(holes(times(), &pauses, start, end), surplus(&pauses));
        pauses.extend(further);
        pauses = join(pauses);
    }
    let rest = surplus(&pauses);
    let ends = i64::try_from(pauses.len()).unwrap_or(i64::MAX);
    if rest.abs() > TOLERANCE_MS && rest.abs() <= 2 * ends * TOLERANCE_MS {
        let share = rest / ends;
        for pause in &mut pauses {
            let earliest = pause.until_ms.map_or(i64::MAX, |until| until - 1);
            pause.from_ms = (pause.from_ms - share).clamp(start, earliest.max(start));
        }
        pauses = join(pauses);
    }
    pauses
}

/// Moves the ends of pauses to the nearest samples, as long as `missing_ms` lasts.
fn widen(pauses: &mut [Pause], holes: &[Hole], mut missing_ms: i64) {
    for pause in pauses {
        let after = holes.binary_search_by_key(&pause.until_ms, |hole| Some(hole.from_ms)).ok();
        if let (Some(hole), Some(until)) = (after.map(|at| holes[at]), pause.until_ms) {
            let length = (hole.until_ms - hole.from_ms).clamp(0, missing_ms.max(0));
            pause.until_ms = Some(until + length);
            missing_ms -= length;
        }
        let before = holes.binary_search_by_key(&pause.from_ms, |hole| hole.until_ms).ok();
        if let Some(hole) = before.map(|at| holes[at]) {
            let length = (hole.until_ms - hole.from_ms).clamp(0, missing_ms.max(0));
            pause.from_ms -= length;
            missing_ms -= length;
        }
    }
}
