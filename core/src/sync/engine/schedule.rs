//! What is done next, and when. Pure.

use crate::domain::id::Id;
use crate::outbox::states;
use crate::sync::breaker::{Admission, jittered_ms};
use crate::sync::lane::{Due, Obstacle};
use crate::sync::model::MeteredPolicy;
use crate::sync::step::{Effect, Now, RequestId};

use super::{Engine, InFlight, Step};

/// Requests on their way at most.
const IN_FLIGHT: usize = 3;
/// So many items refused alone, while the server took nothing, mean that it refuses whatever comes.
const UNPROVEN: usize = 3;
/// The clean-up rides on other wake-ups, at most so often; milliseconds.
const CLEAN_UP_MS: i64 = 3_600_000;
/// With no attempt sooner than this, connections are closed; milliseconds.
const REST_MS: i64 = 5_000;
/// While nothing can be sent, what waits is counted at most so often, in milliseconds: a look reads every open event.
const COUNT_MS: i64 = 500;
/// A single run waits so long for the token that it asked for, in milliseconds.
const TOKEN_GRACE_MS: i64 = 10_000;

impl Engine {
    /// Does the next thing that there is to do.
    pub(super) fn advance(&mut self, step: &mut Step) {
        if self.asking {
            return;
        }
        if self.lane.is_none() {
            self.rest(step);
            return;
        }
        if matches!(self.storage.admits(step.now.mono_ms), Admission::NotBefore(_)) {
            return;
        }
        let admission = self.breaker.admits(step.now.mono_ms);
        let is_waiting = matches!(admission, Admission::NotBefore(_));
        let may_send = self.may_send_something();
        if !may_send || is_waiting {
            self.abandon_unsent(step);
        }
        let policy = self.link.policy();
        let background = policy == Some(MeteredPolicy::Everything);
        let Some(lane) = &mut self.lane else { return };
        let may_claim = may_send && !is_waiting;
        // With nothing to be done about it, a count is for the eye alone.
        let may_count = step.now.mono_ms >= lane.looked_at_ms.saturating_add(COUNT_MS);
        if (may_claim && lane.due == Due::Unknown) || (!may_claim && !lane.is_counted && may_count) {
            self.asking = true;
            step.push(Effect::Look {
                due: may_send,
                background,
            });
            return;
        }
        if !may_claim {
            self.settle_down(step);
            return;
        }
        let slots = if admission == Admission::Probe || lane.refused > 0 {
            1
        } else {
            IN_FLIGHT
        };
        self.send(slots, step);
        self.claim_more(slots, background, step);
    }

    fn send(&mut self, slots: usize, step: &mut Step) {
        while self.in_flight.len() < slots
            && let Some(lane) = &mut self.lane
            && let Some(items) = lane.parts.pop_front()
        {
            let request = self.depart(items.clone(), step.now);
            self.totals.sent += items.len() as u64;
            step.push(Effect::Push { request, items });
        }
    }

    fn depart(&mut self, items: Vec<Id>, now: Now) -> RequestId {
        self.last_request += 1;
        self.is_resting = false;
        let flight = InFlight {
            items,
            sent_at_ms: now.mono_ms,
            round: self.breaker.round(),
            token: self.lane.as_ref().map_or(0, |lane| lane.access.serial()),
            settling: None,
        };
        self.in_flight.insert(self.last_request, flight);
        self.last_request
    }

    fn claim_more(&mut self, slots: usize, background: bool, step: &mut Step) {
        let in_flight = self.in_flight.len();
        let Some(lane) = &mut self.lane else { return };
        if in_flight >= slots || !lane.parts.is_empty() {
            return;
        }
        if lane.is_due(step.now.wall_ms) && lane.unproven.len() < UNPROVEN {
            if lane.access.ask(step.now.mono_ms, step.now.wall_ms) {
                step.push(Effect::AskForToken);
            }
            if !lane.access.may_send() {
                self.settle_down(step);
            } else if lane.obstacle != Some(Obstacle::ServerTime) {
                self.asking = true;
                let limit = self.batch.limit();
                step.push(Effect::Claim { limit, background });
            } else if in_flight == 0 {
                let request = self.depart(Vec::new(), step.now);
                step.push(Effect::HearTime { request });
            }
            return;
        }
        if in_flight > 0 {
            return;
        }
        if lane.unproven.is_empty() {
            self.settle_down(step);
        } else {
            // Whatever comes is refused, or there is nothing else to prove the contrary with.
            let round = self.breaker.round();
            self.doubt(round, step);
            self.forget_due();
            self.advance(step);
        }
    }

    /// Nothing to do until something happens or a wait is over.
    fn settle_down(&mut self, step: &mut Step) {
        if !self.in_flight.is_empty() {
            return;
        }
        let now_ms = step.now.mono_ms;
        if self
            .cleaned_at_ms
            .is_none_or(|at| now_ms.saturating_sub(at) >= CLEAN_UP_MS)
        {
            self.cleaned_at_ms = Some(now_ms);
            step.push(Effect::CleanUp);
        }
        if self
            .find_next_attempt(step.now)
            .is_none_or(|at| at.saturating_sub(now_ms) > REST_MS)
        {
            self.rest(step);
        }
    }

    fn rest(&mut self, step: &mut Step) {
        if !std::mem::replace(&mut self.is_resting, true) {
            step.push(Effect::Rest);
        }
    }

    /// When something is tried by itself, by the clock that counts sleep; `None` if only an input can bring that about.
    pub(super) fn find_next_attempt(&self, now: Now) -> Option<i64> {
        if !self.is_active(now.mono_ms) {
            return None;
        }
        // Also with nobody signed in: it may be the storage that does not say who is.
        if let Admission::NotBefore(at) = self.storage.admits(now.mono_ms) {
            return Some(at);
        }
        let lane = self.lane.as_ref()?;
        if !self.may_send_something() || lane.pending == 0 || lane.obstacle == Some(Obstacle::Snapshot) {
            return None;
        }
        let due_in_ms = lane.due_in_ms(now.wall_ms).map(|ms| ms.min(states::MAX_WAIT_MS));
        if let Admission::NotBefore(at) = self.breaker.admits(now.mono_ms) {
            let due_at = due_in_ms.map_or(at, |ms| now.mono_ms.saturating_add(ms));
            return Some(at.max(due_at));
        }
        // What is due now and not on its way waits for an answer, or for a token; what becomes due is the occasion to ask for one.
        let may_go = lane.access.may_send() && self.in_flight.is_empty();
        due_in_ms
            .filter(|ms| *ms > 0 || may_go)
            .map(|ms| now.mono_ms.saturating_add(ms))
    }

    /// When the engine wants to be woken.
    pub(super) fn find_wake_up(&self, now: Now) -> Option<i64> {
        let count = self.next_count_ms(now);
        let until = self
            .once_until_ms
            .iter()
            .copied()
            .filter(|until| *until > now.mono_ms)
            .min();
        let grace = self.token_grace_ms().filter(|until| *until > now.mono_ms);
        [self.find_next_attempt(now), count, until, grace]
            .into_iter()
            .flatten()
            .min()
    }

    /// When what changed is counted, if that has to wait.
    fn next_count_ms(&self, now: Now) -> Option<i64> {
        let lane = self.lane.as_ref().filter(|_| self.is_active(now.mono_ms))?;
        let at = lane.looked_at_ms.saturating_add(COUNT_MS);
        (!lane.is_counted && !self.asking && at > now.mono_ms).then_some(at)
    }

    /// Until when a single run waits for a token, if it waits for one.
    pub(super) fn token_grace_ms(&self) -> Option<i64> {
        let lane = self.lane.as_ref().filter(|_| !self.once_until_ms.is_empty())?;
        let asked_at = lane.access.asked_at_ms()?;
        lane.access
            .needs_token()
            .then(|| asked_at.saturating_add(TOKEN_GRACE_MS))
    }

    /// Gives back what is claimed and not on its way.
    pub(super) fn abandon_unsent(&mut self, step: &mut Step) {
        let Some(lane) = &mut self.lane else { return };
        let unproven = std::mem::take(&mut lane.unproven);
        for id in unproven {
            let failures = lane.suspects.failures(id);
            let wait = jittered_ms(self.limits.first_backoff_ms, failures, step.dice.draw());
            step.release(vec![id], Some(wait));
        }
        let parts = lane.unsent();
        if !parts.is_empty() {
            lane.due = Due::Unknown;
            step.release(parts, None);
        }
    }

    /// Gives everything back: nothing may be done at present.
    pub(super) fn withdraw(&mut self, step: &mut Step) {
        for (request, flight) in std::mem::take(&mut self.in_flight) {
            step.push(Effect::Abort { request });
            step.release(flight.items, None);
        }
        if let Some(lane) = &mut self.lane {
            let items = lane.unsent();
            step.release(items, None);
            lane.look_again();
        }
        self.asking = false;
        self.rest(step);
    }
}
