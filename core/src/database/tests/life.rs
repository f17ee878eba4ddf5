//! Suspending, resuming, closing, being killed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc;

use super::*;

fn files_open_in(folder: &Path) -> usize {
    let folder = folder.canonicalize().expect("the folder");
    let opened = fs::read_dir("/proc/self/fd").expect("the list of open files").flatten();
    opened
        .filter_map(|entry| fs::read_link(entry.path()).ok())
        .filter(|path| path.starts_with(&folder))
        .count()
}

#[test]
#[cfg(target_os = "linux")]
fn a_thousand_suspensions_lose_nothing_and_leave_no_file_open() {
    let (folder, database) = fresh();
    for n in 0..1000 {
        put(&database, "n", n).expect("written");
        assert_eq!(value(&database, "n"), Some(n));
        assert!(files_open_in(folder.path()) > 0);
        database.suspend(LONG).expect("suspended");
        assert_eq!(
            files_open_in(folder.path()),
            0,
            "cycle {n}: database, WAL and lock are closed"
        );
        database.resume().expect("resumed");
    }
    assert_eq!(value(&database, "n"), Some(999));
}

#[test]
fn a_suspended_database_is_one_file_without_a_wal() {
    let (folder, database) = fresh();
    put(&database, "x", 1).expect("written");
    database.suspend(LONG).expect("suspended");
    let wal = connections::companion(&connections::database_file(folder.path()), "-wal");
    assert_eq!(fs::metadata(wal).map_or(0, |wal| wal.len()), 0);
    // Whole by itself: a copy of the one file has the last write.
    let copy = tempfile::tempdir().expect("a temporary folder");
    fs::copy(
        connections::database_file(folder.path()),
        connections::database_file(copy.path()),
    )
    .expect("copied");
    assert_eq!(value(&open(copy.path()), "x"), Some(1));
}

#[test]
fn while_suspended_every_job_is_told_so_and_another_owner_may_come() {
    let (folder, database) = fresh();
    database.suspend(LONG).expect("suspended");
    database.suspend(LONG).expect("once more changes nothing");
    assert_eq!(
        put(&database, "x", 1).expect_err("suspended").code_name(),
        "storage_suspended"
    );
    let read = database.read(|_| Ok(())).wait().expect_err("suspended");
    assert!(read.code_name() == "storage_suspended" && read.retryable());
    let other = open(folder.path());
    assert_eq!(
        database.resume().expect_err("the other one has it").code_name(),
        "storage_in_use"
    );
    assert_eq!(
        put(&database, "x", 1).expect_err("still suspended").code_name(),
        "storage_suspended"
    );
    drop(other);
    database.resume().expect("resumed");
    database.resume().expect("once more changes nothing");
    put(&database, "x", 1).expect("open again");
}

#[test]
fn suspending_finishes_what_is_queued() {
    let (_folder, database) = fresh();
    let writes: Vec<Reply<()>> = (0..100)
        .map(|n| database.write(move |tx| state::set(tx, "n", n)))
        .collect();
    database.suspend(LONG).expect("suspended");
    assert!(writes.into_iter().all(|write| write.wait().is_ok()));
    database.resume().expect("resumed");
    assert_eq!(value(&database, "n"), Some(99));
}

#[test]
fn a_suspension_out_of_time_stops_what_runs_and_rolls_it_back() {
    const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    let (_folder, database) = fresh();
    let (started, is_started) = mpsc::channel();
    let started_too = started.clone();
    let read = database.read(move |connection| {
        started.send(()).expect("the test waits");
        Ok(connection.query_row(ENDLESS, [], |row| row.get::<_, i64>(0))?)
    });
    let write = database.write(move |tx| {
        state::set(tx, "x", 1)?;
        started_too.send(()).expect("the test waits");
        Ok(tx.query_row(ENDLESS, [], |row| row.get::<_, i64>(0))?)
    });
    let queued = database.write(|tx| state::set(tx, "y", 1));
    is_started.recv().and_then(|()| is_started.recv()).expect("both run");
    database.suspend(Duration::from_millis(20)).expect("suspended");
    for error in [
        read.wait().expect_err("stopped"),
        write.wait().expect_err("stopped"),
        queued.wait().expect_err("refused"),
    ] {
        assert_eq!(error.code_name(), "storage_suspended");
    }
    database.resume().expect("resumed");
    assert_eq!((value(&database, "x"), value(&database, "y")), (None, None));
}

#[test]
fn a_job_that_does_not_stop_is_said_and_closes_when_it_is_done() {
    let (folder, database) = fresh();
    let (go, gate) = mpsc::channel::<()>();
    let (started, is_started) = mpsc::channel();
    let stuck = database.read(move |_| {
        started.send(()).expect("the test waits");
        gate.recv().expect("the test goes on");
        Ok(())
    });
    is_started.recv().expect("it runs");
    let error = database.suspend(Duration::ZERO).expect_err("it does not stop");
    assert_eq!(error.code_name(), "storage_busy");
    assert_eq!(
        put(&database, "x", 1).expect_err("suspended").code_name(),
        "storage_suspended"
    );
    database.resume().expect("the writer has closed and opens again");
    put(&database, "x", 2).expect("written");
    assert_eq!(refused(folder.path()), "storage_in_use", "the folder is still ours");
    go.send(()).expect("the job waits");
    stuck.wait().expect("done");
    assert_eq!(value(&database, "x"), Some(2));
}

#[test]
fn a_closed_database_says_so_and_can_be_opened_again() {
    let (folder, database) = fresh();
    put(&database, "x", 1).expect("written");
    database.close(LONG).expect("closed");
    database.close(LONG).expect("once more changes nothing");
    for error in [put(&database, "x", 2), database.suspend(LONG), database.resume()] {
        assert_eq!(error.expect_err("closed").code_name(), "storage_closed");
    }
    assert_eq!(
        value(&open(folder.path()), "x"),
        Some(1),
        "while the closed handle still lives"
    );
}

#[test]
fn dropping_the_database_finishes_what_is_queued_and_gives_the_folder_back() {
    let (folder, database) = fresh();
    let writes: Vec<Reply<()>> = (0..50)
        .map(|n| database.write(move |tx| state::set(tx, "n", n)))
        .collect();
    drop(database);
    assert!(writes.into_iter().all(|write| write.wait().is_ok()));
    assert_eq!(value(&open(folder.path()), "n"), Some(49));
}

#[test]
fn the_last_handle_may_be_dropped_by_a_job() {
    let (folder, database) = fresh();
    let database = Arc::new(database);
    let held = Arc::clone(&database);
    let (go, gate) = mpsc::channel::<()>();
    let write = database.write(move |tx| {
        gate.recv().expect("the test goes on");
        state::set(tx, "x", 1)?;
        drop(held);
        Ok(())
    });
    drop(database);
    go.send(()).expect("the job waits");
    write.wait().expect("written");
    // The thread ends after its last job; until then the folder is its own.
    let opened = std::iter::repeat_with(|| {
        std::thread::sleep(Duration::from_millis(10));
        Database::open(folder.path(), Id::from_u128(2))
    });
    let database = opened.take(1000).find_map(Result::ok).expect("the folder comes free");
    assert_eq!(value(&database, "x"), Some(1));
}

#[test]
#[cfg(target_os = "linux")]
fn an_idle_database_never_wakes() {
    let (_folder, database) = fresh();
    let own_thread = || Ok(fs::read_link("/proc/thread-self").expect("the thread's files"));
    let reader = database.read(move |_| own_thread()).wait().expect("a thread");
    let writer = database.write(move |_| own_thread()).wait().expect("a thread");
    let switches = |thread: &Path| {
        let status = fs::read_to_string(Path::new("/proc").join(thread).join("status")).expect("the thread's status");
        let line = status
            .lines()
            .find(|line| line.starts_with("voluntary_ctxt_switches"))
            .expect("the count");
        line.split_whitespace()
            .last()
            .and_then(|count| count.parse::<u64>().ok())
            .expect("a number")
    };
    // Until both sleep in their channels.
    std::thread::sleep(Duration::from_millis(200));
    let before = (switches(&reader), switches(&writer));
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!((switches(&reader), switches(&writer)), before);
}

const CHILD_FOLDER: &str = "STEADFAST_TEST_CHILD_FOLDER";

#[test]
#[ignore = "the other process of a_second_process_is_refused_until_the_first_is_killed"]
fn hold_the_database_until_killed() {
    let folder = std::env::var_os(CHILD_FOLDER).expect("the parent names the folder");
    let database = open(Path::new(&folder));
    put(&database, "x", 42).expect("written");
    drop(database.write(|tx| {
        state::set(tx, "x", 43)?;
        println!("\nready");
        std::thread::sleep(Duration::from_secs(600));
        Ok(())
    }));
    std::thread::sleep(Duration::from_secs(600));
}

#[test]
fn a_second_process_is_refused_until_the_first_is_killed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "database::tests::life::hold_the_database_until_killed",
        ])
        .env(CHILD_FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a second process");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    assert!(
        output
            .lines()
            .map_while(std::result::Result::ok)
            .any(|line| line == "ready"),
        "the child holds the database"
    );
    assert_eq!(refused(folder.path()), "storage_in_use");
    child.kill().expect("killed");
    child.wait().expect("gone");
    let database = open(folder.path());
    assert_eq!(
        value(&database, "x"),
        Some(42),
        "the committed write is there, the unfinished one is not"
    );
}
