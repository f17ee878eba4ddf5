//! What the invariants are told of a step, what is remembered over the steps, and how a violation is said.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use steadfast_protocol::operation::FieldEdit;
use steadfast_protocol::push::{ItemResult, ItemStatus, PushItem};

use crate::domain::id::Id;
use crate::error::SteadfastError;
use crate::outbox::claim::Claimed;

use super::mirror::Mirror;
use super::server::Server;
use super::words::Row;

/// Which invariant does not hold, and where it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub invariant: &'static str,
    pub detail: String,
}

impl Violation {
    pub fn new(invariant: &'static str, detail: String) -> Self {
        Self { invariant, detail }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "invariant {}: {}", self.invariant, self.detail)
    }
}

pub(super) type Check = Result<(), Violation>;

pub(super) fn must(holds: bool, invariant: &'static str, detail: impl FnOnce() -> String) -> Check {
    if holds {
        Ok(())
    } else {
        Err(Violation::new(invariant, detail()))
    }
}

/// What kind of step was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Edit,
    Claim,
    Release,
    Settle(ItemStatus),
    Open,
    Retry,
    Discard,
    CleanUp,
    Close,
    Page,
    Idle,
}

/// A step, as far as the invariants look at it.
#[derive(Clone, Debug)]
pub struct Done {
    pub what: What,
    pub ok: bool,
    /// False if the claim of a reply or a release is not the present one: nothing may change.
    pub accepted: bool,
    /// The edits that were acknowledged.
    pub acks: Vec<usize>,
    pub touched: BTreeSet<Row>,
    /// Rows that look different now and that the call did not name.
    pub unannounced: Vec<Row>,
    pub discarded: BTreeSet<i64>,
    pub reported: u64,
}

impl Done {
    pub fn of(what: What, ok: bool) -> Self {
        Self {
            what,
            ok,
            accepted: true,
            acks: Vec::new(),
            touched: BTreeSet::new(),
            unannounced: Vec::new(),
            discarded: BTreeSet::new(),
            reported: 0,
        }
    }

    pub fn idle() -> Self {
        Self::of(What::Idle, true)
    }

    pub fn touching(self, touched: BTreeSet<Row>) -> Self {
        Self { touched, ..self }
    }
}

/// What is remembered over the steps.
#[derive(Default)]
pub struct Watch {
    pub(super) steps: u64,
    pub(super) highest: u64,
    pub(super) by_number: BTreeMap<u64, usize>,
    pub(super) sent: BTreeMap<Id, PushItem>,
    pub(super) claims: BTreeSet<(i64, u32)>,
    pub(super) found: Option<Violation>,
}

impl Watch {
    /// A call failed for which nothing was made to fail.
    pub fn failed(&mut self, error: &SteadfastError) {
        self.found = Some(Violation::new("model", format!("failed without a reason: {error}")));
    }

    /// The server was given an item: what is still queued here is never too late there.
    pub fn served(
        &mut self,
        mirror: &Mirror,
        account: usize,
        claimed: &Claimed,
        result: Option<&ItemResult>,
        server: &Server,
    ) {
        for operation in &claimed.item.operations {
            let is_open = mirror
                .values()
                .any(|event| event.account == account && event.op_id == operation.op_id);
            let is_superseded = result.is_some_and(|result| result.status == ItemStatus::Superseded);
            let unseen = |edit: &FieldEdit| !server.processed.contains(&edit.number) && edit.number > 0;
            if is_open && is_superseded && operation.fields.values().all(unseen) {
                let detail = format!("{} was overtaken by a later operation of its root", operation.op_id);
                self.found = Some(Violation::new("5", detail));
            }
        }
        if server.applied.values().any(|times| *times > 1) {
            self.found = Some(Violation::new(
                "3",
                format!("applied more than once: {:?}", server.applied),
            ));
        }
    }
}
