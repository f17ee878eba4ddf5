//! The most memory that recording and saving take, each measured in a process of its own.

use std::fs;
use std::process::Command;

use peak_alloc::PeakAlloc;
use serde::{Deserialize, Serialize};

use crate::Plan;
use crate::measure::number;
use crate::report::{Budget, Measured, Report};
use crate::run::{Run, SAMPLES};
use crate::store::{self, Store};

/// Bytes above the start.
#[derive(Serialize, Deserialize)]
struct Peak {
    /// Live in the allocator. `SQLite` has its own.
    heap: usize,
    /// Resident in the process, all of it.
    resident: usize,
}

/// Starts the processes.
pub fn measure(_: Plan, report: &mut Report) {
    for (what, name) in [
        ("record", "recording 100,000 samples"),
        ("save", "saving 100,000 samples"),
    ] {
        let peak = match in_own_process(what) {
            Ok(peak) => peak,
            Err(error) => {
                println!("memory of {name}: {error}");
                continue;
            }
        };
        for (kind, bytes, beside) in [
            (
                "heap",
                peak.heap,
                "most live bytes above the start, SQLite's own cache (2 MB at most) left out",
            ),
            (
                "resident",
                peak.resident,
                "cross-check: VmHWM above VmRSS at the start, SQLite and stacks included",
            ),
        ] {
            report.add(&Measured {
                name: &format!("peak memory, {name}, {kind}"),
                value: number(bytes) / 1e6,
                unit: "MB",
                peer: None,
                budget: Budget::AtMost(5.0),
                beside,
            });
        }
    }
}

fn in_own_process(what: &str) -> Result<Peak, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program.with_file_name("steadfast-bench-memory"))
        .arg(what)
        .output()
        .map_err(|error| error.to_string())?;
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The process that is measured.
pub fn alone(allocator: PeakAlloc, what: &str) {
    // An hour's autosaves pass within a second here, so the alarm that clears what waits for its sync has to be as much faster.
    let store = Store::open_with(store::folder(), |config| config.autosave_interval_ms = 1);
    let peak = if what == "record" {
        peak_of(allocator, || {
            store.start();
            store.record(&mut Run::new(), SAMPLES, true);
        })
    } else {
        store.start();
        store.record(&mut Run::new(), SAMPLES, true);
        store.client.recorder().stop().expect("a recording runs");
        peak_of(allocator, || drop(store.save()))
    };
    println!("{}", serde_json::to_string(&peak).expect("two numbers"));
}

fn peak_of(allocator: PeakAlloc, job: impl FnOnce()) -> Peak {
    // Resets VmHWM (proc(5)).
    fs::write("/proc/self/clear_refs", "5").expect("one's own process");
    let resident = status_kib("VmRSS:") * 1024;
    let before = allocator.current_usage();
    allocator.reset_peak_usage();
    job();
    let heap = allocator.peak_usage().saturating_sub(before);
    Peak {
        heap,
        resident: (status_kib("VmHWM:") * 1024).saturating_sub(resident),
    }
}

fn status_kib(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("one's own process");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .expect("the kernel names it");
    line.trim().trim_end_matches(" kB").parse().expect("a number of KiB")
}
