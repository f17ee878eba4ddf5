//! The connection: none, one that costs, one that comes back.

use std::time::{Duration, SystemTime};

use steadfast_core::context::Ports;
use steadfast_core::domain::manual_clock::ManualClock;
use steadfast_core::domain::sync_status::{SyncState, SyncStatus};
use steadfast_core::outbox::edit::Debounce;
use steadfast_core::sync::model::{Connectivity, MeteredPolicy, SyncConfig};
use steadfast_tests::scratch::scratch;
use steadfast_tests::server::Server;
use steadfast_tests::server::fault::Fault;

use crate::sync_world::{Device, agrees, config, device, eventually};

#[test]
fn nothing_is_tried_offline_and_at_once_when_back() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    device.sync.set_connectivity(Connectivity::Offline);
    device.sync.start().expect("started");
    let ids = device.write_many(30);
    eventually("what waits is counted", || device.status().pending == 30);
    assert_eq!((server.came().len(), device.status().state), (0, SyncState::Offline));
    assert_eq!(device.status().next_attempt_at, None);
    device.sync.set_connectivity(Connectivity::Metered);
    device.drained();
    agrees(&server, &device, &ids);
}

#[test]
fn a_link_that_costs_carries_what_the_app_allows() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    let config = SyncConfig {
        metered: Some(MeteredPolicy::UserActionsOnly),
        roaming: Some(MeteredPolicy::Nothing),
        ..config(&server)
    };
    device.sync.configure(config).expect("configured");
    device.sync.set_connectivity(Connectivity::Roaming);
    device.sync.start().expect("started");
    let imported = device.write_with(Debounce::None, true);
    let tapped = device.write();
    eventually("it is held", || {
        device.status().state == SyncState::Held && device.status().pending == 2
    });
    assert_eq!(server.came().len(), 0);
    device.sync.set_connectivity(Connectivity::Metered);
    eventually("the user's own is sent", || device.waiting() == 1);
    eventually("it is held", || device.status().state == SyncState::Held);
    assert!(server.seen().iter().all(|seen| seen.entity_id == tapped));
    device.sync.set_connectivity(Connectivity::Unmetered);
    device.drained();
    agrees(&server, &device, &[imported, tapped]);
}

/// As fast as a phone changes from Wi-Fi to the cell network: whoever has to be asked again is asked again.
#[test]
fn a_connection_that_goes_and_comes_back_in_a_moment_is_a_new_one() {
    let server = Server::start();
    let folder = scratch();
    let device = Device::open(folder.path());
    device.sync.configure(config(&server)).expect("configured");
    device.sign_in_without_token("ada");
    device.write();
    device.sync.start().expect("started");
    for asked in 1..=50 {
        eventually("the app is asked for a token", || device.asked() == asked);
        device.sync.set_connectivity(Connectivity::Offline);
        device.sync.set_connectivity(Connectivity::Unmetered);
    }
}

/// Somebody corrects the address: what waits goes there at once, and not after the long wait for the wrong one.
#[test]
fn another_address_is_tried_at_once() {
    let (nobody, server) = (Server::start(), Server::start());
    let folder = scratch();
    let clock = ManualClock::new(SystemTime::now());
    let device = Device::open_with(
        folder.path(),
        Ports {
            clock: clock.clone(),
            ..Ports::default()
        },
    );
    device.sync.configure(config(&nobody)).expect("configured");
    device.sign_in("ada", &server);
    nobody.weather(Fault::page(503));
    let ids = device.write_many(5);
    device.sync.start().expect("started");
    let is_far = |status: SyncStatus| {
        let far = clock.time() + Duration::from_secs(60);
        status.next_attempt_at.is_some_and(|at| at > far)
    };
    eventually("the wait is long", || {
        if is_far(device.status()) {
            return true;
        }
        clock.advance(60_000);
        (device.sync.nudge())();
        false
    });
    // More than the first wait, which holds whatever happens, and far less than the present one.
    clock.advance(1_000);
    device.sync.configure(config(&server)).expect("configured");
    device.drained();
    agrees(&server, &device, &ids);
}
