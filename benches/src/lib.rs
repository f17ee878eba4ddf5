//! Measures the promises of the project beside their peers, prints a table and writes `target/figures.json`.
//!
//! Every row runs ours and the peer in turns (A B A B), in this process, pinned to one core; the figure is the median of the turns. What a
//! figure commits to the disk, and how much it handles, stands beside it. Nothing here fails because something was slow, unless `--strict`
//! asks for it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use peak_alloc::PeakAlloc;

use report::Report;

mod bytes;
mod claims;
mod drain;
mod edit;
mod ffi;
mod idle;
mod import;
mod journal;
mod library;
mod measure;
mod memory;
mod null_server;
mod per_sample;
mod read;
mod recordings;
mod report;
mod rooms;
mod rows;
mod run;
mod save;
mod seeds;
mod store;
mod written;

/// Measures the project's budgets.
#[derive(Parser)]
struct Options {
    /// Only the group of this name.
    #[arg(long)]
    only: Option<String>,
    /// Fewer turns: to see that everything runs, not to quote.
    #[arg(long)]
    quick: bool,
    /// Exit with 1 if a budget does not hold.
    #[arg(long)]
    strict: bool,
}

/// How much is measured.
#[derive(Clone, Copy)]
struct Plan {
    /// Turns of slow things.
    pub rounds: usize,
    /// Turns of fast things.
    pub repetitions: usize,
}

type Group = (&'static str, fn(Plan, &mut Report));

/// Those that count threads come first, before the process has had others.
const GROUPS: [Group; 16] = [
    ("memory", memory::measure),
    ("idle", idle::measure),
    ("save", save::measure),
    ("import", import::measure),
    ("bytes", bytes::measure),
    ("read", read::measure),
    ("per_sample", per_sample::measure),
    ("written", written::measure),
    ("journal", journal::measure),
    ("edit", edit::measure),
    ("claims", claims::measure),
    ("rooms", rooms::measure),
    ("drain", drain::measure),
    ("seeds", seeds::measure),
    ("ffi", ffi::measure),
    ("library", library::measure),
];

/// The program `steadfast-bench`.
#[must_use]
pub fn bench() -> ExitCode {
    let options = Options::parse();
    let (core, goes_first) = (pin(), take_precedence());
    if let Some(only) = &options.only
        && !GROUPS.iter().any(|(name, _)| name == only)
    {
        let names: Vec<&str> = GROUPS.iter().map(|(name, _)| *name).collect();
        eprintln!("there is no group {only}; there are {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    let plan = if options.quick {
        Plan {
            rounds: 2,
            repetitions: 200,
        }
    } else {
        Plan {
            rounds: 7,
            repetitions: 2000,
        }
    };
    let place = core.map_or_else(
        || "not pinned, the system refuses".to_owned(),
        |core| format!("pinned to core {core}"),
    );
    let rank = if goes_first {
        "before other programs"
    } else {
        "beside other programs"
    };
    println!("{place}, {rank}; stores in {}", store::root().display());
    let mut report = Report::new();
    for (name, measure) in GROUPS {
        if options.only.as_deref().is_none_or(|only| only == name) {
            measure(plan, &mut report);
        }
    }
    report.print_failures();
    match report.write(&target().join("figures.json")) {
        Ok(()) => {}
        Err(error) => {
            eprintln!("target/figures.json: {error}");
            return ExitCode::FAILURE;
        }
    }
    if options.strict && !report.all_hold() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// The program `steadfast-bench-memory`: prints the most memory that what its argument names takes.
pub fn bench_memory(allocator: PeakAlloc) {
    pin();
    memory::alone(allocator, &std::env::args().nth(1).unwrap_or_default());
}

/// The workspace's target folder.
fn target() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target"))
}

/// Pins the process, and so every thread that it will start, to the last core that it may use; the first one takes most interrupts.
fn pin() -> Option<usize> {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
    let allowed = sched_getaffinity(None).ok()?;
    let core = (0..CpuSet::MAX_CPU).rev().find(|core| allowed.is_set(*core))?;
    let mut one = CpuSet::new();
    one.set(core);
    sched_setaffinity(None, &one).ok()?;
    Some(core)
}

/// Lets this thread, and those that it will start, use every core again: the other end of a measured connection.
fn unpin() {
    use rustix::thread::{CpuSet, sched_setaffinity};
    let mut all = CpuSet::new();
    (0..CpuSet::MAX_CPU).for_each(|core| all.set(core));
    // Where the system refuses, both sides of the comparison share the core.
    let _ = sched_setaffinity(None, &all);
}

/// Goes before what else runs on this machine, where the system allows that: what takes turns between threads would wait for others' time
/// slices otherwise. For both sides alike.
fn take_precedence() -> bool {
    rustix::process::setpriority_process(None, -20).is_ok()
}
