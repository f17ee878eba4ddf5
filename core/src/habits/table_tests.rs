//! The rules of the habit logs' table, on a real file.

use super::*;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::programs::tests::{NOW_MS, Store, date};

/// Puts a row there as a newer version or a half-finished transfer would.
fn put(store: &Store, id: u128, columns: &'static str, values: &str) {
    let sql = format!("INSERT INTO habit_log (account_id, id, {columns}) VALUES ('local', ?1, {values})");
    let put = store
        .context
        .database
        .write(move |tx| Ok(tx.execute(&sql, [Id::from_u128(id).as_bytes()])?));
    assert_eq!(put.wait().unwrap(), 1);
}

fn listed(store: &Store, query: HabitLogQuery) -> Vec<HabitLog> {
    let list = store
        .context
        .database
        .read(move |connection| list(connection, LOCAL_ACCOUNT, &query));
    list.wait().unwrap().logs
}

#[test]
fn a_row_without_its_kind_or_its_moment_is_not_shown_and_hides_no_other() {
    let store = Store::open();
    put(&store, 1, "kind, started_at_ms", "'smoke', 1000");
    put(&store, 2, "started_at_ms", "1000");
    put(&store, 3, "kind", "'smoke'");
    put(&store, 4, "kind, started_at_ms", "'smoke', -1");
    put(&store, 5, "kind, started_at_ms", &format!("'smoke', {}", i64::MAX));
    for kind in [None, Some("smoke".to_owned())] {
        let query = HabitLogQuery {
            kind,
            ..HabitLogQuery::default()
        };
        let ids: Vec<_> = listed(&store, query).into_iter().map(|log| log.id).collect();
        assert_eq!(ids, [Id::from_u128(1)]);
    }
    for id in 1..=5 {
        let get = store
            .context
            .database
            .read(move |connection| get(connection, LOCAL_ACCOUNT, Id::from_u128(id)));
        assert_eq!(get.wait().unwrap().is_some(), id == 1, "{id}");
    }
}

#[test]
fn what_a_newer_version_wrote_can_be_read() {
    let store = Store::open();
    put(
        &store,
        1,
        "kind, started_at_ms, utc_offset_s, date, duration_ms, potency, version, last_modified",
        &format!("'smoke', {NOW_MS}, 99999999999, 'whitsun', -5, 1000000, 3, 2000"),
    );
    let log = &listed(&store, HabitLogQuery::default())[0];
    assert_eq!(
        (log.utc_offset_s, log.date, log.duration_ms),
        (None, date("2026-01-28"), None)
    );
    assert_eq!(
        (log.potency, log.version, log.last_modified),
        (Some(1_000_000), 3, Some(from_ms(2000)))
    );
}

#[test]
fn a_total_survives_what_no_sum_can_hold() {
    let store = Store::open();
    for (id, duration_ms) in [(1, i64::MAX), (2, i64::MAX), (3, -5)] {
        let values = format!("'smoke', 1000, '2026-01-28', {duration_ms}");
        put(&store, id, "kind, started_at_ms, date, duration_ms", &values);
    }
    put(&store, 4, "kind, started_at_ms, date", "'smoke', 1000, '2026-01-28x'");
    let daily = store.context.database.read(|connection| {
        daily(
            connection,
            LOCAL_ACCOUNT,
            "smoke",
            date("2026-01-01"),
            date("2026-12-31"),
        )
    });
    let expected = HabitDay {
        date: date("2026-01-28"),
        count: 3,
        duration_ms: u64::try_from(i64::MAX).ok(),
    };
    assert_eq!(daily.wait().unwrap(), [expected]);
}

#[test]
fn lists_totals_and_lookups_use_an_index_and_sort_nothing() {
    let store = Store::open();
    let plans = store.plans([get_sql(), list_sql(false), list_sql(true), DAILY_SQL.to_owned()]);
    insta::assert_snapshot!(plans, @r"
    SEARCH habit_log USING INDEX sqlite_autoindex_habit_log_1 (account_id=? AND id=?)
    SEARCH habit_log USING INDEX habit_log_by_time (account_id=? AND started_at_ms>? AND (started_at_ms,id)<(?,?))
    SEARCH habit_log USING INDEX habit_log_by_kind (account_id=? AND kind=? AND started_at_ms>? AND (started_at_ms,id)<(?,?))
    SEARCH habit_log USING COVERING INDEX habit_log_by_date (account_id=? AND kind=? AND date>? AND date<?)
    ");
}
