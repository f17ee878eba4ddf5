//! Rules that hold for every file.

use std::path::PathBuf;

use super::model::{ImportedSession, Repairs};
use super::read;
use crate::domain::record::Record;

/// The folder of real recordings, if this machine has it.
pub(super) fn recordings() -> Option<PathBuf> {
    let folder = std::env::var_os("STEADFAST_TRACKS")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/tracks")), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there are no recordings in {}", folder.display());
    None
}

pub(super) fn timer_s(session: &ImportedSession) -> f64 {
    let mut running_since = Some(session.started_at_ms);
    let mut sum = 0;
    for record in &session.records {
        match record {
            Record::Pause(moment) => sum += running_since.take().map_or(0, |since| moment.wall_ms - since),
            Record::Resume(moment) => running_since = Some(moment.wall_ms),
            _ => {}
        }
    }
    sum += running_since.map_or(0, |since| session.ended_at_ms - since);
    sum as f64 / 1000.0
}

#[test]
fn show() {
    let Some(folder) = recordings() else { return };
    let index = std::fs::read_to_string(folder.join("index.csv")).unwrap();
    for line in index.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let bytes = std::fs::read(folder.join(cells[0])).unwrap();
        let start = std::time::Instant::now();
        let file = read(&bytes);
        let took = start.elapsed();
        match file {
            Err(error) => println!("{}: {error}", cells[0]),
            Ok(file) => {
                let timer: f64 = file.sessions.iter().map(timer_s).sum();
                let elapsed: f64 = file.sessions.iter().map(|s| (s.ended_at_ms - s.started_at_ms) as f64 / 1000.0).sum();
                let repairs: Vec<&Repairs> = file.sessions.iter().map(|s| &s.repairs).collect();
                println!(
                    "{:44} {:?} {took:?} timer {timer:.2} dev {} d {:.2} | elapsed {elapsed:.2} dev {} d {:.2} | {:?} {:?} off {:?} rec {} {:?}",
                    cells[0], file.sessions.len(), cells[17], timer - cells[17].parse::<f64>().unwrap_or(f64::NAN), cells[18],
                    elapsed - cells[18].parse::<f64>().unwrap_or(f64::NAN), file.sessions.iter().map(|s| s.kind).collect::<Vec<_>>(),
                    file.sessions[0].device, file.sessions[0].utc_offset_s, file.sessions.iter().map(|s| s.records.len()).sum::<usize>(), repairs
                );
            }
        }
    }
}
