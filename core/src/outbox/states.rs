//! Where an event goes from where it is. Pure: the time and the jitter are arguments.

use super::model::OutboxStatus;

/// How long an item's own errors hold it back, and how many it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Its name.
    pub name: &'static str,
    /// The waits after the first error, the second …, in milliseconds.
    pub delays_ms: &'static [i64],
    /// The error with this number makes the event dead.
    pub max_attempts: u32,
}

/// Everything but what has a policy of its own.
pub const OUTBOX: RetryPolicy = RetryPolicy {
    name: "outbox",
    delays_ms: &[1_000, 5_000, 30_000, 120_000, 600_000],
    max_attempts: 5,
};

/// A training day of a program: a person looks at it while it is sent.
pub const PROGRESS: RetryPolicy = RetryPolicy {
    name: "progress",
    delays_ms: &[1_000, 5_000, 15_000],
    max_attempts: 4,
};

impl RetryPolicy {
    /// How long the `attempt`th error (from 1) holds the event back, in milliseconds.
    #[must_use]
    pub fn delay_ms(&self, attempt: u32) -> i64 {
        let index = (attempt.max(1) as usize - 1).min(self.delays_ms.len() - 1);
        self.delays_ms[index]
    }
}

/// Where an event stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its status.
    pub status: OutboxStatus,
    /// Counts every claim.
    pub claim: u32,
    /// Counts the errors of its own.
    pub attempt: u32,
    /// The error with this number makes it dead.
    pub max_attempts: u32,
    /// Counts the processes that ended with it in flight.
    pub crash_count: u32,
    /// It is not sent before this moment, UTC milliseconds.
    pub not_before_ms: Option<i64>,
}

/// What became of a claimed event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server has it, now or from before.
    Taken,
    /// It will never be taken as it is.
    Refused,
    /// It may be taken later; not before `retry_after_ms` from now, if the server said so.
    Retry {
        /// The server's floor, in milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// Nobody said anything about this event: the request as a whole failed, or its process ended.
    Released,
}

/// The farthest that a wait may lie ahead; a deadline beyond it was written under another clock and is due.
pub const MAX_WAIT_MS: i64 = 3_600_000;

/// Where a claimed event stands after `outcome`.
///
/// Only `Refused`, or running out of attempts on `Retry`, makes it dead; a failed request costs no attempt.
#[must_use]
pub fn settled(standing: &Standing, outcome: Outcome, now_ms: i64, policy: RetryPolicy) -> Standing {
    let mut after = Standing {
        not_before_ms: None,
        ..standing.clone()
    };
    match outcome {
        Outcome::Taken => after.status = OutboxStatus::Completed,
        Outcome::Refused => after.status = OutboxStatus::Dead,
        Outcome::Released => after.status = OutboxStatus::Pending,
        Outcome::Retry { retry_after_ms } => {
            after.attempt += 1;
            if after.attempt >= after.max_attempts {
                after.status = OutboxStatus::Dead;
            } else {
                let wait = policy
                    .delay_ms(after.attempt)
                    .max(retry_after_ms.unwrap_or(0))
                    .min(MAX_WAIT_MS);
                after.status = OutboxStatus::Failed;
                after.not_before_ms = Some(now_ms.saturating_add(wait));
            }
        }
    }
    after
}

/// True if an event with this deadline may be sent now.
#[must_use]
pub fn is_due(not_before_ms: Option<i64>, now_ms: i64) -> bool {
    not_before_ms.is_none_or(|at| at <= now_ms || at > now_ms.saturating_add(MAX_WAIT_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claimed(attempt: u32) -> Standing {
        Standing {
            status: OutboxStatus::Processing,
            claim: 3,
            attempt,
            max_attempts: OUTBOX.max_attempts,
            crash_count: 0,
            not_before_ms: Some(7),
        }
    }

    #[test]
    fn an_event_dies_of_its_own_errors_alone() {
        let retry = Outcome::Retry { retry_after_ms: None };
        let mut standing = claimed(0);
        let mut waits = Vec::new();
        while standing.status != OutboxStatus::Dead {
            standing = settled(&standing, retry, 0, OUTBOX);
            waits.extend(standing.not_before_ms);
        }
        assert_eq!(waits, [1_000, 5_000, 30_000, 120_000]);
        for _ in 0..1000 {
            assert_eq!(
                settled(&claimed(4), Outcome::Released, 0, OUTBOX).status,
                OutboxStatus::Pending
            );
        }
        assert_eq!(
            settled(&claimed(0), Outcome::Refused, 0, OUTBOX).status,
            OutboxStatus::Dead
        );
    }

    #[test]
    fn the_server_s_floor_holds_and_is_capped() {
        let wait = |retry_after_ms| {
            let retry = Outcome::Retry {
                retry_after_ms: Some(retry_after_ms),
            };
            settled(&claimed(0), retry, 10, OUTBOX).not_before_ms
        };
        assert_eq!(wait(500), Some(1_010));
        assert_eq!(wait(9_000), Some(9_010));
        assert_eq!(wait(i64::MAX), Some(3_600_010));
    }

    #[test]
    fn a_deadline_of_another_clock_is_due() {
        assert!(is_due(None, 0) && is_due(Some(5), 5) && !is_due(Some(6), 5));
        assert!(is_due(Some(5 + MAX_WAIT_MS + 1), 5));
        assert!(!is_due(Some(5 + MAX_WAIT_MS), 5), "the longest wait is still one");
    }

    #[test]
    fn beyond_the_policy_s_waits_the_last_one_stays() {
        assert_eq!((OUTBOX.delay_ms(5), OUTBOX.delay_ms(99)), (600_000, 600_000));
        assert_eq!((PROGRESS.delay_ms(0), PROGRESS.delay_ms(4)), (1_000, 15_000));
    }
}
