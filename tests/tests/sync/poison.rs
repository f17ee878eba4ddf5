//! What is wrong with one item is that item's own affair.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, SystemTime};

use steadfast_core::context::Ports;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::manual_clock::ManualClock;
use steadfast_tests::scratch::scratch;
use steadfast_tests::server::Server;
use steadfast_tests::server::fault::Poison;

use crate::sync_world::{Device, agrees, config, device, eventually};

/// How long a poison item is watched once everything else has arrived.
const WINDOW: Duration = Duration::from_millis(400);
/// By then it goes alone, after ever longer waits: as in an outage.
const MOST_ATTEMPTS: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Our server said that it will never take it.
    Dies,
    /// Nobody who knows said so.
    Waits,
}

fn cases() -> Vec<(Poison, Fate)> {
    let mut cases = vec![
        (Poison::Rejected, Fate::Dies),
        (Poison::Retry, Fate::Waits),
        (Poison::Omitted, Fate::Waits),
    ];
    for status in [400, 413, 422] {
        cases.push((Poison::Request(status), Fate::Dies));
        cases.push((Poison::Proxy(status), Fate::Waits));
    }
    cases
}

#[test]
fn one_poison_item_keeps_the_four_promises() {
    let left = Mutex::new(cases());
    let next = || left.lock().expect("nobody panics with it").pop();
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some((poison, fate)) = next() {
                    keeps_the_four_promises(poison, fate);
                }
            });
        }
    });
}

fn keeps_the_four_promises(poison: Poison, fate: Fate) {
    let server = Server::start();
    let (_folder, device) = device(&server);
    let mut good = device.write_many(60);
    let bad = good.remove(17);
    server.poison(bad, poison);
    device.sync.start().expect("started");
    let taken = |count: u64| device.statistics().completed == count;
    eventually(&format!("2: everything else is there in spite of {poison:?}"), || {
        taken(59)
    });
    good.push(device.write());
    eventually(&format!("2: a later one is there in spite of {poison:?}"), || taken(60));
    match fate {
        Fate::Dies => eventually(&format!("the app is told of {poison:?}"), || device.status().dead == 1),
        Fate::Waits => assert!(device.dead().is_empty(), "1, {poison:?}"),
    }

    let before = server.attempts();
    thread::sleep(WINDOW);
    let attempts = server.attempts() - before;
    println!("{poison:?}: {attempts} attempts");
    let most = if fate == Fate::Dies { 0 } else { MOST_ATTEMPTS };
    assert!(attempts <= most, "3, {poison:?}: {attempts} attempts");

    server.cure(bad);
    device.drained();
    let dead: &[Id] = match fate {
        Fate::Dies => &[bad],
        Fate::Waits => &[],
    };
    assert_eq!(device.dead_rows(), dead, "1, {poison:?}");
    agrees(&server, &device, &good);
    if fate == Fate::Waits {
        agrees(&server, &device, &[bad]);
    }
}

#[test]
fn several_poison_items_of_every_kind_delay_nobody() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    let ids = device.write_many(80);
    let kinds = [
        Poison::Request(400),
        Poison::Request(413),
        Poison::Proxy(413),
        Poison::Rejected,
        Poison::Retry,
        Poison::Omitted,
    ];
    let bad: Vec<Id> = ids.iter().step_by(12).copied().take(kinds.len()).collect();
    for (id, poison) in bad.iter().zip(kinds) {
        server.poison(*id, poison);
    }
    device.sync.start().expect("started");
    eventually("everything else is there", || device.statistics().completed == 74);
    eventually("what our server refused is dead, and nothing else", || {
        device.dead_rows() == [bad[0], bad[1], bad[3]]
    });
    for id in &bad {
        server.cure(*id);
    }
    device.drained();
    let refused = [bad[0], bad[1], bad[3]];
    let good: Vec<Id> = ids.into_iter().filter(|id| !refused.contains(id)).collect();
    agrees(&server, &device, &good);
}

#[test]
fn an_item_that_is_to_come_again_dies_of_its_fifth_attempt() {
    let server = Server::start();
    let folder = scratch();
    let clock = ManualClock::new(SystemTime::now());
    let device = Device::open_with(
        folder.path(),
        Ports {
            clock: clock.clone(),
            ..Ports::default()
        },
    );
    device.sync.configure(config(&server)).expect("configured");
    device.sign_in("ada", &server);
    let ids = device.write_many(3);
    server.poison(ids[1], Poison::Retry);
    device.sync.start().expect("started");
    let sent = || server.seen().iter().filter(|seen| seen.entity_id == ids[1]).count();
    for (attempt, wait_s) in [(1, 1), (2, 5), (3, 30), (4, 120)] {
        eventually("it waits for its next attempt", || {
            sent() == attempt && device.statistics().failed == 1
        });
        assert!(device.dead().is_empty(), "after {attempt}");
        clock.advance(wait_s * 1_000);
        (device.sync.nudge())();
    }
    eventually("it is dead", || device.dead_rows() == [ids[1]]);
    assert_eq!(sent(), 5);
    agrees(&server, &device, &[ids[0], ids[2]]);
}
