//! The timer: what the person sees counting. It runs from start to finish but for pauses and silences after a crash.

use crate::domain::time::TimerInterval;

/// When the timer ran, on the session's line of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timer {
    closed: Vec<TimerInterval>,
    closed_ms: i64,
    running_since_ms: Option<i64>,
}

impl Timer {
    /// A timer from intervals that are over.
    #[must_use]
    pub fn from_intervals(intervals: &[TimerInterval]) -> Self {
        Self {
            closed: intervals.to_vec(),
            closed_ms: intervals.iter().map(|run| run.ended_at_ms - run.started_at_ms).sum(),
            running_since_ms: None,
        }
    }

    /// Starts it; nothing happens if it runs already.
    pub fn start(&mut self, at_ms: i64) {
        if self.running_since_ms.is_none() {
            let not_before = self.closed.last().map_or(i64::MIN, |run| run.ended_at_ms);
            self.running_since_ms = Some(at_ms.max(not_before));
        }
    }

    /// Stops it; nothing happens if it stands.
    pub fn stop(&mut self, at_ms: i64) {
        if let Some(started_at_ms) = self.running_since_ms.take() {
            let ended_at_ms = at_ms.max(started_at_ms);
            if ended_at_ms > started_at_ms {
                self.closed.push(TimerInterval {
                    started_at_ms,
                    ended_at_ms,
                });
                self.closed_ms += ended_at_ms - started_at_ms;
            }
        }
    }

    /// True while it runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running_since_ms.is_some()
    }

    /// What it shows at `at_ms`, in milliseconds: O(1) for the present, a search back for the past.
    #[must_use]
    pub fn reading_ms(&self, at_ms: i64) -> i64 {
        let running = self.running_since_ms.map_or(0, |since| (at_ms - since).max(0));
        let mut total = self.closed_ms + running;
        for run in self.closed.iter().rev() {
            if at_ms >= run.ended_at_ms {
                break;
            }
            total -= run.ended_at_ms - at_ms.max(run.started_at_ms);
        }
        total
    }

    /// Moves every instant; used once, when the phone's clock turns out to have been wrong at the start.
    pub fn shift(&mut self, by_ms: i64) {
        for run in &mut self.closed {
            run.started_at_ms += by_ms;
            run.ended_at_ms += by_ms;
        }
        if let Some(since) = &mut self.running_since_ms {
            *since += by_ms;
        }
    }

    /// The intervals that are over, in order.
    #[must_use]
    pub fn intervals(&self) -> &[TimerInterval] {
        &self.closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_do_not_count() {
        let mut timer = Timer::default();
        timer.start(1_000);
        timer.stop(5_000);
        timer.start(9_000);
        assert_eq!(timer.reading_ms(10_500), 5_500);
        assert_eq!(timer.reading_ms(7_000), 4_000, "in the pause");
        assert_eq!(timer.reading_ms(3_000), 2_000, "in the past");
        assert_eq!(timer.reading_ms(0), 0, "before the start");
    }

    #[test]
    fn stopping_twice_or_in_the_past_counts_nothing() {
        let mut timer = Timer::default();
        timer.start(1_000);
        timer.stop(500);
        timer.stop(9_000);
        assert_eq!(timer.reading_ms(20_000), 0);
        assert!(timer.intervals().is_empty());
    }
}
