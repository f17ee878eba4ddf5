//! Laps: the workout cut where the person pressed the button.
//!
//! A press is a reading of the timer, and the metres until then follow from the track, so laps can be computed again from the track and the
//! moments of the presses. The step that was under way at a press is complete only with the next fix; until then what was counted at the
//! press stands for it.

use crate::domain::id::{self, Id};
use crate::domain::lap::Lap;
use crate::domain::time::from_ms;

use super::odometer::Advance;

/// A press less than a second of the timer after the one before is the same press again: a button that bounces, a glove, a double tap.
const SHORTEST_MS: i64 = 1000;

/// Cuts a workout while it grows; O(1) a row but for the presses that the row decides.
#[derive(Clone, Debug, Default)]
pub struct Laps {
    presses: Vec<Press>,
    /// How many presses a later step has passed: their metres are final.
    measured: usize,
    /// How many presses a later row has passed: their climb is final.
    climbed: usize,
    /// Metres so far: the same sum as the odometer's.
    distance_m: f64,
    /// The climb at the last row.
    gain_m: f64,
}

/// The state of the workout when the button was pressed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Press {
    at_ms: i64,
    timer_ms: i64,
    distance_m: f64,
    gain_m: f64,
}

impl Laps {
    /// True if a press at this reading of the timer ends a lap.
    #[must_use]
    pub fn may_press(&self, timer_ms: i64) -> bool {
        timer_ms - self.presses.last().map_or(0, |press| press.timer_ms) >= SHORTEST_MS
    }

    /// Ends the open lap. No row may have come yet from after this reading of the timer, but for a track that is folded again.
    pub fn press(&mut self, at_ms: i64, timer_ms: i64) {
        self.presses.push(Press {
            at_ms,
            timer_ms,
            distance_m: 0.0,
            gain_m: 0.0,
        });
    }

    /// Takes a row at this reading of the timer, with the step that it completes; `gain_m` is the workout's climb with it. Metres of a
    /// step with a press inside go to both laps by the share of its time.
    pub fn add(&mut self, timer_ms: i64, step: Option<&Advance>, gain_m: f64) {
        while let Some(press) = self
            .presses
            .get_mut(self.climbed)
            .filter(|press| press.timer_ms < timer_ms)
        {
            press.gain_m = self.gain_m;
            self.climbed += 1;
        }
        self.gain_m = gain_m;
        let Some(step) = step else { return };
        while let Some(press) = self
            .presses
            .get_mut(self.measured)
            .filter(|press| press.timer_ms < step.to_ms)
        {
            press.distance_m = self.distance_m + metres_before(step, press.timer_ms);
            self.measured += 1;
        }
        self.distance_m += step.metres;
    }

    /// When the button was pressed last, UTC milliseconds.
    #[must_use]
    pub fn last_press_ms(&self) -> Option<i64> {
        self.presses.last().map(|press| press.at_ms)
    }

    /// Moves every instant; see `Timer::shift`.
    pub fn shift(&mut self, by_ms: i64) {
        for press in &mut self.presses {
            press.at_ms += by_ms;
        }
    }

    /// How many are complete.
    #[must_use]
    pub fn completed(&self) -> usize {
        self.presses.len()
    }

    /// Metres and timer milliseconds at which the open lap began; `ahead` is a step that is not counted yet. O(1).
    #[must_use]
    pub fn open_since(&self, ahead: Option<&Advance>) -> (f64, i64) {
        let Some(press) = self.presses.last() else {
            return (0.0, 0);
        };
        let distance_m = if self.measured == self.presses.len() {
            press.distance_m
        } else {
            self.distance_m + ahead.map_or(0.0, |step| metres_before(step, press.timer_ms))
        };
        (distance_m, press.timer_ms)
    }

    /// All, none if nobody pressed: their distances, durations and climbs sum to the workout's. The open lap comes last; once the workout
    /// `is_over` it is a lap like the others, unless the press came when the timer had stopped for good.
    #[must_use]
    pub fn all(&self, activity_id: Id, started_at_ms: i64, timer_ms: i64, gain_m: f64, is_over: bool) -> Vec<Lap> {
        if self.presses.is_empty() {
            return Vec::new();
        }
        let mut start = Press {
            at_ms: started_at_ms,
            timer_ms: 0,
            distance_m: 0.0,
            gain_m: 0.0,
        };
        let mut laps = Vec::with_capacity(self.presses.len() + 1);
        for (index, press) in (1..).zip(&self.presses) {
            let end = Press {
                distance_m: if index <= self.measured {
                    press.distance_m
                } else {
                    self.distance_m
                },
                gain_m: if index <= self.climbed { press.gain_m } else { gain_m },
                ..*press
            };
            laps.push(lap(activity_id, index, start, end, false));
            start = end;
        }
        let end = Press {
            at_ms: start.at_ms,
            timer_ms: timer_ms.max(start.timer_ms),
            distance_m: self.distance_m,
            gain_m,
        };
        if !is_over || end.timer_ms > start.timer_ms {
            laps.push(lap(activity_id, laps.len() + 1, start, end, !is_over));
        }
        laps
    }
}

/// The metres of a step that were covered before a reading of the timer.
#[allow(clippy::cast_precision_loss, reason = "milliseconds of a workout")]
fn metres_before(step: &Advance, timer_ms: i64) -> f64 {
    if timer_ms <= step.from_ms {
        return 0.0;
    }
    if timer_ms >= step.to_ms {
        return step.metres;
    }
    step.metres * (timer_ms - step.from_ms) as f64 / (step.to_ms - step.from_ms) as f64
}

#[allow(clippy::cast_precision_loss, reason = "milliseconds of a workout")]
fn lap(activity_id: Id, number: usize, start: Press, end: Press, is_open: bool) -> Lap {
    let index = u32::try_from(number).unwrap_or(u32::MAX);
    let duration_s = (end.timer_ms - start.timer_ms) as f64 / 1000.0;
    let distance_m = end.distance_m - start.distance_m;
    Lap {
        id: id::lap(activity_id, index),
        index,
        started_at: from_ms(start.at_ms),
        distance_m,
        duration_s,
        // As of a split: a pace over less than a metre is noise.
        pace_s_per_km: (distance_m >= 1.0).then(|| duration_s * 1000.0 / distance_m),
        elevation_gain_m: end.gain_m - start.gain_m,
        is_open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn step(from_ms: i64, to_ms: i64, metres: f64) -> Advance {
        Advance { from_ms, to_ms, metres }
    }

    fn distances(laps: &[Lap]) -> Vec<f64> {
        laps.iter().map(|lap| lap.distance_m).collect()
    }

    #[test]
    fn without_a_press_there_is_no_lap() {
        let mut laps = Laps::default();
        laps.add(60_000, Some(&step(0, 60_000, 200.0)), 3.0);
        assert_eq!(laps.all(Id::nil(), 0, 60_000, 3.0, true), []);
        assert_eq!((laps.completed(), laps.open_since(None)), (0, (0.0, 0)));
    }

    #[test]
    fn a_press_inside_a_step_shares_its_metres_by_time() {
        let mut laps = Laps::default();
        laps.add(10_000, Some(&step(0, 10_000, 30.0)), 0.0);
        laps.press(1_011_000, 11_000);
        assert_eq!(
            distances(&laps.all(Id::nil(), 1_000_000, 11_000, 0.0, false)),
            [30.0, 0.0]
        );
        laps.add(14_000, Some(&step(10_000, 14_000, 20.0)), 0.0);
        let all = laps.all(Id::nil(), 1_000_000, 14_000, 0.0, false);
        assert_eq!(distances(&all), [35.0, 15.0]);
        assert_eq!((all[0].duration_s, all[1].duration_s), (11.0, 3.0));
        assert_eq!(
            (all[0].started_at, all[1].started_at),
            (from_ms(1_000_000), from_ms(1_011_000))
        );
        assert_eq!((all[0].is_open, all[1].is_open), (false, true));
    }

    #[test]
    fn the_open_lap_knows_a_step_that_is_not_counted_yet() {
        let mut laps = Laps::default();
        laps.add(10_000, Some(&step(0, 10_000, 30.0)), 0.0);
        laps.press(0, 11_000);
        assert_eq!(laps.open_since(Some(&step(10_000, 14_000, 20.0))), (35.0, 11_000));
        assert_eq!(laps.open_since(Some(&step(10_000, 11_000, 4.0))), (34.0, 11_000));
        laps.add(14_000, Some(&step(10_000, 14_000, 20.0)), 0.0);
        assert_eq!(laps.open_since(Some(&step(14_000, 15_000, 9.0))), (35.0, 11_000));
    }

    #[test]
    fn a_gap_after_a_press_gives_the_lap_before_it_nothing() {
        let mut laps = Laps::default();
        laps.add(10_000, Some(&step(0, 10_000, 30.0)), 0.0);
        laps.press(0, 10_000);
        laps.add(12_000, None, 0.0);
        laps.add(14_000, Some(&step(12_000, 14_000, 6.0)), 0.0);
        assert_eq!(distances(&laps.all(Id::nil(), 0, 14_000, 0.0, true)), [30.0, 6.0]);
    }

    #[test]
    fn a_climb_counts_in_the_lap_in_which_it_became_known() {
        let mut laps = Laps::default();
        laps.add(10_000, Some(&step(0, 10_000, 30.0)), 2.0);
        laps.press(0, 10_500);
        laps.add(11_000, None, 5.0);
        let climbs: Vec<f64> = laps
            .all(Id::nil(), 0, 11_000, 5.0, true)
            .iter()
            .map(|lap| lap.elevation_gain_m)
            .collect();
        assert_eq!(climbs, [2.0, 3.0]);
    }

    #[test]
    fn a_press_after_the_timer_stopped_for_good_makes_no_empty_lap() {
        let mut laps = Laps::default();
        laps.add(10_000, Some(&step(0, 10_000, 30.0)), 2.0);
        laps.press(0, 10_000);
        let finished = laps.all(Id::nil(), 0, 10_000, 2.5, true);
        assert_eq!((distances(&finished), finished[0].elevation_gain_m), (vec![30.0], 2.5));
        assert_eq!(
            laps.all(Id::nil(), 0, 10_000, 2.5, false).len(),
            2,
            "it may still go on"
        );
    }

    #[test]
    fn a_press_needs_a_second_of_the_timer() {
        let mut laps = Laps::default();
        assert!(!laps.may_press(999) && laps.may_press(1000));
        laps.press(0, 1000);
        assert!(!laps.may_press(1999) && laps.may_press(2000));
    }

    proptest! {
        #[test]
        fn laps_sum_to_the_workout_and_a_track_folded_again_gives_the_same(
            steps in prop::collection::vec((0.001..40.0_f64, 1..60_000_i64, 0..5_000_i64, 0.0..5.0_f64, any::<bool>()), 1..60),
            rest_ms in 0..60_000_i64,
        ) {
            let mut laps = Laps::default();
            let mut rows = Vec::new();
            let (mut metres, mut timer, mut gain) = (0.0, 0, 0.0);
            for (length, ms, gap_ms, climb, press) in steps {
                if press && laps.may_press(timer + gap_ms / 2) {
                    laps.press(timer + gap_ms / 2, timer + gap_ms / 2);
                }
                // A gap is time without a step; without one the step runs from row to row, across the press.
                let from = if gap_ms > 2_500 { timer + gap_ms } else { timer };
                timer += gap_ms + ms;
                gain += climb;
                metres += length;
                rows.push((timer, step(from, timer, length), gain));
                laps.add(timer, Some(&step(from, timer, length)), gain);
            }
            let end_ms = timer + rest_ms;
            let all = laps.all(Id::nil(), 0, end_ms, gain, true);
            if laps.completed() > 0 {
                #[allow(clippy::cast_precision_loss)]
                let seconds = end_ms as f64 / 1000.0;
                prop_assert!((all.iter().map(|lap| lap.distance_m).sum::<f64>() - metres).abs() < 1e-6);
                prop_assert!((all.iter().map(|lap| lap.duration_s).sum::<f64>() - seconds).abs() < 1e-6);
                prop_assert!((all.iter().map(|lap| lap.elevation_gain_m).sum::<f64>() - gain).abs() < 1e-6);
            }
            prop_assert!(all.iter().all(|lap| lap.distance_m >= 0.0 && lap.duration_s > 0.0 && lap.elevation_gain_m >= 0.0));

            let mut again = Laps::default();
            for lap in all.iter().skip(1) {
                let at_ms = crate::domain::time::to_ms(lap.started_at);
                again.press(at_ms, at_ms);
            }
            for (timer, step, gain) in &rows {
                again.add(*timer, Some(step), *gain);
            }
            if all.len() > 1 {
                prop_assert_eq!(again.all(Id::nil(), 0, end_ms, gain, true), all);
            }
        }
    }
}
