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
    let (sender, receiver) = oneshot::channel();
    let thread = std::thread::Builder::new().name(format!("steadfast-{name}"));
    thread
        .spawn(move || {
            let outcome = catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(|_| {
                Err(SteadfastError::transaction(TransactionCode::Failed, "the job panicked; nothing was committed"))
            });
            // Nobody may be waiting any more; what the job did stands all the same.
            drop(sender.send(outcome));
        })
        .map_err(|error| SteadfastError::storage(StorageCode::Io, None, format!("no thread: {error}")))?;
    receiver.await.unwrap_or_else(|_| Err(SteadfastError::storage(StorageCode::Closed, None, "the job's thread is gone")))
}
