//! A TCX file to sessions of records: one for each activity, also inside a multisport session.

use crate::domain::kind::ActivityKind;
use crate::domain::tally::Repair;
use crate::error::{Result, SteadfastError, ValidationCode};

use super::super::model::{FileFormat, ImportedFile, ImportedSession, Repairs};
use super::super::point::{self, Place, Point, count, positive, signed};
use super::super::xml::{Attributes, Visitor, number, walk};
use super::super::{altitude, iso8601, keyword, timeline};
use super::timer::{self, Lap};
use crate::domain::reported::Reported;

/// Reads a TCX file. A course is read only if the file has no activity, and only if its points have times.
///
/// # Errors
/// `no_activity`, `no_times`, `forbidden_xml`, `malformed_file`, `too_many_samples`.
pub(in super::super) fn read(text: &str) -> Result<ImportedFile> {
    let mut tcx = Tcx::default();
    let truncated = walk(text, &mut tcx)?;
    let has_points = |activity: &Activity| {
        activity
            .laps
            .iter()
            .any(|lap| lap.tracks.iter().any(|track| !track.is_empty()))
    };
    let told = |activity: &Activity| has_points(activity) || activity.laps.iter().any(|lap| lap.timer_ms.is_some());
    let activities = if tcx.activities.iter().any(told) {
        tcx.activities
    } else {
        tcx.courses
    };
    let any_point = activities.iter().any(has_points);
    let mut sessions: Vec<ImportedSession> = activities.into_iter().filter_map(session).collect();
    let Some(first) = sessions.first_mut() else {
        let (code, detail) = match (any_point, truncated) {
            (true, _) => (ValidationCode::NoTimes, "no point has a time"),
            (false, true) => (ValidationCode::MalformedFile, "it ends before its first point"),
            (false, false) => (ValidationCode::NoActivity, "no laps with points"),
        };
        return Err(SteadfastError::validation(code, detail));
    };
    count(&mut first.repairs, Repair::Truncated, u64::from(truncated));
    sessions.sort_by_key(|session| session.started_at_ms);
    Ok(ImportedFile {
        format: FileFormat::Tcx,
        sessions,
    })
}

#[derive(Default)]
struct Activity {
    sport: Option<String>,
    id: Option<String>,
    notes: Option<String>,
    creator: Option<String>,
    laps: Vec<Lap>,
    utc_offset_s: Option<i32>,
    repairs: Repairs,
}

#[derive(Default)]
struct Tcx {
    activities: Vec<Activity>,
    courses: Vec<Activity>,
    in_course: bool,
    point: Point,
    degrees: (Option<f64>, Option<f64>),
    held: usize,
}

impl Visitor for Tcx {
    fn open(&mut self, path: &[String], name: &str, attributes: &Attributes<'_>) -> Result<()> {
        match name {
            "Activity" => {
                self.in_course = false;
                self.activities.push(Activity {
                    sport: attributes.get("Sport"),
                    ..Activity::default()
                });
            }
            "Course" => {
                self.in_course = true;
                self.courses.push(Activity::default());
            }
            "Lap" => {
                let started = attributes.get("StartTime").and_then(|text| iso8601::parse(&text));
                let activity = self.activity();
                activity.utc_offset_s = activity.utc_offset_s.or(started.and_then(|instant| instant.offset_s));
                activity.laps.push(Lap {
                    started_at_ms: started.map(|instant| instant.ms),
                    ..Lap::default()
                });
            }
            "Track" => {
                let activity = self.activity();
                if activity.laps.is_empty() {
                    activity.laps.push(Lap::default());
                }
                if let Some(lap) = activity.laps.last_mut() {
                    lap.tracks.push(Vec::new());
                }
            }
            "Trackpoint" if path.iter().any(|open| open == "Track") => {
                self.point = Point::default();
                self.degrees = (None, None);
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, path: &[String], name: &str, text: &str) -> Result<()> {
        let parent = path.last().map_or("", String::as_str);
        if name == "Trackpoint" {
            return self.push();
        }
        if text.is_empty() {
            return Ok(());
        }
        if path.iter().any(|open| open == "Trackpoint") {
            self.value(parent, name, text);
            return Ok(());
        }
        let activity = self.activity();
        match (parent, name) {
            ("Activity" | "Course", "Notes") => activity.notes = Some(text.to_owned()),
            // A course has no time of its own, so its name does no harm there.
            ("Activity", "Id") | ("Course", "Name") => activity.id = Some(text.to_owned()),
            ("Creator", "Name") => activity.creator = Some(text.to_owned()),
            ("Lap", "TotalTimeSeconds") => {
                let seconds = number(text).filter(|seconds| seconds.is_finite() && (0.0..1e9).contains(seconds));
                #[allow(clippy::cast_possible_truncation, reason = "below 1e12")]
                let timer_ms = seconds.map(|seconds| (seconds * 1000.0).round() as i64);
                count(
                    &mut activity.repairs,
                    Repair::ValueDropped,
                    u64::from(timer_ms.is_none()),
                );
                if let Some(lap) = activity.laps.last_mut() {
                    lap.timer_ms = timer_ms;
                }
            }
            ("Lap", "DistanceMeters") => {
                if let Some(lap) = activity.laps.last_mut() {
                    lap.distance_m = number(text).filter(|metres| metres.is_finite() && *metres >= 0.0);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

impl Tcx {
    fn activity(&mut self) -> &mut Activity {
        let list = if self.in_course {
            &mut self.courses
        } else {
            &mut self.activities
        };
        if list.is_empty() {
            list.push(Activity::default());
        }
        let current = list.len() - 1;
        &mut list[current]
    }

    fn push(&mut self) -> Result<()> {
        let mut point = std::mem::take(&mut self.point);
        point.place = match self.degrees {
            (Some(latitude), Some(longitude)) => Place::from_degrees(latitude, longitude),
            _ => Place::None,
        };
        let mut held = self.held;
        let activity = self.activity();
        let Some(track) = activity.laps.last_mut().and_then(|lap| lap.tracks.last_mut()) else {
            return Ok(());
        };
        point::push(track, point, &mut held)?;
        self.held = held;
        Ok(())
    }

    fn value(&mut self, parent: &str, name: &str, text: &str) {
        let parsed = number(text);
        let mut repairs = Repairs::new();
        let mut offset = None;
        let point = &mut self.point;
        match (parent, name) {
            (_, "Time") => {
                let instant = iso8601::parse(text);
                point.time_ms = instant.map(|instant| instant.ms);
                offset = instant.and_then(|instant| instant.offset_s);
            }
            (_, "LatitudeDegrees") => self.degrees.0 = Some(parsed.unwrap_or(f64::NAN)),
            (_, "LongitudeDegrees") => self.degrees.1 = Some(parsed.unwrap_or(f64::NAN)),
            (_, "AltitudeMeters") => point.altitude_cm = signed(parsed, 100.0, &mut repairs),
            (_, "DistanceMeters") => point.distance_cm = positive(parsed, 100.0, &mut repairs),
            // The value stands in an element of its own, but some programs forget that.
            ("HeartRateBpm", "Value") | (_, "HeartRateBpm") => {
                point.heart_rate_bpm = positive(parsed, 1.0, &mut repairs).filter(|&bpm| bpm > 0);
            }
            (_, "Cadence" | "RunCadence") => point.cadence_rpm = positive(parsed, 1.0, &mut repairs),
            (_, "Speed") => point.speed_cmps = positive(parsed, 100.0, &mut repairs),
            (_, "Watts") => point.power_w = positive(parsed, 1.0, &mut repairs),
            _ => return,
        }
        let activity = self.activity();
        activity.utc_offset_s = activity.utc_offset_s.or(offset);
        count(&mut activity.repairs, Repair::ValueDropped, repairs.values().sum());
    }
}

/// `None` if nothing in the activity has a time.
fn session(mut activity: Activity) -> Option<ImportedSession> {
    let mut repairs = std::mem::take(&mut activity.repairs);
    let mut laps = activity.laps;
    // The flat list of tracks goes through the mending and comes back lap by lap.
    let counts: Vec<usize> = laps.iter().map(|lap| lap.tracks.len()).collect();
    let mut tracks: Vec<Vec<Point>> = laps
        .iter_mut()
        .flat_map(|lap| std::mem::take(&mut lap.tracks))
        .collect();
    timeline::forget_outliers(&mut tracks);
    let told_ms = activity
        .id
        .as_deref()
        .and_then(iso8601::parse)
        .map(|instant| instant.ms);
    let added = timeline::mend_rollover(&mut tracks, told_ms, &mut repairs);
    timeline::interpolate(&mut tracks, &mut repairs);
    let median = timeline::median_ms(tracks.iter().flatten());
    let mut tracks = tracks.into_iter();
    for (lap, count) in laps.iter_mut().zip(counts) {
        lap.tracks = tracks.by_ref().take(count).collect();
        if let (Some(started), Some(median)) = (lap.started_at_ms, median) {
            // A receiver that lost weeks may have dated the laps by them as well.
            let mended = [started, started + added]
                .into_iter()
                .find(|&at| timeline::is_plausible(at, median));
            lap.started_at_ms = mended;
        }
    }
    laps.sort_by_key(Lap::start);
    let started_at_ms = laps.iter().filter_map(Lap::start).min()?;
    let ended_at_ms = timer::end(&laps)?.max(started_at_ms);
    let pauses = timer::pauses(&laps);
    let sum = |value: fn(&Lap) -> Option<f64>| {
        let values: Vec<f64> = laps.iter().filter_map(value).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>())
    };
    #[allow(clippy::cast_precision_loss, reason = "durations far below 2^53 ms")]
    let reported = Reported {
        distance_m: sum(|lap| lap.distance_m),
        timer_s: sum(|lap| lap.timer_ms.map(|ms| ms as f64 / 1000.0)),
        ..Reported::default()
    };
    let tracks: Vec<Vec<Point>> = laps.into_iter().flat_map(|lap| lap.tracks).collect();
    let mut points: Vec<Point> = timeline::order(tracks, &mut repairs).into_iter().flatten().collect();
    points.retain(|point| !point.is_bare());

    let mut kind = activity.sport.as_deref().map_or(ActivityKind::Other, keyword::kind);
    if !points.iter().any(|point| matches!(point.place, Place::At(..))) {
        kind = keyword::indoors(kind);
    }
    let barometric = altitude::is_barometric(&points, activity.creator.is_some());
    Some(ImportedSession {
        kind,
        title: None,
        notes: activity.notes,
        device: activity.creator,
        started_at_ms,
        ended_at_ms,
        utc_offset_s: activity.utc_offset_s,
        records: timeline::records(&points, &pauses, barometric),
        reported,
        repairs,
    })
}
