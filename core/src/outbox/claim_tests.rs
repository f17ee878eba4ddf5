//! One test a rule of claiming.

use steadfast_protocol::push::{ItemStatus, ServerField, ServerRow};

use super::*;
use crate::outbox::edit::Debounce;
use crate::outbox::layers::{self, EntityKey};
use crate::outbox::phone_tests::{HABIT, LOG, ME, OTHER_HABIT, Phone, SET, START_MS, result, set};
use crate::outbox::server_layer::ServerLayer;

fn rows(items: &[Claimed]) -> Vec<EntityKey> {
    let operations = items.iter().flat_map(|item| &item.item.operations);
    operations
        .map(|operation| (operation.entity_kind, operation.entity_id))
        .collect()
}

fn due(phone: &Phone, background: bool) -> Option<i64> {
    next_due_ms(&phone.connection, ME, phone.now.wall_ms, background).expect("a time")
}

#[test]
fn of_a_root_only_the_first_open_event_is_claimed() {
    let mut phone = Phone::new();
    phone.edit([set(LOG, "notes", "a"), set(SET, "reps", 5), set(HABIT, "notes", "a")]);
    assert_eq!(rows(&phone.claim()), [LOG, HABIT]);
    assert_eq!(rows(&phone.claim()), []);
}

#[test]
fn a_dead_event_blocks_its_own_root_and_nothing_else() {
    let mut phone = Phone::new();
    phone.edit([set(LOG, "notes", "a"), set(SET, "reps", 5), set(HABIT, "notes", "a")]);
    let items = phone.claim();
    phone.settle(&items[0], &result(&items[0], ItemStatus::Rejected));
    phone.release(&items[1]);
    assert_eq!(rows(&phone.claim()), [HABIT]);
}

#[test]
fn what_the_user_did_goes_first_then_what_is_older() {
    let mut phone = Phone::new();
    phone.priority = Priority::Background;
    phone.edit([set(LOG, "notes", "imported")]);
    phone.priority = Priority::User;
    phone.edit([set(HABIT, "notes", "a"), set(OTHER_HABIT, "notes", "a")]);
    assert_eq!(rows(&phone.claim()), [HABIT, OTHER_HABIT, LOG]);
}

#[test]
fn background_events_are_left_alone_where_the_link_costs() {
    let mut phone = Phone::new();
    phone.priority = Priority::Background;
    phone.edit([set(LOG, "notes", "imported")]);
    assert_eq!(phone.try_claim(10, false), Claims::Items(Vec::new()));
    assert_eq!((due(&phone, false), due(&phone, true)), (None, Some(START_MS)));
}

#[test]
fn nothing_is_claimed_before_the_server_s_time_was_heard_in_this_boot() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    phone.boot = Some("the next boot".to_owned());
    assert_eq!(phone.try_claim(10, true), Claims::NeedsServerTime);
    phone.hear(START_MS, 1);
    assert_eq!(rows(&phone.claim()), [HABIT]);
}

#[test]
fn a_phone_that_names_no_boot_hears_the_time_anew_after_every_opening() {
    let mut phone = Phone::new();
    phone.boot = None;
    phone.hear(START_MS, 1);
    phone.edit([set(HABIT, "notes", "a")]);
    phone.open_again();
    assert_eq!(phone.try_claim(10, true), Claims::NeedsServerTime);
}

#[test]
fn nothing_is_claimed_after_a_restoration_of_the_server_before_its_snapshot() {
    let mut phone = Phone::new();
    phone.take(HABIT, "notes", "a".into(), START_MS);
    phone.edit([set(HABIT, "notes", "b")]);
    phone.hear(START_MS, 2);
    assert_eq!(phone.try_claim(10, true), Claims::NeedsSnapshot);
}

/// A layer as the server would say it.
fn said((entity_kind, entity_id): EntityKey, layer: &ServerLayer) -> ServerRow {
    let fields = layer.fields.iter().map(|(name, said)| {
        let field = ServerField {
            value: said.value.clone(),
            stamp: said.written.stamp,
            op_id: said.written.op_id,
            device_id: said.written.device_id,
            number: said.number,
        };
        (name.clone(), field)
    });
    ServerRow {
        entity_kind,
        entity_id,
        fields: fields.collect(),
    }
}

#[test]
fn a_snapshot_is_awaited_until_the_last_of_it_is_confirmed_whatever_the_cursor_says() {
    let mut phone = Phone::new();
    phone.take(HABIT, "notes", "a".into(), START_MS);
    phone.take(OTHER_HABIT, "notes", "b".into(), START_MS);
    phone.edit([set(HABIT, "notes", "mine")]);
    phone.hear(START_MS, 2);
    let confirm = |phone: &mut Phone, key| {
        let known = layers::server(&phone.connection, ME, key).expect("a layer");
        let row = said(key, &known);
        phone.write(|tx| layers::take(tx, ME, &row, 2)).expect("taken");
    };
    confirm(&mut phone, HABIT);
    phone
        .write(|tx| Ok(tx.execute("UPDATE account SET cursor = 7", [])?))
        .expect("a page");
    assert_eq!(
        phone.try_claim(10, true),
        Claims::NeedsSnapshot,
        "the other row is not confirmed"
    );
    confirm(&mut phone, OTHER_HABIT);
    assert_eq!(phone.claim().len(), 1);
    assert_eq!(
        phone.number::<i64>("SELECT awaits_snapshot FROM account"),
        0,
        "nothing is searched for any more"
    );
}

#[test]
fn claiming_freezes_the_server_s_time_of_the_edit_whatever_the_wall_clock_does() {
    let mut phone = Phone::new();
    phone.pass(10_000);
    phone.edit([set(HABIT, "notes", "a")]);
    phone.pass(60_000);
    phone.now.wall_ms -= 31_536_000_000;
    let first = phone.claim_one();
    assert_eq!(first.item.operations[0].fields["notes"].at, Some(START_MS + 10_000));
    insta::assert_snapshot!(phone.newest_fields(), @r#"{"alive":{"value":true,"number":1,"boot_id":"boot","mono_ms":11000,"wall_ms":1800000010000,"heard":1800000000000,"at":1800000010000},"notes":{"value":"a","number":2,"boot_id":"boot","mono_ms":11000,"wall_ms":1800000010000,"heard":1800000000000,"at":1800000010000}}"#);
    phone.release(&first);
    phone.pass(60_000);
    assert_eq!(phone.claim_one().item, first.item, "it is frozen");
}

#[test]
fn an_edit_from_the_future_was_made_now() {
    let mut phone = Phone::new();
    phone.now.wall_ms += 31_536_000_000;
    phone.edit([set(HABIT, "notes", "a")]);
    phone.now = crate::domain::time::Moment {
        wall_ms: START_MS + 5_000,
        elapsed_ms: Some(10),
    };
    phone.boot = Some("the next boot".to_owned());
    phone.hear(START_MS + 5_000, 1);
    assert_eq!(
        phone.claim_one().item.operations[0].fields["notes"].at,
        Some(START_MS + 5_000)
    );
}

#[test]
fn every_claim_is_counted_and_fenced_by_its_opening() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    let first = phone.claim_one();
    phone.open_again();
    let second = phone.claim_one();
    assert_eq!((first.events[0].1, first.open_epoch), (1, 1));
    assert_eq!((second.events[0].1, second.open_epoch), (2, 2));
}

#[test]
fn what_was_in_flight_when_a_process_ended_is_sent_alone() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a"), set(LOG, "notes", "a")]);
    assert!(phone.try_claim(1, true) != Claims::Items(Vec::new()));
    phone.open_again();
    let alone: Vec<bool> = phone.claim().iter().map(|claimed| claimed.alone).collect();
    assert_eq!(alone, [true, false]);
}

#[test]
fn a_group_is_one_item_in_local_order() {
    let mut phone = Phone::new();
    phone.edit_as_group([set(HABIT, "notes", "a"), set(SET, "reps", 5), set(LOG, "notes", "a")]);
    let claimed = phone.claim_one();
    assert_eq!(rows(std::slice::from_ref(&claimed)), [HABIT, SET, LOG]);
    assert_eq!(claimed.events.len(), 3);
}

#[test]
fn a_group_waits_for_every_root_of_its_members() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "first")]);
    phone.edit_as_group([set(HABIT, "notes", "a"), set(OTHER_HABIT, "notes", "a")]);
    assert_eq!(rows(&phone.claim()), [HABIT]);
    assert_eq!(due(&phone, true), None);
}

#[test]
fn a_group_that_must_wait_takes_nobody_s_place() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    phone.sync_refused();
    // A group cannot replace the dead event while another of its roots is under way.
    phone.edit([set(OTHER_HABIT, "notes", "sent")]);
    let sent = phone.claim_one();
    phone.edit_as_group([
        set(LOG, "notes", "a"),
        set(HABIT, "notes", "b"),
        set(OTHER_HABIT, "notes", "b"),
    ]);
    phone.release(&sent);
    let Claims::Items(items) = phone.try_claim(1, true) else {
        panic!("nothing keeps it")
    };
    assert_eq!(rows(&items), [OTHER_HABIT]);
    let last = (steadfast_protocol::entity::EntityKind::HabitLog, Id::from_u128(77));
    phone.edit([set(last, "notes", "a")]);
    let Claims::Items(items) = phone.try_claim(1, true) else {
        panic!("nothing keeps it")
    };
    assert_eq!(rows(&items), [last], "the group is first in line, and blocked");
}

#[test]
fn an_event_waits_for_its_time_and_the_wake_up_says_when() {
    let mut phone = Phone::new();
    assert_eq!(due(&phone, true), None, "nothing queued, no wake-up");
    phone.debounce = Debounce::Typing;
    phone.edit([set(HABIT, "notes", "a")]);
    assert_eq!(
        (rows(&phone.claim()), due(&phone, true)),
        (Vec::new(), Some(START_MS + 2_000))
    );
    phone.pass(2_000);
    assert_eq!(due(&phone, true), Some(START_MS + 2_000));
    assert_eq!(rows(&phone.claim()), [HABIT]);
}

#[test]
fn a_deadline_farther_than_the_longest_wait_was_written_under_another_clock_and_is_due() {
    let mut phone = Phone::new();
    phone.debounce = Debounce::Typing;
    phone.edit([set(HABIT, "notes", "a")]);
    phone.now.wall_ms -= MAX_WAIT_MS;
    assert_eq!(due(&phone, true), Some(phone.now.wall_ms));
    assert_eq!(rows(&phone.claim()), [HABIT]);
}

#[test]
fn no_event_leaves_for_another_account() {
    let mut phone = Phone::new();
    let by = phone.by().for_account("somebody".to_owned());
    phone
        .write(|tx| by.write(tx, vec![set(HABIT, "notes", "a")]))
        .expect("written");
    assert_eq!((rows(&phone.claim()), due(&phone, true)), (Vec::new(), None));
}
