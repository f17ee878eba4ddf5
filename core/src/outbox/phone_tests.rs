//! A phone for the tests of the outbox: a real SQLite file, clocks that stand until they are moved, and the machine's small server.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, Transaction};
use serde_json::Value;
use steadfast_protocol::entity::{ALIVE, EntityKind};
use steadfast_protocol::push::{ItemResult, ItemStatus, ServerField, ServerRow};
use steadfast_protocol::stamp::Stamp;

use crate::database::migrations;
use crate::domain::id::Id;
use crate::domain::time::Moment;
use crate::error::Result;

use super::account;
use super::claim::{self, Claimant, Claimed, Claims};
use super::edit::{Change, Debounce, Edit};
use super::edits;
use super::layers::{self, EntityKey};
use super::machine::planted::PROJECTIONS;
use super::machine::random::SeededRandomness;
use super::machine::server::{Fault, Server};
use super::model::Priority;
use super::rows::{self, Fields, StoredRow};
use super::settle::{self, Settled, Settlement};

pub const ME: &str = "me";
pub const DEVICE: Id = Id::from_u128(0xd);
pub const START_MS: i64 = 1_800_000_000_000;
pub const LOG: EntityKey = (EntityKind::WorkoutLog, Id::from_u128(1));
pub const SET: EntityKey = (EntityKind::ExerciseSet, Id::from_u128(2));
pub const HABIT: EntityKey = (EntityKind::HabitLog, Id::from_u128(3));
pub const OTHER_HABIT: EntityKey = (EntityKind::HabitLog, Id::from_u128(4));

pub fn fields(pairs: &[(&str, Value)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect()
}

/// Sets one field of a row; a set stands under its log.
pub fn set(key: EntityKey, name: &str, value: impl Into<Value>) -> Change {
    under(key, Change::upsert(key.0, key.1, fields(&[(name, value.into())])))
}

pub fn delete(key: EntityKey) -> Change {
    under(key, Change::delete(key.0, key.1))
}

pub fn under(key: EntityKey, change: Change) -> Change {
    if layers::is_child(key.0) {
        change.under(LOG.0, LOG.1)
    } else {
        change
    }
}

pub struct Phone {
    _folder: tempfile::TempDir,
    pub connection: Connection,
    pub now: Moment,
    pub boot: Option<String>,
    pub open_epoch: i64,
    pub server: Server,
    pub debounce: Debounce,
    pub priority: Priority,
    randomness: Arc<SeededRandomness>,
}

impl Phone {
    /// A phone that has just heard its server's time, which is its own.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut connection = Connection::open(folder.path().join("steadfast.db")).expect("a file");
        migrations::migrate(&mut connection).expect("the schema");
        let mut phone = Self {
            _folder: folder,
            connection,
            now: Moment {
                wall_ms: START_MS,
                elapsed_ms: Some(1_000),
            },
            boot: Some("boot".to_owned()),
            open_epoch: 0,
            server: Server::new(),
            debounce: Debounce::None,
            priority: Priority::User,
            randomness: Arc::new(SeededRandomness::new(1)),
        };
        phone.open_again();
        phone.hear(START_MS, 1);
        phone
    }

    pub fn write<T>(&mut self, job: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let tx = self.connection.transaction()?;
        let outcome = job(&tx)?;
        tx.commit()?;
        Ok(outcome)
    }

    pub fn open_again(&mut self) {
        self.open_epoch = self.write(claim::begin_opening).expect("opened");
    }

    pub fn hear(&mut self, server_ms: i64, epoch: i64) {
        let (now, boot) = (self.now.clone(), self.boot.clone());
        self.write(|tx| account::hear(tx, ME, server_ms, epoch, &now, boot.as_deref()))
            .expect("heard");
    }

    pub fn pass(&mut self, ms: i64) {
        self.now.wall_ms += ms;
        self.now.elapsed_ms = self.now.elapsed_ms.map(|elapsed| elapsed + ms);
    }

    pub fn by(&self) -> Edit {
        Edit {
            account_id: ME.to_owned(),
            device_id: DEVICE,
            moment: self.now.clone(),
            boot_id: self.boot.clone(),
            priority: self.priority,
            debounce: self.debounce,
            randomness: Arc::clone(&self.randomness) as _,
        }
    }

    pub fn edit(&mut self, changes: impl IntoIterator<Item = Change>) -> Vec<EntityKey> {
        let by = self.by();
        self.write(|tx| by.write(tx, changes.into_iter().collect()))
            .expect("written")
    }

    pub fn edit_as_group(&mut self, changes: impl IntoIterator<Item = Change>) -> Vec<EntityKey> {
        let by = self.by();
        self.write(|tx| by.write_group(tx, changes.into_iter().collect()))
            .expect("written")
    }

    pub fn try_claim(&mut self, limit: usize, background: bool) -> Claims {
        let (now, boot, open_epoch) = (self.now.clone(), self.boot.clone(), self.open_epoch);
        let claimant = Claimant {
            account_id: ME,
            now: &now,
            boot_id: boot.as_deref(),
            open_epoch,
            limit,
            background,
        };
        self.write(|tx| claim::claim(tx, &claimant)).expect("claimed")
    }

    pub fn claim(&mut self) -> Vec<Claimed> {
        match self.try_claim(100, true) {
            Claims::Items(items) => items,
            other => panic!("{other:?}"),
        }
    }

    pub fn claim_one(&mut self) -> Claimed {
        let mut items = self.claim();
        assert_eq!(items.len(), 1, "{items:?}");
        items.remove(0)
    }

    /// The server's reply to an item; nothing is settled yet.
    pub fn push(&mut self, claimed: &Claimed) -> ItemResult {
        self.server.push(DEVICE, &claimed.item, Fault::None, self.now.wall_ms)
    }

    pub fn settle(&mut self, claimed: &Claimed, result: &ItemResult) -> Settled {
        let now_ms = self.now.wall_ms;
        let by = Settlement {
            account_id: ME,
            now_ms,
            epoch: 1,
            projections: &PROJECTIONS,
        };
        self.write(|tx| settle::settle(tx, &by, claimed, result))
            .expect("settled")
    }

    /// Sends everything that may be sent.
    pub fn sync(&mut self) {
        for claimed in self.claim() {
            let result = self.push(&claimed);
            assert!(settle::is_complete(&claimed.item, &result));
            self.settle(&claimed, &result);
        }
    }

    /// Sends everything that may be sent, and everything is refused.
    pub fn sync_refused(&mut self) {
        for claimed in self.claim() {
            self.settle(&claimed, &result(&claimed, ItemStatus::Rejected));
        }
    }

    pub fn release(&mut self, claimed: &Claimed) {
        self.write(|tx| settle::release(tx, claimed)).expect("released");
    }

    /// What the server said by another road.
    pub fn take(&mut self, key: EntityKey, name: &str, value: Value, stamp_ms: i64) {
        let stamp = Stamp {
            ms: stamp_ms,
            n: stamp_ms * 1000,
            epoch: 1,
        };
        let field = ServerField {
            value,
            stamp,
            op_id: None,
            device_id: None,
            number: None,
        };
        let row = ServerRow {
            entity_kind: key.0,
            entity_id: key.1,
            fields: BTreeMap::from([(name.to_owned(), field)]),
        };
        let taken = self.write(|tx| {
            layers::take(tx, ME, &row, 1)?;
            layers::refresh(tx, &PROJECTIONS, ME, key)
        });
        taken.expect("taken");
    }

    pub fn shown(&self, key: EntityKey) -> Option<StoredRow> {
        rows::read(&self.connection, key.0, ME, key.1).expect("a row")
    }

    pub fn is_alive(&self, key: EntityKey) -> bool {
        self.shown(key).is_some_and(|row| row.alive)
    }

    pub fn value(&self, key: EntityKey, name: &str) -> Value {
        self.shown(key).map_or(Value::Null, |row| row.fields[name].clone())
    }

    /// Every event in one line: where it stands, what it does to which row.
    pub fn events(&self) -> String {
        let sql = "SELECT status, operation, entity_kind, entity_id, fields, group_id FROM outbox ORDER BY seq";
        let mut statement = self.connection.prepare(sql).expect("a statement");
        let lines = statement.query_map([], |row| {
            let fields = edits::from_text(&row.get::<_, String>(4)?).expect("edits");
            let values = fields
                .iter()
                .filter(|(name, _)| *name != ALIVE)
                .map(|(name, edit)| format!(" {name}={}", edit.value));
            let group = row.get::<_, Option<[u8; 16]>>(5)?.map_or("", |_| " in a group");
            Ok(format!(
                "{} {} {} {}{}{group}",
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                u128::from_be_bytes(row.get(3)?),
                values.collect::<String>()
            ))
        });
        lines
            .expect("events")
            .collect::<rusqlite::Result<Vec<_>>>()
            .expect("events")
            .join("\n")
    }

    /// The edits of the newest event, as on the wire.
    pub fn newest_fields(&self) -> String {
        let stored: String = self.number("SELECT fields FROM outbox ORDER BY seq DESC LIMIT 1");
        serde_json::to_string(&edits::from_text(&stored).expect("edits")).expect("JSON")
    }

    pub fn number<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        self.connection.query_row(sql, [], |row| row.get(0)).expect("a value")
    }
}

pub fn result(claimed: &Claimed, status: ItemStatus) -> ItemResult {
    ItemResult {
        id: claimed.item.id,
        status,
        code: None,
        message: None,
        retry_after_s: None,
        rows: Vec::new(),
    }
}
