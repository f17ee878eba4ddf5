//! What is claimed, and what the storage does about it.

use std::sync::Arc;

use serde_json::Value;
use steadfast_protocol::operation::{FieldEdit, Operation};

use crate::accounts::table as accounts;
use crate::domain::account::AccountId;
use crate::domain::id::Id;
use crate::error::Result;
use crate::outbox::account::{self, PauseReason};
use crate::outbox::claim::{Claimant, Claimed, Claims};
use crate::sync::batch::ClaimedItem;
use crate::sync::step::{Claimable, Input};
use crate::sync::table;

use super::Worker;

/// For whom something was claimed, and under which circumstances.
pub(super) struct Claiming {
    pub account_id: AccountId,
    pub generation: i64,
    pub epoch: i64,
    pub predecessor: Option<Id>,
}

/// An item that is claimed.
pub(super) struct Held {
    pub claimed: Claimed,
    pub under: Arc<Claiming>,
}

impl Worker {
    pub(super) async fn look(&mut self, due: bool, background: bool) -> Result<Option<Input>> {
        self.pay_back().await?;
        let (account_id, now_ms) = (self.account_id.clone(), self.moment().wall_ms);
        let glance = self
            .context
            .database
            .read(move |connection| table::look(connection, &account_id, now_ms, due, background))
            .await?;
        Ok(Some(Input::Looked(glance)))
    }

    pub(super) async fn claim(&mut self, limit: usize, background: bool) -> Result<Option<Input>> {
        self.pay_back().await?;
        let (account_id, now) = (self.account_id.clone(), self.moment());
        let (boot_id, open_epoch) = (self.context.boot_id.clone(), self.open_epoch);
        let taken = self
            .context
            .database
            .write_unwatched(move |tx| {
                let claimant = Claimant {
                    account_id: &account_id,
                    now: &now,
                    boot_id: boot_id.as_deref(),
                    open_epoch,
                    limit,
                    background,
                };
                // Whoever has just signed out has the last word, although the news is still on its way here.
                if accounts::current(tx)? == account_id {
                    table::take(tx, &claimant).map(Some)
                } else {
                    Ok(None)
                }
            })
            .await?;
        let Some(taken) = taken else {
            return Ok(Some(Input::Claimed(Claimable::Items(Vec::new()))));
        };
        self.claiming = Some(Arc::new(Claiming {
            account_id: self.account_id.clone(),
            generation: taken.generation,
            epoch: taken.epoch,
            predecessor: taken.predecessor,
        }));
        Ok(Some(Input::Claimed(match (taken.pause, taken.claims) {
            (Some(reason), _) => Claimable::Paused(reason),
            (None, Claims::NeedsServerTime) => Claimable::NeedsServerTime,
            (None, Claims::NeedsSnapshot) => Claimable::NeedsSnapshot,
            (None, Claims::Items(items)) => Claimable::Items(self.hold(items)),
        })))
    }

    fn hold(&mut self, items: Vec<Claimed>) -> Vec<ClaimedItem> {
        let Some(under) = &self.claiming else { return Vec::new() };
        let mut claimed_items = Vec::with_capacity(items.len());
        for claimed in items {
            claimed_items.push(ClaimedItem {
                id: claimed.item.id,
                bytes: bytes(&claimed),
                alone: claimed.alone,
            });
            let held = Held {
                claimed,
                under: Arc::clone(under),
            };
            self.held.insert(held.claimed.item.id, held);
        }
        claimed_items
    }

    pub(super) async fn release(&mut self, items: &[Id], wait_ms: Option<i64>) -> Result<()> {
        let claims: Vec<Claimed> = items
            .iter()
            .filter_map(|id| self.held.remove(id))
            .map(|held| held.claimed)
            .collect();
        let until_ms = wait_ms.map(|wait| self.moment().wall_ms.saturating_add(wait));
        self.give_back(claims, until_ms).await
    }

    /// Gives back what the storage would not take before.
    async fn pay_back(&mut self) -> Result<()> {
        let owed = std::mem::take(&mut self.owed);
        self.give_back(owed, None).await
    }

    async fn give_back(&mut self, claims: Vec<Claimed>, until_ms: Option<i64>) -> Result<()> {
        if claims.is_empty() {
            return Ok(());
        }
        let claims = Arc::new(claims);
        let shared = Arc::clone(&claims);
        let released = self
            .context
            .database
            .write_unwatched(move |tx| table::release(tx, &shared, until_ms))
            .await;
        if released.is_err() {
            self.owed.extend(claims.iter().cloned());
        }
        released
    }

    pub(super) async fn pause(&self, reason: Option<PauseReason>) -> Result<()> {
        let account_id = self.account_id.clone();
        self.context
            .database
            .write_unwatched(move |tx| account::set_paused(tx, &account_id, reason))
            .await
    }

    pub(super) async fn clean_up(&self) {
        let now_ms = self.moment().wall_ms;
        let deleted = self
            .context
            .database
            .write_unwatched(move |tx| table::clean_up(tx, now_ms))
            .await;
        match deleted {
            Ok(0) => {}
            Ok(count) => tracing::debug!(count, "closed events were deleted"),
            // It is made up for in an hour.
            Err(error) => tracing::debug!(code = error.code_name(), "the clean-up failed"),
        }
    }
}

/// Roughly what an item takes in a request: values, and the circumstances of each field.
fn bytes(claimed: &Claimed) -> usize {
    let of_value = |value: &Value| match value {
        Value::String(text) => text.len(),
        Value::Array(_) | Value::Object(_) => value.to_string().len(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 20,
    };
    let of_field = |(name, edit): (&String, &FieldEdit)| 200 + name.len() + of_value(&edit.value);
    let of_operation = |operation: &Operation| 300 + operation.fields.iter().map(of_field).sum::<usize>();
    100 + claimed.item.operations.iter().map(of_operation).sum::<usize>()
}
