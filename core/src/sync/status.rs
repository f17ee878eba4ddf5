//! The status as the app sees it.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use crate::domain::sync_status::SyncStatus;
use crate::domain::time::from_ms;

use super::engine::view::View;
use super::step::Now;

/// The clocks are read one after the other, so that the same moment computed twice differs by a little; milliseconds.
const SAME_MS: u128 = 20;

/// The status as it was last told.
pub(super) struct Status(Mutex<SyncStatus>);

impl Default for Status {
    fn default() -> Self {
        Self(Mutex::new(SyncStatus::stopped()))
    }
}

impl Status {
    pub(super) fn get(&self) -> SyncStatus {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps it; gives it back if it is news.
    pub(super) fn set(&self, mut status: SyncStatus) -> Option<SyncStatus> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(a), Some(b)) = (known.next_attempt_at, status.next_attempt_at) {
            let apart = a.duration_since(b).or_else(|_| b.duration_since(a)).unwrap_or_default();
            if apart.as_millis() <= SAME_MS {
                status.next_attempt_at = Some(a);
            }
        }
        if *known == status {
            return None;
        }
        known.clone_from(&status);
        Some(status)
    }
}

/// What the engine sees, as the app is told it.
pub(super) fn told(view: View, now: Now) -> SyncStatus {
    SyncStatus {
        state: view.state,
        paused: view.paused,
        next_attempt_at: next_attempt_at(&view, now),
        pending: view.pending,
        dead: view.dead,
        taken: view.taken,
        last_success_at: view.last_success_ms.map(from_ms),
        last_error: view.last_failure,
    }
}

/// When it goes on by itself.
pub(super) fn next_attempt_at(view: &View, now: Now) -> Option<SystemTime> {
    let wait = view.next_attempt_ms?.saturating_sub(now.mono_ms);
    Some(from_ms(now.wall_ms.saturating_add(wait)))
}
