//! Counts and times what happens, and says when something is out of the ordinary: once, until it was well in between.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::domain::time::{Moment, from_ms};
use crate::error::{Result, SteadfastError};

use super::alert::{self, WINDOW};
use super::histogram::Histogram;
use super::model::{Alert, AlertKind, AlertThresholds, Operation, OperationStatistics, Telemetry};

/// What counts.
#[derive(Debug)]
pub struct Meter {
    since_ms: i64,
    thresholds: AlertThresholds,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    operations: BTreeMap<Operation, Counts>,
    raised: HashSet<(AlertKind, Option<Operation>)>,
}

#[derive(Debug, Default)]
struct Counts {
    times: Histogram,
    failures: HashMap<String, u64>,
    /// Whether each of the last [`WINDOW`] failed.
    recent: VecDeque<bool>,
}

impl Counts {
    fn statistics(&self) -> OperationStatistics {
        OperationStatistics {
            count: self.times.count(),
            failures: self.failures.clone(),
            median_ms: self.times.percentile_ms(50),
            p95_ms: self.times.percentile_ms(95),
            max_ms: self.times.max_ms(),
        }
    }
}

impl Meter {
    /// Begins to count.
    #[must_use]
    pub fn new(now: &Moment, thresholds: AlertThresholds) -> Self {
        Self {
            since_ms: now.wall_ms,
            thresholds,
            state: Mutex::default(),
        }
    }

    /// Counts an operation that began at `began` and ended at `ended`; gives the alerts that it raises. What the caller cancelled or asked
    /// for wrongly is counted under its code, and is no failure of the core.
    pub fn count<T>(&self, operation: Operation, began: &Moment, ended: &Moment, outcome: &Result<T>) -> Vec<Alert> {
        self.count_error(operation, began, ended, outcome.as_ref().err())
    }

    fn count_error(
        &self,
        operation: Operation,
        began: &Moment,
        ended: &Moment,
        error: Option<&SteadfastError>,
    ) -> Vec<Alert> {
        match error {
            None => self.count_as(operation, began, ended, None),
            Some(error) => {
                let code = error.code_name();
                let counts = error.category() != "validation" && code != "cancelled";
                self.count_as(operation, began, ended, Some((&code, counts)))
            }
        }
    }

    /// As `count`, for an outcome that is no error of the core: `failure` is its code, and whether it counts among the failures that raise
    /// an alert.
    pub fn count_as(
        &self,
        operation: Operation,
        began: &Moment,
        ended: &Moment,
        failure: Option<(&str, bool)>,
    ) -> Vec<Alert> {
        let ms = match (began.elapsed_ms, ended.elapsed_ms) {
            (Some(began), Some(ended)) => u64::try_from(ended - began).unwrap_or(0),
            _ => 0,
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = state.operations.entry(operation).or_default();
        counts.times.add(ms);
        if let Some((code, _)) = failure {
            *counts.failures.entry(code.to_owned()).or_default() += 1;
        }
        counts.recent.push_back(failure.is_some_and(|(_, counts)| counts));
        if counts.recent.len() > WINDOW as usize {
            counts.recent.pop_front();
        }
        let recent = u32::try_from(counts.recent.len()).unwrap_or(WINDOW);
        let failures = u32::try_from(counts.recent.iter().filter(|failed| **failed).count()).unwrap_or(WINDOW);
        let alerts = alert::alerts(operation, &counts.statistics(), recent, failures, self.thresholds);
        state.new_ones([AlertKind::Failures, AlertKind::Slow], Some(operation), alerts)
    }

    /// Looks at how many events need the app's attention; gives the alert that this raises.
    pub fn look_at_dead(&self, dead: u64) -> Vec<Alert> {
        let alert = alert::dead_events(dead, self.thresholds);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.new_ones([AlertKind::DeadEvents], None, alert.into_iter().collect())
    }

    /// Everything since the start.
    #[must_use]
    pub fn telemetry(&self) -> Telemetry {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Telemetry {
            since: from_ms(self.since_ms),
            operations: state
                .operations
                .iter()
                .map(|(operation, counts)| (*operation, counts.statistics()))
                .collect(),
        }
    }
}

impl State {
    /// Of the alerts that hold now those that did not hold before; of these kinds the others are over.
    fn new_ones<const N: usize>(
        &mut self,
        kinds: [AlertKind; N],
        operation: Option<Operation>,
        alerts: Vec<Alert>,
    ) -> Vec<Alert> {
        for kind in kinds {
            if !alerts.iter().any(|alert| alert.kind == kind) {
                self.raised.remove(&(kind, operation));
            }
        }
        alerts
            .into_iter()
            .filter(|alert| self.raised.insert((alert.kind, operation)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{SteadfastError, StorageCode};

    fn at(elapsed_ms: i64) -> Moment {
        Moment {
            wall_ms: 0,
            elapsed_ms: Some(elapsed_ms),
        }
    }

    fn meter() -> Meter {
        Meter::new(&at(0), AlertThresholds::default())
    }

    fn failure(code: &str) -> Result<()> {
        Err(match code {
            "full" => SteadfastError::storage(StorageCode::Full, None, ""),
            _ => SteadfastError::invalid("quantity", "not a number"),
        })
    }

    #[test]
    fn operations_are_counted_with_their_times_and_failures() {
        let meter = meter();
        for ms in 1..=100 {
            meter.count(Operation::Save, &at(0), &at(ms), &Ok(()));
        }
        meter.count(Operation::Save, &at(0), &at(5), &failure("full"));
        let save = meter.telemetry().operations[&Operation::Save].clone();
        assert_eq!((save.count, save.failures["storage_full"], save.max_ms), (101, 1, 100));
        assert!(
            (50..=60).contains(&save.median_ms) && (95..=100).contains(&save.p95_ms),
            "{save:?}"
        );
        assert!(!meter.telemetry().operations.contains_key(&Operation::Sync));
    }

    #[test]
    fn an_alert_is_raised_once_until_all_was_well_in_between() {
        let meter = meter();
        let raised = |count: usize, outcome: &Result<()>| -> usize {
            (0..count)
                .map(|_| meter.count(Operation::Change, &at(0), &at(1), outcome).len())
                .sum()
        };
        assert_eq!(raised(200, &failure("full")), 1);
        assert_eq!(raised(50, &Ok(())), 0);
        assert_eq!(raised(50, &failure("full")), 1);
        assert_eq!(
            (
                meter.look_at_dead(2).len(),
                meter.look_at_dead(3).len(),
                meter.look_at_dead(0).len()
            ),
            (1, 0, 0)
        );
        assert_eq!(meter.look_at_dead(1).len(), 1);
    }

    #[test]
    fn what_a_person_entered_wrongly_is_no_failure_of_the_core() {
        let meter = meter();
        let raised: usize = (0..100)
            .map(|_| {
                meter
                    .count(Operation::Change, &at(0), &at(1), &failure("invalid"))
                    .len()
            })
            .sum();
        assert_eq!(raised, 0);
        assert_eq!(
            meter.telemetry().operations[&Operation::Change].failures["invalid_argument"],
            100
        );
    }
}
