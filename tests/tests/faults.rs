//! A disk that fails at every effect of a workout, in every way: each failure is said, nothing that was acknowledged and not counted as
//! unsaved is lost, and once the disk works again the workout can be saved whole.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use steadfast_tests::audit::{audit, audit_and_finish};
use steadfast_tests::child::{self, Heard, Patience};
use steadfast_tests::fault::{EVERYTHING, Effect, Errno, Fault, Logged, SPACE, SYNCS, Shim, WRITES, effects, read_log};
use steadfast_tests::ledger::Ledger;
use steadfast_tests::performer::Setting;
use steadfast_tests::scratch::{canonical, scratch};
use steadfast_tests::script::script;
use steadfast_tests::tally::Tally;
use steadfast_tests::virtual_clock::EPOCH_MS;

const CHILD: &str = env!("CARGO_BIN_EXE_recording_child");
/// A life under the fault up to the mark. Then the fault is lifted, and the app goes on with what it has, or begins anew.
const LIFE: &str = "begin samples:8/1 readings:2 bad:4 pause samples:2/1 resume samples:6/2 save mark lift resume begin samples:6/1 save";
/// A save that meets an I/O error waits for 3.5 s between its attempts; so many of them wait side by side.
const THREADS: usize = 24;

/// How long a fault lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lasts {
    /// One call fails.
    Once,
    /// Every call fails until the fault is lifted.
    UntilLifted,
}

/// What becomes of the app at the mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    /// The fault is lifted, and it goes on.
    GoesOn,
    /// It is killed, and the next one finds a disk that works.
    IsKilled,
}

/// A disk that fails.
#[derive(Clone, Copy, Debug)]
struct Disk {
    errno: Errno,
    classes: &'static str,
    lasts: Lasts,
    /// The first write that fails writes half.
    short: bool,
    autosave_ms: u32,
}

/// One telling of the story.
struct Told {
    heard: Heard,
    log: Vec<Logged>,
    ledger: Ledger,
    setting: Setting,
}

fn tell(folder: &Path, steps: &str, fault: Option<&Fault>, autosave_ms: u32, patience: Patience) -> Told {
    let gate = folder.with_extension("gate");
    std::fs::write(&gate, "").expect("the gate");
    let setting = Setting {
        folder: folder.into(),
        now_ms: EPOCH_MS,
        recovery_key: None,
        autosave_ms,
        gate: Some(gate.clone()),
    };
    let log = folder.with_extension("log");
    let shim = Shim {
        fault: fault.cloned(),
        log: Some(log.clone()),
        gate: Some(gate),
    };
    let heard = child::run(CHILD.as_ref(), &setting, &script(steps), Some(&shim), patience);
    let refuses_removal = matches!(
        fault,
        Some(Fault::Fail {
            classes: EVERYTHING,
            until: 0,
            ..
        })
    );
    let mut ledger = Ledger {
        failed_starts_may_stay: refuses_removal,
        ..Ledger::default()
    };
    ledger.hear(&heard);
    let setting = Setting {
        now_ms: ledger.latest_ms.max(EPOCH_MS) + 600_000,
        ..setting
    };
    Told {
        heard,
        log: read_log(&log),
        ledger,
        setting,
    }
}

/// The effects of an undisturbed life, up to the mark.
fn effects_of_a_life(autosave_ms: u32) -> Vec<Effect> {
    let scratch = scratch();
    let told = tell(
        &canonical(scratch.path()).join("data"),
        LIFE,
        None,
        autosave_ms,
        Patience::Endless,
    );
    let mark = told
        .log
        .iter()
        .position(|line| *line == Logged::Said("marked".into()))
        .expect("the mark");
    effects(&told.log[..mark])
}

/// Tells the story with a fault at every effect, in both endings.
fn every_effect_fails(disk: Disk) {
    let stories: Vec<(u64, Then)> = effects_of_a_life(disk.autosave_ms)
        .iter()
        .flat_map(|effect| [(effect.index, Then::GoesOn), (effect.index, Then::IsKilled)])
        .collect();
    let (next, failures, hits) = (AtomicUsize::new(0), Mutex::new(Vec::new()), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some((index, then)) = stories.get(next.fetch_add(1, Ordering::SeqCst)).copied() {
                    let (hit, violations) = story(disk, index, then);
                    hits.fetch_add(usize::from(hit), Ordering::SeqCst);
                    failures
                        .lock()
                        .expect("no worker panics while it holds this")
                        .extend(violations);
                }
            });
        }
    });
    let (failures, hits) = (failures.into_inner().expect("no worker panicked"), hits.into_inner());
    println!(
        "{} stories, {hits} of them with a fault, {} violations: {disk:?}",
        stories.len(),
        failures.len()
    );
    assert!(failures.is_empty(), "{}", failures[..failures.len().min(12)].join("\n"));
    assert!(hits > 10, "the faults were hit");
}

fn story(disk: Disk, index: u64, then: Then) -> (bool, Vec<String>) {
    let scratch = scratch();
    let folder = canonical(scratch.path()).join("data");
    let until = if disk.lasts == Lasts::Once { index } else { 0 };
    let fault = Fault::Fail {
        from: index,
        until,
        errno: disk.errno,
        classes: disk.classes,
        short: disk.short,
    };
    let patience = if then == Then::IsKilled {
        Patience::Until("marked", 1)
    } else {
        Patience::Endless
    };
    // Who is to be killed at the mark waits there: the kill takes a moment to arrive.
    let steps = match (then, LIFE.split_once(" mark ")) {
        (Then::IsKilled, Some((before, _))) => format!("{before} mark wait:60000"),
        _ => LIFE.to_owned(),
    };
    let mut told = tell(&folder, &steps, Some(&fault), disk.autosave_ms, patience);
    let mut tally = Tally::default();
    a_failed_save_says_where_the_recording_is(&told, &mut tally);
    if then == Then::GoesOn && told.heard.said("opened") {
        once_the_disk_works_again_everything_is_written_and_saved(&told, &mut tally);
    }
    audit(&told.setting, &mut told.ledger, &mut tally);
    audit_and_finish(&told.setting, &mut told.ledger, &mut tally);
    let first = told.log.iter().find_map(|line| {
        if let Logged::Failed(index) = line {
            Some(*index)
        } else {
            None
        }
    });
    let at = effects(&told.log)
        .into_iter()
        .find(|effect| Some(effect.index) == first);
    let name = |violation: &String| {
        format!(
            "{then:?} after {at:?}: {violation}\n    {}",
            told.heard.lines.join("\n    ")
        )
    };
    (first.is_some(), tally.violations.iter().map(name).collect())
}

fn a_failed_save_says_where_the_recording_is(told: &Told, tally: &mut Tally) {
    let was_saved_later = told.heard.lines.iter().rposition(|line| line.starts_with("saved "));
    for (at, line) in told
        .heard
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.starts_with("error save "))
    {
        let words: Vec<&str> = line.split(' ').collect();
        let is_there = was_saved_later.is_some_and(|later| later > at) || PathBuf::from(words[3]).is_dir();
        let is_said = ["save_failed", "kept_as_backup"].contains(&words[2]) && is_there;
        if !is_said && words[2] != "not_recording" {
            tally.violations.push(format!("a save failed with \"{line}\""));
        }
    }
}

fn once_the_disk_works_again_everything_is_written_and_saved(told: &Told, tally: &mut Tally) {
    let lifted = told.heard.lines.iter().position(|line| line == "lifted").unwrap_or(0);
    let after = &told.heard.lines[lifted..];
    if !after.iter().any(|line| line.starts_with("saved ")) {
        tally
            .violations
            .push("nothing was saved after the fault was lifted".into());
    }
    let last = after.iter().rfind(|line| line.starts_with("ack "));
    if last.is_none_or(|line| !line.ends_with(" 0")) {
        tally.violations.push(format!(
            "the fault was lifted, and samples are still in memory only: {last:?}"
        ));
    }
}

/// A commit whose sync fails has written its frames all the same, and SQLite would find them after a kill. The app was told that the save
/// failed and went on: then the store must not have the workout as it was, or the rest would be taken for saved and cleared.
#[test]
fn a_save_that_failed_stays_failed_and_the_recording_that_goes_on_is_the_one_that_is_recovered() {
    const STEPS: &str = "begin samples:8/1 save lift resume samples:6/1 mark wait:60000";
    let scratch = scratch();
    let root = canonical(scratch.path());
    let undisturbed = tell(
        &root.join("undisturbed"),
        STEPS,
        None,
        10_000,
        Patience::Until("saved", 1),
    );
    let asked = undisturbed
        .log
        .iter()
        .position(|line| matches!(line, Logged::Said(said) if said.starts_with("do save")));
    let commit = effects(&undisturbed.log[asked.expect("a save")..])
        .into_iter()
        .find(|effect| effect.is_sync() && effect.path.ends_with("-wal"));
    let from = commit.expect("a commit is synced").index;
    for classes in [SYNCS, EVERYTHING] {
        let fault = Fault::Fail {
            from,
            until: 0,
            errno: Errno::Io,
            classes,
            short: false,
        };
        let mut told = tell(
            &root.join(classes),
            STEPS,
            Some(&fault),
            10_000,
            Patience::Until("marked", 1),
        );
        assert!(told.heard.said("error save save_failed"), "{:?}", told.heard.lines);
        let mut tally = Tally::default();
        audit(&told.setting, &mut told.ledger, &mut tally);
        audit_and_finish(&told.setting, &mut told.ledger, &mut tally);
        assert_eq!(tally.violations, Vec::<String>::new(), "{classes}");
        assert_eq!(told.ledger.acknowledged, 14);
    }
}

#[test]
fn the_disk_is_full_for_one_call() {
    every_effect_fails(Disk {
        errno: Errno::NoSpace,
        classes: SPACE,
        lasts: Lasts::Once,
        short: false,
        autosave_ms: 10_000,
    });
}

#[test]
fn the_disk_is_full_until_something_is_freed() {
    every_effect_fails(Disk {
        errno: Errno::NoSpace,
        classes: SPACE,
        lasts: Lasts::UntilLifted,
        short: true,
        autosave_ms: 10_000,
    });
}

/// As most full disks: no room for bytes, but names can be changed. So a failed save ends among the emergency backups.
#[test]
fn the_disk_has_no_room_for_bytes_until_something_is_freed() {
    let disk = Disk {
        errno: Errno::NoSpace,
        classes: WRITES,
        lasts: Lasts::UntilLifted,
        short: true,
        autosave_ms: 10_000,
    };
    every_effect_fails(disk);
}

/// The index of the first write to the journal of an undisturbed telling.
fn first_write_of_a_sample(steps: &str) -> u64 {
    let scratch = scratch();
    let told = tell(
        &canonical(scratch.path()).join("data"),
        steps,
        None,
        10_000,
        Patience::Until("ack", 1),
    );
    let started = told
        .log
        .iter()
        .position(|line| matches!(line, Logged::Said(said) if said.starts_with("started")));
    effects(&told.log[started.expect("a start")..])
        .into_iter()
        .find(Effect::is_write)
        .expect("a write")
        .index
}

#[test]
fn discarding_a_workout_that_was_kept_as_backup_discards_the_backup() {
    const STEPS: &str = "begin samples:8/1 save lift discard offer";
    let from = first_write_of_a_sample(STEPS);
    let scratch = scratch();
    let fault = Fault::Fail {
        from,
        until: 0,
        errno: Errno::NoSpace,
        classes: WRITES,
        short: false,
    };
    let mut told = tell(
        &canonical(scratch.path()).join("data"),
        STEPS,
        Some(&fault),
        10_000,
        Patience::Endless,
    );
    assert!(
        told.heard.said("error save kept_as_backup") && told.heard.said("discarded "),
        "{:?}",
        told.heard.lines
    );
    let mut tally = Tally::default();
    audit(&told.setting, &mut told.ledger, &mut tally);
    assert_eq!(tally.violations, Vec::<String>::new());
}

#[test]
fn a_workout_that_was_kept_as_backup_and_went_on_survives_a_kill() {
    const STEPS: &str = "begin samples:8/1 save lift resume samples:6/1 pause samples:1/1 mark wait:60000";
    let from = first_write_of_a_sample(STEPS);
    let scratch = scratch();
    let fault = Fault::Fail {
        from,
        until: 0,
        errno: Errno::NoSpace,
        classes: WRITES,
        short: false,
    };
    let mut told = tell(
        &canonical(scratch.path()).join("data"),
        STEPS,
        Some(&fault),
        10_000,
        Patience::Until("marked", 1),
    );
    assert!(told.heard.said("error save kept_as_backup"), "{:?}", told.heard.lines);
    let mut tally = Tally::default();
    audit(&told.setting, &mut told.ledger, &mut tally);
    let kept: usize = told.ledger.workouts.values().map(|workout| workout.samples.len()).sum();
    assert_eq!(kept, 15, "none of them was in memory only when it was killed");
    audit_and_finish(&told.setting, &mut told.ledger, &mut tally);
    assert_eq!(tally.violations, Vec::<String>::new());
}

#[test]
fn one_write_fails() {
    every_effect_fails(Disk {
        errno: Errno::Io,
        classes: WRITES,
        lasts: Lasts::Once,
        short: false,
        autosave_ms: 10_000,
    });
}

#[test]
fn one_sync_fails() {
    every_effect_fails(Disk {
        errno: Errno::Io,
        classes: SYNCS,
        lasts: Lasts::Once,
        short: false,
        autosave_ms: 0,
    });
}

#[test]
fn one_call_of_any_kind_fails() {
    every_effect_fails(Disk {
        errno: Errno::Io,
        classes: "nrt",
        lasts: Lasts::Once,
        short: false,
        autosave_ms: 10_000,
    });
}

#[test]
fn every_sync_fails_until_the_disk_is_well() {
    every_effect_fails(Disk {
        errno: Errno::Io,
        classes: SYNCS,
        lasts: Lasts::UntilLifted,
        short: false,
        autosave_ms: 0,
    });
}

#[test]
fn everything_fails_until_the_disk_is_well() {
    every_effect_fails(Disk {
        errno: Errno::Io,
        classes: EVERYTHING,
        lasts: Lasts::UntilLifted,
        short: false,
        autosave_ms: 10_000,
    });
}

#[test]
fn the_file_system_is_read_only_for_a_while() {
    every_effect_fails(Disk {
        errno: Errno::ReadOnly,
        classes: "wnrt",
        lasts: Lasts::UntilLifted,
        short: false,
        autosave_ms: 10_000,
    });
}
