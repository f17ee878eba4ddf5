//! The rules of the outbox's table, on a real file.

use std::collections::BTreeMap;

use serde_json::json;
use steadfast_protocol::operation::FieldEdit;

use super::*;
use crate::activities::save;
use crate::activities::table::tests::{START_MS, open, workout};
use crate::database::{Database, local_state};
use crate::domain::account::LOCAL_ACCOUNT;
use crate::outbox::model::OutboxQuery;
use crate::outbox::upkeep;

const ROOT: Root = Root {
    kind: EntityKind::Activity,
    id: Id::from_u128(7),
};

#[derive(Clone)]
struct TestEvent {
    account_id: String,
    op_id: Id,
    event: Merged,
    created_at_ms: i64,
}

fn event(n: u128, fields: &[(&str, serde_json::Value)]) -> TestEvent {
    let edit = |value: &serde_json::Value| FieldEdit {
        value: value.clone(),
        number: 0,
        base: None,
        boot_id: Some("boot".to_owned()),
        mono_ms: Some(1234),
        wall_ms: START_MS,
        heard: None,
        at: None,
    };
    TestEvent {
        account_id: LOCAL_ACCOUNT.to_owned(),
        op_id: Id::from_u128(n),
        event: Merged {
            root: ROOT,
            entity: (EntityKind::Activity, ROOT.id),
            operation: OperationKind::Upsert,
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), edit(value)))
                .collect(),
            root_base: None,
            is_new_record: true,
            priority: Priority::User,
        },
        created_at_ms: START_MS,
    }
}

fn enqueue(tx: &Transaction<'_>, new: &TestEvent) -> Result<i64> {
    let seq = local_state::take_numbers(tx, 1)?;
    let insertion = Insertion {
        seq,
        account_id: &new.account_id,
        op_id: new.op_id,
        device_id: Id::from_u128(1),
        event: &new.event,
        group_id: None,
        not_before_ms: None,
        created_at_ms: new.created_at_ms,
    };
    insert(tx, &insertion)?;
    Ok(seq)
}

fn put(database: &Database, event: TestEvent) -> Result<i64> {
    database.write(move |tx| enqueue(tx, &event)).wait()
}

fn events(database: &Database) -> Vec<OutboxEvent> {
    let everything = OutboxQuery {
        limit: 1000,
        ..OutboxQuery::default()
    };
    database
        .read(move |conn| upkeep::events(conn, LOCAL_ACCOUNT, &everything))
        .wait()
        .expect("events")
        .events
}

#[test]
fn events_are_listed_in_pages_and_the_last_one_says_so() {
    let (_folder, database) = open();
    for op in 1..=5 {
        put(&database, event(op, &[])).expect("queued");
    }
    let mut query = OutboxQuery {
        limit: 2,
        ..OutboxQuery::default()
    };
    let mut pages = Vec::new();
    loop {
        let asked = query.clone();
        let read = database.read(move |conn| upkeep::events(conn, LOCAL_ACCOUNT, &asked));
        let page = read.wait().expect("a page");
        pages.push(
            page.events
                .iter()
                .map(|event| event.op_id.as_u128())
                .collect::<Vec<_>>(),
        );
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    assert_eq!(pages, [vec![1, 2], vec![3, 4], vec![5]]);
}

#[test]
fn an_event_commits_with_its_data_or_neither_does() {
    let (_folder, database) = open();
    let twice = |op: u128, n: u32| {
        let written = workout(n, 2);
        let mut event = event(op, &[]);
        event.event.root.id = written.activity.id;
        database.write(move |tx| {
            save::insert(tx, &written, &mut |_| {}, None)?;
            enqueue(tx, &event)
        })
    };
    twice(1, 1).wait().expect("both committed");
    // The second statement fails: the op_id exists.
    assert_eq!(
        twice(1, 2).wait().expect_err("refused").code_name(),
        "constraint_violated"
    );
    let counts = database.read(move |conn| {
        let count = |sql| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
        let chunks = count("SELECT count(*) FROM track_chunk")?;
        Ok((
            count("SELECT count(*) FROM activity")?,
            chunks,
            count("SELECT count(*) FROM outbox")?,
        ))
    });
    assert_eq!(counts.wait().expect("counted"), (1, 2, 1));
    let next = twice(2, 2).wait().expect("both committed");
    assert_eq!(
        next, 2,
        "the number of the event that was rolled back is used, since nobody saw it"
    );
}

#[test]
fn statistics_count_every_status_of_the_account_alone() {
    let (_folder, database) = open();
    for (n, status) in (1..).zip(OutboxStatus::ALL) {
        let mut event = event(n, &[("a", json!(1))]);
        event.created_at_ms += i64::try_from(n).expect("small");
        put(&database, event).expect("queued");
        let closed = matches!(
            status,
            OutboxStatus::Completed | OutboxStatus::Replaced | OutboxStatus::Discarded
        );
        let set = database.write(move |tx| {
            let sql = "UPDATE outbox SET status = ?1, completed_at_ms = ?2 WHERE op_id = ?3";
            Ok(tx.execute(
                sql,
                params![status.name(), closed.then_some(START_MS), Id::from_u128(n).as_bytes()],
            )?)
        });
        assert_eq!(set.wait().expect("set"), 1);
    }
    let mut other = event(100, &[("a", json!(1))]);
    other.account_id = "somebody".to_owned();
    put(&database, other).expect("queued");
    let counted = database
        .read(|conn| statistics(conn, LOCAL_ACCOUNT))
        .wait()
        .expect("statistics");
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
    let none = database
        .read(|conn| statistics(conn, "nobody"))
        .wait()
        .expect("statistics");
    assert_eq!(none, OutboxStatistics::default());
}

#[test]
fn a_status_and_its_time_of_completion_cannot_contradict_each_other() {
    let (_folder, database) = open();
    put(&database, event(1, &[("a", json!(1))])).expect("queued");
    for change in ["status = 'completed'", "completed_at_ms = 1", "status = 'lost'"] {
        let sql = format!("UPDATE outbox SET {change}");
        let refused = database
            .write(move |tx| Ok(tx.execute(&sql, [])?))
            .wait()
            .expect_err(change);
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
        database
            .write(move |tx| Ok(tx.execute(&sql, [Id::from_u128(n).as_bytes()])?))
            .wait()
            .expect("set");
    }
    assert_eq!(database.write(|tx| delete_closed(tx, 20)).wait().expect("cleaned"), 2);
    let left: Vec<OutboxStatus> = events(&database).into_iter().map(|event| event.status).collect();
    assert_eq!(
        left,
        [
            OutboxStatus::Completed,
            OutboxStatus::Discarded,
            OutboxStatus::Dead,
            OutboxStatus::Failed
        ]
    );
}

#[test]
fn reading_a_root_and_looking_for_open_events_use_their_indexes() {
    let (_folder, database) = open();
    let plans = database.read(|conn| {
        let claim = "SELECT seq FROM outbox WHERE account_id = ?1 AND status = 'pending' AND completed_at_ms IS NULL
            ORDER BY priority, seq LIMIT 10";
        let earlier =
            "SELECT 1 FROM outbox WHERE account_id = ?1 AND root_id = ?2 AND completed_at_ms IS NULL AND seq < ?3";
        let mut plans = BTreeMap::new();
        for (name, sql) in [
            ("claim", claim),
            ("dead", HAS_DEAD_SQL),
            ("earlier", earlier),
            ("last", &last_open_sql()),
            ("oldest", OLDEST_SQL),
        ] {
            let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let values = vec![rusqlite::types::Value::Null; statement.parameter_count()];
            let lines = statement.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3))?;
            plans.insert(name, lines.collect::<rusqlite::Result<Vec<_>>>()?.join("; "));
        }
        let lines: Vec<String> = plans
            .into_iter()
            .map(|(name, plan)| format!("{name}: {plan}"))
            .collect();
        Ok(lines.join("\n"))
    });
    insta::assert_snapshot!(plans.wait().expect("plans"), @r#"
    claim: SEARCH outbox USING INDEX outbox_open (account_id=? AND status=?)
    dead: SEARCH outbox USING INDEX outbox_open (account_id=? AND status=?)
    earlier: SEARCH outbox USING INDEX outbox_by_root (account_id=? AND root_id=? AND seq<?)
    last: SEARCH outbox USING INDEX outbox_by_root (account_id=? AND root_id=?)
    oldest: SEARCH outbox USING INDEX outbox_by_root (account_id=?)
    "#);
}
