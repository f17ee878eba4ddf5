//! The room as an app calls it, on a real store.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use pollster::block_on;

use super::*;
use crate::context::{Ports, Told};
use crate::database::Database;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::domain::manual_clock::ManualClock;
use crate::domain::randomness::Randomness;
use crate::domain::time::from_ms;
use crate::event::EventSubscription;
use crate::event::{ChangedEntity, Event, Events};
use crate::metrics::health::HealthSource;
use crate::metrics::model::ProgressEntryField;
use crate::metrics::unit::MetricUnit;
use crate::outbox::edits;
use crate::outbox::rows::Fields;
use crate::wake::Wakes;

/// 2026-01-01T07:00:00Z.
pub(super) const NOW_MS: i64 = 1_767_250_800_000;
pub(super) const NOBODY: [Id; 0] = [];

/// Counts, so that ids are the same in every run.
#[derive(Default)]
struct Counting(AtomicU64);

impl Randomness for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        for (byte, count) in bytes.iter_mut().rev().zip(count.iter().rev()) {
            *byte = *count;
        }
    }
}

pub(super) struct Room {
    pub(super) metrics: Metrics,
    pub(super) context: Arc<Context>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) subscription: Arc<EventSubscription>,
    _folder: tempfile::TempDir,
}

pub(super) fn room() -> Room {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = Database::open(folder.path(), Id::from_u128(1)).expect("a new database");
    let wakes = Wakes::start().expect("a thread");
    let events = Events::new(None, wakes.clone()).expect("no listener, no thread");
    let clock = ManualClock::new(from_ms(NOW_MS));
    let ports = Ports {
        clock: Arc::clone(&clock) as _,
        randomness: Arc::new(Counting::default()),
    };
    let context = Arc::new(Context::new(
        folder.path().to_owned(),
        Arc::new(database),
        ports,
        Told { events, wakes },
        Some("boot".to_owned()),
        LOCAL_ACCOUNT.to_owned(),
    ));
    Room {
        metrics: Metrics::new(Arc::clone(&context)),
        subscription: context.events.subscribe(),
        context,
        clock,
        _folder: folder,
    }
}

impl Room {
    fn record(&self, new: NewProgressEntry) -> ProgressEntry {
        block_on(self.metrics.record(new)).expect("recorded")
    }

    pub(super) fn edit(&self, id: Id, edit: ProgressEntryEdit) -> ProgressEntry {
        block_on(self.metrics.edit(id, edit)).expect("edited")
    }

    pub(super) fn import(&self, records: Vec<HealthRecord>) -> HealthImportReport {
        block_on(self.metrics.import_health(records, None)).expect("imported")
    }

    /// As `import`, with what it came to: imported, updated, unchanged, deleted, refused.
    pub(super) fn counts(&self, records: Vec<HealthRecord>) -> [u64; 5] {
        let report = self.import(records);
        [
            report.imported,
            report.updated,
            report.unchanged,
            report.deleted,
            report.refused_count,
        ]
    }

    pub(super) fn get(&self, id: Id) -> Option<ProgressEntry> {
        match block_on(self.metrics.get(id)) {
            Ok(entry) => Some(entry),
            Err(error) => {
                assert_eq!(error.code_name(), "not_found");
                None
            }
        }
    }

    /// The outbox's events of an entry, in order: the operation and the fields.
    fn events(&self, id: Id) -> Vec<(String, String)> {
        let read = self.context.database.read(move |connection| {
            let mut statement =
                connection.prepare("SELECT operation, fields FROM outbox WHERE entity_id = ?1 ORDER BY seq")?;
            let rows = statement.query_map([id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        });
        read.wait().expect("events")
    }

    /// What the last of them says: the operation and the new values.
    pub(super) fn told(&self, id: Id) -> String {
        let (operation, fields) = self.events(id).pop().expect("an event");
        let edits = edits::from_text(&fields).expect("fields");
        let values: Fields = edits.into_iter().map(|(name, edit)| (name, edit.value)).collect();
        format!("{operation} {}", serde_json::to_string(&values).expect("JSON"))
    }

    pub(super) fn number(&self, sql: &'static str) -> i64 {
        let read = self
            .context
            .database
            .read(move |connection| Ok(connection.query_row(sql, [], |row| row.get(0))?));
        read.wait().expect("a number")
    }

    /// Rows that were ever written, of whatever table.
    pub(super) fn written(&self) -> i64 {
        let count = self
            .context
            .database
            .write(|tx| Ok(tx.query_row("SELECT total_changes()", [], |row| row.get(0))?));
        count.wait().expect("a number")
    }

    pub(super) fn queued(&self) -> i64 {
        self.number("SELECT count(*) FROM outbox")
    }

    /// What the app was told since it was last asked, without how far an import is.
    pub(super) fn announced(&self) -> Vec<Id> {
        let mut ids = Vec::new();
        let mark = Event::StorageLow { free_bytes: None };
        self.context.events.send(mark.clone());
        loop {
            match block_on(self.subscription.next()).expect("the client is open") {
                Event::Changed { entity, id } => {
                    assert_eq!(entity, ChangedEntity::ProgressEntry);
                    ids.push(id);
                }
                event if event == mark => return ids,
                _ => {}
            }
        }
    }
}

pub(super) fn at(hours: i64) -> SystemTime {
    from_ms(NOW_MS + hours * 3_600_000)
}

pub(super) fn mass(kg: f64) -> NewProgressEntry {
    NewProgressEntry::new(MetricKind::BodyMass, kg, MetricUnit::Kilogram, at(0))
}

pub(super) fn quantity(quantity: f64) -> ProgressEntryEdit {
    ProgressEntryEdit {
        quantity: Some(quantity),
        ..ProgressEntryEdit::default()
    }
}

pub(super) fn noted(notes: &str) -> ProgressEntryEdit {
    ProgressEntryEdit {
        notes: Some(notes.to_owned()),
        ..ProgressEntryEdit::default()
    }
}

pub(super) fn health(external_id: &str, kg: f64) -> HealthRecord {
    HealthRecord {
        source: HealthSource::HealthKit,
        external_id: external_id.to_owned(),
        kind: MetricKind::BodyMass,
        quantity: kg,
        unit: MetricUnit::Kilogram,
        started_at: at(0),
        ended_at: at(0),
        utc_offset_s: Some(3600),
        deleted: false,
    }
}

#[test]
fn an_entry_keeps_the_quantity_and_unit_that_the_person_entered() {
    let room = room();
    let entry = room.record(NewProgressEntry {
        utc_offset_s: Some(-18_000),
        notes: Some("after lunch".to_owned()),
        ..NewProgressEntry::new(MetricKind::BodyMass, 182.5, MetricUnit::Pound, at(0))
    });
    assert_eq!((entry.quantity, entry.unit), (182.5, MetricUnit::Pound));
    assert_eq!(
        (entry.quantity_si, entry.date.to_string().as_str()),
        (82.780_607_525, "2026-01-01")
    );
    assert_eq!(room.get(entry.id).as_ref(), Some(&entry));
    assert_eq!(
        block_on(room.metrics.latest(MetricKind::BodyMass)),
        Ok(Some(entry.clone()))
    );
    assert_eq!(block_on(room.metrics.latest(MetricKind::Height)), Ok(None));
    assert_eq!(room.announced(), [entry.id]);
    let events = room.events(entry.id);
    assert_eq!(events.len(), 1);
    insta::assert_snapshot!(events[0].1, @r#"[[{"boot_id":"boot","mono_ms":1767250800000,"wall_ms":1767250800000},{"alive":[true,1,null],"date":["2026-01-01",2,null],"kind":["body_mass",3,null],"notes":["after lunch",4,null],"quantity":[182.5,5,null],"quantity_si":[82.780607525,6,null],"recorded_at_ms":[1767250800000,7,null],"unit":["lb",8,null],"utc_offset_s":[-18000,9,null]}]]"#);
}

#[test]
fn a_bad_entry_changes_nothing() {
    let room = room();
    for bad in [
        mass(f64::NAN),
        mass(-1.0),
        mass(1_000.5),
        NewProgressEntry {
            unit: MetricUnit::Metre,
            ..mass(80.0)
        },
        NewProgressEntry {
            kind: MetricKind::Unknown,
            ..mass(80.0)
        },
    ] {
        let refused = block_on(room.metrics.record(bad)).expect_err("refused");
        assert_eq!(refused.code_name(), "invalid_argument");
    }
    assert_eq!(room.number("SELECT count(*) FROM progress_entry") + room.queued(), 0);
    assert_eq!(room.announced(), NOBODY);
}

#[test]
fn an_edit_sends_what_it_changes() {
    let room = room();
    let id = room
        .record(NewProgressEntry {
            utc_offset_s: Some(3600),
            ..mass(80.0)
        })
        .id;
    // The first event is on its way, so that the edit has one of its own.
    room.context
        .database
        .write(|tx| Ok(tx.execute("UPDATE outbox SET claim = 1", [])?))
        .wait()
        .expect("claimed");
    room.announced();
    let edited = room.edit(
        id,
        ProgressEntryEdit {
            quantity: Some(176.0),
            unit: Some(MetricUnit::Pound),
            recorded_at: Some(at(-12)),
            ..noted("on the other scale")
        },
    );
    assert_eq!(
        (edited.quantity_si, edited.date.to_string().as_str()),
        (79.832_257_12, "2025-12-31")
    );
    assert_eq!(room.get(id), Some(edited));
    assert_eq!(room.announced(), [id]);
    insta::assert_snapshot!(room.told(id), @r#"upsert {"alive":true,"date":"2025-12-31","notes":"on the other scale","quantity":176.0,"quantity_si":79.83225712,"recorded_at_ms":1767207600000,"unit":"lb","utc_offset_s":3600}"#);
}

#[test]
fn an_edit_that_changes_nothing_writes_nothing() {
    let room = room();
    let entry = room.record(NewProgressEntry {
        notes: Some("x".to_owned()),
        ..mass(80.0)
    });
    let before = room.events(entry.id);
    room.announced();
    let same = ProgressEntryEdit {
        unit: Some(MetricUnit::Kilogram),
        ..quantity(80.0)
    };
    for edit in [ProgressEntryEdit::default(), same, noted("x")] {
        assert_eq!(room.edit(entry.id, edit), entry);
    }
    assert_eq!(room.events(entry.id), before);
    assert_eq!(room.announced(), NOBODY);
}

#[test]
fn what_is_cleared_is_unknown_again() {
    let room = room();
    let id = room
        .record(NewProgressEntry {
            utc_offset_s: Some(-28_800),
            notes: Some("x".to_owned()),
            ..mass(80.0)
        })
        .id;
    assert_eq!(room.get(id).expect("stored").date.to_string(), "2025-12-31");
    let cleared = room.edit(
        id,
        ProgressEntryEdit {
            clear: vec![ProgressEntryField::Notes, ProgressEntryField::UtcOffset],
            ..ProgressEntryEdit::default()
        },
    );
    assert_eq!((cleared.notes, cleared.utc_offset_s), (None, None));
    assert_eq!(cleared.date.to_string(), "2026-01-01", "an unknown offset counts as 0");
}

#[test]
fn a_deleted_entry_is_gone_and_its_deletion_is_told() {
    let room = room();
    let id = room.record(mass(80.0)).id;
    room.announced();
    block_on(room.metrics.delete(id)).expect("deleted");
    assert_eq!(room.get(id), None);
    assert_eq!(block_on(room.metrics.latest(MetricKind::BodyMass)), Ok(None));
    assert_eq!(room.announced(), [id]);
    insta::assert_snapshot!(room.told(id), @r#"delete {"alive":false}"#);
    let queued = room.queued();
    assert_eq!(
        block_on(room.metrics.delete(id)).expect_err("gone").code_name(),
        "not_found"
    );
    assert_eq!(
        block_on(room.metrics.edit(id, quantity(81.0)))
            .expect_err("gone")
            .code_name(),
        "not_found"
    );
    assert_eq!(room.queued(), queued);
}

#[test]
fn what_its_source_has_named_is_recorded_once() {
    let room = room();
    let named = NewProgressEntry {
        source: Some("scale".to_owned()),
        external_id: Some("17".to_owned()),
        ..mass(80.0)
    };
    let first = room.record(named.clone());
    let edited = room.edit(first.id, quantity(79.0));
    assert_eq!(room.record(named.clone()), edited);
    block_on(room.metrics.delete(first.id)).expect("deleted");
    assert_eq!(
        block_on(room.metrics.record(named)).expect_err("deleted").code_name(),
        "not_found"
    );
    let nobodys = NewProgressEntry {
        external_id: Some("17".to_owned()),
        ..mass(80.0)
    };
    assert_eq!(
        block_on(room.metrics.record(nobodys)).expect_err("whose?").code_name(),
        "invalid_argument"
    );
}

#[test]
fn another_account_has_entries_of_its_own() {
    let room = room();
    let id = room.record(mass(80.0)).id;
    room.context.switch_account("somebody".to_owned());
    assert_eq!(room.get(id), None);
    assert_eq!(block_on(room.metrics.latest(MetricKind::BodyMass)), Ok(None));
    assert_eq!(room.counts(vec![health("a", 80.0)]), [1, 0, 0, 0, 0]);
    room.context.switch_account(LOCAL_ACCOUNT.to_owned());
    assert_eq!(room.counts(vec![health("a", 80.0)]), [1, 0, 0, 0, 0]);
}

#[test]
fn a_day_s_snapshot_adds_up_by_civil_date_across_midnight_and_the_change_of_the_clocks() {
    let room = room();
    // 2026-03-29 in Berlin: 00:30 in winter time, 12:00 in summer time, 23:59; and 00:30 of the next day.
    let day_ms = 1_774_742_400_000;
    for (minutes, utc_offset_s, steps) in [
        (-30, 3600, 100.0),
        (600, 7200, 4_000.0),
        (1_319, 7200, 20.0),
        (1_350, 7200, 7.0),
    ] {
        let at = from_ms(day_ms + minutes * 60_000);
        room.record(NewProgressEntry {
            utc_offset_s: Some(utc_offset_s),
            ..NewProgressEntry::new(MetricKind::Steps, steps, MetricUnit::Count, at)
        });
    }
    let (from, to) = (
        "2026-03-28".parse().expect("a date"),
        "2026-03-30".parse().expect("a date"),
    );
    let days = block_on(room.metrics.daily(MetricKind::Steps, from, to)).expect("totals");
    let sums: Vec<_> = days
        .iter()
        .map(|day| (day.date.to_string(), day.count, day.sum_si))
        .collect();
    assert_eq!(
        sums,
        [("2026-03-29".to_owned(), 3, 4_120.0), ("2026-03-30".to_owned(), 1, 7.0)]
    );
    for (from, to) in [
        (to, from),
        (CivilDate { day: 32, ..from }, to),
        (from, CivilDate { month: 13, ..to }),
    ] {
        let refused = block_on(room.metrics.daily(MetricKind::Steps, from, to)).expect_err("refused");
        assert_eq!(refused.code_name(), "invalid_argument");
    }
    let unknown = block_on(room.metrics.daily(MetricKind::Unknown, from, to)).expect_err("refused");
    assert_eq!(unknown.code_name(), "invalid_argument");
}
