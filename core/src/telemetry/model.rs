//! The words of telemetry.

use std::collections::HashMap;
use std::time::SystemTime;

/// What is counted and timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// A workout is saved.
    Save,
    /// A file or the records of another app are taken in.
    Import,
    /// Something is written: a training day, a log, a metric, a habit, an edit.
    Change,
    /// A request to the server.
    Sync,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 4] = [Self::Save, Self::Import, Self::Change, Self::Sync];

    /// The name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Save => "save",
            Self::Import => "import",
            Self::Change => "change",
            Self::Sync => "sync",
        }
    }
}

/// How an operation did since the client was opened.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, uniffi::Record)]
pub struct OperationStatistics {
    /// How often, failures among them.
    pub count: u64,
    /// How often it failed, by the error's code.
    pub failures: HashMap<String, u64>,
    /// Half of them took at most so long, in milliseconds, within 20 %.
    pub median_ms: u64,
    /// 95 % of them took at most so long, in milliseconds, within 20 %.
    pub p95_ms: u64,
    /// The longest, in milliseconds.
    pub max_ms: u64,
}

/// All operations since the client was opened.
#[derive(Clone, Debug, PartialEq, serde::Serialize, uniffi::Record)]
pub struct Telemetry {
    /// When counting began, UTC.
    #[serde(skip)]
    pub since: SystemTime,
    /// By operation; what never happened is not there.
    pub operations: HashMap<Operation, OperationStatistics>,
}

/// What is out of the ordinary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// Too many of the last operations failed; the value is per cent.
    Failures,
    /// Operations take too long; the value is the 95th percentile in milliseconds.
    Slow,
    /// Changes wait for the app's attention; the value is how many.
    DeadEvents,
}

/// Something that the app's makers may want to hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, uniffi::Record)]
pub struct Alert {
    /// What it is.
    pub kind: AlertKind,
    /// Of which operation; `None` for the queue.
    pub operation: Option<Operation>,
    /// The value that is too high.
    pub value: u64,
    /// The highest value that raises no alert.
    pub threshold: u64,
}

/// From where on an alert is raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct AlertThresholds {
    /// Per cent of the last 50 operations of a kind that may fail.
    #[uniffi(default = 20)]
    pub failures_percent: u32,
    /// The 95th percentile of the time that an operation may take, in milliseconds.
    #[uniffi(default = 2000)]
    pub slow_ms: u32,
    /// Changes that may wait for the app's attention.
    #[uniffi(default = 0)]
    pub dead_events: u32,
}

impl Default for AlertThresholds {
    fn default() -> Self {
        Self {
            failures_percent: 20,
            slow_ms: 2_000,
            dead_events: 0,
        }
    }
}
