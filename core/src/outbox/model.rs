//! The words of the outbox room.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use steadfast_protocol::entity::EntityKind;

use crate::domain::id::Id;

/// The version of the field table that this build writes into its events.
pub const SCHEMA_VERSION: u32 = 1;

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

    /// True until the server has it, or nobody is to send it any more.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Processing | Self::Failed | Self::Dead)
    }

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Root {
    /// Its kind.
    pub kind: EntityKind,
    /// Its id.
    pub id: Id,
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
    /// Errors of its own so far.
    pub attempt: u32,
    /// The error with this number makes it dead.
    pub max_attempts: u32,
    /// True if the server had never said anything of the row when the event was made.
    pub is_new_record: bool,
    /// The group that it is sent with, if it has one.
    pub group_id: Option<Id>,
    /// It is not sent before this moment, UTC.
    pub not_before: Option<SystemTime>,
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

/// Which events to list, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct OutboxQuery {
    /// Only those with this status.
    #[uniffi(default = None)]
    pub status: Option<OutboxStatus>,
    /// At most this many, 1 to 1000.
    #[uniffi(default = 50)]
    pub limit: u32,
    /// Continue after the event with this `seq`: the `next` of a page.
    #[uniffi(default = None)]
    pub after: Option<u64>,
}

/// A page of events.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct OutboxPage {
    /// Oldest first.
    pub events: Vec<OutboxEvent>,
    /// Pass as `after` for the next page; `None` on the last.
    pub next: Option<u64>,
}

impl Default for OutboxQuery {
    fn default() -> Self {
        Self {
            status: None,
            limit: 50,
            after: None,
        }
    }
}

/// A value that this device wrote and another device's newer one won over. The row shows the newer one.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Conflict {
    /// Names the conflict on this device.
    pub id: u64,
    /// The kind of the row: `habit_log`, `exercise_set`, …
    pub entity_kind: String,
    /// The row.
    pub entity_id: Id,
    /// The field; `alive` says whether the row was deleted.
    pub field: String,
    /// The value that the row shows, as JSON.
    pub kept_value: String,
    /// The value that was written here, as JSON.
    pub lost_value: String,
    /// When the server said so, UTC.
    pub at: SystemTime,
}

/// Which conflicts to list.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ConflictQuery {
    /// At most this many, 1 to 1000.
    #[uniffi(default = 50)]
    pub limit: u32,
    /// Continue after this page: the `next` of the page before.
    #[uniffi(default = None)]
    pub after: Option<u64>,
}

impl Default for ConflictQuery {
    fn default() -> Self {
        Self { limit: 50, after: None }
    }
}

/// Conflicts that nobody decided yet, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct ConflictPage {
    /// The conflicts.
    pub conflicts: Vec<Conflict>,
    /// Where the list goes on; `None` if it ends here.
    pub next: Option<u64>,
}

/// What becomes of a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum ConflictChoice {
    /// The value that the row shows is the right one.
    Kept,
    /// The one that was written here is: it is written again, and sent.
    Lost,
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
