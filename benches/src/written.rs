//! Bytes that an hour of recording writes.

use std::fs;

use crate::Plan;
use crate::measure::number;
use crate::report::{Budget, Measured, Report};
use crate::run::Run;
use crate::store::{self, Store};

/// Seconds in an hour.
const HOUR: usize = 3600;

/// Everything that the process hands to `write` (`wchar` of `/proc/self/io`), from `start` to the return of `save`. The clock is moved a
/// second a sample, so the snapshots of the hour (every 5 minutes, and one at the stop) are written; autosaves sync and write nothing.
pub fn measure(_: Plan, report: &mut Report) {
    let key = Some(vec![7; 32]);
    let [plain, sealed, with_readings] = [(None, false), (key, false), (None, true)].map(|(key, with_readings)| {
        let store = Store::open_with(store::folder(), |config| config.recovery_key = key);
        let before = written_bytes();
        store.start();
        store.record(&mut Run::new(), HOUR, with_readings);
        store.client.recorder().stop().expect("a recording runs");
        store.save();
        number(written_bytes() - before) / 1e6
    });
    // What a program writes that keeps the same lines as one state and rewrites that every 10 s.
    let rewritten = plain * number(HOUR / 10) / 2.0;
    let beside = "journal, 13 snapshots, save; fixes at 1 Hz";
    report.add(&Measured {
        name: "written per recorded hour",
        value: plain,
        unit: "MB",
        peer: Some(("the same state rewritten every 10 s, reckoned", rewritten)),
        budget: Budget::AtMost(0.6),
        beside,
    });
    for (name, value) in [
        ("written per recorded hour, encrypted", sealed),
        ("written per recorded hour, with readings at 1 Hz", with_readings),
    ] {
        report.add(&Measured {
            name,
            value,
            unit: "MB",
            peer: None,
            budget: Budget::None,
            beside,
        });
    }
}

fn written_bytes() -> u64 {
    let io = fs::read_to_string("/proc/self/io").expect("one's own process");
    let count = io
        .lines()
        .find_map(|line| line.strip_prefix("wchar: "))
        .expect("the kernel counts");
    count.parse().expect("a number")
}
