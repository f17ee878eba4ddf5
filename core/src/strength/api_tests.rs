//! The room as an app calls it: its cache over a real store, with threads.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use pollster::block_on;

use super::*;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::event::{ChangedEntity, Event};
use crate::strength::store_for_tests::{SQUAT, exercise, log, movement, open, with_catalogue};

fn day() -> ProgramDay {
    ProgramDay::new("5x5", 1, 3)
}

fn draft(reps: u32) -> WorkoutLogDraft {
    log(3, Some(1), vec![exercise(SQUAT, &[(reps, 100.0)])])
}

fn reps(log: Option<&WorkoutLog>) -> u32 {
    log.and_then(|log| log.exercises.first()?.sets.first()?.reps)
        .unwrap_or(0)
}

#[test]
fn a_log_that_was_asked_for_is_found_without_the_store() {
    let (_folder, context) = with_catalogue();
    let strength = Strength::new(context);
    assert_eq!(block_on(strength.get(day())).expect("read"), None);
    assert_eq!(block_on(strength.get(day())).expect("known to be none"), None);
    let saved = block_on(strength.save(draft(5))).expect("saved");
    assert_eq!(block_on(strength.get(day())).expect("cached"), Some(saved.clone()));
    strength.cache().invalidate(InvalidationReason::ChangedElsewhere);
    assert_eq!(block_on(strength.get(day())).expect("read"), Some(saved));
    block_on(strength.delete(day())).expect("deleted");
    assert_eq!(block_on(strength.get(day())).expect("cached"), None);
    let statistics = strength.cache_statistics();
    assert_eq!((statistics.hits, statistics.misses, statistics.entries), (3, 2, 1));
    assert_eq!(statistics.invalidations.saved, 1);
    assert_eq!(statistics.invalidations.changed_elsewhere, 1);
    assert_eq!(statistics.invalidations.deleted, 1);
}

#[test]
fn another_account_gets_its_own_log() {
    let (_folder, context) = with_catalogue();
    let strength = Strength::new(Arc::clone(&context));
    block_on(strength.save(draft(5))).expect("saved");
    context.switch_account("somebody".to_owned());
    assert_eq!(block_on(strength.get(day())).expect("read"), None);
    context.switch_account(LOCAL_ACCOUNT.to_owned());
    assert_eq!(reps(block_on(strength.get(day())).expect("read").as_ref()), 5);
}

#[test]
fn a_save_that_fails_leaves_no_trace_in_the_cache() {
    let (_folder, context) = with_catalogue();
    let strength = Strength::new(context);
    block_on(strength.save(draft(5))).expect("saved");
    let unknown = log(3, Some(1), vec![exercise(Id::from_u128(99), &[])]);
    block_on(strength.save(unknown)).expect_err("no such movement");
    assert_eq!(reps(block_on(strength.get(day())).expect("read").as_ref()), 5);
    assert_eq!(reps(block_on(strength.get(day())).expect("cached").as_ref()), 5);
    assert_eq!(strength.cache_statistics().hits, 1, "and the cache works again");
}

#[test]
fn a_save_that_nobody_waits_for_is_seen_all_the_same() {
    let (_folder, context) = with_catalogue();
    let strength = Strength::new(Arc::clone(&context));
    block_on(strength.save(draft(5))).expect("saved");
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let busy = context.database.write(move |_| {
        wait.recv().expect("released");
        Ok(())
    });
    {
        let mut saving = std::pin::pin!(strength.save(draft(6)));
        let mut waiting = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(saving.as_mut().poll(&mut waiting).is_pending());
    }
    assert_eq!(
        reps(block_on(strength.get(day())).expect("read").as_ref()),
        5,
        "not written yet"
    );
    release.send(()).expect("it waits");
    busy.wait().expect("released");
    // Behind the save in the writer's queue.
    context.database.write(|_| Ok(())).wait().expect("written");
    assert_eq!(reps(block_on(strength.get(day())).expect("read").as_ref()), 6);
}

#[test]
fn a_closed_client_gives_nothing_from_its_cache() {
    let (_folder, context) = with_catalogue();
    let strength = Strength::new(Arc::clone(&context));
    block_on(strength.save(draft(5))).expect("saved");
    context.shut_down().expect("closed");
    let refused = block_on(strength.get(day())).expect_err("closed");
    assert_eq!(refused.code_name(), "storage_closed");
}

#[test]
fn nobody_reads_a_log_older_than_one_that_was_saved_or_seen_before() {
    const SAVES: u32 = 300;
    let (_folder, context) = with_catalogue();
    let strength = Strength::new(context);
    let (acknowledged, done) = (AtomicU32::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for thread in 0..3 {
            let (strength, acknowledged, done) = (&strength, &acknowledged, &done);
            scope.spawn(move || {
                let mut seen = 0;
                while !done.load(Ordering::SeqCst) {
                    let known = acknowledged.load(Ordering::SeqCst).max(seen);
                    // One of them looks past the cache in between, as a list does.
                    if thread == 0 {
                        let last = block_on(strength.exercise_history(SQUAT, 1)).expect("read");
                        seen = last.first().and_then(|last| last.exercise.sets[0].reps).unwrap_or(0);
                    } else {
                        seen = reps(block_on(strength.get(day())).expect("read").as_ref());
                    }
                    assert!(seen >= known, "{seen} after {known}");
                    let cached = reps(block_on(strength.get(day())).expect("read").as_ref());
                    assert!(cached >= seen, "{cached} from the cache after {seen}");
                    seen = cached;
                }
            });
        }
        // Another day's saves and what sync does get between.
        let (strength, stop) = (&strength, &done);
        scope.spawn(move || {
            while !stop.load(Ordering::SeqCst) {
                block_on(strength.save(log(4, Some(2), Vec::new()))).expect("saved");
                strength.cache().invalidate(InvalidationReason::ChangedElsewhere);
                std::thread::yield_now();
            }
        });
        for n in 1..=SAVES {
            block_on(strength.save(draft(n))).expect("saved");
            acknowledged.store(n, Ordering::SeqCst);
        }
        done.store(true, Ordering::SeqCst);
    });
    // Whether one of them ever found the log in the cache is chance; now that nobody clears it, the second of two looks does.
    let before = strength.cache_statistics().hits;
    for _ in 0..2 {
        assert_eq!(reps(block_on(strength.get(day())).expect("read").as_ref()), SAVES);
    }
    assert!(strength.cache_statistics().hits > before, "it was kept");
}

#[test]
fn the_app_is_told_of_what_changed_and_of_nothing_else() {
    let (_folder, context) = open();
    let strength = Strength::new(Arc::clone(&context));
    let subscription = context.events.subscribe();
    let defined = block_on(strength.define(movement(SQUAT, "Squat"))).expect("defined");
    let saved = block_on(strength.save(draft(5))).expect("saved");
    block_on(strength.save(draft(5))).expect("saved");
    block_on(strength.define(movement(SQUAT, "Squat"))).expect("defined");
    block_on(strength.save(draft(6))).expect("saved");
    block_on(strength.delete(day())).expect("deleted");
    block_on(strength.remove_definition(SQUAT)).expect("removed");
    // What is told twice, while nobody asked, is told once.
    for (entity, id) in [
        (ChangedEntity::ExerciseDefinition, defined.id),
        (ChangedEntity::WorkoutLog, saved.id),
    ] {
        assert_eq!(block_on(subscription.next()), Some(Event::Changed { entity, id }));
    }
    block_on(strength.define(movement(SQUAT, "Squat"))).expect("defined");
    let again = Event::Changed {
        entity: ChangedEntity::ExerciseDefinition,
        id: SQUAT,
    };
    assert_eq!(block_on(subscription.next()), Some(again), "nothing else waited");
}

#[test]
fn the_catalogue_is_by_name() {
    let (_folder, context) = with_catalogue();
    let strength = Strength::new(context);
    let names = || {
        let all = block_on(strength.definitions()).expect("read");
        all.into_iter().map(|known| known.name).collect::<Vec<_>>()
    };
    assert_eq!(names(), ["Bench press", "Squat"]);
    block_on(strength.remove_definition(SQUAT)).expect("removed");
    assert_eq!(names(), ["Bench press"]);
    assert_eq!(block_on(strength.definition(SQUAT)).expect("known").name, "Squat");
    let unknown = block_on(strength.definition(Id::from_u128(99))).expect_err("unknown");
    assert_eq!(unknown.code_name(), "not_found");
}
