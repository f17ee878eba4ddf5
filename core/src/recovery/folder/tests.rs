use super::*;
use crate::recovery::journal::Journal;
use crate::recovery::records;
use crate::recovery::sample::{header, nonces, records as sample_records, workout_id};

fn recorded() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    Journal::create(root.path(), &header(), None, nonces())
        .expect("an empty root")
        .append(&sample_records(5));
    root
}

#[test]
fn only_workout_folders_are_listed() {
    let root = recorded();
    for name in [
        "strange",
        ".new-019c1a2b-3c4d-7e5f-8a9b-0c1d2e3f4a5c",
        "019C1A2B-3C4D-7E5F-8A9B-0C1D2E3F4A5C",
    ] {
        fs::create_dir(root.path().join(name)).expect("writable");
    }
    fs::write(root.path().join("019c1a2b-3c4d-7e5f-8a9b-0c1d2e3f4a5d"), "a file").expect("writable");
    assert_eq!(list(root.path()), Ok(vec![workout_id()]));
    assert_eq!(list(&root.path().join("not there yet")), Ok(vec![]));
    assert!(path(root.path(), workout_id()).is_dir());
}

#[test]
fn a_cleared_workout_is_gone() {
    let root = recorded();
    assert_eq!(clear(root.path(), workout_id()), Ok(true));
    assert_eq!(clear(root.path(), workout_id()), Ok(false));
    assert_eq!(list(root.path()), Ok(vec![]));
    assert_eq!(fs::read_dir(root.path()).expect("there").count(), 0);
}

#[test]
fn killed_while_clearing_it_is_never_offered_again_and_tidied_up() {
    let root = recorded();
    // After the rename, before the deletion.
    let cleared = root.path().join(format!("{CLEARED_PREFIX}{}", workout_id()));
    fs::rename(path(root.path(), workout_id()), &cleared).expect("there");
    assert_eq!(list(root.path()), Ok(vec![]));
    tidy(root.path()).expect("writable");
    assert!(!cleared.exists());
}

#[test]
fn a_leftover_of_clearing_does_not_stop_the_next_one() {
    let root = recorded();
    let cleared = root.path().join(format!("{CLEARED_PREFIX}{}", workout_id()));
    fs::create_dir(&cleared).expect("writable");
    fs::write(cleared.join("journal-0001.jsonl"), "left over").expect("writable");
    assert_eq!(clear(root.path(), workout_id()), Ok(true));
    assert!(!cleared.exists());
}

#[test]
fn tidying_up_removes_leftovers_and_nothing_else() {
    let root = recorded();
    fs::write(root.path().join("reserve.bin"), [0; 100]).expect("writable");
    fs::create_dir(root.path().join(format!("{NEW_PREFIX}{}", workout_id()))).expect("writable");
    fs::create_dir(root.path().join(".new-something else")).expect("writable");
    tidy(root.path()).expect("writable");
    let mut names: Vec<_> = fs::read_dir(root.path())
        .expect("there")
        .map(|entry| entry.expect("readable").file_name())
        .collect();
    names.sort();
    assert_eq!(names, [".new-something else", &workout_id().to_string()]);
    assert_eq!(
        records::read(root.path(), workout_id(), None)
            .expect("readable")
            .count(),
        5
    );
    tidy(&root.path().join("not there yet")).expect("nothing to do");
}

#[test]
fn a_retired_workout_is_out_of_sight_and_tidied_up_if_nobody_removes_it() {
    let root = recorded();
    let retired = retire(root.path(), workout_id()).expect("writable").expect("there");
    assert_eq!(list(root.path()), Ok(vec![]));
    assert_eq!(
        retire(&root.path().join("not there yet"), workout_id())
            .expect("nothing to do")
            .map(drop),
        None
    );
    tidy(root.path()).expect("writable");
    assert_eq!(fs::read_dir(root.path()).expect("there").count(), 0);
    assert!(retired.remove().is_err(), "it is gone already, and that is said");
}
