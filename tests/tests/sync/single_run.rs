//! `sync_once`: a single run, for a background task.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use pollster::block_on;
use steadfast_core::domain::cancel::CancelToken;
use steadfast_core::domain::sync_status::SyncState;
use steadfast_core::outbox::edit::Debounce;
use steadfast_core::sync::model::{Connectivity, SyncConfig, SyncEnd};
use steadfast_tests::server::Server;
use steadfast_tests::server::fault::Fault;
use steadfast_tests::server::http::RetryAfter;

use crate::sync_world::{agrees, config, device, device_with, eventually};

#[test]
fn a_single_run_sends_what_there_is_and_says_so() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    let outcome = device.once(30_000);
    assert_eq!((outcome.stopped_by, outcome.sent), (SyncEnd::Done, 0));
    assert_eq!(server.came().len(), 0, "with nothing to send it does not even connect");

    let mut ids = device.write_many(45);
    ids.push(device.write_with(Debounce::Action, false));
    let outcome = device.once(30_000);
    assert_eq!(
        (outcome.stopped_by, outcome.taken, outcome.remaining),
        (SyncEnd::Done, 46, 0)
    );
    assert_eq!((outcome.dead, outcome.failed, outcome.next_attempt_at), (0, 0, None));
    agrees(&server, &device, &ids);
    eventually("it is stopped again", || device.status().state == SyncState::Stopped);
    device.write();
    thread::sleep(Duration::from_millis(100));
    assert_eq!(device.waiting(), 1, "nobody sends what comes later");
}

#[test]
fn a_single_run_ends_at_its_deadline_or_when_it_is_cancelled_and_gives_everything_back() {
    let server = Server::start();
    let patient = SyncConfig {
        request_timeout_ms: 30_000,
        ..config(&server)
    };
    let (_folder, device) = device_with(&server, patient);
    let ids = device.write_many(30);
    server.weather(Fault::Late(Duration::from_secs(25)));
    let started = Instant::now();
    let outcome = device.once(300);
    assert_eq!((outcome.stopped_by, outcome.remaining), (SyncEnd::Deadline, 30));
    assert!(started.elapsed() < Duration::from_secs(20), "it waited for the reply");
    eventually("nothing stays claimed", || device.statistics().pending == 30);

    let cancel = CancelToken::new();
    let canceller = Arc::clone(&cancel);
    let thread = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        canceller.cancel();
    });
    let outcome = block_on(device.sync.sync_once(60_000, Some(cancel))).expect("an outcome");
    thread.join().expect("cancelled");
    assert_eq!(outcome.stopped_by, SyncEnd::Cancelled);
    eventually("nothing stays claimed", || device.statistics().pending == 30);

    server.heal();
    assert_eq!(device.once(30_000).stopped_by, SyncEnd::Done);
    agrees(&server, &device, &ids);
}

#[test]
fn a_single_run_says_what_keeps_it() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    device.write_many(3);
    device.sync.set_connectivity(Connectivity::Offline);
    assert_eq!(device.once(5_000).stopped_by, SyncEnd::Offline);
    device.sync.set_connectivity(Connectivity::Unmetered);
    server.weather(Fault::Error(
        503,
        "unavailable".to_owned(),
        Some(RetryAfter::Seconds(600)),
    ));
    let outcome = device.once(5_000);
    assert_eq!((outcome.stopped_by, outcome.remaining), (SyncEnd::Waiting, 3));
    let wait = outcome
        .next_attempt_at
        .expect("a time")
        .duration_since(std::time::SystemTime::now());
    assert!(wait.is_ok_and(|wait| wait > Duration::from_secs(590) && wait < Duration::from_secs(601)));
    device.sign_out();
    assert_eq!(device.once(5_000).stopped_by, SyncEnd::SignedOut);
}

#[test]
fn of_two_runs_each_ends_at_its_own_deadline() {
    let server = Server::start();
    let patient = SyncConfig {
        request_timeout_ms: 30_000,
        ..config(&server)
    };
    let (_folder, device) = device_with(&server, patient);
    device.write_many(3);
    server.weather(Fault::Late(Duration::from_secs(25)));
    let cancel = CancelToken::new();
    thread::scope(|scope| {
        let long = scope.spawn(|| block_on(device.sync.sync_once(60_000, Some(Arc::clone(&cancel)))));
        eventually("a request is on its way", || server.on_their_way() > 0);
        let began = Instant::now();
        assert_eq!(device.once(300).stopped_by, SyncEnd::Deadline);
        assert!(began.elapsed() < Duration::from_secs(15), "it waited for the other one");
        cancel.cancel();
        let outcome = long.join().expect("no panic").expect("an outcome");
        assert_eq!(outcome.stopped_by, SyncEnd::Cancelled);
    });
}
