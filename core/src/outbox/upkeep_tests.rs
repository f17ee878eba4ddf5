//! One test a rule of what is done to events by hand.

use super::*;
use crate::outbox::machine::planted::PROJECTIONS;
use crate::outbox::phone_tests::{HABIT, LOG, ME, OTHER_HABIT, Phone, SET, result, set};
use steadfast_protocol::push::ItemStatus;

fn op_id(phone: &Phone, number: u32) -> Id {
    Id::from_bytes(phone.number(&format!(
        "SELECT op_id FROM outbox ORDER BY seq LIMIT 1 OFFSET {number}"
    )))
}

fn give_up(phone: &mut Phone, number: u32) -> Discarded {
    let (op_id, now_ms) = (op_id(phone, number), phone.now.wall_ms);
    phone
        .write(|tx| discard(tx, &PROJECTIONS, ME, &[op_id], now_ms))
        .expect("discarded")
}

fn again(phone: &mut Phone, number: u32) -> u64 {
    let (op_id, now_ms) = (op_id(phone, number), phone.now.wall_ms);
    phone.write(|tx| retry(tx, ME, &[op_id], now_ms)).expect("retried")
}

#[test]
fn a_dead_event_is_sent_again_as_it_was_with_all_its_attempts() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    let first = phone.claim_one();
    phone.settle(&first, &result(&first, ItemStatus::Rejected));
    assert_eq!(again(&mut phone, 0), 1);
    assert_eq!(phone.number::<i64>("SELECT attempt FROM outbox"), 0);
    assert_eq!(phone.claim_one().item, first.item);
}

#[test]
fn what_is_in_flight_is_sent_again_only_if_it_is_stale() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    let first = phone.claim_one();
    assert_eq!(again(&mut phone, 0), 0);
    phone.pass(STALE_MS);
    assert_eq!(stale(&phone.connection, ME, phone.now.wall_ms).expect("read").len(), 1);
    assert_eq!(again(&mut phone, 0), 1);
    let reply = phone.push(&first);
    assert!(
        !phone.settle(&first, &reply).taken,
        "the old claim settles nothing any more"
    );
}

fn stale_rows(phone: &Phone) -> Vec<Id> {
    let found = stale(&phone.connection, ME, phone.now.wall_ms).expect("read");
    found.into_iter().map(|event| event.entity_id).collect()
}

#[test]
fn what_is_stale_is_the_event_that_holds_the_others_up() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    phone.write(table::close_to_coalescing).expect("closed");
    phone.edit([set(HABIT, "notes", "b")]);
    phone.edit([set(OTHER_HABIT, "notes", "a")]);
    phone.pass(STALE_MS);
    assert_eq!(
        stale_rows(&phone),
        [HABIT.1, OTHER_HABIT.1],
        "the first of its row alone"
    );
}

#[test]
fn what_waits_behind_a_dead_event_is_not_stale_nor_is_the_group_that_it_belongs_to() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    let first = phone.claim_one();
    // Under way when the next edits come, so that they stand for themselves.
    phone.edit_as_group([set(HABIT, "notes", "b"), set(OTHER_HABIT, "notes", "b")]);
    phone.edit([set(SET, "reps", 5)]);
    phone.settle(&first, &result(&first, ItemStatus::Rejected));
    phone.pass(STALE_MS);
    assert_eq!(stale_rows(&phone), [SET.1]);
    assert_eq!(again(&mut phone, 0), 1, "somebody looked at the dead one");
    phone.pass(STALE_MS);
    assert_eq!(stale_rows(&phone), [HABIT.1, SET.1]);
}

#[test]
fn the_members_of_a_group_are_sent_again_and_given_up_together() {
    let mut phone = Phone::new();
    phone.edit_as_group([set(HABIT, "notes", "a"), set(OTHER_HABIT, "notes", "a")]);
    phone.sync_refused();
    assert_eq!(again(&mut phone, 1), 2);
    let discarded = give_up(&mut phone, 0);
    assert_eq!((discarded.count, discarded.changed), (2, vec![HABIT, OTHER_HABIT]));
}

#[test]
fn what_is_given_up_is_counted_kept_and_no_longer_seen() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "server")]);
    phone.sync();
    phone.edit([set(HABIT, "notes", "mine")]);
    assert_eq!(give_up(&mut phone, 1).count, 1);
    assert_eq!(phone.value(HABIT, "notes"), "server");
    assert_eq!(give_up(&mut phone, 1).count, 0, "once");
    insta::assert_snapshot!(phone.events(), @r#"
    completed upsert habit_log 3 notes="server"
    discarded upsert habit_log 3 notes="mine"
    "#);
}

#[test]
fn giving_up_the_first_event_of_a_row_takes_what_rests_on_it_along() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "kind", "smoke")]);
    phone.write(table::close_to_coalescing).expect("closed");
    phone.edit([set(HABIT, "notes", "first")]);
    phone.write(table::close_to_coalescing).expect("closed");
    phone.edit([set(HABIT, "notes", "second")]);
    assert_eq!(give_up(&mut phone, 2).count, 1, "a later one goes alone");
    assert_eq!(give_up(&mut phone, 0).count, 2, "the first one does not");
    insta::assert_snapshot!(phone.events(), @r#"
    discarded upsert habit_log 3 kind="smoke"
    discarded upsert habit_log 3 notes="first"
    discarded upsert habit_log 3 notes="second"
    "#);
}

#[test]
fn what_is_in_flight_cannot_be_given_up() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    phone.claim_one();
    assert_eq!(give_up(&mut phone, 0).count, 0);
    assert_eq!(phone.value(HABIT, "notes"), "a");
}

#[test]
fn giving_up_a_child_s_edit_lets_its_root_go_as_well() {
    let mut phone = Phone::new();
    phone.edit([set(SET, "reps", 5)]);
    assert!(phone.is_alive(LOG));
    assert_eq!(give_up(&mut phone, 0).changed, [LOG, SET]);
    assert_eq!((phone.shown(LOG), phone.shown(SET)), (None, None));
}

#[test]
fn another_account_s_events_are_left_alone() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    phone.sync_refused();
    let op_id = op_id(&phone, 0);
    let (retried, discarded) = phone
        .write(|tx| {
            Ok((
                retry(tx, "somebody", &[op_id], 0)?,
                discard(tx, &PROJECTIONS, "somebody", &[op_id], 0)?,
            ))
        })
        .expect("written");
    assert_eq!((retried, discarded.count), (0, 0));
}
