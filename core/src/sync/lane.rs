//! What the engine knows of the signed-in account. Pure.

use std::collections::VecDeque;

use crate::domain::id::Id;
use crate::domain::sync_status::PauseReason;
use crate::outbox::states;

use super::access::Access;
use super::step::{Arrival, Glance};
use super::suspects::Suspects;

/// When the next event is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sync) enum Due {
    /// Nobody looked since something changed.
    Unknown,
    /// At this moment, UTC milliseconds.
    At(i64),
    /// Nothing waits that time alone would make due.
    Never,
}

/// What has to happen before anything is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sync) enum Obstacle {
    /// The server's time has to be heard.
    ServerTime,
    /// A restored server's snapshot has to be read.
    Snapshot,
}

/// The account's queue and what stands in its way.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, in any combination"
)]
pub(in crate::sync) struct Lane {
    pub pause: Option<PauseReason>,
    pub access: Access,
    /// Events that wait, as far as is known.
    pub pending: u64,
    /// Dead ones.
    pub dead: u64,
    /// False once something changed that nobody looked at yet.
    pub is_counted: bool,
    /// When somebody last looked, by the clock that counts sleep.
    pub looked_at_ms: i64,
    pub due: Due,
    /// Claimed items in the requests that they will go in.
    pub parts: VecDeque<Vec<Id>>,
    /// Claimed items that were refused alone while the server took nothing else: they wait until it does.
    pub unproven: Vec<Id>,
    pub suspects: Suspects,
    /// Whole requests that were refused since the server last took something.
    pub refused: u32,
    /// What has to happen before anything is claimed.
    pub obstacle: Option<Obstacle>,
    /// Claims in a row that found nothing although something was due.
    pub barren: u32,
    /// Events that the server took since the queue was last empty.
    pub taken: u64,
    was_empty: bool,
}

impl Lane {
    pub fn new(arrival: Arrival) -> Self {
        let mut access = Access::missing();
        if arrival.has_token {
            access.provided(arrival.expires_at_ms);
        }
        Self {
            pause: arrival.pause,
            access,
            pending: 0,
            dead: 0,
            is_counted: false,
            looked_at_ms: i64::MIN,
            due: Due::Unknown,
            parts: VecDeque::new(),
            unproven: Vec::new(),
            suspects: Suspects::default(),
            refused: 0,
            obstacle: None,
            barren: 0,
            taken: 0,
            was_empty: true,
        }
    }

    /// What was known of the queue is known no more.
    pub fn look_again(&mut self) {
        self.is_counted = false;
        self.looked_at_ms = i64::MIN;
        self.forget_due();
    }

    /// What is due is not known any more; how much there is has not changed.
    pub fn forget_due(&mut self) {
        self.due = Due::Unknown;
        self.lift(Obstacle::Snapshot);
    }

    /// This does not stand in the way any more, or has to be looked at again.
    pub fn lift(&mut self, obstacle: Obstacle) {
        if self.obstacle == Some(obstacle) {
            self.obstacle = None;
        }
    }

    /// The queue changed. What is due now stays due, so that a queue which is filled while it is sent need not be looked at each time.
    pub fn nudged(&mut self, wall_ms: i64) {
        self.is_counted = false;
        self.lift(Obstacle::Snapshot);
        if !self.is_due(wall_ms) {
            self.due = Due::Unknown;
        }
    }

    pub fn looked(&mut self, glance: Glance, due: bool, now_ms: i64) {
        self.looked_at_ms = now_ms;
        self.pause = glance.pause;
        (self.pending, self.dead, self.is_counted) = (glance.pending, glance.dead, true);
        if due {
            self.due = glance.due_ms.map_or(Due::Never, Due::At);
        }
        if glance.pending == 0 {
            self.was_empty = true;
            self.suspects = Suspects::default();
        } else if std::mem::take(&mut self.was_empty) {
            self.taken = 0;
        }
    }

    /// True if something may be claimed now.
    pub fn is_due(&self, wall_ms: i64) -> bool {
        matches!(self.due, Due::At(at) if states::is_due(Some(at), wall_ms))
    }

    /// How long until something may be claimed, in milliseconds.
    pub fn due_in_ms(&self, wall_ms: i64) -> Option<i64> {
        match self.due {
            Due::At(_) if self.is_due(wall_ms) => Some(0),
            Due::At(at) => Some(at.saturating_sub(wall_ms)),
            Due::Unknown | Due::Never => None,
        }
    }

    /// The server has these many events more, and refused these.
    pub fn closed(&mut self, taken: u64, dead: u64) {
        self.taken += taken;
        self.pending = self.pending.saturating_sub(taken + dead);
        self.dead += dead;
    }

    /// Takes every claimed item that is not on its way.
    pub fn unsent(&mut self) -> Vec<Id> {
        let mut ids = std::mem::take(&mut self.unproven);
        ids.extend(self.parts.drain(..).flatten());
        ids
    }
}
