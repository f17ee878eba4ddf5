//! What an earlier store held is taken over once, and nothing is lost by it.

use pollster::block_on;

use super::{Store, day, import, report, scheduled};
use crate::domain::cancel::CancelToken;
use crate::domain::time::from_ms;
use crate::programs::model::{Intensity, ProgramSessionImport};

#[test]
fn a_migration_fills_what_nobody_said_and_overwrites_nothing() {
    let store = Store::open();
    let programs = store.programs();
    block_on(programs.rate(day(1, 1), Intensity::Hard)).unwrap();
    let empty = ProgramSessionImport {
        completed_at: None,
        completed_utc_offset_s: Some(3600),
        intensity: None,
        scheduled_date: None,
        ..import(day(1, 3), 0)
    };
    let rows = vec![import(day(1, 1), 1000), import(day(1, 2), 2000), empty];
    assert_eq!(block_on(programs.migrate(rows.clone(), None)), Ok(report(2, 1)));
    let sessions = block_on(programs.progress("5x5".into())).unwrap();
    let said: Vec<_> = sessions
        .iter()
        .map(|session| (session.completed_at, session.completed_utc_offset_s, session.intensity))
        .collect();
    assert_eq!(
        said,
        [
            (Some(from_ms(1000)), Some(-18_000), Some(Intensity::Hard)),
            (Some(from_ms(2000)), Some(-18_000), Some(Intensity::Easy)),
        ]
    );
    let queue = store.queue();
    assert_eq!(
        (queue[1].priority, queue[1].waits_until),
        (1, None),
        "in the background, without waiting for more"
    );
    insta::assert_snapshot!(queue[1].values(), @r#"{"alive":true,"completed_at_ms":2000,"completed_utc_offset_s":-18000,"day":2,"intensity":"easy","program_id":"5x5","scheduled_date":"2025-12-24","week":1}"#);

    assert_eq!(block_on(programs.migrate(rows, None)), Ok(report(0, 3)));
    assert_eq!(
        (block_on(programs.progress("5x5".into())).unwrap(), store.queue()),
        (sessions, queue)
    );
}

#[test]
fn what_was_taken_back_or_deleted_since_stays_so_when_it_is_migrated_again() {
    let store = Store::open();
    let programs = store.programs();
    let rows: Vec<_> = (1..=3).map(|n| import(day(1, n), 1000)).collect();
    assert_eq!(block_on(programs.migrate(rows.clone(), None)), Ok(report(3, 0)));
    block_on(programs.uncomplete(day(1, 1))).unwrap();
    block_on(programs.schedule(vec![scheduled(day(1, 2), None)])).unwrap();
    block_on(programs.remove(day(1, 3))).unwrap();
    let before = block_on(programs.progress("5x5".into())).unwrap();
    assert_eq!(block_on(programs.migrate(rows, None)), Ok(report(0, 3)));
    assert_eq!(block_on(programs.progress("5x5".into())), Ok(before));
}

#[test]
fn of_two_rows_for_one_day_the_first_counts_and_the_second_adds() {
    let store = Store::open();
    let programs = store.programs();
    let first = ProgramSessionImport {
        intensity: None,
        ..import(day(1, 1), 1000)
    };
    assert_eq!(
        block_on(programs.migrate(vec![first, import(day(1, 1), 2000)], None)),
        Ok(report(2, 0))
    );
    let session = block_on(programs.session(day(1, 1))).unwrap().unwrap();
    assert_eq!(
        (session.completed_at, session.intensity),
        (Some(from_ms(1000)), Some(Intensity::Easy))
    );
    assert_eq!(store.queue().len(), 1);
}

#[test]
fn a_migration_that_is_refused_cancelled_or_broken_off_leaves_nothing() {
    let store = Store::open();
    let programs = store.programs();
    let rows = |count| -> Vec<_> { (1..=count).map(|n| import(day(n, 1), 1000)).collect() };
    let mut wrong = rows(5);
    wrong[3].program_day.day = 0;
    insta::assert_snapshot!(block_on(programs.migrate(wrong, None)).unwrap_err(), @"The value cannot be used: row 3: 0 is not between 1 and 366");

    let cancel = CancelToken::new();
    cancel.cancel();
    let cancelled = block_on(programs.migrate(rows(5), Some(cancel)));
    assert_eq!(cancelled.unwrap_err().code_name(), "cancelled");

    store.refuse("program_session", "NEW.week = 4");
    assert!(block_on(programs.migrate(rows(5), None)).is_err());
    assert_eq!(block_on(programs.progress("5x5".into())), Ok(vec![]));
    assert_eq!((store.queue(), store.announced()), (vec![], vec![]));
}
