//! How small tracks are stored, and how fast they are packed and unpacked.
//!
//! For each FIT file of the recordings (`STEADFAST_TRACKS`, else `../shared/tracks` beside the workspace) with over 500 positions, the
//! columns time, position, altitude, speed, heart rate and cadence: bytes a sample as stored, and beside it `pco` level 8 over each
//! whole column. Then 100,000 samples of a synthetic run, timed, and beside them the same samples as rows of a table. Both are read from an
//! SQLite database in memory into columns; no durability is involved.

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
    let rows = synthetic_run();
    print_speed(&rows);
    print_reads(&rows).expect("SQLite in memory");
}

fn print_recordings() {
    let Some(folder) = recordings::folder() else {
        println!("no recordings here: set STEADFAST_TRACKS");
        return;
    };
    println!(
        "{:<45} {:>7} {:>8} {:>8} {:>6}",
        "recording", "samples", "stored", "pco 8", "ratio"
    );
    let (mut stored, mut ratios) = (Vec::new(), Vec::new());
    for recording in recordings::read_all(&folder) {
        let rows: Vec<Row> = recording.samples.iter().map(row).collect();
        let per_sample = |bytes: usize| as_f64(bytes) / as_f64(rows.len());
        let ours = per_sample(packed_bytes(&pack(&rows)));
        let whole = per_sample(recordings::whole_column_bytes(&recording.samples));
        println!(
            "{:<45} {:>7} {ours:>8.3} {whole:>8.3} {:>6.3}",
            recording.name,
            rows.len(),
            ours / whole
        );
        stored.push(ours);
        ratios.push(ours / whole);
    }
    println!(
        "{:<45} {:>7} {:>8.3} {:>8} {:>6.3}",
        "median",
        "",
        median(&mut stored),
        "",
        median(&mut ratios)
    );
}

fn print_speed(rows: &[Row]) {
    let chunks = pack(rows);
    println!(
        "\n{SAMPLES} synthetic samples: {:.3} bytes a sample",
        as_f64(packed_bytes(&chunks)) / as_f64(SAMPLES)
    );
    print_time("pack (push and seal)", || {
        assert_eq!(pack(rows).len(), chunks.len());
    });
    print_time("unpack to rows", || {
        let rows: usize = chunks
            .iter()
            .map(|chunk| unpack(&chunk.bytes, chunk.checksum).expect("packed above").len())
            .sum();
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

/// A full read of the track from SQLite, as chunks and as rows of 12 columns.
fn print_reads(rows: &[Row]) -> rusqlite::Result<()> {
    let mut database = rusqlite::Connection::open_in_memory()?;
    database.execute_batch(
        "CREATE TABLE chunk (first_time_ms INTEGER PRIMARY KEY, checksum INTEGER, bytes BLOB) STRICT;
         CREATE TABLE sample (time_ms INTEGER PRIMARY KEY, flags INTEGER, latitude REAL, longitude REAL, altitude REAL, speed REAL,
             horizontal_accuracy REAL, vertical_accuracy REAL, course REAL, heart_rate REAL, cadence REAL, power REAL) STRICT;",
    )?;
    let transaction = database.transaction()?;
    for chunk in pack(rows) {
        transaction.execute(
            "INSERT INTO chunk VALUES (?, ?, ?)",
            (chunk.first_time_ms, chunk.checksum, chunk.bytes),
        )?;
    }
    {
        let mut insert =
            transaction.prepare("INSERT INTO sample VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, NULL, ?, ?, NULL)")?;
        for row in rows {
            let number = |value: Option<i32>, per_unit: f64| value.map(|value| f64::from(value) / per_unit);
            insert.execute((
                row.time_ms,
                row.flags,
                number(row.latitude_e7, 1e7),
                number(row.longitude_e7, 1e7),
                number(row.altitude_cm, 100.0),
                number(row.speed_cmps, 100.0),
                number(row.heart_rate_bpm, 1.0),
                number(row.cadence_rpm, 1.0),
            ))?;
        }
    }
    transaction.commit()?;

    let packed = print_time("read chunks from SQLite", || {
        let mut columns = TrackColumnsBuilder::with_capacity(SAMPLES);
        let mut select = database
            .prepare("SELECT checksum, bytes FROM chunk ORDER BY first_time_ms")
            .expect("valid SQL");
        let mut chunks = select.query(()).expect("valid SQL");
        while let Some(chunk) = chunks.next().expect("in memory") {
            let checksum = chunk.get(0).expect("an integer");
            let bytes = chunk.get_ref(1).expect("a column").as_blob().expect("a blob");
            append_columns(bytes, checksum, &mut columns, ..).expect("packed above");
        }
        assert_eq!(columns.finish().time_ms.len(), SAMPLES);
    });
    let plain = print_time("read rows from SQLite", || {
        let mut times: Vec<i64> = Vec::with_capacity(SAMPLES);
        let mut columns: [Vec<f64>; 11] = std::array::from_fn(|_| Vec::with_capacity(SAMPLES));
        let mut select = database
            .prepare("SELECT * FROM sample ORDER BY time_ms")
            .expect("valid SQL");
        let mut rows = select.query(()).expect("valid SQL");
        while let Some(row) = rows.next().expect("in memory") {
            times.push(row.get(0).expect("an integer"));
            for (index, column) in (1..).zip(&mut columns) {
                column.push(row.get::<_, Option<f64>>(index).expect("a number").unwrap_or(f64::NAN));
            }
        }
        assert_eq!((times.len(), columns[10].len()), (SAMPLES, SAMPLES));
    });
    println!("rows take {:.1} times as long", plain / packed);
    Ok(())
}

/// Prints and returns the median, in milliseconds.
fn print_time(what: &str, mut run: impl FnMut()) -> f64 {
    let mut times: Vec<Duration> = (0..REPETITIONS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "{what:<25} median {:>7.2} ms, best {:>7.2} ms",
        ms(times[REPETITIONS / 2]),
        ms(times[0])
    );
    ms(times[REPETITIONS / 2])
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
