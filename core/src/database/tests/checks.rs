//! SQLite's own checks, and the rooms' checks that are handed in.

use std::fs;
use std::io::{Seek, SeekFrom, Write};

use super::*;
use crate::database::integrity::{
    Checked, Finding, FindingKind, Findings, RepairAction, RepairContext, Repaired, RoomCheck, RoomChecks, go_on,
};
use crate::domain::cancel::CancelToken;

/// A room whose only rule is that `x` is not 13.
struct Superstitious;

impl RoomCheck for Superstitious {
    fn check(&self, connection: &Connection, cancel: Option<&CancelToken>) -> Result<Findings> {
        go_on(cancel)?;
        let unlucky = state::get::<i64>(connection, "x")? == Some(13);
        let (table, key, detail) = ("local_state".to_owned(), "x".to_owned(), "13".to_owned());
        let finding = Finding {
            kind: FindingKind::SumWrong,
            table,
            key,
            detail,
        };
        let findings = if unlucky { vec![finding] } else { Vec::new() };
        Ok(Findings {
            findings,
            checked: vec![Checked {
                table: "local_state".to_owned(),
                rows: 1,
            }],
        })
    }

    fn repair(&self, context: &RepairContext<'_>) -> Result<Vec<Repaired>> {
        go_on(context.cancel)?;
        assert!(context.backup.is_none(), "no backup was taken");
        state::set(context.transaction, "x", context.now_ms)?;
        let (table, key, detail) = ("local_state".to_owned(), "x".to_owned(), String::new());
        Ok(vec![Repaired {
            action: RepairAction::Recomputed,
            table,
            key,
            detail,
        }])
    }
}

fn rooms() -> RoomChecks {
    Arc::new([Box::new(Superstitious) as Box<dyn RoomCheck>])
}

#[test]
fn a_sound_database_is_ok() {
    let (_folder, database) = fresh();
    let report = database.check_integrity(rooms(), None).wait().expect("checked");
    assert!(report.ok && report.findings.is_empty());
    assert_eq!(
        report.checked,
        [Checked {
            table: "local_state".to_owned(),
            rows: 1
        }]
    );
}

#[test]
fn what_a_room_finds_it_repairs() {
    let (_folder, database) = fresh();
    put(&database, "x", 13).expect("written");
    let report = database.check_integrity(rooms(), None).wait().expect("checked");
    assert!(!report.ok && report.findings.len() == 1);
    let repair = database.repair(rooms(), 7, None).wait().expect("repaired");
    assert_eq!((repair.repaired.len(), repair.remaining.len()), (1, 0));
    assert_eq!(value(&database, "x"), Some(7));
}

#[test]
fn a_repair_that_is_cancelled_changes_nothing() {
    let (_folder, database) = fresh();
    put(&database, "x", 13).expect("written");
    let cancel = CancelToken::new();
    cancel.cancel();
    let repair = database
        .repair(rooms(), 7, Some(Arc::clone(&cancel)))
        .wait()
        .expect_err("cancelled");
    let check = database
        .check_integrity(rooms(), Some(cancel))
        .wait()
        .expect_err("cancelled");
    assert_eq!(
        (repair.code_name(), check.code_name()),
        ("cancelled".to_owned(), "cancelled".to_owned())
    );
    assert_eq!(value(&database, "x"), Some(13));
}

#[test]
fn a_damaged_index_is_found() {
    let (folder, database) = fresh();
    for n in 0..200 {
        let key: &'static str = Box::leak(format!("key {n}").into_boxed_str());
        put(&database, key, n).expect("written");
    }
    let root: u64 = database
        .read(|connection| {
            Ok(connection.query_row(
                "SELECT rootpage FROM sqlite_schema WHERE name = 'local_state'",
                [],
                |row| row.get::<_, i64>(0),
            )?)
        })
        .wait()
        .map(i64::unsigned_abs)
        .expect("the page");
    drop(database);
    let mut file = fs::OpenOptions::new()
        .write(true)
        .open(connections::database_file(folder.path()))
        .expect("the file");
    file.seek(SeekFrom::Start(root * 4096 - 300))
        .and_then(|_| file.write_all(&[0xAA; 200]))
        .expect("damaged");
    let connection = Connection::open(connections::database_file(folder.path())).expect("the file");
    let found = integrity::sqlite_check(&connection, "integrity_check").expect("checked");
    assert!(!found.is_empty() && found.iter().all(|finding| finding.kind == FindingKind::DatabaseDamaged));
}
