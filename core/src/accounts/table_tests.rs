//! Signing in and out, on a real file.

use serde_json::{Value, json};
use steadfast_protocol::entity::EntityKind;

use super::*;
use crate::activities::projection::ActivityRows;
use crate::activities::table::tests::{START_MS, open, workout};
use crate::activities::{change, save, table as activities};
use crate::database::Database;
use crate::domain::randomness::SystemRandomness;
use crate::domain::time::Moment;
use crate::outbox::edit::{Change, Debounce, Edit};
use crate::outbox::model::{OutboxStatistics, Priority};
use crate::outbox::rows::{self, Fields, Plain};

const PROJECTIONS: [&dyn Projection; 3] = [
    &ActivityRows,
    &Plain(EntityKind::HabitLog),
    &Plain(EntityKind::ProgramSession),
];
const DAY: Id = Id::from_u128(3);

fn edit(account_id: &str) -> Edit {
    Edit {
        account_id: account_id.to_owned(),
        device_id: Id::from_u128(1),
        moment: Moment {
            wall_ms: START_MS,
            elapsed_ms: Some(1),
        },
        boot_id: None,
        priority: Priority::User,
        debounce: Debounce::None,
        randomness: std::sync::Arc::new(SystemRandomness),
    }
}

fn write(database: &Database, account_id: &str, kind: EntityKind, id: Id, fields: &[(&str, Value)]) {
    let fields: Fields = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let by = edit(account_id);
    database
        .write(move |tx| by.write(tx, vec![Change::upsert(kind, id, fields)]))
        .wait()
        .expect("written");
}

fn row(database: &Database, account_id: &str, kind: EntityKind, id: Id) -> Option<Value> {
    let account_id = account_id.to_owned();
    let row = database
        .read(move |connection| rows::read(connection, kind, &account_id, id))
        .wait()
        .expect("read");
    row.filter(|row| row.alive).map(|row| {
        json!(
            row.fields
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .collect::<Fields>()
        )
    })
}

fn statistics(database: &Database, account_id: &str) -> OutboxStatistics {
    let account_id = account_id.to_owned();
    database
        .read(move |connection| outbox::statistics(connection, &account_id))
        .wait()
        .expect("statistics")
}

fn signed_in(database: &Database, account_id: &'static str, local_data: LocalData) -> SignInReport {
    database
        .write(move |tx| sign_in(tx, &PROJECTIONS, account_id, local_data, &[Id::from_u128(50)]))
        .wait()
        .expect("signed in")
}

fn signed_out(database: &Database, account_id: &'static str, queue: SignOut) -> SignOutReport {
    database
        .write(move |tx| sign_out(tx, &PROJECTIONS, account_id, queue, START_MS))
        .wait()
        .expect("signed out")
}

#[test]
fn data_of_before_the_sign_in_is_adopted_with_its_queue_or_stays_apart() {
    let (_folder, database) = open();
    write(
        &database,
        LOCAL_ACCOUNT,
        EntityKind::HabitLog,
        Id::from_u128(1),
        &[("kind", json!("smoke"))],
    );
    assert_eq!(
        signed_in(&database, "ada", LocalData::Keep),
        SignInReport {
            adopted: 0,
            kept: 1,
            pending: 0
        }
    );
    assert_eq!(row(&database, "ada", EntityKind::HabitLog, Id::from_u128(1)), None);
    assert_eq!(
        signed_in(&database, "ada", LocalData::Adopt),
        SignInReport {
            adopted: 1,
            kept: 0,
            pending: 1
        }
    );
    assert_eq!(
        row(&database, "ada", EntityKind::HabitLog, Id::from_u128(1)),
        Some(json!({"kind": "smoke"}))
    );
    assert_eq!(
        row(&database, LOCAL_ACCOUNT, EntityKind::HabitLog, Id::from_u128(1)),
        None
    );
    assert_eq!(statistics(&database, LOCAL_ACCOUNT).pending, 0);
    assert_eq!(database.read(current).wait().expect("read"), "ada");
}

#[test]
fn a_training_day_that_both_have_keeps_the_fields_of_both_the_local_ones_on_top() {
    let (_folder, database) = open();
    let kind = EntityKind::ProgramSession;
    write(
        &database,
        "ada",
        kind,
        DAY,
        &[("intensity", json!("hard")), ("scheduled_date", json!("2026-01-28"))],
    );
    write(
        &database,
        LOCAL_ACCOUNT,
        kind,
        DAY,
        &[("intensity", json!("easy")), ("completed_at_ms", json!(7))],
    );
    signed_in(&database, "ada", LocalData::Adopt);
    assert_eq!(
        row(&database, "ada", kind, DAY),
        Some(json!({"intensity": "easy", "completed_at_ms": 7, "scheduled_date": "2026-01-28"}))
    );
    assert_eq!(statistics(&database, "ada").pending, 2);
}

#[test]
fn a_file_imported_under_both_accounts_is_one_activity_afterwards() {
    let (_folder, database) = open();
    for account_id in [LOCAL_ACCOUNT, "ada"] {
        let mut workout = workout(1, 2);
        workout.account_id = account_id.to_owned();
        let by = edit(account_id);
        let saved = database.write(move |tx| {
            save::insert(tx, &workout, &mut |_| {}, None)?;
            change::saved(tx, &workout, false, &by)
        });
        saved.wait().expect("saved");
    }
    signed_in(&database, "ada", LocalData::Adopt);
    let id = workout(1, 2).activity.id;
    let counted = database.read(move |connection| {
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        assert!(activities::get(connection, "ada", id)?.is_some());
        Ok((
            count("SELECT count(*) FROM activity")?,
            count("SELECT count(*) FROM track_chunk")?,
        ))
    });
    assert_eq!(counted.wait().expect("counted"), (1, 2));
}

#[test]
fn a_recording_that_was_in_progress_at_the_adoption_is_the_account_s() {
    let (_folder, database) = open();
    signed_in(&database, "ada", LocalData::Adopt);
    let owners = database.read(|connection| {
        Ok([
            owner(connection, Id::from_u128(50), LOCAL_ACCOUNT)?,
            owner(connection, Id::from_u128(51), LOCAL_ACCOUNT)?,
            owner(connection, Id::from_u128(50), "grace")?,
        ])
    });
    assert_eq!(owners.wait().expect("read"), ["ada", LOCAL_ACCOUNT, "grace"]);
}

#[test]
fn signing_out_keeps_the_queue_or_gives_it_up_and_says_how_much_that_was() {
    let (_folder, database) = open();
    signed_in(&database, "ada", LocalData::Keep);
    for n in 1..=3 {
        write(
            &database,
            "ada",
            EntityKind::HabitLog,
            Id::from_u128(n),
            &[("kind", json!("smoke"))],
        );
    }
    assert_eq!(
        signed_out(&database, "ada", SignOut::Keep),
        SignOutReport { kept: 3, discarded: 0 }
    );
    assert_eq!(database.read(current).wait().expect("read"), LOCAL_ACCOUNT);
    assert_eq!(signed_in(&database, "ada", LocalData::Keep).pending, 3);
    assert_eq!(
        signed_out(&database, "ada", SignOut::Discard),
        SignOutReport { kept: 0, discarded: 3 }
    );
    let after = statistics(&database, "ada");
    assert_eq!((after.pending, after.discarded), (0, 3));
    assert_eq!(
        row(&database, "ada", EntityKind::HabitLog, Id::from_u128(1)),
        None,
        "nobody ever heard of it"
    );
}

#[test]
fn every_sign_in_and_sign_out_is_a_generation() {
    let (_folder, database) = open();
    let generation = || {
        database
            .read(|connection| generation(connection, "ada"))
            .wait()
            .expect("read")
    };
    assert_eq!(generation(), 0);
    signed_in(&database, "ada", LocalData::Keep);
    assert_eq!(generation(), 1);
    signed_out(&database, "ada", SignOut::Keep);
    assert_eq!(generation(), 2);
}

#[test]
fn every_table_with_an_account_moves() {
    let (_folder, database) = open();
    let tables = database.read(|connection| {
        let mut statement = connection.prepare(
            "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND c.name = 'account_id' ORDER BY m.name",
        )?;
        let names = statement.query_map([], |row| row.get::<_, String>(0))?;
        Ok(names.collect::<rusqlite::Result<Vec<_>>>()?)
    });
    let mut known: Vec<&str> = TABLES.to_vec();
    // The outbox moves by itself; the others hold what the server said, which the local account never heard.
    known.extend(["outbox", "server_row", "account", "conflict", "adopted_recording"]);
    known.sort_unstable();
    assert_eq!(tables.wait().expect("read"), known);
}
