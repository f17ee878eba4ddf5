//! Several processes and several versions on one data folder.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use pollster::block_on;
use rusqlite::Connection;
use steadfast_core::database::connections::database_file;
use steadfast_tests::audit::audit_and_finish;
use steadfast_tests::child::{self, Heard, Patience};
use steadfast_tests::ledger::{Ledger, Phase};
use steadfast_tests::performer::Setting;
use steadfast_tests::scratch::{canonical, contents, scratch};
use steadfast_tests::script::script;
use steadfast_tests::tally::Tally;
use steadfast_tests::virtual_clock::EPOCH_MS;
use tempfile::TempDir;

const CHILD: &str = env!("CARGO_BIN_EXE_recording_child");

fn new_folder() -> (TempDir, Setting) {
    let scratch = scratch();
    let folder = canonical(scratch.path()).join("data");
    (
        scratch,
        Setting {
            folder,
            now_ms: EPOCH_MS,
            recovery_key: None,
            autosave_ms: 10_000,
            gate: None,
        },
    )
}

fn run(setting: &Setting, steps: &str, patience: Patience) -> Heard {
    child::run(CHILD.as_ref(), setting, &script(steps), None, patience)
}

#[test]
fn a_second_process_is_told_that_the_folder_is_in_use_and_disturbs_nothing() {
    let (_scratch, mut setting) = new_folder();
    let (client, _clock) = setting.open().expect("the first");
    let id = client
        .recorder()
        .start(steadfast_core::domain::start_options::StartOptions::new(
            steadfast_core::domain::kind::ActivityKind::Running,
        ));
    let before = contents(&setting.folder);
    assert_eq!(
        run(&setting, "begin samples:5/1 save", Patience::Endless).lines,
        [format!("error open storage_in_use {}", setting.folder.display())]
    );
    assert_eq!(contents(&setting.folder), before, "not a byte was changed");
    assert_eq!(client.recorder().active_id(), id.ok());
    drop(client);
    setting.now_ms += 60_000;
    assert!(
        run(&setting, "begin samples:5/1 save", Patience::Endless).said("saved "),
        "the next one may"
    );
}

#[test]
fn closing_gives_the_folder_back_even_while_another_thread_starts_a_process() {
    let (_scratch, setting) = new_folder();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Between fork and exec the new process has a copy of every open file, the lock among them.
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    Command::new("true").status().expect("a process");
                }
            });
        }
        let refused = (0..500).find_map(|_| setting.open().err());
        done.store(true, Ordering::SeqCst);
        assert_eq!(refused, None);
    });
}

#[test]
fn two_interrupted_workouts_are_both_offered_and_both_saved() {
    let (_scratch, mut setting) = new_folder();
    let mut ledger = Ledger::default();
    let lines = [
        run(&setting, "start samples:20/1 wait:60000", Patience::Until("ack", 20)),
        run(
            &Setting {
                now_ms: EPOCH_MS + 600_000,
                ..setting.clone()
            },
            "start samples:30/1 wait:60000",
            Patience::Until("ack", 30),
        ),
    ];
    for heard in &lines {
        assert!(heard.was_killed);
        ledger.hear(heard);
    }
    setting.now_ms += 1_200_000;
    let offer = run(&setting, "offer", Patience::Endless);
    let offered: Vec<&str> = offer
        .lines
        .iter()
        .filter(|line| line.starts_with("offered "))
        .map(String::as_str)
        .collect();
    assert!(
        offered[0].ends_with(" 30") && offered[1].ends_with(" 20"),
        "newest first: {offered:?}"
    );
    let mut tally = Tally::default();
    audit_and_finish(&setting, &mut ledger, &mut tally);
    assert_eq!(tally, Tally::default());
    assert!(ledger.workouts.values().all(|workout| workout.phase == Phase::Saved));
}

#[test]
fn an_app_that_the_system_restarts_again_and_again_goes_on_with_the_one_recording() {
    let (_scratch, mut setting) = new_folder();
    let mut ledger = Ledger::default();
    for _ in 0..8 {
        let heard = run(&setting, "begin samples:25/1 wait:60000", Patience::Until("ack", 25));
        assert!(heard.was_killed);
        ledger.hear(&heard);
        setting.now_ms = ledger.latest_ms + 300_000;
    }
    assert_eq!((ledger.workouts.len(), ledger.acknowledged), (1, 200));
    let mut tally = Tally::default();
    audit_and_finish(&setting, &mut ledger, &mut tally);
    assert_eq!(tally, Tally::default());
    let (client, _clock) = setting.open().expect("opens");
    let id = *ledger.workouts.keys().next().expect("one workout");
    let activity = block_on(client.activities().get(id)).expect("stored");
    assert_eq!(activity.segment_count, 8, "each silence is a gap");
    assert!(
        activity.timer_s < 8.0 * 40.0,
        "and belongs to no timer: {}",
        activity.timer_s
    );
}

#[test]
fn a_newer_versions_database_is_refused_and_stays_as_it_is_byte_for_byte() {
    let (_scratch, setting) = new_folder();
    assert!(run(&setting, "begin samples:10/1 save", Patience::Endless).said("saved "));
    let database = database_file(&setting.folder);
    Connection::open(&database)
        .and_then(|newer| newer.pragma_update(None, "user_version", 99))
        .expect("a newer version");
    let before = contents(&setting.folder);
    assert_eq!(
        run(&setting, "begin samples:10/1", Patience::Endless).lines,
        [format!("error open storage_newer_version {}", database.display())]
    );
    assert_eq!(contents(&setting.folder), before);
}

#[test]
fn a_newer_versions_recovery_files_are_offered_as_such_and_stay_as_they_are() {
    let (_scratch, mut setting) = new_folder();
    assert!(
        run(
            &setting,
            "start samples:10/1 pause wait:60000",
            Patience::Until("did pause", 1)
        )
        .was_killed
    );
    let recovery = setting.folder.join("recovery");
    for (path, bytes) in contents(&recovery)
        .into_iter()
        .filter(|(path, _)| !path.ends_with("reserve.bin"))
    {
        let text = String::from_utf8(bytes).expect("unencrypted files are text");
        std::fs::write(path, of_a_newer_format(&text)).expect("a newer format");
    }
    let workout = std::fs::read_dir(&recovery)
        .expect("the root")
        .find_map(|entry| Some(entry.expect("an entry").path()).filter(|path| path.is_dir()));
    let workout = workout.expect("a workout's folder");
    let before = contents(&workout);
    setting.now_ms += 600_000;
    let heard = run(&setting, "begin", Patience::Endless);
    assert!(heard.said("error begin recovery_newer_version"), "{:?}", heard.lines);
    let heard = run(&setting, "save-recovered", Patience::Endless);
    assert!(
        heard.said("error save-recovered recovery_newer_version"),
        "{:?}",
        heard.lines
    );
    assert_eq!(contents(&workout), before);
}

/// The lines with a newer format's number in the header, and the checksum that belongs to them.
fn of_a_newer_format(text: &str) -> String {
    let newer = |line: &str| {
        let (body, _) = line.split_once(",\"crc\":\"").expect("every line has a checksum");
        let body = body.replace("\"format_version\":1,", "\"format_version\":99,");
        format!("{body},\"crc\":\"{:08x}\"}}\n", crc32fast::hash(body.as_bytes()))
    };
    text.lines().map(newer).collect()
}
