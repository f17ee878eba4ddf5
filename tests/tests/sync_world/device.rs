//! The device itself.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::accounts::model::{LocalData, SignOut};
use steadfast_core::accounts::table as accounts;
use steadfast_core::context::{Context, Ports, Told};
use steadfast_core::database::Database;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::randomness::new_id;
use steadfast_core::domain::sync_status::{SyncState, SyncStatus};
use steadfast_core::event::{Event, EventListener, Events, ListenerError};
use steadfast_core::outbox::claim;
use steadfast_core::outbox::edit::{Change, Debounce, Edit};
use steadfast_core::outbox::model::{OutboxEvent, OutboxQuery, OutboxStatistics, OutboxStatus};
use steadfast_core::outbox::rows::{self, Plain, Projection};
use steadfast_core::outbox::{table as outbox, upkeep};
use steadfast_core::sync::api::Sync;
use steadfast_core::sync::model::SyncOutcome;
use steadfast_core::wake::Wakes;
use steadfast_tests::server::Server;

use super::{KIND, PATIENCE};

const PROJECTIONS: [&dyn Projection; 1] = [&Plain(KIND)];

#[derive(Default)]
struct Heard(Mutex<Vec<Event>>);

impl EventListener for Heard {
    fn on_event(&self, event: Event) -> Result<(), ListenerError> {
        self.0.lock().expect("nobody panics with it").push(event);
        Ok(())
    }
}

pub struct Device {
    pub context: Arc<Context>,
    pub sync: Arc<Sync>,
    heard: Arc<Heard>,
}

impl Device {
    pub fn open(folder: &Path) -> Self {
        Self::open_with(folder, Ports::default())
    }

    /// As [`Self::open`], with clocks of one's own.
    pub fn open_with(folder: &Path, ports: Ports) -> Self {
        let device_id = new_id(ports.randomness.as_ref(), ports.clock.now().wall_ms);
        let database = Database::open(folder, device_id).expect("a store");
        let (account, open_epoch) = database
            .write(|tx| Ok((accounts::current(tx)?, claim::begin_opening(tx)?)))
            .wait()
            .expect("an opening");
        let wakes = Wakes::start().expect("a thread");
        let heard = Arc::new(Heard::default());
        let events = Events::new(Some(Arc::clone(&heard) as _), wakes.clone()).expect("a thread");
        let told = Told { events, wakes };
        let boot_id = Some("one-boot".to_owned());
        let context = Arc::new(Context::new(
            folder.to_owned(),
            Arc::new(database),
            ports,
            told,
            boot_id,
            account,
        ));
        let sync = Arc::new(Sync::new(Arc::clone(&context), Arc::new(PROJECTIONS), open_epoch));
        Self { context, sync, heard }
    }

    /// Signs in, and provides a token `<account>-1` that the server knows.
    pub fn sign_in(&self, account: &str, server: &Server) {
        let token = format!("{account}-1");
        server.accept(&token, account);
        self.sync
            .provide_token(account.to_owned(), token, None)
            .expect("a token");
        self.sign_in_without_token(account);
    }

    pub fn sign_in_without_token(&self, account: &str) {
        self.store_account(account);
        self.show_account(account);
    }

    /// The first half of signing in: the store knows.
    pub fn store_account(&self, account: &str) {
        let name = account.to_owned();
        self.context
            .database
            .write(move |tx| accounts::sign_in(tx, &PROJECTIONS, &name, LocalData::Keep, &[]))
            .wait()
            .expect("signed in");
    }

    /// The second half: everybody else knows.
    pub fn show_account(&self, account: &str) {
        self.context.switch_account(account.to_owned());
        (self.sync.nudge())();
    }

    pub fn sign_out(&self) {
        let (account, now_ms) = (self.context.account_id(), self.context.now().wall_ms);
        self.context
            .database
            .write(move |tx| accounts::sign_out(tx, &PROJECTIONS, &account, SignOut::Keep, now_ms))
            .wait()
            .expect("signed out");
        self.context.switch_account("local".to_owned());
        (self.sync.nudge())();
    }

    /// A local write that may be sent at once.
    pub fn write(&self) -> Id {
        self.write_with(Debounce::None, false)
    }

    pub fn write_with(&self, debounce: Debounce, background: bool) -> Id {
        let mut edit = Edit::now(&self.context, debounce);
        if background {
            edit = edit.in_background();
        }
        let id = edit.new_id();
        let fields = rows::Fields::from([
            ("kind".to_owned(), json!("smoke")),
            ("notes".to_owned(), json!("after dinner")),
            ("started_at_ms".to_owned(), json!(self.context.now().wall_ms)),
        ]);
        self.context
            .database
            .write(move |tx| edit.write(tx, vec![Change::create(KIND, id, fields)]))
            .wait()
            .expect("a write never waits for the network and is never refused");
        id
    }

    /// Edits a row's notes.
    pub fn edit(&self, id: Id, notes: &str) {
        let edit = Edit::now(&self.context, Debounce::None);
        let fields = rows::Fields::from([("notes".to_owned(), json!(notes))]);
        self.context
            .database
            .write(move |tx| edit.write(tx, vec![Change::upsert(KIND, id, fields)]))
            .wait()
            .expect("edited");
    }

    pub fn write_many(&self, count: usize) -> Vec<Id> {
        (0..count).map(|_| self.write()).collect()
    }

    pub fn statistics(&self) -> OutboxStatistics {
        self.statistics_of(&self.context.account_id())
    }

    pub fn statistics_of(&self, account: &str) -> OutboxStatistics {
        let account = account.to_owned();
        self.context
            .database
            .read(move |connection| outbox::statistics(connection, &account))
            .wait()
            .expect("counted")
    }

    /// Events that nobody refused and that the server does not have.
    pub fn waiting(&self) -> u64 {
        let all = self.statistics();
        all.pending + all.processing + all.failed
    }

    /// Rows as a person sees them, by id.
    pub fn rows(&self, ids: &[Id]) -> BTreeMap<Id, BTreeMap<String, Value>> {
        let (account, ids) = (self.context.account_id(), ids.to_vec());
        self.context
            .database
            .read(move |connection| {
                let mut seen = BTreeMap::new();
                for id in ids {
                    if let Some(row) = rows::read(connection, KIND, &account, id)? {
                        let mut fields = row.fields;
                        fields.retain(|_, value| !value.is_null());
                        fields.insert("alive".to_owned(), json!(row.alive));
                        seen.insert(id, fields);
                    }
                }
                Ok(seen)
            })
            .wait()
            .expect("rows")
    }

    pub fn status(&self) -> SyncStatus {
        self.sync.status()
    }

    /// How often the app was asked for a token.
    pub fn asked(&self) -> usize {
        let heard = self.heard.0.lock().expect("nobody panics with it");
        heard
            .iter()
            .filter(|event| matches!(event, Event::NeedsToken { account_id } if account_id == "ada"))
            .count()
    }

    /// The states that the app was told of, each once in a row.
    pub fn states(&self) -> Vec<SyncState> {
        let heard = self.heard.0.lock().expect("nobody panics with it");
        let mut states: Vec<SyncState> = heard
            .iter()
            .filter_map(|event| match event {
                Event::Sync { status } => Some(status.state),
                _ => None,
            })
            .collect();
        states.dedup();
        states
    }

    /// Until the server has everything that it can have. No write helps it on.
    pub fn drained(&self) {
        let until = Instant::now() + PATIENCE;
        while self.waiting() > 0 {
            assert!(
                Instant::now() < until,
                "the queue does not empty: {:?}, {:?}",
                self.statistics(),
                self.status()
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The dead events.
    pub fn dead(&self) -> Vec<OutboxEvent> {
        let account = self.context.account_id();
        let query = OutboxQuery {
            status: Some(OutboxStatus::Dead),
            ..OutboxQuery::default()
        };
        self.context
            .database
            .read(move |connection| upkeep::events(connection, &account, &query))
            .wait()
            .expect("listed")
            .events
    }

    /// The rows of the dead events.
    pub fn dead_rows(&self) -> Vec<Id> {
        self.dead().iter().map(|event| event.entity_id).collect()
    }

    /// One call of `sync_once`.
    pub fn once(&self, deadline_ms: u32) -> SyncOutcome {
        block_on(self.sync.sync_once(deadline_ms, None)).expect("an outcome")
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.sync.shut_down();
        self.context.events.close();
        self.context.wakes.end();
    }
}
