//! What a change of a log leaves in its rows and in the outbox.

use std::sync::Arc;

use steadfast_protocol::operation::FieldEdits;

use super::*;
use crate::context::Context;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::outbox::{edits, rows};
use crate::strength::model::SetDraft;
use crate::strength::store_for_tests::{
    BENCH, SQUAT, exercise, log, movement, open, read, save, with_catalogue, write,
};
use crate::strength::weight::Weight;

fn day(day: u32) -> ProgramDay {
    ProgramDay::new("5x5", 1, day)
}

fn refused<T: Send + std::fmt::Debug + 'static>(
    context: &Arc<Context>,
    job: impl FnOnce(&Transaction<'_>, &Edit) -> Result<T> + Send + 'static,
) -> (String, Option<String>) {
    let by = Edit::now(context, crate::outbox::edit::Debounce::Typing);
    let error = context
        .database
        .write(move |tx| job(tx, &by))
        .wait()
        .expect_err("refused");
    match &error {
        SteadfastError::Validation { field, .. } => (error.code_name(), field.clone()),
        _ => (error.code_name(), None),
    }
}

/// An event of the outbox, as far as these tests look at it.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    kind: String,
    id: Id,
    operation: String,
    fields: FieldEdits,
    group: Option<Vec<u8>>,
}

/// The events of a root in order.
fn events(context: &Context, root_id: Id) -> Vec<Told> {
    read(context, move |connection, _| {
        let sql =
            "SELECT entity_kind, entity_id, operation, fields, group_id FROM outbox WHERE root_id = ?1 ORDER BY seq";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([root_id.as_bytes()], |row| {
            Ok(Told {
                kind: row.get(0)?,
                id: Id::from_bytes(row.get(1)?),
                operation: row.get(2)?,
                fields: edits::from_text(&row.get::<_, String>(3)?).expect("edits"),
                group: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    })
}

/// Kind, operation and the fields' values.
fn said(events: &[Told]) -> String {
    let line = |event: &Told| {
        let fields = event.fields.iter();
        let values: serde_json::Map<_, _> = fields.map(|(name, edit)| (name.clone(), edit.value.clone())).collect();
        let values = serde_json::Value::Object(values);
        format!("{} {} {values}", event.kind, event.operation)
    };
    events.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_events_of_a_log_are_a_contract() {
    let (_folder, context) = with_catalogue();
    let mut draft = log(3, Some(1), vec![exercise(SQUAT, &[(5, 100.0)])]);
    draft.utc_offset_s = Some(3600);
    draft.notes = Some("heavy".to_owned());
    draft.exercises[0].notes = Some("belt".to_owned());
    draft.exercises[0].body_weight = Some(Weight::lb(180.0));
    draft.exercises[0].sets.push(SetDraft::default());
    let saved = save(&context, draft);
    insta::assert_snapshot!(said(&events(&context, saved.id)), @r#"
    workout_log upsert {"alive":true,"day":3,"notes":"heavy","program_id":"5x5","started_at_ms":1767229200000,"utc_offset_s":3600,"week":1}
    exercise upsert {"alive":true,"body_weight":180.0,"body_weight_kg":81.6466266,"body_weight_unit":"lb","definition_id":"00000000-0000-0000-0000-000000000051","notes":"belt","occurrence":0,"position":"a0","workout_log_id":"b61e3ce1-147a-555a-bd22-6d36b6fa01ad"}
    exercise_set upsert {"alive":true,"completed":true,"exercise_id":"90015040-1263-56ca-8553-116e90f1fa2f","index":0,"reps":5,"weight":100.0,"weight_kg":100.0,"weight_unit":"kg","workout_log_id":"b61e3ce1-147a-555a-bd22-6d36b6fa01ad"}
    exercise_set upsert {"alive":true,"exercise_id":"90015040-1263-56ca-8553-116e90f1fa2f","index":1,"workout_log_id":"b61e3ce1-147a-555a-bd22-6d36b6fa01ad"}
    "#);
    let edits = serde_json::to_string(&events(&context, saved.id)[3].fields).expect("JSON");
    insta::assert_snapshot!(edits, @r#"{"alive":{"value":true,"number":37,"boot_id":"boot","mono_ms":1767225600000,"wall_ms":1767225600000},"exercise_id":{"value":"90015040-1263-56ca-8553-116e90f1fa2f","number":38,"boot_id":"boot","mono_ms":1767225600000,"wall_ms":1767225600000},"index":{"value":1,"number":39,"boot_id":"boot","mono_ms":1767225600000,"wall_ms":1767225600000},"workout_log_id":{"value":"b61e3ce1-147a-555a-bd22-6d36b6fa01ad","number":40,"boot_id":"boot","mono_ms":1767225600000,"wall_ms":1767225600000}}"#);
}

#[test]
fn what_another_device_saves_of_the_same_day_has_the_same_ids() {
    let ids = || {
        let (_folder, context) = with_catalogue();
        let saved = save(
            &context,
            log(3, Some(1), vec![exercise(SQUAT, &[(5, 100.0), (5, 100.0)])]),
        );
        let sets: Vec<Id> = saved.exercises[0].sets.iter().map(|set| set.id).collect();
        (saved.id, saved.exercises[0].id, sets)
    };
    assert_eq!(ids(), ids());
}

#[test]
fn a_second_save_of_a_day_is_an_update() {
    let (_folder, context) = with_catalogue();
    save(
        &context,
        log(3, Some(1), vec![exercise(SQUAT, &[(5, 100.0), (5, 100.0)])]),
    );
    let saved = save(
        &context,
        log(3, Some(2), vec![exercise(SQUAT, &[(5, 100.0), (5, 105.0)])]),
    );
    let count = read(&context, |connection, _| {
        Ok(connection.query_row("SELECT count(*) FROM workout_log", [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(count, 1);
    assert_eq!(saved.exercises[0].sets[1].weight, Some(Weight::kg(105.0)));
    let said = said(&events(&context, saved.id));
    insta::assert_snapshot!(said.lines().skip(4).collect::<Vec<_>>().join("\n"), @r#"
    workout_log upsert {"alive":true,"started_at_ms":1767232800000,"utc_offset_s":null}
    exercise_set upsert {"alive":true,"weight":105.0,"weight_kg":105.0,"weight_unit":"kg"}
    "#);
}

#[test]
fn a_save_that_changes_nothing_leaves_no_event() {
    let (_folder, context) = with_catalogue();
    let saved = save(&context, log(3, Some(1), vec![exercise(SQUAT, &[(5, 100.0)])]));
    let before = events(&context, saved.id);
    let draft = saved.draft();
    let again = write(&context, move |tx, by| super::save(tx, &draft, by));
    assert_eq!(again, (saved.clone(), Vec::new()));
    assert_eq!(events(&context, saved.id), before);
}

#[test]
fn a_save_takes_the_place_of_what_the_server_refused() {
    let (_folder, context) = with_catalogue();
    let saved = save(&context, log(3, Some(1), vec![exercise(SQUAT, &[(5, 100.0)])]));
    write(&context, |tx, _| {
        let taken = "UPDATE outbox SET status = 'completed', completed_at_ms = 1 WHERE entity_kind <> 'exercise_set'";
        tx.execute(taken, [])?;
        let refused = "UPDATE outbox SET status = 'dead' WHERE entity_kind = 'exercise_set'";
        Ok(tx.execute(refused, [])?)
    });
    let mut draft = saved.draft();
    draft.exercises[0].sets[0].reps = Some(6);
    save(&context, draft);
    let open = read(&context, |connection, _| {
        let sql = "SELECT fields, status FROM outbox WHERE completed_at_ms IS NULL";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([], |row| {
            let edits = edits::from_text(&row.get::<_, String>(0)?).expect("edits");
            Ok((edits["reps"].value.clone(), edits["weight"].value.clone(), row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
    });
    assert_eq!(
        open,
        [(6.into(), 100.0.into(), "pending".to_owned())],
        "one event says both"
    );
}

#[test]
fn a_log_goes_in_one_group_with_what_it_holds() {
    let (_folder, context) = with_catalogue();
    let saved = save(
        &context,
        log(
            3,
            Some(1),
            vec![exercise(SQUAT, &[(5, 100.0), (5, 100.0)]), exercise(BENCH, &[])],
        ),
    );
    let before = events(&context, saved.id).len();
    write(&context, |tx, by| delete(tx, &day(3), by));
    let events = events(&context, saved.id).split_off(before);
    insta::assert_snapshot!(said(&events), @r#"
    workout_log delete {"alive":false}
    exercise delete {"alive":false}
    exercise delete {"alive":false}
    exercise_set delete {"alive":false}
    exercise_set delete {"alive":false}
    "#);
    assert!(events[0].group.is_some());
    assert!(events.iter().all(|event| event.group == events[0].group));
    let left = read(&context, |connection, account_id| {
        Ok(table::stored(connection, account_id, log_id(&day(3)))?.shown(&day(3)))
    });
    assert_eq!(left, None);
    assert_eq!(refused(&context, |tx, by| delete(tx, &day(3), by)).0, "not_found");
    assert_eq!(refused(&context, |tx, by| delete(tx, &day(4), by)).0, "not_found");
}

#[test]
fn what_exceeds_a_group_follows_the_log_in_further_ones() {
    let (_folder, context) = with_catalogue();
    let sets = vec![(5, 100.0); 100];
    let draft = log(3, Some(1), (0..6).map(|_| exercise(SQUAT, &sets)).collect());
    let saved = save(&context, draft);
    write(&context, |tx, by| delete(tx, &day(3), by));
    let log_id = saved.id;
    let (groups, live) = read(&context, move |connection, account_id| {
        let mut statement = connection
            .prepare("SELECT count(*) FROM outbox WHERE group_id IS NOT NULL GROUP BY group_id ORDER BY min(seq)")?;
        let groups = statement
            .query_map([], |row| row.get::<_, i64>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        Ok((groups, table::live_children(connection, account_id, log_id)?))
    });
    assert_eq!(groups, [500, 107]);
    assert_eq!(live, []);
    let first = events(&context, saved.id)
        .into_iter()
        .find(|event| event.group.is_some());
    assert_eq!(
        first.map(|event| event.id),
        Some(saved.id),
        "the log itself is in the first"
    );
}

#[test]
fn what_is_brought_back_unsets_what_it_does_not_say() {
    let (_folder, context) = with_catalogue();
    let mut draft = log(
        3,
        Some(1),
        vec![exercise(SQUAT, &[(5, 100.0)]), exercise(BENCH, &[(8, 60.0)])],
    );
    draft.notes = Some("heavy".to_owned());
    draft.exercises[0].notes = Some("belt".to_owned());
    let saved = save(&context, draft);
    write(&context, |tx, by| delete(tx, &day(3), by));
    let before = events(&context, saved.id).len();
    let back = save(&context, log(3, None, vec![exercise(SQUAT, &[(3, 120.0)])]));
    assert_eq!((back.id, back.notes, back.started_at), (saved.id, None, None));
    assert_eq!(back.exercises.len(), 1, "the bench press stays deleted");
    assert_eq!(back.exercises[0].notes, None);
    assert_eq!(back.exercises[0].sets.len(), 1);
    insta::assert_snapshot!(said(&events(&context, saved.id)[before..]), @r#"
    workout_log upsert {"alive":true,"day":3,"is_workout_finished":null,"notes":null,"program_id":"5x5","started_at_ms":null,"utc_offset_s":null,"week":1}
    exercise upsert {"alive":true,"body_weight":null,"body_weight_kg":null,"body_weight_unit":null,"definition_id":"00000000-0000-0000-0000-000000000051","notes":null,"occurrence":0,"position":"a0","workout_log_id":"b61e3ce1-147a-555a-bd22-6d36b6fa01ad"}
    exercise_set upsert {"alive":true,"completed":true,"exercise_id":"90015040-1263-56ca-8553-116e90f1fa2f","index":1,"reps":3,"weight":120.0,"weight_kg":120.0,"weight_unit":"kg","workout_log_id":"b61e3ce1-147a-555a-bd22-6d36b6fa01ad"}
    "#);
}

#[test]
fn an_exercise_is_of_a_movement_that_the_catalogue_has_or_that_the_log_had_already() {
    let (_folder, context) = with_catalogue();
    let unknown = Id::from_u128(99);
    let draft = log(3, Some(1), vec![exercise(SQUAT, &[]), exercise(unknown, &[])]);
    let expected = (
        "invalid_argument".to_owned(),
        Some("exercises[1].definition_id".to_owned()),
    );
    assert_eq!(refused(&context, move |tx, by| super::save(tx, &draft, by)), expected);
    let saved = save(&context, log(3, Some(1), vec![exercise(SQUAT, &[(5, 100.0)])]));
    // Another device removed it, not knowing of this log.
    write(&context, |tx, by| {
        by.write(tx, vec![Change::delete(EntityKind::ExerciseDefinition, SQUAT)])
    });
    let mut draft = saved.draft();
    draft.exercises[0].sets[0].reps = Some(6);
    assert_eq!(save(&context, draft).exercises[0].sets[0].reps, Some(6));
    let new = log(4, Some(1), vec![exercise(SQUAT, &[])]);
    let expected = (
        "invalid_argument".to_owned(),
        Some("exercises[0].definition_id".to_owned()),
    );
    assert_eq!(refused(&context, move |tx, by| super::save(tx, &new, by)), expected);
}

#[test]
fn a_movement_that_a_log_uses_stays() {
    let (_folder, context) = with_catalogue();
    save(&context, log(3, Some(1), vec![exercise(SQUAT, &[])]));
    let expected = ("invalid_argument".to_owned(), Some("id".to_owned()));
    assert_eq!(refused(&context, |tx, by| remove_definition(tx, SQUAT, by)), expected);
    write(&context, |tx, by| delete(tx, &day(3), by));
    write(&context, |tx, by| remove_definition(tx, SQUAT, by));
    let (names, removed) = read(&context, |connection, account_id| {
        Ok((
            table::definitions(connection, account_id)?,
            table::definition(connection, account_id, SQUAT)?,
        ))
    });
    assert_eq!(
        names.iter().map(|known| known.name.as_str()).collect::<Vec<_>>(),
        ["Bench press"]
    );
    assert_eq!(
        removed.map(|removed| removed.name).as_deref(),
        Some("Squat"),
        "for logs of other devices"
    );
    assert_eq!(
        refused(&context, |tx, by| remove_definition(tx, SQUAT, by)).0,
        "not_found"
    );
}

#[test]
fn a_movement_is_defined_once_and_changed_after() {
    let (_folder, context) = open();
    let define = |draft| write(&context, move |tx, by| super::define(tx, &draft, by));
    assert_eq!(
        define(movement(SQUAT, "Squat")).1,
        [(EntityKind::ExerciseDefinition, SQUAT)]
    );
    assert_eq!(define(movement(SQUAT, "Squat")).1, []);
    let mut renamed = movement(SQUAT, "Back squat");
    renamed.equipment = None;
    let renamed = define(renamed).0;
    assert_eq!((renamed.name.as_str(), renamed.equipment), ("Back squat", None));
    let mut unnamed = movement(SQUAT, "Lunge");
    unnamed.id = None;
    assert_ne!(define(unnamed.clone()).0.id, define(unnamed).0.id);
    insta::assert_snapshot!(said(&events(&context, SQUAT)), @r#"exercise_definition upsert {"alive":true,"equipment":null,"name":"Back squat"}"#);
    let row = read(&context, |connection, _| {
        rows::read(connection, EntityKind::ExerciseDefinition, LOCAL_ACCOUNT, SQUAT)
    });
    assert!(row.expect("there").alive);
}
