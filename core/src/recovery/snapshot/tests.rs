use super::*;
use crate::recovery::journal::Journal;
use crate::recovery::sample::{STARTED_MS, header, key, nonces, records, workout_id};

fn content(last_seq: u64) -> Vec<u8> {
    let summary = RecoverySummary {
        distance_m: 512.5,
        duration_s: 170.0,
        sample_count: 17,
        split_count: 1,
    };
    let (saved_at_ms, state) = (STARTED_MS + 180_000, WorkoutState::Paused);
    envelope::snapshot_file(
        &Snapshot {
            header: header(),
            saved_at_ms,
            last_seq,
            state,
            summary,
        },
        None,
    )
}

fn perform_first(steps: usize, folder: &Path, content: &[u8]) {
    for step in &STEPS[..steps] {
        perform(*step, folder, content).expect("a sound disk");
    }
}

fn newest(folder: &Path) -> Option<u64> {
    let snapshots = read(folder, workout_id(), None).expect("readable");
    assert_eq!(snapshots.bad, 0);
    snapshots.newest.map(|snapshot| snapshot.last_seq)
}

#[test]
fn the_shape_of_a_snapshot() {
    insta::assert_snapshot!(String::from_utf8_lossy(&content(17)), @"");
}

#[test]
fn killed_between_any_two_steps_the_old_or_the_new_one_is_read() {
    for before in 0..3 {
        for killed_after in 0..=STEPS.len() {
            let folder = tempfile::tempdir().expect("a folder");
            for last_seq in 1..=before {
                perform_first(STEPS.len(), folder.path(), &content(last_seq));
            }
            perform_first(killed_after, folder.path(), &content(before + 1));
            let old = (before > 0).then_some(before);
            let published = killed_after > STEPS.iter().position(|step| *step == Step::Publish).expect("a step");
            let expected = if published { Some(before + 1) } else { old };
            assert_eq!(
                newest(folder.path()),
                expected,
                "{before} before, killed after {killed_after} steps"
            );

            perform_first(STEPS.len(), folder.path(), &content(before + 2));
            assert_eq!(
                newest(folder.path()),
                Some(before + 2),
                "the next one is written as if nothing had happened"
            );
        }
    }
}

#[test]
fn a_half_written_file_beside_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    perform_first(STEPS.len(), folder.path(), &content(1));
    let next = content(2);
    for length in 0..next.len() {
        fs::write(folder.path().join(TEMPORARY), &next[..length]).expect("writable");
        assert_eq!(newest(folder.path()), Some(1));
    }
}

#[test]
fn it_counts_the_records_that_the_journal_has_synced() {
    for key in [None, Some(key())] {
        let root = tempfile::tempdir().expect("a folder");
        let mut journal = Journal::create(root.path(), &header(), key.as_ref(), nonces()).expect("an empty root");
        journal.append(&records(12));
        let synced = journal.sync().expect("a sound disk");
        journal.append(&records(3));
        let status = Status {
            saved_at_ms: 1,
            state: WorkoutState::Running,
            summary: RecoverySummary::default(),
        };
        let seal = key.as_ref().map(|key| (key, [9; 16]));
        write(journal.folder(), journal.header(), &synced, status, seal).expect("a sound disk");
        let snapshot = read(journal.folder(), workout_id(), key.as_ref())
            .expect("readable")
            .newest
            .expect("written");
        assert_eq!(snapshot.last_seq, 12);
        assert_eq!((snapshot.saved_at_ms, snapshot.state), (1, WorkoutState::Running));
        assert_eq!(snapshot.header, header());
    }
}
