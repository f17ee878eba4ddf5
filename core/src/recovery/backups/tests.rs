use super::*;
use crate::domain::time::Moment;
use crate::recovery::journal::Journal;
use crate::recovery::model::Header;
use crate::recovery::records;
use crate::recovery::sample::{header, nonces, records as sample_records, workout_id};

struct Data {
    _directory: tempfile::TempDir,
    recovery: PathBuf,
    backups: PathBuf,
}

fn data() -> Data {
    let directory = tempfile::tempdir().expect("a folder");
    let (recovery, backups) = (directory.path().join("recovery"), directory.path().join("backups"));
    Data {
        _directory: directory,
        recovery,
        backups,
    }
}

fn record(root: &Path, id: Id) {
    let header = Header {
        workout_id: id,
        started: Moment {
            wall_ms: 0,
            elapsed_ms: None,
        },
        ..header()
    };
    Journal::create(root, &header, None, nonces())
        .expect("an empty root")
        .append(&sample_records(5));
}

/// A version 7 id of a workout that started in this second.
fn started_in(second: u64) -> Id {
    uuid::Builder::from_unix_timestamp_millis(second * 1000, &[3; 10]).into_uuid()
}

#[test]
fn set_aside_and_restored_it_is_the_same_workout() {
    let data = data();
    record(&data.recovery, workout_id());
    let moved = set_aside(&data.recovery, &data.backups, workout_id()).expect("a workout");
    assert_eq!(moved, data.backups.join(workout_id().to_string()));
    assert_eq!(folder::list(&data.recovery), Ok(vec![]));
    assert_eq!(list(&data.backups), Ok(vec![workout_id()]));
    assert_eq!(
        records::read(&data.backups, workout_id(), None)
            .expect("one reader for both")
            .count(),
        5
    );

    restore(&data.recovery, &data.backups, workout_id()).expect("a backup");
    assert_eq!(list(&data.backups), Ok(vec![]));
    assert_eq!(
        records::read(&data.recovery, workout_id(), None)
            .expect("back again")
            .count(),
        5
    );
}

#[test]
fn nothing_is_moved_over_another_folder() {
    let data = data();
    record(&data.recovery, workout_id());
    fs::create_dir_all(data.backups.join(workout_id().to_string())).expect("writable");
    let error = set_aside(&data.recovery, &data.backups, workout_id()).expect_err("occupied");
    assert_eq!(error.code_name(), "recovery_occupied");
    let error = restore(&data.recovery, &data.backups, workout_id()).expect_err("occupied");
    assert_eq!(error.code_name(), "recovery_occupied");
    assert_eq!(
        records::read(&data.recovery, workout_id(), None)
            .expect("untouched")
            .count(),
        5
    );
}

#[test]
fn what_is_not_there_cannot_be_moved() {
    let data = data();
    let error = restore(&data.recovery, &data.backups, workout_id()).expect_err("no backup");
    assert_eq!(error.code_name(), "recovery_not_found");
    assert_eq!(list(&data.backups), Ok(vec![]));
}

#[test]
fn the_newest_workout_comes_first_and_the_oldest_stored_ones_go() {
    let data = data();
    let ids: Vec<Id> = (1..=13).map(|day| started_in(day * 86_400)).collect();
    for id in [3, 0, 12, 7, 1, 2, 4, 5, 6, 8, 9, 10, 11].map(|at| ids[at]) {
        record(&data.backups, id);
    }
    let newest_first: Vec<Id> = ids.iter().rev().copied().collect();
    assert_eq!(list(&data.backups), Ok(newest_first));

    let only_copy = ids[1];
    assert_eq!(
        evict(&data.backups, &|id| Ok(id != only_copy)),
        Ok(vec![ids[2], ids[0]])
    );
    let left = list(&data.backups).expect("readable");
    assert_eq!((left.len(), left[10]), (11, only_copy));
    assert_eq!(evict(&data.backups, &|id| Ok(id != only_copy)), Ok(vec![]));
}
