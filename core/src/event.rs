//! What the core tells the app without being asked: to a listener, on a thread of its own, and to subscriptions, which the app reads.
//!
//! A listener may be slow, may throw, and may call back into the client: it runs on a thread of its own, never under a lock and never
//! on a thread that writes. Statuses are conflated: while the listener is busy, a newer status replaces the waiting older one of the
//! same thing, so the queue stays short however long the listener takes.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use steadfast_protocol::entity::EntityKind;

use crate::domain::account::AccountId;
use crate::domain::id::Id;
use crate::domain::progress::SaveProgress;
use crate::domain::recording_state::RecordingState;
use crate::domain::sync_status::SyncStatus;
use crate::telemetry::model::Alert;
use crate::wake::{Sleeper, Wakes};

/// Which rows changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum ChangedEntity {
    /// A finished workout was saved, imported, edited or deleted.
    Activity,
    /// A training day of a program was completed, rated or scheduled.
    ProgramSession,
    /// A movement of the catalogue was defined or deleted.
    ExerciseDefinition,
    /// A workout log was saved or deleted, with its exercises and sets.
    WorkoutLog,
    /// A metric was recorded, edited or deleted.
    ProgressEntry,
    /// A habit was logged, or its entry edited or deleted.
    HabitLog,
}

impl ChangedEntity {
    /// What the app is told of a row of this kind; exercises and sets are their log's.
    #[must_use]
    pub fn of(kind: EntityKind) -> Option<Self> {
        Some(match kind {
            EntityKind::Activity => Self::Activity,
            EntityKind::ProgramSession => Self::ProgramSession,
            EntityKind::ExerciseDefinition => Self::ExerciseDefinition,
            EntityKind::WorkoutLog => Self::WorkoutLog,
            EntityKind::ProgressEntry => Self::ProgressEntry,
            EntityKind::HabitLog => Self::HabitLog,
            EntityKind::Exercise | EntityKind::ExerciseSet => return None,
        })
    }
}

/// Something that the app may want to show.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum Event {
    /// A recording changed its state, or what it holds in memory only.
    Recording {
        /// The workout.
        workout_id: Id,
        /// What it is doing now.
        state: RecordingState,
        /// Acknowledged samples that are in memory only, because the storage refuses.
        unsaved_samples: u64,
    },
    /// How far a save or an import is.
    Progress {
        /// The workout; `None` for a file.
        workout_id: Option<Id>,
        /// How far.
        progress: SaveProgress,
    },
    /// A stored row changed.
    Changed {
        /// Of what kind.
        entity: ChangedEntity,
        /// Which; the nil id (all zeros) for more rows than are told one by one: an import, a migration.
        id: Id,
    },
    /// Bringing the changes to the server goes on, waits, or needs something.
    Sync {
        /// How it is getting on.
        status: SyncStatus,
    },
    /// The server refused the account's token, or none was provided, and changes wait: call `provide_token`. Asked once; if the fresh one is
    /// refused too, the status says that sync is paused.
    NeedsToken {
        /// Whose.
        account_id: AccountId,
    },
    /// Something is out of the ordinary: told once, until all was well in between.
    Alert {
        /// What.
        alert: Alert,
    },
    /// The device's storage is full or nearly so.
    StorageLow {
        /// Bytes that are free; `None` if the system does not say.
        free_bytes: Option<u64>,
    },
}

impl Event {
    /// True if `newer` makes this one pointless.
    fn is_replaced_by(&self, newer: &Self) -> bool {
        match (self, newer) {
            (Self::Recording { workout_id: a, .. }, Self::Recording { workout_id: b, .. }) => a == b,
            (
                Self::Progress {
                    workout_id: a,
                    progress: p,
                },
                Self::Progress {
                    workout_id: b,
                    progress: q,
                },
            ) => a == b && p.phase == q.phase,
            (Self::Changed { .. }, Self::Changed { .. }) | (Self::NeedsToken { .. }, Self::NeedsToken { .. }) => {
                self == newer
            }
            (Self::Sync { .. }, Self::Sync { .. }) | (Self::StorageLow { .. }, Self::StorageLow { .. }) => true,
            _ => false,
        }
    }
}

/// A listener failed. The core notes it and goes on.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum ListenerError {
    /// It threw.
    #[error("the listener failed: {reason}")]
    Failed {
        /// What it said.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// Implemented by the app. Do not hold the client strongly in it.
#[uniffi::export(with_foreign)]
pub trait EventListener: Send + Sync {
    /// Called for every event, one at a time, always on the same thread.
    ///
    /// # Errors
    /// Whatever the app throws; it is logged and has no other effect.
    fn on_event(&self, event: Event) -> Result<(), ListenerError>;
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Event>,
    closed: bool,
}

/// What waits for one reader: the listener's thread, or an app that asks for the next event.
#[derive(Default)]
struct Mailbox {
    queue: Mutex<Queue>,
    /// Wakes a thread that waits …
    woken: Condvar,
    /// … and a future that waits.
    sleeper: Arc<Sleeper>,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, event: Event) {
        let mut queue = self.lock();
        if queue.closed {
            return;
        }
        match queue.waiting.iter_mut().find(|waiting| waiting.is_replaced_by(&event)) {
            Some(waiting) => *waiting = event,
            None => queue.waiting.push_back(event),
        }
        drop(queue);
        self.woken.notify_one();
    }

    fn close(&self) {
        let mut queue = self.lock();
        queue.closed = true;
        queue.waiting.clear();
        drop(queue);
        self.woken.notify_one();
    }
}

/// The events of a client, taken one at a time: any number of subscriptions, each with its own queue. Made for `AsyncStream` and `Flow`.
///
/// It keeps no store open. A subscription that nobody reads stays small, as statuses are conflated.
#[derive(uniffi::Object)]
pub struct EventSubscription(Arc<Mailbox>);

#[uniffi::export]
impl EventSubscription {
    /// The next event, as soon as there is one; `None` once the client is shut down or gone, or after `end`. One caller at a time; a wait
    /// that is dropped loses no event.
    pub async fn next(&self) -> Option<Event> {
        loop {
            {
                let mut queue = self.0.lock();
                if let Some(event) = queue.waiting.pop_front() {
                    return Some(event);
                }
                if queue.closed {
                    // For whoever else waits on this subscription.
                    self.0.sleeper.wake();
                    return None;
                }
            }
            self.0.sleeper.sleep().await;
        }
    }

    /// Ends this subscription: a `next` that waits, and every later one, gives `None`. For languages whose cancelled tasks go on waiting.
    pub fn end(&self) {
        self.0.close();
        self.0.sleeper.wake();
    }
}

/// Where the rooms put their events. Cheap to clone; without a listener and without a subscription it does nothing.
#[derive(Clone)]
pub struct Events {
    readers: Arc<Mutex<Readers>>,
    wakes: Wakes,
}

#[derive(Default)]
struct Readers {
    /// Weak: a subscription that the app let go of takes no more events.
    mailboxes: Vec<Weak<Mailbox>>,
    closed: bool,
}

impl Events {
    /// Starts the listener's thread, if there is a listener.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn new(listener: Option<Arc<dyn EventListener>>, wakes: Wakes) -> std::io::Result<Self> {
        let events = Self {
            readers: Arc::default(),
            wakes,
        };
        if let Some(listener) = listener {
            let mailbox = events.open_mailbox();
            std::thread::Builder::new()
                .name("steadfast-events".into())
                .spawn(move || deliver(&mailbox, listener.as_ref()))?;
        }
        Ok(events)
    }

    /// A queue of one's own, for events from now on.
    #[must_use]
    pub fn subscribe(&self) -> Arc<EventSubscription> {
        Arc::new(EventSubscription(self.open_mailbox()))
    }

    fn lock(&self) -> MutexGuard<'_, Readers> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open_mailbox(&self) -> Arc<Mailbox> {
        let mailbox = Arc::new(Mailbox::default());
        let mut readers = self.lock();
        readers.mailboxes.retain(|reader| reader.strong_count() > 0);
        if readers.closed {
            mailbox.close();
        } else {
            readers.mailboxes.push(Arc::downgrade(&mailbox));
        }
        mailbox
    }

    /// Queues an event; never blocks on a reader, and runs none of its code. May be called under any lock.
    #[allow(clippy::needless_pass_by_value, reason = "it is made for this call")]
    pub fn send(&self, event: Event) {
        for mailbox in self.lock().mailboxes.iter().filter_map(Weak::upgrade) {
            mailbox.put(event.clone());
            self.wakes.soon(&mailbox.sleeper);
        }
    }

    /// No call to the listener begins after this one returns, and subscriptions end. A call that is under way is not waited for: it may
    /// be the very one that closes the client.
    pub fn close(&self) {
        let mailboxes = {
            let mut readers = self.lock();
            readers.closed = true;
            std::mem::take(&mut readers.mailboxes)
        };
        for mailbox in mailboxes.iter().filter_map(Weak::upgrade) {
            mailbox.close();
            self.wakes.soon(&mailbox.sleeper);
        }
    }
}

fn deliver(mailbox: &Mailbox, listener: &dyn EventListener) {
    loop {
        let mut queue = mailbox.lock();
        while queue.waiting.is_empty() && !queue.closed {
            queue = mailbox.woken.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        let Some(event) = queue.waiting.pop_front() else { return };
        drop(queue);
        // A panic in a Rust listener must not end the thread, as little as an exception in a foreign one.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| listener.on_event(event)));
        match outcome {
            Ok(Ok(())) => {}
            // Without its words: they are the app's, and may hold what no log of ours holds.
            Ok(Err(_)) => tracing::warn!("an event listener failed"),
            Err(_) => tracing::warn!("an event listener panicked"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    struct Recorder {
        seen: Mutex<mpsc::Sender<Event>>,
        /// Held while the listener is meant to be busy.
        busy: Arc<Mutex<()>>,
    }

    impl EventListener for Recorder {
        fn on_event(&self, event: Event) -> Result<(), ListenerError> {
            self.seen.lock().unwrap().send(event).unwrap();
            drop(self.busy.lock().unwrap());
            Err(ListenerError::Failed {
                reason: "always throws".into(),
            })
        }
    }

    fn wakes() -> Wakes {
        Wakes::start().unwrap()
    }

    fn without_listener() -> Events {
        Events::new(None, wakes()).unwrap()
    }

    fn listener() -> (Events, mpsc::Receiver<Event>, Arc<Mutex<()>>) {
        let (seen, receiver) = mpsc::channel();
        let busy = Arc::new(Mutex::new(()));
        let listener = Recorder {
            seen: Mutex::new(seen),
            busy: Arc::clone(&busy),
        };
        (Events::new(Some(Arc::new(listener)), wakes()).unwrap(), receiver, busy)
    }

    fn recording(unsaved_samples: u64) -> Event {
        Event::Recording {
            workout_id: Id::nil(),
            state: RecordingState::Recording,
            unsaved_samples,
        }
    }

    #[test]
    fn a_listener_that_throws_gets_the_next_event_all_the_same() {
        let (events, seen, _busy) = listener();
        for free_bytes in [Some(1), None] {
            events.send(Event::StorageLow { free_bytes });
            assert_eq!(seen.recv().unwrap(), Event::StorageLow { free_bytes });
        }
    }

    #[test]
    fn a_busy_listener_gets_the_newest_status_and_every_change() {
        let (events, seen, busy) = listener();
        let held = busy.lock().unwrap();
        events.send(recording(0));
        assert_eq!(seen.recv().unwrap(), recording(0));
        for count in 1..=1_000 {
            events.send(recording(count));
        }
        let id = Id::from_u128(7);
        events.send(Event::Changed {
            entity: ChangedEntity::Activity,
            id,
        });
        drop(held);
        assert_eq!(seen.recv().unwrap(), recording(1_000));
        assert_eq!(
            seen.recv().unwrap(),
            Event::Changed {
                entity: ChangedEntity::Activity,
                id
            }
        );
    }

    #[test]
    fn nothing_is_delivered_after_closing() {
        let (events, seen, busy) = listener();
        let held = busy.lock().unwrap();
        events.send(recording(0));
        assert_eq!(seen.recv().unwrap(), recording(0));
        events.send(recording(1));
        events.close();
        events.send(recording(2));
        drop(held);
        assert!(seen.recv().is_err(), "the thread ends and drops the listener");
    }

    #[test]
    fn every_subscription_gets_every_event_from_its_start_on_and_ends_with_the_client() {
        let events = without_listener();
        let early = events.subscribe();
        events.send(recording(1));
        let late = events.subscribe();
        events.send(Event::StorageLow { free_bytes: None });
        assert_eq!(pollster::block_on(early.next()), Some(recording(1)));
        for subscription in [&early, &late] {
            assert_eq!(
                pollster::block_on(subscription.next()),
                Some(Event::StorageLow { free_bytes: None })
            );
        }
        events.close();
        for subscription in [early, late, events.subscribe()] {
            assert_eq!(pollster::block_on(subscription.next()), None);
        }
    }

    #[test]
    fn a_wait_that_is_dropped_loses_nothing() {
        let events = without_listener();
        let subscription = events.subscribe();
        {
            let mut wait = std::pin::pin!(subscription.next());
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            assert!(wait.as_mut().poll(&mut context).is_pending());
            events.send(recording(7));
        }
        assert_eq!(pollster::block_on(subscription.next()), Some(recording(7)));
    }

    #[test]
    fn a_subscription_wakes_who_waits_and_is_forgotten_when_it_is_let_go() {
        let events = without_listener();
        let subscription = events.subscribe();
        let waiting = std::thread::spawn(move || pollster::block_on(subscription.next()));
        events.send(recording(3));
        assert_eq!(waiting.join().unwrap(), Some(recording(3)));
        drop(events.subscribe());
        assert_eq!(
            events.lock().mailboxes.len(),
            1,
            "the next one to come clears those that are gone"
        );
    }

    #[test]
    fn a_subscription_that_was_ended_says_so_to_whoever_waits() {
        let events = without_listener();
        let subscription = events.subscribe();
        let waits = Arc::clone(&subscription);
        let waiting = std::thread::spawn(move || pollster::block_on(waits.next()));
        subscription.end();
        assert_eq!(waiting.join().unwrap(), None);
        events.send(recording(1));
        assert_eq!(pollster::block_on(subscription.next()), None);
    }
}
