//! A GPX file to one session of records.
//!
//! GPX knows neither activities nor timers, so all tracks of a file are one session, and each new segment is a pause from the
//! last point before it to its first.

use crate::domain::kind::ActivityKind;
use crate::domain::tally::Repair;
use crate::error::{Result, SteadfastError, ValidationCode};

use super::super::altitude;
use super::super::keyword;
use super::super::model::{FileFormat, ImportedFile, ImportedSession, Repairs};
use super::super::point::{self, Place, Point, count, positive, signed};
use super::super::timeline;
use super::super::xml::{Attributes, Visitor, number, walk};
use super::super::{iso8601, xml};
use crate::domain::reported::Reported;

/// Reads a GPX file.
///
/// # Errors
/// `no_activity`, `no_times`, `forbidden_xml`, `malformed_file`, `too_many_samples`.
pub(in super::super) fn read(text: &str) -> Result<ImportedFile> {
    let mut gpx = Gpx::default();
    let truncated = walk(text, &mut gpx)?;
    count(&mut gpx.repairs, Repair::Truncated, u64::from(truncated));
    // A file without tracks may hold its recording as a route.
    let mut stretches = if gpx.tracks.iter().any(|stretch| !stretch.is_empty()) {
        gpx.tracks
    } else {
        gpx.routes
    };
    let mut repairs = gpx.repairs;
    if stretches.iter().all(Vec::is_empty) {
        let (code, detail) = match (truncated, gpx.waypoints) {
            (true, _) => (ValidationCode::MalformedFile, "it ends before its first point"),
            (false, true) => (ValidationCode::NoActivity, "only waypoints"),
            (false, false) => (ValidationCode::NoActivity, "no points"),
        };
        return Err(SteadfastError::validation(code, detail));
    }
    timeline::forget_outliers(&mut stretches);
    timeline::mend_rollover(&mut stretches, gpx.time_ms, &mut repairs);
    timeline::interpolate(&mut stretches, &mut repairs);
    let stretches = timeline::order(stretches, &mut repairs);
    let (Some(first), Some(last)) = (
        stretches.first().and_then(|s| s.first()),
        stretches.last().and_then(|s| s.last()),
    ) else {
        return Err(SteadfastError::validation(
            ValidationCode::NoTimes,
            "no point has a time",
        ));
    };
    let (Some(started_at_ms), Some(ended_at_ms)) = (first.time_ms, last.time_ms) else {
        return Err(SteadfastError::validation(
            ValidationCode::NoTimes,
            "no point has a time",
        ));
    };
    let pauses = timeline::pauses_between(&stretches);
    let points: Vec<Point> = stretches.into_iter().flatten().collect();

    let mut kind = gpx.kind.as_deref().map_or(ActivityKind::Other, keyword::kind);
    if !points.iter().any(|point| matches!(point.place, Place::At(..))) {
        kind = keyword::indoors(kind);
    }
    let barometric = altitude::is_barometric(&points, false);
    let session = ImportedSession {
        kind,
        title: gpx.title.or(gpx.file_title),
        notes: gpx.notes,
        device: gpx.creator,
        started_at_ms,
        ended_at_ms,
        utc_offset_s: gpx.utc_offset_s,
        records: timeline::records(&points, &pauses, barometric),
        reported: Reported::default(),
        repairs,
    };
    Ok(ImportedFile {
        format: FileFormat::Gpx,
        sessions: vec![session],
    })
}

#[derive(Default)]
struct Gpx {
    creator: Option<String>,
    time_ms: Option<i64>,
    file_title: Option<String>,
    title: Option<String>,
    notes: Option<String>,
    kind: Option<String>,
    tracks: Vec<Vec<Point>>,
    routes: Vec<Vec<Point>>,
    waypoints: bool,
    point: Point,
    utc_offset_s: Option<i32>,
    repairs: Repairs,
    held: usize,
}

impl Visitor for Gpx {
    fn open(&mut self, path: &[String], name: &str, attributes: &Attributes<'_>) -> Result<()> {
        match name {
            "gpx" if path.is_empty() => {
                self.creator = attributes.get("creator").filter(|creator| !creator.trim().is_empty());
            }
            "trkseg" => self.tracks.push(Vec::new()),
            "rte" => self.routes.push(Vec::new()),
            "wpt" => self.waypoints = true,
            "trkpt" | "rtept" => {
                self.point = Point {
                    place: self.place(attributes),
                    ..Point::default()
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, path: &[String], name: &str, text: &str) -> Result<()> {
        match name {
            "trkpt" => {
                // A point outside any segment is a program's mistake, and still a point.
                if self.tracks.is_empty() {
                    self.tracks.push(Vec::new());
                }
                return self.push(true);
            }
            "rtept" => return self.push(false),
            _ => {}
        }
        if text.is_empty() {
            return Ok(());
        }
        let parent = path.last().map_or("", String::as_str);
        if path.iter().any(|open| open == "trkpt" || open == "rtept") {
            self.value(name, parent, text);
            return Ok(());
        }
        let keep = |slot: &mut Option<String>| {
            if slot.is_none() {
                *slot = Some(text.to_owned());
            }
        };
        match (parent, name) {
            ("trk" | "rte", "name") => keep(&mut self.title),
            ("trk" | "rte", "desc") => keep(&mut self.notes),
            ("trk", "type") => keep(&mut self.kind),
            ("metadata" | "gpx", "name") => keep(&mut self.file_title),
            ("metadata" | "gpx", "time") => self.time_ms = iso8601::parse(text).map(|instant| instant.ms),
            _ => {}
        }
        Ok(())
    }
}

impl Gpx {
    fn place(&mut self, attributes: &Attributes<'_>) -> Place {
        match (attributes.get("lat"), attributes.get("lon")) {
            (Some(latitude), Some(longitude)) => {
                let degrees = |text: &str| number(text).unwrap_or(f64::NAN);
                Place::from_degrees(degrees(&latitude), degrees(&longitude))
            }
            (None, None) => Place::None,
            _ => {
                count(&mut self.repairs, Repair::ValueDropped, 1);
                Place::None
            }
        }
    }

    fn push(&mut self, track: bool) -> Result<()> {
        let point = std::mem::take(&mut self.point);
        let stretches = if track { &mut self.tracks } else { &mut self.routes };
        match stretches.last_mut() {
            Some(stretch) => point::push(stretch, point, &mut self.held),
            None => Ok(()),
        }
    }

    /// A child of a point. Extensions nest and are named differently from program to program, but their names are unambiguous.
    fn value(&mut self, name: &str, parent: &str, text: &str) {
        let repairs = &mut self.repairs;
        let point = &mut self.point;
        let parsed = xml::number(text);
        match name {
            "time" if parent == "trkpt" || parent == "rtept" => {
                if let Some(instant) = iso8601::parse(text) {
                    point.time_ms = Some(instant.ms);
                    self.utc_offset_s = self.utc_offset_s.or(instant.offset_s);
                }
                return;
            }
            "ele" => point.altitude_cm = signed(parsed, 100.0, repairs),
            "speed" => point.speed_cmps = positive(parsed, 100.0, repairs),
            "course" => point.course_ddeg = positive(parsed, 10.0, repairs).map(|course| course % 3600),
            "hr" | "heartrate" | "HeartRateBpm" => {
                point.heart_rate_bpm = positive(parsed, 1.0, repairs).filter(|&bpm| bpm > 0);
            }
            "cad" | "cadence" | "RunCadence" => point.cadence_rpm = positive(parsed, 1.0, repairs),
            "power" | "watts" | "Watts" | "PowerInWatts" => point.power_w = positive(parsed, 1.0, repairs),
            "distance" => point.distance_cm = positive(parsed, 100.0, repairs),
            _ => return,
        }
        count(repairs, Repair::ValueDropped, u64::from(parsed.is_none()));
    }
}
