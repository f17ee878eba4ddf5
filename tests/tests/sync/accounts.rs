//! Two people on one phone, who take turns in the middle of requests: the client itself, with its own `sign_in` and `sign_out`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use pollster::block_on;
use steadfast_core::accounts::model::{LocalData, SignOut};
use steadfast_core::client::{Config, SteadfastClient};
use steadfast_core::domain::manual_clock::ManualClock;
use steadfast_core::habits::model::NewHabitLog;
use steadfast_core::outbox::model::OutboxStatistics;
use steadfast_core::sync::model::Connectivity;
use steadfast_tests::scratch::scratch;
use steadfast_tests::server::Server;
use steadfast_tests::server::fault::Fault;
use tempfile::TempDir;

use crate::sync_world::{config, eventually};

const PEOPLE: [&str; 2] = ["ada", "ben"];

/// An app on a phone that two people share. Each of its rows says in its notes whose it is.
struct App {
    _folder: TempDir,
    client: Arc<SteadfastClient>,
    clock: Arc<ManualClock>,
    written: BTreeMap<&'static str, u64>,
}

impl App {
    fn open(server: &Server) -> Self {
        let folder = scratch();
        let clock = ManualClock::new(SystemTime::now());
        let config_of_client = Config {
            boot_id: Some("one-boot".to_owned()),
            ..Config::new(folder.path().to_string_lossy())
        };
        let opened = SteadfastClient::open_with_clock(config_of_client, None, Arc::clone(&clock));
        let client = block_on(opened).expect("a client");
        client.sync().configure(config(server)).expect("configured");
        server.owners_are_in("notes");
        for person in PEOPLE {
            let token = format!("{person}-1");
            server.accept(&token, person);
            client
                .sync()
                .provide_token(person.to_owned(), token, None)
                .expect("a token");
        }
        client.sync().start().expect("started");
        Self {
            _folder: folder,
            client,
            clock,
            written: BTreeMap::new(),
        }
    }

    fn write(&mut self, whose: &'static str, count: u64) {
        for _ in 0..count {
            let log = NewHabitLog {
                notes: Some(whose.to_owned()),
                ..NewHabitLog::new("smoke", self.clock.time())
            };
            block_on(self.client.habits().record(log)).expect("recorded");
        }
        *self.written.entry(whose).or_default() += count;
        // A tap may be followed by another one for half a second.
        self.clock.advance(600);
        self.client.sync().set_connectivity(Connectivity::Unmetered);
    }

    /// Signs in; how many of the person's changes wait.
    fn sign_in(&self, person: &str) -> u64 {
        let signed_in = self.client.sign_in(person.to_owned(), LocalData::Keep);
        block_on(signed_in).expect("signed in").pending
    }

    fn statistics(&self) -> OutboxStatistics {
        block_on(self.client.outbox().statistics()).expect("counted")
    }

    fn waiting(&self) -> u64 {
        let all = self.statistics();
        all.pending + all.processing + all.failed
    }
}

#[test]
fn no_change_leaves_under_the_other_person_s_token_and_the_counts_say_what_stayed() {
    let server = Server::start();
    let mut app = App::open(&server);
    let mut stayed: BTreeMap<&str, u64> = BTreeMap::new();
    let mut in_the_middle = 0;
    for turn in 0..24_u64 {
        // Who leaves without signing out is signed out by the other one's signing in.
        let (person, signs_out) = (PEOPLE[usize::from(turn % 2 == 1)], turn % 3 != 0);
        let found = app.sign_in(person);
        if let Some(stayed) = stayed.remove(person) {
            assert_eq!(
                found, stayed,
                "nobody settles anything for {person} while the other one is there"
            );
        }
        server.script(vec![Fault::Late(Duration::from_millis(150)); 3]);
        app.write(person, 12);
        if turn % 4 == 0 {
            eventually("a request is on its way", || {
                server.on_their_way() > 0 || app.waiting() == 0
            });
        } else {
            thread::sleep(Duration::from_millis(7 * turn % 50));
        }
        if signs_out {
            let done = app.statistics().completed;
            in_the_middle += u32::from(server.on_their_way() > 0);
            let report = block_on(app.client.sign_out(SignOut::Keep)).expect("signed out");
            assert_eq!(report.discarded, 0);
            assert!(
                report.kept + done <= app.written[person],
                "{person}: {} kept and {done} done of {}",
                report.kept,
                app.written[person]
            );
            stayed.insert(person, report.kept);
        }
    }
    // Four times it was waited for; a machine that stood still for a reply's 150 ms may have missed one.
    assert!(in_the_middle >= 2, "{in_the_middle} times a request was on its way");
    for person in PEOPLE {
        app.sign_in(person);
        eventually("the queue is empty", || app.waiting() == 0);
        let (all, written) = (app.statistics(), app.written[person]);
        assert_eq!((all.dead, all.discarded, all.completed), (0, 0, written), "{person}");
        server.with_store(person, |store| {
            assert_eq!(
                store.rows().len() as u64,
                written,
                "{person} has all that is {person}'s"
            );
            assert!(store.effects().values().all(|times| *times == 1));
        });
    }
    assert_eq!(server.strays(), []);
    assert!(server.seen().len() as u64 >= app.written.values().sum());
}

#[test]
fn what_is_given_up_in_the_middle_of_requests_is_counted_and_never_sent_again() {
    let server = Server::start();
    let mut app = App::open(&server);
    app.sign_in("ada");
    app.write("ada", 5);
    eventually("the queue is empty", || app.waiting() == 0);
    server.script(vec![Fault::Late(Duration::from_millis(300)); 3]);
    app.write("ada", 40);
    eventually("a request is on its way", || {
        server.on_their_way() > 0 || app.waiting() == 0
    });
    let report = block_on(app.client.sign_out(SignOut::Discard)).expect("signed out");
    app.sign_in("ben");
    app.write("ben", 5);
    eventually("the queue is empty", || app.waiting() == 0);
    assert_eq!(app.sign_in("ada"), 0);
    let all = app.statistics();
    assert_eq!(
        (report.kept, report.discarded, all.discarded + all.completed),
        (0, all.discarded, 45)
    );
    eventually("everything is answered", || server.on_their_way() == 0);
    // What was on its way arrives all the same, and that is all.
    let mut arrived: Vec<_> = server.seen().iter().map(|seen| seen.op_id).collect();
    let all = arrived.len();
    arrived.sort_unstable();
    arrived.dedup();
    assert_eq!((arrived.len(), server.strays()), (all, Vec::new()));
}

#[test]
fn what_was_recorded_before_signing_in_leaves_under_the_token_of_who_adopts_it() {
    let server = Server::start();
    let mut app = App::open(&server);
    app.write("ben", 7);
    let report = block_on(app.client.sign_in("ben".to_owned(), LocalData::Adopt)).expect("signed in");
    assert_eq!((report.adopted, report.pending), (7, 7));
    app.sign_in("ada");
    app.write("ada", 7);
    app.sign_in("ben");
    eventually("the queue is empty", || app.waiting() == 0);
    app.sign_in("ada");
    eventually("the queue is empty", || app.waiting() == 0);
    assert_eq!(server.strays(), []);
    for person in PEOPLE {
        server.with_store(person, |store| assert_eq!(store.rows().len(), 7, "{person}"));
    }
}
