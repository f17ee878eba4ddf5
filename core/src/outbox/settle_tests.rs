//! One test a rule of settling.

use serde_json::json;
use steadfast_protocol::push::ServerField;

use super::*;
use crate::outbox::machine::planted::PROJECTIONS;
use crate::outbox::phone_tests::{HABIT, LOG, ME, OTHER_HABIT, Phone, SET, START_MS, delete, result, set};

#[test]
fn what_the_server_took_is_completed_with_its_row_and_its_layer() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    let claimed = phone.claim_one();
    let reply = phone.push(&claimed);
    let settled = phone.settle(&claimed, &reply);
    assert_eq!(
        (settled.taken, settled.died, settled.changed),
        (true, false, vec![HABIT])
    );
    assert_eq!(phone.value(HABIT, "notes"), "a");
    assert_eq!(phone.number::<i64>("SELECT version FROM habit_log"), START_MS * 1000);
    insta::assert_snapshot!(phone.events(), @r#"completed upsert habit_log 3 notes="a""#);
}

#[test]
fn duplicate_and_superseded_are_taken_too() {
    for status in [ItemStatus::Duplicate, ItemStatus::Superseded] {
        let mut phone = Phone::new();
        phone.edit([set(HABIT, "notes", "a")]);
        let claimed = phone.claim_one();
        let reply = ItemResult {
            status,
            ..phone.push(&claimed)
        };
        assert!(phone.settle(&claimed, &reply).taken, "{status:?}");
    }
}

#[test]
fn a_value_that_lost_gives_way_to_the_server_s_and_is_kept_as_a_conflict() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "mine")]);
    let claimed = phone.claim_one();
    phone.pass(1_000);
    let theirs = std::collections::BTreeMap::from([("notes".to_owned(), json!("theirs"))]);
    phone
        .server
        .edit_elsewhere(HABIT, &theirs, Id::from_u128(99), START_MS + 1_000);
    let reply = phone.push(&claimed);
    phone.settle(&claimed, &reply);
    assert_eq!(phone.value(HABIT, "notes"), "theirs");
    let kept: String = phone.number("SELECT kept_value || ' over ' || lost_value FROM conflict");
    assert_eq!(kept, r#""theirs" over "mine""#);
}

#[test]
fn a_result_for_an_old_claim_changes_nothing() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    let first = phone.claim_one();
    phone.release(&first);
    let reply = phone.push(&first);
    assert_eq!(phone.settle(&first, &reply), Settled::default(), "not in flight");
    let second = phone.claim_one();
    assert_eq!(
        phone.settle(&first, &reply),
        Settled::default(),
        "in flight under another claim"
    );
    phone.release(&first);
    assert_eq!(phone.number::<String>("SELECT status FROM outbox"), "processing");
    phone.open_again();
    assert_eq!(
        phone.settle(&second, &reply),
        Settled::default(),
        "of an earlier opening"
    );
    assert_eq!(phone.number::<i64>("SELECT count(*) FROM server_row"), 0);
}

#[test]
fn a_result_settles_nothing_of_another_account() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    let claimed = phone.claim_one();
    let reply = phone.push(&claimed);
    let by = Settlement {
        account_id: "somebody",
        now_ms: START_MS,
        epoch: 1,
        projections: &PROJECTIONS,
    };
    let settled = phone.write(|tx| settle(tx, &by, &claimed, &reply)).expect("settled");
    assert_eq!(settled, Settled::default());
    assert_eq!(phone.number::<i64>("SELECT count(*) FROM server_row"), 0);
    assert!(phone.settle(&claimed, &reply).taken, "it is still {ME}'s");
}

#[test]
fn what_is_rejected_is_dead_and_still_to_be_seen() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    let claimed = phone.claim_one();
    let why = ItemResult {
        code: Some("too_long".to_owned()),
        ..result(&claimed, ItemStatus::Rejected)
    };
    assert!(phone.settle(&claimed, &why).died);
    assert_eq!(phone.value(HABIT, "notes"), "a");
    assert_eq!(
        phone.number::<String>("SELECT status || ' ' || error_class || ' ' || error_code FROM outbox"),
        "dead rejected too_long"
    );
}

#[test]
fn a_conflict_is_dead_under_that_code() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    let claimed = phone.claim_one();
    assert!(phone.settle(&claimed, &result(&claimed, ItemStatus::Conflict)).died);
    assert_eq!(phone.number::<String>("SELECT error_code FROM outbox"), "conflict");
}

#[test]
fn a_failed_request_costs_no_attempt_however_often() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    for _ in 0..50 {
        let claimed = phone.claim_one();
        phone.release(&claimed);
    }
    assert_eq!(
        phone.number::<String>("SELECT status || ' ' || attempt || ' ' || claim FROM outbox"),
        "pending 0 50"
    );
}

#[test]
fn an_item_s_own_errors_hold_it_back_longer_and_longer_and_kill_it_in_the_end() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    for wait in [1_000, 5_000, 30_000, 120_000] {
        let claimed = phone.claim_one();
        assert!(!phone.settle(&claimed, &result(&claimed, ItemStatus::Retry)).died);
        assert_eq!(
            phone.number::<i64>("SELECT not_before_ms FROM outbox") - phone.now.wall_ms,
            wait
        );
        phone.pass(wait);
    }
    let claimed = phone.claim_one();
    assert!(phone.settle(&claimed, &result(&claimed, ItemStatus::Retry)).died);
    insta::assert_snapshot!(phone.events(), @r#"dead upsert habit_log 3 notes="a""#);
}

#[test]
fn the_server_s_floor_is_kept_but_no_longer_than_an_hour() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    for (floor, wait) in [(90, 90_000), (1_000_000, 3_600_000)] {
        let claimed = phone.claim_one();
        phone.settle(
            &claimed,
            &ItemResult {
                retry_after_s: Some(floor),
                ..result(&claimed, ItemStatus::Retry)
            },
        );
        assert_eq!(
            phone.number::<i64>("SELECT not_before_ms FROM outbox") - phone.now.wall_ms,
            wait
        );
        phone.pass(wait);
    }
}

#[test]
fn a_group_lives_and_dies_together() {
    let session = (EntityKind::ProgramSession, Id::from_u128(8));
    let mut phone = Phone::new();
    phone.edit_as_group([set(session, "intensity", "easy"), set(HABIT, "notes", "a")]);
    for _ in 0..4 {
        let claimed = phone.claim_one();
        phone.settle(&claimed, &result(&claimed, ItemStatus::Retry));
        phone.pass(600_000);
    }
    // A training day has four attempts, a habit five; the group has the fewest of its members.
    insta::assert_snapshot!(phone.events(), @r#"
    dead upsert program_session 8 intensity="easy" in a group
    dead upsert habit_log 3 notes="a" in a group
    "#);
}

#[test]
fn a_reply_that_does_not_say_every_field_is_not_complete() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    let claimed = phone.claim_one();
    let mut reply = phone.push(&claimed);
    assert!(is_complete(&claimed.item, &reply));
    reply.rows[0].fields.remove("notes");
    assert!(!is_complete(&claimed.item, &reply));
    assert!(is_complete(&claimed.item, &result(&claimed, ItemStatus::Rejected)));
}

#[test]
fn a_reply_to_a_written_child_says_that_its_root_is_there() {
    let mut phone = Phone::new();
    phone.edit([set(SET, "reps", 5)]);
    let claimed = phone.claim_one();
    let mut reply = phone.push(&claimed);
    assert!(is_complete(&claimed.item, &reply));
    reply.rows.retain(|row| row.entity_id != LOG.1);
    assert!(!is_complete(&claimed.item, &reply));
    phone.release(&claimed);
    phone.sync();
    phone.edit([delete(SET)]);
    let claimed = phone.claim_one();
    let mut reply = phone.push(&claimed);
    reply.rows.retain(|row| row.entity_id != LOG.1);
    assert!(is_complete(&claimed.item, &reply), "a deletion touches nothing else");
}

#[test]
fn a_field_of_a_newer_version_keeps_no_event_from_settling() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a")]);
    let claimed = phone.claim_one();
    let mut reply = phone.push(&claimed);
    let field: ServerField = reply.rows[0].fields["notes"].clone();
    reply.rows[0].fields.insert("from_a_newer_version".to_owned(), field);
    assert!(phone.settle(&claimed, &reply).taken);
    assert_eq!(phone.value(HABIT, "notes"), "a");
    let layer = layers::server(&phone.connection, ME, HABIT).expect("a layer");
    assert!(layer.fields.contains_key("from_a_newer_version"));
}

#[test]
fn what_waits_stays_over_what_the_server_said() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "a"), set(OTHER_HABIT, "notes", "x")]);
    let claimed = phone.claim().remove(0);
    phone.edit([set(HABIT, "notes", "b")]);
    let reply = phone.push(&claimed);
    phone.settle(&claimed, &reply);
    assert_eq!(phone.value(HABIT, "notes"), "b");
}
