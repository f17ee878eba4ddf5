//! The rules of drafts.

use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::domain::id::Id;
use crate::domain::program_day::ProgramDay;

fn draft() -> WorkoutLogDraft {
    let set = |index, reps, kg| SetDraft {
        index,
        reps: Some(reps),
        weight: Some(Weight::kg(kg)),
        completed: true,
    };
    WorkoutLogDraft {
        started_at: Some(UNIX_EPOCH + Duration::from_secs(1_767_225_600)),
        utc_offset_s: Some(3600),
        is_workout_finished: true,
        notes: Some("Slept badly\nstill fine".to_owned()),
        exercises: vec![ExerciseDraft {
            id: None,
            definition_id: Id::from_u128(1),
            notes: Some(String::new()),
            body_weight: Some(Weight::lb(180.0)),
            sets: vec![set(Some(0), 5, 100.0), set(Some(2), 5, 102.5), set(None, 10_000, -20.0)],
        }],
        ..WorkoutLogDraft::new(ProgramDay::new("5x5", 1, 3))
    }
}

/// The field that is named when the draft is refused.
fn refused(change: impl FnOnce(&mut WorkoutLogDraft)) -> String {
    let mut draft = draft();
    change(&mut draft);
    match checked(draft).expect_err("refused") {
        SteadfastError::Validation {
            field: Some(field),
            code: crate::error::ValidationCode::InvalidArgument,
            ..
        } => field,
        other => panic!("{other}"),
    }
}

#[test]
fn empty_notes_are_none_and_the_rest_stays_as_it_is() {
    let mut expected = draft();
    expected.exercises[0].notes = None;
    assert_eq!(checked(draft()).expect("sound"), expected);
}

#[test]
fn what_is_wrong_is_named_by_its_path() {
    assert_eq!(refused(|draft| draft.program_day.week = 0), "week");
    assert_eq!(refused(|draft| draft.program_day.program_id.clear()), "program_id");
    assert_eq!(
        refused(|draft| draft.started_at = UNIX_EPOCH.checked_sub(Duration::from_secs(1))),
        "started_at"
    );
    assert_eq!(refused(|draft| draft.utc_offset_s = Some(64_801)), "utc_offset_s");
    assert_eq!(refused(|draft| draft.utc_offset_s = Some(i32::MIN)), "utc_offset_s");
    assert_eq!(refused(|draft| draft.notes = Some("\u{0}".into())), "notes");
    assert_eq!(refused(|draft| draft.notes = Some("x".repeat(10_001))), "notes");
    assert_eq!(
        refused(|draft| draft.exercises = vec![draft.exercises[0].clone(); 101]),
        "exercises"
    );
    assert_eq!(
        refused(|draft| {
            draft.exercises.push(draft.exercises[0].clone());
            draft.exercises[1].notes = Some("\u{7}".into());
        }),
        "exercises[1].notes"
    );
    assert_eq!(
        refused(|draft| draft.exercises[0].sets = vec![SetDraft::default(); 101]),
        "exercises[0].sets"
    );
    assert_eq!(
        refused(|draft| draft.exercises[0].sets[1].reps = Some(10_001)),
        "exercises[0].sets[1].reps"
    );
    assert_eq!(
        refused(|draft| draft.exercises[0].sets[2].index = Some(10_000)),
        "exercises[0].sets[2].index"
    );
}

#[test]
fn a_weight_that_nobody_moves_is_refused_in_whatever_unit() {
    for weight in [
        Weight::kg(f64::NAN),
        Weight::kg(f64::INFINITY),
        Weight::kg(2000.1),
        Weight::lb(4_410.0),
        Weight::kg(-700.1),
    ] {
        assert_eq!(
            refused(|draft| draft.exercises[0].sets[0].weight = Some(weight)),
            "exercises[0].sets[0].weight"
        );
    }
    for weight in [
        Weight::kg(0.0),
        Weight::kg(f64::NAN),
        Weight::kg(-1.0),
        Weight::kg(701.0),
    ] {
        assert_eq!(
            refused(|draft| draft.exercises[0].body_weight = Some(weight)),
            "exercises[0].body_weight"
        );
    }
}

#[test]
fn sets_come_in_the_order_of_their_indexes_and_new_ones_last() {
    let with = |indexes: [Option<u32>; 3]| {
        move |draft: &mut WorkoutLogDraft| {
            for (set, index) in draft.exercises[0].sets.iter_mut().zip(indexes) {
                set.index = index;
            }
        }
    };
    for indexes in [[None, None, None], [Some(3), None, None], [Some(0), Some(7), Some(8)]] {
        let mut draft = draft();
        with(indexes)(&mut draft);
        assert!(checked(draft).is_ok(), "{indexes:?}");
    }
    assert_eq!(refused(with([Some(0), Some(0), None])), "exercises[0].sets[1].index");
    assert_eq!(refused(with([Some(1), Some(0), None])), "exercises[0].sets[1].index");
    assert_eq!(refused(with([Some(0), None, Some(1)])), "exercises[0].sets[2].index");
}

#[test]
fn a_movement_has_a_name_and_short_lines() {
    let draft = |name: &str, equipment: &str| ExerciseDefinitionDraft {
        id: None,
        name: name.to_owned(),
        equipment: Some(equipment.to_owned()),
        muscle_group: None,
    };
    let field = |draft| match definition_fields(&draft) {
        Err(SteadfastError::Validation { field, .. }) => field,
        _ => None,
    };
    assert_eq!(field(draft(" ", "")).as_deref(), Some("name"));
    assert_eq!(field(draft("Squat", "a\nb")).as_deref(), Some("equipment"));
    let fields = definition_fields(&draft("Squat", "")).expect("sound");
    assert_eq!(fields["equipment"], Value::Null, "empty is none");
}
