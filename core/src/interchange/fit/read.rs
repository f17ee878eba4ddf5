//! A FIT file to sessions of records.

use crate::domain::tally::Repair;
use crate::error::{Result, SteadfastError, ValidationCode};

use super::super::altitude;
use super::super::keyword::indoors;
use super::super::model::{FileFormat, ImportedFile, ImportedSession, Repairs};
use super::super::point::{Place, Point, count, positive};
use super::super::timeline::{self, is_plausible, sort_by_time};
use super::collect::{Collected, Session, whole_ms};
use super::decode::{Damage, decode};
use super::profile::{FILE_TYPE_COURSE, is_program, kind, manufacturer};
use super::timer::{Totals, Turn, reconcile};
use crate::domain::reported::Reported;

/// A session message counts as written when the session ended; a start and a length that reach farther than this beyond it are
/// damaged.
const WRITTEN_SLACK_MS: i64 = 60_000;

/// Reads a FIT file.
///
/// # Errors
/// `no_activity`, `no_times`, `malformed_file`, `too_many_samples`.
pub(in super::super) fn read(bytes: &[u8]) -> Result<ImportedFile> {
    let mut collected = Collected::default();
    let damage = decode(bytes, &mut |message| collected.take(message))?;
    count_damage(&mut collected, damage);
    if collected.file_type == Some(FILE_TYPE_COURSE) && collected.sessions.is_empty() {
        return Err(SteadfastError::validation(ValidationCode::NoTimes, "a FIT course"));
    }
    if collected.points.is_empty() && collected.sessions.is_empty() {
        let code = if damage == Damage::default() {
            ValidationCode::NoActivity
        } else {
            ValidationCode::MalformedFile
        };
        return Err(SteadfastError::validation(code, "no records and no sessions"));
    }
    clean_times(&mut collected);
    let sessions = sessions(&mut collected);
    if sessions.is_empty() {
        return Err(SteadfastError::validation(
            ValidationCode::NoTimes,
            "no record has a time",
        ));
    }
    Ok(ImportedFile {
        format: FileFormat::Fit,
        sessions,
    })
}

fn count_damage(collected: &mut Collected, damage: Damage) {
    count(&mut collected.repairs, Repair::Truncated, u64::from(damage.truncated));
    count(&mut collected.repairs, Repair::ChecksumWrong, damage.wrong_checksums);
    count(&mut collected.repairs, Repair::PartSkipped, damage.skipped);
}

/// Leaves out records without a usable time; what is left is sorted.
fn clean_times(collected: &mut Collected) {
    if let Some(median) = timeline::median_ms(collected.points.iter()) {
        let before = collected.points.len();
        collected
            .points
            .retain(|point| point.time_ms.is_some_and(|time| is_plausible(time, median)));
        count(
            &mut collected.repairs,
            Repair::TimeMissing,
            (before - collected.points.len()) as u64,
        );
        collected.turns.retain(|turn| is_plausible(turn.0, median));
        collected.lengths.retain(|&at| is_plausible(at, median));
        for session in &mut collected.sessions {
            session.started_at_ms = session.started_at_ms.filter(|&at| is_plausible(at, median));
            session.written_at_ms = session.written_at_ms.filter(|&at| is_plausible(at, median));
        }
    } else {
        count(
            &mut collected.repairs,
            Repair::TimeMissing,
            collected.points.len() as u64,
        );
        collected.points.clear();
    }
    if collected.points.iter().all(|point| point.heart_rate_bpm.is_none()) {
        let (first, last) = (collected.points.first(), collected.points.last());
        if let Some((first, last)) = first
            .and_then(|point| point.time_ms)
            .zip(last.and_then(|point| point.time_ms))
        {
            let inside = |point: &Point| point.time_ms.is_some_and(|at| (first..=last).contains(&at));
            // Before the records, so that at one moment the reading comes before the fix.
            let mut points: Vec<Point> = collected.heart_rates.points().filter(inside).collect();
            sort_by_time(&mut points);
            let records = std::mem::take(&mut collected.points);
            let sorted = timeline::order(vec![records], &mut collected.repairs);
            points.extend(sorted.into_iter().flatten());
            sort_by_time(&mut points);
            collected.points = points;
        }
    } else {
        let points = std::mem::take(&mut collected.points);
        collected.points = timeline::order(vec![points], &mut collected.repairs)
            .into_iter()
            .flatten()
            .collect();
    }
    collected.turns.sort_by_key(|turn| turn.0);
    collected.lengths.sort_unstable();
}

/// One for each session message, in order of time; one for the whole file if it has none.
fn sessions(collected: &mut Collected) -> Vec<ImportedSession> {
    let first = collected.points.first().and_then(|point| point.time_ms);
    let mut spans: Vec<(i64, Session)> = Vec::new();
    for mut session in std::mem::take(&mut collected.sessions) {
        let elapsed_ms = session.elapsed_s.and_then(whole_ms);
        let by_end = session
            .written_at_ms
            .zip(elapsed_ms)
            .map(|(written, elapsed)| written - elapsed);
        let start = match (session.started_at_ms, by_end) {
            (Some(start), Some(by_end)) if start - by_end > WRITTEN_SLACK_MS => {
                // One of the three is damaged. If there are samples at the start that the other two give, it is the start.
                let next = collected.points.partition_point(|point| point.time_ms < Some(by_end));
                let next_ms = collected.points.get(next).and_then(|point| point.time_ms);
                if next_ms.is_some_and(|at| at < start && at - by_end <= WRITTEN_SLACK_MS) {
                    Some(by_end)
                } else {
                    session.elapsed_s = None;
                    Some(start)
                }
            }
            (Some(start), _) => Some(start),
            (None, by_end) => first.or(by_end),
        };
        spans.extend(start.map(|start| (start, session)));
    }
    // The sort is stable: of two messages about one session (a file that was saved twice) the later one counts.
    spans.sort_by_key(|span| std::cmp::Reverse(span.0));
    spans.reverse();
    spans.dedup_by_key(|span| span.0);
    if let (Some(span), Some(first)) = (spans.first_mut(), first) {
        // The corrected start of a damaged one is only known to seconds.
        if span.0 > first && span.0 - first <= WRITTEN_SLACK_MS {
            span.0 = first;
        }
    }
    if spans.is_empty() {
        let started = first
            .into_iter()
            .chain(collected.turns.first().map(|turn| turn.0))
            .min();
        spans.extend(started.map(|start| (start, Session::default())));
    }
    let mut ends: Vec<i64> = spans.iter().skip(1).map(|span| span.0).collect();
    ends.push(i64::MAX);
    let mut points = std::mem::take(&mut collected.points);
    let mut imported: Vec<ImportedSession> = Vec::with_capacity(spans.len());
    for ((start, session), end) in spans.into_iter().zip(ends).rev() {
        let begins = points.partition_point(|point| point.time_ms < Some(start));
        let own = points.split_off(begins);
        imported.push(one(collected, start, end, &session, own));
    }
    // What stands before the first session belongs to it: a session rejects it as too early, and counts it.
    if let (Some(first), false) = (imported.last_mut(), points.is_empty()) {
        let mut records = timeline::records(&points, &[], false);
        records.append(&mut first.records);
        first.records = records;
    }
    imported.reverse();
    if let Some(first) = imported.first_mut() {
        for (repair, times) in std::mem::take(&mut collected.repairs) {
            count(&mut first.repairs, repair, times);
        }
    }
    imported
}

fn one(collected: &Collected, start: i64, end: i64, session: &Session, mut points: Vec<Point>) -> ImportedSession {
    let inside = |at: &i64| (start..end).contains(at);
    let turns: Vec<Turn> = collected.turns.iter().filter(|turn| inside(&turn.0)).copied().collect();
    let lengths: Vec<i64> = collected.lengths.iter().filter(|&at| inside(at)).copied().collect();
    add_lengths(&mut points, &lengths, session.pool_length_m);
    rebase_distance(&mut points);

    let totals = Totals {
        elapsed_ms: session.elapsed_s.and_then(whole_ms),
        timer_ms: session.timer_s.and_then(whole_ms),
    };
    let timer = reconcile(start, session.written_at_ms, totals, &points, &turns);

    let (sport, sub_sport) = match session.sport {
        Some(_) => (session.sport, session.sub_sport),
        None => collected.sport,
    };
    let mut kind = kind(sport, sub_sport);
    if !points.iter().any(|point| matches!(point.place, Place::At(..))) {
        kind = indoors(kind);
    }
    let barometric = altitude::is_barometric(&points, collected.manufacturer.is_some_and(|maker| !is_program(maker)));
    ImportedSession {
        kind,
        title: None,
        notes: None,
        device: device(collected),
        started_at_ms: timer.started_at_ms,
        ended_at_ms: timer.ended_at_ms,
        utc_offset_s: collected.utc_offset_s,
        records: timeline::records(&points, &timer.pauses, barometric),
        reported: Reported {
            distance_m: session.distance_m,
            elevation_gain_m: session.ascent_m,
            elevation_loss_m: session.descent_m,
            timer_s: session.timer_s,
            elapsed_s: session.elapsed_s,
            moving_s: session.moving_s,
        },
        repairs: Repairs::new(),
    }
}

/// In a pool the watch counts lengths; if its records do not carry the distance, the lengths do.
fn add_lengths(points: &mut Vec<Point>, lengths: &[i64], pool_length_m: Option<f64>) {
    let Some(length) = pool_length_m.filter(|&length| length > 0.0) else {
        return;
    };
    if lengths.is_empty()
        || points
            .iter()
            .any(|point| point.distance_cm.is_some_and(|distance| distance > 0))
    {
        return;
    }
    let mut unused = Repairs::new();
    let mut swum = 0.0;
    for &at in lengths {
        swum += length;
        let distance_cm = positive(Some(swum), 100.0, &mut unused);
        points.push(Point {
            time_ms: Some(at),
            distance_cm,
            ..Point::default()
        });
    }
    sort_by_time(points);
}

/// A later session of a multisport file may count the distance on from the one before; a reading counts from its session's start.
/// Only a first value that no session can begin with (over 1 km) is taken as such.
fn rebase_distance(points: &mut [Point]) {
    let first = points
        .iter()
        .find_map(|point| point.distance_cm)
        .filter(|&first| first > 100_000);
    if let Some(first) = first {
        for distance in points.iter_mut().filter_map(|point| point.distance_cm.as_mut()) {
            *distance = distance.saturating_sub(first).max(0);
        }
    }
}

fn device(collected: &Collected) -> Option<String> {
    let maker = collected.manufacturer.and_then(manufacturer);
    match (maker, &collected.product_name, collected.product) {
        (Some(maker), Some(name), _) if name.to_lowercase().starts_with(&maker.to_lowercase()) => Some(name.clone()),
        (Some(maker), Some(name), _) => Some(format!("{maker} {name}")),
        (None, Some(name), _) => Some(name.clone()),
        (Some(maker), None, Some(product)) => Some(format!("{maker} {product}")),
        (Some(maker), None, None) => Some(maker.to_owned()),
        (None, None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kind::ActivityKind;

    #[test]
    fn a_session_without_positions_is_indoors() {
        assert_eq!(indoors(kind(Some(1), None)), ActivityKind::TreadmillRunning);
        assert_eq!(kind(Some(5), Some(17)), ActivityKind::PoolSwimming);
        assert_eq!(kind(Some(3), None), ActivityKind::Other);
    }
}
