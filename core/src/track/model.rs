//! The words of the track room.

use std::time::SystemTime;

use crate::domain::column::{DoubleColumn, LongColumn};

/// Rows in a full chunk. Large enough that a chunk's own overhead is small, small enough that the open chunk costs little memory
/// and a read by range decodes little.
pub const CHUNK_ROWS: usize = 4096;

/// The smallest box around positions, in 1e-7 degrees. A box over the antimeridian has `west > east`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundingBox {
    /// Southern edge.
    pub south_e7: i32,
    /// Western edge.
    pub west_e7: i32,
    /// Northern edge.
    pub north_e7: i32,
    /// Eastern edge.
    pub east_e7: i32,
}

/// Up to [`CHUNK_ROWS`] rows, packed, with what SQL needs to find them without unpacking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Time of the first row, UTC milliseconds.
    pub first_time_ms: i64,
    /// Time of the last row, UTC milliseconds.
    pub last_time_ms: i64,
    /// Rows in it.
    pub row_count: u32,
    /// Around its positions; `None` if it has none.
    pub bounding_box: Option<BoundingBox>,
    /// CRC-32 (IEEE) of `bytes`.
    pub checksum: u32,
    /// The packed columns (docs/formats/track.md).
    pub bytes: Vec<u8>,
}

/// A track, or a part of one, as columns of equal length. An unknown value is NaN in a column of doubles.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct TrackColumns {
    /// UTC, milliseconds since 1970.
    pub time_ms: LongColumn,
    /// Bits: 1 = starts a segment, 2 = altitude is barometric.
    pub flags: LongColumn,
    /// Degrees north.
    pub latitude_deg: DoubleColumn,
    /// Degrees east.
    pub longitude_deg: DoubleColumn,
    /// Metres.
    pub altitude_m: DoubleColumn,
    /// Metres per second.
    pub speed_mps: DoubleColumn,
    /// Metres.
    pub horizontal_accuracy_m: DoubleColumn,
    /// Metres.
    pub vertical_accuracy_m: DoubleColumn,
    /// Degrees clockwise from north.
    pub course_deg: DoubleColumn,
    /// Beats per minute.
    pub heart_rate_bpm: DoubleColumn,
    /// Revolutions per minute.
    pub cadence_rpm: DoubleColumn,
    /// Watts.
    pub power_w: DoubleColumn,
    /// Metres since the start, from a sensor.
    pub distance_m: DoubleColumn,
}

/// One row of a track, for a short stretch of it: 100,000 of these took 78 ms on their way to Kotlin and 439 ms to Swift, the same as
/// columns 9 ms and 8 ms (docs/performance.md).
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct TrackPoint {
    /// UTC.
    pub time: SystemTime,
    /// True if there is a gap before it.
    pub starts_segment: bool,
    /// Degrees north.
    pub latitude_deg: Option<f64>,
    /// Degrees east.
    pub longitude_deg: Option<f64>,
    /// Metres.
    pub altitude_m: Option<f64>,
    /// Metres per second.
    pub speed_mps: Option<f64>,
    /// Metres.
    pub horizontal_accuracy_m: Option<f64>,
    /// Metres.
    pub vertical_accuracy_m: Option<f64>,
    /// Degrees clockwise from north.
    pub course_deg: Option<f64>,
    /// Beats per minute.
    pub heart_rate_bpm: Option<f64>,
    /// Revolutions per minute.
    pub cadence_rpm: Option<f64>,
    /// Watts.
    pub power_w: Option<f64>,
    /// Metres since the start, from a sensor.
    pub distance_m: Option<f64>,
}

/// Which part of a track, and how fine.
#[derive(Clone, Debug, Default, PartialEq, uniffi::Record)]
pub struct TrackQuery {
    /// Skip rows before this instant, UTC milliseconds.
    #[uniffi(default = None)]
    pub from_ms: Option<i64>,
    /// Skip rows from this instant on, UTC milliseconds.
    #[uniffi(default = None)]
    pub until_ms: Option<i64>,
    /// Leave out positions as long as the line stays within this many metres of every one left out. `None`: every row.
    #[uniffi(default = None)]
    pub tolerance_m: Option<f64>,
}
