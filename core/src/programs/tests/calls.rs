//! Each call's row, its event, and what it announces.

use pollster::block_on;
use steadfast_protocol::entity::EntityKind;

use super::{NOW_MS, Store, completion, date, day, scheduled};
use crate::domain::id::Id;
use crate::domain::program_day::ProgramDay;
use crate::domain::time::from_ms;
use crate::error::Result;
use crate::programs::model::{Completion, Intensity, ProgramSession, ScheduledDay};
use crate::programs::rules;

#[test]
fn a_completion_is_a_row_an_event_and_an_announcement_and_the_same_again_is_nothing() {
    let store = Store::open();
    let programs = store.programs();
    let done = Completion {
        intensity: Some(Intensity::Perfect),
        scheduled_date: Some(date("2026-01-28")),
        ..completion(NOW_MS)
    };
    let session = block_on(programs.complete(day(1, 3), done.clone())).unwrap();
    let expected = ProgramSession {
        id: rules::session_id(&day(1, 3)),
        program_day: day(1, 3),
        completed_at: Some(from_ms(NOW_MS)),
        completed_utc_offset_s: Some(3600),
        intensity: Some(Intensity::Perfect),
        scheduled_date: Some(date("2026-01-28")),
        version: 0,
        last_modified: None,
    };
    assert_eq!(session, expected);
    assert_eq!(block_on(programs.session(day(1, 3))), Ok(Some(expected.clone())));
    assert_eq!(store.announced(), [session.id]);
    let queue = store.queue();
    assert_eq!(
        (
            queue.len(),
            queue[0].entity_id,
            queue[0].operation.as_str(),
            queue[0].waits_until
        ),
        (1, session.id, "upsert", Some(500))
    );
    insta::assert_snapshot!(queue[0].fields, @r#"[[{"boot_id":"boot","mono_ms":1769612400000,"wall_ms":1769612400000},{"alive":[true,1,null],"completed_at_ms":[1769612400000,2,null],"completed_utc_offset_s":[3600,3,null],"day":[3,4,null],"intensity":["perfect",5,null],"program_id":["5x5",6,null],"scheduled_date":["2026-01-28",7,null],"week":[1,8,null]}]]"#);
    assert_eq!(
        store.row(EntityKind::ProgramSession, session.id),
        Some(store.row_by_queue(EntityKind::ProgramSession, session.id))
    );

    store.clock.advance(60_000);
    assert_eq!(block_on(programs.complete(day(1, 3), done)), Ok(expected));
    assert_eq!(store.queue(), queue);
    assert_eq!(store.announced(), Vec::<Id>::new());
}

#[test]
fn a_session_that_is_completed_and_then_rated_is_told_in_one_event() {
    let store = Store::open();
    let programs = store.programs();
    block_on(programs.complete(day(1, 1), completion(NOW_MS))).unwrap();
    store.clock.advance(400);
    let session = block_on(programs.rate(day(1, 1), Intensity::Hard)).unwrap();
    assert_eq!(
        (session.completed_at, session.intensity),
        (Some(from_ms(NOW_MS)), Some(Intensity::Hard))
    );
    let queue = store.queue();
    assert_eq!(
        (queue.len(), queue[0].status.as_str(), queue[0].waits_until),
        (1, "pending", Some(900))
    );
    insta::assert_snapshot!(queue[0].values(), @r#"{"alive":true,"completed_at_ms":1769612400000,"completed_utc_offset_s":3600,"day":1,"intensity":"hard","program_id":"5x5","week":1}"#);
}

#[test]
fn a_completion_that_is_taken_back_leaves_rating_and_date() {
    let store = Store::open();
    let programs = store.programs();
    assert_eq!(
        block_on(programs.uncomplete(day(1, 1))).unwrap_err().code_name(),
        "not_found"
    );
    block_on(programs.rate(day(1, 1), Intensity::Easy)).unwrap();
    block_on(programs.schedule(vec![scheduled(day(1, 1), Some("2026-01-30"))])).unwrap();
    let before = block_on(programs.session(day(1, 1))).unwrap();
    block_on(programs.complete(day(1, 1), completion(NOW_MS))).unwrap();
    assert_eq!(block_on(programs.uncomplete(day(1, 1))).map(Some), Ok(before));
    insta::assert_snapshot!(store.queue()[0].values(), @r#"{"alive":true,"completed_at_ms":null,"completed_utc_offset_s":null,"day":1,"intensity":"easy","program_id":"5x5","scheduled_date":"2026-01-30","week":1}"#);

    let queue = store.queue();
    block_on(programs.uncomplete(day(1, 1))).unwrap();
    assert_eq!(store.queue(), queue, "there is nothing to take back");
}

#[test]
fn an_offset_that_is_unknown_does_not_keep_the_one_of_an_earlier_completion() {
    let store = Store::open();
    let programs = store.programs();
    block_on(programs.complete(day(1, 1), completion(NOW_MS))).unwrap();
    let unknown = Completion {
        utc_offset_s: None,
        ..completion(NOW_MS + 1000)
    };
    let session = block_on(programs.complete(day(1, 1), unknown)).unwrap();
    assert_eq!(session.completed_utc_offset_s, None);
}

#[test]
fn a_cascade_of_dates_is_one_group_and_what_does_not_move_is_not_in_it() {
    let store = Store::open();
    let programs = store.programs();
    let cascade = |dates: [&str; 3]| {
        let days = (1..).zip(dates).map(|(n, on)| scheduled(day(2, n), Some(on)));
        block_on(programs.schedule(days.collect())).unwrap()
    };
    let moved = cascade(["2026-02-02", "2026-02-04", "2026-02-06"]);
    assert_eq!(
        moved.iter().map(|session| session.scheduled_date).collect::<Vec<_>>(),
        ["2026-02-02", "2026-02-04", "2026-02-06"].map(|on| Some(date(on)))
    );
    let queue = store.queue();
    assert_eq!(queue.len(), 3);
    assert!(queue[0].group_id.is_some());
    assert!(queue.iter().all(|event| event.group_id == queue[0].group_id));
    insta::assert_snapshot!(queue[2].values(), @r#"{"alive":true,"day":3,"program_id":"5x5","scheduled_date":"2026-02-06","week":2}"#);
    assert_eq!(
        store.announced(),
        moved.iter().map(|session| session.id).collect::<Vec<_>>()
    );

    cascade(["2026-02-02", "2026-02-04", "2026-02-06"]);
    assert_eq!(store.queue(), queue, "nothing moves");
    cascade(["2026-02-02", "2026-02-05", "2026-02-07"]);
    let second = &store.queue()[3..];
    assert_eq!(
        second.iter().map(|event| event.entity_id).collect::<Vec<_>>(),
        [moved[1].id, moved[2].id]
    );
    assert!(second[0].group_id.is_some() && second[0].group_id == second[1].group_id);
    assert_ne!(second[0].group_id, queue[0].group_id);
    cascade(["2026-02-03", "2026-02-05", "2026-02-07"]);
    assert_eq!(store.queue()[5].group_id, None, "one date alone is a plain edit");
}

#[test]
fn five_hundred_dates_move_together_and_a_list_that_is_refused_moves_none() {
    let store = Store::open();
    let programs = store.programs();
    let days = |count: u32| -> Vec<ScheduledDay> {
        (0..count)
            .map(|n| scheduled(day(n / 7 + 1, n % 7 + 1), Some("2026-03-01")))
            .collect()
    };
    for refused in [days(501), [days(3), days(1)].concat()] {
        assert_eq!(
            block_on(programs.schedule(refused)).unwrap_err().code_name(),
            "invalid_argument"
        );
    }
    assert_eq!(store.queue(), []);
    assert_eq!(block_on(programs.schedule(days(500))).map(|moved| moved.len()), Ok(500));
    let queue = store.queue();
    assert_eq!(queue.len(), 500);
    assert!(queue.iter().all(|event| event.group_id == queue[0].group_id));
}

#[test]
fn a_cascade_that_fails_in_the_middle_moves_nothing() {
    let store = Store::open();
    let programs = store.programs();
    store.refuse("program_session", "NEW.day = 2");
    let days = (1..=3).map(|n| scheduled(day(1, n), Some("2026-02-02")));
    assert!(block_on(programs.schedule(days.collect())).is_err());
    assert_eq!(block_on(programs.progress("5x5".into())), Ok(vec![]));
    assert_eq!((store.queue(), store.announced()), (vec![], vec![]));
}

#[test]
fn a_date_that_is_taken_away_makes_no_session() {
    let store = Store::open();
    let programs = store.programs();
    block_on(programs.schedule(vec![scheduled(day(1, 1), Some("2026-02-02"))])).unwrap();
    let both = vec![scheduled(day(1, 2), None), scheduled(day(1, 1), None)];
    let left = block_on(programs.schedule(both)).unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].program_day.clone(), left[0].scheduled_date), (day(1, 1), None));
    assert_eq!(block_on(programs.session(day(1, 2))), Ok(None));
    assert_eq!(block_on(programs.schedule(vec![])), Ok(vec![]));
}

#[test]
fn a_deleted_session_comes_back_with_nothing_but_what_is_said_then() {
    let store = Store::open();
    let programs = store.programs();
    block_on(programs.complete(day(1, 1), completion(NOW_MS))).unwrap();
    block_on(programs.remove(day(1, 1))).unwrap();
    assert_eq!(block_on(programs.session(day(1, 1))), Ok(None));
    assert_eq!(block_on(programs.week("5x5".into(), 1)), Ok(vec![]));
    for again in [
        block_on(programs.remove(day(1, 1))).unwrap_err(),
        block_on(programs.uncomplete(day(1, 1))).unwrap_err(),
    ] {
        assert_eq!(again.code_name(), "not_found");
    }
    let back = block_on(programs.rate(day(1, 1), Intensity::Hard)).unwrap();
    assert_eq!((back.completed_at, back.intensity), (None, Some(Intensity::Hard)));
    let operations: Vec<_> = store.queue().into_iter().map(|event| event.operation).collect();
    assert_eq!(operations, ["upsert", "delete", "upsert"]);
}

#[test]
fn a_program_is_listed_by_week_and_day_and_no_other_is() {
    let store = Store::open();
    let programs = store.programs();
    let other = ProgramDay {
        program_id: "5X5".to_owned(),
        ..day(1, 1)
    };
    for on in [day(10, 1), day(2, 3), day(2, 1), day(1, 366), other] {
        block_on(programs.rate(on, Intensity::Easy)).unwrap();
    }
    let days = |sessions: Result<Vec<ProgramSession>>| -> Vec<(u32, u32)> {
        let sessions = sessions.unwrap().into_iter();
        sessions
            .map(|session| (session.program_day.week, session.program_day.day))
            .collect()
    };
    assert_eq!(
        days(block_on(programs.progress("5x5".into()))),
        [(1, 366), (2, 1), (2, 3), (10, 1)]
    );
    assert_eq!(days(block_on(programs.week("5x5".into(), 2))), [(2, 1), (2, 3)]);
    assert_eq!(days(block_on(programs.week("5x5".into(), 3))), []);
    assert!(block_on(programs.week("5x5".into(), 0)).is_err());
    assert!(block_on(programs.progress(String::new())).is_err());
    store.context.switch_account("somebody".into());
    assert_eq!(days(block_on(programs.progress("5x5".into()))), []);
}

#[test]
fn what_is_said_under_a_wrong_clock_is_written() {
    let store = Store::open();
    let programs = store.programs();
    for clock_ms in [0, 5_680_281_600_000] {
        store.clock.set(from_ms(clock_ms));
        for completed_ms in [clock_ms, NOW_MS] {
            let session = block_on(programs.complete(day(1, 1), completion(completed_ms))).unwrap();
            assert_eq!(session.completed_at, Some(from_ms(completed_ms)));
        }
    }
}

#[test]
fn what_is_refused_changes_nothing() {
    let store = Store::open();
    let programs = store.programs();
    let refused = [
        block_on(programs.complete(day(0, 1), completion(NOW_MS))).map(drop),
        block_on(programs.complete(day(1, 1), completion(-1))).map(drop),
        block_on(programs.uncomplete(day(1, 0))).map(drop),
        block_on(programs.rate(day(1001, 1), Intensity::Easy)).map(drop),
        block_on(programs.remove(day(1, 367))),
        block_on(programs.session(day(0, 0))).map(drop),
    ];
    for error in refused.map(Result::unwrap_err) {
        assert_eq!(error.code_name(), "invalid_argument");
    }
    assert_eq!((store.queue(), store.announced()), (vec![], vec![]));
}
