//! `backup.db`, and the way back from it.

use std::fs;

use super::*;
use crate::database::backup::{self, restore};

fn taken(database: &Database) -> backup::TakenBackup {
    database
        .back_up(1000, |tx| state::set(tx, "closed", 1))
        .wait()
        .expect("a backup")
}

fn damage(folder: &Path) {
    fs::write(connections::database_file(folder), b"damaged").expect("damaged");
}

#[test]
fn a_backup_is_one_whole_file_with_everything_in_it() {
    let (folder, database) = fresh();
    put(&database, "x", 1).expect("written");
    let backup = taken(&database);
    assert_eq!(database.last_backup_at_ms().wait().expect("read"), Some(1000));
    put(&database, "x", 2).expect("written after it");
    let copy = Connection::open(&backup.path).expect("the backup");
    let stored = |key: &str| state::get::<i64>(&copy, key).expect("read");
    assert_eq!(
        (stored("x"), stored("closed"), stored(state::LAST_BACKUP)),
        (Some(1), Some(1), Some(1000))
    );
    let mode: String = copy
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .expect("the mode");
    assert_eq!(mode, "delete", "it needs no WAL beside it");
    assert!(!folder.path().join("backup.db.new").exists());
}

#[test]
fn a_backup_that_fails_keeps_the_one_before() {
    let (_folder, database) = fresh();
    put(&database, "x", 1).expect("written");
    let first = fs::read(taken(&database).path).expect("the backup");
    let failed = database.back_up(2000, |_| Err(SteadfastError::invalid("x", "closing the events fails")));
    assert!(failed.wait().is_err());
    assert_eq!(database.last_backup_at_ms().wait().expect("read"), Some(1000));
    assert_eq!(
        fs::read(database.folder().join(backup::FILE)).expect("the backup"),
        first
    );
}

#[test]
fn a_restore_sets_the_damaged_file_aside_and_names_the_predecessor() {
    let (folder, database) = fresh();
    put(&database, "x", 1).expect("written");
    taken(&database);
    assert_eq!(
        restore(folder.path(), Id::from_u128(2))
            .expect_err("it is open")
            .code_name(),
        "storage_in_use"
    );
    drop(database);
    damage(folder.path());
    assert_eq!(refused(folder.path()), "storage_corrupt");
    let restored = restore(folder.path(), Id::from_u128(2)).expect("restored");
    assert_eq!(
        (restored.device_id, restored.predecessor),
        (Id::from_u128(2), Some(Id::from_u128(1)))
    );
    let aside = restored.set_aside.expect("the damaged file");
    assert!(aside.ends_with("steadfast.db.corrupt-1"));
    assert_eq!(fs::read(aside).expect("the damaged file"), b"damaged");
    let database = Database::open(folder.path(), Id::from_u128(3)).expect("opened");
    assert_eq!(
        (database.device_id(), value(&database, "x")),
        (Id::from_u128(2), Some(1))
    );
    drop(database);
    damage(folder.path());
    let again = restore(folder.path(), Id::from_u128(4)).expect("restored");
    assert!(
        again
            .set_aside
            .expect("the damaged file")
            .ends_with("steadfast.db.corrupt-2")
    );
}

#[test]
fn the_wal_of_the_damaged_database_is_not_replayed_into_the_restored_one() {
    let (folder, database) = fresh();
    put(&database, "x", 1).expect("written");
    taken(&database);
    put(&database, "x", 2).expect("written after it");
    // As a killed process leaves them.
    let killed = tempfile::tempdir().expect("a temporary folder");
    for name in ["steadfast.db", "steadfast.db-wal", backup::FILE] {
        fs::copy(folder.path().join(name), killed.path().join(name)).expect("copied");
    }
    let restored = restore(killed.path(), Id::from_u128(2)).expect("restored");
    assert_eq!(value(&open(killed.path()), "x"), Some(1));
    // What was set aside is still a database with its last write.
    let aside = Connection::open(restored.set_aside.expect("set aside")).expect("opened");
    assert_eq!(state::get::<i64>(&aside, "x").expect("read"), Some(2));
}

#[test]
fn without_a_sound_backup_nothing_is_changed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    damage(folder.path());
    assert_eq!(
        restore(folder.path(), Id::from_u128(2))
            .expect_err("there is none")
            .code_name(),
        "storage_io"
    );
    for bytes in [&b"no database"[..], b""] {
        fs::write(folder.path().join(backup::FILE), bytes).expect("written");
        assert_eq!(
            restore(folder.path(), Id::from_u128(2))
                .expect_err("damaged")
                .code_name(),
            "storage_corrupt"
        );
    }
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .expect("the folder")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["backup.db", "steadfast.db", "steadfast.lock"]);
    assert_eq!(
        fs::read(connections::database_file(folder.path())).expect("the file"),
        b"damaged"
    );
}
