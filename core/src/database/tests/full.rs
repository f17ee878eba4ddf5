//! No space left.

use super::opening::Mount;
use super::*;

#[test]
fn a_full_database_is_an_error_and_never_half_a_write() {
    let (_folder, database) = fresh();
    put(&database, "x", 1).expect("written");
    let limit = |pages: i64| {
        database.on_writer(move |connection| Ok(connection.pragma_update(None, "max_page_count", pages)?))
    };
    limit(100).wait().expect("limited");
    let full = database.write(|tx| {
        state::set(tx, "x", 2)?;
        fill(tx, 2000)
    });
    let error = full.wait().expect_err("full");
    assert!(error.code_name() == "storage_full" && !errors::is_transient(&error));
    assert_eq!(value(&database, "x"), Some(1));
    limit(100_000).wait().expect("room again");
    database
        .write(|tx| fill(tx, 2000))
        .wait()
        .expect("the same write goes through");
}

#[test]
fn a_full_volume_is_an_error_before_and_after_and_never_half_a_write() {
    let Some(mount) = Mount::new("size=3m") else { return };
    let database = open(mount.path());
    put(&database, "x", 1).expect("written");
    assert_eq!(
        database
            .require_space(1 << 20)
            .expect_err("3 MB are less than the reserve")
            .code_name(),
        "storage_full"
    );
    let full = database.write(|tx| {
        state::set(tx, "x", 2)?;
        fill(tx, 8000)
    });
    assert_eq!(full.wait().expect_err("full").code_name(), "storage_full");
    assert_eq!(value(&database, "x"), Some(1));
    put(&database, "x", 3).expect("a small write still fits");
    drop(database);
    assert_eq!(value(&open(mount.path()), "x"), Some(3));
}

#[test]
fn freed_space_goes_back_to_the_device() {
    let (_folder, database) = fresh();
    database.write(|tx| fill(tx, 4000)).wait().expect("filled");
    let freed = database.free_space(|tx| Ok(u64::try_from(tx.execute("DELETE FROM quarantine", [])?).expect("few")));
    let freed = freed.wait().expect("freed");
    assert_eq!(freed.events_deleted, 4000);
    assert!(freed.freed_bytes > 4_000_000, "{freed:?}");
    let again = database.free_space(|_| Ok(0)).wait().expect("freed");
    assert!(
        again.events_deleted == 0 && again.freed_bytes < 100_000,
        "nearly all of it the first time: {again:?}"
    );
}

#[test]
fn the_wal_does_not_grow_without_end() {
    let (folder, database) = fresh();
    // A writer that never rests: it has the next job before it is done with one.
    let writes: Vec<Reply<()>> = (0..30).map(|_| database.write(|tx| fill(tx, 2000))).collect();
    assert!(writes.into_iter().all(|write| write.wait().is_ok()));
    let wal = connections::companion(&connections::database_file(folder.path()), "-wal");
    let wal = std::fs::metadata(wal).expect("the WAL").len();
    assert!(
        wal < CHECKPOINT_AT_LAST_BYTES + CHECKPOINT_BYTES,
        "{wal} bytes after 70 MB of writes"
    );
}
