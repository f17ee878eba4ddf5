//! When the makers of the app are to hear of something. Pure.

use super::model::{Alert, AlertKind, AlertThresholds, Operation, OperationStatistics};

/// Of so many operations the share of failures is told, and fewer say nothing.
pub const WINDOW: u32 = 50;
/// Fewer times than this have no meaningful 95th percentile.
const ENOUGH: u64 = 20;

/// What is out of the ordinary about an operation, of whose last [`WINDOW`] `recent_failures` failed.
#[must_use]
pub fn alerts(
    operation: Operation,
    statistics: &OperationStatistics,
    recent: u32,
    recent_failures: u32,
    thresholds: AlertThresholds,
) -> Vec<Alert> {
    let mut alerts = Vec::new();
    let percent = recent_failures * 100 / recent.max(1);
    if recent >= WINDOW && percent > thresholds.failures_percent {
        alerts.push(Alert {
            kind: AlertKind::Failures,
            operation: Some(operation),
            value: percent.into(),
            threshold: thresholds.failures_percent.into(),
        });
    }
    if statistics.count >= ENOUGH && statistics.p95_ms > thresholds.slow_ms.into() {
        alerts.push(Alert {
            kind: AlertKind::Slow,
            operation: Some(operation),
            value: statistics.p95_ms,
            threshold: thresholds.slow_ms.into(),
        });
    }
    alerts
}

/// The alert about dead events, if there are too many.
#[must_use]
pub fn dead_events(dead: u64, thresholds: AlertThresholds) -> Option<Alert> {
    let threshold = u64::from(thresholds.dead_events);
    (dead > threshold).then_some(Alert {
        kind: AlertKind::DeadEvents,
        operation: None,
        value: dead,
        threshold,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(count: u64, p95_ms: u64, recent: u32, failures: u32) -> Vec<AlertKind> {
        let statistics = OperationStatistics {
            count,
            p95_ms,
            ..OperationStatistics::default()
        };
        let alerts = alerts(
            Operation::Save,
            &statistics,
            recent,
            failures,
            AlertThresholds::default(),
        );
        alerts.into_iter().map(|alert| alert.kind).collect()
    }

    #[test]
    fn a_share_of_failures_counts_when_there_were_enough_operations() {
        assert_eq!(kinds(49, 0, 49, 49), []);
        assert_eq!(kinds(50, 0, 50, 10), [], "20 % is what is allowed");
        assert_eq!(kinds(50, 0, 50, 11), [AlertKind::Failures]);
    }

    #[test]
    fn slowness_counts_when_it_is_the_rule() {
        assert_eq!(kinds(19, 60_000, 19, 0), []);
        assert_eq!(kinds(20, 2_000, 20, 0), []);
        assert_eq!(kinds(20, 2_001, 20, 0), [AlertKind::Slow]);
    }

    #[test]
    fn one_dead_event_is_too_many_unless_the_app_says_otherwise() {
        assert_eq!(dead_events(0, AlertThresholds::default()), None);
        assert!(dead_events(1, AlertThresholds::default()).is_some());
        assert_eq!(
            dead_events(
                5,
                AlertThresholds {
                    dead_events: 5,
                    ..AlertThresholds::default()
                }
            ),
            None
        );
    }
}
