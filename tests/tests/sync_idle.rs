//! The phone rests. In a process of its own, since it counts how often the process's threads wake.
#![cfg(target_os = "linux")]

mod sync_world;

use std::time::Duration;

use steadfast_core::domain::sync_status::SyncState;
use steadfast_core::sync::model::Connectivity;
use steadfast_tests::server::Server;
use sync_world::{device, eventually};

/// Nothing queued, or nothing to be done about it, means that no thread of sync wakes.
#[test]
fn an_idle_device_is_not_woken() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    device.sync.start().expect("started");
    device.write_many(30);
    device.drained();
    eventually("it is idle", || device.status().state == SyncState::Idle);
    // A minute of it, for a look with strace: `STEADFAST_IDLE_S=60`.
    let seconds = std::env::var("STEADFAST_IDLE_S").map_or(2, |text| text.parse().expect("seconds"));
    let sleeps_through = |what: &str| {
        // Threads that served a request end a second later.
        std::thread::sleep(Duration::from_millis(1_500));
        let before = wake_ups();
        std::thread::sleep(Duration::from_secs(seconds));
        assert_eq!(wake_ups(), before, "{what}");
        assert!(before.len() >= 2, "two threads");
    };
    sleeps_through("idle");
    device.sync.set_connectivity(Connectivity::Offline);
    device.write_many(5);
    eventually("what waits is counted", || device.status().pending == 5);
    sleeps_through("offline");
}

/// How often each thread of sync went to sleep so far: it woke once for each.
fn wake_ups() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for task in std::fs::read_dir("/proc/self/task").expect("threads").flatten() {
        let read = |name: &str| std::fs::read_to_string(task.path().join(name)).unwrap_or_default();
        if read("comm").starts_with("steadfast-sync") {
            let status = read("status");
            let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches"));
            found.push((
                task.file_name().to_string_lossy().into_owned(),
                line.unwrap_or_default().to_owned(),
            ));
        }
    }
    found.sort();
    found
}
