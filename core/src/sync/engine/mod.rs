//! Decides what is sent, when, and what a reply means for the rest. Pure: the clocks, randomness and events are arguments.
//!
//! The rules, each with its reason in `docs` and its test beside this file:
//! - Nothing is tried while offline, paused, without a token, or before the breaker's wait is over; a change of any of these is an input.
//! - A failed request costs no event anything: its claims are released.
//! - Of a request that is refused as a whole, one item at most is blamed, and only on proof (`suspects`).
//! - Every wait is computed; with nothing to wait for, [`Engine::wake_at`] is `None` and the worker sleeps until something happens.

mod answers;
mod schedule;
pub mod view;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::domain::id::Id;
use crate::domain::sync_status::{PauseReason, SyncFailure};
use crate::sync::batch::{BatchSize, divide};
use crate::sync::breaker::{Breaker, jittered_ms};
use crate::sync::classify::Verdict;
use crate::sync::lane::{Due, Lane, Obstacle};
use crate::sync::link::Link;
use crate::sync::model::{Connectivity, MeteredPolicy};
use crate::sync::step::{Arrival, Claimable, Effect, Glance, Input, Limits, Now, RequestId};

/// The first wait after the storage refused, in milliseconds.
const STORAGE_BACKOFF_MS: i64 = 1_000;

/// A request on its way, or being settled.
#[derive(Clone, Debug)]
struct InFlight {
    items: Vec<Id>,
    sent_at_ms: i64,
    round: u64,
    token: u64,
    /// What is being settled: the verdict that led to it.
    settling: Option<Verdict>,
}

/// What was done since the engine was made, in items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Sent, each time counted.
    pub sent: u64,
    /// The server has them.
    pub taken: u64,
    /// The server wants them again later.
    pub failed: u64,
    /// Refused for good.
    pub dead: u64,
}

/// Random numbers of one step.
struct Dice(u64);

impl Dice {
    /// [SplitMix64](https://prng.di.unimi.it/splitmix64.c).
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// One step: when it happens, and what it leads to.
struct Step {
    now: Now,
    dice: Dice,
    effects: Vec<Effect>,
}

impl Step {
    fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn release(&mut self, items: Vec<Id>, wait_ms: Option<i64>) {
        if !items.is_empty() {
            self.push(Effect::Release { items, wait_ms });
        }
    }
}

/// The machine.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and every combination can be"
)]
pub struct Engine {
    limits: Limits,
    is_configured: bool,
    is_running: bool,
    /// When the single runs are over that are waited for.
    once_until_ms: Vec<i64>,
    is_suspended: bool,
    link: Link,
    lane: Option<Lane>,
    breaker: Breaker,
    storage: Breaker,
    batch: BatchSize,
    in_flight: BTreeMap<RequestId, InFlight>,
    last_request: RequestId,
    /// An answer of the storage is due.
    asking: bool,
    is_resting: bool,
    cleaned_at_ms: Option<i64>,
    /// Both as of the last step: computed again later, a wait that is over by then would be no wait at all, and nobody would wake.
    next_attempt_ms: Option<i64>,
    wake_at_ms: Option<i64>,
    totals: Totals,
    last_success_ms: Option<i64>,
    last_failure: Option<SyncFailure>,
}

impl Default for Engine {
    fn default() -> Self {
        let limits = Limits {
            first_backoff_ms: 1_000,
            max_batch: 100,
        };
        Self {
            limits,
            is_configured: false,
            is_running: false,
            once_until_ms: Vec::new(),
            is_suspended: false,
            link: Link {
                connectivity: Connectivity::Unmetered,
                metered: MeteredPolicy::Everything,
                roaming: MeteredPolicy::UserActionsOnly,
            },
            lane: None,
            breaker: Breaker::new(limits.first_backoff_ms),
            storage: Breaker::new(STORAGE_BACKOFF_MS),
            batch: BatchSize::new(limits.max_batch),
            in_flight: BTreeMap::new(),
            last_request: 0,
            asking: false,
            is_resting: true,
            cleaned_at_ms: None,
            next_attempt_ms: None,
            wake_at_ms: None,
            totals: Totals::default(),
            last_success_ms: None,
            last_failure: None,
        }
    }
}

impl Engine {
    /// Takes in what happened, and says what is to be done about it, in this order. `random` is used up by this step.
    pub fn take(&mut self, input: Input, now: Now, random: u64) -> Vec<Effect> {
        let mut step = Step {
            now,
            dice: Dice(random),
            effects: Vec::new(),
        };
        match input {
            Input::Configured(limits) => {
                self.configure(limits);
                // What failed may have been the fault of what is corrected by this.
                self.go(now);
            }
            Input::Start => {
                self.is_running = true;
                self.go(now);
            }
            Input::Stop => self.is_running = false,
            Input::Once { until_ms } => {
                self.once_until_ms.push(until_ms);
                self.go(now);
            }
            Input::OnceOver => self.once_until_ms.clear(),
            Input::Suspend => self.is_suspended = true,
            Input::Resume => {
                self.is_suspended = false;
                self.go(now);
            }
            Input::Link(link) => self.change_link(link, now),
            Input::Account(arrival) => self.change_account(arrival, &mut step),
            Input::Token { expires_at_ms } => self.take_token(expires_at_ms, &mut step),
            Input::Nudged => {
                self.storage.at_once(now.mono_ms);
                self.breaker.freshen(now.mono_ms);
                if let Some(lane) = &mut self.lane {
                    lane.nudged(now.wall_ms);
                }
            }
            Input::TimeReached => {}
            Input::Looked(glance) => self.looked(glance, now),
            Input::Claimed(claimable) => self.claimed(claimable, &mut step),
            Input::Answered {
                request,
                verdict,
                failure,
            } => self.answered(request, verdict, failure, &mut step),
            Input::Settled { request, settlement } => self.settled(request, &settlement, &mut step),
            Input::StorageFailed => self.storage_failed(&mut step),
        }
        if self.is_active(now.mono_ms) {
            self.advance(&mut step);
        } else {
            self.withdraw(&mut step);
        }
        self.next_attempt_ms = self.find_next_attempt(now);
        self.wake_at_ms = self.find_wake_up(now);
        step.effects
    }

    /// When the engine wants to be woken, by the clock that counts sleep; it may be past. `None` for "when something happens".
    #[must_use]
    pub fn wake_at(&self) -> Option<i64> {
        self.wake_at_ms
    }

    /// True if anything may be done at all.
    fn is_active(&self, now_ms: i64) -> bool {
        let is_wanted = self.is_running || self.once_until_ms.iter().any(|until| now_ms < *until);
        self.is_configured && is_wanted && !self.is_suspended
    }

    /// True if there is a server.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.is_configured
    }

    /// What was done so far.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.totals
    }

    fn configure(&mut self, limits: Limits) {
        self.is_configured = true;
        if limits != self.limits {
            self.limits = limits;
            self.breaker = Breaker::new(limits.first_backoff_ms);
            self.batch = BatchSize::new(limits.max_batch);
        }
    }

    /// Somebody asks: what was waited for may have come about, unless the server itself asked for time.
    fn go(&mut self, now: Now) {
        self.breaker.at_once(now.mono_ms);
        self.storage.at_once(now.mono_ms);
        if let Some(lane) = &mut self.lane {
            lane.access.ask_again();
        }
        self.look_again();
    }

    fn look_again(&mut self) {
        if let Some(lane) = &mut self.lane {
            lane.look_again();
        }
    }

    fn forget_due(&mut self) {
        if let Some(lane) = &mut self.lane {
            lane.forget_due();
        }
    }

    fn change_link(&mut self, link: Link, now: Now) {
        let is_new = link.connectivity != self.link.connectivity;
        self.link = link;
        if is_new && link.connectivity != Connectivity::Offline {
            self.go(now);
        } else {
            self.look_again();
        }
    }

    fn change_account(&mut self, arrival: Option<Arrival>, step: &mut Step) {
        // What is on its way for the account of before is given back, and comes again when somebody signs in to it.
        self.withdraw(step);
        if arrival.is_some() {
            // Who it is was just read there.
            self.storage.succeed();
        }
        self.lane = arrival.map(Lane::new);
        self.last_failure = None;
        if arrival.is_some_and(|arrival| arrival.has_token) {
            self.lift_authentication(step);
        }
    }

    fn take_token(&mut self, expires_at_ms: Option<i64>, step: &mut Step) {
        let Some(lane) = &mut self.lane else { return };
        let was_refused = lane.access.needs_token();
        lane.access.provided(expires_at_ms);
        if was_refused {
            self.breaker.at_once(step.now.mono_ms);
        }
        self.lift_authentication(step);
        self.look_again();
    }

    fn lift_authentication(&mut self, step: &mut Step) {
        if let Some(lane) = &mut self.lane
            && lane.pause == Some(PauseReason::Authentication)
        {
            lane.pause = None;
            step.push(Effect::Pause(None));
        }
    }

    fn looked(&mut self, glance: Glance, now: Now) {
        self.asking = false;
        self.storage.succeed();
        let knows_due = self.may_send_something();
        if let Some(lane) = &mut self.lane {
            lane.looked(glance, knows_due, now.mono_ms);
        }
    }

    /// True if nothing but the queue decides whether something is sent now; the breaker aside.
    fn may_send_something(&self) -> bool {
        let Some(lane) = &self.lane else { return false };
        lane.pause.is_none()
            && self
                .link
                .policy()
                .is_some_and(|policy| policy != MeteredPolicy::Nothing)
    }

    fn claimed(&mut self, claimable: Claimable, step: &mut Step) {
        self.asking = false;
        self.storage.succeed();
        let limit = self.batch.limit();
        let Some(lane) = &mut self.lane else { return };
        match claimable {
            Claimable::Paused(reason) => lane.pause = Some(reason),
            Claimable::NeedsServerTime => lane.obstacle = Some(Obstacle::ServerTime),
            Claimable::NeedsSnapshot => {
                lane.obstacle = Some(Obstacle::Snapshot);
                lane.due = Due::Never;
            }
            Claimable::Items(items) if items.is_empty() => {
                // The look and the claim disagree, which must not become a loop.
                lane.barren += 1;
                let wait = jittered_ms(self.limits.first_backoff_ms, lane.barren, step.dice.draw());
                lane.due = Due::At(step.now.wall_ms.saturating_add(wait));
            }
            Claimable::Items(items) => {
                lane.barren = 0;
                if items.len() < limit {
                    lane.due = Due::Unknown;
                }
                lane.parts.extend(divide(&items, &lane.suspects));
            }
        }
    }

    fn storage_failed(&mut self, step: &mut Step) {
        self.asking = false;
        // The worker gives back what it could not settle.
        self.in_flight.retain(|_, request| request.settling.is_none());
        let (round, random) = (self.storage.round(), step.dice.draw());
        self.storage.fail(step.now.mono_ms, round, None, random);
        self.look_again();
    }
}
