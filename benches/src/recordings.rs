//! Real recordings: the columns of FIT files, and what `pco` makes of each whole column.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use steadfast_core::domain::record::Record;
use steadfast_core::interchange;

/// Time (ms), latitude and longitude (1e-7°), altitude (cm), speed (cm/s), heart rate, cadence.
pub type Sample = (i64, [Option<i32>; 6]);

/// One file.
pub struct Recording {
    /// In order of time; what does not come later than the sample before is left out.
    pub samples: Vec<Sample>,
}

/// Where the recordings are, if they are on this machine.
pub fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("STEADFAST_TRACKS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/tracks"),
        PathBuf::from,
    );
    folder.is_dir().then_some(folder)
}

/// The FIT files with over 500 positions, by name.
pub fn read_all(folder: &Path) -> Vec<Recording> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a readable folder")
        .map(|entry| entry.expect("a readable entry").path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "fit"))
        .map(|path| Recording {
            samples: samples(&fs::read(&path).expect("a readable file")),
        })
        .filter(|recording| {
            recording
                .samples
                .iter()
                .filter(|(_, values)| values[0].is_some())
                .count()
                > 500
        })
        .collect()
}

/// The fixes and readings of all sessions, joined by their times.
fn samples(bytes: &[u8]) -> Vec<Sample> {
    let sessions = interchange::read(bytes).map(|file| file.sessions).unwrap_or_default();
    let mut by_time = BTreeMap::<i64, [Option<i32>; 6]>::new();
    for record in sessions.iter().flat_map(|session| &session.records) {
        match record {
            Record::Fix(fix) => {
                let values = by_time.entry(fix.time_ms).or_default();
                (values[0], values[1]) = (Some(fix.latitude_e7), Some(fix.longitude_e7));
                values[2] = values[2].or(fix.altitude_cm);
                values[3] = values[3].or(fix.speed_cmps);
            }
            Record::Reading(reading) => {
                let values = by_time.entry(reading.time_ms).or_default();
                values[2] = reading.altitude_cm.or(values[2]);
                values[3] = values[3].or(reading.speed_cmps);
                (values[4], values[5]) = (reading.heart_rate_bpm, reading.cadence_rpm);
            }
            _ => {}
        }
    }
    by_time.into_iter().collect()
}

/// Bytes of the whole columns at `pco` level 8, nulls left out: the yardstick.
pub fn whole_column_bytes(samples: &[Sample]) -> usize {
    let config = pco::ChunkConfig::default().with_compression_level(8);
    let times: Vec<i64> = samples.iter().map(|sample| sample.0).collect();
    let mut bytes = pco::standalone::simple_compress(&times, &config)
        .expect("a valid configuration")
        .len();
    for column in 0..6 {
        let values: Vec<i32> = samples.iter().filter_map(|sample| sample.1[column]).collect();
        if !values.is_empty() {
            bytes += pco::standalone::simple_compress(&values, &config)
                .expect("a valid configuration")
                .len();
        }
    }
    bytes
}
