//! A phone with two accounts, their servers and a network between them. A step is a number: it decides by itself, in the world as it is,
//! what happens, so that any part of a schedule is a schedule.

use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use steadfast_protocol::entity::EntityKind;
use steadfast_protocol::push::{ItemResult, ServerRow};

use crate::database::migrations;
use crate::domain::id::Id;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::outbox::claim::Claimed;
use crate::outbox::layers::EntityKey;
use crate::outbox::model::Root;

use super::kernel::Kernel;
use super::mirror::Mirror;
use super::model::Model;
use super::planted::{Planted, injected};
use super::random::{Rng, SeededRandomness};
use super::server::Server;
use super::watch::{Violation, Watch};
use super::words::{ACCOUNTS, Now};

pub const DEVICE: Id = Id::from_u128(0xd0);
const START_MS: i64 = 1_800_000_000_000;
pub const YEAR_MS: i64 = 31_536_000_000;
/// Rows that are made under new ids in one run, at most.
pub const MADE: usize = 6;

/// How a step's transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Commit,
    /// The closure errs after everything was written.
    ErrAfterwards,
    /// SQLite stops in the middle, after about so many of its operations.
    Interrupted(i32),
    /// The disk is full: the file must not grow.
    Full,
}

/// What is under way between the phone and a server.
#[derive(Clone, Debug)]
pub enum Message {
    Push {
        account: usize,
        epoch: i64,
        claimed: Claimed,
    },
    Reply {
        account: usize,
        epoch: i64,
        now: i64,
        claimed: Claimed,
        /// `None` if the server named another epoch and did nothing.
        result: Option<ItemResult>,
    },
    Page {
        account: usize,
        epoch: i64,
        now: i64,
        rows: Vec<ServerRow>,
    },
}

pub struct World {
    pub connection: Connection,
    pub kernel: Kernel,
    pub model: Model,
    pub mirror: Mirror,
    pub watch: Watch,
    pub servers: [Server; 2],
    pub(super) backups: [Option<Server>; 2],
    pub(super) net: Vec<Message>,
    /// Claims that the phone has not heard of again.
    pub(super) in_flight: Vec<(usize, Claimed)>,
    pub known: Vec<(EntityKey, Root)>,
    pub(super) made: usize,
    pub(super) randomness: Arc<SeededRandomness>,
    pub(super) true_ms: i64,
    pub(super) wall_off: i64,
    pub(super) booted_at: i64,
    pub(super) boot: u32,
    pub(super) names_boots: bool,
    pub(super) values: i64,
    pub(super) faults: bool,
    pub story: Option<Vec<String>>,
}

pub fn key(kind: EntityKind, n: u128) -> EntityKey {
    (kind, Id::from_u128(n))
}

/// The rows that every run starts to edit: two logs with sets under them, and rows that stand alone.
pub fn rows() -> Vec<(EntityKey, Root)> {
    let logs = [1, 2].map(|n| key(EntityKind::WorkoutLog, n));
    let sets = [(11, 0), (12, 0), (21, 1)].map(|(n, log): (u128, usize)| (key(EntityKind::ExerciseSet, n), logs[log]));
    let others = [key(EntityKind::HabitLog, 31), key(EntityKind::ProgramSession, 41)];
    let alone = logs.into_iter().chain(others).map(|key| (key, key));
    let root = |(key, root): (EntityKey, EntityKey)| {
        (
            key,
            Root {
                kind: root.0,
                id: root.1,
            },
        )
    };
    alone.chain(sets).map(root).collect()
}

pub fn editable(kind: EntityKind) -> [&'static str; 2] {
    match kind {
        EntityKind::ExerciseSet => ["reps", "weight"],
        EntityKind::HabitLog => ["notes", "potency"],
        EntityKind::ProgramSession => ["intensity", "scheduled_date"],
        _ => ["notes", "utc_offset_s"],
    }
}

impl World {
    pub fn new(seed: u64, planted: Option<Planted>) -> Self {
        let mut connection = Connection::open_in_memory().expect("a database in memory");
        migrations::migrate(&mut connection).expect("the schema");
        connection.set_prepared_statement_cache_capacity(128);
        let mut world = Self {
            connection,
            kernel: Kernel { planted },
            model: Model::default(),
            mirror: Mirror::new(),
            watch: Watch::default(),
            servers: [Server::new(), Server::new()],
            backups: [None, None],
            net: Vec::new(),
            in_flight: Vec::new(),
            known: rows(),
            made: 0,
            randomness: Arc::new(SeededRandomness::new(seed)),
            true_ms: START_MS,
            wall_off: 0,
            booted_at: START_MS - 1_000,
            boot: 1,
            names_boots: !seed.is_multiple_of(4),
            values: 0,
            faults: true,
            story: None,
        };
        let opened = world.write(Ending::Commit, |tx, kernel| kernel.begin_opening(tx));
        opened.expect("a new store opens");
        world.model.open_store();
        world
    }

    pub fn tell(&mut self, line: impl FnOnce() -> String) {
        if let Some(story) = &mut self.story {
            story.push(line());
        }
    }

    pub(super) fn now(&self) -> Now {
        Now {
            wall_ms: self.true_ms + self.wall_off,
            mono_ms: self.true_ms - self.booted_at,
            boot: self.names_boots.then(|| format!("boot {}", self.boot)),
        }
    }

    pub(super) fn moment(&self) -> Moment {
        let now = self.now();
        Moment {
            wall_ms: now.wall_ms,
            elapsed_ms: Some(now.mono_ms),
        }
    }

    /// One transaction, which may be made to fail. Nothing of it may remain then.
    pub(super) fn write<T>(
        &mut self,
        ending: Ending,
        job: impl FnOnce(&Transaction<'_>, Kernel) -> Result<T>,
    ) -> Result<T> {
        let kernel = self.kernel;
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        match ending {
            Ending::Interrupted(after) => tx.progress_handler(after, Some(|| true))?,
            Ending::Full => {
                let pages: i64 = tx.query_row("PRAGMA page_count", [], |row| row.get(0))?;
                tx.pragma_update(None, "max_page_count", pages)?;
            }
            _ => {}
        }
        let outcome = job(&tx, kernel);
        match ending {
            Ending::Interrupted(_) => tx.progress_handler(0, None::<fn() -> bool>)?,
            Ending::Full => tx.pragma_update(None, "max_page_count", 1_073_741_823)?,
            _ => {}
        }
        if kernel.has(Planted::ErrorCommitsWhatWasWritten) || (outcome.is_ok() && ending != Ending::ErrAfterwards) {
            tx.commit()?;
        } else {
            drop(tx);
        }
        match (outcome, ending) {
            (Ok(_), Ending::ErrAfterwards) => Err(injected()),
            (Err(error), Ending::Commit) => {
                self.watch.failed(&error);
                Err(error)
            }
            (outcome, _) => outcome,
        }
    }

    pub(super) fn ending(&self, rng: &mut Rng) -> Ending {
        match rng.below(100) {
            _ if !self.faults => Ending::Commit,
            0..=1 => Ending::ErrAfterwards,
            2..=4 => Ending::Interrupted(i32::try_from(5 + rng.below(400)).expect("small")),
            5 => Ending::Full,
            _ => Ending::Commit,
        }
    }

    /// One step, and then every invariant.
    pub fn step(&mut self, seed: u64) -> std::result::Result<(), Violation> {
        let mut rng = Rng::new(seed);
        let account = rng.below(ACCOUNTS.len());
        let done = match rng.below(1000) {
            0..=219 => self.edit(account, &mut rng),
            220..=239 => self.make(account, &mut rng),
            240..=279 => self.edit_together(account, &mut rng, true),
            280..=299 => self.edit_together(account, &mut rng, false),
            300..=339 => self.delete(account, &mut rng),
            340..=489 => self.claim(account, &mut rng)?,
            490..=739 => self.deliver(&mut rng),
            740..=779 => self.give_up_waiting(&mut rng),
            780..=799 => self.open_again(&mut rng, false),
            800..=804 => self.open_again(&mut rng, true),
            805..=814 => self.jump(&mut rng),
            815..=879 => self.wait(&mut rng),
            880..=899 => self.retry(account, &mut rng),
            900..=909 => self.discard(account, &mut rng),
            910..=914 => self.clean_up(&mut rng),
            915..=924 => self.back_up(&mut rng),
            925..=959 => self.pull(account, &mut rng),
            960..=984 => self.edit_elsewhere(account, &mut rng),
            985..=989 => self.restore_server(account, &mut rng),
            _ => self.restate(account),
        };
        self.finish(&done)
    }

    pub fn read_next_due(&self, account: usize, background: bool) -> (i64, Option<i64>) {
        let now_ms = self.now().wall_ms;
        let due = self
            .kernel
            .next_due(&self.connection, ACCOUNTS[account], now_ms, background);
        (now_ms, due.expect("a wake-up"))
    }
}
