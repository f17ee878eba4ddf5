//! What the shim is told, and what it tells. See `shim/fault.c`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the shim is.
pub const SHIM: &str = env!("STEADFAST_FAULT_SHIM");

/// Where in a call the process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Nothing of it happens.
    Before,
    /// Half of the bytes are written. The same as `After` for what is not a write.
    Middle,
    /// All of it happened.
    After,
}

/// What the file system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errno {
    /// No space left.
    NoSpace,
    /// The device failed.
    Io,
    /// The file system became read-only.
    ReadOnly,
}

impl Errno {
    /// Linux's number.
    #[must_use]
    pub fn number(self) -> i32 {
        match self {
            Self::NoSpace => 28,
            Self::Io => 5,
            Self::ReadOnly => 30,
        }
    }
}

/// Which calls fail, by the shim's letters: write, sync, new name, removal, truncation.
pub const EVERYTHING: &str = "wsnrt";
/// What needs space.
pub const SPACE: &str = "wn";
/// Syncs alone.
pub const SYNCS: &str = "s";
/// Writes alone.
pub const WRITES: &str = "w";

/// What happens to a child's calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It dies at an effect, counted from 1.
    Kill(u64, At),
    /// Effects from..=until of some classes fail; until 0 is for ever, as long as the gate is there.
    Fail {
        /// The first effect.
        from: u64,
        /// The last one; 0 for no end.
        until: u64,
        /// With what.
        errno: Errno,
        /// Letters.
        classes: &'static str,
        /// The first write that fails writes half of its bytes.
        short: bool,
    },
}

/// How the shim is attached to a child.
#[derive(Clone, Debug, Default)]
pub struct Shim {
    /// What happens; nothing if `None`.
    pub fault: Option<Fault>,
    /// Where the effects are logged.
    pub log: Option<PathBuf>,
    /// The file as long as which calls fail.
    pub gate: Option<PathBuf>,
}

impl Shim {
    /// Sets the environment of a child that works in `root`.
    pub fn attach(&self, command: &mut Command, root: &Path) {
        command.env("LD_PRELOAD", SHIM).env("STEADFAST_FAULT_ROOT", root);
        if let Some(log) = &self.log {
            command.env("STEADFAST_FAULT_LOG", log);
        }
        if let Some(gate) = &self.gate {
            command.env("STEADFAST_FAULT_WHILE", gate);
        }
        match &self.fault {
            None => {}
            Some(Fault::Kill(index, at)) => {
                let at = match at {
                    At::Before => "before",
                    At::Middle => "middle",
                    At::After => "after",
                };
                command.env("STEADFAST_FAULT_KILL", format!("{index}:{at}"));
            }
            Some(Fault::Fail {
                from,
                until,
                errno,
                classes,
                short,
            }) => {
                command.env(
                    "STEADFAST_FAULT_FAIL",
                    format!("{from}:{until}:{}:{classes}", errno.number()),
                );
                if *short {
                    command.env("STEADFAST_FAULT_SHORT", "1");
                }
            }
        }
    }
}

/// A line of the shim's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Logged {
    /// An effect.
    Effect(Effect),
    /// A line that the child said.
    Said(String),
    /// It was killed at this effect.
    Killed(u64),
    /// This effect failed, or was cut short.
    Failed(u64),
}

/// A call that changes something under the data folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Counted from 1.
    pub index: u64,
    /// `write`, `fsync`, `rename`, …
    pub call: String,
    /// On what.
    pub path: String,
    /// The new name of a rename, the number of bytes of a write.
    pub details: String,
}

impl Effect {
    /// True for a call that can be cut in the middle.
    #[must_use]
    pub fn is_write(&self) -> bool {
        matches!(self.call.as_str(), "write" | "pwrite" | "writev")
    }

    /// True for a sync of a file or folder.
    #[must_use]
    pub fn is_sync(&self) -> bool {
        matches!(self.call.as_str(), "fsync" | "fdatasync")
    }

    /// True if it renames something to a name that contains `to`.
    #[must_use]
    pub fn renames_to(&self, to: &str) -> bool {
        self.call == "rename" && self.details.contains(to)
    }
}

/// Reads the shim's log.
///
/// # Panics
/// If it is not there or not the shim's.
#[must_use]
pub fn read_log(path: &Path) -> Vec<Logged> {
    let text = std::fs::read_to_string(path).expect("the shim's log");
    let number = |text: &str| text.parse::<u64>().expect("the index of an effect");
    text.lines()
        .map(|line| match line.split_once(' ').expect("two words") {
            ("out", said) => Logged::Said(said.to_owned()),
            ("killed", index) => Logged::Killed(number(index)),
            ("failed" | "halved", index) => Logged::Failed(number(index)),
            (index, rest) => {
                let mut words = rest.splitn(3, ' ').map(str::to_owned);
                let mut word = || words.next().unwrap_or_default();
                Logged::Effect(Effect {
                    index: number(index),
                    call: word(),
                    path: word(),
                    details: word(),
                })
            }
        })
        .collect()
}

/// The effects of a log.
#[must_use]
pub fn effects(log: &[Logged]) -> Vec<Effect> {
    let effect = |line: &Logged| {
        if let Logged::Effect(effect) = line {
            Some(effect.clone())
        } else {
            None
        }
    };
    log.iter().filter_map(effect).collect()
}
