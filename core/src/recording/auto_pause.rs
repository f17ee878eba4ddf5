//! Pausing by itself while the person stands still.
//!
//! Entering needs several seconds of fresh fixes below one speed, leaving one fix above a higher one, so that a slow walk does not
//! flutter. A fix that does not come says nothing: in a tunnel the person is not standing.

use crate::domain::distance::distance_m;
use crate::domain::kind::ActivityKind;

/// This long below the lower speed is standing still.
const ENTER_MS: i64 = 5_000;
/// Fixes farther apart than this do not prove that the person stood in between.
const STALE_MS: i64 = 10_000;

/// What a fix means for the timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The person stands.
    Enter,
    /// The person moves again.
    Leave,
}

/// The state between two fixes.
#[derive(Clone, Debug)]
pub struct AutoPause {
    enter_below_mps: f64,
    leave_above_mps: f64,
    paused: bool,
    slow_since_ms: Option<i64>,
    last: Option<((i32, i32), i64)>,
}

impl AutoPause {
    /// Thresholds by kind: who rides at walking pace is standing at a light, who hikes at it is hiking.
    #[must_use]
    pub fn new(kind: ActivityKind) -> Self {
        let (enter_below_mps, leave_above_mps) = match kind {
            ActivityKind::Cycling | ActivityKind::MountainBiking => (1.0, 2.0),
            _ => (0.4, 0.9),
        };
        Self {
            enter_below_mps,
            leave_above_mps,
            paused: false,
            slow_since_ms: None,
            last: None,
        }
    }

    /// Takes a fix: its time, position (1e-7 degrees), the speed that the receiver reports, and its radius of uncertainty.
    #[allow(clippy::cast_precision_loss, reason = "milliseconds within a workout")]
    pub fn observe(
        &mut self,
        at_ms: i64,
        position: (i32, i32),
        speed_mps: Option<f64>,
        radius_m: f64,
    ) -> Option<Change> {
        let before = self.last.replace((position, at_ms));
        let since_ms = before.map_or(i64::MAX, |(_, then_ms)| at_ms.saturating_sub(then_ms));
        // Without a reported speed, what the radius cannot explain is motion.
        let speed_mps = speed_mps.or_else(|| {
            let (from, _) = before?;
            (since_ms > 0).then(|| (distance_m(from, position) - radius_m).max(0.0) * 1000.0 / since_ms as f64)
        })?;
        if self.paused {
            if speed_mps <= self.leave_above_mps {
                return None;
            }
            self.reset();
            return Some(Change::Leave);
        }
        if speed_mps >= self.enter_below_mps {
            self.slow_since_ms = None;
            return None;
        }
        if since_ms > STALE_MS {
            self.slow_since_ms = None;
        }
        let slow_since_ms = *self.slow_since_ms.get_or_insert(at_ms);
        self.paused = at_ms - slow_since_ms >= ENTER_MS;
        self.paused.then_some(Change::Enter)
    }

    /// The person took over (paused or resumed by hand).
    pub fn reset(&mut self) {
        self.paused = false;
        self.slow_since_ms = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(speeds: impl IntoIterator<Item = (i64, f64)>) -> Vec<(i64, Change)> {
        let mut auto_pause = AutoPause::new(ActivityKind::Running);
        speeds
            .into_iter()
            .filter_map(|(second, speed)| {
                auto_pause
                    .observe(second * 1000, (480_000_000, 0), Some(speed), 5.0)
                    .map(|change| (second, change))
            })
            .collect()
    }

    #[test]
    fn standing_for_five_seconds_pauses_and_running_resumes() {
        let speeds = (0..10)
            .map(|s| (s, 3.0))
            .chain((10..30).map(|s| (s, 0.1)))
            .chain((30..40).map(|s| (s, 3.0)));
        assert_eq!(changes(speeds), [(15, Change::Enter), (30, Change::Leave)]);
    }

    #[test]
    fn a_speed_between_the_thresholds_changes_nothing() {
        let speeds = (0..20)
            .map(|s| (s, 0.1))
            .chain((20..60).map(|s| (s, if s % 2 == 0 { 0.5 } else { 0.8 })));
        assert_eq!(changes(speeds), [(5, Change::Enter)]);
    }

    #[test]
    fn silence_is_not_standing() {
        assert_eq!(changes([(0, 3.0), (1, 0.1), (60, 0.1), (61, 3.0)]), []);
    }

    #[test]
    fn without_a_reported_speed_the_positions_decide() {
        let mut auto_pause = AutoPause::new(ActivityKind::Running);
        let mut seen = Vec::new();
        for second in 0..40_i64 {
            let north_m = if (10..25).contains(&second) { 30 } else { second * 9 };
            let position = (480_000_000 + i32::try_from(north_m * 90).unwrap(), 0);
            seen.extend(
                auto_pause
                    .observe(second * 1000, position, None, 4.0)
                    .map(|change| (second, change)),
            );
        }
        assert_eq!(
            seen.iter().map(|(_, change)| *change).collect::<Vec<_>>(),
            [Change::Enter, Change::Leave]
        );
    }
}
