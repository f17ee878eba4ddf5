//! The events that the app was told, until they are asked for.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use steadfast_core::event::{Event, EventListener, ListenerError};

use super::matching::matches;
use super::seen::Seen;

/// An event that has not come by then does not come.
const EVENT_DEADLINE: Duration = Duration::from_secs(10);

/// Keeps the events until they are asked for.
#[derive(Default)]
pub(super) struct Kept {
    events: Mutex<VecDeque<Event>>,
    came: Condvar,
}

impl EventListener for Kept {
    fn on_event(&self, event: Event) -> Result<(), ListenerError> {
        self.events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(event);
        self.came.notify_one();
        Ok(())
    }
}

impl Kept {
    fn next(&self) -> Option<Event> {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .came
            .wait_timeout_while(events, EVENT_DEADLINE, |events| events.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0.pop_front()
    }

    /// Takes events until one matches; none of those before it may match `without`.
    pub(super) fn take_until(&self, expected: &Value, without: Option<&Value>) -> Result<Value, String> {
        let mut taken = Vec::new();
        while let Some(event) = self.next() {
            let event = event.seen();
            if matches(expected, &event).is_ok() {
                return Ok(event);
            }
            if without.is_some_and(|without| matches(without, &event).is_ok()) {
                return Err(format!("an event came that should not: {event}"));
            }
            taken.push(event);
        }
        Err(format!("no such event; taken were {}", Value::Array(taken)))
    }
}
