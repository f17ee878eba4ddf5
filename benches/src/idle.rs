//! Whether an open client that records nothing lets the processor sleep.

use std::fs;
use std::time::Duration;

use crate::Plan;
use crate::measure::number;
use crate::report::{Budget, Measured, Report};
use crate::run::Run;
use crate::store::Store;

const SPAN: Duration = Duration::from_secs(10);

/// Context switches of every thread but the one that waits here.
pub fn measure(_: Plan, report: &mut Report) {
    let store = Store::open();
    // A workout has been recorded and saved before: whatever that started must have ended.
    store.start();
    store.record(&mut Run::new(), 600, true);
    store.save();
    std::thread::sleep(Duration::from_millis(500));
    let (threads, before) = switches();
    std::thread::sleep(SPAN);
    let (_, after) = switches();
    report.add(&Measured {
        name: "idle wake-ups in 10 s",
        value: number(after - before),
        unit: "",
        peer: Some(("the seed's, 30 a minute", 5.0)),
        budget: Budget::AtMost(0.0),
        beside: &format!("{threads} threads, voluntary and involuntary switches"),
    });
}

fn switches() -> (usize, u64) {
    let own = std::process::id().to_string();
    let (mut threads, mut sum) = (0, 0);
    for task in fs::read_dir("/proc/self/task").expect("one's own process") {
        let task = task.expect("an entry");
        if task.file_name().to_string_lossy() == own {
            continue;
        }
        // A thread may have ended since.
        let Ok(status) = fs::read_to_string(task.path().join("status")) else {
            continue;
        };
        threads += 1;
        let counts = status.lines().filter_map(|line| line.split_once("ctxt_switches:"));
        sum += counts
            .filter_map(|(_, count)| count.trim().parse::<u64>().ok())
            .sum::<u64>();
    }
    (threads, sum)
}
