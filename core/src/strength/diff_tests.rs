//! The rules of the difference, by example, against rows in a map.

use std::collections::BTreeMap;

use steadfast_protocol::operation::OperationKind;

use super::*;
use crate::domain::program_day::ProgramDay;
use crate::outbox::rows::StoredRow;
use crate::strength::model::{Exercise, WorkoutLog};
use crate::strength::rules;
use crate::strength::stored::{ExerciseRow, RowStamp, SetRow};

fn day() -> ProgramDay {
    ProgramDay::new("5x5", 1, 3)
}

pub(super) fn log_id() -> Id {
    id::workout_log("5x5", 1, 3)
}

/// A row by kind and id, as a device has it.
pub(super) type Rows = BTreeMap<(EntityKind, Id), StoredRow>;

/// What `outbox::edit` does with changes: missing fields of a row that is made or brought back are null, and what is not there is not
/// deleted.
pub(super) fn apply(rows: &mut Rows, changes: &[Change]) {
    for change in changes {
        if change.operation == OperationKind::Delete && !rows.contains_key(&(change.kind, change.id)) {
            continue;
        }
        let empty = || {
            change
                .kind
                .fields()
                .iter()
                .map(|field| (field.name.to_owned(), Value::Null))
        };
        let row = rows.entry((change.kind, change.id)).or_insert_with(|| StoredRow {
            alive: false,
            fields: empty().collect(),
        });
        match change.operation {
            OperationKind::Delete => row.alive = false,
            OperationKind::Upsert => {
                if !row.alive {
                    row.fields = empty().collect();
                }
                row.alive = true;
                row.fields.extend(change.fields.clone());
            }
        }
    }
}

fn id_of(value: &Value) -> Id {
    value.as_str().and_then(|text| text.parse().ok()).expect("an id")
}

fn number(value: &Value) -> Option<u32> {
    value.as_u64().map(|number| u32::try_from(number).expect("small"))
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn weight(fields: &Fields, name: &str) -> Option<Weight> {
    let column = |suffix: &str| &fields[&format!("{name}{suffix}")];
    Weight::from_columns(column("").as_f64(), column("_unit").as_str(), column("_kg").as_f64())
}

/// The log as the rows make it.
fn stored(rows: &Rows) -> StoredLog {
    let of = |kind| rows.iter().filter(move |((other, _), _)| *other == kind);
    let row = rows.get(&(EntityKind::WorkoutLog, log_id())).map(|row| LogRow {
        alive: row.alive,
        program_day: Some(ProgramDay {
            program_id: text(&row.fields["program_id"]).expect("written"),
            week: number(&row.fields["week"]).expect("written"),
            day: number(&row.fields["day"]).expect("written"),
        }),
        started_at_ms: row.fields["started_at_ms"].as_i64(),
        utc_offset_s: row.fields["utc_offset_s"]
            .as_i64()
            .and_then(|offset| i32::try_from(offset).ok()),
        is_workout_finished: row.fields["is_workout_finished"] == Value::Bool(true),
        notes: text(&row.fields["notes"]),
        stamp: RowStamp::default(),
    });
    let exercises = of(EntityKind::Exercise).map(|((_, id), row)| ExerciseRow {
        alive: row.alive,
        exercise: Exercise {
            id: *id,
            definition_id: id_of(&row.fields["definition_id"]),
            occurrence: number(&row.fields["occurrence"]).expect("written"),
            position: text(&row.fields["position"]).expect("written"),
            notes: text(&row.fields["notes"]),
            body_weight: weight(&row.fields, "body_weight"),
            sets: Vec::new(),
        },
        stamp: RowStamp::default(),
    });
    let sets = of(EntityKind::ExerciseSet).map(|((_, id), row)| SetRow {
        alive: row.alive,
        exercise_id: id_of(&row.fields["exercise_id"]),
        set: ExerciseSet {
            id: *id,
            index: number(&row.fields["index"]).expect("written"),
            reps: number(&row.fields["reps"]),
            weight: weight(&row.fields, "weight"),
            completed: row.fields["completed"] == Value::Bool(true),
        },
        stamp: RowStamp::default(),
    });
    StoredLog::new(log_id(), row, exercises.collect(), sets.collect())
}

pub(super) fn shown(rows: &Rows) -> Option<WorkoutLog> {
    stored(rows).shown(&day())
}

/// Saves, and says which rows changed.
pub(super) fn save(rows: &mut Rows, draft: &WorkoutLogDraft) -> Vec<Change> {
    let draft = rules::checked(draft.clone()).expect("a sound draft");
    let changes = difference(&stored(rows), &draft).expect("a difference");
    apply(rows, &changes);
    changes
}

/// The log as its form: what is left when ids and indexes, which the store gives, are taken away.
pub(super) fn said(mut draft: WorkoutLogDraft) -> WorkoutLogDraft {
    for exercise in &mut draft.exercises {
        exercise.id = None;
        for set in &mut exercise.sets {
            set.index = None;
        }
    }
    rules::checked(draft).expect("a sound draft")
}

fn movement(n: u128) -> Id {
    Id::from_u128(n)
}

pub(super) fn exercise(definition: u128, reps: &[u32]) -> ExerciseDraft {
    let set = |reps: &u32| SetDraft {
        reps: Some(*reps),
        weight: Some(Weight::kg(100.0)),
        ..SetDraft::default()
    };
    ExerciseDraft {
        id: None,
        definition_id: movement(definition),
        notes: None,
        body_weight: None,
        sets: reps.iter().map(set).collect(),
    }
}

pub(super) fn draft(exercises: Vec<ExerciseDraft>) -> WorkoutLogDraft {
    WorkoutLogDraft {
        exercises,
        ..WorkoutLogDraft::new(day())
    }
}

/// The log's form after it was saved.
fn saved(rows: &mut Rows, new: &WorkoutLogDraft) -> WorkoutLogDraft {
    save(rows, new);
    shown(rows).expect("saved").draft()
}

fn kinds(changes: &[Change]) -> Vec<(EntityKind, OperationKind, Vec<&str>)> {
    let fields = |change: &'_ Change| change.fields.keys().cloned().collect::<Vec<_>>();
    changes
        .iter()
        .map(|change| {
            let names = fields(change);
            let known = change.kind.fields().iter().map(|field| field.name);
            (
                change.kind,
                change.operation,
                known.filter(|name| names.iter().any(|other| other == name)).collect(),
            )
        })
        .collect()
}

use EntityKind::{Exercise as ExerciseKind, ExerciseSet as SetKind};
use OperationKind::{Delete, Upsert};

#[test]
fn a_log_that_is_saved_again_as_it_is_changes_nothing() {
    let mut rows = Rows::new();
    let mut form = draft(vec![exercise(1, &[5, 5]), exercise(2, &[8])]);
    save(&mut rows, &form);
    assert_eq!(save(&mut rows, &form), [], "without ids and indexes");
    form = shown(&rows).expect("saved").draft();
    assert_eq!(save(&mut rows, &form), [], "with them");
}

#[test]
fn a_middle_set_that_is_deleted_renumbers_nothing() {
    let mut rows = Rows::new();
    let mut form = saved(&mut rows, &draft(vec![exercise(1, &[5, 6, 7])]));
    let before = shown(&rows).expect("saved").exercises[0].sets.clone();
    form.exercises[0].sets.remove(1);
    assert_eq!(kinds(&save(&mut rows, &form)), [(SetKind, Delete, vec![])]);
    let after = shown(&rows).expect("saved").exercises[0].sets.clone();
    assert_eq!(after, [before[0].clone(), before[2].clone()]);
}

#[test]
fn a_new_set_never_takes_the_index_of_a_deleted_one() {
    let mut rows = Rows::new();
    let mut form = saved(&mut rows, &draft(vec![exercise(1, &[5, 6, 7])]));
    form.exercises[0].sets.pop();
    form = saved(&mut rows, &form);
    form.exercises[0].sets.push(SetDraft::default());
    form = saved(&mut rows, &form);
    let indexes: Vec<_> = form.exercises[0].sets.iter().map(|set| set.index).collect();
    assert_eq!(indexes, [Some(0), Some(1), Some(3)]);
}

#[test]
fn an_undone_deletion_brings_the_set_back_under_its_id() {
    let mut rows = Rows::new();
    let full = saved(&mut rows, &draft(vec![exercise(1, &[5, 6, 7])]));
    let before = shown(&rows);
    let mut form = full.clone();
    form.exercises[0].sets.remove(1);
    save(&mut rows, &form);
    save(&mut rows, &full);
    assert_eq!(shown(&rows), before);
}

#[test]
fn two_exercises_of_one_movement_change_places_with_their_sets() {
    let mut rows = Rows::new();
    let mut form = saved(&mut rows, &draft(vec![exercise(1, &[5]), exercise(1, &[12, 12])]));
    let before = shown(&rows).expect("saved").exercises;
    assert_eq!((before[0].occurrence, before[1].occurrence), (0, 1));
    form.exercises.swap(0, 1);
    assert_eq!(
        kinds(&save(&mut rows, &form)),
        [(ExerciseKind, Upsert, vec!["position"])]
    );
    let after = shown(&rows).expect("saved").exercises;
    assert_eq!((after[0].id, &after[0].sets), (before[1].id, &before[1].sets));
    assert_eq!((after[1].id, &after[1].sets), (before[0].id, &before[0].sets));
}

#[test]
fn one_of_many_exercises_that_moves_changes_one_row() {
    let mut rows = Rows::new();
    let mut form = saved(&mut rows, &draft((0..20).map(|n| exercise(n, &[5])).collect()));
    let moved = form.exercises.remove(17);
    form.exercises.insert(2, moved);
    assert_eq!(
        kinds(&save(&mut rows, &form)),
        [(ExerciseKind, Upsert, vec!["position"])]
    );
}

#[test]
fn a_value_that_changes_is_one_field() {
    let mut rows = Rows::new();
    let mut form = saved(&mut rows, &draft(vec![exercise(1, &[5, 6])]));
    form.exercises[0].sets[1].reps = Some(7);
    form.exercises[0].sets[0].weight = Some(Weight::lb(225.0));
    form.exercises[0].notes = Some("belt".into());
    form.is_workout_finished = true;
    assert_eq!(
        kinds(&save(&mut rows, &form)),
        [
            (EntityKind::WorkoutLog, Upsert, vec!["is_workout_finished"]),
            (ExerciseKind, Upsert, vec!["notes"]),
            (SetKind, Upsert, vec!["weight", "weight_unit", "weight_kg"]),
            (SetKind, Upsert, vec!["reps"]),
        ]
    );
    form.exercises[0].sets[1].weight = None;
    let changes = save(&mut rows, &form);
    assert_eq!(changes[0].fields["weight"], Value::Null, "unset, and said so");
}

#[test]
fn what_is_made_says_nothing_of_what_is_unknown_or_undone() {
    let changes = save(&mut Rows::new(), &draft(vec![exercise(1, &[5])]));
    let mut values = changes.iter().flat_map(|change| change.fields.values());
    assert!(values.all(|value| !matches!(value, Value::Null | Value::Bool(false))));
    let names: Vec<_> = kinds(&changes).into_iter().map(|(_, _, names)| names).collect();
    let log = vec!["program_id", "week", "day"];
    let squat = vec!["workout_log_id", "definition_id", "occurrence", "position"];
    let set = vec![
        "workout_log_id",
        "exercise_id",
        "index",
        "reps",
        "weight",
        "weight_unit",
        "weight_kg",
    ];
    assert_eq!(names, [log, squat, set]);
}

#[test]
fn a_start_is_made_with_its_offset_also_where_that_is_unknown() {
    let mut form = draft(Vec::new());
    form.started_at = Some(crate::domain::time::from_ms(1_767_225_600_000));
    let changes = save(&mut Rows::new(), &form);
    assert_eq!(changes[0].fields["utc_offset_s"], Value::Null);
}

#[test]
fn an_exercise_goes_with_its_sets_and_comes_back_without_them() {
    let mut rows = Rows::new();
    let form = saved(&mut rows, &draft(vec![exercise(1, &[5, 6]), exercise(2, &[8])]));
    let squat = shown(&rows).expect("saved").exercises[0].id;
    let mut without = form.clone();
    without.exercises.remove(0);
    assert_eq!(
        kinds(&save(&mut rows, &without)),
        [
            (SetKind, Delete, vec![]),
            (SetKind, Delete, vec![]),
            (ExerciseKind, Delete, vec![])
        ]
    );
    without.exercises.push(exercise(1, &[3]));
    save(&mut rows, &without);
    let back = shown(&rows).expect("saved").exercises[1].clone();
    assert_eq!(back.id, squat, "the first squat of the log, on every device");
    assert_eq!(
        back.sets.iter().map(|set| (set.index, set.reps)).collect::<Vec<_>>(),
        [(2, Some(3))]
    );
}

#[test]
fn a_set_that_another_device_left_under_a_deleted_exercise_does_not_come_back_with_it() {
    let mut rows = Rows::new();
    let form = saved(&mut rows, &draft(vec![exercise(1, &[5, 6])]));
    save(&mut rows, &draft(Vec::new()));
    let set = id::exercise_set(form.exercises[0].id.expect("saved"), 1);
    rows.get_mut(&(SetKind, set)).expect("its place").alive = true;
    assert_eq!(save(&mut rows, &draft(Vec::new())), [], "nobody sees it");
    let form = saved(&mut rows, &draft(vec![exercise(1, &[9])]));
    assert_eq!(said(form), said(draft(vec![exercise(1, &[9])])));
}

#[test]
fn a_deleted_log_comes_back_with_exactly_the_drafts_exercises() {
    let mut rows = Rows::new();
    let mut first = draft(vec![exercise(1, &[5, 6]), exercise(2, &[8])]);
    first.notes = Some("heavy".into());
    save(&mut rows, &first);
    // Only the log: its children may have come later, from a device that did not know.
    apply(&mut rows, &[Change::delete(EntityKind::WorkoutLog, log_id())]);
    assert_eq!(shown(&rows), None);
    let second = draft(vec![exercise(2, &[10])]);
    let form = saved(&mut rows, &second);
    assert_eq!(said(form), said(second));
}

#[test]
fn an_id_that_is_no_exercise_of_the_log_is_named() {
    let mut rows = Rows::new();
    let form = saved(&mut rows, &draft(vec![exercise(1, &[5]), exercise(2, &[8])]));
    let refused = |change: fn(&mut Vec<ExerciseDraft>)| {
        let mut form = form.clone();
        change(&mut form.exercises);
        match difference(&stored(&rows), &form).expect_err("refused") {
            SteadfastError::Validation { field, .. } => field.expect("named"),
            other => panic!("{other}"),
        }
    };
    assert_eq!(refused(|all| all[1].id = Some(Id::from_u128(99))), "exercises[1].id");
    assert_eq!(refused(|all| all[1] = all[0].clone()), "exercises[1].id");
    assert_eq!(
        refused(|all| all[1].definition_id = movement(3)),
        "exercises[1].definition_id"
    );
}

#[test]
fn an_index_at_the_end_of_all_leaves_room_below() {
    let mut rows = Rows::new();
    let mut first = draft(vec![exercise(1, &[5])]);
    first.exercises[0].sets[0].index = Some(rules::MAX_SET_INDEX);
    let mut form = saved(&mut rows, &first);
    form.exercises[0].sets.push(SetDraft::default());
    form = saved(&mut rows, &form);
    let indexes: Vec<_> = form.exercises[0].sets.iter().map(|set| set.index).collect();
    assert_eq!(indexes, [Some(0), Some(rules::MAX_SET_INDEX)]);
}
