//! How long a server that does not answer is left alone. Pure.
//!
//! "Full jitter" of [Exponential Backoff And Jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/): after the
//! n-th failure in a row the wait is drawn from 0 to `min(cap, base · 2^(n-1))`, so that devices which failed together do not come back
//! together. A draw near zero is raised to a tenth of the base: it must not become a loop.

/// No wait is longer, whatever a server asks for; milliseconds.
pub const CAP_MS: i64 = 3_600_000;

/// Waits after failures; one for the server, one for the storage.
#[derive(Clone, Debug)]
pub struct Breaker {
    base_ms: i64,
    failures: u32,
    /// Nothing is tried before this, by the clock that counts sleep.
    until_ms: i64,
    /// The server asked for nothing to be tried before this.
    asked_until_ms: i64,
    failed_at_ms: i64,
    /// True while all failures since the last success may be an item's fault.
    is_doubtful: bool,
    /// Rises with every failure that counted: a request which was on its way by then is none of the next.
    round: u64,
}

/// Whether something may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// As much as there is.
    Open,
    /// One request, to see.
    Probe,
    /// Nothing before this moment.
    NotBefore(i64),
}

impl Breaker {
    /// One that lets everything through until something fails. `base_ms` bounds the first wait.
    #[must_use]
    pub fn new(base_ms: i64) -> Self {
        Self {
            base_ms: base_ms.clamp(1, CAP_MS),
            failures: 0,
            until_ms: i64::MIN,
            asked_until_ms: i64::MIN,
            failed_at_ms: i64::MIN,
            is_doubtful: true,
            round: 0,
        }
    }

    /// Whether something may be tried at `now_ms`.
    #[must_use]
    pub fn admits(&self, now_ms: i64) -> Admission {
        if self.failures == 0 {
            Admission::Open
        } else if now_ms < self.until_ms {
            Admission::NotBefore(self.until_ms)
        } else {
            Admission::Probe
        }
    }

    /// To be kept with a request, for [`Self::fail`].
    #[must_use]
    pub fn round(&self) -> u64 {
        self.round
    }

    /// A request of `round` failed. Those that failed together count once. `asked_ms` is what the server wants to be left alone for.
    pub fn fail(&mut self, now_ms: i64, round: u64, asked_ms: Option<i64>, random: u64) {
        self.is_doubtful = false;
        self.ask(now_ms, asked_ms);
        if round == self.round {
            self.wait(now_ms, random);
        } else {
            self.until_ms = self.until_ms.max(self.asked_until_ms);
        }
    }

    /// As [`Self::fail`], for what may be the fault of what was sent, and not the server's.
    pub fn doubt(&mut self, now_ms: i64, round: u64, random: u64) {
        if round == self.round {
            self.wait(now_ms, random);
        }
    }

    /// There is something new to send. If all that failed may have been the fault of what was sent then, this may go.
    pub fn freshen(&mut self, now_ms: i64) {
        if self.is_doubtful {
            self.at_once(now_ms);
        }
    }

    /// The server answered as it should.
    pub fn succeed(&mut self) {
        *self = Self {
            round: self.round,
            ..Self::new(self.base_ms)
        };
    }

    /// The circumstances are new: a connection came back, somebody asks. Whatever the server asked for still holds, and so does the first
    /// wait, or a connection that comes and goes would be a way around it.
    pub fn at_once(&mut self, now_ms: i64) {
        let earliest = self.failed_at_ms.saturating_add(self.base_ms).max(now_ms);
        self.until_ms = self.until_ms.min(earliest).max(self.asked_until_ms);
    }

    fn ask(&mut self, now_ms: i64, asked_ms: Option<i64>) {
        if let Some(asked_ms) = asked_ms {
            let until = now_ms.saturating_add(asked_ms.clamp(0, CAP_MS));
            self.asked_until_ms = self.asked_until_ms.max(until);
        }
    }

    fn wait(&mut self, now_ms: i64, random: u64) {
        self.failures = self.failures.saturating_add(1);
        self.round += 1;
        self.failed_at_ms = now_ms;
        self.until_ms = now_ms
            .saturating_add(jittered_ms(self.base_ms, self.failures, random))
            .max(self.asked_until_ms);
    }
}

/// The wait after the `failures`-th failure (from 1), drawn with `random`.
#[must_use]
pub fn jittered_ms(base_ms: i64, failures: u32, random: u64) -> i64 {
    let ceiling = ceiling_ms(base_ms, failures);
    let drawn = random % (ceiling.unsigned_abs() + 1);
    drawn.cast_signed().max(base_ms / 10).max(1)
}

/// No wait after the `failures`-th failure (from 1) is longer.
#[must_use]
pub fn ceiling_ms(base_ms: i64, failures: u32) -> i64 {
    let doublings = failures.saturating_sub(1).min(40);
    base_ms.saturating_mul(1 << doublings).min(CAP_MS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fail(breaker: &mut Breaker, now_ms: i64, asked_ms: Option<i64>, random: u64) -> i64 {
        breaker.fail(now_ms, breaker.round(), asked_ms, random);
        match breaker.admits(now_ms) {
            Admission::NotBefore(until) => until - now_ms,
            other => panic!("a failure admits {other:?}"),
        }
    }

    #[test]
    fn the_longest_wait_doubles_up_to_an_hour() {
        let ceilings: Vec<i64> = (1..=14).map(|failures| ceiling_ms(1_000, failures) / 1_000).collect();
        assert_eq!(
            ceilings,
            [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 3_600, 3_600]
        );
        assert_eq!(ceiling_ms(1_000, u32::MAX), CAP_MS);
    }

    #[test]
    fn what_the_server_asks_for_is_a_floor_and_at_most_an_hour() {
        let mut breaker = Breaker::new(1_000);
        assert_eq!(fail(&mut breaker, 0, Some(30_000), 5), 30_000);
        assert_eq!(fail(&mut breaker, 40_000, Some(i64::MAX), 5), CAP_MS);
        assert_eq!(fail(&mut Breaker::new(1_000), 0, Some(-5), 500), 500);
    }

    #[test]
    fn requests_that_fail_together_count_once() {
        let mut breaker = Breaker::new(1_000);
        let round = breaker.round();
        breaker.fail(0, round, None, 700);
        breaker.fail(10, round, None, 999_999_999);
        assert_eq!(breaker.admits(10), Admission::NotBefore(700));
        breaker.fail(20, round, Some(5_000), 0);
        assert_eq!(
            breaker.admits(20),
            Admission::NotBefore(5_020),
            "but what the server asks for holds"
        );
    }

    #[test]
    fn after_the_wait_one_request_is_let_through_and_its_success_opens_all() {
        let mut breaker = Breaker::new(1_000);
        let wait = fail(&mut breaker, 0, None, 800);
        assert_eq!(breaker.admits(wait), Admission::Probe);
        breaker.succeed();
        assert_eq!(breaker.admits(wait), Admission::Open);
    }

    #[test]
    fn a_connection_that_comes_back_is_used_at_once_but_not_in_a_loop() {
        let mut breaker = Breaker::new(1_000);
        for _ in 0..10 {
            fail(&mut breaker, 0, None, u64::MAX);
        }
        breaker.at_once(60_000);
        assert_eq!(breaker.admits(60_000), Admission::Probe);
        fail(&mut breaker, 60_000, None, 200_000);
        breaker.at_once(60_100);
        assert_eq!(breaker.admits(60_100), Admission::NotBefore(61_000));
        fail(&mut breaker, 61_000, Some(90_000), 0);
        breaker.at_once(70_000);
        assert_eq!(
            breaker.admits(70_000),
            Admission::NotBefore(151_000),
            "what the server asked for holds"
        );
    }

    #[test]
    fn what_may_be_an_item_s_fault_does_not_hold_back_a_new_one() {
        let mut breaker = Breaker::new(1_000);
        for _ in 0..10 {
            breaker.doubt(0, breaker.round(), u64::MAX);
        }
        breaker.freshen(60_000);
        assert_eq!(breaker.admits(60_000), Admission::Probe);
        fail(&mut breaker, 60_000, None, 400_000);
        breaker.freshen(90_000);
        assert_eq!(
            breaker.admits(90_000),
            Admission::NotBefore(460_000),
            "but now the server is down"
        );
    }

    proptest! {
        #[test]
        fn a_wait_lies_between_a_tenth_of_the_base_and_the_ceiling(base in 1_i64..100_000, failures in 1_u32..60, random: u64) {
            let wait = jittered_ms(base, failures, random);
            prop_assert!(wait >= (base / 10).max(1) && wait <= ceiling_ms(base, failures));
        }

        #[test]
        fn a_breaker_never_waits_for_more_than_an_hour(asked in proptest::collection::vec(any::<Option<i64>>(), 1..50), random: u64) {
            let mut breaker = Breaker::new(1_000);
            for asked in asked {
                prop_assert!(fail(&mut breaker, 1_000_000, asked, random) <= CAP_MS);
            }
        }
    }
}
