//! One test a rule of local edits.

use serde_json::json;

use super::*;
use crate::outbox::phone_tests::{HABIT, LOG, OTHER_HABIT, Phone, SET, delete, fields, set};
use crate::outbox::table::close_to_coalescing;

/// When the server stamped what it said first.
const START_OF_SERVER: i64 = 1_799_999_999_000;

#[test]
fn a_row_and_its_event_commit_together_or_not_at_all() {
    let mut phone = Phone::new();
    let by = phone.by();
    let failed = phone.write(|tx| {
        by.write(tx, vec![set(HABIT, "notes", "a")])?;
        Err::<(), _>(SteadfastError::invalid("later", "the disk is full"))
    });
    assert!(failed.is_err());
    assert_eq!((phone.shown(HABIT), phone.events()), (None, String::new()));
    assert_eq!(phone.edit([set(HABIT, "notes", "a")]), [HABIT]);
    assert_eq!(phone.value(HABIT, "notes"), "a");
    insta::assert_snapshot!(phone.events(), @r#"pending upsert habit_log 3 notes="a""#);
}

#[test]
fn what_says_what_is_there_already_writes_nothing() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    assert!(phone.edit([set(HABIT, "notes", "a"), delete(OTHER_HABIT)]).is_empty());
    insta::assert_snapshot!(phone.events(), @r#"pending upsert habit_log 3 notes="a""#);
}

#[test]
fn a_field_carries_its_own_number_base_moment_and_the_time_heard() {
    let mut phone = Phone::new();
    phone.take(HABIT, "notes", json!("from elsewhere"), START_OF_SERVER);
    phone.pass(5_000);
    phone.edit([set(HABIT, "notes", "mine")]);
    insta::assert_snapshot!(phone.newest_fields(), @r#"{"alive":{"value":true,"number":1,"boot_id":"boot","mono_ms":6000,"wall_ms":1800000005000,"heard":1800000000000},"notes":{"value":"mine","number":2,"base":"1799999999000-1799999999000000-1","boot_id":"boot","mono_ms":6000,"wall_ms":1800000005000,"heard":1800000000000}}"#);
}
#[test]
fn the_base_is_the_server_s_stamp_even_where_an_earlier_edit_hides_it() {
    let mut phone = Phone::new();
    phone.take(HABIT, "notes", json!("from elsewhere"), START_OF_SERVER);
    phone.edit([set(HABIT, "notes", "mine")]);
    phone.claim();
    phone.edit([set(HABIT, "notes", "mine again")]);
    let fields: FieldEdits = serde_json::from_str(&phone.newest_fields()).expect("fields");
    assert_eq!(fields["notes"].base.map(|base| base.ms), Some(START_OF_SERVER));
}

#[test]
fn a_field_edited_again_before_it_is_claimed_takes_the_last_edit_and_the_others_keep_theirs() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    phone.edit([set(HABIT, "mood", "good")]);
    phone.pass(1_000);
    phone.edit([set(HABIT, "notes", "b")]);
    insta::assert_snapshot!(phone.newest_fields(), @r#"{"alive":{"value":true,"number":7,"boot_id":"boot","mono_ms":2000,"wall_ms":1800000001000,"heard":1800000000000},"mood":{"value":"good","number":5,"boot_id":"boot","mono_ms":1000,"wall_ms":1800000000000,"heard":1800000000000},"notes":{"value":"b","number":8,"boot_id":"boot","mono_ms":2000,"wall_ms":1800000001000,"heard":1800000000000}}"#);
    insta::assert_snapshot!(phone.events(), @r#"pending upsert habit_log 3 mood="good" notes="b""#);
}

#[test]
fn an_edit_joins_the_root_s_last_event_only() {
    let mut phone = Phone::new();
    phone.edit([set(LOG, "notes", "a")]);
    phone.edit([set(SET, "reps", 5)]);
    phone.edit([set(LOG, "notes", "b")]);
    insta::assert_snapshot!(phone.events(), @r#"
    pending upsert workout_log 1 notes="a"
    pending upsert exercise_set 2 reps=5
    pending upsert workout_log 1 notes="b"
    "#);
}

#[test]
fn an_edit_does_not_join_what_was_claimed() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    let claimed = phone.claim_one();
    phone.release(&claimed);
    phone.edit([set(HABIT, "notes", "b")]);
    insta::assert_snapshot!(phone.events(), @r#"
    pending upsert habit_log 3 notes="a"
    pending upsert habit_log 3 notes="b"
    "#);
}

#[test]
fn a_deletion_is_an_event_of_its_own() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    phone.edit([delete(HABIT)]);
    phone.edit([set(HABIT, "mood", "good")]);
    assert!(phone.is_alive(HABIT));
    insta::assert_snapshot!(phone.events(), @r#"
    pending upsert habit_log 3 notes="a"
    pending delete habit_log 3
    pending upsert habit_log 3 date=null duration_ms=null external_id=null kind=null method=null mood="good" notes=null potency=null source=null started_at_ms=null utc_offset_s=null
    "#);
}

#[test]
fn a_backup_closes_every_event_to_later_edits() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    phone.write(close_to_coalescing).expect("closed");
    phone.edit([set(HABIT, "notes", "b")]);
    insta::assert_snapshot!(phone.events(), @r#"
    pending upsert habit_log 3 notes="a"
    pending upsert habit_log 3 notes="b"
    "#);
}

#[test]
fn no_edit_joins_a_group_and_no_group_joins_an_edit() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    phone.edit_as_group([set(HABIT, "notes", "b"), set(OTHER_HABIT, "notes", "b")]);
    phone.edit([set(OTHER_HABIT, "notes", "c")]);
    insta::assert_snapshot!(phone.events(), @r#"
    pending upsert habit_log 3 notes="a"
    pending upsert habit_log 3 notes="b" in a group
    pending upsert habit_log 4 notes="b" in a group
    pending upsert habit_log 4 notes="c"
    "#);
}

#[test]
fn more_than_five_hundred_changes_are_no_group() {
    let mut phone = Phone::new();
    let by = phone.by();
    let habit = |n: u128| {
        Change::upsert(
            EntityKind::HabitLog,
            Id::from_u128(1_000 + n),
            fields(&[("notes", json!("a"))]),
        )
    };
    let refused = phone.write(|tx| by.write_group(tx, (0..=500).map(habit).collect()));
    assert_eq!(refused.expect_err("refused").code_name(), "invalid_argument");
    assert_eq!(phone.events(), "");
    assert_eq!(phone.edit_as_group((0..500).map(habit)).len(), 500);
}

#[test]
fn bringing_a_deleted_row_back_unsets_what_is_not_set_again() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a"), set(HABIT, "mood", "good")]);
    phone.edit([delete(HABIT)]);
    phone.edit([set(HABIT, "notes", "b")]);
    assert_eq!(
        (phone.value(HABIT, "notes"), phone.value(HABIT, "mood")),
        (json!("b"), json!(null))
    );
    let fields: FieldEdits = serde_json::from_str(&phone.newest_fields()).expect("fields");
    assert_eq!(fields.len(), EntityKind::HabitLog.fields().len() + 1);
    assert_eq!(fields["mood"].value, Value::Null);
}

#[test]
fn writing_a_child_brings_its_root_back_and_deleting_one_does_not() {
    let mut phone = Phone::new();
    phone.edit([set(LOG, "notes", "a"), set(SET, "reps", 5)]);
    phone.edit([delete(LOG)]);
    assert_eq!(phone.edit([delete(SET)]), [SET]);
    assert!(!phone.is_alive(LOG));
    assert_eq!(phone.edit([set(SET, "reps", 6)]), [SET, LOG]);
    assert!(phone.is_alive(LOG));
}

#[test]
fn a_child_s_event_carries_the_stamp_of_its_root_s_life() {
    let mut phone = Phone::new();
    phone.take(LOG, ALIVE, json!(false), START_OF_SERVER);
    phone.edit([set(SET, "reps", 5)]);
    assert_eq!(
        phone.number::<String>("SELECT root_base FROM outbox"),
        "1799999999000-1799999999000000-1"
    );
}

#[test]
fn changes_of_one_row_in_one_write_build_on_each_other() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    phone.edit([set(HABIT, "notes", "b"), set(HABIT, "notes", "a")]);
    assert_eq!(phone.value(HABIT, "notes"), "a");
    phone.edit([delete(HABIT), set(HABIT, "mood", "good")]);
    assert_eq!(
        (phone.value(HABIT, "notes"), phone.value(HABIT, "mood")),
        (json!(null), json!("good"))
    );
}

#[test]
fn a_new_edit_takes_the_place_of_dead_events_and_of_what_waits_behind_them() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a"), set(HABIT, "mood", "good")]);
    phone.sync_refused();
    phone.pass(1_000);
    phone.edit([set(HABIT, "notes", "b")]);
    insta::assert_snapshot!(phone.events(), @r#"
    replaced upsert habit_log 3 mood="good" notes="a"
    pending upsert habit_log 3 mood="good" notes="b"
    "#);
    // `mood` keeps the number and the moment of its own edit.
    insta::assert_snapshot!(phone.newest_fields(), @r#"{"alive":{"value":true,"number":7,"boot_id":"boot","mono_ms":2000,"wall_ms":1800000001000,"heard":1800000000000},"mood":{"value":"good","number":5,"boot_id":"boot","mono_ms":1000,"wall_ms":1800000000000,"heard":1800000000000},"notes":{"value":"b","number":8,"boot_id":"boot","mono_ms":2000,"wall_ms":1800000001000,"heard":1800000000000}}"#);
}

#[test]
fn a_dead_event_is_not_replaced_while_something_of_its_root_was_sent() {
    let mut phone = Phone::new();
    phone.edit_as_group([set(HABIT, "notes", "a"), set(OTHER_HABIT, "notes", "a")]);
    phone.sync_refused();
    let third = (EntityKind::HabitLog, Id::from_u128(5));
    phone.edit([set(third, "notes", "sent")]);
    phone.claim_one();
    phone.edit_as_group([set(HABIT, "notes", "b"), set(third, "notes", "b")]);
    insta::assert_snapshot!(phone.events(), @r#"
    dead upsert habit_log 3 notes="a" in a group
    dead upsert habit_log 4 notes="a" in a group
    processing upsert habit_log 5 notes="sent"
    pending upsert habit_log 3 notes="b" in a group
    pending upsert habit_log 5 notes="b" in a group
    "#);
}

#[test]
fn what_replaces_a_group_is_a_group() {
    let mut phone = Phone::new();
    phone.edit_as_group([set(HABIT, "notes", "a"), set(OTHER_HABIT, "notes", "a")]);
    phone.sync_refused();
    phone.edit([set(OTHER_HABIT, "notes", "b")]);
    insta::assert_snapshot!(phone.events(), @r#"
    replaced upsert habit_log 3 notes="a" in a group
    replaced upsert habit_log 4 notes="a" in a group
    pending upsert habit_log 3 notes="a" in a group
    pending upsert habit_log 4 notes="b" in a group
    "#);
}

#[test]
fn a_child_that_is_new_takes_the_place_of_its_root_s_dead_events_too() {
    let mut phone = Phone::new();
    phone.edit([set(LOG, "notes", "a")]);
    phone.sync_refused();
    phone.edit([Change {
        is_new: true,
        ..set(SET, "reps", 5)
    }]);
    insta::assert_snapshot!(phone.events(), @r#"
    replaced upsert workout_log 1 notes="a"
    pending upsert workout_log 1 notes="a" in a group
    pending upsert exercise_set 2 reps=5 in a group
    "#);
}

#[test]
fn typing_waits_two_seconds_a_tap_half_a_second_and_nobody_longer_than_thirty() {
    let mut phone = Phone::new();
    let waits = |phone: &Phone| phone.number::<i64>("SELECT not_before_ms - created_at_ms FROM outbox");
    phone.debounce = Debounce::Action;
    phone.edit([set(HABIT, "notes", "a")]);
    assert_eq!(waits(&phone), 500);
    phone.debounce = Debounce::Typing;
    for n in 0..40 {
        phone.pass(1_000);
        phone.edit([set(HABIT, "notes", n.to_string())]);
        assert_eq!(waits(&phone), (n * 1_000 + 3_000).min(30_000));
    }
}

#[test]
fn a_number_is_told_to_its_last_bit() {
    // Without `float_roundtrip`, serde_json reads this text as the number above it.
    let weight: f64 = 43.499_612_866_111_484;
    let mut phone = Phone::new();
    phone.edit([set(SET, "weight", weight)]);
    let first = phone.claim_one();
    phone.release(&first);
    let second = phone.claim_one();
    assert_eq!(first.item, second.item);
    let fields = &second.item.operations[0].fields;
    assert_eq!(
        fields["weight"].value.as_f64().map(f64::to_bits),
        Some(weight.to_bits())
    );
}
