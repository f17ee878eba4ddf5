//! The pauses of a TCX activity.
//!
//! TCX has no timer events. A device starts a new `Track` after a pause, but also without one; a program that exports puts a
//! whole lap into one `Track`. What can be relied on is the lap's own figures: it lasted from its `StartTime` to that of the next
//! lap (the last one to its last point), and the timer ran for its `TotalTimeSeconds`. If that is over a second less, the
//! difference was a pause, and it is where there are no points: first between two tracks of the lap, each such hole with its share
//! of the difference, then in the largest gaps between points that are long enough to show one. A lap whose figures show no
//! pause has none, whatever its tracks and gaps look like.

use super::super::point::Point;
use super::super::timeline::{Hole, Pause, TOLERANCE_MS, holes, join, pauses_in_holes, running_ms};

/// A lap; all times UTC milliseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Lap {
    pub started_at_ms: Option<i64>,
    pub timer_ms: Option<i64>,
    pub distance_m: Option<f64>,
    pub tracks: Vec<Vec<Point>>,
}

impl Lap {
    fn times(&self) -> impl Iterator<Item = i64> + '_ {
        self.tracks.iter().flatten().filter_map(|point| point.time_ms)
    }

    /// Its own start, unless a point lies before it.
    pub(super) fn start(&self) -> Option<i64> {
        self.started_at_ms.into_iter().chain(self.times().min()).min()
    }
}

/// When the activity ended: with its last lap, by its points or its timer, whichever reaches farther.
pub(super) fn end(laps: &[Lap]) -> Option<i64> {
    laps.iter().filter_map(|lap| lap.times().max().into_iter().chain(lap.start().zip(lap.timer_ms).map(|(s, t)| s + t)).max()).max()
}

/// The pauses of laps in order of time.
pub(super) fn pauses(laps: &[Lap]) -> Vec<Pause> {
    let mut pauses = Vec::new();
    for (index, lap) in laps.iter().enumerate() {
        let next = laps[index + 1..].iter().find_map(Lap::start);
        let (Some(start), Some(end)) = (lap.start(), next.or(lap.times().max())) else { continue };
        if let Some(timer) = lap.timer_ms.filter(|&timer| timer > 0) {
            pauses.extend(pauses_of(lap, start, end, timer));
        }
    }
    join(pauses)
}

fn pauses_of(lap: &Lap, start: i64, end: i64, timer_ms: i64) -> Vec<Pause> {
    let missing = end - start - timer_ms;
    if missing <= TOLERANCE_MS {
        return Vec::new();
    }
    let mut between: Vec<Hole> = lap
        .tracks
        .windows(2)
        .filter_map(|pair| {
            let from_ms = pair[0].iter().filter_map(|point| point.time_ms).max()?;
            let until_ms = pair[1].iter().filter_map(|point| point.time_ms).min()?;
            Some(Hole { from_ms, until_ms })
        })
        .filter(|hole| hole.until_ms > hole.from_ms)
        .collect();
    between.sort_by_key(|hole| hole.from_ms);
    let room: i64 = between.iter().map(|hole| hole.until_ms - hole.from_ms).sum();
    let mut left = missing.min(room);
    let mut room_left = room;
    let mut pauses = Vec::new();
    for hole in between {
        let length = hole.until_ms - hole.from_ms;
        // Shares of what is left, so that rounding loses nothing.
        let share = i64::try_from(i128::from(left) * i128::from(length) / i128::from(room_left.max(1))).unwrap_or(length);
        pauses.push(Pause { from_ms: hole.until_ms - share, until_ms: Some(hole.until_ms) });
        left -= share;
        room_left -= length;
    }
    pauses.retain(|pause| pause.until_ms != Some(pause.from_ms));
    let pauses = join(pauses);
    let rest = running_ms(&pauses, start, end) - timer_ms;
    if rest <= TOLERANCE_MS {
        return pauses;
    }
    let mut times: Vec<i64> = lap.times().collect();
    times.sort_unstable();
    let (further, _) = pauses_in_holes(holes(times.into_iter(), &pauses, start, end), rest);
    join(pauses.into_iter().chain(further).collect())
}
