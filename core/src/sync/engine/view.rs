//! What the app is told of it all. Pure.

use crate::domain::sync_status::{PauseReason, SyncFailure, SyncState};
use crate::sync::lane::{Due, Lane, Obstacle};
use crate::sync::model::{MeteredPolicy, SyncEnd};
use crate::sync::step::Now;

use super::Engine;

/// How it is getting on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What it is doing.
    pub state: SyncState,
    /// Why nothing is sent, if somebody has to do something about it.
    pub paused: Option<PauseReason>,
    /// When it goes on by itself, by the clock that counts sleep.
    pub next_attempt_ms: Option<i64>,
    /// Events that the server has yet to hear of.
    pub pending: u64,
    /// Events that it refused.
    pub dead: u64,
    /// Events that it took since the queue was last empty.
    pub taken: u64,
    /// When it last answered as it should, UTC milliseconds.
    pub last_success_ms: Option<i64>,
    /// Why the last request got nowhere.
    pub last_failure: Option<SyncFailure>,
}

impl Engine {
    /// How it is getting on.
    #[must_use]
    pub fn view(&self, now: Now) -> View {
        let paused = self.lane.as_ref().and_then(|lane| self.paused(lane, now));
        let figure = |of: fn(&Lane) -> u64| self.lane.as_ref().map_or(0, of);
        View {
            state: self.state(paused, now),
            paused,
            next_attempt_ms: self.next_attempt_ms,
            pending: figure(|lane| lane.pending),
            dead: figure(|lane| lane.dead),
            taken: figure(|lane| lane.taken),
            last_success_ms: self.last_success_ms,
            last_failure: self.last_failure.clone(),
        }
    }

    fn paused(&self, lane: &Lane, now: Now) -> Option<PauseReason> {
        // A token is missed only when there is something to send.
        let misses_token = lane.access.needs_token() && lane.access.asked_at_ms().is_some() && lane.pending > 0;
        let misses_token = misses_token && self.is_active(now.mono_ms);
        lane.pause.or(misses_token.then_some(PauseReason::Authentication))
    }

    fn state(&self, paused: Option<PauseReason>, now: Now) -> SyncState {
        if !self.is_active(now.mono_ms) {
            return SyncState::Stopped;
        }
        let Some(lane) = &self.lane else {
            return SyncState::SignedOut;
        };
        if paused.is_some() {
            return SyncState::Paused;
        }
        let Some(policy) = self.link.policy() else {
            return SyncState::Offline;
        };
        if !self.in_flight.is_empty() {
            SyncState::Sending
        } else if lane.pending == 0 {
            SyncState::Idle
        } else if policy == MeteredPolicy::Nothing {
            SyncState::Held
        } else if lane.due != Due::Never || lane.obstacle == Some(Obstacle::Snapshot) {
            SyncState::Waiting
        } else if policy == MeteredPolicy::UserActionsOnly {
            SyncState::Held
        } else {
            // What is left waits behind what the server refused.
            SyncState::Idle
        }
    }

    /// Why a single run until `until_ms` has nothing more to do; `None` while it has.
    #[must_use]
    pub fn end_of_run(&self, now: Now, until_ms: i64) -> Option<SyncEnd> {
        if !self.is_configured {
            return Some(SyncEnd::SignedOut);
        }
        if self.is_suspended {
            return Some(SyncEnd::Cancelled);
        }
        let Some(lane) = &self.lane else {
            return Some(SyncEnd::SignedOut);
        };
        if now.mono_ms >= until_ms {
            return Some(SyncEnd::Deadline);
        }
        if !self.in_flight.is_empty() || self.asking || !lane.is_counted {
            return None;
        }
        if lane.pending == 0 {
            return Some(SyncEnd::Done);
        }
        if self.next_attempt_ms.is_some_and(|at| at <= until_ms) {
            return None;
        }
        if self.token_grace_ms().is_some_and(|until| now.mono_ms < until) {
            return None;
        }
        Some(match self.view(now).state {
            SyncState::Paused => SyncEnd::Paused,
            SyncState::Offline => SyncEnd::Offline,
            SyncState::Held => SyncEnd::Held,
            SyncState::Idle => SyncEnd::Done,
            _ => SyncEnd::Waiting,
        })
    }
}
