//! One job, one transaction: all of it or nothing.

use std::future::Future;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};

use super::*;

#[test]
fn an_ok_commits_and_an_error_rolls_everything_back() {
    let (folder, database) = fresh();
    put(&database, "kept", 1).expect("committed");
    let failed = database.write(|tx| {
        state::set(tx, "kept", 2)?;
        state::set(tx, "new", 2)?;
        Err::<(), _>(SteadfastError::invalid("x", "the job fails after two writes"))
    });
    assert_eq!(
        failed.wait().expect_err("the job's own error").code_name(),
        "invalid_argument"
    );
    drop(database);
    let database = open(folder.path());
    assert_eq!((value(&database, "kept"), value(&database, "new")), (Some(1), None));
}

#[test]
fn a_panic_is_the_callers_error_and_the_thread_lives_on() {
    let (_folder, database) = fresh();
    let panicked = database.write(|tx| -> Result<()> {
        state::set(tx, "new", 2)?;
        panic!("a bug in a room")
    });
    let error = panicked.wait().expect_err("an error");
    assert_eq!(
        (error.code_name().as_str(), error.detail().as_str()),
        ("transaction_failed", "the job panicked: a bug in a room")
    );
    assert_eq!(value(&database, "new"), None);
    let panicked = database.read(|_| -> Result<()> { panic!("another one") });
    assert!(panicked.wait().is_err());
    put(&database, "new", 3).expect("the writer lives");
    assert_eq!(value(&database, "new"), Some(3), "and so do the readers");
}

#[test]
fn a_statement_that_rolls_back_by_itself_leaves_no_transaction_behind() {
    let (_folder, database) = fresh();
    let failed = database.write(|tx| {
        state::set(tx, "new", 1)?;
        tx.execute("INSERT OR ROLLBACK INTO local_state (key, value) VALUES ('new', 2)", [])?;
        Ok(())
    });
    assert_eq!(failed.wait().expect_err("refused").code_name(), "constraint_violated");
    put(&database, "other", 1).expect("the next transaction begins");
    assert_eq!(value(&database, "new"), None);
}

#[test]
fn a_reader_cannot_write() {
    let (_folder, database) = fresh();
    let refused = database
        .read(|connection| state::set(connection, "x", 1))
        .wait()
        .expect_err("refused");
    assert_eq!(refused.code_name(), "storage_read_only");
}

#[test]
fn a_read_sees_one_moment_while_a_write_goes_on_beside_it() {
    let (_folder, database) = fresh();
    put(&database, "x", 1).expect("written");
    let (reading, is_reading) = mpsc::channel();
    let (written, is_written) = mpsc::channel::<()>();
    let read = database.read(move |connection| {
        let before: Option<i64> = state::get(connection, "x")?;
        reading.send(()).expect("the test waits");
        is_written.recv().expect("the test goes on");
        Ok((before, state::get::<i64>(connection, "x")?))
    });
    is_reading.recv().expect("the reader is inside");
    put(&database, "x", 2).expect("a write does not wait for a reader");
    assert_eq!(value(&database, "x"), Some(2), "nor does the other reader");
    written.send(()).expect("the reader waits");
    assert_eq!(read.wait().expect("read"), (Some(1), Some(1)));
}

#[test]
fn polling_a_reply_never_blocks() {
    let (_folder, database) = fresh();
    let (go, gate) = mpsc::channel::<()>();
    let mut reply = database.write(move |tx| {
        gate.recv().expect("the test goes on");
        state::set(tx, "x", 7)
    });
    let mut context = Context::from_waker(Waker::noop());
    assert!(std::pin::Pin::new(&mut reply).poll(&mut context) == Poll::Pending);
    go.send(()).expect("the job waits");
    pollster::block_on(reply).expect("committed");
    assert_eq!(value(&database, "x"), Some(7));
}

#[test]
fn a_write_whose_reply_nobody_wants_is_done_all_the_same() {
    let (_folder, database) = fresh();
    drop(database.write(|tx| state::set(tx, "x", 1)));
    put(&database, "y", 1).expect("written after it");
    assert_eq!(value(&database, "x"), Some(1));
}

#[test]
fn a_connection_in_doubt_is_replaced() {
    let (_folder, database) = fresh();
    let in_doubt = database.on_writer(|connection| {
        connection.execute_batch("BEGIN IMMEDIATE; INSERT INTO local_state VALUES ('x', 1)")?;
        Err::<(), _>(SteadfastError::transaction(TransactionCode::RollbackFailed, "as if"))
    });
    assert_eq!(in_doubt.wait().expect_err("in doubt").code_name(), "rollback_failed");
    put(&database, "y", 1).expect("a new connection");
    assert_eq!(value(&database, "x"), None);
}
