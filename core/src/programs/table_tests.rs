//! The rules of the training days' table, on a real file.

use super::*;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::programs::tests::{Store, day};

/// Puts rows there as a newer version or a half-finished transfer would.
fn put(store: &Store, columns: &'static str, values: &'static str, day: &ProgramDay) {
    let id = rules::session_id(day);
    let sql = format!("INSERT INTO program_session (account_id, id, {columns}) VALUES ('local', ?1, {values})");
    let put = store
        .context
        .database
        .write(move |tx| Ok(tx.execute(&sql, [id.as_bytes()])?));
    assert_eq!(put.wait().unwrap(), 1);
}

fn listed(store: &Store) -> Vec<ProgramSession> {
    let list = store
        .context
        .database
        .read(|connection| list(connection, LOCAL_ACCOUNT, "5x5", None));
    list.wait().unwrap()
}

#[test]
fn what_a_newer_version_wrote_hides_nothing_else() {
    let store = Store::open();
    put(
        &store,
        "program_id, week, day, intensity, completed_at_ms, completed_utc_offset_s, scheduled_date, version, last_modified",
        "'5x5', 1, 1, 'brutal', 1000, 99999999999, 'whitsun', 7, 2000",
        &day(1, 1),
    );
    let session = &listed(&store)[0];
    assert_eq!(
        (
            session.intensity,
            session.completed_utc_offset_s,
            session.scheduled_date
        ),
        (None, None, None)
    );
    assert_eq!(session.completed_at, Some(from_ms(1000)));
    assert_eq!((session.version, session.last_modified), (7, Some(from_ms(2000))));
}

#[test]
fn a_row_that_has_not_arrived_whole_is_found_by_its_day_and_hides_no_other() {
    let store = Store::open();
    put(&store, "intensity", "'easy'", &day(1, 1));
    put(&store, "program_id, week, intensity", "'5x5', 1, 'easy'", &day(1, 2));
    put(&store, "program_id, week, day", "'5x5', -1, 3", &day(1, 3));
    put(&store, "program_id, week, day", "'5x5', 1, 4", &day(1, 4));
    let days: Vec<_> = listed(&store).into_iter().map(|session| session.program_day).collect();
    assert_eq!(days, [day(1, 4)]);
    let found = store
        .context
        .database
        .read(|connection| get(connection, LOCAL_ACCOUNT, &day(1, 1)));
    let session = found.wait().unwrap().expect("it is there");
    assert_eq!(
        (session.program_day, session.intensity),
        (day(1, 1), Some(Intensity::Easy))
    );
}

#[test]
fn lists_and_lookups_use_an_index_and_sort_nothing() {
    let store = Store::open();
    let plans = store.plans([get_sql(), list_sql(false), list_sql(true)]);
    insta::assert_snapshot!(plans, @r"
    SEARCH program_session USING INDEX sqlite_autoindex_program_session_1 (account_id=? AND id=?)
    SEARCH program_session USING INDEX program_session_by_day (account_id=? AND program_id=?)
    SEARCH program_session USING INDEX program_session_by_day (account_id=? AND program_id=? AND week=?)
    ");
}
