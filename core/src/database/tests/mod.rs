//! The rules of the database, on real files.

mod backups;
mod checks;
mod full;
mod life;
mod opening;
mod transactions;
mod watching;

use std::path::Path;
use std::time::Duration;

use super::*;
use crate::database::local_state as state;

const LONG: Duration = Duration::from_secs(30);

fn open(folder: &Path) -> Database {
    Database::open(folder, Id::from_u128(1)).expect("the database opens")
}

fn fresh() -> (tempfile::TempDir, Database) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = open(folder.path());
    (folder, database)
}

fn refused(folder: &Path) -> String {
    Database::open(folder, Id::from_u128(1))
        .err()
        .expect("the database must not open")
        .code_name()
}

fn put(database: &Database, key: &'static str, value: i64) -> Result<()> {
    database.write(move |tx| state::set(tx, key, value)).wait()
}

fn value(database: &Database, key: &'static str) -> Option<i64> {
    database
        .read(move |connection| state::get(connection, key))
        .wait()
        .expect("read")
}

/// Something large that nobody needs: rows of 1 KB in the quarantine.
fn fill(tx: &Transaction<'_>, kib: u32) -> Result<()> {
    let sql = "INSERT INTO quarantine (account_id, source_table, key, reason, at_ms, bytes)
        SELECT 'a', 't', 'k', 'r', 0, randomblob(1000) FROM
        (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT i FROM n)";
    tx.execute(sql, [kib])?;
    Ok(())
}
