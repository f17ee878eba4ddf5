//! A sample that carries only wall time gets its place on the sleep-counting clock from the moment it arrived.
//!
//! Apple's location source stamps fixes with the wall clock alone. At the moment of delivery both clocks can be read, so the age of the
//! fix places it on the clock that never jumps, and a wall clock that is set in mid-run does no harm.

use crate::domain::sample::{Fix, Reading};
use crate::domain::time::Moment;

/// A sample older than this on arrival has crossed a jump of the wall clock rather than waited: platforms deliver deferred fixes
/// within minutes.
const OLDEST_MS: i64 = 30 * 60_000;
/// Clocks of receiver and phone differ by a little.
const NEWEST_MS: i64 = 2_000;

/// What has a place on both clocks.
pub trait Sample: Sized {
    /// UTC milliseconds, and the other clock if known.
    fn clocks(&self) -> (i64, Option<i64>);
    /// The sample with the other clock.
    #[must_use]
    fn at_elapsed(self, elapsed_ms: i64) -> Self;
}

macro_rules! sample {
    ($sample:ty) => {
        impl Sample for $sample {
            fn clocks(&self) -> (i64, Option<i64>) {
                (self.time_ms, self.elapsed_ms)
            }
            fn at_elapsed(self, elapsed_ms: i64) -> Self {
                Self {
                    elapsed_ms: Some(elapsed_ms),
                    ..self
                }
            }
        }
    };
}

sample!(Fix);
sample!(Reading);

/// The sample with its place on the sleep-counting clock, where arrival tells it. A replay has no such clock and changes nothing.
#[must_use]
pub fn with_elapsed<S: Sample>(sample: S, arrived: &Moment) -> S {
    let (time_ms, known) = sample.clocks();
    let Some(now_elapsed_ms) = arrived.elapsed_ms.filter(|_| known.is_none()) else {
        return sample;
    };
    let age_ms = arrived.wall_ms.saturating_sub(time_ms);
    if !(-NEWEST_MS..=OLDEST_MS).contains(&age_ms) {
        return sample;
    }
    sample.at_elapsed(now_elapsed_ms - age_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(time_ms: i64) -> Reading {
        Reading {
            time_ms,
            ..Reading::default()
        }
    }

    #[test]
    fn a_late_delivery_keeps_its_age() {
        let arrived = Moment {
            wall_ms: 1_000_000,
            elapsed_ms: Some(50_000),
        };
        assert_eq!(with_elapsed(reading(990_000), &arrived).elapsed_ms, Some(40_000));
        assert_eq!(with_elapsed(reading(1_000_500), &arrived).elapsed_ms, Some(50_500));
    }

    #[test]
    fn an_impossible_age_proves_nothing() {
        let arrived = Moment {
            wall_ms: 1_000_000_000_000,
            elapsed_ms: Some(50_000),
        };
        assert_eq!(with_elapsed(reading(1_000_000), &arrived).elapsed_ms, None);
        assert_eq!(with_elapsed(reading(1_100_000_000_000), &arrived).elapsed_ms, None);
    }

    #[test]
    fn the_platforms_own_reading_goes_first() {
        let arrived = Moment {
            wall_ms: 1_000_000,
            elapsed_ms: Some(50_000),
        };
        let known = Reading {
            elapsed_ms: Some(7),
            ..reading(990_000)
        };
        assert_eq!(with_elapsed(known, &arrived).elapsed_ms, Some(7));
    }
}
