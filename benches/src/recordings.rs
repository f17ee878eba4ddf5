//! Real recordings: the columns of FIT files, and what `pco` makes of each whole column.

use std::fs;
use std::path::{Path, PathBuf};

use fitparser::Value;
use fitparser::de::{DecodeOption, FitObject, FitStreamProcessor};
use fitparser::profile::MesgNum;

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

/// Up to the first damage.
fn samples(bytes: &[u8]) -> Vec<Sample> {
    let mut decoder = FitStreamProcessor::new();
    decoder.add_option(DecodeOption::SkipHeaderCrcValidation);
    decoder.add_option(DecodeOption::SkipDataCrcValidation);
    let (mut rest, mut samples) = (bytes, Vec::<Sample>::new());
    while let Ok((after, object)) = decoder.deserialize_next(rest) {
        rest = after;
        match object {
            FitObject::DataMessage(message) => {
                if let Ok(record) = decoder.decode_message(message)
                    && record.kind() == MesgNum::Record
                    && let Some(sample) = sample(record.fields())
                    && samples.last().is_none_or(|last| last.0 < sample.0)
                {
                    samples.push(sample);
                }
            }
            FitObject::Crc(_) => decoder.reset(),
            _ => {}
        }
        if rest.is_empty() {
            break;
        }
    }
    samples
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "a value that does not fit saturates, which is as good a sample as any"
)]
fn sample(fields: &[fitparser::FitDataField]) -> Option<Sample> {
    let number = |names: [&str; 2], per_unit: f64| -> Option<i32> {
        let field = names
            .iter()
            .find_map(|name| fields.iter().find(|field| field.name() == *name))?;
        let value: f64 = field.value().clone().try_into().ok()?;
        Some((value * per_unit).round() as i32)
    };
    let time = fields.iter().find_map(|field| match field.value() {
        Value::Timestamp(time) if field.name() == "timestamp" => Some(time.timestamp_millis()),
        _ => None,
    })?;
    let semicircle = 180.0 / f64::from(1_u32 << 31) * 1e7;
    let latitude = number(["position_lat"; 2], semicircle);
    let longitude = number(["position_long"; 2], semicircle);
    let position = latitude.zip(longitude);
    Some((
        time,
        [
            position.map(|position| position.0),
            position.map(|position| position.1),
            number(["enhanced_altitude", "altitude"], 100.0),
            number(["enhanced_speed", "speed"], 100.0),
            number(["heart_rate"; 2], 1.0),
            number(["cadence"; 2], 1.0),
        ],
    ))
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
