//! What the model is made of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use steadfast_protocol::entity::EntityKind;
use steadfast_protocol::operation::FieldEdit;
use steadfast_protocol::stamp::Stamp;

use crate::outbox::layers::EntityKey;
use crate::outbox::model::{OutboxStatus, Priority, Root};
use crate::outbox::rows::Fields;

/// The accounts of the phone, by index.
pub const ACCOUNTS: [&str; 2] = ["ann", "ben"];

/// A row of an account.
pub type Row = (usize, EntityKey);

/// One acknowledged edit of one field. Its place in the model's list is its local order; its number is bound when it is first seen.
#[derive(Clone, Debug)]
pub struct Ack {
    pub row: Row,
    pub field: String,
    pub edit: FieldEdit,
}

/// One row's part of an item.
#[derive(Clone, Debug)]
pub struct Member {
    pub root: Root,
    pub entity: EntityKey,
    /// The edits by field, as places in the list of edits.
    pub fields: BTreeMap<String, usize>,
    pub root_base: Option<Stamp>,
    pub is_new: bool,
    pub priority: Priority,
    pub not_before: Option<i64>,
    pub at: BTreeMap<String, i64>,
}

impl Member {
    pub fn last(&self) -> usize {
        self.fields.values().copied().max().unwrap_or(0)
    }
}

/// An event, or a group of them, that is not closed.
#[derive(Clone, Debug)]
pub struct Item {
    pub account: usize,
    pub members: Vec<Member>,
    pub grouped: bool,
    pub status: OutboxStatus,
    pub joinable: bool,
    pub open_epoch: i64,
    pub claim: u32,
    pub attempt: u32,
    pub crashes: u32,
    pub created: i64,
    pub last_attempt: Option<i64>,
    /// The places of its members in the queue, once seen.
    pub seqs: Vec<i64>,
}

impl Item {
    pub fn roots(&self) -> BTreeSet<Root> {
        self.members.iter().map(|member| member.root).collect()
    }

    pub fn max_attempts(&self) -> u32 {
        let of = |member: &Member| {
            if member.entity.0 == EntityKind::ProgramSession {
                4
            } else {
                5
            }
        };
        self.members.iter().map(of).min().unwrap_or(5)
    }

    pub fn is(&self, seqs: &[i64]) -> bool {
        self.seqs == seqs
    }
}

/// The server's word on a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub value: Value,
    pub stamp: Stamp,
    pub confirmed: i64,
}

/// What the account's server said of itself.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    pub epoch: Option<i64>,
    pub server_ms: Option<i64>,
    pub mono_ms: i64,
    pub boot: Option<String>,
}

/// The device's clocks and boot.
#[derive(Clone, Debug)]
pub struct Now {
    pub wall_ms: i64,
    pub mono_ms: i64,
    pub boot: Option<String>,
}

/// A visible row.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub alive: bool,
    pub fields: Fields,
    pub version: i64,
    pub last_modified: i64,
}

/// Whether a claim may happen at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    Open,
    NeedsServerTime,
    NeedsSnapshot,
}
