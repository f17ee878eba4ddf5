//! Whoever waits for the queue is told of every way in which it is written, and of nothing else.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const INSERT: &str = "INSERT INTO outbox (account_id, op_id, device_id, root_kind, root_id, entity_kind, entity_id, operation, fields,
    schema_version, priority, status, max_attempts, created_at_ms)
    VALUES ('a', randomblob(16), zeroblob(16), 'activity', zeroblob(16), 'activity', zeroblob(16), 'upsert', '{}', 1, 0, 'pending', 5, 0)";

fn watched() -> (tempfile::TempDir, Database, Arc<AtomicUsize>) {
    let (folder, database) = fresh();
    let told = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&told);
    database.watch_queue(Arc::new(move || {
        counter.fetch_add(1, Ordering::SeqCst);
    }));
    (folder, database, told)
}

/// How often the watcher was told of what is done by now: a job later, since it is told after a job's reply.
fn times(database: &Database, told: &AtomicUsize) -> usize {
    database.write(|_| Ok(())).wait().expect("a job");
    told.load(Ordering::SeqCst)
}

fn execute(database: &Database, sql: &'static str) {
    database
        .write(move |tx| Ok(tx.execute(sql, [])?))
        .wait()
        .expect("written");
}

#[test]
fn every_job_that_writes_the_queue_is_told_of_once() {
    let (_folder, database, told) = watched();
    execute(&database, INSERT);
    assert_eq!(times(&database, &told), 1);
    database
        .write(|tx| (0..10).try_for_each(|_| Ok(tx.execute(INSERT, []).map(drop)?)))
        .wait()
        .expect("written");
    assert_eq!(times(&database, &told), 2);
    execute(&database, "UPDATE outbox SET not_before_ms = 7");
    assert_eq!(times(&database, &told), 3);
    execute(&database, "DELETE FROM outbox WHERE seq = 1");
    assert_eq!(times(&database, &told), 4);
    let outside = database.on_writer(|connection| Ok(connection.execute(INSERT, [])?));
    outside.wait().expect("written");
    assert_eq!(times(&database, &told), 5, "also outside a transaction of ours");
}

#[test]
fn nobody_is_told_of_other_tables_of_reads_or_of_the_watcher_s_own_writes() {
    let (_folder, database, told) = watched();
    put(&database, "x", 1).expect("written");
    database.write(|tx| fill(tx, 3)).wait().expect("written");
    assert_eq!(value(&database, "x"), Some(1));
    database
        .write_unwatched(|tx| Ok(tx.execute(INSERT, [])?))
        .wait()
        .expect("written");
    assert_eq!(times(&database, &told), 0);
    execute(&database, INSERT);
    assert_eq!(times(&database, &told), 1);
}

#[test]
fn the_watcher_outlives_a_suspension() {
    let (_folder, database, told) = watched();
    database.suspend(LONG).expect("suspended");
    database.resume().expect("resumed");
    execute(&database, INSERT);
    assert_eq!(times(&database, &told), 1);
}
