//! `POST /v1/push` and the empty page of `GET /v1/changes` that tells a device the server's time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::entity::EntityKind;
use crate::operation::Operation;
use crate::stamp::Stamp;

/// What a device sends; the sender needs only references to the items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PushRequest<Item = PushItem> {
    /// The device that sends.
    pub device_id: Uuid,
    /// The device whose backup this one was restored from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predecessor: Option<Uuid>,
    /// The server epoch that the device knows.
    pub epoch: i64,
    /// In the order in which they are to be applied.
    pub items: Vec<Item>,
}

/// One operation, or a group: applied in one transaction, with one result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PushItem {
    /// Names the item: the operation's `op_id`, or the group's id.
    pub id: Uuid,
    /// SHA-256 of the operations as they were frozen, hexadecimal. The same `op_id` with another hash is a conflict.
    pub hash: String,
    /// One, or a group's members in local order.
    pub operations: Vec<Operation>,
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// It was applied now.
    Applied,
    /// It had been applied before; the effect is there once.
    Duplicate,
    /// A newer operation of this device on this root had been applied before.
    Superseded,
    /// It will never be applied as it is.
    Rejected,
    /// It may be applied later.
    Retry,
    /// The server knows this `op_id` with another hash.
    Conflict,
}

/// The result of one item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemResult {
    /// Which item.
    pub id: Uuid,
    /// What became of it.
    pub status: ItemStatus,
    /// Why, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Not before this many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
    /// The resulting fields of every row that the item touched.
    #[serde(default)]
    pub rows: Vec<ServerRow>,
}

/// A row, or some fields of it, as the server has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServerRow {
    /// Its kind.
    pub entity_kind: EntityKind,
    /// Its id.
    pub entity_id: Uuid,
    /// Fields by name, `alive` among them.
    pub fields: BTreeMap<String, ServerField>,
}

/// A field as the server has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServerField {
    /// Its value.
    pub value: Value,
    /// Its stamp.
    pub stamp: Stamp,
    /// The operation that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op_id: Option<Uuid>,
    /// The device that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<Uuid>,
    /// That device's number of the edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
}

/// The server's reply to a push whose epoch it shares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PushReply {
    /// The server's time, in milliseconds since 1970.
    pub now: i64,
    /// The server's epoch.
    pub epoch: i64,
    /// The results; an item without one is to be sent again.
    pub results: Vec<ItemResult>,
}

/// An error for the whole request, in our server's own words: what else answers (a proxy, a captive portal) has none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorReply {
    /// Why.
    pub error: ErrorBody,
    /// The server's time, in milliseconds since 1970.
    pub now: i64,
    /// The server's epoch.
    pub epoch: i64,
}

/// The error of a whole request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// By name: `token_expired`, `forbidden`, `epoch`, `too_large`, `invalid`, `client_too_old`, `rate_limited`, `unavailable`,
    /// `account_deleted`.
    pub code: String,
    /// In words.
    pub message: String,
}

/// A page of `GET /v1/changes?cursor&limit`; with `limit=0` it carries the time and the epoch alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangesPage {
    /// The server's time, in milliseconds since 1970.
    pub now: i64,
    /// The server's epoch.
    pub epoch: i64,
    /// The changed rows.
    pub rows: Vec<ServerRow>,
    /// Where the next page begins.
    pub next_cursor: i64,
    /// True if there is a next page.
    pub has_more: bool,
}
