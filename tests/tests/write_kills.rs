//! The promise: what a write acknowledged survives SIGKILL, and its row and its event are there together or not at all.
//!
//! A child writes everything that a training app writes and is killed at random instants. After each kill the store must hold what an
//! undisturbed one holds after the acknowledged writes, or after one more, and its integrity check must find every row to be what its
//! events say. `STEADFAST_WRITES` sets the number of writes (2,000; `./dev soak
//! writes` makes 20,000).

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use pollster::block_on;
use steadfast_core::client::{Config, SteadfastClient};
use steadfast_core::domain::manual_clock::ManualClock;
use steadfast_core::domain::time::from_ms;
use steadfast_tests::run::Dice;
use steadfast_tests::scratch::{scratch, target};
use steadfast_tests::{store, write};

const CHILD: &str = env!("CARGO_BIN_EXE_writing_child");
const SEED: u64 = 1;

/// A store that nobody kills.
struct Oracle {
    folder: tempfile::TempDir,
    clock: Arc<ManualClock>,
    client: Arc<SteadfastClient>,
    taken: u64,
}

impl Oracle {
    fn new() -> Self {
        let folder = scratch();
        let clock = ManualClock::new(from_ms(write::EPOCH_MS));
        let client = open(folder.path(), &clock);
        Self {
            folder,
            clock,
            client,
            taken: 0,
        }
    }

    /// What a store holds after `count` writes.
    fn after(&mut self, count: u64) -> Vec<String> {
        while self.taken < count {
            self.clock.set(from_ms(write::moment_ms(self.taken)));
            write::perform(&self.client, SEED, self.taken).expect("a disk with room");
            self.taken += 1;
        }
        visible(self.folder.path())
    }
}

fn open(folder: &Path, clock: &Arc<ManualClock>) -> Arc<SteadfastClient> {
    let config = Config::new(folder.to_string_lossy());
    block_on(SteadfastClient::open_with_clock(config, None, Arc::clone(clock))).expect("the store opens")
}

fn visible(folder: &Path) -> Vec<String> {
    store::open(folder)
        .and_then(|connection| write::visible(&connection))
        .expect("rows")
}

/// Lets the child write from `first` on until it is killed; how many writes are acknowledged then.
fn life(folder: &Path, first: u64, dice: &mut Dice) -> u64 {
    let mut child = Command::new(CHILD)
        .arg(folder)
        .args([SEED, first].map(|number| number.to_string()))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the writing child");
    // One life in four ends before the first line, likely while the store opens; the others somewhere in or between writes. What is
    // drawn is a number of writes and a part of one, not a time for all of them: a fast machine is killed as often as a slow one.
    let patience = (dice.below(4) > 0).then(|| 1 + dice.below(100));
    let moment = Duration::from_micros(dice.below(if patience.is_none() { 20_000 } else { 600 }));
    let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut kill = || {
        std::thread::sleep(moment);
        child.kill().expect("a child of ours");
    };
    if patience.is_none() {
        kill();
    }
    let mut acknowledged = first;
    let mut line = String::new();
    while reader.read_line(&mut line).expect("a pipe of text") > 0 {
        if let Some(number) = line.strip_suffix('\n') {
            acknowledged = number.parse::<u64>().expect("a number") + 1;
        }
        line.clear();
        if patience == Some(acknowledged - first) {
            kill();
        }
    }
    assert!(
        !child.wait().expect("a child of ours").success(),
        "the child ended by itself"
    );
    acknowledged
}

#[test]
fn a_write_that_was_acknowledged_survives_a_kill_with_its_event() {
    let wanted: u64 = std::env::var("STEADFAST_WRITES").map_or(2_000, |writes| writes.parse().expect("a number"));
    let folder = scratch();
    let (mut oracle, mut dice) = (Oracle::new(), Dice::new(SEED));
    let (mut written, mut kills, mut in_flight) = (0, 0, 0);
    while written < wanted {
        let acknowledged = life(folder.path(), written, &mut dice);
        kills += 1;
        let client = open(folder.path(), &oracle.clock);
        let report = block_on(client.maintenance().check_integrity(None)).expect("a check");
        assert_eq!(report.findings, [], "kill {kills}, after write {acknowledged}");
        client.shutdown().expect("closed");
        drop(client);
        let after = visible(folder.path());
        written = acknowledged;
        if after != oracle.after(acknowledged) {
            assert_eq!(
                after,
                oracle.after(acknowledged + 1),
                "kill {kills}: after write {acknowledged} something else is there"
            );
            written += 1;
            in_flight += 1;
        }
    }
    let line = format!(
        "writes {written}, kills {kills}, committed without an acknowledgement {in_flight}, lost 0, rows without their event 0\n"
    );
    print!("{line}");
    std::fs::write(target("kills-writes.txt"), line).expect("target can be written");
}
