//! The phone rests. In a process of its own, since it counts how often the process's threads wake.
#![cfg(target_os = "linux")]

mod sync_world;

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, SystemTime};

use steadfast_core::domain::sync_status::{PauseReason, SyncState};
use steadfast_core::sync::model::Connectivity;
use steadfast_tests::server::Server;
use steadfast_tests::server::fault::Fault;
use steadfast_tests::server::http::RetryAfter;
use sync_world::{Device, device, eventually};

/// A way of resting, and how a device that sends comes to it.
type Rest = (&'static str, fn(&Server, &Device));

const RESTS: [Rest; 6] = [
    ("idle: nothing is queued", |_, device| {
        device.write_many(30);
        device.drained();
        eventually("it is idle", || device.status().state == SyncState::Idle);
    }),
    ("offline, with a queue", |_, device| {
        device.sync.set_connectivity(Connectivity::Offline);
        device.write_many(5);
        eventually("what waits is counted", || device.status().pending == 5);
    }),
    ("the server wants to be left alone", |server, device| {
        server.weather(Fault::Error(
            503,
            "unavailable".to_owned(),
            Some(RetryAfter::Seconds(3_000)),
        ));
        device.write_many(5);
        eventually("its next attempt is far away", || is_far(device));
    }),
    ("the one change that waits is not due yet", |_, device| {
        device.sync.set_connectivity(Connectivity::Offline);
        device.write();
        let due_ms = device.context.now().wall_ms + 3_000_000;
        let later = device.context.database.write(move |tx| {
            Ok(tx.execute(
                "UPDATE outbox SET not_before_ms = ?1 WHERE completed_at_ms IS NULL",
                [due_ms],
            )?)
        });
        assert_eq!(later.wait(), Ok(1));
        device.sync.set_connectivity(Connectivity::Unmetered);
        eventually("its next attempt is far away", || is_far(device));
    }),
    ("paused, with a queue", |server, device| {
        server.expire("ada-1");
        device.write_many(5);
        eventually("it is paused", || {
            device.status().paused == Some(PauseReason::Authentication)
        });
    }),
    ("nobody is signed in", |_, device| {
        device.sign_out();
        eventually("it knows", || device.status().state == SyncState::SignedOut);
    }),
];

fn is_far(device: &Device) -> bool {
    let far = SystemTime::now() + Duration::from_secs(2_000);
    device.status().next_attempt_at.is_some_and(|at| at > far)
}

/// Nothing queued, or nothing to be done about it for a while, means that no thread of ours wakes: all these devices rest in one process.
#[test]
fn a_device_that_rests_is_not_woken() {
    let mut resting = Vec::new();
    let mut whose = BTreeMap::new();
    for (what, come_to_rest) in RESTS {
        let server = Server::start();
        let (folder, device) = device(&server);
        device.sync.start().expect("started");
        come_to_rest(&server, &device);
        for thread in wake_ups().into_keys() {
            whose.entry(thread).or_insert(what);
        }
        resting.push((folder, device, server));
    }
    // Threads that looked up an address end a second later.
    eventually("each device has two threads of sync left", || {
        wake_ups().keys().filter(|(name, _)| name == "steadfast-sync").count() == 2 * RESTS.len()
    });
    // `./dev soak idle` takes a minute.
    let seconds = std::env::var("STEADFAST_IDLE_S").map_or(2, |text| text.parse().expect("seconds"));
    let before = wake_ups();
    thread::sleep(Duration::from_secs(seconds));
    let after = wake_ups();
    let woke = |thread: &(String, String)| after.get(thread).map(|count| count - before[thread]);
    let total: u64 = before.keys().filter_map(woke).sum();
    println!("{total} wake-ups of {} threads in {seconds} s", before.len());
    for (thread, what) in whose.iter().filter(|(thread, _)| before.contains_key(*thread)) {
        assert_eq!(woke(thread), Some(0), "{thread:?}, {what}");
    }
    assert_eq!(after.len(), before.len());
}

/// How often each of the core's threads went to sleep so far, by its name and number: it woke once for each.
fn wake_ups() -> BTreeMap<(String, String), u64> {
    let mut found = BTreeMap::new();
    for task in std::fs::read_dir("/proc/self/task").expect("threads").flatten() {
        let read = |name: &str| std::fs::read_to_string(task.path().join(name)).unwrap_or_default();
        let name = read("comm").trim_end().to_owned();
        let status = read("status");
        let count = status
            .lines()
            .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        if let (true, Some(count)) = (name.starts_with("steadfast"), count) {
            let thread = (name, task.file_name().to_string_lossy().into_owned());
            found.insert(thread, count.trim().parse().expect("a number"));
        }
    }
    found
}
