//! How small tracks are stored: real recordings, packed, and `pco` over each whole column beside them.

use steadfast_core::domain::sample::Row;
use steadfast_core::track::codec::TrackPacker;

use crate::measure::{median, number};
use crate::report::{Budget, Measured, Report};
use crate::{Plan, recordings};

/// Bytes a sample, for each FIT file with over 500 positions.
pub fn measure(_: Plan, report: &mut Report) {
    let Some(folder) = recordings::folder() else {
        println!("stored bytes: no recordings here, set STEADFAST_TRACKS");
        return;
    };
    let (mut stored, mut whole, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for recording in recordings::read_all(&folder) {
        let samples = number(recording.samples.len());
        let ours = number(packed_bytes(&recording.samples)) / samples;
        let columns = number(recordings::whole_column_bytes(&recording.samples)) / samples;
        stored.push(ours);
        whole.push(columns);
        ratios.push(ours / columns);
    }
    let files = format!(
        "{} FIT files; time, position, altitude, speed, heart rate, cadence",
        stored.len()
    );
    report.add(&Measured {
        name: "stored bytes a sample, median",
        value: median(&mut stored),
        unit: "bytes",
        peer: None,
        budget: Budget::AtMost(3.6),
        beside: &files,
    });
    report.add(&Measured {
        name: "stored bytes by pco's, median of the ratios",
        value: median(&mut ratios),
        unit: "×",
        peer: Some(("pco level 8 on whole columns, bytes a sample", median(&mut whole))),
        budget: Budget::AtMost(1.05),
        beside: &files,
    });
}

fn packed_bytes(samples: &[recordings::Sample]) -> usize {
    let mut packer = TrackPacker::default();
    for sample in samples {
        packer.push(&row(sample)).expect("times increase");
    }
    packer
        .finish()
        .expect("it packs")
        .iter()
        .map(|chunk| chunk.bytes.len())
        .sum()
}

fn row((time_ms, values): &recordings::Sample) -> Row {
    let [
        latitude_e7,
        longitude_e7,
        altitude_cm,
        speed_cmps,
        heart_rate_bpm,
        cadence_rpm,
    ] = *values;
    Row {
        time_ms: *time_ms,
        latitude_e7,
        longitude_e7,
        altitude_cm,
        speed_cmps,
        heart_rate_bpm,
        cadence_rpm,
        ..Row::default()
    }
}
