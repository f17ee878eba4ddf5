//! Sync against a server that misbehaves, over real sockets: nothing is lost, nothing is applied twice, nothing dies that may not, and once
//! the server is well the queue empties by itself.

mod sync_world;

use std::sync::Arc;
use std::time::{Duration, Instant};

use pollster::block_on;
use steadfast_core::domain::cancel::CancelToken;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::sync_status::{PauseReason, SyncState};
use steadfast_core::outbox::edit::Debounce;
use steadfast_core::outbox::upkeep;
use steadfast_core::sync::model::{Connectivity, MeteredPolicy, SyncConfig, SyncEnd};
use steadfast_tests::server::Server;
use steadfast_tests::server::fault::{Fault, Poison};
use steadfast_tests::server::http::http_date;
use sync_world::{Device, agrees, config, device, eventually};

/// Whatever goes wrong with a request, and nobody's item is to blame.
fn faults() -> Vec<(&'static str, Fault)> {
    let mut faults = vec![
        ("request lost", Fault::LoseRequest),
        ("reply lost", Fault::LoseReply),
        ("late reply", Fault::Late(Duration::from_millis(300))),
        ("truncated reply", Fault::CutOff),
        ("slow loris", Fault::Trickle),
        ("results missing", Fault::OmitResults),
        ("rows missing", Fault::OmitRows),
        ("older epoch", Fault::OlderEpoch),
        ("captive portal", Fault::page(200)),
        ("redirect", Fault::page(302)),
        ("portal's 403", Fault::page(403)),
        ("portal's 511", Fault::page(511)),
        ("our 429", Fault::error(429, "rate_limited")),
        ("our 503", Fault::error(503, "unavailable")),
        ("our 409 of another kind", Fault::error(409, "odd")),
        ("somebody's 410", Fault::page(410)),
        ("somebody's 426", Fault::page(426)),
        ("our 404", Fault::error(404, "not_found")),
    ];
    for status in [408, 425, 429, 500, 501, 502, 503, 504, 418, 599] {
        faults.push(("a proxy's status", Fault::page(status)));
    }
    faults
}

#[test]
fn whatever_goes_wrong_costs_nothing_and_heals_by_itself() {
    for (what, fault) in faults() {
        let server = Server::start();
        let (_folder, device) = device(&server);
        server.script(vec![fault; 4]);
        let mut ids = device.write_many(25);
        device.edit(ids[0], "edited before it was sent");
        device.sync.start().expect("started");
        eventually("every fault was met", || {
            server.faults_left() == 0 || device.waiting() == 0
        });
        server.heal();
        let written_meanwhile = device.write();
        ids.push(written_meanwhile);
        device.drained();
        assert_eq!(device.statistics().dead, 0, "{what}");
        agrees(&server, &device, &ids);
    }
}

#[test]
fn an_outage_costs_few_attempts_and_no_event() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    // 20 ms, doubled with each failure: 2 s hold seven doublings and then two of the last ones.
    server.weather(Fault::page(503));
    let ids = device.write_many(40);
    device.sync.start().expect("started");
    std::thread::sleep(Duration::from_secs(2));
    let attempts = server.came().len();
    assert!((3..=40).contains(&attempts), "{attempts} attempts in 2 s");
    let status = device.status();
    assert_eq!((status.state, status.pending, status.dead), (SyncState::Waiting, 40, 0));
    assert!(status.next_attempt_at.is_some());
    assert_eq!(status.last_error.and_then(|error| error.http_status), Some(503));
    server.heal();
    device.drained();
    agrees(&server, &device, &ids);
    eventually("the app was told", || {
        device.status().state == SyncState::Idle && device.status().last_error.is_none()
    });
    assert!(device.states().contains(&SyncState::Waiting));
}

#[test]
fn one_poison_item_dies_and_delays_nobody_else() {
    for status in [400, 413, 422] {
        let server = Server::start();
        let (_folder, device) = device(&server);
        let ids = device.write_many(60);
        server.poison(ids[17], Poison::Request(status));
        device.sync.start().expect("started");
        device.drained();
        let statistics = device.statistics();
        assert_eq!((statistics.dead, statistics.completed), (1, 59), "{status}");
        let good: Vec<Id> = ids.iter().copied().filter(|id| *id != ids[17]).collect();
        agrees(&server, &device, &good);
        eventually("the app was told", || device.status().dead == 1);
    }
}

#[test]
fn what_a_proxy_refuses_waits_and_kills_nothing() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    let ids = device.write_many(30);
    server.poison(ids[4], Poison::Proxy(413));
    device.sync.start().expect("started");
    eventually("everything else is there", || device.waiting() == 1);
    assert_eq!(device.statistics().dead, 0);
    let later = device.write();
    eventually("a later write passes it", || {
        server.with_store("ada", |store| store.effects().len()) == 30
    });
    server.cure(ids[4]);
    device.drained();
    agrees(&server, &device, &[&ids[..], &[later]].concat());
}

#[test]
fn rejected_items_die_and_retried_ones_die_after_their_attempts() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    let ids = device.write_many(12);
    server.poison(ids[3], Poison::Rejected);
    server.poison(ids[7], Poison::Retry);
    server.poison(ids[9], Poison::Omitted);
    device.sync.start().expect("started");
    eventually("one is dead and one waits for its next attempt", || {
        let statistics = device.statistics();
        statistics.dead == 1 && statistics.failed == 1 && statistics.completed == 9
    });
    // The status is conflated: it may still be that of a moment before.
    eventually("the next attempt has its moment", || {
        device.status().next_attempt_at.is_some()
    });
    for id in [ids[7], ids[9]] {
        server.cure(id);
    }
    device.drained();
    assert_eq!(device.statistics().dead, 1);
}

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

#[test]
fn the_server_gets_the_time_that_it_asks_for() {
    let server = Server::start();
    for retry_after in ["1".to_owned(), http_date(3)] {
        let (_folder, device) = device(&server);
        device.sync.start().expect("started");
        device.write();
        device.drained();
        server.script([Fault::Error(429, "rate_limited", Some(retry_after.clone()))]);
        let before = server.came().len();
        device.write();
        device.drained();
        let came = server.came();
        let waited = came[before + 1].at - came[before].at;
        assert!(waited >= Duration::from_millis(900), "{retry_after}: {waited:?}");
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
    let started = Instant::now();
    device.sync.start().expect("started");
    eventually("it is given up", || {
        device.status().last_error.is_some_and(|error| error.code == "too_slow")
    });
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
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

#[test]
fn a_restored_server_is_heard_and_what_it_never_said_is_sent_again() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    device.sync.start().expect("started");
    // Its time and epoch are heard, and nothing else.
    server.script([Fault::LoseRequest]);
    device.sync.set_connectivity(Connectivity::Unmetered);
    let id = device.write();
    eventually("the fault was met", || server.faults_left() == 0);
    device.sync.set_connectivity(Connectivity::Offline);
    server.restore_from_nothing();
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
    eventually("the new epoch is heard", || server.came().len() >= 3);
    std::thread::sleep(Duration::from_millis(300));
    let attempts = server.came().len();
    assert_eq!((device.waiting(), device.rows(&[old, new]).len()), (1, 2));
    assert_eq!(device.status().state, SyncState::Waiting);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(server.came().len(), attempts, "it does not ask again and again");
}

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

#[test]
fn no_event_ever_leaves_under_another_account_s_token() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    server.accept("ben-1", "ben");
    device.sync.start().expect("started");
    let (mut of_ada, mut of_ben) = (Vec::new(), Vec::new());
    for round in 0..12 {
        // Replies are late, so that each switch happens in the middle of requests.
        server.script(vec![Fault::Late(Duration::from_millis(80)); 3]);
        of_ada.extend(device.write_many(15));
        std::thread::sleep(Duration::from_millis(7 * round % 50));
        if round % 3 == 0 {
            device.sign_out();
        }
        device.sign_in("ben", &server);
        of_ben.extend(device.write_many(15));
        std::thread::sleep(Duration::from_millis(11 * round % 50));
        device.sign_in("ada", &server);
    }
    device.drained();
    device.sign_in("ben", &server);
    device.drained();
    let seen = server.seen();
    for (account, own) in [("ada", &of_ada), ("ben", &of_ben)] {
        let sent: Vec<_> = seen.iter().filter(|seen| own.contains(&seen.entity_id)).collect();
        assert!(sent.iter().all(|seen| seen.account == account), "{account}");
        server.with_store(account, |store| {
            assert_eq!(
                store.rows().len(),
                own.len(),
                "{account} has what is its own, and all of it"
            );
            assert!(store.effects().values().all(|times| *times == 1));
        });
        let statistics = device.statistics_of(account);
        assert_eq!((statistics.dead, statistics.completed), (0, own.len() as u64));
    }
}

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
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(device.waiting(), 1, "nobody sends what comes later");
}

#[test]
fn a_single_run_ends_at_its_deadline_or_when_it_is_cancelled_and_gives_everything_back() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    device.once(5_000);
    let ids = device.write_many(30);
    server.weather(Fault::Late(Duration::from_secs(2)));
    let started = Instant::now();
    let outcome = device.once(300);
    assert_eq!((outcome.stopped_by, outcome.remaining), (SyncEnd::Deadline, 30));
    assert!(started.elapsed() < Duration::from_secs(2));
    eventually("nothing stays claimed", || device.statistics().pending == 30);

    let cancel = CancelToken::new();
    let canceller = Arc::clone(&cancel);
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
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
    server.script([]);
    server.weather(Fault::Error(503, "unavailable", Some("600".into())));
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
        device.sync.suspend(Duration::from_secs(5));
        assert_eq!(device.statistics().processing, 0, "nothing is claimed while suspended");
        device
            .context
            .database
            .suspend(Duration::from_secs(5))
            .expect("suspended");
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
        device
            .context
            .database
            .suspend(Duration::from_secs(5))
            .expect("suspended");
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
        server.script(vec![Fault::Late(Duration::from_millis(300)); 3]);
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

/// Invariant 10: nobody has to remember to wake sync.
#[test]
fn no_write_is_missed_however_it_is_made() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    device.sync.start().expect("started");
    let device = Arc::new(device);
    // One after the other, each by itself: the queue is empty, and the worker asleep, when it comes.
    for n in 0..100 {
        let id = device.write();
        device.drained();
        if n % 10 == 0 {
            device.edit(id, "edited");
            device.drained();
        }
    }
    // Many at once, from several threads.
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let device = Arc::clone(&device);
            std::thread::spawn(move || device.write_many(50))
        })
        .collect();
    let written: usize = writers
        .into_iter()
        .map(|writer| writer.join().expect("written").len())
        .sum();
    device.drained();
    assert_eq!((written, device.statistics().completed), (200, 310));
    // A write that touches the outbox by hand, as `retry` does.
    let dead = device.write_dead(&server);
    let (account, now_ms) = (device.context.account_id(), device.context.now().wall_ms);
    device
        .context
        .database
        .write(move |tx| upkeep::retry(tx, &account, &[dead], now_ms))
        .wait()
        .expect("retried");
    eventually("it is sent again", || {
        device.statistics().dead == 0 && device.waiting() == 0
    });
}
