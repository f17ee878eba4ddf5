//! Time in files, for every reader: rollover, outliers, untimed points, order, pauses.

use crate::domain::record::Record;
use crate::domain::tally::Repair;
use crate::domain::time::Moment;

use super::model::Repairs;
use super::point::{Place, Point, count};

const DAY_MS: i64 = 86_400_000;
/// GPS counts weeks modulo 1024; a receiver that lost count is off by exactly that.
const ROLLOVER_MS: i64 = 1024 * 7 * DAY_MS;
/// No recording is longer than a year, so a time farther than that from the file's median is damage.
const OUTLIER_MS: i64 = 365 * DAY_MS;

/// A stretch in which the timer stood, UTC milliseconds. Open if the timer was not started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pause {
    pub from_ms: i64,
    pub until_ms: Option<i64>,
}

/// The median time; the later of the middle two.
pub(super) fn median_ms<'a>(points: impl Iterator<Item = &'a Point>) -> Option<i64> {
    let mut times: Vec<i64> = points.filter_map(|point| point.time_ms).collect();
    let middle = times.len() / 2;
    (!times.is_empty()).then(|| *times.select_nth_unstable(middle).1)
}

/// Adds 1024 weeks to every time if the file's own date says, to within a week, that the receiver had lost them. Returns what was
/// added.
pub(super) fn mend_rollover(stretches: &mut [Vec<Point>], reference_ms: Option<i64>, repairs: &mut Repairs) -> i64 {
    let Some((reference, median)) = reference_ms.zip(median_ms(stretches.iter().flatten())) else {
        return 0;
    };
    if (reference.saturating_sub(median).saturating_sub(ROLLOVER_MS)).abs() > 7 * DAY_MS {
        return 0;
    }
    let times = stretches
        .iter_mut()
        .flatten()
        .filter_map(|point| point.time_ms.as_mut());
    count(
        repairs,
        Repair::WeekRollover,
        times.map(|time| *time += ROLLOVER_MS).count() as u64,
    );
    ROLLOVER_MS
}

/// True if a time lies in the file's year.
pub(super) fn is_plausible(time_ms: i64, median_ms: i64) -> bool {
    time_ms.saturating_sub(median_ms).saturating_abs() <= OUTLIER_MS
}

/// Takes away times that are more than a year off all the others.
pub(super) fn forget_outliers(stretches: &mut [Vec<Point>]) {
    if let Some(median) = median_ms(stretches.iter().flatten()) {
        for point in stretches.iter_mut().flatten() {
            point.time_ms = point.time_ms.filter(|&time| is_plausible(time, median));
        }
    }
}

/// Gives untimed points a time by their share of the way between the timed ones before and after, also across stretches: a
/// stretch without times is spread over the gap it stands in. Those before the first and after the last time get theirs by the
/// speed of the timed part: a guessed hour is better than a lost one, and it is counted. Only those whose neighbours run backwards
/// are left out.
pub(super) fn interpolate(stretches: &mut [Vec<Point>], repairs: &mut Repairs) {
    let mut points: Vec<&mut Point> = stretches.iter_mut().flatten().collect();
    let speed = typical_speed(&points);
    let mut at = 0;
    while at < points.len() {
        if points[at].time_ms.is_some() {
            at += 1;
            continue;
        }
        let end = (at..points.len())
            .find(|&next| points[next].time_ms.is_some())
            .unwrap_or(points.len());
        match (at > 0, end < points.len(), speed) {
            (true, true, _) => interpolate_run(&mut points[at - 1..=end], repairs),
            (true, false, Some(speed)) => extrapolate_run(
                points[at - 1..end].iter_mut().map(|point| &mut **point),
                speed,
                1.0,
                repairs,
            ),
            (false, true, Some(speed)) => extrapolate_run(
                points[at..=end].iter_mut().rev().map(|point| &mut **point),
                speed,
                -1.0,
                repairs,
            ),
            _ => {}
        }
        at = end;
    }
    drop(points);
    let mut left_out = 0;
    for stretch in stretches {
        let before = stretch.len();
        stretch.retain(|point| point.time_ms.is_some());
        left_out += before - stretch.len();
    }
    count(repairs, Repair::TimeMissing, left_out as u64);
}

/// Rough degrees a millisecond over the timed steps that moved, so that rests do not slow it; `None` if nothing moved.
#[allow(clippy::cast_precision_loss, reason = "spans of at most two years in ms")]
fn typical_speed(points: &[&mut Point]) -> Option<f64> {
    /// A rest, or a hole in the recording.
    const REST_MS: i64 = 60_000;
    let (mut way, mut span_ms) = (0.0, 0.0);
    for pair in points.windows(2) {
        let (Some(from), Some(until)) = (pair[0].time_ms, pair[1].time_ms) else {
            continue;
        };
        let Some((a, b)) = pair[0].degrees().zip(pair[1].degrees()) else {
            continue;
        };
        if a != b && (1..REST_MS).contains(&(until - from)) {
            way += rough_distance(a, b);
            span_ms += (until - from) as f64;
        }
    }
    (way > 0.0 && span_ms > 0.0).then(|| way / span_ms)
}

/// The first of the run has a time, the others get theirs from it; `direction` is 1 into the future, −1 into the past.
#[allow(clippy::cast_possible_truncation, reason = "spans of a recording in ms")]
fn extrapolate_run<'p>(run: impl Iterator<Item = &'p mut Point>, speed: f64, direction: f64, repairs: &mut Repairs) {
    let mut known: Option<(i64, f64, (f64, f64))> = None;
    let mut guessed = 0;
    for point in run {
        let Some(here) = point.degrees() else { continue };
        match known {
            None => known = point.time_ms.map(|time| (time, 0.0, here)),
            Some((start_ms, way, before)) => {
                let way = way + rough_distance(before, here);
                point.time_ms = Some(start_ms + (direction * way / speed).round() as i64);
                known = Some((start_ms, way, here));
                guessed += 1;
            }
        }
    }
    count(repairs, Repair::TimeInterpolated, guessed);
}

/// The first and the last have times, those between have none.
fn interpolate_run(run: &mut [&mut Point], repairs: &mut Repairs) {
    let last = run.len() - 1;
    let (Some(from), Some(until)) = (run[0].time_ms, run[last].time_ms) else {
        return;
    };
    if until < from || run[1..last].iter().any(|point| point.place == Place::None) {
        return;
    }
    let mut way = vec![0.0_f64];
    let mut here = run[0].degrees();
    for point in &run[1..] {
        let next = point.degrees();
        let step = here.zip(next).map_or(0.0, |(a, b)| rough_distance(a, b));
        way.push(way.last().copied().unwrap_or(0.0) + step);
        here = next.or(here);
    }
    let total = way[last];
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "spans of at most two years in ms"
    )]
    for (index, point) in run.iter_mut().enumerate().take(last).skip(1) {
        // Points that all stand on one spot share the time evenly.
        let share = if total > 0.0 {
            way[index] / total
        } else {
            index as f64 / last as f64
        };
        point.time_ms = Some(from + ((until - from) as f64 * share).round() as i64);
    }
    count(repairs, Repair::TimeInterpolated, (last - 1) as u64);
}

/// Degrees of a great circle, nearly: good enough to share out time, which is a guess anyway.
fn rough_distance((lat_a, lon_a): (f64, f64), (lat_b, lon_b): (f64, f64)) -> f64 {
    let lon = (lon_b - lon_a + 540.0).rem_euclid(360.0) - 180.0;
    (lat_b - lat_a).hypot(lon * f64::midpoint(lat_a, lat_b).to_radians().cos())
}

/// Sorts by time; points of one moment stay in the file's order.
pub(super) fn sort_by_time(points: &mut [Point]) {
    points.sort_by_key(|point| point.time_ms);
}

/// Stretches in order of time, each sorted, none empty, none overlapping: those that overlap become one. Every point must have a
/// time. What stands after a later time is counted as moved.
pub(super) fn order(mut stretches: Vec<Vec<Point>>, repairs: &mut Repairs) -> Vec<Vec<Point>> {
    let mut latest = i64::MIN;
    let mut moved = 0;
    for point in stretches.iter().flatten() {
        let time = point.time_ms.unwrap_or(latest);
        moved += u64::from(time < latest);
        latest = latest.max(time);
    }
    count(repairs, Repair::Sorted, moved);
    stretches.retain(|stretch| !stretch.is_empty());
    if moved == 0 {
        return stretches;
    }
    for stretch in &mut stretches {
        sort_by_time(stretch);
    }
    stretches.sort_by_key(|stretch| stretch[0].time_ms);
    let mut ordered: Vec<Vec<Point>> = Vec::new();
    // Every point of a file may be a stretch of its own and all of them may overlap; sorting once at the end keeps that linear.
    let mut unsorted = false;
    let mut end = None;
    for stretch in stretches {
        let stretch_end = stretch[stretch.len() - 1].time_ms;
        match ordered.last_mut() {
            Some(current) if stretch[0].time_ms < end => {
                current.extend(stretch);
                unsorted = true;
            }
            _ => ordered.push(stretch),
        }
        end = end.max(stretch_end);
    }
    if unsorted {
        for stretch in &mut ordered {
            sort_by_time(stretch);
        }
    }
    ordered
}

/// A pause between each stretch and the next.
pub(super) fn pauses_between(stretches: &[Vec<Point>]) -> Vec<Pause> {
    let between = |pair: &[Vec<Point>]| {
        let from_ms = pair[0].last()?.time_ms?;
        Some(Pause {
            from_ms,
            until_ms: pair[1].first()?.time_ms,
        })
    };
    stretches.windows(2).filter_map(between).collect()
}

/// The records of sorted points and sorted, separate pauses. At one moment: resume, readings, fixes, pause.
pub(super) fn records(points: &[Point], pauses: &[Pause], barometric: bool) -> Vec<Record> {
    let moment = |wall_ms| Moment {
        wall_ms,
        elapsed_ms: None,
    };
    let mut turns = Vec::with_capacity(pauses.len() * 2);
    for pause in pauses {
        turns.push((pause.from_ms, false));
        turns.extend(pause.until_ms.map(|until| (until, true)));
    }
    let mut turns = turns.into_iter().peekable();
    let mut records = Vec::with_capacity(points.len() * 2 + pauses.len() * 2);
    for group in points.chunk_by(|a, b| a.time_ms == b.time_ms) {
        let Some(time_ms) = group[0].time_ms else { continue };
        let due = |&(at, resumes): &(i64, bool)| at < time_ms || (resumes && at == time_ms);
        while let Some((at, resumes)) = turns.next_if(due) {
            records.push(if resumes {
                Record::Resume(moment(at))
            } else {
                Record::Pause(moment(at))
            });
        }
        records.extend(
            group
                .iter()
                .filter_map(|point| point.reading(time_ms, barometric))
                .map(Record::Reading),
        );
        records.extend(group.iter().filter_map(|point| match point.place {
            Place::Rejected(reason) => Some(Record::Rejected(reason)),
            _ => point.fix(time_ms, barometric).map(Record::Fix),
        }));
    }
    for (at, resumes) in turns {
        records.push(if resumes {
            Record::Resume(moment(at))
        } else {
            Record::Pause(moment(at))
        });
    }
    records
}

/// A stretch of running timer without samples, UTC milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    pub from_ms: i64,
    pub until_ms: i64,
}

/// Devices that thin out their recording leave up to 8 s between samples of a steady ride; a hole shorter than this shows nothing.
const SHORTEST_HOLE_MS: i64 = 10_000;
/// What the timer may differ from the file's own figure.
pub(super) const TOLERANCE_MS: i64 = 1000;

/// Pauses of `missing_ms` together, which the file's figures demand and no event shows, put where there are no samples: into
/// the largest hole first, each at the end of its hole, because a device writes a sample when the timer starts again. Returns
/// them in order, and what found no hole.
pub(super) fn pauses_in_holes(mut holes: Vec<Hole>, mut missing_ms: i64) -> (Vec<Pause>, i64) {
    holes.retain(|hole| hole.until_ms - hole.from_ms >= SHORTEST_HOLE_MS);
    holes.sort_by_key(|hole| (hole.from_ms - hole.until_ms, hole.from_ms));
    let mut pauses = Vec::new();
    for hole in holes {
        if missing_ms <= TOLERANCE_MS {
            break;
        }
        let length = missing_ms.min(hole.until_ms - hole.from_ms);
        pauses.push(Pause {
            from_ms: hole.until_ms - length,
            until_ms: Some(hole.until_ms),
        });
        missing_ms -= length;
    }
    sort_by_start(&mut pauses);
    (pauses, missing_ms)
}

fn sort_by_start(pauses: &mut [Pause]) {
    pauses.sort_by_key(|pause| pause.from_ms);
}

/// Sorts pauses and joins those that touch or overlap.
pub(super) fn join(mut pauses: Vec<Pause>) -> Vec<Pause> {
    sort_by_start(&mut pauses);
    let mut joined: Vec<Pause> = Vec::with_capacity(pauses.len());
    for pause in pauses {
        match joined.last_mut() {
            Some(last) if last.until_ms.is_none_or(|until| pause.from_ms <= until) => {
                last.until_ms = last.until_ms.zip(pause.until_ms).map(|(a, b)| a.max(b));
            }
            _ => joined.push(pause),
        }
    }
    joined
}

/// Milliseconds between `from_ms` and `until_ms` without the pauses, which are sorted and separate.
pub(super) fn running_ms(pauses: &[Pause], from_ms: i64, until_ms: i64) -> i64 {
    let inside = |pause: &Pause| (pause.until_ms.unwrap_or(until_ms).min(until_ms) - pause.from_ms.max(from_ms)).max(0);
    until_ms - from_ms - pauses.iter().map(inside).sum::<i64>()
}

/// The stretches of running timer between neighbouring samples, from `from_ms` to `until_ms`; `times` is sorted, `pauses` too.
pub(super) fn holes(times: impl Iterator<Item = i64>, pauses: &[Pause], from_ms: i64, until_ms: i64) -> Vec<Hole> {
    let mut marks: Vec<(i64, bool)> = Vec::new();
    for pause in pauses {
        marks.push((pause.from_ms, false));
        marks.extend(pause.until_ms.map(|until| (until, true)));
    }
    let mut marks = marks.into_iter().peekable();
    let mut holes = Vec::new();
    let (mut here, mut running) = (from_ms, true);
    let mut step = |at: i64, runs_after: Option<bool>| {
        if running && at > here {
            holes.push(Hole {
                from_ms: here,
                until_ms: at,
            });
        }
        here = here.max(at);
        running = runs_after.unwrap_or(running);
    };
    for time in times.filter(|time| (from_ms..=until_ms).contains(time)) {
        while let Some((at, resumes)) = marks.next_if(|&(at, resumes)| at < time || (resumes && at == time)) {
            step(at, Some(resumes));
        }
        step(time, None);
    }
    for (at, resumes) in marks {
        step(at.min(until_ms), Some(resumes));
    }
    step(until_ms, None);
    holes
}
