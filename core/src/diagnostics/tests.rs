//! What reaches the log, and in which words.

use std::process::Command;
use std::sync::{Arc, Mutex};

use super::*;

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<(LogLevel, String)>>>);

impl LogSink for Kept {
    fn write(&self, level: LogLevel, line: &str) {
        self.0.lock().unwrap().push((level, line.to_owned()));
    }
}

/// The lines that `emit` leaves at a level.
fn lines(level: Option<LogLevel>, emit: impl FnOnce()) -> Vec<(LogLevel, String)> {
    let kept = Kept::default();
    let subscriber = Lines {
        level: Box::leak(Box::new(AtomicU8::new(as_number(level)))),
        sink: kept.clone(),
    };
    tracing::subscriber::with_default(subscriber, emit);
    kept.0.lock().unwrap().clone()
}

fn one_each() {
    tracing::error!("e");
    tracing::warn!("w");
    tracing::info!("i");
    tracing::debug!("d");
    tracing::trace!("t");
}

#[test]
fn each_level_includes_those_before_it() {
    use LogLevel::{Debug, Error, Info, Warn};
    let all = [Error, Warn, Info, Debug];
    for (wanted, level) in all.into_iter().enumerate() {
        let seen: Vec<LogLevel> = lines(Some(level), one_each)
            .into_iter()
            .map(|(level, _)| level)
            .collect();
        assert_eq!(seen, all[..=wanted]);
    }
    assert_eq!(lines(None, one_each), vec![]);
}

#[test]
fn a_line_says_where_what_and_with_which_values() {
    let error = std::io::Error::other("the disk is full");
    let seen = lines(Some(LogLevel::Debug), || {
        tracing::warn!(file = "journal-0001.jsonl", bytes = 12, %error, "a sync of {} failed", "it");
    });
    let line = "diagnostics::tests: a sync of it failed file=journal-0001.jsonl bytes=12 error=\"the disk is full\"";
    assert_eq!(seen, vec![(LogLevel::Warn, line.to_owned())]);
}

#[test]
fn nothing_in_an_event_can_end_its_line_or_forge_another() {
    let seen = lines(Some(LogLevel::Debug), || {
        tracing::warn!(folder = "a\nsteadfast Error forged\0", "two\nlines");
    });
    assert_eq!(
        seen[0].1,
        r#"diagnostics::tests: two\nlines folder="a\nsteadfast Error forged\0""#
    );
}

#[test]
fn other_crates_are_not_heard() {
    let seen = lines(Some(LogLevel::Debug), || {
        tracing::error!(target: "hyper::client", "authorization: Bearer abc");
        tracing::error!(target: "steadfastly", "no kin");
        tracing::error!(target: "steadfast_protocol::merge", "ours");
    });
    assert_eq!(seen, vec![(LogLevel::Error, "merge: ours".to_owned())]);
}

#[test]
fn a_level_that_is_off_evaluates_nothing() {
    let mut evaluated = 0;
    let seen = lines(Some(LogLevel::Error), || {
        tracing::warn!(
            value = {
                evaluated += 1;
                1
            },
            "w"
        );
    });
    assert_eq!((seen, evaluated), (vec![], 0));
}

/// Run by the next test in a process of its own, as the level and stderr belong to a process.
#[test]
#[ignore = "the child of the_level_holds_for_the_process_and_may_change_at_any_time"]
fn child() {
    tracing::error!("before any level");
    set_log_level(Some(LogLevel::Warn));
    one_each();
    std::thread::spawn(|| set_log_level(Some(LogLevel::Info)))
        .join()
        .unwrap();
    tracing::info!("louder");
    set_log_level(None);
    assert_eq!(LevelFilter::current(), LevelFilter::OFF);
    tracing::error!("silence");
    let calls: Vec<_> = (0..4)
        .map(|_| {
            std::thread::spawn(|| {
                for _ in 0..100 {
                    set_log_level(Some(LogLevel::Error));
                }
            })
        })
        .collect();
    for call in calls {
        call.join().unwrap();
    }
    one_each();
}

#[test]
fn the_level_holds_for_the_process_and_may_change_at_any_time() {
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "diagnostics::tests::child", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    assert!(run.status.success());
    let stderr = String::from_utf8(run.stderr).unwrap();
    let lines: Vec<&str> = stderr.lines().filter(|line| line.starts_with("steadfast ")).collect();
    let module = "diagnostics::tests";
    assert_eq!(
        lines,
        [
            format!("steadfast Error {module}: e"),
            format!("steadfast Warn {module}: w"),
            format!("steadfast Info {module}: louder"),
            format!("steadfast Error {module}: e"),
        ]
    );
}
