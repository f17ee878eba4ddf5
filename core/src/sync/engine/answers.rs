//! What an answer means for the requests, the account and the server. Pure.

use crate::domain::id::Id;
use crate::domain::sync_status::{PauseReason, SyncFailure};
use crate::outbox::account::Epoch;
use crate::sync::breaker::{Admission, jittered_ms};
use crate::sync::classify::Verdict;
use crate::sync::lane::{Due, Obstacle};
use crate::sync::model::Connectivity;
use crate::sync::step::{Effect, RequestId, Settlement};

use super::{Engine, InFlight, Step};

impl Engine {
    pub(super) fn answered(&mut self, id: RequestId, verdict: Verdict, failure: Option<SyncFailure>, step: &mut Step) {
        let Some(request) = self.in_flight.get_mut(&id) else {
            return;
        };
        let (token, round) = (request.token, request.round);
        if matches!(verdict, Verdict::Answer | Verdict::OtherEpoch) {
            request.settling = Some(verdict);
            self.asking = true;
            step.push(Effect::Settle { request: id });
            return;
        }
        self.last_failure = failure;
        if let Verdict::Refused { by_server } = verdict {
            self.refused(id, by_server, step);
            return;
        }
        let items = self
            .in_flight
            .remove(&id)
            .map(|request| request.items)
            .unwrap_or_default();
        step.release(items, None);
        match verdict {
            Verdict::Unauthorized { by_server } => self.unauthorized(token, round, by_server, step),
            Verdict::ClientTooOld => self.pause(PauseReason::ClientTooOld, step),
            Verdict::AccountDeleted => self.pause(PauseReason::AccountDeleted, step),
            // What was on its way when the connection went says nothing of the server.
            Verdict::Unavailable { .. } if self.link.connectivity == Connectivity::Offline => {}
            Verdict::Unavailable { retry_after_ms } => {
                self.batch.failed();
                self.fail(round, retry_after_ms, step);
            }
            Verdict::Answer | Verdict::OtherEpoch | Verdict::Refused { .. } => {}
        }
        self.forget_due();
    }

    /// The link or the server is not to be used for a while; nothing that was claimed waits for it.
    pub(super) fn fail(&mut self, round: u64, retry_after_ms: Option<i64>, step: &mut Step) {
        let random = step.dice.draw();
        self.breaker.fail(step.now.mono_ms, round, retry_after_ms, random);
        self.abandon_unsent(step);
    }

    /// As `fail`, for what may be the items' fault.
    pub(super) fn doubt(&mut self, round: u64, step: &mut Step) {
        let random = step.dice.draw();
        self.breaker.doubt(step.now.mono_ms, round, random);
        self.abandon_unsent(step);
    }

    fn pause(&mut self, reason: PauseReason, step: &mut Step) {
        if let Some(lane) = &mut self.lane {
            lane.pause = Some(reason);
        }
        step.push(Effect::Pause(Some(reason)));
        self.abandon_unsent(step);
    }

    fn unauthorized(&mut self, token: u64, round: u64, by_server: bool, step: &mut Step) {
        let Some(lane) = &mut self.lane else { return };
        if !lane.access.refused(token, by_server) {
            return;
        }
        if lane.access.ask(step.now.mono_ms, step.now.wall_ms) {
            step.push(Effect::AskForToken);
        }
        if by_server {
            self.pause(PauseReason::Authentication, step);
        } else {
            self.fail(round, None, step);
        }
    }

    /// A request was refused as a whole: its halves are sent again, down to the one item that it was refused for.
    fn refused(&mut self, id: RequestId, by_server: bool, step: &mut Step) {
        let is_probe = self.breaker.admits(step.now.mono_ms) != Admission::Open;
        let (Some(lane), Some(request)) = (&mut self.lane, self.in_flight.get_mut(&id)) else {
            return;
        };
        let taken = self.totals.taken;
        let (items, round) = (request.items.clone(), request.round);
        lane.refused += 1;
        let is_proven = items.len() == 1 && lane.suspects.is_proven(items[0], taken);
        lane.suspects.refused(&items, taken);
        if is_proven && by_server {
            request.settling = Some(Verdict::Refused { by_server });
            self.asking = true;
            step.push(Effect::Blame { request: id });
            return;
        }
        self.in_flight.remove(&id);
        match items[..] {
            // The empty page of changes.
            [] => self.fail(round, None, step),
            [item] if !is_proven && lane.suspects.failures(item) == 0 => {
                lane.suspects.failed(item, taken);
                lane.unproven.push(item);
            }
            [_] => {
                self.hold(&items, step);
                if !is_proven {
                    self.doubt(round, step);
                }
            }
            _ if is_probe && !by_server => {
                step.release(items, None);
                self.doubt(round, step);
                self.forget_due();
            }
            _ => {
                self.batch.failed();
                let half = items.len().div_ceil(2);
                for part in items.chunks(half).rev() {
                    lane.parts.push_front(part.to_vec());
                }
            }
        }
    }

    pub(super) fn settled(&mut self, id: RequestId, settlement: &Settlement, step: &mut Step) {
        self.asking = false;
        self.storage.succeed();
        let Some(request) = self.in_flight.remove(&id) else {
            return;
        };
        self.totals.taken += settlement.taken;
        self.totals.failed += settlement.failed;
        self.totals.dead += settlement.dead;
        let Some(lane) = &mut self.lane else { return };
        lane.closed(settlement.events_taken, settlement.events_dead);
        if !lane.is_due(step.now.wall_ms) {
            lane.due = Due::Unknown;
        }
        let is_reply = request.settling == Some(Verdict::Answer);
        match settlement.epoch {
            // Somebody signed in or out meanwhile, perhaps out and in again: what is asked next is asked under a new claim.
            None => {
                lane.lift(Obstacle::ServerTime);
                step.release(settlement.left.clone(), None);
                self.look_again();
            }
            Some(Epoch::Adopted) => {
                lane.lift(Obstacle::ServerTime);
                step.release(settlement.left.clone(), None);
                self.succeed(&request, step);
                self.forget_due();
            }
            // A server that was left behind, or one that contradicts itself.
            Some(Epoch::Older) => self.malformed(&request, settlement, step),
            Some(Epoch::Known) if request.settling == Some(Verdict::OtherEpoch) => {
                self.malformed(&request, settlement, step);
            }
            // The blamed one.
            Some(Epoch::Known) if !is_reply && settlement.left.is_empty() => lane.suspects.cleared(&request.items),
            Some(Epoch::Known) if !is_reply => self.hold(&settlement.left, step),
            Some(Epoch::Known) if request.items.is_empty() => {
                lane.lift(Obstacle::ServerTime);
                self.succeed(&request, step);
            }
            Some(Epoch::Known) => self.results(&request, settlement, step),
        }
    }

    /// A reply with results, at least for some.
    fn results(&mut self, request: &InFlight, settlement: &Settlement, step: &mut Step) {
        if settlement.left.len() == request.items.len() {
            self.malformed(request, settlement, step);
            return;
        }
        self.succeed(request, step);
        let took_ms = step.now.mono_ms.saturating_sub(request.sent_at_ms);
        self.batch.answered(request.items.len(), took_ms);
        let Some(lane) = &mut self.lane else { return };
        let is_left = |id: &Id| settlement.left.contains(id);
        let done: Vec<Id> = request.items.iter().copied().filter(|id| !is_left(id)).collect();
        lane.suspects.cleared(&done);
        if settlement.taken > 0 {
            lane.refused = 0;
            // The server takes what is right, so what it refused alone can be judged now.
            let unproven = std::mem::take(&mut lane.unproven);
            lane.parts.extend(unproven.into_iter().map(|id| vec![id]));
        }
        if settlement.left.is_empty() {
            return;
        }
        // The rest of the reply is as it should be, so it is these that wait, ever longer, and not the others.
        self.hold(&settlement.left, step);
        self.note_malformed();
        self.doubt(self.breaker.round(), step);
    }

    /// Gives items back that get nowhere by their own fault; each waits longer than the last time.
    fn hold(&mut self, items: &[Id], step: &mut Step) {
        let taken = self.totals.taken;
        let Some(lane) = &mut self.lane else { return };
        for id in items {
            let failures = lane.suspects.failed(*id, taken);
            let wait = jittered_ms(self.limits.first_backoff_ms, failures, step.dice.draw());
            step.release(vec![*id], Some(wait));
        }
        lane.due = Due::Unknown;
    }

    /// A reply that settles nothing.
    fn malformed(&mut self, request: &InFlight, settlement: &Settlement, step: &mut Step) {
        step.release(settlement.left.clone(), None);
        self.note_malformed();
        if settlement.epoch == Some(Epoch::Known) && request.settling == Some(Verdict::Answer) {
            self.doubt(request.round, step);
        } else {
            self.fail(request.round, None, step);
        }
        self.forget_due();
    }

    fn note_malformed(&mut self) {
        self.last_failure = Some(SyncFailure {
            code: "malformed_reply".to_owned(),
            http_status: Some(200),
        });
    }

    fn succeed(&mut self, request: &InFlight, step: &Step) {
        self.breaker.succeed();
        self.last_failure = None;
        self.last_success_ms = Some(step.now.wall_ms);
        if let Some(lane) = &mut self.lane {
            lane.access.accepted(request.token);
        }
    }
}
