//! One test a rule of the two layers.

use serde_json::json;
use steadfast_protocol::entity::EntityKind;

use super::*;
use crate::outbox::phone_tests::{HABIT, LOG, Phone, SET, delete, set};

#[test]
fn the_higher_stamp_wins_in_whatever_order_they_arrive() {
    for order in [[10, 20, 30], [30, 20, 10], [20, 30, 10]] {
        let mut phone = Phone::new();
        for ms in order {
            phone.take(HABIT, "notes", json!(format!("at {ms}")), ms);
        }
        assert_eq!(phone.value(HABIT, "notes"), "at 30");
        let version: String = phone.number("SELECT version || ' ' || last_modified FROM habit_log");
        assert_eq!(version, "30000 30");
    }
}

#[test]
fn a_row_may_arrive_in_parts() {
    let mut phone = Phone::new();
    phone.take(HABIT, "notes", json!("a"), 10);
    let row = phone.shown(HABIT).expect("a row");
    assert!(row.alive);
    assert!(
        row.fields
            .iter()
            .all(|(name, value)| (name == "notes") != value.is_null())
    );
}

#[test]
fn what_waits_covers_the_server_s_value_field_by_field() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "mine")]);
    phone.take(HABIT, "notes", json!("theirs"), 10);
    phone.take(HABIT, "mood", json!("good"), 10);
    assert_eq!(
        (phone.value(HABIT, "notes"), phone.value(HABIT, "mood")),
        (json!("mine"), json!("good"))
    );
}

#[test]
fn a_dead_event_still_covers_the_server_s_value() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "mine")]);
    phone.sync_refused();
    phone.take(HABIT, "notes", json!("theirs"), 10);
    assert_eq!(phone.value(HABIT, "notes"), "mine");
}

#[test]
fn a_waiting_child_holds_its_root_over_a_deletion_elsewhere_and_a_deleted_child_does_not() {
    let mut phone = Phone::new();
    phone.edit([set(LOG, "notes", "a"), set(SET, "reps", 5)]);
    phone.sync();
    phone.sync();
    phone.edit([delete(SET)]);
    phone.take(LOG, ALIVE, json!(false), 4_000_000_000_000);
    assert!(!phone.is_alive(LOG));
    phone.edit([set(SET, "reps", 6)]);
    phone.take(LOG, ALIVE, json!(false), 4_000_000_000_001);
    assert!(phone.is_alive(LOG));
}

#[test]
fn of_a_root_and_its_child_in_one_merged_group_the_last_action_counts() {
    let mut phone = Phone::new();
    phone.edit([set(SET, "reps", 5), set(LOG, "notes", "a")]);
    phone.sync_refused();
    phone.edit([delete(LOG)]);
    assert!(!phone.is_alive(LOG));
    phone.edit([set(SET, "reps", 6)]);
    let visible = visible(&phone.connection, "me", LOG).expect("read").expect("a row");
    assert!(visible.row.alive && phone.is_alive(LOG));
}

#[test]
fn a_row_of_which_neither_layer_holds_anything_is_gone() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    phone
        .write(|tx| {
            tx.execute("UPDATE outbox SET status = 'discarded', completed_at_ms = 1", [])?;
            refresh(tx, &crate::outbox::machine::planted::PROJECTIONS, "me", HABIT)
        })
        .expect("refreshed");
    assert_eq!(phone.shown(HABIT), None);
}

#[test]
fn sets_and_exercises_are_children() {
    let children: Vec<EntityKind> = EntityKind::ALL.into_iter().filter(|kind| is_child(*kind)).collect();
    assert_eq!(children, [EntityKind::Exercise, EntityKind::ExerciseSet]);
}
