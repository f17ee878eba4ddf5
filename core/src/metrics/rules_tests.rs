//! What may be entered, on which day it counts, and what an edit writes.

use std::time::SystemTime;

use proptest::prelude::*;

use super::*;
use crate::domain::time::from_ms;

/// 2026-03-29T00:00:00Z: the day on which Berlin's clocks go forward.
const SPRING_MS: i64 = 1_774_742_400_000;
/// 2026-10-25T00:00:00Z: the day on which they go back.
const AUTUMN_MS: i64 = 1_792_886_400_000;
const HOUR_MS: i64 = 3_600_000;

fn mass(kg: f64) -> NewProgressEntry {
    NewProgressEntry::new(MetricKind::BodyMass, kg, MetricUnit::Kilogram, from_ms(SPRING_MS))
}

fn stored() -> ProgressEntry {
    ProgressEntry {
        id: Id::from_u128(7),
        kind: MetricKind::BodyMass,
        quantity: 180.0,
        unit: MetricUnit::Kilogram,
        quantity_si: 180.0,
        recorded_at: from_ms(SPRING_MS),
        utc_offset_s: Some(3600),
        date: "2026-03-29".parse().expect("a date"),
        notes: Some("before breakfast".to_owned()),
        source: Some("health_kit".to_owned()),
        external_id: Some("A1".to_owned()),
        backend_id: None,
        version: 0,
        last_modified: None,
    }
}

fn named(error: SteadfastError) -> String {
    match error {
        SteadfastError::Validation { field: Some(field), .. } => field,
        other => other.to_string(),
    }
}

fn refused(new: &NewProgressEntry) -> String {
    named(fields(new).expect_err("refused"))
}

fn edit(edit: &ProgressEntryEdit) -> String {
    match edited(&stored(), edit) {
        Ok(fields) => serde_json::to_string(&fields).expect("fields are JSON"),
        Err(error) => format!("refused: {}", named(error)),
    }
}

fn date_of(ms: i64, utc_offset_s: Option<i32>) -> String {
    let new = NewProgressEntry {
        recorded_at: from_ms(ms),
        utc_offset_s,
        ..mass(80.0)
    };
    fields(&new).expect("sound")["date"]
        .as_str()
        .expect("a text")
        .to_owned()
}

#[test]
fn the_fields_that_travel_are_a_contract() {
    let new = NewProgressEntry {
        utc_offset_s: Some(7200),
        date: Some("2026-03-28".parse().expect("a date")),
        notes: Some("after\nlunch".to_owned()),
        source: Some("scale".to_owned()),
        external_id: Some("17".to_owned()),
        backend_id: Some("b-1".to_owned()),
        ..NewProgressEntry::new(MetricKind::BodyMass, 182.5, MetricUnit::Pound, from_ms(SPRING_MS))
    };
    let text = serde_json::to_string(&fields(&new).expect("sound")).expect("fields are JSON");
    insta::assert_snapshot!(text, @r#"{"backend_id":"b-1","date":"2026-03-28","external_id":"17","kind":"body_mass","notes":"after\nlunch","quantity":182.5,"quantity_si":82.780607525,"recorded_at_ms":1774742400000,"source":"scale","unit":"lb","utc_offset_s":7200}"#);
    let least = serde_json::to_string(&fields(&mass(80.0)).expect("sound")).expect("fields are JSON");
    insta::assert_snapshot!(least, @r#"{"backend_id":null,"date":"2026-03-29","external_id":null,"kind":"body_mass","notes":null,"quantity":80.0,"quantity_si":80.0,"recorded_at_ms":1774742400000,"source":null,"unit":"kg","utc_offset_s":null}"#);
}

#[test]
fn what_cannot_be_is_refused_with_the_bound_and_without_the_quantity() {
    for kind in MetricKind::ALL {
        let bounds = kind.bounds().expect("a kind of this version");
        let base = |quantity| quantity_si(kind, quantity, kind.base_unit());
        assert_eq!(base(bounds.minimum_si), Ok(bounds.minimum_si));
        assert_eq!(base(bounds.maximum_si), Ok(bounds.maximum_si));
        for wrong in [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            -1.0,
            bounds.minimum_si - 0.001,
            bounds.maximum_si * 1.000_001,
            f64::MAX,
        ] {
            let error = base(wrong).expect_err("it cannot be");
            assert!(!error.detail().contains(&wrong.to_string()), "{error}");
            assert_eq!(named(error), "quantity", "{kind:?} {wrong}");
        }
    }
    let too_heavy = quantity_si(MetricKind::BodyMass, 2_205.0, MetricUnit::Pound).expect_err("over 1000 kg");
    assert_eq!(too_heavy.detail(), "body_mass goes from 0.1 to 1000 kg");
    let all_fat = quantity_si(MetricKind::BodyFat, 18.0, MetricUnit::Fraction).expect_err("percent, probably");
    assert_eq!(all_fat.detail(), "body_fat goes from 0 to 1 fraction");
}

#[test]
fn a_unit_belongs_to_its_kinds_alone() {
    for kind in MetricKind::ALL {
        let middle = kind
            .bounds()
            .map(|bounds| bounds.maximum_si / 2.0)
            .expect("a kind of this version");
        for unit in MetricUnit::ALL.iter().copied().chain([MetricUnit::Unknown]) {
            let quantity = unit.quantity_of_si(middle).unwrap_or(1.0);
            match quantity_si(kind, quantity, unit) {
                Ok(_) => assert!(kind.units().contains(&unit)),
                Err(error) => {
                    assert!(!kind.units().contains(&unit), "{kind:?} {unit:?} {error}");
                    assert_eq!(named(error), "unit");
                }
            }
        }
    }
    let unknown = quantity_si(MetricKind::Unknown, 1.0, MetricUnit::Kilogram);
    assert_eq!(named(unknown.expect_err("of a newer version")), "kind");
}

#[test]
fn every_other_field_is_refused_by_its_name() {
    let with = |change: fn(&mut NewProgressEntry)| {
        let mut new = mass(80.0);
        change(&mut new);
        refused(&new)
    };
    assert_eq!(
        with(|new| new.recorded_at = SystemTime::UNIX_EPOCH - std::time::Duration::from_secs(1)),
        "recorded_at"
    );
    assert_eq!(with(|new| new.utc_offset_s = Some(18 * 3600 + 1)), "utc_offset_s");
    assert_eq!(
        with(|new| new.date = Some(CivilDate {
            year: 2026,
            month: 2,
            day: 29
        })),
        "date"
    );
    assert_eq!(with(|new| new.notes = Some("a\u{0}b".to_owned())), "notes");
    assert_eq!(with(|new| new.source = Some("a\nb".to_owned())), "source");
    assert_eq!(with(|new| new.external_id = Some("x".repeat(201))), "external_id");
    assert_eq!(with(|new| new.backend_id = Some("x".repeat(201))), "backend_id");
    let nobodys = NewProgressEntry {
        external_id: Some("1".to_owned()),
        ..mass(80.0)
    };
    assert_eq!(named(imported_id(&nobodys).expect_err("no source")), "source");
}

#[test]
fn an_entry_at_half_past_midnight_counts_for_the_day_of_its_own_offset() {
    // 00:30 in Berlin on the day on which the clocks go forward: winter time still, 23:30 UTC of the day before.
    assert_eq!(date_of(SPRING_MS - HOUR_MS / 2, Some(3600)), "2026-03-29");
    // The last minute of that day is in summer time.
    assert_eq!(date_of(SPRING_MS + 22 * HOUR_MS - 60_000, Some(7200)), "2026-03-29");
    assert_eq!(date_of(SPRING_MS + 22 * HOUR_MS, Some(7200)), "2026-03-30");
    // 00:30 on the day on which they go back: summer time still.
    assert_eq!(date_of(AUTUMN_MS - 3 * HOUR_MS / 2, Some(7200)), "2026-10-25");
    // 02:30 comes twice that day, an hour apart, and so does no date.
    assert_eq!(date_of(AUTUMN_MS + HOUR_MS / 2, Some(7200)), "2026-10-25");
    assert_eq!(date_of(AUTUMN_MS + 3 * HOUR_MS / 2, Some(3600)), "2026-10-25");
    // The day has 25 hours.
    assert_eq!(date_of(AUTUMN_MS + 23 * HOUR_MS - 1, Some(3600)), "2026-10-25");
    assert_eq!(date_of(AUTUMN_MS + 23 * HOUR_MS, Some(3600)), "2026-10-26");
    // Without an offset the day is that of UTC.
    assert_eq!(date_of(SPRING_MS - HOUR_MS / 2, None), "2026-03-28");
}

#[test]
fn an_edit_writes_what_it_changes() {
    let none = ProgressEntryEdit::default();
    assert_eq!(edit(&none), "{}");
    let same = ProgressEntryEdit {
        quantity: Some(180.0),
        unit: Some(MetricUnit::Kilogram),
        recorded_at: Some(from_ms(SPRING_MS)),
        date: Some("2026-03-29".parse().expect("a date")),
        ..none.clone()
    };
    assert_eq!(edit(&same), "{}");
    let pounds = ProgressEntryEdit {
        unit: Some(MetricUnit::Pound),
        ..none.clone()
    };
    insta::assert_snapshot!(edit(&pounds), @r#"{"quantity":180.0,"quantity_si":81.6466266,"source":null,"unit":"lb"}"#);
    let evening_before = ProgressEntryEdit {
        recorded_at: Some(from_ms(SPRING_MS - 2 * HOUR_MS)),
        ..none.clone()
    };
    insta::assert_snapshot!(edit(&evening_before), @r#"{"date":"2026-03-28","recorded_at_ms":1774735200000,"source":null}"#);
    let nowhere = ProgressEntryEdit {
        clear: vec![ProgressEntryField::UtcOffset, ProgressEntryField::Notes],
        ..none.clone()
    };
    insta::assert_snapshot!(edit(&nowhere), @r#"{"notes":null,"recorded_at_ms":1774742400000,"source":null,"utc_offset_s":null}"#);
    let noted = ProgressEntryEdit {
        notes: Some("after lunch".to_owned()),
        ..none
    };
    insta::assert_snapshot!(edit(&noted), @r#"{"notes":"after lunch"}"#);
}

#[test]
fn a_chosen_day_holds_until_the_entry_is_moved() {
    let mut entry = stored();
    entry.date = "2026-03-20".parse().expect("a date");
    let requantified = ProgressEntryEdit {
        quantity: Some(80.0),
        ..ProgressEntryEdit::default()
    };
    assert!(!edited(&entry, &requantified).expect("sound").contains_key("date"));
    let moved = ProgressEntryEdit {
        recorded_at: Some(from_ms(SPRING_MS + 24 * HOUR_MS)),
        ..ProgressEntryEdit::default()
    };
    assert_eq!(edited(&entry, &moved).expect("sound")["date"], "2026-03-30");
    let chosen = ProgressEntryEdit {
        date: Some(entry.date),
        ..moved
    };
    assert!(!edited(&entry, &chosen).expect("sound").contains_key("date"));
}

#[test]
fn a_bad_edit_is_refused_by_its_field() {
    let with = |change: fn(&mut ProgressEntryEdit)| {
        let mut wrong = ProgressEntryEdit::default();
        change(&mut wrong);
        edit(&wrong)
    };
    assert_eq!(with(|edit| edit.quantity = Some(f64::NAN)), "refused: quantity");
    assert_eq!(with(|edit| edit.quantity = Some(1_001.0)), "refused: quantity");
    assert_eq!(with(|edit| edit.unit = Some(MetricUnit::Metre)), "refused: unit");
    assert_eq!(with(|edit| edit.unit = Some(MetricUnit::Unknown)), "refused: unit");
    assert_eq!(
        with(|edit| edit.recorded_at = Some(from_ms(-1))),
        "refused: recorded_at"
    );
    assert_eq!(with(|edit| edit.utc_offset_s = Some(-64_801)), "refused: utc_offset_s");
    assert_eq!(
        with(|edit| edit.date = Some(CivilDate {
            year: 2026,
            month: 13,
            day: 1
        })),
        "refused: date"
    );
    assert_eq!(with(|edit| edit.notes = Some(" ".to_owned())), "refused: notes");
    assert_eq!(
        with(|edit| edit.backend_id = Some(String::new())),
        "refused: backend_id"
    );
    let both = ProgressEntryEdit {
        notes: Some("x".to_owned()),
        clear: vec![ProgressEntryField::Notes],
        ..ProgressEntryEdit::default()
    };
    assert_eq!(edit(&both), "refused: clear");
}

#[test]
fn an_entry_of_a_newer_version_can_be_noted_and_moved_but_not_requantified() {
    let newer = ProgressEntry {
        kind: MetricKind::Unknown,
        unit: MetricUnit::Unknown,
        ..stored()
    };
    let noted = ProgressEntryEdit {
        notes: Some("x".to_owned()),
        recorded_at: Some(from_ms(SPRING_MS + 1)),
        ..ProgressEntryEdit::default()
    };
    let written = edited(&newer, &noted).expect("sound");
    assert!(!written.contains_key("unit") && !written.contains_key("kind") && !written.contains_key("quantity_si"));
    let requantified = ProgressEntryEdit {
        quantity: Some(1.0),
        ..ProgressEntryEdit::default()
    };
    assert_eq!(named(edited(&newer, &requantified).expect_err("refused")), "kind");
    let newer_unit = ProgressEntry {
        unit: MetricUnit::Unknown,
        ..stored()
    };
    assert_eq!(named(edited(&newer_unit, &requantified).expect_err("refused")), "unit");
    let with_unit = ProgressEntryEdit {
        unit: Some(MetricUnit::Stone),
        ..requantified
    };
    assert!(edited(&newer_unit, &with_unit).is_ok());
}

proptest! {
    /// What an edit writes is what a new entry with the same words would have.
    #[test]
    fn an_edited_entry_is_what_it_would_be_if_it_had_been_entered_so(
        kg in 1.0_f64..900.0,
        unit in proptest::sample::select(vec![MetricUnit::Kilogram, MetricUnit::Pound, MetricUnit::Stone]),
        shift_ms in -100_000_000_i64..100_000_000,
        utc_offset_s in -64_800..=64_800,
    ) {
        let quantity = unit.quantity_of_si(kg).expect("a unit of this version");
        let moved = ProgressEntryEdit {
            quantity: Some(quantity),
            unit: Some(unit),
            recorded_at: Some(from_ms(SPRING_MS + shift_ms)),
            utc_offset_s: Some(utc_offset_s),
            ..ProgressEntryEdit::default()
        };
        let mut after = fields(&NewProgressEntry { utc_offset_s: Some(3600), ..mass(180.0) }).expect("sound");
        after.extend(edited(&stored(), &moved).expect("sound"));
        let entered = fields(&NewProgressEntry {
            utc_offset_s: Some(utc_offset_s),
            ..NewProgressEntry::new(MetricKind::BodyMass, quantity, unit, from_ms(SPRING_MS + shift_ms))
        });
        prop_assert_eq!(after, entered.expect("sound"));
    }
}
