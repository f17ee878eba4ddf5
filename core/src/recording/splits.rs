//! Splits: the workout cut at every kilometre or mile.

use crate::domain::id::{self, Id};
use crate::domain::split::Split;

use crate::domain::split::SplitUnit;

/// Cuts a workout while it grows; O(1) a step but for the splits that the step completes.
#[derive(Clone, Debug)]
pub struct Splits {
    unit: SplitUnit,
    done: Vec<Mark>,
    /// Metres so far: the same sum as the odometer's.
    distance_m: f64,
}

/// The state of the workout at a boundary.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Mark {
    timer_ms: f64,
    gain_m: f64,
}

const START: Mark = Mark {
    timer_ms: 0.0,
    gain_m: 0.0,
};

impl Splits {
    /// No distance yet.
    #[must_use]
    pub fn new(unit: SplitUnit) -> Self {
        Self {
            unit,
            done: Vec::new(),
            distance_m: 0.0,
        }
    }

    /// Takes a step of `metres` during which the timer went from one reading to the other (ms); `gain_m` is the workout's climb at
    /// its end. A boundary inside the step gets its time by proportion; one step may cross several.
    #[allow(clippy::cast_precision_loss, reason = "milliseconds and splits of a workout")]
    pub fn add(&mut self, metres: f64, from_timer_ms: i64, to_timer_ms: i64, gain_m: f64) {
        let before = self.distance_m;
        self.distance_m += metres;
        loop {
            let boundary = (self.done.len() + 1) as f64 * self.unit.length_m();
            if self.distance_m < boundary {
                return;
            }
            let share = ((boundary - before) / metres).clamp(0.0, 1.0);
            let timer_ms = from_timer_ms as f64 + share * (to_timer_ms - from_timer_ms) as f64;
            let gain_before = self.done.last().map_or(0.0, |mark| mark.gain_m);
            self.done.push(Mark {
                timer_ms,
                gain_m: gain_m.max(gain_before),
            });
        }
    }

    /// How many are complete.
    #[must_use]
    pub fn completed(&self) -> usize {
        self.done.len()
    }

    /// Metres and timer milliseconds at which the open split began.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "splits of a workout")]
    pub fn open_since(&self) -> (f64, f64) {
        (
            self.done.len() as f64 * self.unit.length_m(),
            self.done.last().unwrap_or(&START).timer_ms,
        )
    }

    /// A complete one by its number, 1 for the first.
    #[must_use]
    pub fn get(&self, activity_id: Id, number: usize) -> Option<Split> {
        let end = self.done.get(number.checked_sub(1)?)?;
        let start = number
            .checked_sub(2)
            .and_then(|index| self.done.get(index))
            .unwrap_or(&START);
        Some(self.split(activity_id, number, *start, *end, self.unit.length_m(), true))
    }

    /// All, the last one partial: their distances, durations and climbs sum to the workout's.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of a workout")]
    pub fn all(&self, activity_id: Id, timer_ms: i64, gain_m: f64) -> Vec<Split> {
        let mut splits: Vec<Split> = (1..=self.done.len())
            .filter_map(|number| self.get(activity_id, number))
            .collect();
        let start = *self.done.last().unwrap_or(&START);
        let rest_m = self.distance_m - self.open_since().0;
        let end = Mark {
            timer_ms: timer_ms as f64,
            gain_m,
        };
        if self.distance_m > 0.0 && (rest_m > 0.0 || end.timer_ms > start.timer_ms) {
            splits.push(self.split(activity_id, self.done.len() + 1, start, end, rest_m, false));
        }
        splits
    }

    fn split(&self, activity_id: Id, number: usize, start: Mark, end: Mark, distance_m: f64, is_full: bool) -> Split {
        let index = u32::try_from(number).unwrap_or(u32::MAX);
        let duration_s = (end.timer_ms - start.timer_ms) / 1000.0;
        Split {
            id: id::split(activity_id, self.unit.name(), index),
            index,
            distance_m,
            duration_s,
            // A pace over less than a metre is noise, not information.
            pace_s_per_km: (distance_m >= 1.0).then(|| duration_s * 1000.0 / distance_m),
            elevation_gain_m: end.gain_m - start.gain_m,
            is_full,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_boundary_inside_a_step_gets_its_time_by_proportion() {
        let mut splits = Splits::new(SplitUnit::Kilometre);
        splits.add(900.0, 0, 300_000, 5.0);
        splits.add(200.0, 300_000, 400_000, 9.0);
        let all = splits.all(Id::nil(), 400_000, 9.0);
        assert_eq!(all.len(), 2);
        assert!((all[0].duration_s - 350.0).abs() < 1e-9 && all[0].is_full);
        assert!((all[1].distance_m - 100.0).abs() < 1e-9 && !all[1].is_full);
        assert!((all[1].pace_s_per_km.unwrap() - 500.0).abs() < 1e-6);
    }

    #[test]
    fn one_step_may_cross_several_boundaries() {
        let mut splits = Splits::new(SplitUnit::Kilometre);
        splits.add(3_500.0, 0, 350_000, 0.0);
        let durations: Vec<f64> = splits
            .all(Id::nil(), 350_000, 0.0)
            .iter()
            .map(|split| split.duration_s)
            .collect();
        assert_eq!(durations, [100.0, 100.0, 100.0, 50.0]);
    }

    #[test]
    fn ids_are_stable_and_differ_by_unit() {
        let split = |unit| {
            let mut splits = Splits::new(unit);
            splits.add(2_000.0, 0, 1, 0.0);
            splits.get(Id::nil(), 1).unwrap().id
        };
        assert_eq!(split(SplitUnit::Kilometre), split(SplitUnit::Kilometre));
        assert_ne!(split(SplitUnit::Kilometre), split(SplitUnit::Mile));
    }

    proptest! {
        #[test]
        fn splits_sum_to_the_workout(
            steps in prop::collection::vec((0.001..4_000.0_f64, 1..600_000_i64, 0.0..50.0_f64), 1..60),
            mile in any::<bool>(),
            rest_ms in 0..60_000_i64,
        ) {
            let mut splits = Splits::new(if mile { SplitUnit::Mile } else { SplitUnit::Kilometre });
            let (mut metres, mut timer, mut gain) = (0.0, 0, 0.0);
            for (step, ms, climb) in steps {
                gain += climb;
                metres += step;
                splits.add(step, timer, timer + ms, gain);
                timer += ms;
            }
            let all = splits.all(Id::nil(), timer + rest_ms, gain);
            #[allow(clippy::cast_precision_loss)]
            let seconds = (timer + rest_ms) as f64 / 1000.0;
            prop_assert!((all.iter().map(|split| split.distance_m).sum::<f64>() - metres).abs() < 1e-6);
            prop_assert!((all.iter().map(|split| split.duration_s).sum::<f64>() - seconds).abs() < 1e-6);
            prop_assert!((all.iter().map(|split| split.elevation_gain_m).sum::<f64>() - gain).abs() < 1e-6);
            prop_assert!(all.iter().enumerate().all(|(i, split)| split.index as usize == i + 1 && split.duration_s >= 0.0));
            prop_assert!(all.iter().rev().skip(1).all(|split| split.is_full));
        }
    }
}
