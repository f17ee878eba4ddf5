//! A sequence of integers in as few bytes as its nature allows: one column of a chunk, or the runs of its nulls.
//!
//! What is stored is a base, a unit, and how far each value lies from a prediction; `pco` packs those residuals, in the narrowest
//! integer type that holds them. docs/formats/track.md has the layout.
//!
//! Figures behind it, on real recordings cut into chunks of 4,096 rows (100 % is `pco` level 8 over each whole column): `pco`
//! alone 99 to 121 %, because it chooses its delta order from a sample and describes every bin in the column's full width. Predictors
//! chosen here over the whole column, residuals in 8 or 16 bits: median 99 %. Positions predicted by the time that passed
//! ([`Predictor::Travel`]): median 97 %, and 15 to 20 % off the positions of devices that record at uneven intervals. Positions on a grid
//! of 1e-6° that rounding has smeared ([`GRID`]): those columns from 130 % to 100 %. Level 10 would save 0.3 % more, a convolution
//! instead of a predictor up to 1 % on one recording and lose up to 20 % on others.

use pco::data_types::Number;
use pco::wrapped::{FileCompressor, FileDecompressor};
use pco::{ChunkConfig, DeltaSpec, ModeSpec};

use crate::error::{Result, SteadfastError, StorageCode};

use super::bytes::{Reader, damaged, write_signed, write_unsigned, zigzag};

/// How the next quotient is guessed from those before. The numbers are the format's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Predictor {
    /// Zero, the first value's quotient: for noise around a level.
    First = 0,
    /// The one before.
    Previous = 1,
    /// The straight line through the two before.
    Line = 2,
    /// The straight line through the two before, over time: for positions.
    Travel = 3,
}

/// Over a longer silence than this, in milliseconds, nobody kept on in a straight line. (10 to 30 s differ by less than 0.1 %.)
const MAX_TRAVEL_MS: i64 = 16_000;

/// Some devices keep positions to 1e-6°, and write them in units that do not hit it exactly. In our quanta such a position is 10 n + c or
/// its neighbour; splitting off the remainder leaves a track that is ten times smoother.
const GRID: i64 = 10;

const WIDTH: u8 = 0b0000_0111;
const PREDICTOR_SHIFT: u32 = 3;
const HAS_UNIT: u8 = 0b0010_0000;
const HAS_REMAINDER: u8 = 0b0100_0000;
const RESERVED: u8 = 0b1000_0000;

/// A chunk in `pco`'s format begins with its mode and its delta encoding, four bits each. Both are 0 in ours: the plain mode, and no delta
/// encoding. All others are refused unread, because some of them allocate by numbers found in the data.
const PLAIN: u8 = 0;

/// Packs sequences; keeps its working memory between them.
#[derive(Debug)]
pub(super) struct Packer {
    config: ChunkConfig,
    quotients: Vec<i64>,
    residuals: Vec<i64>,
    best: Vec<i64>,
}

impl Default for Packer {
    fn default() -> Self {
        Self {
            config: ChunkConfig::default()
                .with_compression_level(LEVEL)
                .with_mode_spec(ModeSpec::Classic)
                .with_delta_spec(DeltaSpec::NoOp)
                .with_enable_8_bit(true),
            quotients: Vec::new(),
            residuals: Vec::new(),
            best: Vec::new(),
        }
    }
}

/// `pco`'s own middle.
const LEVEL: usize = 8;

/// What a residual costs, summed, in bits: an estimate that ranks predictors.
///
/// It counts classes of size, as `pco`'s bins would: small residuals one by one, larger ones by their number of bits. On the real
/// recordings it picks the smallest predictor or one within 0.5 %.
fn estimated_bits(residuals: &[i64]) -> f64 {
    const SINGLE: u64 = 16;
    let mut counts = [0_u32; 80];
    for residual in residuals {
        let size = zigzag(*residual);
        let class = if size < SINGLE {
            size
        } else {
            u64::from(64 - size.leading_zeros()) + 11
        };
        counts[usize::try_from(class).unwrap_or_default()] += 1;
    }
    let total: u32 = counts.iter().sum();
    let bits = |(class, count): (u32, &u32)| {
        let offset_bits = class.saturating_sub(12);
        f64::from(*count) * ((f64::from(total) / f64::from(*count)).log2() + f64::from(offset_bits))
    };
    (0..).zip(&counts).filter(|(_, count)| **count > 0).map(bits).sum()
}

/// How far a position moves between `index - 1` and `index`, if it moved by `step` before and keeps its speed.
#[inline]
fn travelled(step: i64, times_ms: &[i64], index: usize) -> i64 {
    let Some([start, middle, end]) = index.checked_sub(2).and_then(|first| times_ms.get(first..=index)) else {
        return 0;
    };
    let (last, now) = (middle.wrapping_sub(*start), end.wrapping_sub(*middle));
    if now == last && (1..=MAX_TRAVEL_MS).contains(&now) {
        return step;
    }
    if !(1..=MAX_TRAVEL_MS).contains(&now) || !(1..=MAX_TRAVEL_MS).contains(&last) {
        return 0;
    }
    let way = step.wrapping_mul(now).wrapping_add(last / 2);
    // Most divisions fit 32 bits, where they take a third of the time.
    match (i32::try_from(way), i32::try_from(last)) {
        (Ok(way), Ok(last)) => i64::from(way.div_euclid(last)),
        _ => way.div_euclid(last),
    }
}

fn residuals(predictor: Predictor, quotients: &[i64], times_ms: &[i64], out: &mut Vec<i64>) {
    out.clear();
    let (mut before, mut step) = (0_i64, 0_i64);
    let mut walk = |guess: &dyn Fn(usize, i64, i64) -> i64| {
        out.extend(quotients.iter().enumerate().skip(1).map(|(index, &quotient)| {
            let residual = quotient.wrapping_sub(guess(index, before, step));
            step = quotient.wrapping_sub(before);
            before = quotient;
            residual
        }));
    };
    match predictor {
        Predictor::First => out.extend_from_slice(quotients.get(1..).unwrap_or_default()),
        Predictor::Previous => out.extend(quotients.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]))),
        Predictor::Line => walk(&|_, before, step| before.wrapping_add(step)),
        Predictor::Travel => walk(&|index, before, step| before.wrapping_add(travelled(step, times_ms, index))),
    }
}

/// The largest number that divides every distance from the first value; 1 if that says nothing.
fn common_unit(values: &[i64]) -> u64 {
    let mut unit = 0_u64;
    for value in values {
        let mut rest = value.wrapping_sub(values[0]).unsigned_abs();
        while rest != 0 {
            (unit, rest) = (rest, unit % rest);
        }
        if unit == 1 {
            break;
        }
    }
    // A distance that only fits unsigned cannot be a multiple of a unit in wrapping arithmetic unless the unit is 1.
    if unit > i64::MAX.unsigned_abs() { 1 } else { unit.max(1) }
}

/// The residue on which the grid's values lie, if three quarters of them lie on it and its neighbour.
fn grid_residue(values: &[i64]) -> Option<i64> {
    let mut counts = [0_usize; 10];
    for value in values {
        counts[usize::try_from(value.rem_euclid(GRID)).unwrap_or_default()] += 1;
    }
    let pair = |residue: &usize| counts[*residue] + counts[(*residue + 1) % 10];
    let best = (0..10).max_by_key(pair)?;
    (pair(&best) * 4 >= values.len() * 3).then(|| i64::try_from(best).unwrap_or_default())
}

impl Packer {
    /// Appends at least one value. `times_ms`, one a value, makes a position of it.
    pub(super) fn write(&mut self, values: &[i64], times_ms: Option<&[i64]>, out: &mut Vec<u8>) -> Result<()> {
        let unit = common_unit(values);
        let base = values[0];
        let divisor = i64::try_from(unit).unwrap_or(1);
        let mut quotients = std::mem::take(&mut self.quotients);
        quotients.clear();
        if divisor == 1 {
            quotients.extend(values.iter().map(|value| value.wrapping_sub(base)));
        } else {
            quotients.extend(values.iter().map(|value| value.wrapping_sub(base) / divisor));
        }
        let (predictor, bits) = self.choose(&quotients, times_ms);

        let written = if unit == 1 && times_ms.is_some() && self.write_on_grid(values, times_ms, bits, out)? {
            Ok(())
        } else {
            self.write_head(predictor, base, unit, 0, out);
            self.write_residuals(out)
        };
        self.quotients = quotients;
        written
    }

    /// Appends the values as points of the grid and remainders, if that is smaller than `bits` by more than its overhead.
    fn write_on_grid(
        &mut self,
        values: &[i64],
        times_ms: Option<&[i64]>,
        bits: f64,
        out: &mut Vec<u8>,
    ) -> Result<bool> {
        const REQUIRED: f64 = 0.95;
        let Some(residue) = grid_residue(values) else {
            return Ok(false);
        };
        let plain = std::mem::take(&mut self.best);
        let remainders: Vec<i64> = values.iter().map(|value| (value - residue).rem_euclid(GRID)).collect();
        let base = values[0] - remainders[0];
        let quotients: Vec<i64> = values.iter().map(|value| (value - base).div_euclid(GRID)).collect();
        let (predictor, grid_bits) = self.choose(&quotients, times_ms);
        if grid_bits + estimated_bits(&remainders) > bits * REQUIRED {
            self.best = plain;
            return Ok(false);
        }
        self.write_head(predictor, base, GRID.unsigned_abs(), HAS_REMAINDER, out);
        let on_grid = std::mem::take(&mut self.best);
        self.write(&remainders, None, out)?;
        self.best = on_grid;
        self.write_residuals(out)?;
        Ok(true)
    }

    /// Leaves the residuals of the best predictor in `self.best`.
    fn choose(&mut self, quotients: &[i64], times_ms: Option<&[i64]>) -> (Predictor, f64) {
        let last = if times_ms.is_some() {
            Predictor::Travel
        } else {
            Predictor::Line
        };
        let mut best = (Predictor::First, f64::INFINITY);
        for predictor in [Predictor::First, Predictor::Previous, last] {
            residuals(predictor, quotients, times_ms.unwrap_or_default(), &mut self.residuals);
            let bits = estimated_bits(&self.residuals);
            if bits < best.1 {
                best = (predictor, bits);
                std::mem::swap(&mut self.best, &mut self.residuals);
            }
        }
        best
    }

    fn write_head(&self, predictor: Predictor, base: i64, unit: u64, remainder: u8, out: &mut Vec<u8>) {
        let has_unit = if unit == 1 { 0 } else { HAS_UNIT };
        out.push(self.width() | (predictor as u8) << PREDICTOR_SHIFT | has_unit | remainder);
        write_signed(out, base);
        if has_unit != 0 {
            write_unsigned(out, unit);
        }
    }

    /// 0 if the residuals are all the same, else how often one byte must be doubled to hold them, plus one.
    fn width(&self) -> u8 {
        let (mut low, mut high) = (i64::MAX, i64::MIN);
        for residual in &self.best {
            low = low.min(*residual);
            high = high.max(*residual);
        }
        if low >= high {
            0
        } else if i8::try_from(low).is_ok() && i8::try_from(high).is_ok() {
            1
        } else if i16::try_from(low).is_ok() && i16::try_from(high).is_ok() {
            2
        } else if i32::try_from(low).is_ok() && i32::try_from(high).is_ok() {
            3
        } else {
            4
        }
    }

    fn write_residuals(&self, out: &mut Vec<u8>) -> Result<()> {
        match self.width() {
            0 => {
                if let Some(residual) = self.best.first() {
                    write_signed(out, *residual);
                }
                Ok(())
            }
            1 => self.write_packed::<i8>(out),
            2 => self.write_packed::<i16>(out),
            3 => self.write_packed::<i32>(out),
            _ => self.write_packed::<i64>(out),
        }
    }

    fn write_packed<T: Number + TryFrom<i64> + Default>(&self, out: &mut Vec<u8>) -> Result<()> {
        let narrow: Vec<T> = self
            .best
            .iter()
            .map(|residual| T::try_from(*residual).unwrap_or_default())
            .collect();
        let mut packed = FileCompressor::default()
            .chunk_compressor(&narrow, &self.config)
            .map_err(refused)?;
        packed.write_meta(&mut *out).map_err(refused)?;
        packed.write_page(0, out).map_err(refused)?;
        Ok(())
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn refused(error: pco::errors::PcoError) -> SteadfastError {
    SteadfastError::storage(StorageCode::Io, None, format!("the track could not be packed: {error}"))
}

/// Appends `pco`'s own header, once a chunk.
pub(super) fn write_format(out: &mut Vec<u8>) -> Result<()> {
    FileCompressor::default().write_header(out).map_err(refused)?;
    Ok(())
}

/// Unpacks sequences; keeps its working memory between them.
pub(super) struct Unpacker {
    format: FileDecompressor,
    values: Vec<i64>,
    remainders: Vec<i64>,
}

impl Unpacker {
    /// Reads `pco`'s own header.
    pub(super) fn new(reader: &mut Reader) -> Result<Self> {
        let (format, rest) = FileDecompressor::new(reader.rest).map_err(unreadable)?;
        reader.rest = rest;
        Ok(Self {
            format,
            values: Vec::new(),
            remainders: Vec::new(),
        })
    }

    /// Reads `count` values, at least one. The caller bounds `count`: that much memory is taken before anything is checked.
    pub(super) fn read(&mut self, reader: &mut Reader, count: usize, times_ms: Option<&[i64]>) -> Result<&[i64]> {
        let mut values = std::mem::take(&mut self.values);
        let read = self.read_into(reader, count, times_ms, true, &mut values);
        self.values = values;
        read.map(|()| self.values.as_slice())
    }

    fn read_into(
        &mut self,
        reader: &mut Reader,
        count: usize,
        times_ms: Option<&[i64]>,
        may_have_remainder: bool,
        values: &mut Vec<i64>,
    ) -> Result<()> {
        let head = reader.byte()?;
        if head & RESERVED != 0 {
            return Err(damaged("a reserved bit is set"));
        }
        let predictor = match head >> PREDICTOR_SHIFT & 0b11 {
            0 => Predictor::First,
            1 => Predictor::Previous,
            2 => Predictor::Line,
            _ if times_ms.is_some() => Predictor::Travel,
            _ => return Err(damaged("a column without times is predicted by time")),
        };
        let base = reader.signed()?;
        let unit = if head & HAS_UNIT == 0 {
            1
        } else {
            reader.unsigned()?.cast_signed()
        };
        let has_remainder = head & HAS_REMAINDER != 0;
        if has_remainder {
            if !may_have_remainder {
                return Err(damaged("remainders have remainders"));
            }
            let mut remainders = std::mem::take(&mut self.remainders);
            let read = self.read_into(reader, count, None, false, &mut remainders);
            self.remainders = remainders;
            read?;
        }
        values.clear();
        values.resize(count, 0);
        self.read_residuals(reader, head & WIDTH, &mut values[1..])?;
        let scale = Scale { unit, base };
        match predictor {
            Predictor::First => scale.apply(values),
            Predictor::Previous => scale.sum(values),
            Predictor::Line => scale.follow(values, |_, step| step),
            Predictor::Travel => {
                let times_ms = times_ms.unwrap_or_default();
                scale.follow(values, |index, step| travelled(step, times_ms, index));
            }
        }
        if has_remainder {
            for (value, remainder) in values.iter_mut().zip(&self.remainders) {
                *value = value.wrapping_add(*remainder);
            }
        }
        Ok(())
    }

    fn read_residuals(&self, reader: &mut Reader, width: u8, residuals: &mut [i64]) -> Result<()> {
        match width {
            0 if residuals.is_empty() => Ok(()),
            0 => {
                residuals.fill(reader.signed()?);
                Ok(())
            }
            1 => self.read_packed::<i8>(reader, residuals),
            2 => self.read_packed::<i16>(reader, residuals),
            3 => self.read_packed::<i32>(reader, residuals),
            4 => self.read_packed::<i64>(reader, residuals),
            _ => Err(damaged("an unknown width")),
        }
    }

    fn read_packed<T: Number + Into<i64> + Default>(&self, reader: &mut Reader, residuals: &mut [i64]) -> Result<()> {
        if residuals.is_empty() || reader.rest.first() != Some(&PLAIN) {
            return Err(damaged("a packed column is not in the plain mode"));
        }
        let (mut meta, rest) = self
            .format
            .chunk_decompressor::<T, _>(reader.rest)
            .map_err(unreadable)?;
        let mut page = meta.page_decompressor(rest, residuals.len()).map_err(unreadable)?;
        // One batch of pco's at a time: it stays in the first-level cache, and no second column is allocated.
        let mut batch = [T::default(); 256];
        for part in residuals.chunks_mut(batch.len()) {
            page.read(&mut batch).map_err(unreadable)?;
            for (residual, narrow) in part.iter_mut().zip(batch) {
                *residual = narrow.into();
            }
        }
        reader.rest = page.into_src();
        Ok(())
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
fn unreadable(error: pco::errors::PcoError) -> SteadfastError {
    damaged(format!("a packed column cannot be read: {error}"))
}

/// Turns residuals into values, in place. The first residual is 0.
#[derive(Clone, Copy)]
struct Scale {
    unit: i64,
    base: i64,
}

impl Scale {
    #[inline]
    fn value(self, quotient: i64) -> i64 {
        quotient.wrapping_mul(self.unit).wrapping_add(self.base)
    }

    fn apply(self, values: &mut [i64]) {
        for value in values {
            *value = self.value(*value);
        }
    }

    fn sum(self, values: &mut [i64]) {
        let mut quotient = 0_i64;
        for value in values {
            quotient = quotient.wrapping_add(*value);
            *value = self.value(quotient);
        }
    }

    /// `on` gives the step that is expected at an index after the step before.
    #[inline]
    fn follow(self, values: &mut [i64], on: impl Fn(usize, i64) -> i64) {
        let (mut quotient, mut step) = (0_i64, 0_i64);
        for (index, value) in values.iter_mut().enumerate() {
            step = on(index, step).wrapping_add(*value);
            quotient = quotient.wrapping_add(step);
            *value = self.value(quotient);
        }
    }
}
