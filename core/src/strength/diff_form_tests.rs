//! Whatever a person does to a form, the log becomes the form, and nothing is written but what differs.

use proptest::prelude::*;

use super::tests::{Rows, apply, draft, exercise, log_id, said, save, shown};
use super::*;

/// What a person, or an app, does to a form.
#[derive(Clone, Debug)]
enum Gesture {
    AddExercise(u128, usize, Vec<u32>),
    RemoveExercise(usize),
    MoveExercise(usize, usize),
    ForgetIds,
    AddSet(usize, u32),
    RemoveSet(usize, usize),
    EditSet(usize, usize, Option<u32>, Option<f64>, bool),
    ForgetIndexes(usize),
    Note(usize, Option<String>),
    BodyWeight(usize, Option<f64>),
    Finish(bool),
    DeleteLog,
}

fn gesture() -> impl Strategy<Value = Gesture> {
    use Gesture::*;
    let at = || 0..5_usize;
    prop_oneof![
        3 => (0..3_u128, at(), proptest::collection::vec(0..9_u32, 0..4)).prop_map(|(n, at, sets)| AddExercise(n, at, sets)),
        1 => at().prop_map(RemoveExercise),
        2 => (at(), at()).prop_map(|(from, to)| MoveExercise(from, to)),
        1 => Just(ForgetIds),
        2 => (at(), 0..9_u32).prop_map(|(at, reps)| AddSet(at, reps)),
        2 => (at(), at()).prop_map(|(at, set)| RemoveSet(at, set)),
        2 => (at(), at(), proptest::option::of(0..9_u32), proptest::option::of(-50.0..200.0_f64), any::<bool>())
            .prop_map(|(at, set, reps, kg, completed)| EditSet(at, set, reps, kg, completed)),
        1 => at().prop_map(ForgetIndexes),
        1 => (at(), proptest::option::of("[a-c]?")).prop_map(|(at, notes)| Note(at, notes)),
        1 => (at(), proptest::option::of(40.0..120.0_f64)).prop_map(|(at, kg)| BodyWeight(at, kg)),
        1 => any::<bool>().prop_map(Finish),
        1 => Just(DeleteLog),
    ]
}

fn perform(gesture: Gesture, form: &mut WorkoutLogDraft) {
    let all = &mut form.exercises;
    let wrap = |at: usize, len: usize| (len > 0).then(|| at % len);
    match gesture {
        Gesture::AddExercise(definition, at, reps) => all.insert(at.min(all.len()), exercise(definition, &reps)),
        Gesture::RemoveExercise(at) => {
            wrap(at, all.len()).map(|at| all.remove(at));
        }
        Gesture::MoveExercise(from, to) => {
            if let Some(from) = wrap(from, all.len()) {
                let moved = all.remove(from);
                all.insert(to.min(all.len()), moved);
            }
        }
        Gesture::ForgetIds => all.iter_mut().for_each(|exercise| exercise.id = None),
        Gesture::Finish(finished) => form.is_workout_finished = finished,
        Gesture::DeleteLog => {}
        Gesture::AddSet(at, reps) => {
            if let Some(at) = wrap(at, all.len()) {
                all[at].sets.push(SetDraft {
                    reps: Some(reps),
                    ..SetDraft::default()
                });
            }
        }
        Gesture::RemoveSet(at, set) => {
            if let Some(exercise) = wrap(at, all.len()).map(|at| &mut all[at]) {
                wrap(set, exercise.sets.len()).map(|set| exercise.sets.remove(set));
            }
        }
        Gesture::EditSet(at, set, reps, kg, completed) => {
            if let Some(exercise) = wrap(at, all.len()).map(|at| &mut all[at])
                && let Some(set) = wrap(set, exercise.sets.len())
            {
                exercise.sets[set].reps = reps;
                exercise.sets[set].weight = kg.map(Weight::kg);
                exercise.sets[set].completed = completed;
            }
        }
        Gesture::ForgetIndexes(at) => {
            if let Some(at) = wrap(at, all.len()) {
                all[at].sets.iter_mut().for_each(|set| set.index = None);
            }
        }
        Gesture::Note(at, notes) => {
            if let Some(at) = wrap(at, all.len()) {
                all[at].notes = notes;
            }
        }
        Gesture::BodyWeight(at, kg) => {
            if let Some(at) = wrap(at, all.len()) {
                all[at].body_weight = kg.map(Weight::kg);
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_a_form_does_the_log_becomes_the_form(saves in proptest::collection::vec(proptest::collection::vec(gesture(), 1..5), 1..8)) {
        let mut rows = Rows::new();
        for gestures in saves {
            let mut form = shown(&rows).map_or_else(|| draft(Vec::new()), |log| log.draft());
            for gesture in gestures {
                if matches!(gesture, Gesture::DeleteLog) {
                    apply(&mut rows, &[Change::delete(EntityKind::WorkoutLog, log_id())]);
                    form = draft(Vec::new());
                }
                perform(gesture, &mut form);
            }
            let before = rows.clone();
            let changes = save(&mut rows, &form);
            let log = shown(&rows).expect("saved");

            prop_assert_eq!(said(log.draft()), said(form.clone()));
            for (wanted, exercise) in form.exercises.iter().zip(&log.exercises) {
                prop_assert!(wanted.id.is_none_or(|id| id == exercise.id), "keeps its id");
                prop_assert_eq!(exercise.id, id::exercise(log.id, exercise.definition_id, exercise.occurrence));
                for (wanted, set) in wanted.sets.iter().zip(&exercise.sets) {
                    prop_assert!(wanted.index.is_none_or(|index| index == set.index), "keeps its index");
                    prop_assert_eq!(set.id, id::exercise_set(exercise.id, set.index));
                }
            }
            for change in &changes {
                let key = (change.kind, change.id);
                prop_assert_ne!(before.get(&key), rows.get(&key), "a change that changes nothing: {:?}", change);
            }
            let mut touched: Vec<_> = changes.iter().map(|change| change.id).collect();
            touched.sort();
            touched.dedup();
            prop_assert_eq!(touched.len(), changes.len(), "a row is changed once");
            prop_assert_eq!(save(&mut rows, &log.draft()), vec![], "it is what it is");
        }
    }
}
