//! The words of the outbox room.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use steadfast_protocol::operation::{EntityKind, OperationKind};

use crate::domain::account::AccountId;
use crate::domain::id::Id;
use crate::domain::time::Moment;

/// The version of the field table that this build writes into its events.
pub const SCHEMA_VERSION: u32 = 1;

/// Attempts before an event with an error of its own is dead.
pub const MAX_ATTEMPTS: u32 = 5;

/// Where an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum OutboxStatus {
    /// Waits to be sent.
    Pending,
    /// Is being sent.
    Processing,
    /// The server has it.
    Completed,
    /// Did not go through; waits for its next attempt.
    Failed,
    /// Needs the app's attention; is not sent by itself any more.
    Dead,
    /// A later event says it instead.
    Replaced,
    /// The user gave it up.
    Discarded,
}

impl OutboxStatus {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Processing,
        Self::Completed,
        Self::Failed,
        Self::Dead,
        Self::Replaced,
        Self::Discarded,
    ];

    /// The name in SQL and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Dead => "dead",
            Self::Replaced => "replaced",
            Self::Discarded => "discarded",
        }
    }

    /// The status with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// Which events go first. The number is what SQL sorts by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// What the user did.
    #[default]
    User = 0,
    /// What the app did by itself: imports, migrations.
    Background = 1,
}

impl Priority {
    /// The number in SQL.
    #[must_use]
    pub fn number(self) -> i64 {
        self as i64
    }
}

/// The row that orders an event: a child's parent, else the changed row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Root {
    /// Its kind.
    pub kind: EntityKind,
    /// Its id.
    pub id: Id,
}

/// A local change that the server has to hear of.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// Whose data it is.
    pub account_id: AccountId,
    /// The device that made the change.
    pub device_id: Id,
    /// Names the operation for ever.
    pub op_id: Id,
    /// The row that orders it.
    pub root: Root,
    /// The kind of the changed row.
    pub entity_kind: EntityKind,
    /// The id of the changed row.
    pub entity_id: Id,
    /// What is done.
    pub operation: OperationKind,
    /// The new values by field name.
    pub fields: BTreeMap<String, Value>,
    /// When the change was made.
    pub moment: Moment,
    /// The boot in which the moment's second clock counts, if the shell named it.
    pub boot_id: Option<String>,
    /// Which events go first.
    pub priority: Priority,
    /// When the row of the event is made, UTC milliseconds.
    pub created_at_ms: i64,
}

/// An event of the outbox.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct OutboxEvent {
    /// Its place in the queue; rises.
    pub seq: u64,
    /// Names the operation for ever.
    pub op_id: Id,
    /// The kind of the row that orders it.
    pub root_kind: String,
    /// The id of that row.
    pub root_id: Id,
    /// The kind of the changed row.
    pub entity_kind: String,
    /// The id of the changed row.
    pub entity_id: Id,
    /// `upsert` or `delete`.
    pub operation: String,
    /// The edited fields as JSON.
    pub fields: String,
    /// Where it stands.
    pub status: OutboxStatus,
    /// Attempts that cost one.
    pub attempt: u32,
    /// The last error's code, if there was one.
    pub error_code: Option<String>,
    /// The last error's words, if there was one.
    pub error_message: Option<String>,
    /// When it was made, UTC.
    pub created_at: SystemTime,
    /// When it was last sent, UTC.
    pub last_attempt_at: Option<SystemTime>,
    /// When it was closed, UTC.
    pub completed_at: Option<SystemTime>,
}

/// How many events stand where.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct OutboxStatistics {
    /// Wait to be sent.
    pub pending: u64,
    /// Are being sent.
    pub processing: u64,
    /// Wait for their next attempt.
    pub failed: u64,
    /// Need the app's attention.
    pub dead: u64,
    /// The server has them, and they are kept as an audit trail.
    pub completed: u64,
    /// A later event says them instead.
    pub replaced: u64,
    /// The user gave them up.
    pub discarded: u64,
    /// When the oldest open event was made, UTC; `None` if none is open.
    pub oldest_open_at: Option<SystemTime>,
}
