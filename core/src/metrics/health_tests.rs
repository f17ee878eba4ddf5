//! What an import makes of a record.

use proptest::prelude::*;

use super::*;
use crate::domain::time::from_ms;

fn record(quantity: f64) -> HealthRecord {
    HealthRecord {
        source: HealthSource::HealthKit,
        external_id: "1".to_owned(),
        kind: MetricKind::BodyMass,
        quantity,
        unit: MetricUnit::Kilogram,
        started_at: from_ms(1_000),
        ended_at: from_ms(1_000),
        utc_offset_s: None,
        deleted: false,
    }
}

/// What is stored once `record` was imported.
fn stored(record: &HealthRecord) -> Known {
    Known {
        alive: true,
        source: Some(record.source.name().to_owned()),
        statement: Some(said(record)),
    }
}

#[test]
fn a_source_s_name_is_a_part_of_every_id_it_ever_gave() {
    let names = HealthSource::ALL.map(HealthSource::name);
    assert_eq!(names, ["health_kit", "health_connect"]);
    insta::assert_snapshot!(entry_id(&record(80.0)), @"3974fac3-0f29-5aca-8fa6-bf198516783b");
}

#[test]
fn what_is_decided_of_a_record() {
    use Decision::{Delete, Import, Leave, Update};
    let gone = HealthRecord {
        deleted: true,
        ..record(80.0)
    };
    let known = stored(&record(80.0));
    let own = Known {
        source: None,
        ..known.clone()
    };
    let elsewhere = Known {
        source: Some("health_connect".to_owned()),
        ..known.clone()
    };
    let tombstone = |known: &Known| Known {
        alive: false,
        ..known.clone()
    };
    let in_part = Known {
        source: None,
        statement: None,
        ..known.clone()
    };
    let bare = tombstone(&in_part);
    // The stored row; then what becomes of the same record, of a changed one, of a deleted one.
    for (what, stored, decisions) in [
        ("nothing", None, [Import, Import, Leave]),
        ("the source's entry", Some(&known), [Leave, Update, Delete]),
        ("an entry that the person edited", Some(&own), [Leave, Leave, Leave]),
        ("an entry of another source", Some(&elsewhere), [Leave, Leave, Leave]),
        ("a deleted entry", Some(&tombstone(&known)), [Leave, Import, Leave]),
        (
            "one that was edited, then deleted",
            Some(&tombstone(&own)),
            [Leave, Leave, Leave],
        ),
        ("a row in parts", Some(&in_part), [Update, Update, Delete]),
        ("a tombstone without fields", Some(&bare), [Leave, Leave, Leave]),
    ] {
        let found = [&record(80.0), &record(79.5), &gone].map(|record| decide(record, stored));
        assert_eq!(found, decisions, "{what}");
    }
}

#[test]
fn an_offset_alone_is_no_change() {
    let travelled = HealthRecord {
        utc_offset_s: Some(-3600),
        ..record(80.0)
    };
    assert_eq!(decide(&travelled, Some(&stored(&record(80.0)))), Decision::Leave);
}

#[test]
fn a_bad_record_is_refused_by_its_field() {
    let refused = |change: fn(&mut HealthRecord)| {
        let mut record = record(80.0);
        change(&mut record);
        let mut report = HealthImportReport::default();
        report.refuse(&record, &fields(&record).expect_err("refused"));
        report.refused.remove(0).reason
    };
    assert_eq!(
        refused(|record| record.quantity = f64::NAN),
        "quantity: it is no number"
    );
    assert_eq!(
        refused(|record| record.ended_at = from_ms(0)),
        "ended_at: it lies before started_at"
    );
    assert_eq!(refused(|record| record.external_id.clear()), "external_id: it is empty");
    assert_eq!(
        refused(|record| record.started_at = from_ms(-1)),
        "started_at: it is not between 1970 and 2999"
    );
    assert_eq!(
        refused(|record| record.kind = MetricKind::Unknown),
        "kind: this version knows no such kind"
    );
    let gone = HealthRecord {
        deleted: true,
        quantity: f64::NAN,
        ..record(1.0)
    };
    assert_eq!(
        fields(&gone),
        Ok(Fields::new()),
        "of a deleted record only the id is known"
    );
}

#[test]
fn a_report_counts_every_refusal_and_names_the_first_hundred() {
    let error = SteadfastError::invalid("quantity", "it is no number");
    let refusing = |count: u32| {
        let mut report = HealthImportReport::default();
        for number in 0..count {
            let external_id = format!("{number}{}", "x".repeat(500));
            report.refuse(
                &HealthRecord {
                    external_id,
                    ..record(1.0)
                },
                &error,
            );
        }
        report
    };
    for report in [refusing(150), refusing(60).and(refusing(90))] {
        assert_eq!((report.refused_count, report.refused.len()), (150, MAX_REFUSALS));
        assert_eq!(report.refused[0].external_id.len(), 200);
    }
}

proptest! {
    /// Whatever is stored, what an import leaves behind is left alone by the next.
    #[test]
    fn a_second_import_decides_to_do_nothing(
        (stored_kg, kg) in (1.0_f64..100.0, 1.0_f64..100.0),
        is_same in any::<bool>(),
        alive in any::<bool>(),
        is_own in any::<bool>(),
        is_whole in any::<bool>(),
        is_stored in any::<bool>(),
        deleted in any::<bool>(),
    ) {
        let record = HealthRecord { deleted, ..record(if is_same { stored_kg } else { kg }) };
        let mut before = stored(&HealthRecord { quantity: stored_kg, ..record.clone() });
        before.alive = alive;
        before.source = before.source.filter(|_| !is_own);
        before.statement = before.statement.filter(|_| is_whole);
        let before = Some(before).filter(|_| is_stored);
        let after = match decide(&record, before.as_ref()) {
            Decision::Leave => before,
            Decision::Import | Decision::Update => Some(stored(&record)),
            Decision::Delete => before.map(|known| Known { alive: false, ..known }),
        };
        prop_assert_eq!(decide(&record, after.as_ref()), Decision::Leave);
    }
}
