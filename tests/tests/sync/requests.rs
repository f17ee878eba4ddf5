//! One request: whom it trusts, how it travels, when it is given up, when the next may follow.

use std::time::Duration;

use steadfast_core::sync::model::SyncConfig;
use steadfast_tests::server::Server;
use steadfast_tests::server::fault::Fault;
use steadfast_tests::server::http::RetryAfter;

use crate::sync_world::{config, device, eventually};

#[test]
fn the_server_gets_the_time_that_it_asks_for() {
    let server = Server::start();
    for retry_after in [RetryAfter::Seconds(1), RetryAfter::Date(1)] {
        let (_folder, device) = device(&server);
        device.sync.start().expect("started");
        device.write();
        device.drained();
        server.script([Fault::Error(429, "rate_limited".to_owned(), Some(retry_after))]);
        let before = server.came().len();
        device.write();
        device.drained();
        let came = server.came();
        let waited = came[before + 1].at - came[before].at;
        assert!(waited >= Duration::from_millis(995), "{retry_after:?}: {waited:?}");
        assert_eq!(came.len(), before + 2);
    }
}

#[test]
fn a_reply_that_trickles_is_given_up_long_before_the_request_s_time() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    let slow = SyncConfig {
        request_timeout_ms: 6_000,
        ..config(&server)
    };
    device.sync.configure(slow).expect("configured");
    device.write_many(3);
    server.weather(Fault::Trickle);
    device.sync.start().expect("started");
    // At the end of its time it would be a `timeout`.
    eventually("it is given up", || {
        device.status().last_error.is_some_and(|error| error.code == "too_slow")
    });
}

#[test]
fn a_certificate_is_trusted_only_if_somebody_said_so() {
    let server = Server::start_tls();
    let (_folder, device) = device(&server);
    let stranger = Server::start_tls();
    for wrong in [None, stranger.root_certificate_pem.clone()] {
        let config = SyncConfig {
            root_certificate_pem: wrong,
            ..config(&server)
        };
        device.sync.configure(config).expect("configured");
        device.write_many(3);
        device.sync.start().expect("started");
        eventually("it is refused", || {
            device
                .status()
                .last_error
                .is_some_and(|error| error.code == "certificate")
        });
        assert_eq!(server.came().len(), 0, "no token was shown to anybody");
    }
    device.sync.configure(config(&server)).expect("configured");
    device.drained();
    assert_eq!(device.statistics().dead, 0);
}

#[test]
fn a_large_request_travels_packed() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    device.write();
    device.sync.start().expect("started");
    device.drained();
    device.sync.stop();
    device.write_many(20);
    device.sync.start().expect("started");
    device.drained();
    assert!(server.came().iter().any(|came| came.is_packed && came.items > 5));
}
