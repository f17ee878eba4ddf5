//! What the app wants: heard, done, answered.

use std::sync::atomic::Ordering;

use tokio::sync::oneshot;

use crate::domain::account::{AccountId, LOCAL_ACCOUNT};
use crate::error::Result;
use crate::outbox::account::{self, PauseReason};
use crate::sync::engine::Totals;
use crate::sync::link::Link;
use crate::sync::model::{Connectivity, SyncEnd, SyncOutcome};
use crate::sync::status::next_attempt_at;
use crate::sync::step::{Arrival, Input};
use crate::sync::table;
use crate::sync::wishes::{Run, Wanted};

use super::Worker;

/// A call of `sync_once` that is under way.
pub(super) struct Running {
    run: Run,
    until_ms: i64,
    before: Totals,
}

impl Worker {
    /// Tells the engine what the app wants, where that is news, and whose data it is.
    pub(super) async fn hear_wishes(&mut self) {
        let wanted = self.wishes.wanted();
        if let Some(server) = &wanted.server
            && self.server.as_ref().is_none_or(|known| known.serial != server.serial)
        {
            self.server = Some(server.clone());
            self.feed(Input::Configured(server.limits)).await;
        }
        self.hear_link(&wanted).await;
        self.hear_account().await;
        if wanted.is_suspended != self.told.is_suspended || wanted.is_ended {
            let stops = wanted.is_suspended || wanted.is_ended;
            self.feed(if stops { Input::Suspend } else { Input::Resume }).await;
        }
        if wanted.is_running && wanted.starts != self.told.starts {
            self.feed(Input::Start).await;
        } else if !wanted.is_running && self.told.is_running {
            self.feed(Input::Stop).await;
        }
        self.told = wanted;
        for run in self.wishes.take_runs() {
            self.begin_run(run).await;
        }
        if self.wishes.take_written() {
            self.feed(Input::Nudged).await;
        }
    }

    async fn hear_link(&mut self, wanted: &Wanted) {
        let told = self.told.link;
        let went_and_came =
            wanted.connections != self.told.connections && wanted.link.connectivity == told.connectivity;
        if went_and_came {
            let connectivity = Connectivity::Offline;
            self.feed(Input::Link(Link { connectivity, ..told })).await;
        }
        if went_and_came || wanted.link != told {
            self.feed(Input::Link(wanted.link)).await;
        }
    }

    async fn hear_account(&mut self) {
        let account_id = self.context.account_id();
        let provided = self.wishes.token_of(&account_id);
        let serial = provided.as_ref().map_or(0, |provided| provided.serial);
        let expires_at_ms = provided.as_ref().and_then(|provided| provided.expires_at_ms);
        if account_id != self.account_id {
            let arrival = if account_id == LOCAL_ACCOUNT {
                None
            } else {
                match self.arrive(account_id.clone()).await {
                    Ok(pause) => Some(Arrival {
                        pause,
                        has_token: provided.is_some(),
                        expires_at_ms,
                    }),
                    Err(error) => {
                        // Suspended or full. Whoever was signed in before is not any more, and after the storage's wait it is asked again.
                        tracing::debug!(code = error.code_name(), "the account could not be looked up");
                        LOCAL_ACCOUNT.clone_into(&mut self.account_id);
                        self.feed(Input::Account(None)).await;
                        self.feed(Input::StorageFailed).await;
                        return;
                    }
                }
            };
            self.account_id = account_id;
            self.token_serial = serial;
            self.feed(Input::Account(arrival)).await;
        } else if serial != self.token_serial {
            self.token_serial = serial;
            self.feed(Input::Token { expires_at_ms }).await;
        }
    }

    async fn arrive(&mut self, account_id: AccountId) -> Result<Option<PauseReason>> {
        let database = &self.context.database;
        let name = account_id.clone();
        if self.arrived.contains(&account_id) {
            return database
                .read(move |connection| account::paused(connection, &name))
                .await;
        }
        let pause = database.write_unwatched(move |tx| table::arrive(tx, &name)).await?;
        self.arrived.insert(account_id);
        Ok(pause)
    }

    async fn begin_run(&mut self, run: Run) {
        let now = self.now();
        let until_ms = now.mono_ms.saturating_add(run.deadline_ms);
        self.runs.push(Running {
            run,
            until_ms,
            before: self.engine.totals(),
        });
        self.feed(Input::Once { until_ms }).await;
    }

    /// Answers the runs that are over.
    pub(super) async fn end_runs(&mut self) -> Vec<(oneshot::Sender<SyncOutcome>, SyncOutcome)> {
        let now = self.now();
        let view = self.engine.view(now);
        let totals = self.engine.totals();
        let is_ended = self.told.is_ended;
        let mut ended = Vec::new();
        for running in std::mem::take(&mut self.runs) {
            let is_cancelled = running.run.is_cancelled.load(Ordering::SeqCst);
            let end = if is_ended || is_cancelled {
                Some(SyncEnd::Cancelled)
            } else {
                self.engine.end_of_run(now, running.until_ms)
            };
            let Some(stopped_by) = end else {
                self.runs.push(running);
                continue;
            };
            let before = running.before;
            let outcome = SyncOutcome {
                sent: totals.sent - before.sent,
                taken: totals.taken - before.taken,
                failed: totals.failed - before.failed,
                dead: totals.dead - before.dead,
                remaining: view.pending,
                next_attempt_at: next_attempt_at(&view, now),
                stopped_by,
                paused: view.paused,
                last_error: view.last_failure.clone(),
            };
            ended.push((running.run.done, outcome));
        }
        if !ended.is_empty() && self.runs.is_empty() {
            self.feed(Input::OnceOver).await;
        }
        ended
    }
}
