//! The exported object `Outbox`: what the server has yet to hear, and what it refused.

use std::sync::Arc;

use crate::context::{Context, Elsewhere};
use crate::domain::id::Id;
use crate::domain::page::check_limit;
use crate::error::Result;

use super::commit::announce;
use super::model::{OutboxEvent, OutboxPage, OutboxQuery, OutboxStatistics};
use super::rows::Projection;
use super::{table, upkeep};

/// Says that the queue may have something to send.
pub type Nudge = Arc<dyn Fn() + Send + Sync>;

/// How the rows of every kind are shown.
pub type Projections = Arc<[&'static dyn Projection]>;

/// The changes of the signed-in account that the server has yet to hear of, and those that it has heard of, for a month.
#[derive(uniffi::Object)]
pub struct Outbox {
    context: Arc<Context>,
    projections: Projections,
    nudge: Nudge,
}

impl Outbox {
    /// The room of a client; `nudge` wakes whoever sends.
    #[must_use]
    pub fn new(context: Arc<Context>, projections: Projections, nudge: Nudge) -> Self {
        Self {
            context,
            projections,
            nudge,
        }
    }
}

#[uniffi::export]
impl Outbox {
    /// How many events stand where.
    ///
    /// # Errors
    /// A storage error.
    pub async fn statistics(&self) -> Result<OutboxStatistics> {
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| table::statistics(connection, &account_id))
            .await
    }

    /// A page of events, oldest first.
    ///
    /// # Errors
    /// `invalid_argument` for a limit that is none; a storage error.
    pub async fn events(&self, query: OutboxQuery) -> Result<OutboxPage> {
        check_limit(query.limit)?;
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| upkeep::events(connection, &account_id, &query))
            .await
    }

    /// Open events that should have been sent and were not attempted for five minutes. What waits behind another change of its row is not
    /// among them: that one is, or it is dead, which `events` lists by its status.
    ///
    /// # Errors
    /// A storage error.
    pub async fn stale(&self) -> Result<Vec<OutboxEvent>> {
        let (account_id, now_ms) = (self.context.account_id(), self.context.now().wall_ms);
        self.context
            .database
            .read(move |connection| upkeep::stale(connection, &account_id, now_ms))
            .await
    }

    /// Sends events again, by their `op_id`: dead and failed ones at once and with all their attempts, one in flight only if it is stale.
    /// Whatever belongs to a group goes with it. Returns how many events that is.
    ///
    /// # Errors
    /// A storage error.
    pub async fn retry(&self, op_ids: Vec<Id>) -> Result<u64> {
        let (account_id, now_ms) = (self.context.account_id(), self.context.now().wall_ms);
        let count = self
            .context
            .database
            .write(move |tx| upkeep::retry(tx, &account_id, &op_ids, now_ms))
            .await?;
        (self.nudge)();
        Ok(count)
    }

    /// Gives events up, by their `op_id`: the server never hears of them, and the data looks as if they had not been made. What is in
    /// flight stays. Whatever belongs to a group goes with it, and so do later changes of a row that the server never had. Returns how many events that is; they stay in the outbox as `discarded`.
    ///
    /// # Errors
    /// `only_copy` if a recorded workout would be lost with it; a storage error. Nothing was changed then.
    pub async fn discard(&self, op_ids: Vec<Id>) -> Result<u64> {
        let (account_id, now_ms) = (self.context.account_id(), self.context.now().wall_ms);
        let projections = Arc::clone(&self.projections);
        let discarded = self
            .context
            .database
            .write(move |tx| upkeep::discard(tx, &projections, &account_id, &op_ids, now_ms))
            .await?;
        self.context.changed_elsewhere(Elsewhere::Changed);
        announce(&self.context, &discarded.changed);
        // What waited behind it may go now.
        (self.nudge)();
        Ok(discarded.count)
    }
}
