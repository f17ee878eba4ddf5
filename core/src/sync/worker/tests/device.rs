//! A device whose worker the test runs itself.

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use steadfast_protocol::entity::EntityKind;
use tokio::sync::oneshot;

use crate::accounts::model::LocalData;
use crate::accounts::table as accounts;
use crate::context::{Context, Ports, Told};
use crate::database::Database;
use crate::domain::randomness::new_id;
use crate::domain::sync_status::SyncState;
use crate::event::{Event, EventListener, Events, ListenerError};
use crate::outbox::claim;
use crate::outbox::edit::{Change, Debounce, Edit};
use crate::outbox::rows::{Fields, Plain, Projection};
use crate::sync::model::{Connectivity, SyncConfig, SyncEnd, SyncOutcome};
use crate::sync::status::Status;
use crate::sync::step::Limits;
use crate::sync::token::Token;
use crate::sync::transport::Transport;
use crate::sync::wishes::{Run, Wishes};
use crate::wake::Wakes;

pub(super) const ANN: &str = "ann";
pub(super) static PROJECTIONS: [&dyn Projection; 1] = [&Plain(EntityKind::HabitLog)];
/// Nothing is tried a second time by itself while the test lasts.
const LIMITS: Limits = Limits {
    first_backoff_ms: 3_600_000,
    max_batch: 100,
};

#[derive(Default)]
struct Asked(AtomicUsize);

impl EventListener for Asked {
    fn on_event(&self, event: Event) -> std::result::Result<(), ListenerError> {
        self.0
            .fetch_add(usize::from(matches!(event, Event::NeedsToken { .. })), Ordering::SeqCst);
        Ok(())
    }
}

/// A device with one change of `ann`'s in its queue, and an address at which nobody is.
pub(super) struct Device {
    _folder: tempfile::TempDir,
    pub context: Arc<Context>,
    pub wishes: Arc<Wishes>,
    pub status: Arc<Status>,
    asked: Arc<Asked>,
    url: String,
    run: Mutex<Option<oneshot::Receiver<SyncOutcome>>>,
    pub is_cancelled: Arc<AtomicBool>,
    /// How often the app had been asked for a token when the word was said.
    asked_before: AtomicUsize,
    pub has_ended: AtomicBool,
    pub acknowledged: Arc<AtomicBool>,
}

impl Device {
    pub fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ports = Ports::default();
        let database = Database::open(folder.path(), new_id(ports.randomness.as_ref(), 0)).expect("a store");
        database
            .write(|tx| {
                claim::begin_opening(tx)?;
                accounts::sign_in(tx, &PROJECTIONS, ANN, LocalData::Keep, &[])
            })
            .wait()
            .expect("signed in");
        let wakes = Wakes::start().expect("a thread");
        let asked = Arc::new(Asked::default());
        let told = Told {
            events: Events::new(Some(Arc::clone(&asked) as _), wakes.clone()).expect("a thread"),
            wakes,
        };
        let (boot, account) = (Some("boot".to_owned()), ANN.to_owned());
        let context = Context::new(folder.path().to_owned(), Arc::new(database), ports, told, boot, account);
        let wishes = Arc::new(Wishes::default());
        let bell = Arc::clone(&wishes);
        context.database.watch_queue(Arc::new(move || bell.nudge()));
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port")
            .port();
        let device = Self {
            _folder: folder,
            context: Arc::new(context),
            wishes,
            status: Arc::default(),
            asked,
            url: format!("http://127.0.0.1:{port}"),
            run: Mutex::new(None),
            is_cancelled: Arc::default(),
            asked_before: AtomicUsize::new(0),
            has_ended: AtomicBool::new(false),
            acknowledged: Arc::default(),
        };
        device.write();
        device
    }

    pub fn write(&self) {
        let edit = Edit::now(&self.context, Debounce::None);
        let fields = Fields::from([("kind".to_owned(), "smoke".into())]);
        let change = Change::create(EntityKind::HabitLog, edit.new_id(), fields);
        let written = self.context.database.write(move |tx| edit.write(tx, vec![change]));
        // An app waits on a thread of its own, not on one that runs tasks.
        let waits = std::thread::spawn(move || written.wait());
        waits.join().expect("no panic").expect("written");
    }

    pub fn configure(&self) {
        let transport = Transport::new(&SyncConfig::new(self.url.clone())).expect("an address");
        self.wishes.set_server(transport, LIMITS);
    }

    pub fn provide(&self) {
        let token = Token::new("token".to_owned()).expect("a token");
        self.wishes.provide(ANN.to_owned(), token, None);
    }

    pub fn start(&self) {
        self.wishes.change(|wanted| {
            wanted.is_running = true;
            wanted.starts += 1;
        });
    }

    pub fn connect(&self, connectivity: Connectivity) {
        self.wishes.connect(connectivity);
    }

    pub fn ready(&self) {
        self.configure();
        self.provide();
        self.start();
    }

    pub fn run_once(&self) {
        let (done, outcome) = oneshot::channel();
        *self.run.lock().expect("nobody panics with it") = Some(outcome);
        self.wishes.run(Run {
            deadline_ms: 3_600_000,
            done,
            is_cancelled: Arc::clone(&self.is_cancelled),
        });
    }

    pub fn ended_by(&self) -> Option<SyncEnd> {
        let mut run = self.run.lock().expect("nobody panics with it");
        let outcome = run.as_mut()?.try_recv().ok()?;
        Some(outcome.stopped_by)
    }

    pub fn state(&self) -> SyncState {
        self.status.get().state
    }

    pub fn has_tried(&self) -> bool {
        self.status
            .get()
            .last_error
            .is_some_and(|error| error.code == "connection")
    }

    /// To be called when the word is said.
    pub fn count_asked(&self) {
        let asked = self.asked.0.load(Ordering::SeqCst);
        self.asked_before.store(asked, Ordering::SeqCst);
    }

    pub fn has_been_asked_again(&self) -> bool {
        self.asked.0.load(Ordering::SeqCst) > self.asked_before.load(Ordering::SeqCst)
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.context.events.close();
        self.context.wakes.end();
    }
}
