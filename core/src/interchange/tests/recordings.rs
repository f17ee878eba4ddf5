//! Real recordings, where this machine has them.

use std::path::PathBuf;

use geographiclib_rs::{Geodesic, InverseGeodesic};

use super::*;
use crate::domain::tally::Repair;

/// The folder of real recordings.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("STEADFAST_TRACKS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/tracks")),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there are no recordings in {}", folder.display());
    None
}

#[derive(Debug)]
struct Known {
    name: String,
    distance_m: Option<f64>,
    timer_s: Option<f64>,
    elapsed_s: Option<f64>,
}

fn index(folder: &std::path::Path) -> Vec<Known> {
    let text = std::fs::read_to_string(folder.join("index.csv")).expect("an index beside the recordings");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let column = |name| names.iter().position(|&column| column == name).expect("the column");
    let (name, distance, timer, elapsed) = (
        column("name"),
        column("dev_dist"),
        column("dev_timer"),
        column("dev_elapsed"),
    );
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let number = |at: usize| cells[at].parse().ok();
            Known {
                name: cells[name].to_owned(),
                distance_m: number(distance),
                timer_s: number(timer),
                elapsed_s: number(elapsed),
            }
        })
        .collect()
}

fn read_recording(folder: &std::path::Path, name: &str) -> ImportedFile {
    read(&std::fs::read(folder.join(name)).expect("the recording")).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[allow(clippy::cast_precision_loss, reason = "durations of a day")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// The plain sum of geodesic steps between fixes outside of pauses, leaving out (0, 0) and steps above 100 m/s.
fn plain_distance_m(session: &ImportedSession) -> f64 {
    let geodesic = Geodesic::wgs84();
    let mut sum = 0.0;
    let mut last: Option<Fix> = None;
    let mut running = true;
    for record in &session.records {
        match record {
            Record::Pause(_) => (running, last) = (false, None),
            Record::Resume(_) => running = true,
            Record::Fix(fix) if running && (fix.latitude_e7, fix.longitude_e7) != (0, 0) => {
                let degrees = |fix: &Fix| (f64::from(fix.latitude_e7) / 1e7, f64::from(fix.longitude_e7) / 1e7);
                if let Some(before) = last {
                    let ((lat_a, lon_a), (lat_b, lon_b)) = (degrees(&before), degrees(fix));
                    let step: f64 = geodesic.inverse(lat_a, lon_a, lat_b, lon_b);
                    sum += if step <= 100.0 * seconds(fix.time_ms - before.time_ms).max(1.0) {
                        step
                    } else {
                        0.0
                    };
                }
                last = Some(*fix);
            }
            _ => {}
        }
    }
    sum
}

#[test]
fn every_recording_is_read_and_its_timer_agrees_with_the_device() {
    let Some(folder) = folder() else { return };
    let known = index(&folder);
    assert!(known.len() >= 28);
    println!(
        "recording | sessions | fixes | timer | device's | elapsed | device's | steps m | sensor m | device's m | barometric"
    );
    for known in known {
        let file = read_recording(&folder, &known.name);
        holds_the_contract(&file);
        let timer_s: f64 = file.sessions.iter().map(|session| seconds(timer_ms(session))).sum();
        let elapsed_s: f64 = file
            .sessions
            .iter()
            .map(|s| seconds(s.ended_at_ms - s.started_at_ms))
            .sum();
        let steps_m: f64 = file.sessions.iter().map(plain_distance_m).sum();
        let sensor =
            |session: &ImportedSession| readings(session).iter().filter_map(|reading| reading.distance_cm).max();
        let sensor_cm: i32 = file.sessions.iter().filter_map(sensor).sum();
        let barometric = file
            .sessions
            .iter()
            .flat_map(readings)
            .any(|reading| reading.altitude_cm.is_some());
        println!(
            "{} | {} | {} | {timer_s:.2} | {:?} | {elapsed_s:.2} | {:?} | {steps_m:.0} | {:.0} | {:?} | {barometric} | {:?}",
            known.name,
            file.sessions.len(),
            file.sessions.iter().map(|session| fixes(session).len()).sum::<usize>(),
            known.timer_s,
            known.elapsed_s,
            f64::from(sensor_cm) / 100.0,
            known.distance_m,
            file.sessions
                .iter()
                .flat_map(|session| &session.repairs)
                .collect::<Vec<_>>(),
        );
        assert!(
            known.timer_s.is_none_or(|device| (device - timer_s).abs() <= 1.0),
            "{known:?}: {timer_s}"
        );
        assert!(
            known.elapsed_s.is_none_or(|device| (device - elapsed_s).abs() <= 1.0),
            "{known:?}: {elapsed_s}"
        );
    }
}

#[test]
fn damaged_recordings_are_mended_and_the_mending_is_counted() {
    let Some(folder) = folder() else { return };
    let repairs = |name| only(read_recording(&folder, name)).repairs;
    assert_eq!(repairs("nick.fit").get(&Repair::Truncated), Some(&1));
    // Every carriage return before a line feed was lost on the way: 19 places.
    let session = only(read_recording(&folder, "strava-android-app-201.10-b1218918.fit"));
    assert!(
        session
            .repairs
            .get(&Repair::PartSkipped)
            .is_some_and(|&parts| (10..=19).contains(&parts))
    );
    assert!(fixes(&session).len() > 2500);
    assert_eq!(
        repairs("korita-zbevnica.gpx").get(&Repair::TimeInterpolated),
        Some(&358)
    );
}
