//! The outbox under random events, beside a simple model of it: local edits, backups, claims, replies that are late, doubled, lost or
//! partial, kills, reboots, clocks that jump, servers that are restored, transactions that fail in the middle.
//!
//! `cargo test` takes a few thousand steps. A million, and the planted bugs:
//! `STEADFAST_STEPS=1000000 cargo test --release -p steadfast-core --lib outbox::machine -- --include-ignored --nocapture`.
//! Another start: `STEADFAST_SEED=7`. The same seed gives the same run; a failure prints the seed and the shortest schedule that was
//! found, with its story.
//!
//! SQLite in memory: durability is not what is looked at here.

mod editing;
mod invariants;
mod kernel;
mod kernel_edits;
mod life;
mod likeness;
mod mirror;
mod model;
mod model_edits;
mod model_sending;
mod pages;
pub mod planted;
pub mod random;
mod sending;
pub mod server;
mod watch;
mod words;
mod world;

use std::time::Instant;

use planted::Planted;
use random::Rng;
use watch::Violation;
use world::World;

/// Steps of one run: afterwards a new phone begins.
const RUN: u64 = 400;
/// Schedules that are tried to find a shorter one.
const TRIES: usize = 150;

/// A run's schedule, from its seed.
fn schedule(seed: u64) -> Vec<u64> {
    let mut rng = Rng::new(seed);
    (0..RUN).map(|_| rng.next()).collect()
}

/// Runs a schedule, and then until everything is sent. A violation comes with the number of steps until then.
fn run(seed: u64, schedule: &[u64], planted: Option<Planted>) -> Result<(), (usize, Violation)> {
    let mut world = World::new(seed, planted);
    for (at, step) in schedule.iter().enumerate() {
        world.step(*step).map_err(|violation| (at + 1, violation))?;
    }
    world.drain().map_err(|violation| (schedule.len(), violation))
}

/// The same violation with fewer steps: whole stretches are left out, then shorter ones, while it still happens.
fn shrunk(seed: u64, mut schedule: Vec<u64>, invariant: &str) -> Vec<u64> {
    let (mut stretch, mut tries) = (schedule.len() / 2, 0);
    while stretch > 0 && tries < TRIES {
        let mut at = 0;
        while at < schedule.len() && tries < TRIES {
            tries += 1;
            let mut shorter = schedule.clone();
            shorter.drain(at..(at + stretch).min(schedule.len()));
            match run(seed, &shorter, None) {
                Err((steps, violation)) if violation.invariant == invariant => {
                    shorter.truncate(steps);
                    schedule = shorter;
                }
                _ => at += stretch,
            }
        }
        stretch /= 2;
    }
    schedule
}

fn told(seed: u64, schedule: &[u64]) -> String {
    let mut world = World::new(seed, None);
    world.story = Some(Vec::new());
    let ended = schedule
        .iter()
        .try_for_each(|step| world.step(*step))
        .and_then(|()| world.drain());
    world.tell(|| format!("{ended:?}"));
    world.story.unwrap_or_default().join("\n")
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "how long it took is printed, nothing follows from it"
)]
fn whatever_happens_nothing_is_lost_and_the_rules_hold() {
    let first = setting("STEADFAST_SEED", 1);
    let begun = Instant::now();
    let runs = setting("STEADFAST_STEPS", 4_000).div_ceil(RUN);
    for seed in first..first + runs {
        let schedule = schedule(seed);
        if let Err((at, violation)) = run(seed, &schedule, None) {
            println!("seed {seed}, step {at}: {violation}");
            let short = shrunk(seed, schedule[..at].to_vec(), violation.invariant);
            let found = run(seed, &short, None);
            panic!(
                "seed {seed}: {violation}\nin {} steps: {found:?}\n{}",
                short.len(),
                told(seed, &short)
            );
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "a speed for a person")]
    let speed = (runs * RUN) as f64 / seconds;
    println!("{} steps, {speed:.0} a second", runs * RUN);
}

/// Which invariant sees which planted bug, and after how many steps.
#[test]
#[ignore = "takes minutes: `cargo test -p steadfast-core --lib outbox::machine -- --ignored --nocapture`"]
fn every_planted_bug_is_found() {
    let mut missed = Vec::new();
    for bug in Planted::ALL {
        let found = (1..=60).find_map(|seed| {
            let outcome = run(seed, &schedule(seed), Some(bug));
            outcome
                .err()
                .map(|(step, violation)| ((seed - 1) * RUN + step as u64, violation.invariant))
        });
        match found {
            Some((steps, invariant)) => println!("{bug:?} | {invariant} | {steps}"),
            None => missed.push(bug),
        }
    }
    assert!(missed.is_empty(), "nobody saw {missed:?}");
}
