//! The rules of the lists, on a real file.

use super::*;
use crate::context::Context;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::strength::change;
use crate::strength::model::SetDraft;
use crate::strength::store_for_tests::{
    BENCH, SQUAT, START_MS, exercise, log, open, read, save, with_catalogue, write,
};
use crate::strength::table::tests::plan;

/// The pages of a query, as days.
pub(crate) fn pages(context: &Context, query: &WorkoutLogQuery) -> Vec<u32> {
    let (mut days, mut query) = (Vec::new(), query.clone());
    loop {
        let asked = query.clone();
        let page = read(context, move |connection, account_id| {
            page(connection, account_id, &asked)
        });
        days.extend(page.logs.iter().map(|log| log.program_day.day));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return days,
        }
    }
}

#[test]
fn logs_are_listed_newest_first_and_those_without_a_start_last() {
    let (_folder, context) = with_catalogue();
    for (day, hours) in [(1, Some(5)), (2, None), (3, Some(7)), (4, Some(6)), (5, None)] {
        save(&context, log(day, hours, Vec::new()));
    }
    let mut other = log(9, Some(8), Vec::new());
    other.program_day.program_id = "other".to_owned();
    save(&context, other);
    for limit in [1, 2, 3, 50] {
        let query = WorkoutLogQuery {
            program_id: Some("5x5".to_owned()),
            limit,
            ..WorkoutLogQuery::default()
        };
        let days = pages(&context, &query);
        assert_eq!(days[..3], [3, 4, 1], "pages of {limit}");
        let mut not_started = days[3..].to_vec();
        not_started.sort_unstable();
        assert_eq!(not_started, [2, 5], "pages of {limit}");
        let query = WorkoutLogQuery {
            program_id: None,
            ..query
        };
        assert_eq!(pages(&context, &query).len(), 6);
        assert_eq!(pages(&context, &query)[0], 9);
    }
    let range = WorkoutLogQuery {
        from: Some(from_ms(START_MS + 6 * 3_600_000)),
        until: Some(from_ms(START_MS + 7 * 3_600_000)),
        ..WorkoutLogQuery::default()
    };
    assert_eq!(
        pages(&context, &range),
        [4],
        "until is outside, and so is what has no start"
    );
}

#[test]
fn a_query_that_is_none_is_refused_by_the_field() {
    let (_folder, context) = open();
    for (query, expected) in [
        (
            WorkoutLogQuery {
                limit: 0,
                ..WorkoutLogQuery::default()
            },
            "limit",
        ),
        (
            WorkoutLogQuery {
                after: Some("x".into()),
                ..WorkoutLogQuery::default()
            },
            "after",
        ),
        (
            WorkoutLogQuery {
                program_id: Some(String::new()),
                ..WorkoutLogQuery::default()
            },
            "program_id",
        ),
    ] {
        let refused = context
            .database
            .read(move |connection| page(connection, LOCAL_ACCOUNT, &query));
        match refused.wait().expect_err(expected) {
            crate::error::SteadfastError::Validation { field, .. } => assert_eq!(field.as_deref(), Some(expected)),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn a_summary_counts_what_was_done() {
    let (_folder, context) = with_catalogue();
    let mut draft = log(
        1,
        Some(1),
        vec![
            exercise(SQUAT, &[(5, 100.0), (3, 110.0)]),
            exercise(BENCH, &[(8, -20.0)]),
        ],
    );
    draft.exercises[0].sets[1].completed = false;
    draft.exercises[1].sets.push(SetDraft {
        completed: true,
        ..SetDraft::default()
    });
    save(&context, draft);
    let page = read(&context, |connection, account_id| {
        page(connection, account_id, &WorkoutLogQuery::default())
    });
    let log = &page.logs[0];
    let sets = (log.set_count, log.completed_set_count);
    // Neither what was not done, nor help, nor what has no weight.
    assert_eq!((log.exercise_count, sets, log.volume_load_kg), (2, (4, 3), 500.0));
}

#[test]
fn the_last_exercises_of_a_movement_come_newest_first_with_their_sets() {
    let (_folder, context) = with_catalogue();
    for (day, hours, kg) in [
        (1, Some(1), 100.0),
        (2, Some(9), 105.0),
        (3, None, 107.5),
        (4, Some(5), 102.5),
    ] {
        save(
            &context,
            log(
                day,
                hours,
                vec![exercise(BENCH, &[(8, 60.0)]), exercise(SQUAT, &[(5, kg), (5, kg)])],
            ),
        );
    }
    let weights = |limit| {
        let last = read(&context, move |connection, account_id| {
            performances(connection, account_id, SQUAT, limit)
        });
        assert!(
            last.iter()
                .all(|last| last.exercise.sets.len() == 2 && last.exercise.definition_id == SQUAT)
        );
        let weight = |last: &ExercisePerformance| last.exercise.sets[0].weight.map(|weight| weight.value);
        last.iter().filter_map(weight).collect::<Vec<_>>()
    };
    assert_eq!(weights(10), [105.0, 102.5, 100.0, 107.5]);
    assert_eq!(weights(2), [105.0, 102.5]);
    write(&context, |tx, by| change::delete(tx, &ProgramDay::new("5x5", 1, 2), by));
    assert_eq!(
        weights(10),
        [102.5, 100.0, 107.5],
        "those of a deleted log are gone with it"
    );
}

#[test]
fn every_list_uses_an_index_and_only_that_of_one_movement_is_sorted() {
    let (_folder, context) = open();
    let plans = read(&context, |connection, _| {
        let lists = [false, true].map(|by_program| [started_sql(by_program), not_started_sql(by_program)]);
        let others = [COUNT_SQL, PERFORMANCES_SQL, PERFORMED_SETS_SQL];
        let all = lists.iter().flatten().map(String::as_str).chain(others);
        Ok(all.map(|sql| plan(connection, sql)).collect::<Vec<_>>().join("\n"))
    });
    insta::assert_snapshot!(plans, @r#"
    SEARCH workout_log USING INDEX workout_log_by_start (account_id=? AND started_at_ms>? AND (started_at_ms,id)<(?,?))
    SEARCH workout_log USING INDEX workout_log_by_start (account_id=? AND started_at_ms=? AND id<?)
    SEARCH workout_log USING INDEX workout_log_by_program (account_id=? AND program_id=? AND started_at_ms>? AND (started_at_ms,id)<(?,?))
    SEARCH workout_log USING INDEX workout_log_by_program (account_id=? AND program_id=? AND started_at_ms=? AND id<?)
    SEARCH s USING INDEX exercise_set_by_log (account_id=? AND workout_log_id=?); SEARCH e USING INDEX sqlite_autoindex_exercise_1 (account_id=? AND id=?); SCALAR SUBQUERY 1; SEARCH exercise USING INDEX exercise_by_log (account_id=? AND workout_log_id=?)
    SEARCH e USING INDEX exercise_by_definition (account_id=? AND definition_id=?); SEARCH log USING INDEX sqlite_autoindex_workout_log_1 (account_id=? AND id=?); USE TEMP B-TREE FOR ORDER BY
    SEARCH exercise_set USING INDEX exercise_set_by_log (account_id=? AND workout_log_id=? AND exercise_id=?)
    "#);
}
