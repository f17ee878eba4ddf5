//! The workout in progress as a stream: for screens that follow a recording which somebody else feeds.

use std::sync::{Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::watch;

use super::model::LiveStatistics;
use super::recorder::Inner;

/// What a recording screen shows at one moment.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct LiveObservation {
    /// The workout in progress; `None` if there is none.
    pub statistics: Option<LiveStatistics>,
}

/// How often something changed, and whether more can follow.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Version {
    changes: u64,
    is_last: bool,
}

/// Says that something changed, to whoever observes. Costs a counter while nobody does.
pub(super) struct Changes(watch::Sender<Version>);

impl Default for Changes {
    fn default() -> Self {
        Self(watch::Sender::new(Version::default()))
    }
}

impl Changes {
    pub(super) fn announce(&self) {
        self.0.send_modify(|version| version.changes += 1);
    }

    pub(super) fn end(&self) {
        self.0.send_modify(|version| version.is_last = true);
    }

    pub(super) fn observe(&self, recorder: Weak<Inner>) -> LiveSubscription {
        LiveSubscription {
            recorder,
            changes: self.0.subscribe(),
            seen: Mutex::new(None),
        }
    }
}

/// The workout in progress, each time that it changed. Made for `StateFlow` and `@Observable`.
///
/// Conflated: whoever is slow gets the newest state, not a queue. It keeps neither the recorder nor the store alive. The timer runs on
/// between two changes; a screen that shows seconds asks `live` for them.
#[derive(uniffi::Object)]
pub struct LiveSubscription {
    recorder: Weak<Inner>,
    changes: watch::Receiver<Version>,
    /// The changes that the last answer took in.
    seen: Mutex<Option<u64>>,
}

impl LiveSubscription {
    fn seen(&self) -> MutexGuard<'_, Option<u64>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[uniffi::export]
impl LiveSubscription {
    /// The present state on the first call, later the state after the next change; `None` once the client is shut down or gone. One
    /// caller at a time; a wait that is dropped loses nothing.
    pub async fn next(&self) -> Option<LiveObservation> {
        let mut changes = self.changes.clone();
        let seen = *self.seen();
        let version = *changes
            .wait_for(|version| version.is_last || seen != Some(version.changes))
            .await
            .ok()?;
        if version.is_last {
            return None;
        }
        // Counted before the state is read: what changes in between is told once more rather than not at all.
        *self.seen() = Some(version.changes);
        let statistics = self.recorder.upgrade()?.live();
        Some(LiveObservation { statistics })
    }
}
