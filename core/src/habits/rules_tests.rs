//! The rules of the habit logs.

use proptest::prelude::*;

use super::*;
use crate::domain::instant::END_MS;
use crate::domain::time::from_ms;

const AT_MS: i64 = 1_769_612_400_000; // 2026-01-28T15:00:00Z

fn date(text: &str) -> CivilDate {
    text.parse().expect("a date")
}

fn new() -> NewHabitLog {
    NewHabitLog {
        utc_offset_s: Some(3600),
        duration_ms: Some(300_000),
        method: Some("pipe".to_owned()),
        notes: Some("on the\nbalcony".to_owned()),
        mood: Some("calm".to_owned()),
        potency: Some(40),
        ..NewHabitLog::new("smoke", from_ms(AT_MS))
    }
}

fn log(new: &NewHabitLog) -> HabitLog {
    HabitLog {
        id: Id::from_u128(1),
        kind: new.kind.clone(),
        started_at: new.started_at,
        utc_offset_s: new.utc_offset_s,
        date: new
            .date
            .unwrap_or_else(|| date_of(to_ms(new.started_at), new.utc_offset_s).expect("a moment")),
        duration_ms: new.duration_ms,
        method: new.method.clone(),
        notes: new.notes.clone(),
        mood: new.mood.clone(),
        potency: new.potency,
        source: None,
        external_id: None,
        version: 0,
        last_modified: None,
    }
}

/// The field that a check blames.
fn blamed<T: std::fmt::Debug>(checked: Result<T>) -> String {
    match checked.expect_err("refused") {
        SteadfastError::Validation { field, .. } => field.expect("a refused value has a name"),
        other => other.code_name(),
    }
}

fn text(fields: &Fields) -> String {
    serde_json::to_string(fields).expect("fields are JSON")
}

#[test]
fn a_new_log_is_refused_by_the_field_that_is_wrong() {
    assert_eq!(check_new(&new()), Ok(()));
    let with = |change: fn(&mut NewHabitLog)| {
        let mut log = new();
        change(&mut log);
        blamed(check_new(&log))
    };
    assert_eq!(with(|log| log.kind = " ".to_owned()), "kind");
    assert_eq!(with(|log| log.started_at = from_ms(-1)), "started_at");
    assert_eq!(with(|log| log.utc_offset_s = Some(-64_801)), "utc_offset_s");
    let no_date = |log: &mut NewHabitLog| {
        log.date = Some(CivilDate {
            year: 2026,
            month: 2,
            day: 29,
        });
    };
    assert_eq!(with(no_date), "date");
    assert_eq!(with(|log| log.duration_ms = Some(u64::MAX)), "duration_ms");
    assert_eq!(with(|log| log.method = Some("a\nb".to_owned())), "method");
    assert_eq!(with(|log| log.notes = Some("x".repeat(10_001))), "notes");
    assert_eq!(with(|log| log.mood = Some("x".repeat(201))), "mood");
    assert_eq!(with(|log| log.potency = Some(-1)), "potency");
    assert_eq!(with(|log| log.potency = Some(101)), "potency");
    assert_eq!(with(|log| log.source = Some("\u{0}".to_owned())), "source");
    assert_eq!(with(|log| log.external_id = Some("x".repeat(201))), "external_id");
    assert_eq!(with(|log| log.external_id = Some("1".to_owned())), "source");
}

#[test]
fn the_limits_themselves_fit() {
    let widest = NewHabitLog {
        kind: "é".repeat(200),
        duration_ms: Some(366 * 86_400_000),
        potency: Some(100),
        notes: Some("日".repeat(10_000)),
        started_at: from_ms(END_MS - 1),
        ..new()
    };
    assert_eq!(check_new(&widest), Ok(()));
    let least = NewHabitLog {
        duration_ms: Some(0),
        potency: Some(0),
        started_at: from_ms(0),
        ..new()
    };
    assert_eq!(check_new(&least), Ok(()));
}

#[test]
fn a_log_counts_to_the_day_on_which_it_began_there() {
    let day = |started_at: &str, utc_offset_s| {
        let at = chrono::DateTime::parse_from_rfc3339(started_at).expect("a time");
        let log = NewHabitLog {
            utc_offset_s,
            ..NewHabitLog::new("smoke", from_ms(at.timestamp_millis()))
        };
        fields(&log).expect("a day")["date"].as_str().map(str::to_owned)
    };
    let on = |date: &str| Some(date.to_owned());
    assert_eq!(day("2026-01-28T23:59:59.999+02:00", Some(7200)), on("2026-01-28"));
    assert_eq!(day("2026-01-29T00:00:00+02:00", Some(7200)), on("2026-01-29"));
    assert_eq!(
        day("2026-01-29T00:00:00+02:00", None),
        on("2026-01-28"),
        "an unknown offset counts as 0"
    );
    // The day of 25 hours: both half past two are the same day's, and so is the last minute.
    assert_eq!(day("2026-10-25T02:30:00+02:00", Some(7200)), on("2026-10-25"));
    assert_eq!(day("2026-10-25T02:30:00+01:00", Some(3600)), on("2026-10-25"));
    assert_eq!(day("2026-10-25T23:59:00+01:00", Some(3600)), on("2026-10-25"));
}

#[test]
fn what_a_new_log_writes_is_a_contract_and_an_empty_text_is_none() {
    insta::assert_snapshot!(text(&fields(&new()).expect("fields")), @r#"{"date":"2026-01-28","duration_ms":300000,"kind":"smoke","method":"pipe","mood":"calm","notes":"on the\nbalcony","potency":40,"started_at_ms":1769612400000,"utc_offset_s":3600}"#);
    let bare = NewHabitLog {
        date: Some(date("2026-01-27")),
        method: Some(String::new()),
        notes: Some(" \n".to_owned()),
        source: Some("health_kit".to_owned()),
        external_id: Some("A-1".to_owned()),
        ..NewHabitLog::new("smoke", from_ms(AT_MS))
    };
    insta::assert_snapshot!(text(&fields(&bare).expect("fields")), @r#"{"date":"2026-01-27","external_id":"A-1","kind":"smoke","source":"health_kit","started_at_ms":1769612400000}"#);
}

#[test]
fn the_same_external_id_is_the_same_log_and_that_of_another_source_is_not() {
    let from = |source: &str, external_id: &str| NewHabitLog {
        source: Some(source.to_owned()),
        external_id: Some(external_id.to_owned()),
        ..new()
    };
    assert_eq!(external_id(&new()), None);
    assert_eq!(
        external_id(&from("health_kit", "1")),
        external_id(&from("health_kit", "1"))
    );
    assert_ne!(
        external_id(&from("health_kit", "1")),
        external_id(&from("health_connect", "1"))
    );
    assert_ne!(
        external_id(&from("health_kit", "1")),
        external_id(&from("health_kit", "2"))
    );
}

#[test]
fn a_migrated_log_has_the_id_that_it_had_before() {
    let old = NewHabitLog {
        external_id: Some("17".to_owned()),
        ..new()
    };
    let (id, fields) = migrated(&old).expect("sound");
    assert_eq!(id, id::imported("migration", b"17"));
    assert_eq!(
        (&fields["source"], &fields["external_id"]),
        (&json!("migration"), &json!("17"))
    );
    let named = NewHabitLog {
        source: Some("isar".to_owned()),
        ..old
    };
    assert_eq!(migrated(&named).expect("sound").0, id::imported("isar", b"17"));
    assert_eq!(blamed(migrated(&new())), "external_id");
}

#[test]
fn an_edit_is_refused_by_the_field_that_is_wrong() {
    assert_eq!(check_edit(&HabitLogEdit::default()), Ok(()));
    let with = |change: fn(&mut HabitLogEdit)| {
        let mut edit = HabitLogEdit::default();
        change(&mut edit);
        blamed(check_edit(&edit))
    };
    assert_eq!(with(|edit| edit.kind = Some(String::new())), "kind");
    assert_eq!(with(|edit| edit.started_at = Some(from_ms(END_MS))), "started_at");
    assert_eq!(with(|edit| edit.utc_offset_s = Some(i32::MIN)), "utc_offset_s");
    assert_eq!(
        with(|edit| edit.duration_ms = Some(366 * 86_400_000 + 1)),
        "duration_ms"
    );
    assert_eq!(with(|edit| edit.potency = Some(i64::MAX)), "potency");
    for empty in [String::new(), "\t".to_owned()] {
        let edit = |method: bool| HabitLogEdit {
            method: method.then(|| empty.clone()),
            notes: (!method).then(|| empty.clone()),
            ..HabitLogEdit::default()
        };
        assert_eq!(blamed(check_edit(&edit(true))), "method");
        assert_eq!(blamed(check_edit(&edit(false))), "notes");
    }
}

#[test]
fn a_field_is_set_or_unset_and_not_both() {
    for field in HabitField::ALL {
        let clear = HabitLogEdit {
            clear: vec![field, field],
            ..HabitLogEdit::default()
        };
        assert_eq!(check_edit(&clear), Ok(()));
        assert_eq!(edited(&log(&new()), &clear).expect("fields")[field.name()], Value::Null);
        let set = HabitLogEdit {
            utc_offset_s: Some(0),
            duration_ms: Some(1),
            method: Some("pipe".to_owned()),
            notes: Some("windy".to_owned()),
            mood: Some("calm".to_owned()),
            potency: Some(1),
            ..clear
        };
        assert_eq!(blamed(check_edit(&set)), "clear", "{field:?}");
    }
}

#[test]
fn every_field_that_can_be_unset_is_one_of_the_kind() {
    for field in HabitField::ALL {
        assert!(
            steadfast_protocol::entity::EntityKind::HabitLog
                .field(field.name())
                .is_some()
        );
    }
}

#[test]
fn a_log_that_is_moved_counts_to_the_day_where_it_comes_to_lie() {
    let chosen = NewHabitLog {
        date: Some(date("2026-01-27")),
        ..new()
    };
    let date_by = |edit: &HabitLogEdit| edited(&log(&chosen), edit).expect("fields").get("date").cloned();
    let moved = HabitLogEdit {
        started_at: Some(from_ms(AT_MS + 86_400_000)),
        ..HabitLogEdit::default()
    };
    assert_eq!(date_by(&moved), Some(json!("2026-01-29")));
    let chosen_again = HabitLogEdit {
        date: Some(date("2026-01-28")),
        ..moved
    };
    assert_eq!(date_by(&chosen_again), Some(json!("2026-01-28")));
    let elsewhere = HabitLogEdit {
        utc_offset_s: Some(12 * 3600),
        ..HabitLogEdit::default()
    };
    assert_eq!(date_by(&elsewhere), Some(json!("2026-01-29")));
    let somewhere = HabitLogEdit {
        clear: vec![HabitField::UtcOffset],
        ..HabitLogEdit::default()
    };
    assert_eq!(date_by(&somewhere), Some(json!("2026-01-28")));
    let not_moved = HabitLogEdit {
        started_at: Some(from_ms(AT_MS)),
        utc_offset_s: Some(3600),
        potency: Some(1),
        ..HabitLogEdit::default()
    };
    assert_eq!(date_by(&not_moved), None, "the chosen date holds");
}

#[test]
fn an_edit_writes_what_it_says() {
    let edit = HabitLogEdit {
        kind: Some("coffee".to_owned()),
        method: Some("press".to_owned()),
        clear: vec![HabitField::Mood, HabitField::Potency],
        ..HabitLogEdit::default()
    };
    insta::assert_snapshot!(text(&edited(&log(&new()), &edit).expect("fields")), @r#"{"kind":"coffee","method":"press","mood":null,"potency":null}"#);
    assert!(
        edited(&log(&new()), &HabitLogEdit::default())
            .expect("fields")
            .is_empty()
    );
}

#[test]
fn the_days_of_a_total_run_forward() {
    let (first, last) = (date("2026-01-01"), date("2026-12-31"));
    assert_eq!(check_days(first, last), Ok(()));
    assert_eq!(check_days(first, first), Ok(()));
    assert_eq!(blamed(check_days(last, first)), "to_date");
    assert_eq!(blamed(check_days(CivilDate { day: 0, ..first }, last)), "from_date");
    assert_eq!(blamed(check_days(first, CivilDate { month: 13, ..last })), "to_date");
}

proptest! {
    #[test]
    fn whatever_is_accepted_has_a_day(at_ms in 0..END_MS, utc_offset_s in prop::option::of(-64_800_i32..=64_800)) {
        let log = NewHabitLog { utc_offset_s, ..NewHabitLog::new("smoke", from_ms(at_ms)) };
        prop_assert_eq!(check_new(&log), Ok(()));
        let local_ms = at_ms + i64::from(utc_offset_s.unwrap_or(0)) * 1000;
        let expected = chrono::DateTime::from_timestamp_millis(local_ms).expect("in range").format("%Y-%m-%d").to_string();
        prop_assert_eq!(&fields(&log).expect("fields")["date"], &json!(expected));
    }
}
