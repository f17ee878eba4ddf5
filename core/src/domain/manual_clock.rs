//! A clock that stands until it is moved.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::time::{Clock, Moment, from_ms, to_ms};

/// A clock that stands until it is moved: replays, previews and tests run an hour in a moment with it.
///
/// `advance` moves wall time and the clock that counts sleep together, `set` the wall clock alone, as somebody who sets the phone's clock
/// does.
#[derive(Debug, uniffi::Object)]
pub struct ManualClock(Mutex<Moment>);

#[uniffi::export]
impl ManualClock {
    /// A clock that stands at `time`, on a device that was switched on in 1970: two clocks made for two processes of one boot agree.
    #[uniffi::constructor]
    #[must_use]
    pub fn new(time: SystemTime) -> Arc<Self> {
        let wall_ms = to_ms(time);
        Arc::new(Self(Mutex::new(Moment {
            wall_ms,
            elapsed_ms: Some(wall_ms),
        })))
    }

    /// Moves both clocks by `ms` milliseconds.
    pub fn advance(&self, ms: i64) {
        self.change(|moment| {
            moment.wall_ms = moment.wall_ms.saturating_add(ms);
            moment.elapsed_ms = moment.elapsed_ms.map(|elapsed_ms| elapsed_ms.saturating_add(ms));
        });
    }

    /// Sets the wall clock; the clock that counts sleep goes on as it was.
    pub fn set(&self, time: SystemTime) {
        self.change(|moment| moment.wall_ms = to_ms(time));
    }

    /// What the wall clock shows.
    #[must_use]
    pub fn time(&self) -> SystemTime {
        from_ms(self.now().wall_ms)
    }
}

impl ManualClock {
    fn change(&self, change: impl FnOnce(&mut Moment)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advancing_moves_both_clocks_and_setting_one() {
        let clock = ManualClock::new(from_ms(1_000_000));
        clock.advance(500);
        clock.set(from_ms(7));
        assert_eq!(
            clock.now(),
            Moment {
                wall_ms: 7,
                elapsed_ms: Some(1_000_500)
            }
        );
    }
}
