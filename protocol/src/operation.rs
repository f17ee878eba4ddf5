//! One change of one row, as the outbox keeps it and the wire carries it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use crate::entity::EntityKind;
use crate::stamp::Stamp;

/// What is done to the row. A deletion is an operation of its own and never merges with an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// Fields are written; the row is made where it is missing.
    Upsert,
    /// The row is deleted: its field `alive` becomes false.
    Delete,
}

impl OperationKind {
    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Upsert, Self::Delete]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// The name in SQL and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Upsert => "upsert",
            Self::Delete => "delete",
        }
    }
}

/// A field's new value with the circumstances of its edit, from which the server makes the stamp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldEdit {
    /// The new value; null unsets it.
    pub value: Value,
    /// The device's sequence number of this edit; rises with every edit that the device makes.
    pub number: u64,
    /// The stamp of the value that the edit was made on; `None` if the server never said one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Stamp>,
    /// The boot in which `mono_ms` counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boot_id: Option<String>,
    /// When the edit was made, by the clock that counts sleep, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mono_ms: Option<i64>,
    /// When the edit was made, by the wall clock, in milliseconds since 1970.
    pub wall_ms: i64,
    /// The newest server time heard by then, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard: Option<i64>,
    /// The server's time at the edit; set when the operation is claimed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
}

/// The edited fields by name. A map with sorted keys, so that equal operations have equal bytes.
pub type FieldEdits = BTreeMap<String, FieldEdit>;

/// One change of one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// Names the operation for ever: the server applies it once.
    pub op_id: Uuid,
    /// The kind of the row that orders this operation (a child's parent, else the row itself).
    pub root_kind: EntityKind,
    /// The id of that row.
    pub root_id: Uuid,
    /// The kind of the changed row.
    pub entity_kind: EntityKind,
    /// The id of the changed row.
    pub entity_id: Uuid,
    /// What is done.
    pub operation: OperationKind,
    /// The edited fields.
    pub fields: FieldEdits,
    /// For a child: the stamp of its root's `alive` at the edit. Writing a child brings its root back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_base: Option<Stamp>,
    /// The version of the field table that wrote it; payloads in the queue are never rewritten.
    pub schema_version: u32,
}
