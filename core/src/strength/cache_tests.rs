//! The rules of the cache, without a store: `1`, `2` … stand for what the store held, one after another.

use super::*;
use crate::domain::program_day::ProgramDay;
use crate::strength::model::WorkoutLogDraft;

fn key(n: u128) -> LogKey {
    ("local".to_owned(), Id::from_u128(n))
}

#[allow(clippy::unnecessary_wraps, reason = "as the cache has it")]
fn log(version: i64) -> CachedLog {
    let draft = WorkoutLogDraft::new(ProgramDay::new("5x5", 1, 1));
    Some(Arc::new(WorkoutLog {
        id: Id::nil(),
        program_day: draft.program_day,
        started_at: None,
        utc_offset_s: None,
        is_workout_finished: false,
        notes: None,
        exercises: Vec::new(),
        version,
        last_modified: None,
    }))
}

fn hit(cache: &LogCache, n: u128) -> Option<i64> {
    match cache.look_up(key(n)) {
        Lookup::Hit(log) => log.map(|log| log.version),
        Lookup::Miss(_) => None,
    }
}

fn miss(cache: &LogCache, n: u128) -> Reading {
    match cache.look_up(key(n)) {
        Lookup::Hit(_) => panic!("it is in the cache"),
        Lookup::Miss(reading) => reading,
    }
}

fn write(cache: &LogCache, n: u128) -> Writing {
    cache.write(Some(key(n)), InvalidationReason::Saved)
}

#[test]
fn what_was_read_is_found_again_also_that_there_is_none() {
    let cache = LogCache::default();
    cache.put(miss(&cache, 1), log(7));
    cache.put(miss(&cache, 2), None);
    assert_eq!(hit(&cache, 1), Some(7));
    assert!(matches!(cache.look_up(key(2)), Lookup::Hit(None)));
    let other_account = ("somebody".to_owned(), Id::from_u128(1));
    assert!(matches!(cache.look_up(other_account), Lookup::Miss(_)));
    let statistics = cache.statistics();
    assert_eq!((statistics.hits, statistics.misses, statistics.entries), (2, 3, 2));
    assert_eq!(statistics.hit_ratio, Some(0.4));
}

#[test]
fn a_read_that_began_before_a_write_ended_is_not_taken_in() {
    let cache = LogCache::default();
    let before = miss(&cache, 1);
    let writing = write(&cache, 1);
    let during = miss(&cache, 1);
    cache.put(before, log(1));
    assert_eq!(hit(&cache, 1), None, "began before, ended during");
    drop(writing);
    cache.put(during, log(1));
    assert_eq!(hit(&cache, 1), None, "began during, ended after");
    let before = miss(&cache, 1);
    drop(write(&cache, 1));
    cache.put(before, log(1));
    assert_eq!(hit(&cache, 1), None, "began before, ended after");
    cache.put(miss(&cache, 1), log(2));
    assert_eq!(hit(&cache, 1), Some(2));
}

#[test]
fn a_write_that_was_alone_leaves_its_result() {
    let cache = LogCache::default();
    cache.put(miss(&cache, 1), log(1));
    let writing = write(&cache, 1);
    assert_eq!(hit(&cache, 1), None, "nothing is found while it is written");
    writing.finish(log(2));
    assert_eq!(hit(&cache, 1), Some(2));
}

#[test]
fn of_two_writes_at_once_neither_leaves_its_result() {
    let cache = LogCache::default();
    let (first, second) = (write(&cache, 1), write(&cache, 1));
    second.finish(log(2));
    assert_eq!(hit(&cache, 1), None);
    first.finish(log(1));
    assert_eq!(hit(&cache, 1), None);
    let first = write(&cache, 1);
    drop(write(&cache, 1));
    first.finish(log(1));
    assert_eq!(hit(&cache, 1), None, "the other one may have committed later");
}

#[test]
fn a_write_of_one_log_leaves_the_others() {
    let cache = LogCache::default();
    cache.put(miss(&cache, 1), log(1));
    let writing = write(&cache, 2);
    assert_eq!(hit(&cache, 1), Some(1));
    drop(writing);
    assert_eq!(hit(&cache, 1), Some(1));
}

#[test]
fn logs_leave_with_a_reason() {
    let cache = LogCache::default();
    for reason in [
        InvalidationReason::Saved,
        InvalidationReason::Deleted,
        InvalidationReason::ChangedElsewhere,
        InvalidationReason::AccountChanged,
    ] {
        cache.put(miss(&cache, 1), log(1));
        cache.put(miss(&cache, 2), log(1));
        cache.invalidate(reason);
        drop(cache.write(Some(key(1)), reason));
    }
    let expected = LogCacheInvalidations {
        saved: 2,
        deleted: 2,
        changed_elsewhere: 2,
        account_changed: 2,
        evicted: 0,
    };
    assert_eq!(cache.statistics().invalidations, expected);
}

#[test]
fn the_one_not_asked_for_longest_makes_room() {
    let cache = LogCache::default();
    for n in 0..CAPACITY as u128 {
        cache.put(miss(&cache, n), log(1));
    }
    assert_eq!(hit(&cache, 0), Some(1), "asked for: the youngest now");
    cache.put(miss(&cache, 1000), log(1));
    assert_eq!(hit(&cache, 0), Some(1));
    assert_eq!(hit(&cache, 1), None);
    let statistics = cache.statistics();
    assert_eq!(
        (statistics.entries as usize, statistics.invalidations.evicted),
        (CAPACITY, 1)
    );
}
