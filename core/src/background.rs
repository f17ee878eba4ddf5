//! Long calls on a thread of their own.
//!
//! An exported async call must never block when it is polled: Swift and Kotlin poll on whatever thread they like. A save or an
//! import takes milliseconds to minutes and is rare, so it gets a thread for as long as it runs; nothing idles.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use crate::error::{Result, SteadfastError, StorageCode, TransactionCode};

/// Runs `job` on a new thread and waits for it without blocking the poll. The job runs to its end even if nobody awaits it any more:
/// dropping the future of a save does not stop the save, cancelling its token does.
///
/// # Errors
/// The job's own; `Storage(Io)` if the system gives no thread; `Transaction(Failed)` if the job panicked.
pub async fn run<T: Send + 'static>(name: &str, job: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    run_then(name, move || job().map(|value| (value, ())), |()| {}).await
}

/// As `run`, for a job that leaves something to be done which its caller need not wait for: `after` takes that once the outcome is sent. It
/// must not matter if the process dies before.
///
/// # Errors
/// As `run`.
pub async fn run_then<T: Send + 'static, L: 'static>(
    name: &str,
    job: impl FnOnce() -> Result<(T, L)> + Send + 'static,
    after: impl FnOnce(L) + Send + 'static,
) -> Result<T> {
    let (sender, receiver) = oneshot::channel();
    let thread = std::thread::Builder::new().name(format!("steadfast-{name}"));
    thread
        .spawn(move || {
            let outcome = catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(|_| {
                Err(SteadfastError::transaction(
                    TransactionCode::Failed,
                    "the job panicked; nothing was committed",
                ))
            });
            let (outcome, left) = match outcome {
                Ok((value, left)) => (Ok(value), Some(left)),
                Err(error) => (Err(error), None),
            };
            // Nobody may be waiting any more; what the job did stands all the same.
            drop(sender.send(outcome));
            left.map(after);
        })
        .map_err(|error| SteadfastError::storage(StorageCode::Io, None, format!("no thread: {error}")))?;
    receiver.await.unwrap_or_else(|_| {
        Err(SteadfastError::storage(
            StorageCode::Closed,
            None,
            "the job's thread is gone",
        ))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use pollster::block_on;

    use super::*;

    #[test]
    fn what_is_left_is_done_once_the_caller_has_its_reply() {
        let (replied, has_replied) = mpsc::channel();
        let (done, is_done) = mpsc::channel();
        let after = move |left: u32| {
            has_replied.recv().expect("the reply does not wait for this");
            done.send(left).expect("the test waits");
        };
        assert_eq!(block_on(run_then("test", || Ok((1, 2)), after)), Ok(1));
        replied.send(()).expect("the thread waits");
        assert_eq!(is_done.recv(), Ok(2));
    }

    #[test]
    fn a_job_that_fails_or_panics_leaves_nothing() {
        let never = |()| unreachable!("nothing is left");
        let cancelled = || Err::<((), ()), _>(SteadfastError::cancelled());
        assert_eq!(
            block_on(run_then("test", cancelled, never)),
            Err(SteadfastError::cancelled())
        );
        let panics = || -> Result<((), ())> { panic!("a planted panic") };
        assert_eq!(
            block_on(run_then("test", panics, never)).map_err(|error| error.code_name()),
            Err("transaction_failed".into())
        );
    }
}
