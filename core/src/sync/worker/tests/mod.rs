//! The hand-over between the app and the worker, at every interleaving that there is: the worker is one task, so a word of the app falls
//! between two of its steps. Each word is said at the first point at which the worker gives way, then at the second, and so on, and at last
//! when it sleeps. It must be heard each time, and nothing else happens that could wake the worker.

mod device;
mod stories;

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context as Polled, Poll};

use tokio::runtime::Builder;
use tokio::time::{Instant, sleep};

use super::*;
use device::{Device, PROJECTIONS};
use stories::{STORIES, Story};

const PATIENCE: Duration = Duration::from_secs(30);
/// A worker that does nothing for so long sleeps.
const QUIET: Duration = Duration::from_millis(40);

/// The worker, with a word that is said when it has given way so many times.
struct Interrupted {
    worker: Pin<Box<dyn Future<Output = ()> + Send>>,
    gave_way: Arc<AtomicUsize>,
    at: usize,
    word: Option<Box<dyn FnOnce() + Send>>,
}

impl Future for Interrupted {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, polled: &mut Polled<'_>) -> Poll<()> {
        let gave_way = self.gave_way.fetch_add(1, Ordering::SeqCst);
        if gave_way == self.at
            && let Some(word) = self.word.take()
        {
            word();
        }
        self.worker.as_mut().poll(polled)
    }
}

/// Tells a story with its word at the `at`-th point. False if the worker slept by then; the word was said to the sleeper.
fn tell(story: &Story, at: usize) -> bool {
    let device = Arc::new(Device::open());
    (story.before)(&device);
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (gave_way, is_said) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let say = {
        let (device, is_said, word) = (Arc::clone(&device), Arc::clone(&is_said), story.word);
        move || {
            // What is said to the sleeper makes it come to that point after all.
            if !is_said.swap(true, Ordering::SeqCst) {
                device.count_asked();
                word(&device);
            }
        }
    };
    let worker = Worker::new(
        Arc::clone(&device.context),
        Arc::new(PROJECTIONS),
        1,
        Arc::clone(&device.wishes),
        Arc::clone(&device.status),
    );
    let ends = Arc::clone(&device);
    let task = runtime.spawn(Interrupted {
        worker: Box::pin(async move {
            worker.run().await;
            ends.has_ended.store(true, Ordering::SeqCst);
        }),
        gave_way: Arc::clone(&gave_way),
        at,
        word: Some(Box::new(say.clone())),
    });
    let was_awake = runtime.block_on(async {
        let mut seen = (gave_way.load(Ordering::SeqCst), Instant::now());
        while !is_said.load(Ordering::SeqCst) && seen.1.elapsed() < QUIET {
            sleep(Duration::from_millis(1)).await;
            let now = gave_way.load(Ordering::SeqCst);
            if now != seen.0 {
                seen = (now, Instant::now());
            }
        }
        let was_awake = is_said.load(Ordering::SeqCst);
        if !was_awake {
            say();
        }
        let said = Instant::now();
        while !(story.is_heard)(&device) {
            assert!(
                said.elapsed() < PATIENCE,
                "{}, said at point {at}, is not heard",
                story.what
            );
            sleep(Duration::from_millis(1)).await;
        }
        was_awake
    });
    // The end is a word as well.
    device.wishes.change(|wanted| wanted.is_ended = true);
    runtime.block_on(async {
        let said = Instant::now();
        while !device.has_ended.load(Ordering::SeqCst) {
            assert!(said.elapsed() < PATIENCE, "{}: it does not end", story.what);
            sleep(Duration::from_millis(1)).await;
        }
    });
    drop(task);
    was_awake
}

#[test]
fn every_word_is_heard_whenever_it_is_said() {
    for story in &STORIES {
        let points = (0..1_000).take_while(|at| tell(story, *at)).count();
        println!("{}: {points} points, and asleep", story.what);
        assert!(points >= 1, "{}: it never gave way", story.what);
    }
}
