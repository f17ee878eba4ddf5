//! The rules of a log's and a movement's rows, on a real file.

use rusqlite::Transaction;

use super::*;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::domain::time::from_ms;
use crate::outbox::rows::{self, Fields};
use crate::strength::history_table::{self, tests::pages};
use crate::strength::model::WorkoutLogQuery;
use crate::strength::store_for_tests::{SQUAT, START_MS, exercise, log, read, save, with_catalogue, write};

#[test]
fn rows_that_came_in_part_or_from_a_later_version_leave_the_rest_readable() {
    let (_folder, context) = with_catalogue();
    let saved = save(&context, log(1, Some(1), vec![exercise(SQUAT, &[(5, 100.0)])]));
    let (log_id, squat) = (saved.id, saved.exercises[0].id);
    let partial = move |tx: &Transaction<'_>, kind, n: u128, fields: &[(&str, serde_json::Value)]| {
        let fields: Fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        rows::write(tx, kind, LOCAL_ACCOUNT, Id::from_u128(n), true, &fields)
    };
    write(&context, move |tx, _| {
        let of_log = ("workout_log_id", serde_json::json!(log_id));
        let of_squat = ("exercise_id", serde_json::json!(squat));
        partial(
            tx,
            EntityKind::WorkoutLog,
            1,
            &[("started_at_ms", serde_json::json!(START_MS))],
        )?;
        partial(tx, EntityKind::Exercise, 2, std::slice::from_ref(&of_log))?;
        partial(tx, EntityKind::ExerciseSet, 3, &[of_log.clone(), of_squat.clone()])?;
        partial(
            tx,
            EntityKind::ExerciseSet,
            4,
            &[of_log.clone(), ("index", serde_json::json!(7))],
        )?;
        let stone = [
            of_log,
            of_squat,
            ("index", serde_json::json!(1)),
            ("reps", serde_json::json!(-3)),
            ("weight", serde_json::json!(10.0)),
            ("weight_unit", serde_json::json!("st")),
            ("weight_kg", serde_json::json!(63.5)),
        ];
        partial(tx, EntityKind::ExerciseSet, 5, &stone)
    });
    let shown = read(&context, move |connection, account_id| {
        Ok(stored(connection, account_id, log_id)?.shown(&ProgramDay::new("5x5", 1, 1)))
    });
    let shown = shown.expect("readable");
    assert_eq!(shown.exercises.len(), 1);
    let sets: Vec<_> = shown.exercises[0]
        .sets
        .iter()
        .map(|set| (set.reps, set.weight))
        .collect();
    assert_eq!(
        sets,
        [(Some(5), Some(Weight::kg(100.0))), (None, Some(Weight::kg(63.5)))]
    );
    assert_eq!(
        pages(&context, &WorkoutLogQuery::default()),
        [1],
        "a log without a day is not listed"
    );
    let resaved = save(&context, shown.draft());
    assert_eq!(resaved.exercises, shown.exercises);
    let unit = read(&context, |connection, account_id| {
        rows::read(connection, EntityKind::ExerciseSet, account_id, Id::from_u128(5))
    });
    assert_eq!(
        unit.expect("there").fields["weight_unit"],
        "st",
        "what was not changed stays as it was written"
    );
}

#[test]
fn another_account_sees_nothing() {
    let (_folder, context) = with_catalogue();
    let saved = save(&context, log(1, Some(1), vec![exercise(SQUAT, &[(5, 100.0)])]));
    read(&context, move |connection, _| {
        let other = "somebody";
        assert_eq!(stored(connection, other, saved.id)?.row, None);
        assert_eq!(
            history_table::page(connection, other, &WorkoutLogQuery::default())?.logs,
            []
        );
        assert_eq!(history_table::performances(connection, other, SQUAT, 10)?, []);
        assert_eq!(definitions(connection, other)?, []);
        assert_eq!(uses(connection, other, SQUAT)?, 0);
        Ok(())
    });
}

#[test]
fn a_row_has_the_servers_version() {
    let (_folder, context) = with_catalogue();
    let saved = save(&context, log(1, Some(1), vec![exercise(SQUAT, &[(5, 100.0)])]));
    assert_eq!((saved.version, saved.last_modified), (0, None));
    let shown = write(&context, move |tx, _| {
        tx.execute("UPDATE exercise_set SET version = 7, last_modified = 70", [])?;
        tx.execute("UPDATE workout_log SET version = 5, last_modified = 90", [])?;
        Ok(stored(tx, LOCAL_ACCOUNT, saved.id)?.shown(&saved.program_day))
    });
    let shown = shown.expect("saved");
    assert_eq!((shown.version, shown.last_modified), (7, Some(from_ms(90))));
}

pub(crate) fn plan(connection: &Connection, sql: &str) -> String {
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .expect("valid SQL");
    let values = vec![rusqlite::types::Value::Null; statement.parameter_count()];
    let lines = statement
        .query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3))
        .expect("a plan")
        .collect::<rusqlite::Result<Vec<_>>>();
    lines.expect("a plan").join("; ")
}

#[test]
fn every_read_uses_an_index_and_sorts_nothing() {
    let (_folder, context) = with_catalogue();
    let plans = read(&context, |connection, _| {
        let all = [
            LOG_SQL,
            EXERCISES_SQL,
            SETS_SQL,
            LIVE_EXERCISES_SQL,
            LIVE_SETS_SQL,
            DEFINITIONS_SQL,
            USES_SQL,
        ];
        Ok(all.map(|sql| plan(connection, sql)).join("\n"))
    });
    insta::assert_snapshot!(plans, @r#"
    SEARCH workout_log USING INDEX sqlite_autoindex_workout_log_1 (account_id=? AND id=?)
    SEARCH exercise USING INDEX exercise_by_log (account_id=? AND workout_log_id=?)
    SEARCH exercise_set USING INDEX exercise_set_by_log (account_id=? AND workout_log_id=?)
    SEARCH exercise USING INDEX exercise_by_log (account_id=? AND workout_log_id=?)
    SEARCH exercise_set USING INDEX exercise_set_by_log (account_id=? AND workout_log_id=?)
    SEARCH exercise_definition USING INDEX exercise_definition_by_name (account_id=?)
    SEARCH exercise USING INDEX exercise_by_definition (account_id=? AND definition_id=?); SEARCH log USING INDEX sqlite_autoindex_workout_log_1 (account_id=? AND id=?)
    "#);
}
