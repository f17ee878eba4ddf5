//! The promise: what `add_samples` acknowledged survives SIGKILL; `save` is all or nothing and happens once.
//!
//! Random kills here; every single effect in `kill_sweep.rs`. `STEADFAST_KILLS` sets their number (2,000).

use std::sync::atomic::{AtomicU64, Ordering};

use steadfast_tests::audit::{audit, audit_and_finish};
use steadfast_tests::child::{self, Patience};
use steadfast_tests::ledger::Ledger;
use steadfast_tests::performer::Setting;
use steadfast_tests::run::Dice;
use steadfast_tests::scratch::{canonical, scratch};
use steadfast_tests::script::{Step, script};
use steadfast_tests::tally::Tally;
use steadfast_tests::virtual_clock::EPOCH_MS;

const CHILD: &str = env!("CARGO_BIN_EXE_recording_child");
/// The machines that run this have two cores.
const THREADS: u64 = 2;
/// Kills of one data folder: enough for several interrupted workouts to pile up and be taken up again.
const KILLS_PER_FOLDER: u64 = 5;

/// What the apps do. Each takes up what the one before left.
const SCRIPTS: [&str; 6] = [
    "begin samples:40/1 save start samples:30/3 readings:5 pause",
    "begin samples:20/1 lap readings:3 bad:4 pause samples:3/1 lap resume samples:30/5 lap save begin samples:60/1 lap samples:2/1 save",
    "begin samples:10/1 pause resume samples:10/1 pause resume samples:10/1 discard start samples:20/2 save",
    "save-recovered start samples:120/20 stop save start samples:5/1 save start samples:200/50",
    "start samples:15/1 suspend samples:15/1 save offer start samples:15/1 stop resume samples:15/1 wait:3 samples:5/1 save",
    // Over five minutes, so that the regular snapshots come.
    "begin samples:700/100 samples:20/1 save",
];

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_moment() {
    let wanted =
        std::env::var("STEADFAST_KILLS").map_or(2000, |kills| kills.parse().expect("STEADFAST_KILLS is a number"));
    let seed = std::env::var("STEADFAST_SEED").map_or(1, |seed| seed.parse().expect("STEADFAST_SEED is a number"));
    let next_folder = AtomicU64::new(0);
    let folders = u64::div_ceil(wanted, KILLS_PER_FOLDER);
    let mut total = Tally::default();
    std::thread::scope(|scope| {
        let worker = || {
            let mut tally = Tally::default();
            loop {
                let folder = next_folder.fetch_add(1, Ordering::SeqCst);
                if folder >= folders {
                    return tally;
                }
                tally.add(life_of_a_folder(
                    seed,
                    folder,
                    KILLS_PER_FOLDER.min(wanted - folder * KILLS_PER_FOLDER),
                ));
            }
        };
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(worker)).collect();
        for worker in workers {
            total.add(worker.join().expect("a worker that does not panic"));
        }
    });
    total.conclude("kills.txt");
    assert_eq!(total.kills, wanted);
}

/// A data folder whose app is killed again and again, and looked at every time.
fn life_of_a_folder(seed: u64, folder: u64, kills: u64) -> Tally {
    let mut dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(folder));
    let scratch = scratch();
    let mut setting = Setting {
        folder: canonical(scratch.path()).join("data"),
        now_ms: EPOCH_MS,
        recovery_key: (folder % 2 == 1).then(|| b"a key of exactly thirty-two byte".to_vec()),
        autosave_ms: [0, 2, 10_000][usize::try_from(folder % 3).expect("below three")],
        gate: None,
    };
    let (mut ledger, mut tally) = (Ledger::default(), Tally::default());
    while tally.kills < kills {
        let steps: Vec<Step> = script(SCRIPTS[usize::try_from(dice.below(SCRIPTS.len() as u64)).expect("an index")]);
        let patience = if dice.below(2) == 0 {
            Patience::Lines(1 + usize::try_from(dice.below(90)).expect("below ninety"))
        } else {
            Patience::Micros(dice.below(40_000))
        };
        let heard = child::run(CHILD.as_ref(), &setting, &steps, None, patience);
        tally.kills += u64::from(heard.was_killed);
        ledger.hear(&heard);
        ledger.nothing_failed();
        setting.now_ms = ledger.latest_ms.max(setting.now_ms) + 600_000;
        let before = tally.violations.len();
        audit(&setting, &mut ledger, &mut tally);
        for violation in &mut tally.violations[before..] {
            violation.insert_str(0, &format!("seed {seed}, folder {folder}, kill {}: ", tally.kills));
        }
    }
    setting.now_ms += 600_000;
    audit_and_finish(&setting, &mut ledger, &mut tally);
    tally.acknowledged = ledger.acknowledged;
    tally
}
