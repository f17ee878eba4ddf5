//! Instants and clocks.
//!
//! Durations come from a clock that counts sleep; `std::time::Instant` stops while a phone sleeps. A sum of such readings never
//! crosses a boot, which is why a [`Moment`] names its boot.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// One reading of the clocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// UTC, in milliseconds since 1970. Jumps when somebody sets the clock.
    pub wall_ms: i64,
    /// Milliseconds of a clock that counts sleep and never jumps; comparable only within one boot. `None` for what comes from a
    /// file.
    pub elapsed_ms: Option<i64>,
}

/// The clocks as a port: the real ones on a device, a script in tests and replays.
pub trait Clock: Send + Sync {
    /// Both clocks, read together.
    fn now(&self) -> Moment;
}

/// The clocks of this machine.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the clocks")]
    fn now(&self) -> Moment {
        // Apple's CLOCK_MONOTONIC counts sleep; Linux's stops, CLOCK_BOOTTIME does not.
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let id = rustix::time::ClockId::Boottime;
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        let id = rustix::time::ClockId::Monotonic;
        let elapsed = rustix::time::clock_gettime(id);
        Moment {
            wall_ms: to_ms(SystemTime::now()),
            elapsed_ms: Some(elapsed.tv_sec * 1000 + elapsed.tv_nsec / 1_000_000),
        }
    }
}

/// A stretch during which the timer ran, UTC milliseconds. Within a track they are sorted and do not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerInterval {
    /// First millisecond.
    pub started_at_ms: i64,
    /// The millisecond after the last.
    pub ended_at_ms: i64,
}

/// A shared clock.
pub type SharedClock = Arc<dyn Clock>;

/// Milliseconds since 1970, rounded to the nearest; negative before. Saturates at the ends of `i64`.
#[must_use]
pub fn to_ms(time: SystemTime) -> i64 {
    let rounded = |duration: Duration| i64::try_from((duration.as_micros() + 500) / 1000).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => rounded(after),
        Err(before) => -rounded(before.duration()),
    }
}

/// The instant of `ms` milliseconds since 1970; the epoch itself where the platform cannot represent it.
#[must_use]
pub fn from_ms(ms: i64) -> SystemTime {
    let span = Duration::from_millis(ms.unsigned_abs());
    if ms >= 0 {
        UNIX_EPOCH.checked_add(span)
    } else {
        UNIX_EPOCH.checked_sub(span)
    }
    .unwrap_or(UNIX_EPOCH)
}

/// ISO 8601 with milliseconds, in UTC: `2026-01-31T07:15:00.000Z`.
#[must_use]
pub fn to_iso8601(ms: i64) -> String {
    chrono::DateTime::from_timestamp_millis(ms).map_or_else(
        || format!("{ms} ms"),
        |time| time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
    )
}
