//! The rows of one chunk, held as columns: what a builder fills, and what decoding gives back.

use crate::domain::sample::Row;

/// Columns that may lack values, in the order of the format.
pub(super) const NULLABLE: usize = 11;
/// The latitude's place among them.
pub(super) const LATITUDE: usize = 0;
/// The longitude's place among them.
pub(super) const LONGITUDE: usize = 1;

/// The nullable fields of a row, in the order of the format.
pub(super) fn fields(row: &Row) -> [Option<i32>; NULLABLE] {
    [
        row.latitude_e7,
        row.longitude_e7,
        row.altitude_cm,
        row.speed_cmps,
        row.horizontal_accuracy_dm,
        row.vertical_accuracy_dm,
        row.course_ddeg,
        row.heart_rate_bpm,
        row.cadence_rpm,
        row.power_w,
        row.distance_cm,
    ]
}

fn fields_mut(row: &mut Row) -> [&mut Option<i32>; NULLABLE] {
    [
        &mut row.latitude_e7,
        &mut row.longitude_e7,
        &mut row.altitude_cm,
        &mut row.speed_cmps,
        &mut row.horizontal_accuracy_dm,
        &mut row.vertical_accuracy_dm,
        &mut row.course_ddeg,
        &mut row.heart_rate_bpm,
        &mut row.cadence_rpm,
        &mut row.power_w,
        &mut row.distance_cm,
    ]
}

/// One column: its values without the nulls, and where they belong.
///
/// A column that was never measured costs one run, which keeps an open chunk of a plain outdoor run at a third of its rows' size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Nullable {
    /// The values that are there.
    pub(super) values: Vec<i32>,
    /// Lengths of runs, in turn of rows with and of rows without a value. The first may be 0, no other is.
    pub(super) runs: Vec<u16>,
}

impl Nullable {
    fn push(&mut self, value: Option<i32>) {
        if value.is_none() && self.runs.is_empty() {
            self.runs.push(0);
        }
        let ends_in_values = self.runs.len() % 2 == 1;
        match self.runs.last_mut() {
            Some(run) if ends_in_values == value.is_some() => *run += 1,
            _ => self.runs.push(1),
        }
        self.values.extend(value);
    }

    /// True if every row has a value.
    pub(super) fn is_full(&self) -> bool {
        self.runs.len() == 1
    }

    /// Ranges of rows, each with its values or with `None`.
    pub(super) fn stretches(&self) -> impl Iterator<Item = (std::ops::Range<usize>, Option<&[i32]>)> {
        let (mut row, mut rest) = (0, self.values.as_slice());
        self.runs.iter().enumerate().map(move |(index, run)| {
            let run = usize::from(*run);
            let rows = row..row + run;
            row += run;
            if index % 2 == 1 {
                return (rows, None);
            }
            let (values, after) = rest.split_at(run);
            rest = after;
            (rows, Some(values))
        })
    }

    /// Puts what stands at the rows with a value into `out`; looks at the runs alone.
    pub(super) fn select(&self, of_rows: &[i64], out: &mut Vec<i64>) {
        out.clear();
        let mut rest = of_rows;
        for (index, run) in self.runs.iter().enumerate() {
            let (rows, after) = rest.split_at(usize::from(*run));
            rest = after;
            if index % 2 == 0 {
                out.extend_from_slice(rows);
            }
        }
    }

    fn clear(&mut self) {
        self.values.clear();
        self.runs.clear();
    }
}

/// The rows of one chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) time_ms: Vec<i64>,
    pub(super) flags: Vec<u8>,
    pub(super) nullable: [Nullable; NULLABLE],
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.time_ms.len()
    }

    pub(super) fn push(&mut self, row: &Row) {
        self.time_ms.push(row.time_ms);
        self.flags.push(row.flags);
        for (column, value) in self.nullable.iter_mut().zip(fields(row)) {
            column.push(value);
        }
    }

    /// Empties it and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.time_ms.clear();
        self.flags.clear();
        self.nullable.iter_mut().for_each(Nullable::clear);
    }

    /// Appends them to `out` as rows.
    pub(super) fn append_to(&self, out: &mut Vec<Row>) {
        let start = out.len();
        out.extend(self.time_ms.iter().zip(&self.flags).map(|(&time_ms, &flags)| Row {
            time_ms,
            flags,
            ..Row::default()
        }));
        for (index, column) in self.nullable.iter().enumerate() {
            for (rows, values) in column.stretches() {
                for (row, value) in out[start..][rows].iter_mut().zip(values.unwrap_or_default()) {
                    *fields_mut(row)[index] = Some(*value);
                }
            }
        }
    }

    /// Latitude and longitude of the rows that have both.
    pub(super) fn positions_e7(&self) -> Vec<(i32, i32)> {
        let (latitude, longitude) = (&self.nullable[LATITUDE], &self.nullable[LONGITUDE]);
        if latitude.runs == longitude.runs {
            return latitude
                .values
                .iter()
                .copied()
                .zip(longitude.values.iter().copied())
                .collect();
        }
        let mut rows = Vec::new();
        self.append_to(&mut rows);
        rows.iter().filter_map(Row::position_e7).collect()
    }
}
