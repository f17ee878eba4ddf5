//! The calls on the outbox and on accounts.

use pollster::block_on;
use serde::Deserialize;
use steadfast_core::accounts::model::{LocalData, SignOut};
use steadfast_core::domain::id::Id;
use steadfast_core::outbox::model::{OutboxQuery, OutboxStatus};

use super::actor::{Actor, Outcome, seen};
use super::room_arguments::Name;
use super::seen::Seen;

/// The verbs of the room.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum OutboxVerb {
    OutboxStatistics {},
    OutboxEvents {
        #[serde(default)]
        query: Events,
    },
    OutboxStale {},
    OutboxRetry {
        events: Vec<EventRef>,
    },
    OutboxDiscard {
        events: Vec<EventRef>,
    },
    SignIn {
        account_id: String,
        local_data: Name<LocalData>,
    },
    SignOut {
        queue: Name<SignOut>,
    },
    AccountId {},
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    status: Option<OutboxStatus>,
    limit: Option<u32>,
    after: Option<Vec<EventRef>>,
}

impl Events {
    pub fn query(&self) -> OutboxQuery {
        OutboxQuery {
            status: self.status,
            limit: self.limit.unwrap_or(OutboxQuery::default().limit),
            after: self
                .after
                .as_ref()
                .and_then(|page| page.last())
                .and_then(|event| event.seq),
        }
    }
}

/// An event as `outbox_events` gave it.
#[derive(Deserialize)]
pub struct EventRef {
    pub op_id: Id,
    seq: Option<u64>,
}

impl Actor {
    pub(super) fn queue(&self, verb: OutboxVerb) -> Outcome {
        let client = self.client()?;
        let outbox = client.outbox();
        Ok(match verb {
            OutboxVerb::OutboxStatistics {} => block_on(outbox.statistics()).map(seen),
            OutboxVerb::OutboxEvents { query } => block_on(outbox.events(query.query())).map(|page| seen(page.events)),
            OutboxVerb::OutboxStale {} => block_on(outbox.stale()).map(seen),
            OutboxVerb::OutboxRetry { events } => block_on(outbox.retry(op_ids(&events))).map(seen),
            OutboxVerb::OutboxDiscard { events } => block_on(outbox.discard(op_ids(&events))).map(seen),
            OutboxVerb::SignIn { account_id, local_data } => {
                block_on(client.sign_in(account_id, local_data.0)).map(seen)
            }
            OutboxVerb::SignOut { queue } => block_on(client.sign_out(queue.0)).map(seen),
            OutboxVerb::AccountId {} => Ok(client.account_id().seen()),
        })
    }
}

fn op_ids(events: &[EventRef]) -> Vec<Id> {
    events.iter().map(|event| event.op_id).collect()
}
