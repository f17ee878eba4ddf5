//! One test a rule of merging. Pure: no store.

use serde_json::json;
use steadfast_protocol::entity::EntityKind;

use super::*;

const LOG: EntityKey = (EntityKind::WorkoutLog, Id::from_u128(1));
const SET: EntityKey = (EntityKind::ExerciseSet, Id::from_u128(2));
const HABIT: EntityKey = (EntityKind::HabitLog, Id::from_u128(3));

fn root(key: EntityKey) -> Root {
    let (kind, id) = if key == SET { LOG } else { key };
    Root { kind, id }
}

fn edit(number: u64, value: Value) -> FieldEdit {
    FieldEdit {
        value,
        number,
        base: None,
        boot_id: None,
        mono_ms: None,
        wall_ms: 0,
        heard: None,
        at: None,
    }
}

/// An edit of `notes` (or the deletion of the row) with this number, at this place of the queue.
fn event(seq: i64, key: EntityKey, number: u64, deletes: bool) -> OpenEvent {
    let mut fields = FieldEdits::from([(ALIVE.to_owned(), edit(number, json!(!deletes)))]);
    if !deletes {
        fields.insert("notes".to_owned(), edit(number + 1, json!(number)));
    }
    OpenEvent {
        seq,
        root: root(key),
        entity: key,
        operation: if deletes {
            OperationKind::Delete
        } else {
            OperationKind::Upsert
        },
        fields,
        root_base: None,
        is_new_record: false,
        group_id: None,
        status: OutboxStatus::Pending,
        claim: 0,
        coalescable: true,
        priority: Priority::User,
    }
}

fn dead(event: OpenEvent) -> OpenEvent {
    OpenEvent {
        status: OutboxStatus::Dead,
        claim: 1,
        ..event
    }
}

fn of(keys: &[EntityKey]) -> BTreeSet<Root> {
    keys.iter().map(|key| root(*key)).collect()
}

#[test]
fn an_edit_joins_a_pending_edit_of_its_row_that_nobody_claimed_backed_up_or_grouped() {
    let last = event(1, HABIT, 1, false);
    let joins = |last: &OpenEvent| may_join(last, HABIT, OperationKind::Upsert);
    assert!(joins(&last));
    for status in OutboxStatus::ALL
        .into_iter()
        .filter(|status| *status != OutboxStatus::Pending)
    {
        assert!(!joins(&OpenEvent { status, ..last.clone() }), "{status:?}");
    }
    assert!(!joins(&OpenEvent {
        claim: 1,
        ..last.clone()
    }));
    assert!(!joins(&OpenEvent {
        coalescable: false,
        ..last.clone()
    }));
    assert!(!joins(&OpenEvent {
        group_id: Some(Id::nil()),
        ..last.clone()
    }));
    assert!(!joins(&event(1, HABIT, 1, true)), "it is a deletion");
    assert!(!may_join(&last, HABIT, OperationKind::Delete));
    assert!(!may_join(&last, LOG, OperationKind::Upsert), "another row");
}

#[test]
fn nothing_is_replaced_where_nothing_is_dead() {
    let open = [event(1, HABIT, 1, false), dead(event(2, LOG, 3, false))];
    assert_eq!(replaced(&open, &of(&[HABIT])), None);
}

#[test]
fn dead_events_are_replaced_with_what_waits_behind_them() {
    let open = [
        dead(event(1, LOG, 1, false)),
        event(2, SET, 3, false),
        event(3, HABIT, 5, false),
    ];
    assert_eq!(replaced(&open, &of(&[SET])), Some(vec![0, 1]));
}

#[test]
fn what_never_was_sent_is_replaced_whether_it_is_older_or_younger_than_the_dead_event() {
    let younger = [dead(event(1, LOG, 1, false)), event(2, HABIT, 3, false)];
    let older = [event(1, HABIT, 1, false), dead(event(2, LOG, 3, false))];
    for open in [younger, older] {
        assert_eq!(replaced(&open, &of(&[LOG, HABIT])), Some(vec![0, 1]));
    }
}

#[test]
fn nothing_is_replaced_while_something_of_these_roots_was_sent() {
    let sent = [
        OpenEvent {
            status: OutboxStatus::Processing,
            claim: 1,
            ..event(2, HABIT, 3, false)
        },
        OpenEvent {
            status: OutboxStatus::Failed,
            claim: 1,
            ..event(2, HABIT, 3, false)
        },
        OpenEvent {
            claim: 1,
            ..event(2, HABIT, 3, false)
        },
    ];
    for sent in sent {
        let open = [dead(event(1, LOG, 1, false)), sent];
        assert_eq!(replaced(&open, &of(&[LOG, HABIT])), None);
        assert_eq!(
            replaced(&open, &of(&[LOG])),
            Some(vec![0]),
            "a root that the edit does not touch"
        );
    }
}

#[test]
fn a_group_that_is_replaced_draws_in_its_other_roots() {
    let group = |event: OpenEvent, id| OpenEvent {
        group_id: Some(Id::from_u128(id)),
        ..event
    };
    let third = (EntityKind::HabitLog, Id::from_u128(9));
    let open = [
        group(dead(event(1, LOG, 1, false)), 1),
        group(dead(event(2, HABIT, 3, false)), 1),
        group(event(3, HABIT, 5, false), 2),
        group(event(4, third, 7, false), 2),
        event(5, third, 9, false),
    ];
    assert_eq!(replaced(&open, &of(&[LOG])), Some(vec![0, 1, 2, 3, 4]));
}

#[test]
fn the_last_edit_of_a_field_wins_and_keeps_its_number() {
    let one = merged([&event(1, HABIT, 1, false), &event(2, HABIT, 7, false)]).remove(0);
    assert_eq!((one.fields["notes"].number, one.fields[ALIVE].number), (8, 7));
    assert_eq!(one.operation, OperationKind::Upsert);
}

#[test]
fn a_merged_event_ends_as_the_last_local_action_left_the_row() {
    let gone = merged([&event(1, HABIT, 1, false), &event(2, HABIT, 3, true)]).remove(0);
    assert_eq!((gone.operation, gone.fields.len()), (OperationKind::Delete, 2));
    let back = merged([&event(1, HABIT, 3, true), &event(2, HABIT, 5, false)]).remove(0);
    assert_eq!(back.operation, OperationKind::Upsert);
}

#[test]
fn merged_rows_stand_in_the_order_in_which_they_were_last_touched() {
    let events = [event(1, SET, 1, false), event(2, LOG, 3, true), event(3, SET, 5, false)];
    let order: Vec<EntityKey> = merged(&events).into_iter().map(|event| event.entity).collect();
    assert_eq!(order, [LOG, SET]);
}

#[test]
fn a_merged_event_is_as_new_as_the_first_as_urgent_as_the_most_urgent_and_has_the_newest_base() {
    let stamp = |ms| Some(Stamp { ms, n: 1, epoch: 1 });
    let first = OpenEvent {
        is_new_record: true,
        priority: Priority::Background,
        root_base: stamp(5),
        ..event(1, SET, 1, false)
    };
    let second = OpenEvent {
        root_base: stamp(3),
        ..event(2, SET, 3, false)
    };
    let one = merged([&first, &second]).remove(0);
    assert_eq!(
        (one.is_new_record, one.priority, one.root_base),
        (true, Priority::User, stamp(5))
    );
}

#[test]
fn a_child_touches_its_root_by_what_it_writes_and_not_by_its_deletion() {
    assert_eq!(touches_root(&event(1, SET, 4, false).fields), Some(5));
    assert_eq!(touches_root(&event(1, SET, 4, true).fields), None);
    let only_alive = FieldEdits::from([(ALIVE.to_owned(), edit(3, json!(true)))]);
    assert_eq!(touches_root(&only_alive), Some(3));
    let written_then_deleted = merged([&event(1, SET, 1, false), &event(2, SET, 9, true)]).remove(0);
    assert_eq!(touches_root(&written_then_deleted.fields), Some(2));
}

#[test]
fn a_merged_event_is_not_frozen_yet() {
    let mut claimed = dead(event(1, HABIT, 1, false));
    claimed.fields.values_mut().for_each(|edit| edit.at = Some(7));
    let one = merged([&claimed]).remove(0);
    assert!(one.fields.values().all(|edit| edit.at.is_none()));
}
