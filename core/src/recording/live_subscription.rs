//! The workout in progress as a stream: for screens that follow a recording which somebody else feeds.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::wake::{Sleeper, Wakes};

use super::model::LiveStatistics;
use super::recorder::Inner;

/// What a recording screen shows at one moment.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct LiveObservation {
    /// The workout in progress; `None` if there is none.
    pub statistics: Option<LiveStatistics>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    None,
    Some,
    Ended,
}

/// What one subscription has yet to be told.
struct Bell {
    news: Mutex<News>,
    sleeper: Arc<Sleeper>,
}

impl Bell {
    fn news(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self, told: News) {
        let mut news = self.news();
        if *news != News::Ended {
            *news = told;
        }
    }
}

/// Says that something changed, to whoever observes.
pub(super) struct Changes {
    wakes: Wakes,
    observers: Mutex<Observers>,
}

#[derive(Default)]
struct Observers {
    /// Weak: a subscription that the app let go of is told nothing more.
    bells: Vec<Weak<Bell>>,
    ended: bool,
}

impl Changes {
    pub(super) fn new(wakes: Wakes) -> Self {
        Self {
            wakes,
            observers: Mutex::default(),
        }
    }

    fn observers(&self) -> MutexGuard<'_, Observers> {
        self.observers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The workout changed. May be called under the recorder's lock.
    pub(super) fn announce(&self) {
        self.tell(News::Some);
    }

    /// Nothing follows any more.
    pub(super) fn end(&self) {
        self.observers().ended = true;
        self.tell(News::Ended);
    }

    fn tell(&self, told: News) {
        for bell in self.observers().bells.iter().filter_map(Weak::upgrade) {
            bell.ring(told);
            self.wakes.soon(&bell.sleeper);
        }
    }

    pub(super) fn observe(&self, recorder: Weak<Inner>) -> LiveSubscription {
        let mut observers = self.observers();
        observers.bells.retain(|bell| bell.strong_count() > 0);
        let bell = Arc::new(Bell {
            news: Mutex::new(if observers.ended { News::Ended } else { News::Some }),
            sleeper: Arc::default(),
        });
        observers.bells.push(Arc::downgrade(&bell));
        LiveSubscription { recorder, bell }
    }
}

/// The workout in progress, each time that it changed. Made for `StateFlow` and `@Observable`.
///
/// Conflated: whoever is slow gets the newest state, not a queue. It keeps neither the recorder nor the store alive. The timer runs on
/// between two changes; a screen that shows seconds asks `live` for them.
#[derive(uniffi::Object)]
pub struct LiveSubscription {
    recorder: Weak<Inner>,
    bell: Arc<Bell>,
}

#[uniffi::export]
impl LiveSubscription {
    /// The present state on the first call, later the state after the next change; `None` once the client is shut down or gone, or after
    /// `end`. One caller at a time; a wait that is dropped loses nothing.
    pub async fn next(&self) -> Option<LiveObservation> {
        loop {
            let told = {
                let mut news = self.bell.news();
                let told = *news;
                if told == News::Some {
                    // Cleared before the state is read: what changes in between is told once more rather than not at all.
                    *news = News::None;
                }
                told
            };
            match told {
                News::None => self.bell.sleeper.sleep().await,
                News::Some => {
                    let statistics = self.recorder.upgrade()?.live();
                    return Some(LiveObservation { statistics });
                }
                News::Ended => {
                    // For whoever else waits on this subscription.
                    self.bell.sleeper.wake();
                    return None;
                }
            }
        }
    }

    /// Ends this subscription: a `next` that waits, and every later one, gives `None`. For languages whose cancelled tasks go on waiting.
    pub fn end(&self) {
        self.bell.ring(News::Ended);
        self.bell.sleeper.wake();
    }
}
