//! Rules that hold for every file.

mod fit_bytes;
#[cfg(feature = "fit")]
mod fit_files;
mod gpx_files;
mod hostile;
#[cfg(feature = "fit")]
mod recordings;
mod round_trip;
mod tcx_files;

use super::model::{ImportedFile, ImportedSession};
use super::read;
use crate::domain::record::Record;
use crate::domain::sample::{Fix, Reading, Row};

fn read_one(text: &str) -> ImportedSession {
    only(read(text.as_bytes()).expect("a readable file"))
}

fn only(mut file: ImportedFile) -> ImportedSession {
    assert_eq!(file.sessions.len(), 1);
    file.sessions.remove(0)
}

fn code(bytes: &[u8]) -> String {
    read(bytes).expect_err("an error").code_name()
}

fn fixes(session: &ImportedSession) -> Vec<Fix> {
    session
        .records
        .iter()
        .filter_map(|record| {
            if let Record::Fix(fix) = record {
                Some(*fix)
            } else {
                None
            }
        })
        .collect()
}

fn readings(session: &ImportedSession) -> Vec<Reading> {
    session
        .records
        .iter()
        .filter_map(|record| {
            if let Record::Reading(reading) = record {
                Some(*reading)
            } else {
                None
            }
        })
        .collect()
}

/// Pauses and resumes, as (milliseconds after the start, true for a resume).
fn turns(session: &ImportedSession) -> Vec<(i64, bool)> {
    let turn = |record: &Record| match record {
        Record::Pause(moment) => Some((moment.wall_ms - session.started_at_ms, false)),
        Record::Resume(moment) => Some((moment.wall_ms - session.started_at_ms, true)),
        _ => None,
    };
    session.records.iter().filter_map(turn).collect()
}

fn timer_ms(session: &ImportedSession) -> i64 {
    let mut running_since = Some(session.started_at_ms);
    let mut sum = 0;
    for record in &session.records {
        match record {
            Record::Pause(moment) => sum += running_since.take().map_or(0, |since| moment.wall_ms - since),
            Record::Resume(moment) => running_since = Some(moment.wall_ms),
            _ => {}
        }
    }
    sum + running_since.map_or(0, |since| session.ended_at_ms - since)
}

fn time_ms(record: &Record) -> Option<i64> {
    match record {
        Record::Fix(fix) => Some(fix.time_ms),
        Record::Reading(reading) => Some(reading.time_ms),
        Record::Pause(moment) | Record::Resume(moment) => Some(moment.wall_ms),
        _ => None,
    }
}

/// What every reader promises of every file.
fn holds_the_contract(file: &ImportedFile) {
    assert!(!file.sessions.is_empty());
    for session in &file.sessions {
        let times: Vec<i64> = session.records.iter().filter_map(time_ms).collect();
        assert!(times.is_sorted());
        assert!(session.started_at_ms <= session.ended_at_ms);
        assert!(
            !session
                .records
                .iter()
                .any(|record| matches!(record, Record::Stop(_) | Record::Interrupted { .. }))
        );
        let mut running = true;
        for record in &session.records {
            match record {
                Record::Pause(_) => assert!(std::mem::replace(&mut running, false), "paused twice"),
                Record::Resume(_) => assert!(!std::mem::replace(&mut running, true), "resumed twice"),
                Record::Fix(fix) => {
                    assert!(fix.latitude_e7.abs() <= 900_000_000 && fix.longitude_e7.abs() <= 1_800_000_000);
                    assert!(fix.speed_cmps.is_none_or(|speed| speed >= 0));
                }
                _ => {}
            }
        }
        let same_moment = |pair: &[Record]| match pair {
            [Record::Fix(fix), Record::Reading(reading)] => fix.time_ms < reading.time_ms,
            _ => true,
        };
        assert!(
            session.records.windows(2).all(same_moment),
            "a reading after the fix of its moment"
        );
        assert!((0..=session.ended_at_ms - session.started_at_ms).contains(&timer_ms(session)));
    }
}

/// The rows that fixes and readings of one moment make.
fn rows(session: &ImportedSession) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for record in &session.records {
        let Some(time_ms) = time_ms(record).filter(|_| matches!(record, Record::Fix(_) | Record::Reading(_))) else {
            continue;
        };
        if rows.last().is_none_or(|row| row.time_ms != time_ms) {
            rows.push(Row {
                time_ms,
                ..Row::default()
            });
        }
        let row = rows.last_mut().expect("just pushed");
        match record {
            Record::Fix(fix) => {
                (row.latitude_e7, row.longitude_e7) = (Some(fix.latitude_e7), Some(fix.longitude_e7));
                row.altitude_cm = fix.altitude_cm.or(row.altitude_cm);
                row.speed_cmps = fix.speed_cmps;
            }
            Record::Reading(reading) => {
                row.altitude_cm = reading.altitude_cm;
                row.speed_cmps = reading.speed_cmps;
                row.heart_rate_bpm = reading.heart_rate_bpm;
                row.cadence_rpm = reading.cadence_rpm;
                row.power_w = reading.power_w;
                row.distance_cm = reading.distance_cm;
            }
            _ => {}
        }
    }
    rows
}
