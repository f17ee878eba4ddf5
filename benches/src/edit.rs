//! One local change with its outbox event, and the barest transaction that could do the same.

use std::path::Path;

use pollster::block_on;
use rusqlite::{Connection, params};
use steadfast_core::activities::api::Activities;
use steadfast_core::activities::model::ActivityEdit;
use steadfast_core::domain::id::Id;
use tempfile::TempDir;

use crate::Plan;
use crate::measure::{cpu_seconds, median, number, p95, timed};
use crate::report::{Budget, Measured, Report};
use crate::store::{self, Store};

/// `Activities::edit` of a title.
pub fn measure(plan: Plan, report: &mut Report) {
    on_disk(plan, report);
    match tempfile::tempdir_in("/dev/shm").and_then(|ours| Ok((ours, tempfile::tempdir_in("/dev/shm")?))) {
        Ok((ours, peer)) => in_memory(plan, report, ours, peer.path()),
        Err(error) => println!("a local change without waiting for a disk: no file system in memory here ({error})"),
    }
}

fn on_disk(plan: Plan, report: &mut Report) {
    let (store, id) = with_activity(store::folder());
    let activities = store.client.activities();
    let folder = store::folder();
    let mut skeleton = skeleton(folder.path());
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for turn in 0..plan.repetitions {
        ours.push(timed(|| edit(&activities, id, turn)).0 * 1000.0);
        peer.push(timed(|| bare(&mut skeleton, turn)).0 * 1000.0);
    }
    let p95_ms = p95(&mut ours);
    let (ours, peer) = (median(&mut ours), median(&mut peer));
    report.add(&Measured {
        name: "a local change with its event",
        value: ours,
        unit: "ms",
        peer: Some(("UPDATE and INSERT by hand", peer)),
        budget: Budget::PeerTimes(0.85),
        beside: "one a transaction, FULL; ratio of the rates",
    });
    report.add(&Measured {
        name: "a local change with its event, p95",
        value: p95_ms,
        unit: "ms",
        peer: Some(("the seed's", 80.0)),
        budget: Budget::PeerTimes(20.0),
        beside: "one a transaction, FULL",
    });
}

/// In memory a sync costs nothing, so this is the work alone.
fn in_memory(plan: Plan, report: &mut Report, ours: TempDir, peer: &Path) {
    const BATCH: usize = 50;
    let (store, id) = with_activity(ours);
    let activities = store.client.activities();
    let mut skeleton = skeleton(peer);
    let (mut of_ours, mut of_peer) = (Vec::new(), Vec::new());
    for batch in 0..(plan.repetitions / BATCH).max(4) {
        let turns = batch * BATCH..(batch + 1) * BATCH;
        let before = cpu_seconds();
        turns.clone().for_each(|turn| edit(&activities, id, turn));
        let between = cpu_seconds();
        turns.for_each(|turn| bare(&mut skeleton, turn));
        of_ours.push((between - before) / number(BATCH) * 1e6);
        of_peer.push((cpu_seconds() - between) / number(BATCH) * 1e6);
    }
    report.add(&Measured {
        name: "a local change with its event, processor",
        value: median(&mut of_ours),
        unit: "µs",
        peer: Some(("UPDATE and INSERT by hand", median(&mut of_peer))),
        budget: Budget::AtMostTimes(2.5),
        beside: "files in memory, so that a sync costs nothing; all threads",
    });
}

fn with_activity(folder: TempDir) -> (Store, Id) {
    let store = Store::open_with(folder, |_| {});
    store.start();
    store.record(&mut crate::run::Run::new(), 600, true);
    let id = store.save().id;
    (store, id)
}

fn edit(activities: &Activities, id: Id, turn: usize) {
    let title = format!("Morning run {turn}");
    let edit = ActivityEdit {
        title: Some(title.clone()),
        ..ActivityEdit::default()
    };
    let edited = block_on(activities.edit(id, edit)).expect("it is stored");
    assert_eq!(edited.title, title);
}

/// Two tables with the keys that both need, and nothing that checks anything.
fn skeleton(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join("skeleton.db")).expect("a new database");
    connection
        .execute_batch(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE activity (id BLOB PRIMARY KEY, title TEXT NOT NULL, updated_at_ms INTEGER NOT NULL) STRICT;
             CREATE TABLE event (seq INTEGER PRIMARY KEY, op_id BLOB NOT NULL, root_id BLOB NOT NULL, operation TEXT NOT NULL,
                 fields TEXT NOT NULL, status TEXT NOT NULL, created_at_ms INTEGER NOT NULL) STRICT;
             CREATE INDEX event_by_status ON event (status, seq);
             INSERT INTO activity VALUES (x'00112233445566778899aabbccddeeff', '', 0);",
        )
        .expect("valid SQL");
    connection
}

fn bare(connection: &mut Connection, turn: usize) {
    let mut run = || -> rusqlite::Result<usize> {
        let id = [
            0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff_u8,
        ];
        let now_ms = i64::try_from(turn).unwrap_or_default();
        let transaction = connection.transaction()?;
        let title = format!("Morning run {turn}");
        let changed = transaction
            .prepare_cached("UPDATE activity SET title = ?1, updated_at_ms = ?2 WHERE id = ?3")?
            .execute(params![title, now_ms, id])?;
        transaction
            .prepare_cached(
                "INSERT INTO event (op_id, root_id, operation, fields, status, created_at_ms) VALUES (?1, ?2, 'upsert', ?3, 'pending', ?4)",
            )?
            .execute(params![now_ms.to_be_bytes(), id, format!("{{\"title\":\"{title}\"}}"), now_ms])?;
        transaction.commit()?;
        Ok(changed)
    };
    assert_eq!(run().expect("a disk with room"), 1);
}
