//! The habit logs as an app calls them, on a real folder: each call's row, its event, and what it announces.

use std::collections::BTreeMap;

use pollster::block_on;
use proptest::prelude::*;
use steadfast_protocol::entity::EntityKind;

use super::*;
use crate::domain::time::{from_ms, to_ms};
use crate::habits::model::HabitField;
use crate::programs::tests::{NOW_MS, Store, date, report};

fn habits(store: &Store) -> Habits {
    Habits::new(Arc::clone(&store.context))
}

fn smoke(at_ms: i64) -> NewHabitLog {
    NewHabitLog {
        utc_offset_s: Some(3600),
        duration_ms: Some(300_000),
        method: Some("pipe".to_owned()),
        ..NewHabitLog::new("smoke", from_ms(at_ms))
    }
}

fn old(n: i64) -> NewHabitLog {
    NewHabitLog {
        external_id: Some(n.to_string()),
        ..smoke(NOW_MS - n * 3_600_000)
    }
}

fn edit_notes(notes: &str) -> HabitLogEdit {
    HabitLogEdit {
        notes: Some(notes.to_owned()),
        ..HabitLogEdit::default()
    }
}

/// All pages of a query, one after the other.
fn pages(habits: &Habits, mut query: HabitLogQuery) -> Vec<HabitLog> {
    let mut logs = Vec::new();
    loop {
        let page = block_on(habits.list(query.clone())).unwrap();
        assert!(page.logs.len() <= query.limit as usize);
        logs.extend(page.logs);
        match page.next {
            Some(next) => query.after = Some(next),
            None => return logs,
        }
    }
}

#[test]
fn an_entry_is_a_row_an_event_and_an_announcement() {
    let store = Store::open();
    let habits = habits(&store);
    let log = block_on(habits.record(smoke(NOW_MS))).unwrap();
    assert_eq!(log.id.get_version_num(), 7);
    let expected = HabitLog {
        id: log.id,
        kind: "smoke".to_owned(),
        started_at: from_ms(NOW_MS),
        utc_offset_s: Some(3600),
        date: date("2026-01-28"),
        duration_ms: Some(300_000),
        method: Some("pipe".to_owned()),
        notes: None,
        mood: None,
        potency: None,
        source: None,
        external_id: None,
        version: 0,
        last_modified: None,
    };
    assert_eq!(log, expected);
    assert_eq!(block_on(habits.get(log.id)), Ok(expected));
    assert_eq!(store.announced(), [log.id]);
    let queue = store.queue();
    assert_eq!((queue.len(), queue[0].waits_until), (1, Some(500)));
    insta::assert_snapshot!(queue[0].fields, @r#"[[{"boot_id":"boot","mono_ms":1769612400000,"wall_ms":1769612400000},{"alive":[true,1,null],"date":["2026-01-28",2,null],"duration_ms":[300000,3,null],"kind":["smoke",4,null],"method":["pipe",5,null],"started_at_ms":[1769612400000,6,null],"utc_offset_s":[3600,7,null]}]]"#);
    assert_eq!(
        store.row(EntityKind::HabitLog, log.id),
        Some(store.row_by_queue(EntityKind::HabitLog, log.id))
    );
    assert_ne!(block_on(habits.record(smoke(NOW_MS))).unwrap().id, log.id);
}

#[test]
fn an_edit_joins_the_entry_that_waits_and_the_same_again_is_nothing() {
    let store = Store::open();
    let habits = habits(&store);
    let log = block_on(habits.record(smoke(NOW_MS))).unwrap();
    store.announced();
    store.clock.advance(1000);
    let edit = HabitLogEdit {
        clear: vec![HabitField::Method],
        ..edit_notes("windy")
    };
    let edited = block_on(habits.edit(log.id, edit.clone())).unwrap();
    let expected = HabitLog {
        method: None,
        notes: Some("windy".to_owned()),
        ..log.clone()
    };
    assert_eq!(edited, expected);
    assert_eq!(store.announced(), [log.id]);
    let queue = store.queue();
    assert_eq!((queue.len(), queue[0].waits_until), (1, Some(3000)));
    insta::assert_snapshot!(queue[0].values(), @r#"{"alive":true,"date":"2026-01-28","duration_ms":300000,"kind":"smoke","method":null,"notes":"windy","started_at_ms":1769612400000,"utc_offset_s":3600}"#);

    store.clock.advance(1000);
    assert_eq!(block_on(habits.edit(log.id, edit)), Ok(expected.clone()));
    assert_eq!(block_on(habits.edit(log.id, HabitLogEdit::default())), Ok(expected));
    assert_eq!((store.queue(), store.announced()), (queue, vec![]));
}

#[test]
fn a_deleted_entry_is_gone_and_cannot_be_edited() {
    let store = Store::open();
    let habits = habits(&store);
    let log = block_on(habits.record(smoke(NOW_MS))).unwrap();
    block_on(habits.delete(log.id)).unwrap();
    let queue = store.queue();
    assert_eq!(queue[1].operation, "delete");
    insta::assert_snapshot!(queue[1].values(), @r#"{"alive":false}"#);
    for error in [
        block_on(habits.get(log.id)).map(drop),
        block_on(habits.edit(log.id, edit_notes("x"))).map(drop),
        block_on(habits.delete(log.id)),
    ] {
        assert_eq!(error.unwrap_err().code_name(), "not_found");
    }
    assert_eq!(pages(&habits, HabitLogQuery::default()), []);
    assert_eq!(store.queue(), queue);
}

#[test]
fn an_entry_of_another_source_is_made_once_and_stays_deleted() {
    let store = Store::open();
    let habits = habits(&store);
    let from_health = NewHabitLog {
        source: Some("health_kit".to_owned()),
        external_id: Some("A-1".to_owned()),
        ..smoke(NOW_MS)
    };
    let log = block_on(habits.record(from_health.clone())).unwrap();
    let edited = block_on(habits.edit(log.id, edit_notes("mine"))).unwrap();
    let queue = store.queue();
    assert_eq!(block_on(habits.record(from_health.clone())), Ok(edited));
    assert_eq!(store.queue(), queue);
    block_on(habits.delete(log.id)).unwrap();
    assert_eq!(
        block_on(habits.record(from_health)).unwrap_err().code_name(),
        "not_found"
    );
}

#[test]
fn what_is_refused_changes_nothing() {
    let store = Store::open();
    let habits = habits(&store);
    let too_long = HabitLogEdit {
        duration_ms: Some(u64::MAX),
        ..HabitLogEdit::default()
    };
    let no_page = HabitLogQuery {
        after: Some("nowhere".to_owned()),
        ..HabitLogQuery::default()
    };
    let refused = [
        block_on(habits.record(NewHabitLog::new("", from_ms(0)))).map(drop),
        block_on(habits.edit(Id::nil(), too_long)).map(drop),
        block_on(habits.list(no_page)).map(drop),
        block_on(habits.daily("smoke".into(), date("2026-01-02"), date("2026-01-01"))).map(drop),
    ];
    for error in refused {
        assert_eq!(error.unwrap_err().code_name(), "invalid_argument");
    }
    assert_eq!((store.queue(), store.announced()), (vec![], vec![]));
}

#[test]
fn a_list_has_what_was_asked_for_of_the_account_s_own() {
    let store = Store::open();
    let habits = habits(&store);
    for n in 0..6 {
        block_on(habits.record(smoke(n * 1000))).unwrap();
        block_on(habits.record(NewHabitLog::new("coffee", from_ms(n * 1000)))).unwrap();
    }
    let query = HabitLogQuery {
        kind: Some("coffee".to_owned()),
        from: Some(from_ms(1000)),
        until: Some(from_ms(4000)),
        limit: 2,
        after: None,
    };
    let started: Vec<_> = pages(&habits, query.clone())
        .into_iter()
        .map(|log| (log.kind, to_ms(log.started_at)))
        .collect();
    assert_eq!(started, [3000, 2000, 1000].map(|at| ("coffee".to_owned(), at)));
    let all = HabitLogQuery { kind: None, ..query };
    assert_eq!(pages(&habits, all.clone()).len(), 6);
    store.context.switch_account("somebody".into());
    assert_eq!(pages(&habits, all), []);
}

#[test]
fn a_day_adds_up_what_counts_to_it_by_its_own_calendar() {
    let store = Store::open();
    let habits = habits(&store);
    // 23:30 and 00:30 in Paris, both on the 28th in UTC; then one at 01:00 that the person counts to the evening before.
    let evening_ms = NOW_MS + 7 * 3_600_000 + 1_800_000;
    let chosen = NewHabitLog {
        date: Some(date("2026-01-28")),
        duration_ms: None,
        ..smoke(evening_ms + 5_400_000)
    };
    for log in [smoke(evening_ms), smoke(evening_ms + 3_600_000), chosen] {
        block_on(habits.record(log)).unwrap();
    }
    block_on(habits.record(NewHabitLog::new("coffee", from_ms(evening_ms)))).unwrap();
    let daily = |kind: &str, from: &str, to: &str| block_on(habits.daily(kind.into(), date(from), date(to))).unwrap();
    let day = |on, count, duration_ms| HabitDay {
        date: date(on),
        count,
        duration_ms,
    };
    assert_eq!(
        daily("smoke", "2026-01-01", "2026-12-31"),
        [day("2026-01-28", 2, Some(300_000)), day("2026-01-29", 1, Some(300_000))]
    );
    assert_eq!(
        daily("smoke", "2026-01-29", "2026-01-29"),
        [day("2026-01-29", 1, Some(300_000))]
    );
    assert_eq!(
        daily("coffee", "2026-01-01", "2026-12-31"),
        [day("2026-01-28", 1, None)]
    );
    assert_eq!(daily("tea", "2026-01-01", "2026-12-31"), []);
}

#[test]
fn a_thousand_entries_migrate_at_once_and_only_once() {
    let store = Store::open();
    let habits = habits(&store);
    let rows: Vec<_> = (0..1000).map(old).collect();
    assert_eq!(block_on(habits.migrate(rows.clone(), None)), Ok(report(1000, 0)));
    assert_eq!(store.announced().len(), 1, "one announcement stands for all");
    let queue = store.queue();
    assert!(
        queue
            .iter()
            .all(|event| event.priority == 1 && event.waits_until.is_none())
    );
    insta::assert_snapshot!(queue[0].values(), @r#"{"alive":true,"date":"2026-01-28","duration_ms":300000,"external_id":"0","kind":"smoke","method":"pipe","source":"migration","started_at_ms":1769612400000,"utc_offset_s":3600}"#);
    let logs = pages(&habits, HabitLogQuery::default());
    assert_eq!(logs.len(), 1000);
    assert_eq!(
        (logs[0].source.as_deref(), logs[0].external_id.as_deref()),
        (Some("migration"), Some("0"))
    );

    assert_eq!(block_on(habits.migrate(rows, None)), Ok(report(0, 1000)));
    assert_eq!((store.queue(), store.announced()), (queue, vec![]));
    assert_eq!(pages(&habits, HabitLogQuery::default()), logs);
}

#[test]
fn what_was_edited_or_deleted_since_stays_so_when_it_is_migrated_again() {
    let store = Store::open();
    let habits = habits(&store);
    let rows: Vec<_> = (0..4).map(old).collect();
    assert_eq!(block_on(habits.migrate(rows.clone(), None)), Ok(report(4, 0)));
    let logs = pages(&habits, HabitLogQuery::default());
    let cleared = HabitLogEdit {
        clear: vec![HabitField::Duration],
        ..HabitLogEdit::default()
    };
    block_on(habits.edit(logs[0].id, edit_notes("mine"))).unwrap();
    block_on(habits.edit(logs[1].id, cleared)).unwrap();
    block_on(habits.delete(logs[2].id)).unwrap();
    let before = pages(&habits, HabitLogQuery::default());
    let rows = [rows, vec![old(4), old(4)]].concat();
    assert_eq!(block_on(habits.migrate(rows, None)), Ok(report(1, 5)));
    let after = pages(&habits, HabitLogQuery::default());
    assert_eq!((&after[..3], after.len()), (&before[..], 4));
}

#[test]
fn a_migration_that_is_refused_cancelled_or_broken_off_leaves_nothing() {
    let store = Store::open();
    let habits = habits(&store);
    let rows = || (0..1000).map(old).collect::<Vec<_>>();
    let mut wrong = rows();
    wrong[999].external_id = None;
    insta::assert_snapshot!(block_on(habits.migrate(wrong, None)).unwrap_err(), @"The value cannot be used: row 999: the earlier store's id is missing");

    let cancel = CancelToken::new();
    cancel.cancel();
    let cancelled = block_on(habits.migrate(rows(), Some(cancel)));
    assert_eq!(cancelled.unwrap_err().code_name(), "cancelled");

    store.refuse("habit_log", "NEW.external_id = '500'");
    assert!(block_on(habits.migrate(rows(), None)).is_err());
    assert_eq!(pages(&habits, HabitLogQuery::default()), []);
    assert_eq!((store.queue(), store.announced()), (vec![], vec![]));
}

prop_compose! {
    fn some_log()(
        hour in 0_i64..60,
        kind in prop::sample::select(vec!["smoke", "coffee"]),
        offset_h in prop::option::of(-12_i32..=14),
        chosen in prop::option::of(1_u8..=3),
        duration_ms in prop::option::of(0_u64..1000),
        potency in prop::option::of(0_i64..=100),
    ) -> NewHabitLog {
        NewHabitLog {
            utc_offset_s: offset_h.map(|hours| hours * 3600),
            date: chosen.map(|day| CivilDate { year: 2026, month: 1, day }),
            duration_ms,
            potency,
            ..NewHabitLog::new(kind, from_ms(NOW_MS + hour * 3_600_000))
        }
    }
}

prop_compose! {
    fn some_edit()(
        log in some_log(),
        takes in prop::collection::vec(any::<bool>(), 6),
        clear in prop::sample::subsequence(HabitField::ALL.to_vec(), 0..=2),
    ) -> HabitLogEdit {
        let sets = |at: usize, field| takes[at] && !clear.contains(&field);
        HabitLogEdit {
            kind: takes[0].then(|| log.kind.clone()),
            started_at: takes[1].then_some(log.started_at),
            utc_offset_s: log.utc_offset_s.filter(|_| sets(2, HabitField::UtcOffset)),
            date: log.date.filter(|_| takes[3]),
            duration_ms: log.duration_ms.filter(|_| sets(4, HabitField::Duration)),
            potency: log.potency.filter(|_| sets(5, HabitField::Potency)),
            clear,
            ..HabitLogEdit::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_hold_every_entry_once_and_days_add_up_to_them(logs in prop::collection::vec(some_log(), 0..24), limit in 1_u32..9) {
        let store = Store::open();
        let habits = habits(&store);
        let mut recorded: Vec<_> = logs.into_iter().map(|log| block_on(habits.record(log)).unwrap()).collect();
        recorded.sort_by_key(|log| std::cmp::Reverse((log.started_at, log.id)));
        prop_assert_eq!(&pages(&habits, HabitLogQuery { limit, ..HabitLogQuery::default() }), &recorded);
        for kind in ["smoke", "coffee"] {
            let mut expected: BTreeMap<CivilDate, HabitDay> = BTreeMap::new();
            for log in recorded.iter().filter(|log| log.kind == kind) {
                let day = expected.entry(log.date).or_insert(HabitDay { date: log.date, count: 0, duration_ms: None });
                day.count += 1;
                day.duration_ms = match (day.duration_ms, log.duration_ms) {
                    (Some(sum), Some(ms)) => Some(sum + ms),
                    (sum, ms) => sum.or(ms),
                };
            }
            let actual = block_on(habits.daily(kind.into(), date("2026-01-01"), date("2026-12-31"))).unwrap();
            prop_assert_eq!(actual, expected.into_values().collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_edit_made_twice_is_made_once_and_rows_and_queue_agree(log in some_log(), edits in prop::collection::vec(some_edit(), 1..6)) {
        let store = Store::open();
        let habits = habits(&store);
        let id = block_on(habits.record(log)).unwrap().id;
        for edit in edits {
            let once = block_on(habits.edit(id, edit.clone())).unwrap();
            let queue = store.queue();
            prop_assert_eq!(block_on(habits.edit(id, edit)).unwrap(), once);
            prop_assert_eq!(store.queue(), queue);
        }
        prop_assert_eq!(store.row(EntityKind::HabitLog, id).unwrap(), store.row_by_queue(EntityKind::HabitLog, id));
    }
}
