//! The store is closed, the process ends, somebody stops it: in the middle of requests.

use std::time::Duration;

use steadfast_core::domain::sync_status::SyncState;
use steadfast_tests::server::Server;
use steadfast_tests::server::fault::Fault;

use crate::sync_world::{Device, PATIENCE, agrees, config, device, eventually};

#[test]
fn a_suspended_store_is_left_alone_and_everything_goes_on_afterwards() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    device.sync.start().expect("started");
    let mut ids = Vec::new();
    for _ in 0..5 {
        server.script(vec![Fault::Late(Duration::from_millis(200)); 2]);
        ids.extend(device.write_many(25));
        eventually("something is on its way", || {
            device.statistics().processing > 0 || device.waiting() == 0
        });
        device.sync.suspend(PATIENCE);
        assert_eq!(device.statistics().processing, 0, "nothing is claimed while suspended");
        device.context.database.suspend(PATIENCE).expect("suspended");
        std::thread::sleep(Duration::from_millis(50));
        device.context.database.resume().expect("resumed");
        device.sync.resume();
    }
    device.drained();
    agrees(&server, &device, &ids);
}

#[test]
fn a_store_that_is_closed_behind_its_back_loses_nothing() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    device.sync.start().expect("started");
    let mut ids = Vec::new();
    for _ in 0..5 {
        server.script([Fault::Late(Duration::from_millis(50))]);
        ids.extend(device.write_many(15));
        device.context.database.suspend(PATIENCE).expect("suspended");
        std::thread::sleep(Duration::from_millis(100));
        device.context.database.resume().expect("resumed");
    }
    device.drained();
    agrees(&server, &device, &ids);
}

#[test]
fn closing_in_the_middle_gives_everything_back_and_the_next_opening_goes_on() {
    let server = Server::start();
    let (folder, mut device) = device(&server);
    let mut ids = Vec::new();
    for _ in 0..4 {
        server.script(vec![Fault::Late(Duration::from_secs(10)); 3]);
        ids.extend(device.write_many(20));
        device.sync.start().expect("started");
        eventually("something is on its way", || device.statistics().processing > 0);
        drop(device);
        device = Device::open(folder.path());
        let statistics = device.statistics();
        assert_eq!((statistics.processing, statistics.dead), (0, 0));
        device.sync.configure(config(&server)).expect("configured");
        device
            .sync
            .provide_token("ada".into(), "ada-1".into(), None)
            .expect("a token");
    }
    server.heal();
    device.sync.start().expect("started");
    device.drained();
    agrees(&server, &device, &ids);
    let crashes: i64 = device
        .context
        .database
        .read(|connection| Ok(connection.query_row("SELECT max(crash_count) FROM outbox", [], |row| row.get(0))?))
        .wait()
        .expect("counted");
    assert_eq!(crashes, 0, "an orderly end is no crash");
}

/// The account cannot be looked up just then; nobody says anything afterwards.
#[test]
fn who_signs_in_while_the_store_is_closed_behind_its_back_is_heard_once_it_is_open() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    let ids = device.write_many(5);
    device.sign_out();
    device.sync.start().expect("started");
    eventually("nobody is signed in", || device.status().state == SyncState::SignedOut);
    device.store_account("ada");
    device.context.database.suspend(PATIENCE).expect("suspended");
    device.show_account("ada");
    eventually("it will try again", || device.status().next_attempt_at.is_some());
    device.context.database.resume().expect("resumed");
    device.drained();
    agrees(&server, &device, &ids);
}
