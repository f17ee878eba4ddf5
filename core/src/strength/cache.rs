//! The logs that were asked for last, whole, in memory.
//!
//! The cache never shows what the store no longer holds. That rests on three rules, all of them under one lock:
//!
//! 1. **A write holds a [`Writing`] from before its transaction begins until after it committed or failed.** Beginning takes the log out of
//!    the cache; while any write is under way nothing is put in. The writing thread drops it after the commit, even if nobody waits for the
//!    reply any more.
//! 2. **A read that missed puts its result in only if no write was under way when it began and none has begun or ended since.** Its snapshot
//!    began after that, so it holds every committed write; had another write begun, `changes` would differ.
//! 3. **A write puts its own result in only if it was alone**: no other one was under way when it began, or has begun since.
//!
//! So what lies in the cache was read or written when nobody was writing, and nobody has begun to write that log since: it is what the
//! store holds. A lookup is as if it happened at the moment of the lock. Whoever changes the rows of logs by another way (sync, an
//! adopted account, a repair, a discarded change) holds a `Writing` of all logs, or calls [`LogCache::invalidate`] between its commit and
//! telling anybody.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::account::AccountId;
use crate::domain::id::Id;

use super::model::{LogCacheInvalidations, LogCacheStatistics, WorkoutLog};

/// Two months of training days; a log is a few kilobytes.
pub const CAPACITY: usize = 64;

/// Whose log, and which.
pub type LogKey = (AccountId, Id);

/// A log as the store holds it; `None` where there is none, which is worth knowing as well.
pub type CachedLog = Option<Arc<WorkoutLog>>;

/// Why logs leave the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidationReason {
    /// Saved here.
    Saved,
    /// Deleted here.
    Deleted,
    /// The rows of logs changed by another way.
    ChangedElsewhere,
    /// Another account's data is shown.
    AccountChanged,
    /// Others took its place.
    Evicted,
}

#[derive(Default)]
struct State {
    /// The last used last. So short a list is searched faster than hashed.
    entries: Vec<(LogKey, CachedLog)>,
    /// Writes under way.
    writing: usize,
    /// Rises when a write begins and when it ends.
    changes: u64,
    hits: u64,
    misses: u64,
    invalidations: LogCacheInvalidations,
}

impl State {
    fn put(&mut self, key: LogKey, log: CachedLog) {
        self.entries.retain(|(other, _)| *other != key);
        if self.entries.len() >= CAPACITY {
            self.entries.remove(0);
            self.count(InvalidationReason::Evicted, 1);
        }
        self.entries.push((key, log));
    }

    /// Takes a log out, or all of them.
    fn take_out(&mut self, key: Option<&LogKey>, reason: InvalidationReason) {
        let before = self.entries.len();
        self.entries.retain(|(other, _)| key.is_some_and(|key| other != key));
        self.count(reason, before - self.entries.len());
    }

    fn count(&mut self, reason: InvalidationReason, entries: usize) {
        if entries == 0 {
            return;
        }
        tracing::debug!(?reason, entries, "logs left the cache");
        let counts = &mut self.invalidations;
        *match reason {
            InvalidationReason::Saved => &mut counts.saved,
            InvalidationReason::Deleted => &mut counts.deleted,
            InvalidationReason::ChangedElsewhere => &mut counts.changed_elsewhere,
            InvalidationReason::AccountChanged => &mut counts.account_changed,
            InvalidationReason::Evicted => &mut counts.evicted,
        } += entries as u64;
    }
}

/// What a lookup found.
pub enum Lookup {
    /// What the store holds.
    Hit(CachedLog),
    /// The store has to be read; what it says may be put in with this.
    Miss(Reading),
}

/// A lookup that went to the store.
pub struct Reading {
    key: LogKey,
    /// [`State::changes`] when it began; `None` if a write was under way.
    changes: Option<u64>,
}

/// The cache of a client. Cloning shares it.
#[derive(Clone, Default)]
pub struct LogCache(Arc<Mutex<State>>);

impl LogCache {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The log, or the right to put it in once it was read. The read has to begin after this.
    #[must_use]
    pub fn look_up(&self, key: LogKey) -> Lookup {
        let mut state = self.lock();
        if let Some(at) = state.entries.iter().position(|(other, _)| *other == key) {
            state.hits += 1;
            let entry = state.entries.remove(at);
            let log = entry.1.clone();
            state.entries.push(entry);
            return Lookup::Hit(log);
        }
        state.misses += 1;
        let changes = (state.writing == 0).then_some(state.changes);
        Lookup::Miss(Reading { key, changes })
    }

    /// Takes in what a read found, unless something may have changed since it began.
    pub fn put(&self, reading: Reading, log: CachedLog) {
        let mut state = self.lock();
        if state.writing == 0 && reading.changes == Some(state.changes) {
            state.put(reading.key, log);
        }
    }

    /// Begins a write of one log, or of all of them; to be held until it committed or failed.
    #[must_use = "the write has to hold it"]
    pub fn write(&self, key: Option<LogKey>, reason: InvalidationReason) -> Writing {
        let mut state = self.lock();
        state.take_out(key.as_ref(), reason);
        let alone = state.writing == 0;
        state.writing += 1;
        state.changes += 1;
        Writing {
            cache: self.clone(),
            key,
            changes: alone.then_some(state.changes),
        }
    }

    /// Takes every log out, now that their rows have changed.
    pub fn invalidate(&self, reason: InvalidationReason) {
        drop(self.write(None, reason));
    }

    /// What it did so far.
    #[must_use]
    pub fn statistics(&self) -> LogCacheStatistics {
        let state = self.lock();
        let lookups = state.hits + state.misses;
        #[allow(clippy::cast_precision_loss, reason = "a ratio of counts")]
        let hit_ratio = (lookups > 0).then(|| state.hits as f64 / lookups as f64);
        LogCacheStatistics {
            hits: state.hits,
            misses: state.misses,
            hit_ratio,
            entries: u32::try_from(state.entries.len()).unwrap_or(u32::MAX),
            invalidations: state.invalidations,
        }
    }
}

/// A write under way. Dropping it ends the write, whatever came of it.
pub struct Writing {
    cache: LogCache,
    key: Option<LogKey>,
    /// [`State::changes`] when it began; `None` if another write was under way.
    changes: Option<u64>,
}

impl Writing {
    /// Ends a write of one log, which is now `log`.
    pub fn finish(mut self, log: CachedLog) {
        let cache = self.cache.clone();
        let mut state = cache.lock();
        if let Some(key) = self.key.take().filter(|_| self.changes == Some(state.changes)) {
            state.put(key, log);
        }
        // The lock goes first: dropping `self` takes it again. Nobody can put in anything between, since the write still counts; and
        // whoever begins one takes the log out.
        drop(state);
        drop(self);
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let mut state = self.cache.lock();
        state.writing -= 1;
        state.changes += 1;
    }
}

#[cfg(test)]
#[path = "cache_tests.rs"]
mod tests;
