//! The transactions of sync, on a real file.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use steadfast_protocol::entity::EntityKind;
use steadfast_protocol::push::{ServerField, ServerRow};
use steadfast_protocol::stamp::Stamp;

use super::*;
use crate::database::Database;
use crate::domain::randomness::SystemRandomness;
use crate::outbox::edit::{Change, Debounce, Edit};
use crate::outbox::model::{OutboxQuery, OutboxStatus, Priority};
use crate::outbox::rows::{self, Fields, Plain};
use crate::outbox::upkeep;

const KIND: EntityKind = EntityKind::HabitLog;
const PROJECTIONS: [&dyn Projection; 1] = [&Plain(KIND)];
const NOW_MS: i64 = 1_767_225_600_000;
const DAY_MS: i64 = 86_400_000;

fn moment(after_ms: i64) -> Moment {
    Moment {
        wall_ms: NOW_MS + after_ms,
        elapsed_ms: Some(1_000 + after_ms),
    }
}

/// A store in which the server of `ada` was heard in epoch 1.
fn heard() -> (tempfile::TempDir, Database) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = Database::open(folder.path(), Id::from_u128(1)).expect("a store");
    write(&database, |tx| {
        account::hear(tx, "ada", NOW_MS, 1, &moment(0), Some("boot")).map(drop)
    });
    (folder, database)
}

fn write<T: Send + 'static>(
    database: &Database,
    job: impl FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
) -> T {
    database.write(job).wait().expect("written")
}

/// A row of the account with an event that waits for `debounce`.
fn put(tx: &Transaction<'_>, id: u128, debounce: Debounce, priority: Priority) -> Result<()> {
    let edit = Edit {
        account_id: "ada".to_owned(),
        device_id: Id::from_u128(1),
        moment: moment(0),
        boot_id: Some("boot".to_owned()),
        priority,
        debounce,
        randomness: std::sync::Arc::new(SystemRandomness),
    };
    let fields = Fields::from([("notes".to_owned(), json!("mine"))]);
    edit.write(tx, vec![Change::create(KIND, Id::from_u128(id), fields)])?;
    Ok(())
}

fn claimed(tx: &Transaction<'_>, after_ms: i64) -> Result<Vec<Claimed>> {
    let now = moment(after_ms);
    let claimant = Claimant {
        account_id: "ada",
        now: &now,
        boot_id: Some("boot"),
        open_epoch: 1,
        limit: 100,
        background: true,
    };
    match take(tx, &claimant)?.claims {
        Claims::Items(items) => Ok(items),
        other => panic!("nothing can be claimed: {other:?}"),
    }
}

fn by(now: &Moment, generation: i64) -> Hearing<'_> {
    Hearing {
        account_id: "ada",
        generation,
        now,
        boot_id: Some("boot"),
        projections: &PROJECTIONS,
    }
}

/// Everything is taken, with these notes.
fn reply(items: &[Claimed], epoch: i64, notes: impl Fn(u128) -> Value) -> PushReply {
    let field = |value: Value| ServerField {
        value,
        stamp: Stamp {
            ms: NOW_MS,
            n: 1,
            epoch,
        },
        op_id: None,
        device_id: None,
        number: None,
    };
    let result = |claimed: &Claimed| {
        let id = claimed.item.operations[0].entity_id;
        ItemResult {
            id: claimed.item.id,
            status: ItemStatus::Applied,
            code: None,
            message: None,
            retry_after_s: None,
            rows: vec![ServerRow {
                entity_kind: KIND,
                entity_id: id,
                fields: BTreeMap::from([
                    ("alive".to_owned(), field(json!(true))),
                    ("notes".to_owned(), field(notes(id.as_u128()))),
                ]),
            }],
        }
    };
    PushReply {
        now: NOW_MS,
        epoch,
        results: items.iter().map(result).collect(),
    }
}

fn statuses(tx: &Transaction<'_>) -> Result<Vec<String>> {
    let mut statement = tx.prepare("SELECT status FROM outbox ORDER BY seq")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

#[test]
fn a_look_counts_what_waits_and_says_when_the_first_is_due() {
    let (_folder, database) = heard();
    let glances = write(&database, |tx| {
        put(tx, 1, Debounce::Typing, Priority::User)?;
        put(tx, 2, Debounce::None, Priority::Background)?;
        Ok([
            look(tx, "ada", NOW_MS, true, true)?,
            look(tx, "ada", NOW_MS, true, false)?,
            look(tx, "ada", NOW_MS, false, true)?,
            look(tx, "ben", NOW_MS, true, true)?,
        ])
    });
    assert_eq!(glances.map(|glance| glance.pending), [2, 2, 2, 0]);
    let due = glances.map(|glance| glance.due_ms.map(|at| at - NOW_MS));
    assert_eq!(
        due,
        [Some(0), Some(2_000), None, None],
        "background events count only where they may go"
    );
}

#[test]
fn a_look_reads_open_events_alone() {
    let (_folder, database) = heard();
    let plan = write(&database, |tx| {
        let mut statement = tx.prepare(&format!("EXPLAIN QUERY PLAN {COUNT_SQL}"))?;
        let rows = statement.query_map(["ada"], |row| row.get::<_, String>(3))?;
        Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
    });
    insta::assert_snapshot!(plan.join("\n"), @"SEARCH outbox USING INDEX outbox_by_root (account_id=?)");
}

#[test]
fn what_is_held_is_not_claimed_before_its_time() {
    let (_folder, database) = heard();
    write(&database, |tx| {
        put(tx, 1, Debounce::None, Priority::User)?;
        put(tx, 2, Debounce::None, Priority::User)?;
        let items = claimed(tx, 0)?;
        release(tx, &items[..1], Some(NOW_MS + 5_000))?;
        release(tx, &items[1..], None)?;
        let again = claimed(tx, 1)?;
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].item, items[1].item, "the same as before, to the byte");
        assert_eq!(claimed(tx, 5_000)?[0].item, items[0].item);
        release(tx, &items[..1], None)?;
        assert_eq!(statuses(tx)?[0], "processing", "an older claim gives back nothing");
        Ok(())
    });
}

#[test]
fn a_reply_to_an_older_generation_changes_nothing() {
    let (_folder, database) = heard();
    write(&database, |tx| {
        put(tx, 1, Debounce::None, Priority::User)?;
        let items = claimed(tx, 0)?;
        tx.execute("UPDATE account SET generation = 5", [])?;
        let now = moment(0);
        let heard = settle(tx, by(&now, 4), &items, &reply(&items, 9, |_| json!("mine")))?;
        assert_eq!((heard.settlement.epoch, heard.settlement.left.len()), (None, 1));
        assert_eq!(
            account::server_epoch(tx, "ada")?,
            Some(1),
            "not even its epoch is heard"
        );
        assert_eq!(
            settle(tx, by(&now, 5), &items, &reply(&items, 1, |_| json!("mine")))?
                .settlement
                .taken,
            1
        );
        Ok(())
    });
}

#[test]
fn a_reply_of_another_epoch_settles_nothing() {
    for (epoch, heard_as, known_after) in [(0, Epoch::Older, 1), (2, Epoch::Adopted, 2)] {
        let (_folder, database) = heard();
        write(&database, move |tx| {
            put(tx, 1, Debounce::None, Priority::User)?;
            let items = claimed(tx, 0)?;
            let now = moment(0);
            let heard = settle(tx, by(&now, 0), &items, &reply(&items, epoch, |_| json!("mine")))?;
            assert_eq!((heard.settlement.epoch, heard.settlement.taken), (Some(heard_as), 0));
            assert_eq!(heard.settlement.left, [items[0].item.id]);
            assert_eq!(account::server_epoch(tx, "ada")?, Some(known_after));
            assert_eq!(statuses(tx)?, ["processing"]);
            Ok(())
        });
    }
}

#[test]
fn a_result_that_cannot_be_written_leaves_its_item_and_harms_no_other() {
    let (_folder, database) = heard();
    write(&database, |tx| {
        (1..=3).try_for_each(|id| put(tx, id, Debounce::None, Priority::User))?;
        let items = claimed(tx, 0)?;
        // The field holds a text, says the table of fields.
        let notes = |id| if id == 2 { json!(7) } else { json!("theirs") };
        let now = moment(0);
        let heard = settle(tx, by(&now, 0), &items, &reply(&items, 1, notes))?;
        assert_eq!(
            (heard.settlement.taken, &heard.settlement.left[..]),
            (2, &[items[1].item.id][..])
        );
        assert_eq!(statuses(tx)?, ["completed", "processing", "completed"]);
        let shown = |id| -> Result<Value> {
            let row = rows::read(tx, KIND, "ada", Id::from_u128(id))?.expect("a row");
            Ok(row.fields["notes"].clone())
        };
        assert_eq!((shown(1)?, shown(2)?), (json!("theirs"), json!("mine")));
        let of_it: i64 = tx.query_row(
            "SELECT count(*) FROM server_row WHERE entity_id = ?1",
            [Id::from_u128(2).as_bytes()],
            |row| row.get(0),
        )?;
        assert_eq!(of_it, 0, "nothing of the half that could be written stays");
        Ok(())
    });
}

#[test]
fn an_incomplete_or_missing_result_leaves_its_item() {
    let (_folder, database) = heard();
    write(&database, |tx| {
        (1..=3).try_for_each(|id| put(tx, id, Debounce::None, Priority::User))?;
        let items = claimed(tx, 0)?;
        let mut reply = reply(&items, 1, |_| json!("mine"));
        reply.results[0].rows.clear();
        reply.results.remove(1);
        let now = moment(0);
        let heard = settle(tx, by(&now, 0), &items, &reply)?;
        assert_eq!(heard.settlement.left, [items[0].item.id, items[1].item.id]);
        assert_eq!((heard.settlement.taken, heard.settlement.events_taken), (1, 1));
        Ok(())
    });
}

#[test]
fn the_blamed_one_is_dead_with_the_server_s_words() {
    let (_folder, database) = heard();
    write(&database, |tx| {
        put(tx, 1, Debounce::None, Priority::User)?;
        let items = claimed(tx, 0)?;
        let error = ErrorBody {
            code: "too_large".to_owned(),
            message: "at most 1 MB".to_owned(),
        };
        let now = moment(0);
        let left = blame(tx, by(&now, 0), &items, (NOW_MS, 0), &error)?;
        assert_eq!(
            left.settlement.epoch,
            Some(Epoch::Older),
            "a server that was left behind blames nobody"
        );
        let heard = blame(tx, by(&now, 0), &items, (NOW_MS, 1), &error)?;
        assert_eq!((heard.settlement.dead, heard.settlement.left.len()), (1, 0));
        let query = OutboxQuery {
            status: Some(OutboxStatus::Dead),
            ..OutboxQuery::default()
        };
        let event = upkeep::events(tx, "ada", &query)?.events.remove(0);
        assert_eq!(
            (event.error_code.as_deref(), event.error_message.as_deref()),
            (Some("too_large"), Some("at most 1 MB"))
        );
        let glance = look(tx, "ada", NOW_MS, true, true)?;
        assert_eq!((glance.pending, glance.dead, glance.due_ms), (0, 1, None));
        Ok(())
    });
}

#[test]
fn a_new_process_tries_what_was_too_old_again_and_nothing_else() {
    let (_folder, database) = heard();
    write(&database, |tx| {
        for reason in PauseReason::ALL {
            account::set_paused(tx, "ada", Some(reason))?;
            let after = Some(reason).filter(|reason| *reason != PauseReason::ClientTooOld);
            assert_eq!((arrive(tx, "ada")?, account::paused(tx, "ada")?), (after, after));
        }
        Ok(())
    });
}

#[test]
fn nothing_is_claimed_for_a_paused_account() {
    let (_folder, database) = heard();
    write(&database, |tx| {
        put(tx, 1, Debounce::None, Priority::User)?;
        account::set_paused(tx, "ada", Some(PauseReason::AccountDeleted))?;
        assert_eq!(claimed(tx, 0)?, []);
        assert_eq!(statuses(tx)?, ["pending"]);
        Ok(())
    });
}

#[test]
fn the_audit_trail_is_kept_for_a_month() {
    let (_folder, database) = heard();
    write(&database, |tx| {
        put(tx, 1, Debounce::None, Priority::User)?;
        let items = claimed(tx, 0)?;
        let now = moment(0);
        settle(tx, by(&now, 0), &items, &reply(&items, 1, |_| json!("mine")))?;
        assert_eq!(clean_up(tx, NOW_MS + 30 * DAY_MS)?, 0);
        assert_eq!(clean_up(tx, NOW_MS + 30 * DAY_MS + 1)?, 1);
        Ok(())
    });
}
