//! Whose file it is, which version wrote it, and may it be written?

use std::fs;
use std::process::Command;

use super::*;
use crate::activities::table;
use crate::database::migrations::{APPLICATION_ID, LATEST};
use crate::domain::account::LOCAL_ACCOUNT;

fn file(folder: &Path) -> PathBuf {
    connections::database_file(folder)
}

fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut contents: Vec<_> = fs::read_dir(folder)
        .expect("the folder")
        .flatten()
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                fs::read(entry.path()).expect("a file"),
            )
        })
        // The lock is empty, and the index of the WAL is made anew whenever it is opened.
        .filter(|(name, _)| name != connections::LOCK_FILE && !name.ends_with("-shm"))
        .collect();
    contents.sort();
    contents
}

fn in_folder_of(sql: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    Connection::open(file(folder.path()))
        .and_then(|other| other.execute_batch(sql))
        .expect("another database");
    folder
}

#[test]
fn a_new_database_has_every_setting() {
    let (_folder, database) = fresh();
    let settings = |connection: &Connection| {
        let get = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, rusqlite::types::Value>(0));
        let names = [
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "trusted_schema",
            "temp_store",
            "page_size",
            "auto_vacuum",
            "cache_size",
            "busy_timeout",
            "query_only",
        ];
        names
            .map(|name| format!("{name} {:?}", get(name).expect("a pragma")))
            .join("\n")
    };
    let writer = database
        .on_writer(move |connection| Ok(settings(connection)))
        .wait()
        .expect("settings");
    insta::assert_snapshot!(writer, @r#"
    journal_mode Text("wal")
    synchronous Integer(2)
    foreign_keys Integer(1)
    trusted_schema Integer(0)
    temp_store Integer(2)
    page_size Integer(4096)
    auto_vacuum Integer(2)
    cache_size Integer(-2048)
    busy_timeout Integer(2000)
    query_only Integer(0)
    "#);
    let reader = database
        .read(move |connection| Ok(settings(connection)))
        .wait()
        .expect("settings");
    insta::assert_snapshot!(reader, @r#"
    journal_mode Text("wal")
    synchronous Integer(2)
    foreign_keys Integer(1)
    trusted_schema Integer(0)
    temp_store Integer(2)
    page_size Integer(4096)
    auto_vacuum Integer(2)
    cache_size Integer(-1024)
    busy_timeout Integer(2000)
    query_only Integer(1)
    "#);
}

#[test]
fn the_device_keeps_its_first_id() {
    let (folder, database) = fresh();
    assert_eq!(database.device_id(), Id::from_u128(1));
    drop(database);
    let again = Database::open(folder.path(), Id::from_u128(2)).expect("opened again");
    assert_eq!(again.device_id(), Id::from_u128(1));
}

#[test]
fn a_folder_that_is_missing_is_made() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let deep = folder.path().join("a").join("b");
    put(&open(&deep), "x", 1).expect("written");
    assert!(file(&deep).exists());
}

#[test]
fn a_second_open_is_refused_and_the_first_goes_on() {
    let (folder, database) = fresh();
    assert_eq!(refused(folder.path()), "storage_in_use");
    put(&database, "x", 1).expect("not disturbed");
}

#[test]
fn what_is_not_a_database_stays_as_it_is() {
    for bytes in [
        &b"not a database at all"[..],
        &[0; 4096],
        b"SQLite format 3\0",
        &[b'x'; 10_000],
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(file(folder.path()), bytes).expect("written");
        assert_eq!(refused(folder.path()), "storage_corrupt");
        assert_eq!(
            contents(folder.path()),
            [(connections::FILE.to_owned(), bytes.to_vec())]
        );
    }
}

#[test]
fn another_programs_database_stays_as_it_is() {
    for sql in [
        "CREATE TABLE theirs (x)",
        "PRAGMA application_id = 7",
        "PRAGMA user_version = 1",
        "PRAGMA user_version = 3; CREATE TABLE t (x)",
    ] {
        let folder = in_folder_of(sql);
        let before = contents(folder.path());
        assert_eq!(refused(folder.path()), "storage_corrupt", "{sql}");
        assert_eq!(contents(folder.path()), before, "{sql}");
    }
}

#[test]
fn an_empty_file_and_one_of_a_process_that_died_early_become_databases() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(file(folder.path()), b"").expect("written");
    put(&open(folder.path()), "x", 1).expect("written");
    let folder = in_folder_of("PRAGMA journal_mode = WAL; CREATE TABLE t (x); DROP TABLE t");
    put(&open(folder.path()), "x", 1).expect("written");
}

#[test]
fn a_newer_database_stays_as_it_is_byte_for_byte() {
    let (folder, database) = fresh();
    drop(database);
    Connection::open(file(folder.path()))
        .and_then(|newer| newer.pragma_update(None, "user_version", LATEST + 1))
        .expect("a newer version");
    let before = contents(folder.path());
    assert_eq!(refused(folder.path()), "storage_newer_version");
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn a_newer_database_whose_version_stands_in_the_wal_stays_as_it_is_byte_for_byte() {
    let (newer, database) = fresh();
    put(&database, "x", 1).expect("written");
    database
        .on_writer(|connection| Ok(connection.pragma_update(None, "user_version", LATEST + 1)?))
        .wait()
        .expect("a newer version");
    // As a killed process leaves them: the main file is older than its WAL.
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in ["steadfast.db", "steadfast.db-wal"] {
        fs::copy(newer.path().join(name), folder.path().join(name)).expect("copied");
    }
    let before = contents(folder.path());
    assert!(before.len() == 2 && before[1].1.len() > 1000);
    assert_eq!(refused(folder.path()), "storage_newer_version");
    assert_eq!(contents(folder.path()), before);
}

/// Every released version's database, as SQL text: schema and rows as that version wrote them.
const FIXTURES: [(i32, &str); 3] = [
    (1, include_str!("../../../tests/fixtures/database_v1.sql")),
    (2, include_str!("../../../tests/fixtures/database_v2.sql")),
    (3, include_str!("../../../tests/fixtures/database_v3.sql")),
];

fn schema(folder: &Path) -> Vec<(String, Option<String>)> {
    let connection = Connection::open(file(folder)).expect("the file");
    let mut statement = connection
        .prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")
        .expect("valid SQL");
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("the schema");
    let schema: rusqlite::Result<Vec<(String, Option<String>)>> = rows.collect();
    schema
        .expect("the schema")
        .into_iter()
        .filter(|(name, _)| !name.starts_with("sqlite_stat"))
        .collect()
}

#[test]
fn every_earlier_version_becomes_what_a_new_database_is_and_keeps_its_rows() {
    assert_eq!(
        FIXTURES.map(|(version, _)| version).last(),
        Some(&LATEST),
        "a version was released without its fixture"
    );
    let (new, database) = fresh();
    drop(database);
    for (version, sql) in FIXTURES {
        let folder = in_folder_of(sql);
        let database = open(folder.path());
        let read = database.read(|connection| {
            let activity = connection.query_row("SELECT id, account_id FROM activity", [], |row| {
                Ok((Id::from_bytes(row.get(0)?), row.get::<_, String>(1)?))
            })?;
            let owner: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
            let chunks: i64 = connection.query_row("SELECT count(*) FROM track_chunk", [], |row| row.get(0))?;
            let events: i64 = connection.query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))?;
            let laps = table::laps(connection, LOCAL_ACCOUNT, activity.0)?;
            Ok((activity.1, owner, chunks, events, laps.len()))
        });
        assert_eq!(
            read.wait().expect("read"),
            (
                LOCAL_ACCOUNT.to_owned(),
                APPLICATION_ID,
                2,
                1,
                if version < 2 { 0 } else { 2 }
            ),
            "version {version}"
        );
        drop(database);
        assert_eq!(schema(folder.path()), schema(new.path()), "version {version}");
    }
}

#[test]
fn a_migration_that_fails_leaves_the_file_as_it_was() {
    use rusqlite_migration::{M, Migrations};
    let (folder, database) = fresh();
    put(&database, "x", 1).expect("written");
    drop(database);
    let before = contents(folder.path());
    let mut connection = Connection::open(file(folder.path())).expect("the file");
    let steps = [
        M::up(include_str!("../migrations/0001_activities_and_outbox.sql")),
        M::up(include_str!("../migrations/0002_laps.sql")),
        M::up(include_str!("../migrations/0003_training_data_and_sync.sql")),
        M::up("ALTER TABLE activity ADD COLUMN more TEXT; DROP TABLE split; INSERT INTO nowhere VALUES (1);"),
    ];
    let failed = Migrations::from_slice(&steps)
        .to_latest(&mut connection)
        .expect_err("the last statement fails");
    assert_eq!(SteadfastError::from(failed).code_name(), "transaction_failed");
    drop(connection);
    assert_eq!(contents(folder.path()), before);
}

/// Mounts a file system for one test; `None` where that is not allowed.
pub(super) struct Mount(tempfile::TempDir);

impl Mount {
    pub(super) fn new(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(folder.path())
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            Some(Self(folder))
        } else {
            println!("skipped: mounting is not allowed here");
            None
        }
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn set_read_only(&self) {
        let status = Command::new("mount")
            .args(["-o", "remount,ro"])
            .arg(self.path())
            .status()
            .expect("mount runs");
        assert!(status.success());
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(self.path()).status();
        assert!(
            std::thread::panicking() || unmounted.is_ok_and(|status| status.success()),
            "the mount stays"
        );
    }
}

#[test]
fn a_read_only_volume_is_read_only_and_nothing_else() {
    let Some(mount) = Mount::new("size=4m") else { return };
    drop(open(mount.path()));
    mount.set_read_only();
    assert_eq!(refused(mount.path()), "storage_read_only");
}

const NOBODYS_FOLDER: &str = "STEADFAST_TEST_NOBODYS_FOLDER";

#[test]
#[ignore = "the process without privileges of a_folder_without_write_permission_is_read_only_and_not_locked"]
fn open_as_nobody() {
    let folder = std::env::var_os(NOBODYS_FOLDER).expect("the parent names the folder");
    println!("\n{}", refused(Path::new(&folder)));
}

#[test]
#[cfg(unix)]
fn a_folder_without_write_permission_is_read_only_and_not_locked() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).expect("no write permission");
    let mut child = Command::new(std::env::current_exe().expect("this program"));
    child
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "database::tests::opening::open_as_nobody",
        ])
        .env(NOBODYS_FOLDER, folder.path());
    // Permissions do not apply to root.
    if fs::write(folder.path().join("x"), b"").is_ok() {
        child.uid(65_534);
    }
    let Ok(output) = child.output() else {
        println!("skipped: this program cannot be run by another user here");
        return;
    };
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.lines().any(|line| line == "storage_read_only"), "{output}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_database_file_that_cannot_be_written_is_read_only() {
    let (folder, database) = fresh();
    drop(database);
    // Also root may not write an immutable file, which a mode does not achieve.
    let set = |flag: &str| {
        Command::new("chattr")
            .arg(flag)
            .arg(file(folder.path()))
            .status()
            .is_ok_and(|status| status.success())
    };
    if !set("+i") {
        println!("skipped: the file cannot be made immutable here");
        return;
    }
    let code = refused_late(folder.path());
    assert!(set("-i"));
    assert_eq!(code, "storage_read_only");
}

/// The error of opening or, where that succeeds, of the first write.
fn refused_late(folder: &Path) -> String {
    match Database::open(folder, Id::from_u128(1)) {
        Err(error) => error.code_name(),
        Ok(database) => put(&database, "x", 1).map_or_else(|error| error.code_name(), |()| "written".to_owned()),
    }
}
