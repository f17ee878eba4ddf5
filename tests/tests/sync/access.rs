//! Who is let in: tokens, versions of the app, deleted accounts.

use std::time::Duration;

use steadfast_core::domain::sync_status::{PauseReason, SyncState};
use steadfast_tests::server::Server;
use steadfast_tests::server::fault::Fault;

use crate::sync_world::{Device, agrees, config, device, eventually};

#[test]
fn an_expired_token_is_asked_for_once_and_the_fresh_one_goes_on() {
    for code in ["token_expired", "forbidden"] {
        let server = Server::start();
        let (_folder, device) = device(&server);
        let status = if code == "forbidden" { 403 } else { 401 };
        server.weather(Fault::error(status, code));
        let ids = device.write_many(30);
        device.sync.start().expect("started");
        eventually("the app is asked", || device.asked() == 1);
        eventually("the account is paused", || {
            device.status().paused == Some(PauseReason::Authentication)
        });
        let attempts = server.came().len();
        assert!(attempts <= 3, "{attempts}");
        let later = device.write();
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(
            (server.came().len(), device.asked()),
            (attempts, 1),
            "nothing is tried, nobody is asked again"
        );
        server.heal();
        server.accept("ada-2", "ada");
        device
            .sync
            .provide_token("ada".into(), "ada-2".into(), None)
            .expect("a token");
        device.drained();
        assert_eq!(device.statistics().dead, 0);
        agrees(&server, &device, &[&ids[..], &[later]].concat());
    }
}

#[test]
fn a_fresh_token_that_is_refused_too_tells_the_app_and_kills_nothing() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    server.expire("ada-1");
    device.write_many(5);
    device.sync.start().expect("started");
    eventually("the app is asked", || device.asked() == 1);
    for wrong in ["ada-2", "ada-3"] {
        let before = server.came().len();
        device
            .sync
            .provide_token("ada".into(), wrong.into(), None)
            .expect("a token");
        eventually("it is tried", || server.came().len() > before);
        eventually("the account is paused", || device.status().state == SyncState::Paused);
    }
    assert_eq!((device.asked(), device.waiting(), device.statistics().dead), (1, 5, 0));
}

#[test]
fn a_version_that_is_too_old_waits_for_the_next_process_and_keeps_everything() {
    let server = Server::start();
    let (folder, device) = device(&server);
    let ids = device.write_many(5);
    server.weather(Fault::error(426, "client_too_old"));
    device.sync.start().expect("started");
    eventually("it is paused", || {
        device.status().paused == Some(PauseReason::ClientTooOld)
    });
    device.sync.stop();
    device.sync.start().expect("started");
    eventually("it still is", || device.status().state == SyncState::Paused);
    assert_eq!((server.came().len(), device.waiting()), (1, 5));
    server.heal();
    drop(device);
    let device = Device::open(folder.path());
    device.sync.configure(config(&server)).expect("configured");
    device
        .sync
        .provide_token("ada".into(), "ada-1".into(), None)
        .expect("a token");
    device.sync.start().expect("started");
    device.drained();
    agrees(&server, &device, &ids);
}

#[test]
fn a_deleted_account_keeps_its_data_on_the_device() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    let ids = device.write_many(5);
    server.weather(Fault::error(410, "account_deleted"));
    device.sync.start().expect("started");
    eventually("it is paused", || {
        device.status().paused == Some(PauseReason::AccountDeleted)
    });
    device.write();
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(
        (server.came().len(), device.waiting(), device.rows(&ids).len()),
        (1, 6, 5)
    );
}
