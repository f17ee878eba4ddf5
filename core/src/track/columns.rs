//! Track columns as they grow chunk by chunk: numbers are written as the bytes that cross to Swift and Kotlin.

use std::ops::Range;

use crate::domain::column::{DoubleColumn, LongColumn};
use crate::domain::sample::Row;

use super::model::{TrackColumns, TrackQuery};
use super::rows::{NULLABLE, Nullable, Rows};

/// Quanta of a unit, in the order of the format. Dividing gives the double nearest to the decimal number.
const QUANTA_PER_UNIT: [f64; NULLABLE] = [1e7, 1e7, 100.0, 100.0, 10.0, 10.0, 10.0, 1.0, 1.0, 1.0, 100.0];

/// Collects [`TrackColumns`].
#[derive(Clone, Debug, Default)]
pub struct TrackColumnsBuilder {
    time_ms: Vec<u8>,
    flags: Vec<u8>,
    nullable: [Vec<u8>; NULLABLE],
}

impl TrackColumnsBuilder {
    /// With memory for so many rows: 104 bytes each.
    #[must_use]
    pub fn with_capacity(rows: usize) -> Self {
        let column = || Vec::with_capacity(rows * 8);
        Self {
            time_ms: column(),
            flags: column(),
            nullable: std::array::from_fn(|_| column()),
        }
    }

    /// Rows in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.time_ms.len() / 8
    }

    /// True if there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.time_ms.is_empty()
    }

    /// Appends some rows of a chunk.
    pub(super) fn append(&mut self, rows: &Rows, range: Range<usize>) {
        extend(&mut self.time_ms, &rows.time_ms[range.clone()], |time| {
            time.to_le_bytes()
        });
        extend(&mut self.flags, &rows.flags[range.clone()], |flags| {
            i64::from(flags).to_le_bytes()
        });
        for ((column, out), per_unit) in rows.nullable.iter().zip(&mut self.nullable).zip(QUANTA_PER_UNIT) {
            append_column(column, &range, per_unit, out);
        }
    }

    /// Appends rows, such as those that simplification left.
    pub fn extend(&mut self, rows: &[Row]) {
        let mut part = Rows::default();
        for rows in rows.chunks(super::model::CHUNK_ROWS) {
            part.clear();
            for row in rows {
                part.push(row);
            }
            self.append(&part, 0..rows.len());
        }
    }

    /// The columns.
    #[must_use]
    pub fn finish(self) -> TrackColumns {
        let [
            latitude,
            longitude,
            altitude,
            speed,
            horizontal,
            vertical,
            course,
            heart_rate,
            cadence,
            power,
            distance,
        ] = self.nullable.map(DoubleColumn::from_le_bytes);
        TrackColumns {
            time_ms: LongColumn::from_le_bytes(self.time_ms),
            flags: LongColumn::from_le_bytes(self.flags),
            latitude_deg: latitude,
            longitude_deg: longitude,
            altitude_m: altitude,
            speed_mps: speed,
            horizontal_accuracy_m: horizontal,
            vertical_accuracy_m: vertical,
            course_deg: course,
            heart_rate_bpm: heart_rate,
            cadence_rpm: cadence,
            power_w: power,
            distance_m: distance,
        }
    }
}

impl TrackQuery {
    /// The times it asks for, UTC milliseconds.
    #[must_use]
    pub fn times_ms(&self) -> (std::ops::Bound<i64>, std::ops::Bound<i64>) {
        use std::ops::Bound;
        (
            self.from_ms.map_or(Bound::Unbounded, Bound::Included),
            self.until_ms.map_or(Bound::Unbounded, Bound::Excluded),
        )
    }
}

fn append_column(column: &Nullable, range: &Range<usize>, per_unit: f64, out: &mut Vec<u8>) {
    for (rows, values) in column.stretches() {
        let (start, end) = (rows.start.max(range.start), rows.end.min(range.end));
        if start >= end {
            continue;
        }
        match values {
            Some(values) => {
                let values = &values[start - rows.start..end - rows.start];
                extend(out, values, |value| (f64::from(value) / per_unit).to_le_bytes());
            }
            None => {
                for _ in start..end {
                    out.extend_from_slice(&f64::NAN.to_le_bytes());
                }
            }
        }
    }
}

/// Appends numbers as bytes, a block at a time, so that the column's capacity is looked at once a block.
fn extend<T: Copy>(out: &mut Vec<u8>, numbers: &[T], to_bytes: impl Fn(T) -> [u8; 8]) {
    let mut block = [0; 8 * 128];
    for numbers in numbers.chunks(128) {
        for (bytes, number) in block.chunks_exact_mut(8).zip(numbers) {
            bytes.copy_from_slice(&to_bytes(*number));
        }
        out.extend_from_slice(&block[..numbers.len() * 8]);
    }
}
