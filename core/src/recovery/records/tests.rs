use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::recovery::journal::Journal;
use crate::recovery::model::{RecoverySource, RecoverySummary, WorkoutState};
use crate::recovery::sample::{STARTED_MS, fix, header, key, nonces, records, workout_id};
use crate::recovery::snapshot::Status;

const PRIMARY: &str = "active_workout.json";
const BACKUP: &str = "active_workout_backup.json";

/// A recovery root with one workout.
struct Root {
    directory: TempDir,
    key: Option<RecoveryKey>,
}

impl Root {
    fn new(key: Option<RecoveryKey>) -> Self {
        Self {
            directory: tempfile::tempdir().expect("a folder"),
            key,
        }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn file(&self, name: &str) -> PathBuf {
        files::workout_folder(self.path(), workout_id()).join(name)
    }

    fn start(&self) -> Journal {
        Journal::create(self.path(), &header(), self.key.as_ref(), nonces()).expect("an empty root")
    }

    fn resume(&self) -> Journal {
        Journal::resume(self.path(), &self.found(), self.key.as_ref(), nonces()).expect("a readable workout")
    }

    fn snapshot(&self, journal: &mut Journal) {
        let synced = journal.sync().expect("a sound disk");
        let summary = RecoverySummary {
            distance_m: 512.5,
            duration_s: 170.0,
            sample_count: 17,
            split_count: 1,
        };
        let status = Status {
            saved_at_ms: STARTED_MS + 180_000,
            state: WorkoutState::Running,
            summary,
        };
        let seal = self
            .key
            .as_ref()
            .map(|key| (key, [u8::try_from(synced.last_seq()).expect("small"); 16]));
        snapshot::write(journal.folder(), journal.header(), &synced, status, seal).expect("a sound disk");
    }

    /// A workout with `count` records, and with a primary and a backup snapshot.
    fn recorded(key: Option<RecoveryKey>, count: usize) -> Self {
        let root = Self::new(key);
        let mut journal = root.start();
        let records = records(count);
        let (first, rest) = records.split_at(count / 2);
        journal.append(first);
        root.snapshot(&mut journal);
        journal.append(rest);
        root.snapshot(&mut journal);
        root
    }

    fn read(&self) -> Result<(Vec<(u64, Record)>, Found)> {
        let mut reader = read(self.path(), workout_id(), self.key.as_ref())?;
        let records = reader.by_ref().collect::<Result<Vec<_>>>()?;
        Ok((records, reader.found()?))
    }

    fn found(&self) -> Found {
        self.read().expect("readable").1
    }

    fn error(&self) -> String {
        self.read().expect_err("unreadable").code_name()
    }
}

fn numbered(records: &[Record]) -> Vec<(u64, Record)> {
    (1..).zip(records.iter().cloned()).collect()
}

#[test]
fn what_was_appended_is_read_in_order() {
    for key in [None, Some(key())] {
        let root = Root::recorded(key, 60);
        let (read, found) = root.read().expect("readable");
        assert_eq!(read, numbered(&records(60)));
        assert_eq!(found.header, header());
        assert_eq!(found.damage, Damage::default());
        assert!(found.damage.is_none());
        assert_eq!(found.source, RecoverySource::Primary);
        assert_eq!(found.last_seq, 60);
        assert_eq!(found.snapshot.expect("written").last_seq, 60);
        assert_eq!(found.sample_count, 42);
        assert_eq!(found.last_record_ms, STARTED_MS + 59_000);
    }
}

#[test]
fn a_journal_cut_at_any_byte_gives_the_whole_records_before_the_cut() {
    for (key, count) in [(None, 25), (Some(key()), 6)] {
        let root = Root::new(key);
        root.start().append(&records(count));
        let path = root.file("journal-0001.jsonl");
        let whole = fs::read(&path).expect("written");
        let ends: Vec<usize> = whole
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .map(|(at, _)| at)
            .collect();
        assert_eq!(ends.len(), count + 2, "two headers and the records");
        for cut in 0..=whole.len() {
            fs::write(&path, &whole[..cut]).expect("writable");
            if cut < ends[0] {
                assert_eq!(root.error(), "recovery_corrupted", "cut at {cut}");
                continue;
            }
            let (read, found) = root.read().expect("a header");
            let lines = ends.iter().filter(|&&end| end <= cut).count();
            assert_eq!(
                read,
                numbered(&records(count)[..lines.saturating_sub(2)]),
                "cut at {cut}"
            );
            let at_line_end = ends.iter().any(|&end| end + 1 == cut);
            assert_eq!(found.damage.torn_tail, !at_line_end, "cut at {cut}");
            assert_eq!(
                (found.damage.bad_records, found.damage.missing_records),
                (0, 0),
                "cut at {cut}"
            );
        }
    }
}

/// Reads after a change of one byte: at most one record may be lost, every other is the one that was written, and the
/// damage is said.
fn assert_at_most_one_lost(root: &Root, all: &[(u64, Record)], what: &str) {
    let (read, found) = root.read().unwrap_or_else(|error| panic!("{what}: {error}"));
    let mut expected = all.iter();
    for record in &read {
        assert!(
            expected.any(|expected| expected == record),
            "{what}: {record:?} was never written"
        );
    }
    let lost = all.len() - read.len();
    assert!(lost <= 1, "{what}: {lost} records lost");
    assert_eq!(found.header, header(), "{what}");
    assert!(!found.damage.is_none(), "{what}: damage not said");
    assert_eq!(found.damage.missing_records, lost as u64, "{what}");
    if let Some(snapshot) = found.snapshot {
        assert!(
            [all.len() / 2, all.len()].contains(&(usize::try_from(snapshot.last_seq).expect("small"))),
            "{what}"
        );
    }
}

fn flip_every_byte(key: Option<RecoveryKey>, count: usize) {
    let root = Root::recorded(key, count);
    let all = numbered(&records(count));
    for name in ["journal-0001.jsonl", PRIMARY, BACKUP] {
        let path = root.file(name);
        let whole = fs::read(&path).expect("written");
        for at in 0..whole.len() {
            // The bit of letter case, which JSON keys and hexadecimal digits must not forgive, and whatever makes it a
            // line feed.
            for mask in [0x20, whole[at] ^ b'\n'].into_iter().filter(|&mask| mask != 0) {
                let mut damaged = whole.clone();
                damaged[at] ^= mask;
                fs::write(&path, &damaged).expect("writable");
                assert_at_most_one_lost(&root, &all, &format!("{name}, byte {at} ^ {mask:02x}"));
            }
        }
        fs::write(&path, &whole).expect("writable");
    }
}

#[test]
fn any_damaged_byte_loses_at_most_the_record_it_is_in() {
    flip_every_byte(None, 22);
}

#[test]
fn any_damaged_byte_loses_at_most_the_record_it_is_in_when_sealed() {
    flip_every_byte(Some(key()), 8);
}

#[test]
fn a_journal_without_snapshots_stands_any_damaged_byte_as_well() {
    let root = Root::recorded(None, 22);
    fs::remove_file(root.file(PRIMARY)).expect("there");
    fs::remove_file(root.file(BACKUP)).expect("there");
    // The last record is lost without a trace in the numbers: nothing else has counted it.
    let mut journal = root.resume();
    journal.append(&[fix(23)]);
    let all = [numbered(&records(22)), vec![(23, fix(23))]].concat();
    let path = root.file("journal-0001.jsonl");
    let whole = fs::read(&path).expect("written");
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x04;
        fs::write(&path, &damaged).expect("writable");
        assert_at_most_one_lost(&root, &all, &format!("byte {at}"));
    }
}

#[test]
fn primary_then_backup_then_the_journal_alone() {
    let root = Root::recorded(None, 22);
    assert_eq!(
        (root.found().source, root.found().snapshot.expect("primary").last_seq),
        (RecoverySource::Primary, 22)
    );

    fs::write(root.file(PRIMARY), "{}").expect("writable");
    let found = root.found();
    assert_eq!((found.source, found.damage.bad_snapshots), (RecoverySource::Backup, 1));
    assert_eq!(found.snapshot.expect("backup").last_seq, 11);

    fs::write(root.file(BACKUP), "").expect("writable");
    let found = root.found();
    assert_eq!(
        (found.source, found.damage.bad_snapshots, found.snapshot),
        (RecoverySource::Journal, 2, None)
    );
    assert_eq!(found.last_seq, 22);
}

#[test]
fn a_resumed_journal_goes_on_in_a_new_file() {
    for key in [None, Some(key())] {
        let root = Root::new(key);
        root.start().append(&records(10));
        let first = root.file("journal-0001.jsonl");
        let whole = fs::read(&first).expect("written");
        fs::write(&first, &whole[..whole.len() - 30]).expect("writable");

        let mut journal = root.resume();
        assert_eq!(journal.last_seq(), 9);
        journal.append(&[fix(100), fix(101)]);
        assert_eq!(
            fs::read(&first).expect("there").len(),
            whole.len() - 30,
            "the torn file is left alone"
        );
        let (read, found) = root.read().expect("readable");
        assert_eq!(read[9..], [(10, fix(100)), (11, fix(101))]);
        assert_eq!((found.damage.torn_tail, found.damage.missing_records), (true, 0));
    }
}

/// Three journal files of five records each.
fn three_files() -> (Root, [PathBuf; 3]) {
    let root = Root::new(None);
    root.start().append(&records(5));
    root.resume().append(&records(10)[5..]);
    root.resume().append(&records(15)[10..]);
    let paths = [1, 2, 3].map(|number| root.file(&files::journal_name(number)));
    (root, paths)
}

#[test]
fn duplicated_journal_files_give_every_record_once() {
    let (root, [first, second, _]) = three_files();
    fs::copy(&second, root.file("journal-0009.jsonl")).expect("there");
    fs::copy(&first, root.file("journal-0004.jsonl")).expect("there");
    let (read, found) = root.read().expect("readable");
    assert_eq!(read, numbered(&records(15)));
    assert!(found.damage.is_none());
}

#[test]
fn journal_files_in_the_wrong_order_are_put_in_order() {
    let (root, [first, second, third]) = three_files();
    let beside = root.file("beside");
    fs::rename(&first, &beside).expect("there");
    fs::rename(&third, &first).expect("there");
    fs::rename(&second, &third).expect("there");
    fs::rename(&beside, &second).expect("there");
    let (read, found) = root.read().expect("readable");
    assert_eq!(read, numbered(&records(15)));
    assert!(found.damage.is_none());
}

#[test]
fn a_missing_journal_file_is_counted() {
    for missing in 0..3 {
        let (root, paths) = three_files();
        root.snapshot(&mut root.resume());
        fs::remove_file(&paths[missing]).expect("there");
        let (read, found) = root.read().expect("readable");
        assert_eq!(read.len(), 10);
        assert_eq!(
            found.damage,
            Damage {
                missing_records: 5,
                ..Damage::default()
            }
        );
        assert_eq!(found.last_seq, 15, "its numbers are not used again");
    }
}

#[test]
fn a_bad_record_is_taken_from_another_file_that_repeats_it() {
    let (root, [_, second, _]) = three_files();
    let repeated = root.file("journal-0007.jsonl");
    fs::copy(&second, &repeated).expect("there");
    let mut damaged = fs::read(&second).expect("there");
    let at = damaged.iter().rposition(|&byte| byte == b'[').expect("a record");
    damaged[at] = b'(';
    fs::write(&second, damaged).expect("writable");
    let (read, found) = root.read().expect("readable");
    assert_eq!(read, numbered(&records(15)));
    assert_eq!(
        found.damage,
        Damage {
            bad_records: 1,
            ..Damage::default()
        }
    );
}

#[test]
fn files_of_other_names_and_other_workouts_are_not_taken_for_ours() {
    let (root, _) = three_files();
    for name in [
        "journal-1.jsonl",
        "journal-00004.jsonl",
        "journal-0004.jsonl.tmp",
        "journal-.jsonl",
        "notes.txt",
        ".DS_Store",
    ] {
        fs::write(root.file(name), "strange").expect("writable");
    }
    fs::create_dir(root.file("journal-0005.jsonl")).expect("writable");
    assert!(root.found().damage.is_none());

    let other = Root::new(None);
    let other_header = Header {
        workout_id: Id::from_u128(1),
        ..header()
    };
    let mut journal = Journal::create(other.path(), &other_header, None, nonces()).expect("an empty root");
    journal.append(&[fix(1), fix(2)]);
    fs::copy(
        journal.folder().join("journal-0001.jsonl"),
        root.file("journal-0004.jsonl"),
    )
    .expect("there");
    other.snapshot(&mut journal);
    fs::copy(journal.folder().join(PRIMARY), root.file(PRIMARY)).expect("there");
    let (read, found) = root.read().expect("readable");
    assert_eq!(read, numbered(&records(15)));
    assert_eq!(
        found.damage,
        Damage {
            bad_records: 1,
            bad_snapshots: 1,
            ..Damage::default()
        }
    );
    assert_eq!(found.source, RecoverySource::Journal);
}

#[test]
fn zeros_at_the_end_are_a_torn_tail() {
    let root = Root::recorded(None, 22);
    let mut file = OpenOptions::new()
        .append(true)
        .open(root.file("journal-0001.jsonl"))
        .expect("there");
    // As a file system leaves them that had made the file longer, but not yet written the blocks.
    file.write_all(&vec![0; 300_000]).expect("writable");
    let (read, found) = root.read().expect("readable");
    assert_eq!(read, numbered(&records(22)));
    assert!(found.damage.torn_tail);
    assert!(found.damage.bad_records <= 1);
}

#[test]
fn a_line_too_long_for_the_buffer_is_one_bad_line() {
    let root = Root::new(None);
    root.start().append(&records(5));
    let path = root.file("journal-0001.jsonl");
    let mut file = OpenOptions::new().append(true).open(&path).expect("there");
    file.write_all(&vec![b'x'; 1_000_000]).expect("writable");
    file.write_all(b"\n").expect("writable");
    root.resume().append(&records(10)[5..]);
    let second = fs::read(root.file("journal-0002.jsonl")).expect("there");
    file.write_all(&second).expect("writable");
    fs::remove_file(root.file("journal-0002.jsonl")).expect("there");
    let (read, found) = root.read().expect("readable");
    assert_eq!(read, numbered(&records(10)));
    assert_eq!(
        found.damage,
        Damage {
            bad_records: 1,
            ..Damage::default()
        }
    );
}

#[test]
fn a_key_is_asked_for_and_a_wrong_one_is_told_from_damage() {
    let mut root = Root::recorded(Some(key()), 22);
    root.key = None;
    assert_eq!(root.error(), "recovery_key_missing");
    root.key = Some(RecoveryKey::new(&[8; 32]).expect("32 bytes"));
    assert_eq!(root.error(), "recovery_key_wrong");
    root.key = Some(key());
    assert_eq!(root.read().expect("the right key").0.len(), 22);
}

#[test]
fn a_plain_workout_needs_no_key_but_may_go_on_with_one() {
    let mut root = Root::new(None);
    root.start().append(&records(5));
    root.key = Some(key());
    root.resume().append(&records(10)[5..]);
    assert_eq!(root.read().expect("readable").0, numbered(&records(10)));
    root.key = None;
    assert_eq!(root.error(), "recovery_key_missing");
}

#[test]
fn sealed_files_show_no_position_account_or_kind() {
    let root = Root::recorded(Some(key()), 22);
    for name in ["journal-0001.jsonl", PRIMARY, BACKUP] {
        let text = fs::read_to_string(root.file(name)).expect("JSON is UTF-8");
        for secret in ["fix", "reading", "48123", "running", "local", "512.5", "1769843"] {
            assert!(!text.contains(secret), "{name} shows {secret}");
        }
    }
}

#[test]
fn a_newer_version_is_refused_and_left_as_it_is() {
    for name in ["journal-0001.jsonl", PRIMARY, BACKUP] {
        let root = Root::recorded(None, 22);
        let mut newer = br#"{"header":{"format_version":2,"shape":"unknown"}"#.to_vec();
        crate::recovery::line::finish(&mut newer, 0);
        fs::write(root.file(name), &newer).expect("writable");
        assert_eq!(root.error(), "recovery_newer_version", "{name}");
        assert_eq!(fs::read(root.file(name)).expect("there"), newer);
    }
}

#[test]
fn without_a_readable_header_it_is_corrupted_and_left_as_it_is() {
    let root = Root::new(None);
    assert_eq!(root.error(), "recovery_not_found");
    drop(root.start());
    fs::write(root.file("journal-0001.jsonl"), [0xff; 5000]).expect("writable");
    fs::write(root.file(PRIMARY), vec![0; 100_000]).expect("writable");
    assert_eq!(root.error(), "recovery_corrupted");
    assert_eq!(fs::read(root.file("journal-0001.jsonl")).expect("there"), [0xff; 5000]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Any number of damaged places, bytes cut out and rubbish put in: no panic, and nothing that was not recorded.
    #[test]
    fn whatever_happens_to_a_file_no_wrong_record_is_read(
        sealed: bool,
        places in proptest::collection::vec((any::<proptest::sample::Index>(), 0_usize..200, any::<Vec<u8>>()), 1..6),
    ) {
        let root = Root::recorded(sealed.then(key), 22);
        let path = root.file("journal-0001.jsonl");
        let mut damaged = fs::read(&path).expect("written");
        for (at, cut, rubbish) in places {
            let at = at.index(damaged.len());
            let end = (at + cut).min(damaged.len());
            damaged.splice(at..end, rubbish);
            damaged.push(b'\n');
        }
        fs::write(&path, damaged).expect("writable");
        let (read, _) = root.read().expect("the snapshots have the header");
        let all = numbered(&records(22));
        let mut expected = all.iter();
        for record in &read {
            prop_assert!(expected.any(|expected| expected == record), "{record:?} was never written");
        }
    }
}

/// Prints what reading a whole journal costs, files and merging included.
#[test]
#[ignore = "prints figures, worth something in a release build only"]
#[allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn journal_cost() {
    for key in [None, Some(key())] {
        let root = Root::new(key);
        let mut journal = root.start();
        let started = std::time::Instant::now();
        for second in 0..100_000 {
            journal.append(&[fix(second)]);
            if second % 10 == 9 {
                // As a sync does, without waiting for the disk: or this would measure that.
                journal.forget_unsynced();
            }
        }
        println!("append {} ns a record", started.elapsed().as_nanos() / 100_000);
        let mut best = u128::MAX;
        for _ in 0..10 {
            let started = std::time::Instant::now();
            let mut reader = read(root.path(), workout_id(), root.key.as_ref()).expect("readable");
            assert_eq!(
                reader
                    .by_ref()
                    .fold(0, |count, record| count + u32::from(record.is_ok())),
                100_000
            );
            best = best.min(started.elapsed().as_nanos());
        }
        println!("read   {} ns a record, sealed: {}", best / 100_000, root.key.is_some());
    }
}
