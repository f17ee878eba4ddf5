//! One test a rule of conflicts.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::domain::id::Id;
use crate::outbox::layers::EntityKey;
use crate::outbox::phone_tests::{HABIT, LOG, ME, Phone, SET, START_MS, delete, fields, set, under};

const OTHER_DEVICE: Id = Id::from_u128(99);

/// What this phone says of a row loses to what another device says of it a second later.
fn lose(phone: &mut Phone, mine: Change, key: EntityKey, theirs: &[(&str, Value)]) {
    phone.edit([mine]);
    let claimed = phone.claim();
    phone.pass(1_000);
    let theirs: BTreeMap<String, Value> = fields(theirs);
    let at_ms = phone.now.wall_ms;
    phone.server.edit_elsewhere(key, &theirs, OTHER_DEVICE, at_ms);
    for claimed in claimed {
        let reply = phone.push(&claimed);
        phone.settle(&claimed, &reply);
    }
}

fn listed(phone: &Phone) -> Vec<Conflict> {
    list(&phone.connection, ME, &ConflictQuery::default())
        .expect("a list")
        .conflicts
}

fn decide(phone: &mut Phone, id: u64, choice: ConflictChoice) -> Result<Vec<EntityKey>> {
    let by = phone.by();
    phone
        .write(|tx| resolve(tx, &by, id, choice))
        .map(|((), changed)| changed)
}

fn of_field(phone: &Phone, field: &str) -> u64 {
    let all = listed(phone);
    all.iter().find(|conflict| conflict.field == field).expect("lost").id
}

#[test]
fn a_lost_value_is_listed_beside_the_one_that_won() {
    let mut phone = Phone::new();
    lose(
        &mut phone,
        set(HABIT, "notes", "mine"),
        HABIT,
        &[("notes", json!("theirs"))],
    );
    let all = listed(&phone);
    assert_eq!(all.len(), 1);
    assert_eq!(
        (
            all[0].kept_value.as_str(),
            all[0].lost_value.as_str(),
            all[0].entity_kind.as_str()
        ),
        (r#""theirs""#, r#""mine""#, "habit_log")
    );
    assert_eq!(all[0].at, from_ms(START_MS + 1_000));
}

#[test]
fn keeping_the_winner_writes_nothing_and_ends_it() {
    let mut phone = Phone::new();
    lose(
        &mut phone,
        set(HABIT, "notes", "mine"),
        HABIT,
        &[("notes", json!("theirs"))],
    );
    let id = of_field(&phone, "notes");
    assert_eq!(decide(&mut phone, id, ConflictChoice::Kept), Ok(Vec::new()));
    assert_eq!(phone.value(HABIT, "notes"), "theirs");
    assert!(listed(&phone).is_empty());
    let again = decide(&mut phone, id, ConflictChoice::Lost);
    assert_eq!(again.map_err(|error| error.code_name()), Err("not_found".to_owned()));
}

#[test]
fn picking_the_loser_writes_it_again_and_the_server_takes_it() {
    let mut phone = Phone::new();
    lose(
        &mut phone,
        set(HABIT, "notes", "mine"),
        HABIT,
        &[("notes", json!("theirs"))],
    );
    let id = of_field(&phone, "notes");
    assert_eq!(decide(&mut phone, id, ConflictChoice::Lost), Ok(vec![HABIT]));
    assert_eq!(phone.value(HABIT, "notes"), "mine");
    phone.sync();
    assert_eq!(phone.value(HABIT, "notes"), "mine");
    assert!(listed(&phone).is_empty(), "it won this time");
}

#[test]
fn what_is_one_value_is_decided_as_one() {
    let mut phone = Phone::new();
    let weight = |value: f64, unit: &str, kg: f64| {
        fields(&[
            ("weight", json!(value)),
            ("weight_unit", json!(unit)),
            ("weight_kg", json!(kg)),
        ])
    };
    let mut first = weight(60.0, "kg", 60.0);
    first.insert("workout_log_id".to_owned(), json!(LOG.1));
    phone.edit([set(LOG, "notes", "x"), under(SET, Change::upsert(SET.0, SET.1, first))]);
    phone.sync();
    let mine = under(SET, Change::upsert(SET.0, SET.1, weight(80.0, "kg", 80.0)));
    let theirs = [
        ("weight", json!(220.0)),
        ("weight_unit", json!("lb")),
        ("weight_kg", json!(99.8)),
    ];
    lose(&mut phone, mine, SET, &theirs);
    assert_eq!(listed(&phone).len(), 3);
    let id = of_field(&phone, "weight_unit");
    decide(&mut phone, id, ConflictChoice::Lost).expect("decided");
    let shown = ["weight", "weight_unit", "weight_kg"].map(|name| phone.value(SET, name));
    assert_eq!(shown, [json!(80.0), json!("kg"), json!(80.0)]);
    assert!(listed(&phone).is_empty());
}

#[test]
fn a_row_that_was_deleted_elsewhere_comes_back_whole() {
    let mut phone = Phone::new();
    let first = fields(&[("kind", json!("smoke")), ("notes", json!("first"))]);
    phone.edit([Change::upsert(HABIT.0, HABIT.1, first)]);
    phone.sync();
    lose(
        &mut phone,
        set(HABIT, "notes", "mine"),
        HABIT,
        &[(ALIVE, json!(false)), ("notes", json!("first"))],
    );
    assert!(!phone.is_alive(HABIT));
    let id = of_field(&phone, "notes");
    decide(&mut phone, id, ConflictChoice::Lost).expect("decided");
    assert!(phone.is_alive(HABIT));
    assert_eq!(
        (phone.value(HABIT, "kind"), phone.value(HABIT, "notes")),
        (json!("smoke"), json!("mine"))
    );
    phone.sync();
    assert!(phone.is_alive(HABIT) && listed(&phone).is_empty());
}

#[test]
fn a_deletion_that_lost_can_be_made_again() {
    let mut phone = Phone::new();
    phone.edit([set(HABIT, "notes", "first")]);
    phone.sync();
    lose(
        &mut phone,
        delete(HABIT),
        HABIT,
        &[(ALIVE, json!(true)), ("notes", json!("theirs"))],
    );
    assert!(phone.is_alive(HABIT));
    let id = of_field(&phone, ALIVE);
    decide(&mut phone, id, ConflictChoice::Lost).expect("decided");
    assert!(!phone.is_alive(HABIT));
}

#[test]
fn pages_go_on_where_the_last_one_ended() {
    let mut phone = Phone::new();
    for turn in 0..5 {
        let mine = set(HABIT, "notes", format!("mine {turn}"));
        lose(&mut phone, mine, HABIT, &[("notes", json!(format!("theirs {turn}")))]);
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = list(&phone.connection, ME, &ConflictQuery { limit: 2, after }).expect("a page");
        seen.extend(page.conflicts.into_iter().map(|conflict| conflict.lost_value));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let expected: Vec<String> = (0..5).rev().map(|turn| format!("\"mine {turn}\"")).collect();
    assert_eq!(seen, expected);
}

#[test]
fn the_list_is_read_from_an_index() {
    let phone = Phone::new();
    let plan: String = phone
        .connection
        .query_row(&format!("EXPLAIN QUERY PLAN {LIST_SQL}"), params![ME, 1, 1], |row| {
            row.get(3)
        })
        .expect("a plan");
    assert_eq!(
        plan,
        "SEARCH conflict USING INDEX conflict_open (account_id=? AND id<?)"
    );
}
