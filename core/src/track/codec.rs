//! Packing rows into chunks and reading them back. docs/formats/track.md describes the bytes.
//!
//! Every reader takes the checksum that is stored beside the bytes and compares it first, so that damage is found before anything is
//! decoded, and decoding bounds what it allocates by [`CHUNK_ROWS`] even where a checksum is right.

use std::ops::{Bound, RangeBounds};

use crate::domain::sample::Row;
use crate::error::{Result, SteadfastError, StorageCode};

use super::bytes::{Reader, damaged, write_unsigned};
use super::columns::TrackColumnsBuilder;
use super::model::{BoundingBox, CHUNK_ROWS, Chunk};
use super::rows::{LATITUDE, LONGITUDE, NULLABLE, Nullable, Rows};
use super::stream::{Packer, Unpacker, write_format};

/// The version that is written, and the newest that is read.
pub const FORMAT_VERSION: u8 = 1;

/// Every row has a value.
const FULL: u8 = 0;
/// Runs of rows with and without a value follow.
const OWN_RUNS: u8 = 1;
/// From here on: the runs are those of an earlier column, counted from this.
const SAME_RUNS: u8 = 2;

/// The rows that are not packed yet, as columns.
#[derive(Debug, Default)]
pub struct ChunkBuilder {
    rows: Rows,
    packer: Packer,
}

impl ChunkBuilder {
    /// Rows in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a row.
    ///
    /// # Errors
    /// `Validation` if its time is not after the last row's, or if there are [`CHUNK_ROWS`] rows already.
    pub fn push(&mut self, row: &Row) -> Result<()> {
        if let Some(last) = self.rows.time_ms.last() {
            if row.time_ms <= *last {
                return Err(SteadfastError::invalid(
                    "time_ms",
                    format!("{} is not after {last}", row.time_ms),
                ));
            }
            if self.len() == CHUNK_ROWS {
                return Err(SteadfastError::invalid(
                    "row",
                    format!("a chunk takes {CHUNK_ROWS} rows"),
                ));
            }
        }
        self.rows.push(row);
        Ok(())
    }

    /// Packs the rows into a chunk and starts anew; `None` if there is no row.
    ///
    /// # Errors
    /// `Storage` if the packing library refuses, which it has no reason to; the rows stay.
    pub fn seal(&mut self) -> Result<Option<Chunk>> {
        let (Some(first), Some(last)) = (self.rows.time_ms.first(), self.rows.time_ms.last()) else {
            return Ok(None);
        };
        let bytes = pack(&self.rows, &mut self.packer)?;
        let chunk = Chunk {
            first_time_ms: *first,
            last_time_ms: *last,
            row_count: u32::from(row_count(&self.rows)),
            bounding_box: BoundingBox::around(&self.rows.positions_e7()),
            checksum: crc32fast::hash(&bytes),
            bytes,
        };
        self.rows.clear();
        Ok(Some(chunk))
    }
}

/// A track while it grows: packed chunks, and the rows since.
///
/// Recording 100,000 samples of seven sensors holds about 350 kB of chunks and at most 150 kB of open rows.
#[derive(Debug, Default)]
pub struct TrackPacker {
    sealed: Vec<Chunk>,
    open: ChunkBuilder,
}

impl TrackPacker {
    /// Rows in it, packed or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sealed.iter().map(|chunk| chunk.row_count as usize).sum::<usize>() + self.open.len()
    }

    /// True if there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sealed.is_empty() && self.open.is_empty()
    }

    /// Time of the last row, UTC milliseconds.
    #[must_use]
    pub fn last_time_ms(&self) -> Option<i64> {
        self.open
            .rows
            .time_ms
            .last()
            .copied()
            .or_else(|| self.sealed.last().map(|chunk| chunk.last_time_ms))
    }

    /// Appends a row; every [`CHUNK_ROWS`]th call packs a chunk.
    ///
    /// # Errors
    /// `Validation` if its time is not after the last row's; `Storage` as [`ChunkBuilder::seal`]. The row is not taken.
    pub fn push(&mut self, row: &Row) -> Result<()> {
        if let Some(last) = self.last_time_ms()
            && row.time_ms <= last
        {
            return Err(SteadfastError::invalid(
                "time_ms",
                format!("{} is not after {last}", row.time_ms),
            ));
        }
        if self.open.len() == CHUNK_ROWS {
            self.seal()?;
        }
        self.open.push(row)
    }

    /// Packs the open rows, however few, and gives all chunks. Rows can be pushed afterwards; they start a new chunk.
    ///
    /// # Errors
    /// As [`ChunkBuilder::seal`]; nothing is lost.
    pub fn seal(&mut self) -> Result<&[Chunk]> {
        self.sealed.extend(self.open.seal()?);
        Ok(&self.sealed)
    }

    /// All chunks.
    ///
    /// # Errors
    /// As [`ChunkBuilder::seal`]. Call [`TrackPacker::seal`] first where losing the rows to that error matters.
    pub fn finish(mut self) -> Result<Vec<Chunk>> {
        self.seal()?;
        Ok(self.sealed)
    }

    /// Every row again.
    ///
    /// # Errors
    /// `Transaction` with code `data_damaged` if memory went bad since the chunk was packed.
    pub fn rows(&self) -> Result<Vec<Row>> {
        let mut rows = Vec::with_capacity(self.len());
        for chunk in &self.sealed {
            decode(&chunk.bytes, chunk.checksum)?.append_to(&mut rows);
        }
        self.open.rows.append_to(&mut rows);
        Ok(rows)
    }
}

/// The rows of a chunk.
///
/// # Errors
/// `Transaction` with code `data_damaged` if the bytes are not what was packed; `Storage` with code `storage_newer_version` if a newer
/// version packed them.
pub fn unpack(bytes: &[u8], checksum: u32) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    decode(bytes, checksum)?.append_to(&mut rows);
    Ok(rows)
}

/// Appends those rows of a chunk to `columns` whose time (UTC milliseconds) lies in `times_ms`; `..` takes all.
///
/// # Errors
/// As [`unpack`]; `columns` is unchanged then.
pub fn append_columns(
    bytes: &[u8],
    checksum: u32,
    columns: &mut TrackColumnsBuilder,
    times_ms: impl RangeBounds<i64>,
) -> Result<()> {
    let rows = decode(bytes, checksum)?;
    let start = match times_ms.start_bound() {
        Bound::Included(from) => rows.time_ms.partition_point(|time| time < from),
        Bound::Excluded(after) => rows.time_ms.partition_point(|time| time <= after),
        Bound::Unbounded => 0,
    };
    let end = match times_ms.end_bound() {
        Bound::Included(to) => rows.time_ms.partition_point(|time| time <= to),
        Bound::Excluded(until) => rows.time_ms.partition_point(|time| time < until),
        Bound::Unbounded => rows.len(),
    };
    columns.append(&rows, start..end.max(start));
    Ok(())
}

fn row_count(rows: &Rows) -> u16 {
    u16::try_from(rows.len()).expect("at most CHUNK_ROWS")
}

fn pack(rows: &Rows, packer: &mut Packer) -> Result<Vec<u8>> {
    let mut out = vec![FORMAT_VERSION];
    write_format(&mut out)?;
    write_unsigned(&mut out, u64::from(row_count(rows)));
    let measured = (0..)
        .zip(&rows.nullable)
        .filter(|(_, column)| !column.values.is_empty());
    out.extend_from_slice(&measured.fold(0_u16, |mask, (bit, _)| mask | 1 << bit).to_le_bytes());
    packer.write(&rows.time_ms, None, &mut out)?;
    let mut values: Vec<i64> = rows.flags.iter().copied().map(i64::from).collect();
    packer.write(&values, None, &mut out)?;
    let mut times = Vec::new();
    for (index, column) in rows.nullable.iter().enumerate() {
        if column.values.is_empty() {
            continue;
        }
        write_runs(&rows.nullable, index, packer, &mut out)?;
        values.clear();
        values.extend(column.values.iter().copied().map(i64::from));
        let is_position = index == LATITUDE || index == LONGITUDE;
        if is_position {
            column.select(&rows.time_ms, &mut times);
        }
        packer.write(&values, is_position.then_some(times.as_slice()), &mut out)?;
    }
    out.shrink_to_fit();
    Ok(out)
}

fn write_runs(columns: &[Nullable], index: usize, packer: &mut Packer, out: &mut Vec<u8>) -> Result<()> {
    let column = &columns[index];
    if column.is_full() {
        out.push(FULL);
        return Ok(());
    }
    if let Some(same) = columns[..index].iter().position(|earlier| earlier.runs == column.runs) {
        out.push(SAME_RUNS + u8::try_from(same).expect("fewer than NULLABLE"));
        return Ok(());
    }
    out.push(OWN_RUNS);
    write_unsigned(out, column.runs.len() as u64);
    let runs: Vec<i64> = column.runs.iter().copied().map(i64::from).collect();
    packer.write(&runs, None, out)
}

/// Reads a chunk.
pub(super) fn decode(bytes: &[u8], checksum: u32) -> Result<Rows> {
    let actual = crc32fast::hash(bytes);
    if actual != checksum {
        return Err(damaged(format!(
            "the chunk's checksum is {actual:08x}, not {checksum:08x}"
        )));
    }
    let mut reader = Reader { rest: bytes };
    match reader.byte()? {
        FORMAT_VERSION => {}
        newer if newer > FORMAT_VERSION => {
            return Err(SteadfastError::storage(
                StorageCode::NewerVersion,
                None,
                format!("a track chunk has version {newer}; this version reads up to {FORMAT_VERSION}"),
            ));
        }
        version => return Err(damaged(format!("a track chunk has version {version}"))),
    }
    let mut unpacker = Unpacker::new(&mut reader)?;
    let count = usize::try_from(reader.unsigned()?).unwrap_or(usize::MAX);
    if !(1..=CHUNK_ROWS).contains(&count) {
        return Err(damaged(format!("a chunk of {count} rows")));
    }
    let measured = u16::from_le_bytes([reader.byte()?, reader.byte()?]);
    if measured >> NULLABLE != 0 {
        return Err(damaged("a column that this version does not know"));
    }
    let time_ms = unpacker.read(&mut reader, count, None)?.to_vec();
    if !time_ms.is_sorted_by(|before, after| before < after) {
        return Err(damaged("the times do not increase"));
    }
    let flags = unpacker.read(&mut reader, count, None)?;
    let flags = flags.iter().map(|flags| u8::try_from(*flags)).collect::<Result<_, _>>();
    let mut rows = Rows {
        time_ms,
        flags: flags.map_err(|_| damaged("flags of more than 8 bits"))?,
        nullable: Default::default(),
    };
    let never = [0, row_count(&rows)];
    let mut times = Vec::new();
    for index in 0..NULLABLE {
        if measured >> index & 1 == 0 {
            rows.nullable[index].runs = never.to_vec();
            continue;
        }
        let runs = read_runs(&mut reader, &mut unpacker, count, &rows.nullable[..index])?;
        let present = runs.iter().step_by(2).copied().map(usize::from).sum();
        if present == 0 {
            return Err(damaged("a column without values"));
        }
        rows.nullable[index].runs = runs;
        let is_position = index == LATITUDE || index == LONGITUDE;
        let travel_times = if !is_position {
            None
        } else if present == count {
            Some(rows.time_ms.as_slice())
        } else {
            rows.nullable[index].select(&rows.time_ms, &mut times);
            Some(times.as_slice())
        };
        let values = unpacker.read(&mut reader, present, travel_times)?;
        rows.nullable[index].values = narrowed(values).ok_or_else(|| damaged("a value of more than 32 bits"))?;
    }
    if !reader.rest.is_empty() {
        return Err(damaged("bytes follow the last column"));
    }
    Ok(rows)
}

/// The values in 32 bits, if all fit. Two passes that the compiler turns into vector code, where one that can stop early is not.
#[allow(
    clippy::cast_possible_truncation,
    reason = "the first pass compares every value with its truncation"
)]
fn narrowed(values: &[i64]) -> Option<Vec<i32>> {
    let lost = values
        .iter()
        .fold(0, |lost, value| lost | (value ^ i64::from(*value as i32)));
    (lost == 0).then(|| values.iter().map(|value| *value as i32).collect())
}

/// Lengths of runs that fill exactly `count` rows.
fn read_runs(reader: &mut Reader, unpacker: &mut Unpacker, count: usize, earlier: &[Nullable]) -> Result<Vec<u16>> {
    let full = u16::try_from(count).expect("at most CHUNK_ROWS");
    match reader.byte()? {
        FULL => Ok(vec![full]),
        OWN_RUNS => {
            // One more than rows, because the first run may be empty.
            let runs = usize::try_from(reader.unsigned()?).unwrap_or(usize::MAX);
            if !(2..=count + 1).contains(&runs) {
                return Err(damaged(format!("{runs} runs of nulls")));
            }
            let runs = unpacker.read(reader, runs, None)?;
            let first_may_be_empty = runs
                .iter()
                .enumerate()
                .all(|(index, run)| *run > 0 || (index == 0 && *run == 0));
            let total = runs.iter().try_fold(0_i64, |total, run| total.checked_add(*run));
            if !first_may_be_empty || total != Some(i64::from(full)) {
                return Err(damaged("runs of nulls that do not fill the rows"));
            }
            runs.iter()
                .map(|run| u16::try_from(*run).map_err(|_| damaged("a run of nulls longer than the chunk")))
                .collect()
        }
        same => earlier
            .get(usize::from(same - SAME_RUNS))
            .map(|column| column.runs.clone())
            .ok_or_else(|| damaged("nulls as in a column that comes later")),
    }
}

#[cfg(test)]
mod tests;
