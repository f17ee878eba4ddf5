//! Does what the engine says: reads and writes through the database's own threads, sends through the transport, sleeps.
//!
//! One task, so that effects happen in the engine's order. It holds what the engine only names: claims, replies, tokens.

mod custody;
mod errands;
mod requests;

use std::collections::{HashMap, HashSet, VecDeque};
use std::future::pending;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::sleep;

use crate::context::Context;
use crate::domain::account::{AccountId, LOCAL_ACCOUNT};
use crate::domain::id::Id;
use crate::domain::time::Moment;
use crate::event::Event;
use crate::outbox::api::Projections;
use crate::outbox::claim::Claimed;
use crate::telemetry::model::Alert;

use super::classify::{Asked, HttpAnswer, NoAnswer};
use super::engine::Engine;
use super::status::{self, Status};
use super::step::{Effect, Input, Now, RequestId};
use super::wishes::{Server, Wanted, Wishes};
use custody::{Claiming, Held};
use errands::Running;
use requests::Sent;

type Answer = (RequestId, Result<HttpAnswer, NoAnswer>);

/// The task.
pub(super) struct Worker {
    context: Arc<Context>,
    projections: Projections,
    open_epoch: i64,
    wishes: Arc<Wishes>,
    status: Arc<Status>,
    engine: Engine,
    /// What the engine was told of last.
    told: Wanted,
    server: Option<Server>,
    account_id: AccountId,
    token_serial: u64,
    /// Accounts for which this process has sent before.
    arrived: HashSet<AccountId>,
    claiming: Option<Arc<Claiming>>,
    held: HashMap<Id, Held>,
    /// Claims that the storage would not take back yet.
    owed: Vec<Claimed>,
    sent: HashMap<RequestId, Sent>,
    answers: UnboundedReceiver<Answer>,
    answering: UnboundedSender<Answer>,
    runs: Vec<Running>,
}

impl Worker {
    pub(super) fn new(
        context: Arc<Context>,
        projections: Projections,
        open_epoch: i64,
        wishes: Arc<Wishes>,
        status: Arc<Status>,
    ) -> Self {
        let (answering, answers) = unbounded_channel();
        let engine = Engine::default();
        let told = Wanted {
            is_running: false,
            starts: 0,
            is_suspended: false,
            is_ended: false,
            server: None,
            ..wishes.wanted()
        };
        Self {
            context,
            projections,
            open_epoch,
            wishes,
            status,
            engine,
            told,
            server: None,
            account_id: LOCAL_ACCOUNT.to_owned(),
            token_serial: 0,
            arrived: HashSet::new(),
            claiming: None,
            held: HashMap::new(),
            owed: Vec::new(),
            sent: HashMap::new(),
            answers,
            answering,
            runs: Vec::new(),
        }
    }

    /// Works until it is ended.
    pub(super) async fn run(mut self) {
        self.feed(Input::Link(self.told.link)).await;
        loop {
            let acks = self.wishes.take_acks();
            self.hear_wishes().await;
            let ended = self.end_runs().await;
            self.raise_status();
            // Only now: whoever waited may look at the status next.
            for (done, outcome) in ended {
                // Nobody may be waiting any more.
                drop(done.send(outcome));
            }
            let is_ended = self.told.is_ended;
            if !is_ended {
                acknowledge(acks);
                self.wait().await;
                continue;
            }
            // Whoever waits for the end may open the folder again at once.
            drop(self);
            acknowledge(acks);
            return;
        }
    }

    /// Sleeps until something happens; with nothing to wait for, for ever.
    async fn wait(&mut self) {
        let now = self.now();
        let wait_ms = self.engine.wake_at().map(|at| at.saturating_sub(now.mono_ms).max(0));
        let time = async {
            match wait_ms {
                // It may stand still while the device sleeps. Whatever wakes the app has the clock read again.
                Some(ms) => sleep(Duration::from_millis(ms.unsigned_abs())).await,
                None => pending().await,
            }
        };
        tokio::select! {
            () = self.wishes.rung() => {}
            Some((request, answer)) = self.answers.recv() => self.answered(request, answer).await,
            () = time => self.feed(Input::TimeReached).await,
        }
    }

    fn moment(&self) -> Moment {
        self.context.now()
    }

    fn now(&self) -> Now {
        let moment = self.moment();
        Now {
            wall_ms: moment.wall_ms,
            mono_ms: moment.elapsed_ms.unwrap_or(moment.wall_ms),
        }
    }

    /// Tells the engine something, and does what it says until it says no more.
    async fn feed(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let mut random = [0; 8];
            self.context.randomness.fill(&mut random);
            let now = self.now();
            for effect in self.engine.take(input, now, u64::from_le_bytes(random)) {
                inputs.extend(self.perform(effect).await);
            }
        }
    }

    fn alert(&self, alerts: Vec<Alert>) {
        for alert in alerts {
            self.context.events.send(Event::Alert { alert });
        }
    }

    fn raise_status(&self) {
        let now = self.now();
        if let Some(status) = self.status.set(status::told(self.engine.view(now), now)) {
            self.alert(self.context.meter.look_at_dead(status.dead));
            self.context.events.send(Event::Sync { status });
        }
    }

    /// Does what the engine says; the result is what it waits for, if it waits for something.
    async fn perform(&mut self, effect: Effect) -> Option<Input> {
        let outcome = match effect {
            Effect::Look { due, background } => self.look(due, background).await,
            Effect::Claim { limit, background } => self.claim(limit, background).await,
            Effect::Settle { request } => self.settle(request).await,
            Effect::Blame { request } => self.blame(request).await,
            Effect::Release { items, wait_ms } => self.release(&items, wait_ms).await.map(|()| None),
            Effect::Pause(reason) => self.pause(reason).await.map(|()| None),
            Effect::HearTime { request } => {
                self.send(request, Asked::Time, Vec::new());
                Ok(None)
            }
            Effect::Push { request, items } => {
                self.send(request, Asked::Push, items);
                Ok(None)
            }
            Effect::Abort { request } => {
                if let Some(sent) = self.sent.remove(&request) {
                    sent.task.abort();
                }
                Ok(None)
            }
            Effect::AskForToken => {
                let account_id = self.account_id.clone();
                self.context.events.send(Event::NeedsToken { account_id });
                Ok(None)
            }
            Effect::CleanUp => {
                self.clean_up().await;
                Ok(None)
            }
            Effect::Rest => {
                if let Some(server) = &self.server {
                    server.transport.rest();
                }
                Ok(None)
            }
        };
        outcome.unwrap_or_else(|error| {
            tracing::debug!(code = error.code_name(), "the storage refuses; sync waits");
            Some(Input::StorageFailed)
        })
    }
}

#[cfg(test)]
mod tests;

fn acknowledge(acks: Vec<mpsc::Sender<()>>) {
    for ack in acks {
        // Whoever waited may have lost patience.
        let _ = ack.send(());
    }
}
