//! The rules of the activities' tables, on a real file.

use std::collections::HashMap;

use rusqlite::Connection;
use steadfast_protocol::id;

use super::*;
use crate::activities::model::FinishedWorkout;
use crate::activities::save::{self, Saved};
use crate::database::Database;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::domain::cancel::CancelToken;
use crate::domain::lap::Lap;
use crate::domain::progress::{SavePhase, SaveProgress};
use crate::domain::reported::Reported;
use crate::domain::tally::{RejectReason, Repair};

/// 2026-01-01T00:00:00Z.
pub(crate) const START_MS: i64 = 1_767_225_600_000;
const HOUR_MS: i64 = 3_600_000;

pub(crate) fn chunk(index: i64) -> Chunk {
    let bytes: Vec<u8> = (0..2000)
        .map(|at| u8::try_from((at * 31 + index * 7) % 251).expect("under 251"))
        .collect();
    Chunk {
        first_time_ms: START_MS + index * 4_096_000,
        last_time_ms: START_MS + index * 4_096_000 + 4_095_000,
        row_count: 4096,
        bounding_box: (index != 1).then_some(BoundingBox {
            south_e7: 1,
            west_e7: 2,
            north_e7: 3,
            east_e7: 4,
        }),
        checksum: crc32fast::hash(&bytes),
        bytes,
    }
}

/// Workout number `n`, which starts `n` hours after [`START_MS`], with a track of so many chunks.
pub(crate) fn workout(n: u32, chunk_count: u32) -> FinishedWorkout {
    let activity_id = id::imported("test", &n.to_be_bytes());
    let shift = i64::from(n) * HOUR_MS;
    let mut chunks: Vec<Chunk> = (0..i64::from(chunk_count)).map(chunk).collect();
    for chunk in &mut chunks {
        chunk.first_time_ms += shift;
        chunk.last_time_ms += shift;
    }
    let split = |index: u32, distance_m: f64, is_full| Split {
        id: id::split(activity_id, "km", index),
        index,
        distance_m,
        duration_s: 300.0,
        pace_s_per_km: Some(300.0),
        elevation_gain_m: 5.25,
        is_full,
    };
    let lap = |index: u32, at_ms: i64, distance_m: f64, duration_s: f64| Lap {
        id: id::lap(activity_id, index),
        index,
        started_at: from_ms(START_MS + shift + at_ms),
        distance_m,
        duration_s,
        pace_s_per_km: Some(duration_s * 1000.0 / distance_m),
        elevation_gain_m: 7.875,
        is_open: false,
    };
    FinishedWorkout {
        laps: vec![lap(1, 0, 1500.0, 400.0), lap(2, 400_000, 750.5, 290.0)],
        account_id: LOCAL_ACCOUNT.to_owned(),
        activity: Activity {
            id: activity_id,
            kind: if n.is_multiple_of(3) {
                ActivityKind::Cycling
            } else {
                ActivityKind::Running
            },
            origin: if n.is_multiple_of(2) {
                ActivityOrigin::Imported
            } else {
                ActivityOrigin::Recorded
            },
            title: format!("Workout {n}"),
            notes: "first line\nsecond line".to_owned(),
            started_at: from_ms(START_MS + shift),
            ended_at: from_ms(START_MS + shift + 700_000),
            utc_offset_s: Some(7200),
            distance_m: 2250.5,
            elevation_gain_m: 15.75,
            elevation_loss_m: 12.5,
            timer_s: 690.0,
            elapsed_s: 700.0,
            moving_s: 680.0,
            sample_count: u64::from(chunk_count) * 4096,
            segment_count: 2,
            average_speed_mps: Some(3.3),
            max_speed_mps: Some(4.5),
            average_heart_rate_bpm: Some(141.5),
            max_heart_rate_bpm: Some(170.0),
            average_cadence_rpm: None,
            average_power_w: None,
            device: Some("Watch".to_owned()),
            reported: Reported {
                distance_m: Some(2260.0),
                ..Reported::default()
            },
            rejected: HashMap::from([(RejectReason::Inaccurate, 3), (RejectReason::Late, 1)]),
            repairs: HashMap::from([(Repair::Sorted, 2)]),
            created_at: from_ms(START_MS + shift + 701_000),
            updated_at: from_ms(START_MS + shift + 701_000),
        },
        chunks,
        timer_intervals: vec![
            TimerInterval {
                started_at_ms: START_MS + shift,
                ended_at_ms: START_MS + shift + 400_000,
            },
            TimerInterval {
                started_at_ms: START_MS + shift + 410_000,
                ended_at_ms: START_MS + shift + 700_000,
            },
        ],
        splits: vec![split(1, 1000.0, true), split(2, 1000.0, true), split(3, 250.5, false)],
        bounding_box: Some(BoundingBox {
            south_e7: -10,
            west_e7: 1_799_999_999,
            north_e7: 10,
            east_e7: -1_799_999_999,
        }),
    }
}

pub(crate) fn open() -> (tempfile::TempDir, Database) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = Database::open(folder.path(), Id::from_u128(1)).expect("a new database");
    (folder, database)
}

pub(crate) fn save(database: &Database, workout: FinishedWorkout) -> Result<Saved> {
    database
        .write(move |tx| save::insert(tx, &workout, &mut |_| {}, None))
        .wait()
}

fn saved(count: u32) -> (tempfile::TempDir, Database) {
    let (folder, database) = open();
    for n in 0..count {
        assert_eq!(save(&database, workout(n, 2)).expect("saved"), Saved::New);
    }
    (folder, database)
}

/// All pages of a query, one after the other.
fn pages(database: &Database, query: &ActivityQuery) -> Vec<String> {
    let (mut titles, mut query) = (Vec::new(), query.clone());
    loop {
        let asked = query.clone();
        let page = database
            .read(move |conn| list(conn, LOCAL_ACCOUNT, &asked))
            .wait()
            .expect("a page");
        assert!(page.activities.len() <= query.limit as usize);
        titles.extend(page.activities.into_iter().map(|activity| activity.title));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return titles,
        }
    }
}

fn titles(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(|n| format!("Workout {n}")).collect()
}

#[test]
fn what_was_saved_is_read_back_to_the_last_bit() {
    let (_folder, database) = open();
    let written = workout(1, 3);
    save(&database, written.clone()).expect("saved");
    let id = written.activity.id;
    let read = database.read(move |conn| {
        let mut copies = Vec::new();
        chunks(conn, LOCAL_ACCOUNT, id, None, None, |chunk| {
            copies.push(chunk.to_chunk());
            Ok(())
        })?;
        Ok(FinishedWorkout {
            account_id: LOCAL_ACCOUNT.to_owned(),
            activity: get(conn, LOCAL_ACCOUNT, id)?.expect("the activity was saved"),
            chunks: copies,
            timer_intervals: timer_intervals(conn, LOCAL_ACCOUNT, id)?,
            splits: splits(conn, LOCAL_ACCOUNT, id)?,
            laps: laps(conn, LOCAL_ACCOUNT, id)?,
            bounding_box: bounding_box(conn, LOCAL_ACCOUNT, id)?,
        })
    });
    assert_eq!(read.wait().expect("read back"), written);
}

#[test]
fn the_stored_row_is_a_contract() {
    let (_folder, database) = open();
    save(&database, workout(1, 1)).expect("saved");
    let row = database.read(|conn| {
        let sql = "SELECT rejected || ' ' || repairs || ' ' || reported || ' ' || kind || ' ' || origin FROM activity";
        Ok(conn.query_row(sql, [], |row| row.get::<_, String>(0))?)
    });
    insta::assert_snapshot!(row.wait().expect("the row"), @r#"{"inaccurate":3,"late":1} {"sorted":2} {"distance_m":2260.0,"elevation_gain_m":null,"elevation_loss_m":null,"timer_s":null,"elapsed_s":null,"moving_s":null} running recorded"#);
}

#[test]
fn pages_of_any_size_give_every_activity_once_and_newest_first() {
    let (_folder, database) = saved(11);
    for limit in [1, 2, 3, 10, 11, 12, 1000] {
        let query = ActivityQuery {
            limit,
            ..ActivityQuery::default()
        };
        assert_eq!(pages(&database, &query), titles((0..11).rev()), "limit {limit}");
    }
}

#[test]
fn activities_of_one_moment_keep_their_order_over_pages() {
    let (_folder, database) = open();
    for n in 0..7 {
        let mut twin = workout(n, 1);
        twin.activity.started_at = from_ms(START_MS);
        save(&database, twin).expect("saved");
    }
    let whole = pages(&database, &ActivityQuery::default());
    assert_eq!(whole.len(), 7);
    assert_eq!(
        pages(
            &database,
            &ActivityQuery {
                limit: 2,
                ..ActivityQuery::default()
            }
        ),
        whole
    );
}

#[test]
fn filters_by_kind_and_dates_hold_together_and_with_pages() {
    let (_folder, database) = saved(12);
    let at = |hours: i64| Some(from_ms(START_MS + hours * HOUR_MS));
    let query = ActivityQuery {
        kind: Some(ActivityKind::Cycling),
        limit: 2,
        ..ActivityQuery::default()
    };
    assert_eq!(pages(&database, &query), titles([9, 6, 3, 0]));
    let query = ActivityQuery {
        from: at(3),
        until: at(6),
        limit: 2,
        ..ActivityQuery::default()
    };
    assert_eq!(
        pages(&database, &query),
        titles([5, 4, 3]),
        "from is inside, until outside"
    );
    let query = ActivityQuery {
        kind: Some(ActivityKind::Cycling),
        from: at(1),
        until: at(9),
        limit: 1,
        after: None,
    };
    assert_eq!(pages(&database, &query), titles([6, 3]));
    let counted = database
        .read(move |conn| count(conn, LOCAL_ACCOUNT, &query))
        .wait()
        .expect("a count");
    assert_eq!(counted, 2);
}

#[test]
fn a_page_goes_on_where_it_stopped_whatever_was_added_or_deleted() {
    let (_folder, database) = saved(6);
    let query = ActivityQuery {
        limit: 3,
        ..ActivityQuery::default()
    };
    let first = database
        .read(move |conn| list(conn, LOCAL_ACCOUNT, &query))
        .wait()
        .expect("a page");
    let last_id = first.activities[2].id;
    save(&database, workout(20, 1)).expect("saved");
    database
        .write(move |tx| delete(tx, LOCAL_ACCOUNT, last_id, 0))
        .wait()
        .expect("deleted");
    let rest = pages(
        &database,
        &ActivityQuery {
            after: first.next,
            ..ActivityQuery::default()
        },
    );
    assert_eq!(rest, titles([2, 1, 0]));
}

#[test]
fn another_account_sees_nothing() {
    let (_folder, database) = saved(2);
    let id = workout(1, 1).activity.id;
    let (page, found) = database
        .read(move |conn| {
            Ok((
                list(conn, "somebody", &ActivityQuery::default())?,
                get(conn, "somebody", id)?,
            ))
        })
        .wait()
        .expect("read");
    assert!(page.activities.is_empty() && found.is_none());
}

#[test]
fn a_bad_page_is_refused() {
    let (_folder, database) = saved(1);
    for (limit, after) in [
        (0, None),
        (1001, None),
        (1, Some("x")),
        (1, Some("1.")),
        (1, Some("9999999999999999999.0")),
    ] {
        let query = ActivityQuery {
            limit,
            after: after.map(str::to_owned),
            ..ActivityQuery::default()
        };
        let refused = database
            .read(move |conn| list(conn, LOCAL_ACCOUNT, &query))
            .wait()
            .expect_err("refused");
        assert_eq!(refused.code_name(), "invalid_argument");
    }
}

#[test]
fn saving_twice_changes_nothing_and_gives_what_is_stored() {
    let (_folder, database) = open();
    let first = workout(1, 2);
    let mut second = first.clone();
    second.activity.title = "Another title".to_owned();
    assert_eq!(save(&database, first.clone()).expect("saved"), Saved::New);
    assert_eq!(
        save(&database, second).expect("known"),
        Saved::AlreadyStored(Box::new(first.activity))
    );
}

#[test]
fn a_deleted_activity_leaves_a_marker_and_no_track() {
    let (_folder, database) = saved(1);
    let deleted = workout(0, 2);
    let id = deleted.activity.id;
    database
        .write(move |tx| delete(tx, LOCAL_ACCOUNT, id, 5))
        .wait()
        .expect("deleted");
    let (presence, found, parts, area) = database
        .read(move |conn| {
            let count =
                |table| conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
            let parts = PARTS.into_iter().map(count).sum::<rusqlite::Result<i64>>()?;
            let area = bounding_box(conn, LOCAL_ACCOUNT, id)?;
            Ok((
                exists(conn, LOCAL_ACCOUNT, id)?,
                get(conn, LOCAL_ACCOUNT, id)?,
                parts,
                area,
            ))
        })
        .wait()
        .expect("read");
    assert_eq!((presence, found, parts, area), (Presence::Deleted, None, 0, None));
    assert_eq!(save(&database, deleted.clone()).expect("known"), Saved::Deleted);
    let again = database
        .write(move |tx| delete(tx, LOCAL_ACCOUNT, id, 6))
        .wait()
        .expect_err("gone already");
    assert_eq!(again.code_name(), "not_found");
    database
        .write(move |tx| forget(tx, LOCAL_ACCOUNT, id))
        .wait()
        .expect("forgotten");
    assert_eq!(save(&database, deleted).expect("saved"), Saved::New);
}

#[test]
fn forgetting_never_removes_an_activity_that_is_not_deleted() {
    let (_folder, database) = saved(1);
    let id = workout(0, 2).activity.id;
    let presence = database.write(move |tx| forget(tx, LOCAL_ACCOUNT, id).and_then(|()| exists(tx, LOCAL_ACCOUNT, id)));
    assert_eq!(presence.wait().expect("looked"), Presence::Stored);
}

#[test]
fn an_edit_changes_what_it_names() {
    let (_folder, database) = saved(1);
    let id = workout(0, 2).activity.id;
    let change = ActivityEdit {
        title: Some(String::new()),
        notes: None,
        kind: Some(ActivityKind::Hiking),
    };
    let (before, after) = database
        .write(move |tx| edit(tx, LOCAL_ACCOUNT, id, &change, START_MS))
        .wait()
        .expect("edited");
    assert_eq!(
        (after.title.as_str(), after.kind, after.updated_at),
        ("", ActivityKind::Hiking, from_ms(START_MS))
    );
    assert_eq!(after.notes, before.notes);
    let stored = database
        .read(move |conn| get(conn, LOCAL_ACCOUNT, id))
        .wait()
        .expect("read");
    assert_eq!(stored, Some(after));
    let query = ActivityQuery {
        kind: Some(ActivityKind::Hiking),
        ..ActivityQuery::default()
    };
    assert_eq!(pages(&database, &query).len(), 1);
    let unknown = database
        .write(|tx| edit(tx, LOCAL_ACCOUNT, Id::nil(), &ActivityEdit::default(), 0))
        .wait();
    assert_eq!(unknown.expect_err("unknown").code_name(), "not_found");
}

#[test]
fn a_range_gives_the_chunks_that_touch_it() {
    let (_folder, database) = open();
    save(&database, workout(0, 3)).expect("saved");
    let id = workout(0, 3).activity.id;
    let indexes = |from_ms: Option<i64>, until_ms: Option<i64>| {
        let read = database.read(move |conn| {
            let mut indexes = Vec::new();
            chunks(conn, LOCAL_ACCOUNT, id, from_ms, until_ms, |chunk| {
                indexes.push(chunk.index);
                Ok(())
            })?;
            Ok(indexes)
        });
        read.wait().expect("chunks")
    };
    let second = START_MS + 4_096_000;
    assert_eq!(indexes(None, None), [0, 1, 2]);
    assert_eq!(indexes(Some(second), None), [1, 2]);
    assert_eq!(indexes(None, Some(second)), [0], "until is outside");
    assert_eq!(
        indexes(Some(second - 1000), Some(second + 1)),
        [0, 1],
        "the last row of a chunk is inside"
    );
    assert_eq!(indexes(Some(second), Some(second)), [0; 0]);
}

#[test]
fn a_chunk_that_is_not_what_its_checksum_says_is_an_error() {
    let (_folder, database) = saved(1);
    let id = workout(0, 2).activity.id;
    database
        .write(|tx| Ok(tx.execute("UPDATE track_chunk SET bytes = zeroblob(10) WHERE \"index\" = 1", [])?))
        .wait()
        .expect("damaged");
    let read = database.read(move |conn| chunks(conn, LOCAL_ACCOUNT, id, None, None, |_| Ok(())));
    assert_eq!(read.wait().expect_err("damaged").code_name(), "data_damaged");
    let first = database.read(move |conn| chunks(conn, LOCAL_ACCOUNT, id, None, Some(START_MS + 1), |_| Ok(())));
    first.wait().expect("the other chunk is sound");
}

#[test]
fn a_row_that_no_version_wrote_is_damaged_data() {
    let (_folder, database) = saved(1);
    let id = workout(0, 2).activity.id;
    for change in ["kind = 'flying'", "reported = '{'", "sample_count = -1"] {
        let sql = format!("UPDATE activity SET {change}");
        let read = database.write(move |tx| {
            tx.execute(&sql, [])?;
            get(tx, LOCAL_ACCOUNT, id)
        });
        assert_eq!(read.wait().expect_err(change).code_name(), "data_damaged");
    }
}

#[test]
fn progress_rises_to_the_total_in_steps_under_a_tenth() {
    use SavePhase::{Activity, Committing, Splits, Track, Validating};
    let (_folder, database) = open();
    let written = workout(1, 25);
    let steps = database.write(move |tx| {
        let mut steps: Vec<SaveProgress> = Vec::new();
        save::insert(tx, &written, &mut |progress| steps.push(progress), None)?;
        Ok(steps)
    });
    let steps = steps.wait().expect("saved");
    assert!(
        steps
            .windows(2)
            .all(|pair| pair[0].done <= pair[1].done && (pair[1].done - pair[0].done) * 10 <= pair[1].total)
    );
    assert_eq!(
        steps.last().map(|last| (last.phase, last.done)),
        Some((SavePhase::Committing, 27))
    );
    let mut phases: Vec<SavePhase> = steps.iter().map(|step| step.phase).collect();
    phases.dedup();
    assert_eq!(phases, [Validating, Activity, Track, Splits, Committing]);
}

#[test]
fn a_save_that_is_cancelled_at_any_step_leaves_nothing() {
    let (_folder, database) = open();
    // Validating, the activity, 4 chunks, the splits, committing.
    for at in 0..8 {
        let written = workout(1, 4);
        let cancelled = database.write(move |tx| {
            let (token, mut step) = (CancelToken::new(), 0);
            let cancel = std::sync::Arc::clone(&token);
            let mut progress = |_| {
                if step == at {
                    token.cancel();
                }
                step += 1;
            };
            save::insert(tx, &written, &mut progress, Some(&cancel))
        });
        assert_eq!(
            cancelled.wait().expect_err("cancelled").code_name(),
            "cancelled",
            "step {at}"
        );
        let left = database.read(|conn| {
            Ok(conn.query_row(
                "SELECT (SELECT count(*) FROM activity) + (SELECT count(*) FROM track_chunk) + (SELECT count(*) FROM split)",
                [],
                |row| row.get::<_, i64>(0),
            )?)
        });
        assert_eq!(left.wait().expect("counted"), 0, "step {at}");
    }
}

#[test]
fn eight_threads_save_at_once_and_nothing_is_lost() {
    let (_folder, database) = open();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let database = &database;
            scope.spawn(move || {
                for n in 0..10 {
                    assert_eq!(save(database, workout(thread * 10 + n, 2)).expect("saved"), Saved::New);
                }
            });
        }
    });
    assert_eq!(pages(&database, &ActivityQuery::default()), titles((0..80).rev()));
}

fn plan(conn: &Connection, sql: &str) -> String {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("valid SQL");
    let values = vec![rusqlite::types::Value::Null; statement.parameter_count()];
    let lines = statement
        .query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3))
        .expect("a plan")
        .collect::<rusqlite::Result<Vec<_>>>();
    lines.expect("a plan").join("; ")
}

#[test]
fn lists_counts_and_lookups_use_an_index_and_sort_nothing() {
    let (_folder, database) = saved(3);
    let plans = database.read(|conn| {
        let get = format!("SELECT {COLUMNS} FROM activity WHERE account_id = ?1 AND id = ?2 AND alive = 1");
        Ok([
            &list_sql(false),
            &list_sql(true),
            count_sql(false),
            count_sql(true),
            &get,
            CHUNKS_SQL,
        ]
        .map(|sql| plan(conn, sql))
        .join("\n"))
    });
    insta::assert_snapshot!(plans.wait().expect("plans"), @r#"
    SEARCH activity USING INDEX activity_by_start (account_id=? AND started_at_ms>? AND (started_at_ms,id)<(?,?))
    SEARCH activity USING INDEX activity_by_kind (account_id=? AND kind=? AND started_at_ms>? AND (started_at_ms,id)<(?,?))
    SEARCH activity USING COVERING INDEX activity_by_start (account_id=? AND started_at_ms>? AND started_at_ms<?)
    SEARCH activity USING COVERING INDEX activity_by_kind (account_id=? AND kind=? AND started_at_ms>? AND started_at_ms<?)
    SEARCH activity USING INDEX sqlite_autoindex_activity_1 (account_id=? AND id=?)
    SEARCH track_chunk USING INDEX sqlite_autoindex_track_chunk_1 (account_id=? AND activity_id=?)
    "#);
}
