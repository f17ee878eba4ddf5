//! The training days as an app calls them, on a real folder. The habits' tests use the same store.

mod against_a_model;
mod calls;
mod migration;

use std::sync::Arc;

use pollster::block_on;
use rusqlite::Row;
use serde_json::Value;
use steadfast_protocol::entity::{ALIVE, EntityKind};

use super::api::Programs;
use super::model::{Completion, Intensity, ProgramSessionImport, ScheduledDay};
use crate::context::{Context, Ports, Told};
use crate::database::Database;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::domain::civil_date::CivilDate;
use crate::domain::id::Id;
use crate::domain::manual_clock::ManualClock;
use crate::domain::migration::MigrationReport;
use crate::domain::program_day::ProgramDay;
use crate::domain::randomness::SystemRandomness;
use crate::domain::time::from_ms;
use crate::error::Result;
use crate::event::{Event, EventSubscription, Events};
use crate::outbox::edits;
use crate::outbox::rows::{self, Fields, StoredRow};
use crate::wake::Wakes;

/// 2026-01-28T15:00:00Z.
pub(crate) const NOW_MS: i64 = 1_769_612_400_000;

/// An open store whose clock is moved by hand.
pub(crate) struct Store {
    pub(crate) context: Arc<Context>,
    pub(crate) clock: Arc<ManualClock>,
    told: Arc<EventSubscription>,
    // Removed when the store is closed.
    _folder: tempfile::TempDir,
}

/// An event of the queue, as far as these tests look at it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Queued {
    pub(crate) entity_id: Id,
    pub(crate) operation: String,
    pub(crate) fields: String,
    pub(crate) status: String,
    pub(crate) priority: i64,
    pub(crate) group_id: Option<Vec<u8>>,
    /// Milliseconds after [`NOW_MS`] at which it may be sent.
    pub(crate) waits_until: Option<i64>,
}

impl Queued {
    /// What it says of each field, without the circumstances.
    pub(crate) fn values(&self) -> String {
        let edits = edits::from_text(&self.fields).unwrap().into_iter();
        edits
            .map(|(name, edit)| (name, edit.value))
            .collect::<Value>()
            .to_string()
    }
}

impl Store {
    /// An empty one, at [`NOW_MS`].
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::new(from_ms(NOW_MS));
        let ports = Ports {
            clock: Arc::clone(&clock) as _,
            randomness: Arc::new(SystemRandomness),
        };
        let wakes = Wakes::start().unwrap();
        let events = Events::new(None, wakes.clone()).unwrap();
        let told = events.subscribe();
        let database = Database::open(folder.path(), Id::from_u128(1)).unwrap();
        let context = Context::new(
            folder.path().to_owned(),
            Arc::new(database),
            ports,
            Told { events, wakes },
            Some("boot".to_owned()),
            LOCAL_ACCOUNT.to_owned(),
        );
        Self {
            context: Arc::new(context),
            clock,
            told,
            _folder: folder,
        }
    }

    /// The queue in its order, closed events too.
    pub(crate) fn queue(&self) -> Vec<Queued> {
        let sql =
            "SELECT entity_id, operation, fields, status, priority, group_id, not_before_ms FROM outbox ORDER BY seq";
        let queued = |row: &Row<'_>| {
            Ok(Queued {
                entity_id: Id::from_bytes(row.get(0)?),
                operation: row.get(1)?,
                fields: row.get(2)?,
                status: row.get(3)?,
                priority: row.get(4)?,
                group_id: row.get(5)?,
                waits_until: row.get::<_, Option<i64>>(6)?.map(|at| at - NOW_MS),
            })
        };
        let read = self.context.database.read(move |connection| {
            let mut statement = connection.prepare(sql)?;
            Ok(statement.query_map([], queued)?.collect::<rusqlite::Result<_>>()?)
        });
        read.wait().unwrap()
    }

    /// The row as it is stored, deleted or not.
    pub(crate) fn row(&self, kind: EntityKind, id: Id) -> Option<StoredRow> {
        let read = move |connection: &rusqlite::Connection| rows::read(connection, kind, LOCAL_ACCOUNT, id);
        self.context.database.read(read).wait().unwrap()
    }

    /// What the queue says of the row, event by event.
    pub(crate) fn row_by_queue(&self, kind: EntityKind, id: Id) -> StoredRow {
        let mut fields: Fields = kind
            .fields()
            .iter()
            .map(|field| (field.name.to_owned(), Value::Null))
            .collect();
        for event in self.queue().iter().filter(|event| event.entity_id == id) {
            for (name, edit) in edits::from_text(&event.fields).unwrap() {
                fields.insert(name, edit.value);
            }
        }
        let alive = fields.remove(ALIVE) == Some(Value::Bool(true));
        StoredRow { alive, fields }
    }

    /// The ids that were announced since the last call.
    pub(crate) fn announced(&self) -> Vec<Id> {
        let end = Event::StorageLow { free_bytes: None };
        self.context.events.send(end.clone());
        let mut ids = Vec::new();
        loop {
            match block_on(self.told.next()).unwrap() {
                Event::Changed { id, .. } => ids.push(id),
                Event::Progress { .. } => {}
                event => {
                    assert_eq!(event, end);
                    return ids;
                }
            }
        }
    }

    /// The database refuses the row from now on, as it would for want of space.
    pub(crate) fn refuse(&self, table: &str, condition: &str) {
        let sql = format!(
            "CREATE TRIGGER refuse BEFORE INSERT ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, 'refused'); END"
        );
        let create = self.context.database.write(move |tx| Ok(tx.execute_batch(&sql)?));
        create.wait().unwrap();
    }

    /// How SQLite goes about each statement.
    pub(crate) fn plans<const N: usize>(&self, statements: [String; N]) -> String {
        let plan = |connection: &rusqlite::Connection, sql: &String| {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let values = vec![rusqlite::types::Value::Null; statement.parameter_count()];
            let steps = statement.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3))?;
            Ok(steps.collect::<rusqlite::Result<Vec<_>>>()?.join("; "))
        };
        let read = self.context.database.read(move |connection| {
            statements
                .iter()
                .map(|sql| plan(connection, sql))
                .collect::<Result<Vec<_>>>()
        });
        read.wait().unwrap().join("\n")
    }

    /// The programs of the store's account.
    fn programs(&self) -> Programs {
        Programs::new(Arc::clone(&self.context))
    }
}

/// A day of the one program of these tests.
pub(crate) fn day(week: u32, day: u32) -> ProgramDay {
    ProgramDay {
        program_id: "5x5".to_owned(),
        week,
        day,
    }
}

pub(crate) fn date(text: &str) -> CivilDate {
    text.parse().unwrap()
}

fn completion(at_ms: i64) -> Completion {
    Completion {
        completed_at: from_ms(at_ms),
        utc_offset_s: Some(3600),
        intensity: None,
        scheduled_date: None,
    }
}

fn scheduled(program_day: ProgramDay, on: Option<&str>) -> ScheduledDay {
    ScheduledDay {
        program_day,
        date: on.map(date),
    }
}

fn import(program_day: ProgramDay, completed_ms: i64) -> ProgramSessionImport {
    ProgramSessionImport {
        program_day,
        completed_at: Some(from_ms(completed_ms)),
        completed_utc_offset_s: Some(-18_000),
        intensity: Some(Intensity::Easy),
        scheduled_date: Some(date("2025-12-24")),
    }
}

pub(crate) fn report(imported: u64, unchanged: u64) -> MigrationReport {
    MigrationReport {
        imported,
        unchanged,
        total: imported + unchanged,
    }
}
