//! A request to stop a long call.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Asks a long call to stop. Cancelling after the call committed changes nothing.
#[derive(Debug, Default, uniffi::Object)]
pub struct CancelToken {
    is_cancelled: AtomicBool,
    /// Wakes the calls that do nothing but wait.
    cancelled: Notify,
}

#[uniffi::export]
impl CancelToken {
    /// A token that has not been cancelled.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// Asks the calls that hold this token to stop at their next safe point.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::SeqCst);
        self.cancelled.notify_waiters();
    }

    /// True once `cancel` was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::SeqCst)
    }
}

impl CancelToken {
    /// Waits until `cancel` is called; at once if it was.
    pub async fn cancelled(&self) {
        let mut told = pin!(self.cancelled.notified());
        // Registered before the flag is read, so that a call in between is not missed.
        told.as_mut().enable();
        if !self.is_cancelled() {
            told.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_is_woken_and_whoever_comes_later_does_not_wait() {
        let token = CancelToken::new();
        let waiting = Arc::clone(&token);
        let thread = std::thread::spawn(move || pollster::block_on(waiting.cancelled()));
        token.cancel();
        thread.join().expect("it was woken");
        pollster::block_on(token.cancelled());
        assert!(token.is_cancelled());
    }
}
