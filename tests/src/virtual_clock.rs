//! A clock that a script moves, so that an hour of running takes milliseconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use steadfast_core::client::Ports;
use steadfast_core::domain::randomness::SystemRandomness;
use steadfast_core::domain::time::{Clock, Moment};

/// When every story begins: 2025-10-09T08:53:20Z, UTC milliseconds.
pub const EPOCH_MS: i64 = 1_760_000_000_000;
/// The one boot in which every story takes place.
pub const BOOT_ID: &str = "boot";

/// Both clocks at once: the wall clock never jumps here.
#[derive(Debug)]
pub struct VirtualClock(AtomicI64);

impl VirtualClock {
    /// A clock that stands at `wall_ms`.
    #[must_use]
    pub fn at(wall_ms: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(wall_ms)))
    }

    /// Moves on and says what time it is then.
    pub fn advance(&self, ms: i64) -> i64 {
        self.0.fetch_add(ms, Ordering::SeqCst) + ms
    }

    /// Ports with this clock and real randomness.
    #[must_use]
    pub fn ports(self: &Arc<Self>) -> Ports {
        Ports {
            clock: Arc::clone(self) as _,
            randomness: Arc::new(SystemRandomness),
        }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Moment {
        let wall_ms = self.0.load(Ordering::SeqCst);
        // The machine was switched on an hour before.
        Moment {
            wall_ms,
            elapsed_ms: Some(wall_ms - EPOCH_MS + 3_600_000),
        }
    }
}
