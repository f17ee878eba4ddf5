//! Whatever goes wrong with requests for a while, and nobody's item is to blame. Of every fault the same is promised:
//! 1. nothing dies that may not;
//! 2. one poison item delays nobody else;
//! 3. the attempts stay within the bound of the back-off, and none comes before the server wants it;
//! 4. once the server is well the queue empties, with no local write and no word of the app.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use steadfast_core::domain::sync_status::SyncState;
use steadfast_core::sync::model::SyncConfig;
use steadfast_tests::server::fault::{Fault, Poison};
use steadfast_tests::server::http::{Response, RetryAfter};
use steadfast_tests::server::{Came, Server};

use crate::sync_world::{agrees, config, device, device_with, eventually};

/// How long the weather is watched.
const WINDOW: Duration = Duration::from_millis(400);
/// Five doublings of 20 ms fill the window, and three requests leave together before the first failure is known: 8 attempts is usual. Without
/// a wait 400 ms hold some 500.
const MOST_ATTEMPTS: usize = 24;
/// Changes in the queue.
const QUEUED: usize = 22;
/// Requests that are on their way together.
const TOGETHER: usize = 3;
/// They wait more than they work.
const AT_A_TIME: usize = 8;

struct Case {
    what: String,
    fault: Fault,
    /// The server wants to be left alone for so long.
    asks: Option<Duration>,
}

fn cases() -> Vec<Case> {
    let case = |what: &str, fault: Fault| Case {
        what: what.to_owned(),
        fault,
        asks: None,
    };
    let mut cases = vec![
        case("connection refused", Fault::Refuse),
        case("wrong certificate", Fault::Impostor),
        case("request lost", Fault::LoseRequest),
        case("reply lost", Fault::LoseReply),
        case("request doubled", Fault::Twice),
        case("reply doubled", Fault::Echo),
        case("reply late", Fault::Late(Duration::from_millis(200))),
        case(
            "reply later than the request may take",
            Fault::Late(Duration::from_millis(900)),
        ),
        case("reply cut off", Fault::CutOff),
        case("half of the JSON", Fault::HalfJson),
        case("slow loris", Fault::Trickle),
        case("results missing", Fault::OmitResults),
        case("rows missing", Fault::OmitRows),
        case("older epoch", Fault::OlderEpoch),
        case("our epoch, refused all the same", Fault::error(409, "epoch")),
        case("our 404", Fault::error(404, "not_found")),
        case("our 409 of another kind", Fault::error(409, "odd")),
    ];
    let of_our_server = [
        (408, "timeout"),
        (425, "too_early"),
        (429, "rate_limited"),
        (500, "internal"),
        (501, "internal"),
        (502, "unavailable"),
        (503, "unavailable"),
        (504, "unavailable"),
        // For whatever comes: the server is down, and no item is to blame.
        (400, "invalid"),
        (413, "too_large"),
        (422, "invalid"),
    ];
    for (status, code) in of_our_server {
        cases.push(case(&format!("our {status}"), Fault::error(status, code)));
    }
    // A captive portal, a proxy, a firewall.
    for status in [
        200, 302, 400, 401, 403, 404, 408, 410, 413, 418, 422, 425, 426, 429, 500, 501, 502, 503, 504, 511, 599,
    ] {
        cases.push(case(&format!("somebody's page with {status}"), Fault::page(status)));
    }
    for retry_after in [RetryAfter::Seconds(1), RetryAfter::Date(1)] {
        for status in [429, 503] {
            let page = Response::page(status).retry_after(Some(retry_after));
            for (whose, fault) in [
                ("our", Fault::Error(status, "busy".to_owned(), Some(retry_after))),
                ("somebody's", Fault::Answer(page)),
            ] {
                cases.push(Case {
                    what: format!("{whose} {status}, {retry_after:?}"),
                    fault,
                    asks: Some(Duration::from_secs(1)),
                });
            }
        }
    }
    cases
}

#[test]
fn every_fault_keeps_the_four_promises() {
    let left = Mutex::new(cases());
    let next = || left.lock().expect("nobody panics with it").pop();
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(case) = next() {
                    keeps_the_four_promises(&case);
                }
            });
        }
    });
}

fn keeps_the_four_promises(Case { what, fault, asks }: &Case) {
    let server = match fault {
        Fault::Impostor => Server::start_tls(),
        _ => Server::start(),
    };
    let (_folder, device) = device_with(
        &server,
        SyncConfig {
            request_timeout_ms: 600,
            ..config(&server)
        },
    );
    // The server's time is heard first, so that what goes wrong are changes.
    let mut good = vec![device.write()];
    device.sync.start().expect("started");
    device.drained();
    device.sync.stop();
    eventually("it is stopped", || device.status().state == SyncState::Stopped);
    good.extend(device.write_many(QUEUED - 2));
    device.edit(good[5], "edited before it was sent");
    let poison = device.write();
    server.poison(poison, Poison::Rejected);
    good.push(device.write());

    server.weather(fault.clone());
    let before = server.attempts();
    device.sync.start().expect("started");
    eventually(&format!("it is met: {what}"), || server.attempts() > before);
    thread::sleep(WINDOW);
    let attempts = server.attempts() - before;
    println!("{what}: {attempts} attempts");
    // What is refused as a whole is halved, and every change may be alone in such a request once: a tree over the queue.
    let halvings = if fault.refuses_the_whole() { 2 * QUEUED } else { 0 };
    assert!(attempts <= MOST_ATTEMPTS + halvings, "3, {what}: {attempts} attempts");
    assert!(
        device.dead_rows().iter().all(|dead| *dead == poison),
        "1, {what}: {:?}",
        device.dead()
    );

    server.heal();
    device.drained();
    assert_eq!(device.dead_rows(), [poison], "1 and 2, {what}");
    agrees(&server, &device, &good);
    if let Some(asks) = asks {
        was_left_alone(what, *asks, attempts, &server.came()[before..]);
    }
}

/// After each of the first `attempts` the server had the time that it asked for, but for those that were on their way together.
fn was_left_alone(what: &str, asks: Duration, attempts: usize, came: &[Came]) {
    let mut together = 1;
    for pair in came.windows(2).take(attempts) {
        let pause = pair[1].at - pair[0].at;
        // The clocks count whole milliseconds.
        let is_left_alone = pause + Duration::from_millis(5) >= asks;
        together = if is_left_alone { 1 } else { together + 1 };
        assert!(together <= TOGETHER, "3, {what}: again after {pause:?}");
    }
    assert_eq!(
        together, 1,
        "3, {what}: the first attempt after it was well came too early"
    );
}

#[test]
fn the_app_is_told_of_an_outage_and_of_its_end() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    server.weather(Fault::page(503));
    let ids = device.write_many(40);
    device.sync.start().expect("started");
    eventually("it waits", || {
        let status = device.status();
        let is_told = status.last_error.is_some_and(|error| error.http_status == Some(503));
        let is_later = status.state == SyncState::Waiting && status.next_attempt_at.is_some();
        is_told && is_later && (status.pending, status.dead) == (40, 0)
    });
    // A status that is overtaken before it is told is never told: it has to last.
    eventually("the app was told", || device.states().contains(&SyncState::Waiting));
    server.heal();
    device.drained();
    agrees(&server, &device, &ids);
    eventually("the app was told", || {
        device.status().state == SyncState::Idle && device.status().last_error.is_none()
    });
}
