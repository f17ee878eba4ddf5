//! The rules of the outbox's table, on a real file.

use std::collections::BTreeMap;

use serde_json::json;
use steadfast_protocol::operation::{EntityKind, OperationKind};

use super::*;
use crate::activities::table::tests::{START_MS, open, workout};
use crate::activities::{rules, save};
use crate::database::Database;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::domain::time::Moment;
use crate::outbox::model::Priority;

const ROOT: Root = Root { kind: EntityKind::Activity, id: Id::from_u128(7) };

fn event(n: u128, fields: &[(&str, serde_json::Value)]) -> NewEvent {
    NewEvent {
        account_id: LOCAL_ACCOUNT.to_owned(),
        device_id: Id::from_u128(1),
        op_id: Id::from_u128(n),
        root: ROOT,
        entity_kind: EntityKind::Activity,
        entity_id: ROOT.id,
        operation: OperationKind::Upsert,
        fields: fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        moment: Moment { wall_ms: START_MS, elapsed_ms: Some(1234) },
        boot_id: Some("boot".to_owned()),
        priority: Priority::User,
        created_at_ms: START_MS,
    }
}

fn put(database: &Database, event: NewEvent) -> Result<u64> {
    database.write(move |tx| enqueue(tx, &event)).wait()
}

fn events(database: &Database) -> Vec<OutboxEvent> {
    database.read(|conn| by_root(conn, LOCAL_ACCOUNT, ROOT)).wait().expect("events")
}

#[test]
fn the_payload_is_a_contract() {
    let (_folder, database) = open();
    put(&database, event(1, &[("title", json!("Run")), ("device", json!(null))])).expect("queued");
    insta::assert_snapshot!(events(&database)[0].fields, @"");
    let edits: FieldEdits = serde_json::from_str(&events(&database)[0].fields).expect("the wire's own shape");
    assert_eq!(edits["title"].value, json!("Run"));
}

#[test]
fn a_moment_without_its_second_clock_or_boot_leaves_them_out() {
    let (_folder, database) = open();
    let mut bare = event(1, &[("alive", json!(false))]);
    (bare.moment.elapsed_ms, bare.boot_id) = (None, None);
    put(&database, bare).expect("queued");
    insta::assert_snapshot!(events(&database)[0].fields, @"");
}

#[test]
fn numbers_rise_over_fields_events_and_restarts_and_are_never_given_twice() {
    let (folder, database) = open();
    let mut numbers = Vec::new();
    let mut take = |database: &Database| {
        let last = events(database).pop().expect("an event");
        let edits: FieldEdits = serde_json::from_str(&last.fields).expect("edits");
        numbers.push(last.seq);
        numbers.extend(edits.values().map(|edit| edit.number));
    };
    put(&database, event(1, &[("a", json!(1)), ("b", json!(2))])).expect("queued");
    take(&database);
    put(&database, event(2, &[("a", json!(3))])).expect("queued");
    take(&database);
    drop(database);
    let database = Database::open(folder.path(), Id::from_u128(9)).expect("opened again");
    put(&database, event(3, &[("a", json!(4))])).expect("queued");
    take(&database);
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn an_event_commits_with_its_data_or_neither_does() {
    let (_folder, database) = open();
    let written = workout(1, 2);
    let root = Root { kind: EntityKind::Activity, id: written.activity.id };
    let twice = |op: u128, n: u32| {
        let written = workout(n, 2);
        let mut event = event(op, &[]);
        event.fields = rules::fields(&written.activity);
        event.root.id = written.activity.id;
        database.write(move |tx| {
            save::insert(tx, &written, &mut |_| {}, None)?;
            enqueue(tx, &event)
        })
    };
    twice(1, 1).wait().expect("both committed");
    // The second statement fails: the op_id exists.
    assert_eq!(twice(1, 2).wait().expect_err("refused").code_name(), "constraint_violated");
    let counts = database.read(move |conn| {
        let count = |sql| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
        let chunks = count("SELECT count(*) FROM track_chunk")?;
        Ok((count("SELECT count(*) FROM activity")?, chunks, by_root(conn, LOCAL_ACCOUNT, root)?.len()))
    });
    assert_eq!(counts.wait().expect("counted"), (1, 2, 1));
    let next = twice(2, 2).wait().expect("both committed");
    let fields = u64::try_from(rules::fields(&written.activity).len()).expect("few");
    assert_eq!(next, 1 + 1 + fields, "the number of the event that was rolled back is used, since nobody saw it");
}

#[test]
fn an_event_without_fields_is_refused() {
    let (_folder, database) = open();
    assert_eq!(put(&database, event(1, &[])).expect_err("refused").code_name(), "invalid_argument");
}

#[test]
fn statistics_count_every_status_of_the_account_alone() {
    let (_folder, database) = open();
    for (n, status) in (1..).zip(OutboxStatus::ALL) {
        let mut event = event(n, &[("a", json!(1))]);
        event.created_at_ms += i64::try_from(n).expect("small");
        put(&database, event).expect("queued");
        let closed = matches!(status, OutboxStatus::Completed | OutboxStatus::Replaced | OutboxStatus::Discarded);
        let set = database.write(move |tx| {
            let sql = "UPDATE outbox SET status = ?1, completed_at_ms = ?2 WHERE op_id = ?3";
            Ok(tx.execute(sql, params![status.name(), closed.then_some(START_MS), Id::from_u128(n).as_bytes()])?)
        });
        assert_eq!(set.wait().expect("set"), 1);
    }
    let mut other = event(100, &[("a", json!(1))]);
    other.account_id = "somebody".to_owned();
    put(&database, other).expect("queued");
    let counted = database.read(|conn| statistics(conn, LOCAL_ACCOUNT)).wait().expect("statistics");
    let expected = OutboxStatistics {
        pending: 1,
        processing: 1,
        failed: 1,
        dead: 1,
        completed: 1,
        replaced: 1,
        discarded: 1,
        oldest_open_at: Some(from_ms(START_MS + 1)),
    };
    assert_eq!(counted, expected);
    let none = database.read(|conn| statistics(conn, "nobody")).wait().expect("statistics");
    assert_eq!(none, OutboxStatistics::default());
}

#[test]
fn a_status_and_its_time_of_completion_cannot_contradict_each_other() {
    let (_folder, database) = open();
    put(&database, event(1, &[("a", json!(1))])).expect("queued");
    for change in ["status = 'completed'", "completed_at_ms = 1", "status = 'lost'"] {
        let sql = format!("UPDATE outbox SET {change}");
        let refused = database.write(move |tx| Ok(tx.execute(&sql, [])?)).wait().expect_err(change);
        assert_eq!(refused.code_name(), "constraint_violated");
    }
}

#[test]
fn only_what_the_server_has_and_what_was_replaced_is_cleaned_up_and_only_when_it_is_old() {
    let (_folder, database) = open();
    for (n, change) in (1..).zip([
        "status = 'completed', completed_at_ms = 10",
        "status = 'completed', completed_at_ms = 20",
        "status = 'replaced', completed_at_ms = 10",
        "status = 'discarded', completed_at_ms = 10",
        "status = 'dead'",
        "status = 'failed'",
    ]) {
        put(&database, event(n, &[("a", json!(1))])).expect("queued");
        let sql = format!("UPDATE outbox SET {change} WHERE op_id = ?1");
        database.write(move |tx| Ok(tx.execute(&sql, [Id::from_u128(n).as_bytes()])?)).wait().expect("set");
    }
    assert_eq!(database.write(|tx| delete_closed(tx, 20)).wait().expect("cleaned"), 2);
    let left: Vec<OutboxStatus> = events(&database).into_iter().map(|event| event.status).collect();
    assert_eq!(left, [OutboxStatus::Completed, OutboxStatus::Discarded, OutboxStatus::Dead, OutboxStatus::Failed]);
}

#[test]
fn reading_a_root_and_looking_for_open_events_use_their_indexes() {
    let (_folder, database) = open();
    let plans = database.read(|conn| {
        let claim = "SELECT seq FROM outbox WHERE account_id = ?1 AND status = 'pending' AND completed_at_ms IS NULL
            ORDER BY priority, seq LIMIT 10";
        let earlier = "SELECT 1 FROM outbox WHERE account_id = ?1 AND root_id = ?2 AND completed_at_ms IS NULL AND seq < ?3";
        let mut plans = BTreeMap::new();
        for (name, sql) in [("by_root", BY_ROOT_SQL), ("claim", claim), ("earlier", earlier), ("oldest", OLDEST_SQL)] {
            let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let values = vec![rusqlite::types::Value::Null; statement.parameter_count()];
            let lines = statement.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3))?;
            plans.insert(name, lines.collect::<rusqlite::Result<Vec<_>>>()?.join("; "));
        }
        Ok(plans.into_iter().map(|(name, plan)| format!("{name}: {plan}\n")).collect::<String>())
    });
    insta::assert_snapshot!(plans.wait().expect("plans"), @"");
}
