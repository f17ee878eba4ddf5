//! Wakes what the app awaits, on a thread of its own.
//!
//! A waker may be foreign code: Kotlin resumes a coroutine of `Dispatchers.Main.immediate` in place, which asks for the next state at once.
//! That must not happen under a lock of ours, nor inside the writer's transaction. So whoever has news only puts the sleeper on a list.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::Notify;

/// Something that one caller at a time waits for.
#[derive(Default)]
pub struct Sleeper(Notify);

impl Sleeper {
    /// Waits until it is woken; at once if that happened since the last wait. A wait that is dropped loses nothing.
    pub async fn sleep(&self) {
        self.0.notified().await;
    }

    /// Wakes on this thread: for callers that hold no lock.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

#[derive(Default)]
struct List {
    due: Vec<Weak<Sleeper>>,
    closed: bool,
}

struct Shared {
    list: Mutex<List>,
    filled: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The list of those to be woken, and its thread. Cheap to clone.
#[derive(Clone)]
pub struct Wakes(Arc<Owner>);

/// The thread ends when the last clone is gone.
struct Owner(Arc<Shared>);

impl Owner {
    fn end(&self) {
        self.0.lock().closed = true;
        self.0.filled.notify_one();
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.end();
    }
}

impl Wakes {
    /// Starts the thread; it sleeps until there is somebody to wake.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start() -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            list: Mutex::default(),
            filled: Condvar::new(),
        });
        let of_thread = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("steadfast-wake".into())
            .spawn(move || run(&of_thread))?;
        Ok(Self(Arc::new(Owner(shared))))
    }

    /// Wakes those that are due and ends the thread; later sleepers are not woken.
    pub fn end(&self) {
        self.0.end();
    }

    /// Wakes the sleeper soon, on the thread. May be called under any lock.
    pub fn soon(&self, sleeper: &Arc<Sleeper>) {
        let mut list = self.0.0.lock();
        let is_listed = |due: &Weak<Sleeper>| std::ptr::eq(due.as_ptr(), Arc::as_ptr(sleeper));
        if !list.due.iter().any(is_listed) {
            list.due.push(Arc::downgrade(sleeper));
        }
        drop(list);
        self.0.0.filled.notify_one();
    }
}

fn run(shared: &Shared) {
    loop {
        let mut list = shared.lock();
        while list.due.is_empty() && !list.closed {
            list = shared.filled.wait(list).unwrap_or_else(PoisonError::into_inner);
        }
        // Those that are due are woken even if it ends: they may wait for exactly that.
        let (due, closed) = (std::mem::take(&mut list.due), list.closed);
        drop(list);
        for sleeper in due.iter().filter_map(Weak::upgrade) {
            sleeper.wake();
        }
        if closed {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleeper_is_woken_on_another_thread_and_once_the_last_clone_is_gone_too() {
        for ends in [false, true] {
            let wakes = Wakes::start().unwrap();
            let sleeper = Arc::new(Sleeper::default());
            wakes.soon(&sleeper);
            let kept = (!ends).then_some(wakes);
            pollster::block_on(sleeper.sleep());
            drop(kept);
        }
    }
}
