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
mod tests;
