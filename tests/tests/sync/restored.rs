//! A server that was restored from a backup.

use std::time::Duration;

use steadfast_core::domain::sync_status::SyncState;
use steadfast_core::sync::model::Connectivity;
use steadfast_tests::server::Server;
use steadfast_tests::server::fault::Fault;

use crate::sync_world::{agrees, device, eventually};

#[test]
fn a_restored_server_is_heard_and_what_it_never_said_is_sent_again() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    device.sync.start().expect("started");
    // Its time and epoch are heard, and no change ever gets there.
    let lost = 1_000;
    server.script(vec![Fault::LoseRequest; lost]);
    device.sync.set_connectivity(Connectivity::Unmetered);
    let id = device.write();
    eventually("the fault was met", || server.faults_left() < lost);
    device.sync.set_connectivity(Connectivity::Offline);
    server.restore_from_nothing();
    server.heal();
    device.sync.set_connectivity(Connectivity::Unmetered);
    device.drained();
    agrees(&server, &device, &[id]);
}

#[test]
fn after_a_restoration_nothing_is_sent_before_the_snapshot_and_nothing_is_lost() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    device.sync.start().expect("started");
    let old = device.write();
    device.drained();
    server.restore_from_nothing();
    let new = device.write();
    eventually("the new epoch is heard", || {
        server.came().len() >= 3 && device.status().state == SyncState::Waiting
    });
    let attempts = server.came().len();
    assert_eq!((device.waiting(), device.rows(&[old, new]).len()), (1, 2));
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(server.came().len(), attempts, "it does not ask again and again");
}
