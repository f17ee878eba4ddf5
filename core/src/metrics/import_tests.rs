//! Health records and earlier stores, taken in as an app does, on a real store.

use std::future::Future;
use std::pin::pin;
use std::sync::mpsc;
use std::task::{self, Waker};

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_protocol::entity::EntityKind;
use steadfast_protocol::push::{ServerField, ServerRow};
use steadfast_protocol::stamp::Stamp;

use super::tests::{NOBODY, NOW_MS, Room, at, health, mass, noted, quantity, room};
use super::*;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::domain::time::from_ms;
use crate::event::Event;
use crate::metrics::health;
use crate::metrics::unit::MetricUnit;
use crate::outbox::layers;
use crate::outbox::model::Priority;
use crate::outbox::rows::Plain;

fn gone(external_id: &str) -> HealthRecord {
    HealthRecord {
        deleted: true,
        quantity: f64::NAN,
        ..health(external_id, 0.0)
    }
}

#[test]
fn importing_the_same_records_twice_changes_nothing() {
    let room = room();
    let at_night = HealthRecord {
        kind: MetricKind::HeartRate,
        quantity: 48.0,
        unit: MetricUnit::BeatsPerMinute,
        started_at: at(16),
        ..health("b", 0.0)
    };
    let records = vec![
        health("a", 80.0),
        HealthRecord {
            ended_at: at(17),
            ..at_night
        },
        gone("never seen"),
    ];
    assert_eq!(room.counts(records.clone()), [2, 0, 1, 0, 0]);
    let id = health::entry_id(&records[0]);
    assert_eq!(room.announced(), [id, health::entry_id(&records[1])]);
    let night = room.get(health::entry_id(&records[1])).expect("imported");
    assert_eq!(night.date.to_string(), "2026-01-02", "23:00 UTC is past midnight there");
    assert_eq!(night.source.as_deref(), Some("health_kit"));
    insta::assert_snapshot!(room.told(id), @r#"upsert {"alive":true,"date":"2026-01-01","external_id":"a","kind":"body_mass","quantity":80.0,"quantity_si":80.0,"recorded_at_ms":1767250800000,"source":"health_kit","unit":"kg","utc_offset_s":3600}"#);
    assert_eq!(
        room.number("SELECT sum(priority) FROM outbox"),
        2 * Priority::Background.number()
    );

    let (before, queue) = ((room.get(id), room.written()), room.queued());
    room.clock.advance(60_000);
    assert_eq!(room.counts(records), [0, 0, 3, 0, 0]);
    assert_eq!((room.get(id), room.written()), before);
    assert_eq!(room.queued(), queue);
    assert_eq!(room.announced(), NOBODY);
}

#[test]
fn a_record_that_was_changed_or_deleted_at_its_source_changes_or_deletes_its_entry() {
    let room = room();
    room.import(vec![health("a", 80.0)]);
    let id = health::entry_id(&health("a", 80.0));
    room.edit(id, noted("new scale"));
    let corrected = HealthRecord {
        utc_offset_s: None,
        started_at: at(-12),
        ..health("a", 79.5)
    };
    assert_eq!(room.counts(vec![corrected]), [0, 1, 0, 0, 0]);
    let entry = room.get(id).expect("stored");
    assert_eq!(
        (entry.quantity, entry.recorded_at, entry.utc_offset_s),
        (79.5, at(-12), None)
    );
    assert_eq!(
        (entry.date.to_string().as_str(), entry.notes.as_deref()),
        ("2025-12-31", Some("new scale"))
    );
    assert_eq!(room.counts(vec![gone("a")]), [0, 0, 0, 1, 0]);
    assert_eq!(room.get(id), None);
    assert_eq!(room.counts(vec![gone("a")]), [0, 0, 1, 0, 0]);
}

#[test]
fn a_phone_that_has_travelled_changes_no_record() {
    let room = room();
    room.import(vec![health("a", 80.0)]);
    let elsewhere = HealthRecord {
        utc_offset_s: Some(-36_000),
        ..health("a", 80.0)
    };
    assert_eq!(room.counts(vec![elsewhere.clone()]), [0, 0, 1, 0, 0]);
    assert_eq!(
        room.get(health::entry_id(&elsewhere)).expect("stored").utc_offset_s,
        Some(3600)
    );
}

#[test]
fn what_the_person_edited_here_is_theirs() {
    let room = room();
    room.import(vec![health("a", 80.0)]);
    let id = health::entry_id(&health("a", 80.0));
    let own = room.edit(id, quantity(80.4));
    assert_eq!((own.source.as_deref(), own.external_id.as_deref()), (None, Some("a")));
    for record in [health("a", 80.0), health("a", 79.0), gone("a")] {
        assert_eq!(room.counts(vec![record]), [0, 0, 1, 0, 0]);
        assert_eq!(room.get(id).as_ref(), Some(&own));
    }
}

#[test]
fn what_the_person_deleted_here_comes_back_when_its_record_is_changed_and_not_before() {
    let room = room();
    room.import(vec![health("a", 800.0)]);
    let id = health::entry_id(&health("a", 800.0));
    room.edit(id, noted("a slipped decimal point"));
    block_on(room.metrics.delete(id)).expect("deleted");
    let queued = room.queued();
    assert_eq!(room.counts(vec![health("a", 800.0)]), [0, 0, 1, 0, 0]);
    assert_eq!((room.get(id), room.queued()), (None, queued));
    assert_eq!(room.counts(vec![health("a", 80.0)]), [1, 0, 0, 0, 0]);
    let back = room.get(id).expect("imported");
    assert_eq!(
        (back.quantity, back.notes),
        (80.0, None),
        "it comes back as the record says it"
    );
    insta::assert_snapshot!(room.told(id), @r#"upsert {"alive":true,"backend_id":null,"date":"2026-01-01","external_id":"a","kind":"body_mass","notes":null,"quantity":80.0,"quantity_si":80.0,"recorded_at_ms":1767250800000,"source":"health_kit","unit":"kg","utc_offset_s":3600}"#);
}

/// What a server that heard of an entry from another device says.
fn said(room: &Room, id: Id, fields: Vec<(&'static str, Value)>) {
    let written = room.context.database.write(move |tx| {
        let stamp = Stamp {
            ms: NOW_MS + 1,
            n: 7,
            epoch: 1,
        };
        let field = |value| ServerField {
            value,
            stamp,
            op_id: None,
            device_id: None,
            number: None,
        };
        let row = ServerRow {
            entity_kind: EntityKind::ProgressEntry,
            entity_id: id,
            fields: fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), field(value)))
                .collect(),
        };
        layers::take(tx, LOCAL_ACCOUNT, &row, 1)?;
        let key = (EntityKind::ProgressEntry, id);
        layers::refresh(tx, &[&Plain(EntityKind::ProgressEntry)], LOCAL_ACCOUNT, key)
    });
    written.wait().expect("taken");
}

#[test]
fn a_deletion_that_came_from_another_device_holds() {
    let room = room();
    let id = health::entry_id(&health("a", 80.0));
    said(&room, id, vec![("alive", json!(false))]);
    assert_eq!(room.counts(vec![health("a", 80.0)]), [0, 0, 1, 0, 0]);
    assert_eq!((room.get(id), room.queued()), (None, 0));
}

#[test]
fn what_another_device_imported_is_not_imported_again() {
    let room = room();
    let id = health::entry_id(&health("a", 80.0));
    let fields = [
        ("kind", json!("body_mass")),
        ("quantity", json!(80.0)),
        ("unit", json!("kg")),
        ("quantity_si", json!(80.0)),
        ("recorded_at_ms", json!(NOW_MS)),
        ("source", json!("health_kit")),
    ];
    said(&room, id, fields.into());
    assert_eq!(room.counts(vec![health("a", 80.0)]), [0, 0, 1, 0, 0]);
    let entry = room.get(id).expect("the other device's");
    assert_eq!((entry.version, entry.last_modified), (7, Some(from_ms(NOW_MS + 1))));
    said(&room, id, vec![("source", Value::Null), ("quantity", json!(79.0))]);
    assert_eq!(
        room.counts(vec![health("a", 80.0)]),
        [0, 0, 1, 0, 0],
        "somebody edited it there"
    );
}

#[test]
fn a_quantity_is_the_same_to_the_last_bit_after_it_was_an_event() {
    let room = room();
    // Seventeen digits, as a conversion in a health store makes them.
    let records: Vec<_> = [94.477_898_328_394_79, 113.916_396_463_019_65, 98.183_792_520_113_1]
        .into_iter()
        .map(|kg| health(&kg.to_string(), kg))
        .collect();
    room.import(records.clone());
    for record in &records {
        // The row is made again from its events.
        said(&room, health::entry_id(record), vec![]);
        let entry = room.get(health::entry_id(record)).expect("imported");
        assert_eq!(entry.quantity.to_bits(), record.quantity.to_bits());
    }
    assert_eq!(room.counts(records), [0, 0, 3, 0, 0]);
}

#[test]
fn a_bad_record_is_counted_with_its_reason_and_stops_no_other() {
    let room = room();
    let too_fat = HealthRecord {
        kind: MetricKind::BodyFat,
        quantity: 21.0,
        unit: MetricUnit::Fraction,
        ..health("b", 0.0)
    };
    let report = room.import(vec![health("", 80.0), too_fat, health("c", 80.0)]);
    assert_eq!((report.imported, report.refused_count), (1, 2));
    let reasons: Vec<_> = report
        .refused
        .iter()
        .map(|refusal| (refusal.external_id.as_str(), refusal.reason.as_str()))
        .collect();
    assert_eq!(
        reasons,
        [
            ("", "external_id: it is empty"),
            ("b", "quantity: body_fat goes from 0 to 1 fraction")
        ]
    );
}

#[test]
fn of_two_records_about_one_entry_the_later_one_stands() {
    let room = room();
    let counts = room.counts(vec![health("a", 80.0), health("a", 81.0), health("b", 70.0), gone("b")]);
    assert_eq!(counts, [2, 1, 0, 1, 0]);
    assert_eq!(
        room.get(health::entry_id(&health("a", 0.0)))
            .map(|entry| entry.quantity),
        Some(81.0)
    );
    assert_eq!(room.get(health::entry_id(&health("b", 0.0))), None);
}

fn steps(count: usize) -> Vec<HealthRecord> {
    (0_u32..)
        .take(count)
        .map(|n| HealthRecord {
            kind: MetricKind::Steps,
            quantity: f64::from(n % 500),
            unit: MetricUnit::Count,
            started_at: at(i64::from(n)),
            ended_at: at(i64::from(n) + 1),
            ..health(&n.to_string(), 0.0)
        })
        .collect()
}

#[test]
fn a_long_import_is_several_transactions_and_a_cancelled_one_goes_on_where_it_stopped() {
    let room = room();
    let records = steps(2 * IMPORT_CHUNK + 500);
    let cancel = CancelToken::new();
    let mut import = pin!(room.metrics.import_health(records.clone(), Some(Arc::clone(&cancel))));
    // The first transaction is queued behind a busy store when the person cancels.
    let (release, wait) = mpsc::channel::<()>();
    let busy = room.context.database.write(move |_| Ok(wait.recv()));
    assert!(
        import
            .as_mut()
            .poll(&mut task::Context::from_waker(Waker::noop()))
            .is_pending()
    );
    cancel.cancel();
    release.send(()).expect("the store waits");
    busy.wait().expect("released").expect("sent");
    let cancelled = block_on(import);
    assert_eq!(cancelled.expect_err("cancelled").code_name(), "cancelled");
    assert_eq!(room.number("SELECT count(*) FROM progress_entry"), 1_000);
    assert_eq!(room.announced(), [Id::nil()], "a thousand rows are told as one");
    assert_eq!(room.counts(records.clone()), [1_500, 0, 1_000, 0, 0]);
    assert_eq!(room.counts(records), [0, 0, 2_500, 0, 0]);
}

fn migrated(external_id: &str, kg: f64) -> NewProgressEntry {
    NewProgressEntry {
        external_id: Some(external_id.to_owned()),
        backend_id: Some("b-1".to_owned()),
        ..mass(kg)
    }
}

#[test]
fn a_migration_is_taken_over_once_and_overwrites_nothing_after() {
    let room = room();
    let entries = vec![
        migrated("a", 80.0),
        migrated("b", 81.0),
        migrated("c", 82.0),
        migrated("a", 80.0),
    ];
    let migrate = || block_on(room.metrics.migrate(entries.clone(), None)).expect("migrated");
    let expected = MigrationReport {
        imported: 3,
        unchanged: 1,
        total: 4,
    };
    assert_eq!(migrate(), expected);
    let id = |external_id: &str| steadfast_protocol::id::imported("migration", external_id.as_bytes());
    assert_eq!(room.announced(), [id("a"), id("b"), id("c")]);
    insta::assert_snapshot!(room.told(id("a")), @r#"upsert {"alive":true,"backend_id":"b-1","date":"2026-01-01","external_id":"a","kind":"body_mass","quantity":80.0,"quantity_si":80.0,"recorded_at_ms":1767250800000,"unit":"kg"}"#);
    assert_eq!(
        room.number("SELECT min(priority) FROM outbox"),
        Priority::Background.number()
    );

    let edited = room.edit(id("a"), quantity(79.0));
    block_on(room.metrics.delete(id("b"))).expect("deleted");
    let queued = room.queued();
    let expected = MigrationReport {
        imported: 0,
        unchanged: 4,
        total: 4,
    };
    assert_eq!(migrate(), expected);
    assert_eq!((room.get(id("a")), room.get(id("b"))), (Some(edited), None));
    assert_eq!(room.queued(), queued);
}

#[test]
fn a_migration_is_all_or_nothing() {
    let room = room();
    let refused = block_on(
        room.metrics
            .migrate(vec![migrated("a", 80.0), migrated("b", -1.0)], None),
    );
    assert_eq!(refused.expect_err("a bad entry").code_name(), "invalid_argument");
    let cancel = CancelToken::new();
    cancel.cancel();
    let cancelled = block_on(room.metrics.migrate(vec![migrated("a", 80.0)], Some(cancel)));
    assert_eq!(cancelled.expect_err("cancelled").code_name(), "cancelled");
    assert_eq!(room.number("SELECT count(*) FROM progress_entry") + room.queued(), 0);
    assert_eq!(room.announced(), NOBODY);
}

#[test]
fn a_migration_of_a_thousand_entries_says_how_far_it_is() {
    let room = room();
    let entries: Vec<_> = (0..1_000).map(|n| migrated(&n.to_string(), 80.0)).collect();
    let report = block_on(room.metrics.migrate(entries, None)).expect("migrated");
    assert_eq!((report.imported, report.total), (1_000, 1_000));
    match block_on(room.subscription.next()) {
        // Newer progress takes the place of older, so nobody who is late sees more than the last.
        Some(Event::Progress { progress, .. }) => assert_eq!((progress.done, progress.total), (1_000, 1_000)),
        other => panic!("{other:?}"),
    }
}
