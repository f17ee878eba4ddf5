//! The alarm that syncs the journal a while after it was written.
//!
//! The thread sleeps without a time-out until something is written, then once for the interval. A recording that gets no samples, and an
//! app that records nothing, wake it never.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Default)]
struct State {
    dirty: bool,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    woken: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs an action once per interval while there is something to do. Dropping it ends its thread.
pub struct Autosave(Arc<Shared>);

impl Autosave {
    /// Starts the thread; `action` runs on it and says whether it wants to be called again.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(interval: Duration, action: impl Fn() -> bool + Send + 'static) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("steadfast-autosave".into())
            .spawn(move || run(&of_thread, interval, action))?;
        Ok(Self(shared))
    }

    /// Something was written.
    pub fn touch(&self) {
        let mut state = self.0.lock();
        if !state.dirty {
            state.dirty = true;
            drop(state);
            self.0.woken.notify_one();
        }
    }
}

impl Drop for Autosave {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.woken.notify_one();
    }
}

fn run(shared: &Shared, interval: Duration, action: impl Fn() -> bool) {
    loop {
        let idle = shared
            .woken
            .wait_while(shared.lock(), |state| !state.dirty && !state.closed);
        let busy = idle.unwrap_or_else(PoisonError::into_inner);
        let waited = shared.woken.wait_timeout_while(busy, interval, |state| !state.closed);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return;
        }
        state.dirty = false;
        drop(state);
        if action() {
            shared.lock().dirty = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn many_writes_cost_one_action_and_none_costs_none() {
        let (done, actions) = mpsc::channel();
        let autosave = Autosave::start(Duration::from_millis(30), move || {
            done.send(()).unwrap();
            false
        })
        .unwrap();
        assert!(
            actions.recv_timeout(Duration::from_millis(100)).is_err(),
            "nothing was written"
        );
        for _ in 0..100 {
            autosave.touch();
        }
        actions.recv().unwrap();
        assert!(
            actions.recv_timeout(Duration::from_millis(100)).is_err(),
            "one action for all"
        );
        drop(autosave);
        assert!(actions.recv().is_err(), "the thread has ended");
    }
}
