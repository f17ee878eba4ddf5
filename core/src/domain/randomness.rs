//! Randomness as a port, so that a simulation can replay it, and the ids that are made of it.

use std::sync::Arc;

use super::id::Id;

/// A source of random bytes.
pub trait Randomness: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// A shared source.
pub type SharedRandomness = Arc<dyn Randomness>;

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("every supported system has a random generator that does not fail after boot");
    }
}

/// A new `UUIDv7` (RFC 9562) for something that is made at `now_ms`; ids sort by the time they were made.
#[must_use]
pub fn new_id(randomness: &dyn Randomness, now_ms: i64) -> Id {
    let mut random = [0; 10];
    randomness.fill(&mut random);
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(now_ms).unwrap_or(0), &random).into_uuid()
}

/// Sixteen random bytes.
#[must_use]
pub fn sixteen_bytes(randomness: &dyn Randomness) -> [u8; 16] {
    let mut bytes = [0; 16];
    randomness.fill(&mut bytes);
    bytes
}
