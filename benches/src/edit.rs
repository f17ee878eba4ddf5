//! One local change with its outbox event, and the barest transaction that could do the same.

use std::path::Path;
use std::time::{Duration, SystemTime};

use pollster::block_on;
use rusqlite::{Connection, TransactionBehavior, params};
use steadfast_core::client::SteadfastClient;
use steadfast_core::habits::model::{HabitLog, HabitLogEdit, NewHabitLog};
use tempfile::TempDir;

use crate::Plan;
use crate::measure::{cpu_seconds, median, number, p95, timed};
use crate::report::{Budget, Measured, Report};
use crate::store::{self, Store};

/// A new habit log with its event, as the skeleton inserts a row and an event; and an edit that joins an event which nobody sent yet.
pub fn measure(plan: Plan, report: &mut Report) {
    on_disk(plan, report);
    match tempfile::tempdir_in("/dev/shm").and_then(|ours| Ok((ours, tempfile::tempdir_in("/dev/shm")?))) {
        Ok((ours, peer)) => in_memory(plan, report, ours, peer.path()),
        Err(error) => println!("a local change without waiting for a disk: no file system in memory here ({error})"),
    }
}

fn on_disk(plan: Plan, report: &mut Report) {
    let store = Store::open();
    let folder = store::folder();
    let (mut skeleton, mut twin) = (skeleton(folder.path()), twin(folder.path()));
    let (mut ours, mut joined, mut peer, mut alike) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for turn in 0..plan.repetitions {
        let (seconds, log) = timed(|| record(&store.client, turn));
        ours.push(seconds * 1000.0);
        peer.push(timed(|| bare(&mut skeleton, turn)).0 * 1000.0);
        joined.push(timed(|| edit(&store.client, &log)).0 * 1000.0);
        alike.push(timed(|| in_our_tables(&mut twin, turn)).0 * 1000.0);
    }
    let p95_ms = p95(&mut ours);
    let (ours, joined, peer, alike) = (
        median(&mut ours),
        median(&mut joined),
        median(&mut peer),
        median(&mut alike),
    );
    for (name, value, peer, budget, beside) in [
        (
            "a local change with its event",
            ours,
            ("two INSERTs by hand", peer),
            Budget::PeerTimes(0.85),
            "a new row; one a transaction, FULL; ratio of the rates",
        ),
        (
            "a local change with its event, pages aside",
            ours,
            ("its statements by hand, in our tables", alike),
            Budget::None,
            "what the checks and the threads cost; one a transaction, FULL; ratio of the rates",
        ),
        (
            "a local change with its event, p95",
            p95_ms,
            ("the seed's", 80.0),
            Budget::PeerTimes(20.0),
            "a new row; one a transaction, FULL",
        ),
        (
            "an edit that joins its row's event",
            joined,
            ("two INSERTs by hand", peer),
            Budget::None,
            "read, compared, merged, written; one a transaction, FULL",
        ),
    ] {
        report.add(&Measured {
            name,
            value,
            unit: "ms",
            peer: Some(peer),
            budget,
            beside,
        });
    }
}

/// In memory a sync costs nothing, so this is the work alone.
fn in_memory(plan: Plan, report: &mut Report, ours: TempDir, peer: &Path) {
    const BATCH: usize = 50;
    let store = Store::open_with(ours, |_| {});
    let mut skeleton = skeleton(peer);
    let (mut of_ours, mut of_peer) = (Vec::new(), Vec::new());
    for batch in 0..(plan.repetitions / BATCH).max(4) {
        let turns = batch * BATCH..(batch + 1) * BATCH;
        let before = cpu_seconds();
        for turn in turns.clone() {
            record(&store.client, turn);
        }
        let between = cpu_seconds();
        turns.for_each(|turn| bare(&mut skeleton, turn));
        of_ours.push((between - before) / number(BATCH) * 1e6);
        of_peer.push((cpu_seconds() - between) / number(BATCH) * 1e6);
    }
    report.add(&Measured {
        name: "a local change with its event, processor",
        value: median(&mut of_ours),
        unit: "µs",
        peer: Some(("two INSERTs by hand", median(&mut of_peer))),
        budget: Budget::AtMostTimes(2.5),
        beside: "a new row; files in memory, so that a sync costs nothing; all threads",
    });
}

fn record(client: &SteadfastClient, turn: usize) -> HabitLog {
    let started_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600 + 60 * turn as u64);
    let log = NewHabitLog {
        duration_ms: Some(300_000),
        notes: Some(format!("on the way home {turn}")),
        ..NewHabitLog::new("smoke", started_at)
    };
    block_on(client.habits().record(log)).expect("a disk with room")
}

fn edit(client: &SteadfastClient, log: &HabitLog) {
    let edit = HabitLogEdit {
        notes: Some("at home".to_owned()),
        ..HabitLogEdit::default()
    };
    let edited = block_on(client.habits().edit(log.id, edit)).expect("it is stored");
    assert_eq!(edited.notes.as_deref(), Some("at home"));
}

/// The same row and an event with its values, with the keys that both need, and nothing that checks anything.
fn skeleton(folder: &Path) -> Connection {
    let connection = store::bare_database(folder);
    connection
        .execute_batch(
            "CREATE TABLE habit_log (id BLOB PRIMARY KEY, kind TEXT NOT NULL, started_at_ms INTEGER NOT NULL, date TEXT NOT NULL,
                 duration_ms INTEGER, notes TEXT) STRICT;
             CREATE INDEX habit_log_by_start ON habit_log (started_at_ms);
             CREATE TABLE event (seq INTEGER PRIMARY KEY, op_id BLOB NOT NULL, root_id BLOB NOT NULL, operation TEXT NOT NULL,
                 fields TEXT NOT NULL, status TEXT NOT NULL, created_at_ms INTEGER NOT NULL) STRICT;
             CREATE INDEX event_by_status ON event (status, seq);",
        )
        .expect("valid SQL");
    connection
}

/// A store of ours, for statements by hand.
fn twin(folder: &Path) -> Connection {
    let client = store::by_the_system_clock(folder);
    client.shutdown().expect("closed");
    drop(client);
    let connection = Connection::open(folder.join("data/steadfast.db")).expect("a store");
    connection
        .execute_batch("PRAGMA synchronous = FULL; INSERT OR IGNORE INTO local_state VALUES ('next_number', 1);")
        .expect("valid SQL");
    connection
}

/// What a new row and its event write, with nothing that makes, checks or hands over anything.
fn in_our_tables(connection: &mut Connection, turn: usize) {
    let mut run = || -> rusqlite::Result<()> {
        let started_at_ms = 1_767_225_600_000 + 60_000 * i64::try_from(turn).unwrap_or_default();
        let id = (turn as u128).to_be_bytes();
        let notes = format!("on the way home {turn}");
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last: i64 = transaction
            .prepare_cached("UPDATE local_state SET value = value + 7 WHERE key = 'next_number' RETURNING value - 1")?
            .query_row([], |row| row.get(0))?;
        transaction
            .prepare_cached(
                "INSERT INTO habit_log (account_id, id, alive, date, duration_ms, kind, notes, started_at_ms)
                 VALUES ('local', ?1, 1, '2026-01-01', 300000, 'smoke', ?2, ?3)",
            )?
            .execute(params![id, notes, started_at_ms])?;
        let first = last - 6;
        let fields = format!(
            "[[{{\"mono_ms\":36247142,\"wall_ms\":{started_at_ms}}},{{\"alive\":[true,{first},null],\"date\":[\"2026-01-01\",{first},null],\
             \"duration_ms\":[300000,{first},null],\"kind\":[\"smoke\",{first},null],\"notes\":[\"{notes}\",{first},null],\
             \"started_at_ms\":[{started_at_ms},{first},null]}}]]"
        );
        transaction
            .prepare_cached(
                "INSERT INTO outbox (seq, account_id, op_id, device_id, root_kind, root_id, entity_kind, entity_id, operation, fields,
                   schema_version, priority, status, max_attempts, not_before_ms, created_at_ms, is_new_record)
                 VALUES (?1, 'local', ?2, ?2, 'habit_log', ?2, 'habit_log', ?2, 'upsert', ?3, 1, 0, 'pending', 5, ?4, ?4, 1)",
            )?
            .execute(params![last, id, fields, started_at_ms])?;
        transaction.commit()
    };
    run().expect("a disk with room");
}

fn bare(connection: &mut Connection, turn: usize) {
    let mut run = || -> rusqlite::Result<()> {
        let started_at_ms = 1_767_225_600_000 + 60_000 * i64::try_from(turn).unwrap_or_default();
        let id = (turn as u128).to_be_bytes();
        let notes = format!("on the way home {turn}");
        let transaction = connection.transaction()?;
        transaction
            .prepare_cached("INSERT INTO habit_log VALUES (?1, 'smoke', ?2, '2026-01-01', 300000, ?3)")?
            .execute(params![id, started_at_ms, notes])?;
        let fields = format!(
            "{{\"kind\":\"smoke\",\"started_at_ms\":{started_at_ms},\"date\":\"2026-01-01\",\"duration_ms\":300000,\"notes\":\"{notes}\"}}"
        );
        transaction
            .prepare_cached(
                "INSERT INTO event (op_id, root_id, operation, fields, status, created_at_ms) VALUES (?1, ?1, 'upsert', ?2, 'pending', ?3)",
            )?
            .execute(params![id, fields, started_at_ms])?;
        transaction.commit()
    };
    run().expect("a disk with room");
}
