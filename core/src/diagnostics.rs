//! Where the core's log goes, and how much of it: logcat on Android, `os_log` on Apple's systems, stderr elsewhere.
//!
//! The core logs through `tracing`. The subscriber here knows events only and turns each into one line: it is a small part of what a
//! registry of spans brings, which nothing here uses. It takes the core's own events and no other crate's: what an HTTP
//! library says at `debug` may hold a token.

use std::fmt::{self, Write as _};
use std::sync::Once;
use std::sync::atomic::{AtomicU8, Ordering};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Metadata, Subscriber, span};

/// How much the core logs; each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum LogLevel {
    /// A fault of the core itself.
    Error,
    /// Something did not work and the core goes on: a failed sync of a journal, a listener that threw.
    Warn,
    /// What the core does, in few lines.
    Info,
    /// What helps in finding a fault.
    Debug,
}

const OFF: u8 = 0;
static LEVEL: AtomicU8 = AtomicU8::new(OFF);

/// Sets how much the core logs; `None`, the state at the start, turns it off, and then it costs nothing.
///
/// The log goes to logcat under the tag `steadfast` on Android, to `os_log` under the subsystem `dev.steadfast` on Apple's systems, to
/// stderr elsewhere, one line an event. Lines name files and errors, never a position, a note or a token. May be called at any time
/// and from any thread, before a client is opened too; it holds for the whole process. In a Rust program that has a `tracing` subscriber of
/// its own, that one gets the events, and this changes nothing.
#[uniffi::export]
pub fn set_log_level(level: Option<LogLevel>) {
    static INSTALL: Once = Once::new();
    LEVEL.store(as_number(level), Ordering::Relaxed);
    if level.is_some() {
        INSTALL.call_once(|| {
            let ours = Lines {
                level: &LEVEL,
                sink: platform::Sink::new(),
            };
            if tracing::subscriber::set_global_default(ours).is_err() {
                tracing::debug!("this program has a tracing subscriber of its own: the core's log goes there");
            }
        });
    }
    // Whether an event is wanted is remembered where it is written down, so that one that is not costs a load and a jump.
    tracing::callsite::rebuild_interest_cache();
}

fn as_number(level: Option<LogLevel>) -> u8 {
    match level {
        None => OFF,
        Some(LogLevel::Error) => 1,
        Some(LogLevel::Warn) => 2,
        Some(LogLevel::Info) => 3,
        Some(LogLevel::Debug) => 4,
    }
}

/// `None` for `TRACE`, which is never shown.
fn level_of(metadata: &Metadata<'_>) -> Option<LogLevel> {
    match *metadata.level() {
        Level::ERROR => Some(LogLevel::Error),
        Level::WARN => Some(LogLevel::Warn),
        Level::INFO => Some(LogLevel::Info),
        Level::DEBUG => Some(LogLevel::Debug),
        _ => None,
    }
}

/// What takes a finished line.
trait LogSink: Send + Sync + 'static {
    /// `line` is one line, without its end and without control characters.
    fn write(&self, level: LogLevel, line: &str);
}

/// A subscriber that makes a line of each event.
struct Lines<S> {
    level: &'static AtomicU8,
    sink: S,
}

impl<S: LogSink> Subscriber for Lines<S> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let of_ours = metadata
            .target()
            .split("::")
            .next()
            .is_some_and(|name| name == "steadfast" || name.starts_with("steadfast_"));
        let wanted = self.level.load(Ordering::Relaxed);
        metadata.is_event() && of_ours && level_of(metadata).is_some_and(|level| as_number(Some(level)) <= wanted)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(match self.level.load(Ordering::Relaxed) {
            OFF => LevelFilter::OFF,
            1 => LevelFilter::ERROR,
            2 => LevelFilter::WARN,
            3 => LevelFilter::INFO,
            _ => LevelFilter::DEBUG,
        })
    }

    fn event(&self, event: &Event<'_>) {
        if let Some(level) = level_of(event.metadata()) {
            self.sink.write(level, &line(event));
        }
    }

    // No span is enabled; the trait asks for these all the same.
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// `recovery::journal: journal file abandoned file=journal-0001.jsonl error="the device is full"`
fn line(event: &Event<'_>) -> String {
    let mut parts = Parts::default();
    event.record(&mut parts);
    let target = event.metadata().target();
    let module = target.split_once("::").map_or(target, |(_, module)| module);
    format!("{module}: {}{}", parts.message, parts.fields)
}

#[derive(Default)]
struct Parts {
    message: String,
    fields: String,
}

impl Parts {
    fn add(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            for char in value.chars() {
                if char.is_control() {
                    self.message.extend(char.escape_default());
                } else {
                    self.message.push(char);
                }
            }
            return;
        }
        let plain = !value.is_empty() && !value.contains(|char: char| char.is_control() || " \"=".contains(char));
        // Writing into a `String` cannot fail.
        let _ = if plain {
            write!(self.fields, " {}={value}", field.name())
        } else {
            write!(self.fields, " {}={value:?}", field.name())
        };
    }
}

impl Visit for Parts {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, &format!("{value:?}"));
    }
}

#[cfg(target_os = "android")]
mod platform {
    use android_logger::{AndroidLogger, Config};
    use log::{Level, LevelFilter, Log as _, Record};

    use super::{LogLevel, LogSink};

    /// Logcat. The logger cuts a long line into several, as logcat asks for; it is not installed as the one of `log`.
    pub(super) struct Sink(AndroidLogger);

    impl Sink {
        pub(super) fn new() -> Self {
            let config = Config::default()
                .with_max_level(LevelFilter::Trace)
                .with_tag("steadfast")
                .format(|out, record| out.write_fmt(*record.args()));
            Self(AndroidLogger::new(config))
        }
    }

    impl LogSink for Sink {
        fn write(&self, level: LogLevel, line: &str) {
            let level = match level {
                LogLevel::Error => Level::Error,
                LogLevel::Warn => Level::Warn,
                LogLevel::Info => Level::Info,
                LogLevel::Debug => Level::Debug,
            };
            self.0
                .log(&Record::builder().level(level).args(format_args!("{line}")).build());
        }
    }
}

#[cfg(target_vendor = "apple")]
mod platform {
    use oslog::{Level, OsLog};

    use super::{LogLevel, LogSink};

    /// `os_log`, public: the lines hold nothing private, and a redacted one helps nobody.
    pub(super) struct Sink(OsLog);

    impl Sink {
        pub(super) fn new() -> Self {
            Self(OsLog::new("dev.steadfast", "core"))
        }
    }

    impl LogSink for Sink {
        fn write(&self, level: LogLevel, line: &str) {
            let level = match level {
                LogLevel::Error => Level::Error,
                LogLevel::Warn => Level::Default,
                LogLevel::Info => Level::Info,
                LogLevel::Debug => Level::Debug,
            };
            self.0.with_level(level, line);
        }
    }
}

#[cfg(not(any(target_os = "android", target_vendor = "apple")))]
mod platform {
    use std::io::Write as _;

    use super::{LogLevel, LogSink};

    pub(super) struct Sink;

    impl Sink {
        pub(super) fn new() -> Self {
            Self
        }
    }

    impl LogSink for Sink {
        fn write(&self, level: LogLevel, line: &str) {
            // One write, so that two processes' lines do not mix; a closed stderr is no reason to panic, as `eprintln` would.
            let _ = std::io::stderr().write_all(format!("steadfast {level:?} {line}\n").as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
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
        let lines = kept.0.lock().unwrap().clone();
        lines
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
        let line =
            "diagnostics::tests: a sync of it failed file=journal-0001.jsonl bytes=12 error=\"the disk is full\"";
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
}
