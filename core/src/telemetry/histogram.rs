//! How long things take: a count a bucket, each a fifth wider than the one before, so that memory stays the same for ever. Pure.

/// Bounds of the buckets in milliseconds, the first 1 ms, the last over an hour.
const BUCKETS: usize = 84;
/// Each bound is at least this much above the one before, in per cent.
const GROWTH_PERCENT: u64 = 20;

/// Counts by duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    counts: [u64; BUCKETS],
    max_ms: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            counts: [0; BUCKETS],
            max_ms: 0,
        }
    }
}

impl Histogram {
    /// Counts one.
    pub fn add(&mut self, ms: u64) {
        let at = bounds().position(|bound| ms <= bound).unwrap_or(BUCKETS - 1);
        self.counts[at] += 1;
        self.max_ms = self.max_ms.max(ms);
    }

    /// How many were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The longest, in milliseconds.
    #[must_use]
    pub fn max_ms(&self) -> u64 {
        self.max_ms
    }

    /// At least `percent` of them took at most so long: the bound of the bucket, at most the longest. 0 for none.
    #[must_use]
    pub fn percentile_ms(&self, percent: u64) -> u64 {
        let wanted = (self.count() * percent).div_ceil(100).max(1);
        let mut seen = 0;
        for (bound, count) in bounds().zip(self.counts) {
            seen += count;
            if seen >= wanted {
                return bound.min(self.max_ms);
            }
        }
        self.max_ms
    }
}

fn bounds() -> impl Iterator<Item = u64> {
    std::iter::successors(Some(1), |bound| Some(bound + (bound * GROWTH_PERCENT / 100).max(1))).take(BUCKETS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_buckets_reach_over_an_hour() {
        assert!(
            bounds().last().is_some_and(|last| last > 3_600_000),
            "{:?}",
            bounds().last()
        );
        assert_eq!(Histogram::default().percentile_ms(95), 0);
    }

    proptest! {
        #[test]
        fn a_percentile_is_the_true_one_or_up_to_a_fifth_above(mut times in prop::collection::vec(0_u64..3_000_000, 1..200), percent in 1_u64..=100) {
            let mut histogram = Histogram::default();
            for time in &times {
                histogram.add(*time);
            }
            times.sort_unstable();
            let rank = (times.len() as u64 * percent).div_ceil(100).max(1);
            let truth = times[usize::try_from(rank).expect("small") - 1];
            let said = histogram.percentile_ms(percent);
            prop_assert!(said >= truth && said <= truth + (truth / 5).max(1), "{said} for {truth}");
        }
    }
}
