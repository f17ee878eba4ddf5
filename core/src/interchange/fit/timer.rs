//! The timer of a FIT session: from its events, reconciled with the totals that the device states.
//!
//! A session starts when it says so and lasts as long as it says. Its events carry whole seconds and its totals milliseconds, from
//! a clock of their own: on bike computers that wrote 94 and 116 events the two are up to 11 s apart after some hours. So the
//! totals settle what the events leave open:
//!
//! - The timer by events runs more than a second too long: pauses are widened to where the samples stop and start again, then
//!   further holes without samples become pauses (a computer that loses its satellites stops its timer without an event).
//! - It runs too short, or a little is still left: the beginnings of all pauses move by an equal share, at most by the two seconds
//!   that rounding can have taken at the ends of each.
//! - What still differs is the file's own contradiction and stays.

use super::super::point::Point;
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

/// Works out the timer. `points` and `turns` are sorted.
pub(super) fn reconcile(started_at_ms: i64, fallback_end_ms: i64, totals: Totals, points: &[Point], turns: &[Turn]) -> Timer {
    let mut pauses = pauses_of(turns);
    let last_stop = turns.iter().rev().find(|(_, starts)| !starts).map(|&(at, _)| at);
    let mut elapsed = totals.elapsed_ms.filter(|&elapsed| elapsed > 0);
    if let (Some(total), Some(timer), Some(stop)) = (elapsed, totals.timer_ms, last_stop) {
        let by_events = running_ms(&pauses, started_at_ms, stop);
        let paused = stop - started_at_ms - by_events;
        if (total - timer).abs() <= TOLERANCE_MS && paused > TOLERANCE_MS && (by_events - timer).abs() <= paused / 2 {
            // The device wrote its timer into both totals; the events know better when it ended.
            elapsed = None;
        }
    }
    let ended_at_ms = match elapsed {
        Some(elapsed) => started_at_ms.saturating_add(elapsed),
        None => last_stop.unwrap_or(fallback_end_ms).max(fallback_end_ms).max(started_at_ms),
    };
    pauses.retain(|pause| pause.from_ms < ended_at_ms);
    if let Some(timer) = totals.timer_ms.filter(|&timer| timer > 0 && timer <= ended_at_ms - started_at_ms + TOLERANCE_MS) {
        pauses = settle(pauses, started_at_ms, ended_at_ms, timer, points);
    }
    Timer { started_at_ms, ended_at_ms, pauses }
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
