//! How small tracks are stored, and how fast they are packed and unpacked.
//!
//! For each FIT file of the recordings (`STEADFAST_TRACKS`, else `../shared/tracks` beside the workspace) with over 500 positions, the
//! columns time, position, altitude, speed, heart rate and cadence: bytes a sample as stored, and beside it `pco` level 8 over each
//! whole column. Then 100,000 samples of a synthetic run, timed.

use std::time::{Duration, Instant};

use steadfast_core::domain::sample::Row;
use steadfast_core::track::codec::{TrackPacker, append_columns, unpack};
use steadfast_core::track::columns::TrackColumnsBuilder;
use steadfast_core::track::model::Chunk;

#[path = "../../../core/src/track/recordings.rs"]
mod recordings;

const SAMPLES: usize = 100_000;
const REPETITIONS: usize = 15;

fn main() {
    print_recordings();
    print_speed();
}

fn print_recordings() {
    let Some(folder) = recordings::folder() else {
        println!("no recordings here: set STEADFAST_TRACKS");
        return;
    };
    println!("{:<45} {:>7} {:>8} {:>8} {:>6}", "recording", "samples", "stored", "pco 8", "ratio");
    let (mut stored, mut ratios) = (Vec::new(), Vec::new());
    for recording in recordings::read_all(&folder) {
        let rows: Vec<Row> = recording.samples.iter().map(row).collect();
        let per_sample = |bytes: usize| as_f64(bytes) / as_f64(rows.len());
        let ours = per_sample(packed_bytes(&pack(&rows)));
        let whole = per_sample(recordings::whole_column_bytes(&recording.samples));
        println!("{:<45} {:>7} {ours:>8.3} {whole:>8.3} {:>6.3}", recording.name, rows.len(), ours / whole);
        stored.push(ours);
        ratios.push(ours / whole);
    }
    println!("{:<45} {:>7} {:>8.3} {:>8} {:>6.3}", "median", "", median(&mut stored), "", median(&mut ratios));
}

fn print_speed() {
    let rows = synthetic_run();
    let chunks = pack(&rows);
    println!("\n{SAMPLES} synthetic samples: {:.3} bytes a sample", as_f64(packed_bytes(&chunks)) / as_f64(SAMPLES));
    print_time("pack (push and seal)", || {
        assert_eq!(pack(&rows).len(), chunks.len());
    });
    print_time("unpack to rows", || {
        let rows: usize =
            chunks.iter().map(|chunk| unpack(&chunk.bytes, chunk.checksum).expect("packed above").len()).sum();
        assert_eq!(rows, SAMPLES);
    });
    print_time("unpack to columns", || {
        let mut columns = TrackColumnsBuilder::with_capacity(SAMPLES);
        for chunk in &chunks {
            append_columns(&chunk.bytes, chunk.checksum, &mut columns, ..).expect("packed above");
        }
        assert_eq!(columns.finish().time_ms.len(), SAMPLES);
    });
}

fn print_time(what: &str, mut run: impl FnMut()) {
    let mut times: Vec<Duration> = (0..REPETITIONS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!("{what:<25} median {:>7.2} ms, best {:>7.2} ms", ms(times[REPETITIONS / 2]), ms(times[0]));
}

fn row((time_ms, values): &recordings::Sample) -> Row {
    let [latitude_e7, longitude_e7, altitude_cm, speed_cmps, heart_rate_bpm, cadence_rpm] = *values;
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

fn pack(rows: &[Row]) -> Vec<Chunk> {
    let mut packer = TrackPacker::default();
    for row in rows {
        packer.push(row).expect("times increase");
    }
    packer.finish().expect("packs")
}

fn packed_bytes(chunks: &[Chunk]) -> usize {
    chunks.iter().map(|chunk| chunk.bytes.len()).sum()
}

/// A run at 1 Hz with a phone's jitter: every sensor a random walk about its mean, positions with noise that drifts.
#[allow(clippy::cast_possible_truncation, reason = "the values are small")]
fn synthetic_run() -> Vec<Row> {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut noise = move || {
        // xorshift64* (Vigna 2016): the same run on every machine.
        random ^= random >> 12;
        random ^= random << 25;
        random ^= random >> 27;
        f64::from((random.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32) / f64::from(u32::MAX) - 0.5
    };
    let (mut latitude, mut longitude, mut heading) = (47.0_f64, 8.0_f64, 0.7_f64);
    let (mut speed, mut altitude, mut heart_rate, mut cadence) = (3.0_f64, 400.0_f64, 140.0_f64, 85.0_f64);
    let mut time_ms = 1_750_000_000_000;
    (0..SAMPLES)
        .map(|_| {
            time_ms += 1000 + (noise() * 6.0) as i64;
            heading += noise() * 0.15;
            speed += noise() * 0.3 - (speed - 3.0) * 0.05;
            altitude += noise() * 0.8;
            heart_rate += noise() * 1.6 - (heart_rate - 150.0) * 0.01;
            cadence += noise() * 2.0 - (cadence - 85.0) * 0.1;
            latitude += speed * heading.cos() / 111_200.0 + noise() * 2e-7;
            longitude += speed * heading.sin() / 75_800.0 + noise() * 3e-7;
            let rounded = |value: f64| Some(value.round() as i32);
            Row {
                time_ms,
                latitude_e7: rounded(latitude * 1e7),
                longitude_e7: rounded(longitude * 1e7),
                altitude_cm: rounded(altitude * 100.0),
                speed_cmps: rounded(speed * 100.0),
                heart_rate_bpm: rounded(heart_rate),
                cadence_rpm: rounded(cadence),
                ..Row::default()
            }
        })
        .collect()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2])
}

#[allow(clippy::cast_precision_loss, reason = "counts of bytes")]
fn as_f64(count: usize) -> f64 {
    count as f64
}
