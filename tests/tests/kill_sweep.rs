//! Kills at every single effect of a short workout, of its recovery, and of what comes after: before, after and in the middle of each
//! call that changes the data folder. The points that matter most are named, and it is asserted that each was really hit.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use steadfast_tests::audit::{audit, audit_and_finish};
use steadfast_tests::child::{self, Patience};
use steadfast_tests::fault::{At, Effect, Fault, Logged, Shim, effects, read_log};
use steadfast_tests::ledger::Ledger;
use steadfast_tests::performer::Setting;
use steadfast_tests::scratch::{canonical, copy, scratch};
use steadfast_tests::script::{Step, script};
use steadfast_tests::tally::Tally;
use steadfast_tests::virtual_clock::EPOCH_MS;
use tempfile::TempDir;

const CHILD: &str = env!("CARGO_BIN_EXE_recording_child");
const TEN_MINUTES_MS: i64 = 600_000;

/// A data folder as it was left, what was acknowledged in it, and what the app does next.
struct Story {
    _scratch: TempDir,
    template: std::path::PathBuf,
    ledger: Ledger,
    setting: Setting,
    steps: Vec<Step>,
}

impl Story {
    /// Begins in an empty folder.
    fn new(steps: &str, autosave_ms: u32, recovery_key: Option<&[u8]>) -> Self {
        let scratch = scratch();
        let template = canonical(scratch.path()).join("template");
        std::fs::create_dir(&template).expect("a new folder");
        let setting = Setting {
            folder: template.clone(),
            now_ms: EPOCH_MS,
            recovery_key: recovery_key.map(<[u8]>::to_vec),
            autosave_ms,
            gate: None,
        };
        Self {
            _scratch: scratch,
            template,
            ledger: Ledger::default(),
            setting,
            steps: script(steps),
        }
    }

    /// The script up to its death by the fault; the next app does something else.
    fn then(mut self, fault: Fault, next: &str) -> Self {
        let shim = Shim {
            fault: Some(fault),
            ..Shim::default()
        };
        let heard = child::run(
            CHILD.as_ref(),
            &self.setting,
            &self.steps,
            Some(&shim),
            Patience::Endless,
        );
        assert!(heard.was_killed, "{:?}", heard.lines);
        self.ledger.hear(&heard);
        self.setting.now_ms = self.ledger.latest_ms + TEN_MINUTES_MS;
        self.steps = script(next);
        self
    }

    /// One telling, in a copy of the folder.
    fn tell(&self, folder: &Path, fault: Option<Fault>) -> (Setting, Ledger, Vec<Logged>) {
        copy(&self.template, folder);
        let setting = Setting {
            folder: folder.to_owned(),
            ..self.setting.clone()
        };
        let log = folder.with_extension("log");
        let is_kill = fault.is_some();
        let shim = Shim {
            fault,
            log: Some(log.clone()),
            gate: None,
        };
        let heard = child::run(CHILD.as_ref(), &setting, &self.steps, Some(&shim), Patience::Endless);
        // A run may have an effect less than the one that was counted: its threads are not in lockstep.
        assert!(heard.was_killed || is_kill || heard.said("closed"), "{:?}", heard.lines);
        let mut ledger = self.ledger.clone();
        ledger.hear(&heard);
        ledger.nothing_failed();
        (
            Setting {
                now_ms: ledger.latest_ms.max(setting.now_ms) + TEN_MINUTES_MS,
                ..setting
            },
            ledger,
            read_log(&log),
        )
    }

    /// What the script does to the folder when nothing happens to it.
    fn undisturbed(&self) -> Vec<Logged> {
        let scratch = scratch();
        let folder = canonical(scratch.path()).join("data");
        let (setting, mut ledger, log) = self.tell(&folder, None);
        let mut tally = Tally::default();
        audit_and_finish(&setting, &mut ledger, &mut tally);
        assert_eq!(tally.violations, Vec::<String>::new());
        log
    }

    /// Kills at every effect, and returns which calls were really hit: the effect and where in it.
    fn sweep(&self) -> (Tally, Vec<(Effect, At, bool)>) {
        let mut kills = Vec::new();
        for effect in effects(&self.undisturbed()) {
            kills.extend([(effect.index, At::Before), (effect.index, At::After)]);
            if effect.is_write() {
                kills.push((effect.index, At::Middle));
            }
        }
        let next = AtomicUsize::new(0);
        let result = Mutex::new((Tally::default(), Vec::new()));
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while let Some((index, at)) = kills.get(next.fetch_add(1, Ordering::SeqCst)).copied() {
                        let (tally, hit) = self.kill(index, at);
                        let mut result = result.lock().expect("no worker panics while it holds this");
                        result.0.add(tally);
                        result.1.extend(hit);
                    }
                });
            }
        });
        result.into_inner().expect("no worker panicked")
    }

    fn kill(&self, index: u64, at: At) -> (Tally, Option<(Effect, At, bool)>) {
        let scratch = scratch();
        let folder = canonical(scratch.path()).join("data");
        let (setting, mut ledger, log) = self.tell(&folder, Some(Fault::Kill(index, at)));
        let mut tally = Tally {
            acknowledged: ledger.acknowledged,
            ..Tally::default()
        };
        let hit = effects(&log).into_iter().find(|effect| effect.index == index);
        let was_hit = log.contains(&Logged::Killed(index));
        tally.kills += u64::from(was_hit);
        audit(&setting, &mut ledger, &mut tally);
        audit_and_finish(&setting, &mut ledger, &mut tally);
        for violation in &mut tally.violations {
            *violation = format!("killed {at:?} {hit:?}: {violation}");
        }
        // True from the moment that the app asked for a save until it heard of it.
        let said: Vec<&String> = log
            .iter()
            .filter_map(|line| {
                if let Logged::Said(said) = line {
                    Some(said)
                } else {
                    None
                }
            })
            .collect();
        let is_saving = said.last().is_some_and(|line| line.starts_with("do save"));
        (tally, hit.filter(|_| was_hit).map(|effect| (effect, at, is_saving)))
    }
}

/// The points of a workout's life that a kill must have hit for the sweep to mean anything.
fn point(effect: &Effect, at: At, is_saving: bool) -> Option<&'static str> {
    let Effect { path, .. } = effect;
    let is_wal = path.ends_with(".db-wal");
    Some(match at {
        At::Before if effect.renames_to("recovery/.cleared-") => "before the files are cleared",
        At::After if effect.renames_to("recovery/.cleared-") => "after the files are cleared",
        At::After if effect.call == "unlink" && path.contains("recovery/.cleared-") => "in the middle of clearing",
        At::Before if effect.renames_to("active_workout_backup.json") => "before the old snapshot is kept",
        At::After if effect.renames_to("active_workout_backup.json") => "between the two renames of a snapshot",
        At::After if effect.renames_to("active_workout.json") => "after a snapshot is published",
        At::Middle if path.ends_with("active_workout.json.tmp") => "in the middle of a snapshot",
        At::Before if effect.call == "rename" && path.contains("/.new-") => "before a new workout is published",
        At::Middle if path.contains("/.new-") => "in the middle of a journal's header",
        At::Middle if path.contains("journal-0001") => "in the middle of a journal's line",
        At::After if effect.call == "create" && path.contains("journal-0002") => "after a new journal is created",
        At::Middle if path.contains("journal-0002") => "in the middle of a new journal",
        At::Before if is_wal && is_saving && effect.is_write() => "before the commit",
        At::Middle if is_wal && is_saving => "in the middle of the commit",
        At::Before if is_wal && is_saving && effect.is_sync() => "before the commit is synced",
        At::After if is_wal && is_saving && effect.is_sync() => "after the commit",
        At::Before if path.ends_with("steadfast.db") && !is_saving && effect.is_write() => {
            "before the database is written to"
        }
        At::Middle if path.ends_with("steadfast.db") => "in the middle of a checkpoint",
        _ => return None,
    })
}

fn points(hits: &[(Effect, At, bool)]) -> BTreeSet<&'static str> {
    hits.iter()
        .filter_map(|(effect, at, is_saving)| point(effect, *at, *is_saving))
        .collect()
}

fn assert_hit(hits: &[(Effect, At, bool)], wanted: &[&'static str]) {
    let hit = points(hits);
    for point in wanted {
        assert!(hit.contains(point), "no kill {point}; there were kills {hit:?}");
    }
}

/// A whole short life: made, paused, resumed, saved, and the next one begun.
const LIFE: &str = "begin samples:6/1 readings:2 bad:2 pause resume samples:4/2 save begin samples:2/1";

#[test]
fn every_effect_of_a_workout() {
    let (tally, hits) = Story::new(LIFE, 10_000, None).sweep();
    tally.conclude("kills-workout.txt");
    assert_hit(
        &hits,
        &[
            "before a new workout is published",
            "in the middle of a journal's header",
            "in the middle of a journal's line",
            "in the middle of a snapshot",
            "before the old snapshot is kept",
            "between the two renames of a snapshot",
            "after a snapshot is published",
            "before the commit",
            "in the middle of the commit",
            "before the commit is synced",
            "after the commit",
            "before the files are cleared",
            "after the files are cleared",
            "in the middle of clearing",
            "in the middle of a checkpoint",
        ],
    );
}

#[test]
fn every_effect_of_an_encrypted_workout_that_syncs_every_call() {
    let (tally, _) = Story::new(LIFE, 0, Some(b"a key of exactly thirty-two byte")).sweep();
    tally.conclude("kills-encrypted.txt");
}

/// The effect at which the first telling of a story is cut off.
fn find(story: &Story, wanted: impl Fn(&Effect) -> bool) -> u64 {
    let effects = effects(&story.undisturbed());
    effects
        .iter()
        .rfind(|effect| wanted(effect))
        .expect("such an effect")
        .index
}

#[test]
fn every_effect_of_a_recovery() {
    let first = Story::new("begin samples:12/1 pause resume samples:8/1", 10_000, None);
    // A torn tail is the worst that a kill leaves.
    let at = find(&first, |effect| {
        effect.is_write() && effect.path.contains("journal-0001")
    });
    let story = first.then(
        Fault::Kill(at, At::Middle),
        "begin samples:5/1 pause resume samples:3/1 save",
    );
    let (tally, hits) = story.sweep();
    tally.conclude("kills-recovery.txt");
    assert_hit(
        &hits,
        &[
            "after a new journal is created",
            "in the middle of a new journal",
            "before the commit",
            "after the commit",
        ],
    );
}

#[test]
fn every_effect_of_a_recovery_that_is_saved_at_once() {
    let first = Story::new("begin samples:12/1", 10_000, None);
    let at = find(&first, |effect| {
        effect.is_write() && effect.path.contains("journal-0001")
    });
    let (tally, hits) = first
        .then(Fault::Kill(at, At::Before), "save-recovered start samples:2/1")
        .sweep();
    tally.conclude("kills-recovery-saved.txt");
    assert_hit(
        &hits,
        &[
            "before the commit",
            "in the middle of the commit",
            "after the commit",
            "before the files are cleared",
        ],
    );
}

#[test]
fn every_effect_of_the_clearing_that_a_kill_after_the_commit_left_undone() {
    let first = Story::new("begin samples:12/1 save", 10_000, None);
    let at = find(&first, |effect| effect.renames_to("recovery/.cleared-"));
    let story = first.then(Fault::Kill(at, At::Before), "offer begin samples:2/1");
    let (tally, hits) = story.sweep();
    tally.conclude("kills-clearing.txt");
    assert_hit(
        &hits,
        &[
            "before the files are cleared",
            "after the files are cleared",
            "in the middle of clearing",
        ],
    );
}

#[test]
fn every_effect_of_a_discard() {
    let (tally, hits) = Story::new("begin samples:6/1 pause discard begin samples:3/1", 10_000, None).sweep();
    tally.conclude("kills-discard.txt");
    assert_hit(&hits, &["before the files are cleared", "in the middle of clearing"]);
}
