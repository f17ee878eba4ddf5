use std::os::unix::fs::MetadataExt;
use std::process::Command;

use tempfile::TempDir;

use super::*;
use crate::recovery::model::RESERVE_BYTES;
use crate::recovery::records;
use crate::recovery::sample::{fix, header, key, nonces, records as sample_records, workout_id};

impl Journal {
    /// What a good sync does, without one.
    pub(in crate::recovery) fn forget_unsynced(&mut self) {
        self.settle();
    }

    /// Puts another file in place of the one being written.
    fn swap_file(&mut self, device: &str) {
        let open = self.file.as_mut().expect("a file is open");
        open.file = OpenOptions::new().write(true).open(device).expect("a device");
    }
}

fn start(root: &Path) -> Journal {
    Journal::create(root, &header(), None, nonces()).expect("an empty root")
}

fn read(root: &Path, key: Option<&RecoveryKey>) -> Vec<Record> {
    let reader = records::read(root, workout_id(), key).expect("readable");
    reader.map(|record| record.expect("readable").1).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let name =
        |entry: std::io::Result<fs::DirEntry>| entry.expect("readable").file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> = fs::read_dir(folder).expect("a folder").map(name).collect();
    names.sort();
    names
}

#[test]
fn the_shape_of_a_new_journal() {
    let root = tempfile::tempdir().expect("a folder");
    let journal = start(root.path());
    let text = fs::read_to_string(journal.folder().join("journal-0001.jsonl")).expect("written");
    insta::assert_snapshot!(text, @r#"
{"header":{"format_version":1,"workout_id":"019c1a2b-3c4d-7e5f-8a9b-0c1d2e3f4a5b","account_id":"local","options":{"kind":"running","utc_offset_s":3600,"auto_pause":false,"max_horizontal_accuracy_m":50.0,"split_unit":"kilometre"},"started":{"wall_ms":1769843700000,"elapsed_ms":86400000},"boot_id":"6f1c"},"crc":"57820b5f"}
{"header":{"format_version":1,"workout_id":"019c1a2b-3c4d-7e5f-8a9b-0c1d2e3f4a5b","account_id":"local","options":{"kind":"running","utc_offset_s":3600,"auto_pause":false,"max_horizontal_accuracy_m":50.0,"split_unit":"kilometre"},"started":{"wall_ms":1769843700000,"elapsed_ms":86400000},"boot_id":"6f1c"},"crc":"57820b5f"}
"#);
    drop(journal);
    fs::remove_dir_all(root.path().join(workout_id().to_string())).expect("there");

    let journal = Journal::create(root.path(), &header(), Some(&key()), nonces()).expect("an empty root");
    let text = fs::read_to_string(journal.folder().join("journal-0001.jsonl")).expect("written");
    insta::assert_snapshot!(text, @r#"
{"header":{"format_version":1,"workout_id":"019c1a2b-3c4d-7e5f-8a9b-0c1d2e3f4a5b","nonce":"AQEBAQEBAQEBAQEBAQEBAQ","key_check":"XlpqxmgoFBjBoqLGi+0ipw","sealed":"3Su8AgkrjwrsiFtCZIdd1bStzaOKXWwsxGbC6HcCRGxZ0Q1x5PmBdhRxUbQpPtTzSyQgoaBK+jbHb4ReRTNtq0FgROUEj7FKJAke76oXtIz/xldWMeuAhF66qWYQ7DOw0JmU0Zx89UlRJk1YgYK5xWdS+puSql13YGtBNwiGJLp9LuHK38XKzDrIDmx1zMU722gXHe9BNaawDl2Gdo/0h0/RYNzcyAtF9zuakph5PAHx3MLszJtzuP9YzvJHV7gujjnqncpmhnPo0LtUtcr8lpEQg8r1ce/ltZnOm8+Ox8QTFJ0mUOPlB8ONOkyPVF9kFmgbsdsj4egx+qgAajb1iBpygvXKQWKD/7v4mdAo5SfFGdJfo8QQWHA54zeFnWsxtlck9Tss42ULeCp4dB7V3YY9FsqzkTIg0+/kQFoqp6I"},"crc":"a5530729"}
{"header":{"format_version":1,"workout_id":"019c1a2b-3c4d-7e5f-8a9b-0c1d2e3f4a5b","nonce":"AQEBAQEBAQEBAQEBAQEBAQ","key_check":"XlpqxmgoFBjBoqLGi+0ipw","sealed":"3Su8AgkrjwrsiFtCZIdd1bStzaOKXWwsxGbC6HcCRGxZ0Q1x5PmBdhRxUbQpPtTzSyQgoaBK+jbHb4ReRTNtq0FgROUEj7FKJAke76oXtIz/xldWMeuAhF66qWYQ7DOw0JmU0Zx89UlRJk1YgYK5xWdS+puSql13YGtBNwiGJLp9LuHK38XKzDrIDmx1zMU722gXHe9BNaawDl2Gdo/0h0/RYNzcyAtF9zuakph5PAHx3MLszJtzuP9YzvJHV7gujjnqncpmhnPo0LtUtcr8lpEQg8r1ce/ltZnOm8+Ox8QTFJ0mUOPlB8ONOkyPVF9kFmgbsdsj4egx+qgAajb1iBpygvXKQWKD/7v4mdAo5SfFGdJfo8QQWHA54zeFnWsxtlck9Tss42ULeCp4dB7V3YY9FsqzkTIg0+/kQFoqp6I"},"crc":"a5530729"}
"#);
}

#[test]
fn a_record_is_in_the_file_before_append_returns() {
    let root = tempfile::tempdir().expect("a folder");
    let mut journal = start(root.path());
    for (count, record) in sample_records(30).iter().enumerate() {
        let outcome = journal.append(std::slice::from_ref(record));
        assert_eq!(
            outcome,
            AppendOutcome {
                last_seq: count as u64 + 1,
                unsaved: 0,
                trouble: None
            }
        );
        assert_eq!(read(root.path(), None), sample_records(count + 1));
        assert!(journal.is_dirty());
    }
    assert_eq!(journal.sync().expect("a sound disk").last_seq(), 30);
    assert!(!journal.is_dirty());
    assert_eq!(
        journal.append(&[]),
        AppendOutcome {
            last_seq: 30,
            unsaved: 0,
            trouble: None
        }
    );
    assert!(!journal.is_dirty());
}

#[test]
fn after_a_failed_write_the_journal_goes_on_in_a_new_file() {
    for key in [None, Some(key())] {
        let root = tempfile::tempdir().expect("a folder");
        let mut journal = Journal::create(root.path(), &header(), key.as_ref(), nonces()).expect("an empty root");
        journal.append(&sample_records(4));
        journal.swap_file("/dev/full");
        assert_eq!(
            journal.append(&sample_records(6)[4..]),
            AppendOutcome {
                last_seq: 6,
                unsaved: 0,
                trouble: None
            }
        );
        journal.append(&sample_records(8)[6..]);
        assert_eq!(read(root.path(), key.as_ref()), sample_records(8));
        assert_eq!(names(journal.folder()), ["journal-0001.jsonl", "journal-0002.jsonl"]);
    }
}

/// Writes to `/dev/null` succeed and leave nothing, and its sync fails: what a disk does whose cached pages are
/// dropped.
#[test]
fn after_a_failed_sync_all_since_the_last_good_one_is_written_again() {
    for key in [None, Some(key())] {
        let root = tempfile::tempdir().expect("a folder");
        let mut journal = Journal::create(root.path(), &header(), key.as_ref(), nonces()).expect("an empty root");
        journal.append(&sample_records(4));
        journal.sync().expect("a sound disk");
        journal.swap_file("/dev/null");
        journal.append(&sample_records(7)[4..]);
        assert_eq!(
            read(root.path(), key.as_ref()),
            sample_records(4),
            "they are nowhere, and nobody knows"
        );
        assert_eq!(journal.sync().expect("a new file").last_seq(), 7);
        assert_eq!(read(root.path(), key.as_ref()), sample_records(7));
        assert_eq!(names(journal.folder()), ["journal-0001.jsonl", "journal-0002.jsonl"]);
    }
}

#[test]
fn while_no_file_can_be_made_samples_wait_in_memory_and_are_counted() {
    let root = tempfile::tempdir().expect("a folder");
    let mut journal = start(root.path());
    journal.append(&sample_records(4));
    journal.sync().expect("a sound disk");
    let (folder, hidden) = (journal.folder().to_owned(), root.path().join("hidden"));

    fs::rename(&folder, &hidden).expect("there");
    journal.swap_file("/dev/null");
    journal.append(&[fix(4)]);
    assert_eq!(journal.unsaved(), 0, "a write that returned counts until the sync");
    let error = journal.sync().expect_err("no folder");
    assert_eq!(error.code_name(), "storage_io");
    assert!(error.path().expect("a path").ends_with("journal-0002.jsonl"));
    assert_eq!(journal.unsaved(), 1);
    let pause = sample_records(6)[5].clone();
    let outcome = journal.append(&[pause.clone(), fix(6), fix(7)]);
    assert_eq!(
        (outcome.last_seq, outcome.unsaved),
        (8, 4),
        "a pause that would not survive counts"
    );
    assert_eq!(outcome.trouble.expect("a reason").code_name(), "storage_io");

    fs::rename(&hidden, &folder).expect("there");
    let outcome = journal.append(&[fix(8)]);
    assert_eq!(
        outcome,
        AppendOutcome {
            last_seq: 9,
            unsaved: 0,
            trouble: None
        }
    );
    let expected = [sample_records(4), vec![fix(4), pause, fix(6), fix(7), fix(8)]].concat();
    assert_eq!(read(root.path(), None), expected);
    assert!(!journal.is_dirty(), "a new file is synced at once");
}

/// A file system of one megabyte and some, which only root can make.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn new(kilobytes: u32) -> Option<Self> {
        let directory = tempfile::tempdir().expect("a folder");
        let size = format!("size={kilobytes}k");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(directory.path())
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(directory));
        }
        println!("skipped: a small file system cannot be mounted here");
        None
    }

    /// Takes what is left, but for `spare` bytes.
    fn fill(&self, spare: u64) -> PathBuf {
        let path = self.0.path().join("others.bin");
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .expect("writable");
        while file.write_all(&[1; 4096]).is_ok() {}
        let length = file.metadata().expect("there").len();
        file.set_len(length - length.min(spare)).expect("writable");
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(self.0.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()), "unmounted");
    }
}

#[test]
fn on_a_full_disk_the_reserve_takes_the_tail_and_then_memory_does() {
    let Some(disk) = SmallDisk::new(16 * 1024) else { return };
    for key in [None, Some(key())] {
        let root = disk.0.path().join(if key.is_some() { "sealed" } else { "plain" });
        let mut journal = Journal::create(&root, &header(), key.as_ref(), nonces()).expect("space");
        assert!(journal.has_reserve());
        let others = disk.fill(8 * 1024);

        let (mut recorded, mut second, mut used_reserve) = (Vec::new(), 0, false);
        while journal.unsaved() == 0 {
            let batch: Vec<Record> = (second..second + 500).map(fix).collect();
            second += 500;
            recorded.extend_from_slice(&batch);
            let outcome = journal.append(&batch);
            if outcome.unsaved > 0 || second % 5000 == 0 && key.is_none() {
                let saved = recorded.len() - outcome.unsaved;
                assert_eq!(
                    read(&root, key.as_ref()).len(),
                    saved,
                    "what is called saved is in a file, the rest is not"
                );
            }
            assert_eq!(outcome.trouble.is_some(), outcome.unsaved > 0);
            if second % 2000 == 0 {
                let synced = journal.sync();
                assert_eq!(synced.is_ok(), journal.unsaved() == 0);
            }
            used_reserve |= !journal.has_reserve();
        }
        assert!(used_reserve);
        let written: u64 = files::journals(journal.folder())
            .expect("readable")
            .iter()
            .map(|(_, path)| fs::metadata(path).expect("there").len())
            .sum();
        assert!(
            written > RESERVE_BYTES * 3 / 4,
            "{written} bytes in spite of the full disk"
        );
        let error = journal.sync().expect_err("full");
        assert_eq!(error.code_name(), "storage_full");
        for _ in 0..3 {
            recorded.push(fix(second));
            let outcome = journal.append(&[fix(second)]);
            assert_eq!(read(&root, key.as_ref()).len(), recorded.len() - outcome.unsaved);
            second += 1;
        }
        assert!(journal.unsaved() >= 3);

        fs::remove_file(others).expect("there");
        assert_eq!(journal.append(&[fix(second)]).unsaved, 0);
        recorded.push(fix(second));
        assert_eq!(read(&root, key.as_ref()), recorded);
        journal.sync().expect("space");
        assert!(journal.has_reserve(), "taken again");
        drop(journal);
        fs::remove_dir_all(&root).expect("there");
    }
}

#[test]
fn a_disk_too_full_to_start_on_says_so_and_leaves_no_folder() {
    let Some(disk) = SmallDisk::new(1024) else { return };
    let root = disk.0.path().join("recovery");
    fs::create_dir(&root).expect("space");
    disk.fill(0);
    let error = Journal::create(&root, &header(), None, nonces()).err().expect("full");
    assert_eq!(error.code_name(), "storage_full");
    assert_eq!(names(&root), Vec::<String>::new());
}

#[test]
fn without_space_for_the_reserve_recording_goes_on() {
    let Some(disk) = SmallDisk::new(1024) else { return };
    let mut journal = start(disk.0.path());
    assert!(!journal.has_reserve());
    assert_eq!(journal.append(&sample_records(5)).unsaved, 0);
    assert_eq!(names(disk.0.path()), [workout_id().to_string()]);
}

#[test]
fn the_reserve_is_really_allocated_and_goes_with_the_journal() {
    let root = tempfile::tempdir().expect("a folder");
    let journal = start(root.path());
    let metadata = fs::metadata(root.path().join("reserve.bin")).expect("held");
    assert!(metadata.blocks() * 512 >= RESERVE_BYTES, "{} blocks", metadata.blocks());
    drop(journal);
    assert_eq!(names(root.path()), [workout_id().to_string()]);
}

#[test]
fn a_workout_that_has_a_folder_is_not_started_again() {
    let root = tempfile::tempdir().expect("a folder");
    start(root.path()).append(&sample_records(5));
    let error = Journal::create(root.path(), &header(), None, nonces())
        .err()
        .expect("occupied");
    assert_eq!(error.code_name(), "recovery_occupied");
    assert_eq!(read(root.path(), None), sample_records(5));
}

#[test]
fn a_start_that_was_killed_left_no_workout_and_is_no_obstacle() {
    let root = tempfile::tempdir().expect("a folder");
    let half_made = root.path().join(format!("{NEW_PREFIX}{}", workout_id()));
    fs::create_dir(&half_made).expect("writable");
    fs::write(half_made.join("journal-0001.jsonl"), "{\"head").expect("writable");
    let error = records::read(root.path(), workout_id(), None).err().expect("no folder");
    assert_eq!(error.code_name(), "recovery_not_found");
    start(root.path()).append(&sample_records(5));
    assert_eq!(read(root.path(), None), sample_records(5));
    assert!(!half_made.exists());
}

#[test]
fn a_header_that_could_not_be_read_back_is_refused_and_nothing_is_made() {
    let root = tempfile::tempdir().expect("a folder");
    let refused = |header: &Header| {
        let error = Journal::create(root.path(), header, None, nonces())
            .err()
            .expect("refused");
        assert_eq!(names(root.path()), Vec::<String>::new());
        error.to_string()
    };
    for limit in [f64::NAN, f64::INFINITY] {
        let mut header = header();
        header.options.max_horizontal_accuracy_m = limit;
        insta::allow_duplicates! { insta::assert_snapshot!(refused(&header), @"The value cannot be used: a number is not finite"); }
    }
    let header = Header {
        account_id: "a".repeat(MAX_HEADER_BYTES),
        ..header()
    };
    insta::assert_snapshot!(refused(&header), @"The value cannot be used: 16384 bytes");
}

#[test]
fn the_longest_header_is_read_back_from_either_copy() {
    for key in [None, Some(key())] {
        let root = tempfile::tempdir().expect("a folder");
        let header = Header {
            account_id: "a".repeat(MAX_HEADER_BYTES * 3 / 4 - 900),
            ..header()
        };
        let mut journal = Journal::create(root.path(), &header, key.as_ref(), nonces()).expect("short enough");
        journal.append(&[fix(0)]);
        let path = journal.folder().join("journal-0001.jsonl");
        let mut bytes = fs::read(&path).expect("written");
        for _ in 0..2 {
            let reader = records::read(root.path(), workout_id(), key.as_ref()).expect("readable");
            assert_eq!(*reader.header(), header);
            assert_eq!(read(root.path(), key.as_ref()), [fix(0)]);
            bytes[700] = b'~';
            fs::write(&path, &bytes).expect("writable");
        }
    }
}
