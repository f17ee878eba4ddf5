//! Guessing a value from those before it, in both directions, and how well a guess does.

use super::bytes::zigzag;

/// How the next quotient is guessed from those before. The numbers are the format's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Predictor {
    /// Zero, the first value's quotient: for noise around a level.
    First = 0,
    /// The one before.
    Previous = 1,
    /// The straight line through the two before.
    Line = 2,
    /// The straight line through the two before, over time: for positions.
    Travel = 3,
}

/// Over a longer silence than this, in milliseconds, nobody kept on in a straight line. (10 to 30 s differ by less than 0.1 % of the positions.)
const MAX_TRAVEL_MS: u32 = 16_000;

/// What a residual costs, summed, in bits: an estimate that ranks predictors.
///
/// It counts classes of size, as `pco`'s bins would: small residuals one by one, larger ones by their number of bits.
pub(super) fn estimated_bits(residuals: &[i64]) -> f64 {
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
///
/// The ratio of the times is a fixed-point number with 16 bits after the point: so each step waits for a multiplication, not for a division
/// (reading a track with uneven times: 4.2 instead of 4.6 ms per 100,000 rows), and every machine rounds alike.
#[inline]
fn travelled(step: i64, times_ms: &[i64], index: usize) -> i64 {
    let Some([start, middle, end]) = index.checked_sub(2).and_then(|first| times_ms.get(first..=index)) else {
        return 0;
    };
    step.wrapping_mul(time_ratio(middle.wrapping_sub(*start), end.wrapping_sub(*middle)))
        .wrapping_add(1 << 15)
        >> 16
}

/// `now / last` in 1/65536, rounded down; 0 if either is no interval to travel on.
#[inline]
fn time_ratio(last: i64, now: i64) -> i64 {
    let interval = |time: i64| {
        u32::try_from(time)
            .ok()
            .filter(|time| (1..=MAX_TRAVEL_MS).contains(time))
    };
    match (interval(last), interval(now)) {
        (Some(last), Some(now)) => i64::from((now << 16) / last),
        _ => 0,
    }
}

pub(super) fn residuals(predictor: Predictor, quotients: &[i64], times_ms: &[i64], out: &mut Vec<i64>) {
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

/// Turns residuals into values, in place. The first residual is 0.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub(super) unit: i64,
    pub(super) base: i64,
}

impl Scale {
    #[inline]
    fn value(self, quotient: i64) -> i64 {
        quotient.wrapping_mul(self.unit).wrapping_add(self.base)
    }

    /// `times_ms`, one a value, matter to [`Predictor::Travel`] alone.
    pub(super) fn restore(self, predictor: Predictor, times_ms: &[i64], values: &mut [i64]) {
        match predictor {
            Predictor::First => self.apply(values),
            Predictor::Previous => self.sum(values),
            Predictor::Line => self.follow(values, |_, step| step),
            Predictor::Travel => self.follow(values, |index, step| travelled(step, times_ms, index)),
        }
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
