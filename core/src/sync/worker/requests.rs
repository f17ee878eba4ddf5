//! Requests: sent, answered, settled.

use std::sync::Arc;

use rusqlite::Transaction;
use steadfast_protocol::push::PushRequest;
use tokio::task::AbortHandle;

use crate::context::Elsewhere;
use crate::domain::id::Id;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::outbox::account::Epoch;
use crate::outbox::claim::Claimed;
use crate::outbox::commit::announce;
use crate::sync::classify::{Asked, HttpAnswer, Judged, NoAnswer, Said, judge, judge_silence};
use crate::sync::step::{Input, RequestId, Settlement};
use crate::sync::table::{self, Heard, Hearing};
use crate::telemetry::model::Operation;

use super::Worker;
use super::custody::{Claiming, Held};

/// A request on its way, or answered and not settled yet.
pub(super) struct Sent {
    under: Arc<Claiming>,
    asked: Asked,
    items: Vec<Id>,
    pub task: AbortHandle,
    began: Moment,
    said: Said,
}

impl Worker {
    pub(super) fn send(&mut self, request: RequestId, asked: Asked, items: Vec<Id>) {
        let first = items.first().and_then(|id| self.held.get(id)).map(|held| &held.under);
        let Some(under) = first.or(self.claiming.as_ref()).map(Arc::clone) else {
            return;
        };
        let push = PushRequest {
            device_id: self.context.database.device_id(),
            predecessor: under.predecessor,
            epoch: under.epoch,
            items: items
                .iter()
                .filter_map(|id| self.held.get(id))
                .map(|held| &held.claimed.item)
                .collect(),
        };
        let push = serde_json::to_vec(&push);
        let transport = self.server.as_ref().map(|server| Arc::clone(&server.transport));
        // The token of the account under which the items were claimed, whoever is signed in by now.
        let provided = self.wishes.token_of(&under.account_id);
        let answering = self.answering.clone();
        let task = tokio::spawn(async move {
            let answer = match (transport, provided) {
                (Some(transport), Some(provided)) => match asked {
                    Asked::Push => match push {
                        Ok(push) => transport.push(&provided.token, push).await,
                        Err(_) => Err(NoAnswer::Malformed),
                    },
                    Asked::Time => transport.time(&provided.token).await,
                },
                _ => Err(NoAnswer::Connection),
            };
            // The worker may have ended.
            drop(answering.send((request, answer)));
        });
        self.sent.insert(
            request,
            Sent {
                under,
                asked,
                items,
                task: task.abort_handle(),
                began: self.moment(),
                said: Said::Nothing,
            },
        );
    }

    pub(super) async fn answered(&mut self, request: RequestId, answer: Result<HttpAnswer, NoAnswer>) {
        let now = self.moment();
        let Some(sent) = self.sent.get_mut(&request) else {
            return;
        };
        let Judged { verdict, said, failure } = match answer {
            Ok(answer) => judge(sent.asked, &answer, now.wall_ms),
            Err(why) => judge_silence(why),
        };
        sent.said = said;
        let code = failure.as_ref().map(|failure| (failure.code.as_str(), true));
        let alerts = self.context.meter.count_as(Operation::Sync, &sent.began, &now, code);
        if let Some(failure) = &failure {
            tracing::debug!(
                code = failure.code,
                status = failure.http_status,
                items = sent.items.len(),
                "a request got nowhere"
            );
        }
        self.alert(alerts);
        self.feed(Input::Answered {
            request,
            verdict,
            failure,
        })
        .await;
        // Nothing is settled by it any more.
        self.sent.remove(&request);
    }

    pub(super) async fn settle(&mut self, request: RequestId) -> Result<Option<Input>> {
        self.settle_with(request, |tx, by, items, said| match said {
            Said::Results(reply) => table::settle(tx, by, items, reply),
            Said::Page(page) => Ok(nothing_settled(table::hear(tx, by, page.now, page.epoch)?, items)),
            Said::Error(error) => Ok(nothing_settled(table::hear(tx, by, error.now, error.epoch)?, items)),
            Said::Nothing => Ok(nothing_settled(None, items)),
        })
        .await
    }

    pub(super) async fn blame(&mut self, request: RequestId) -> Result<Option<Input>> {
        self.settle_with(request, |tx, by, items, said| match said {
            Said::Error(error) => table::blame(tx, by, items, (error.now, error.epoch), &error.error),
            _ => Ok(nothing_settled(None, items)),
        })
        .await
    }

    async fn settle_with(
        &mut self,
        request: RequestId,
        job: impl FnOnce(&Transaction<'_>, Hearing<'_>, &[Claimed], &Said) -> Result<Heard> + Send + 'static,
    ) -> Result<Option<Input>> {
        let Some(sent) = self.sent.remove(&request) else {
            return Ok(None);
        };
        let held: Vec<Held> = sent.items.iter().filter_map(|id| self.held.remove(id)).collect();
        let items: Arc<Vec<Claimed>> = Arc::new(held.into_iter().map(|held| held.claimed).collect());
        let (shared, under) = (Arc::clone(&items), Arc::clone(&sent.under));
        let (now, boot_id) = (self.moment(), self.context.boot_id.clone());
        let (projections, said) = (Arc::clone(&self.projections), sent.said);
        let heard = self
            .context
            .database
            .write_unwatched(move |tx| {
                let by = Hearing {
                    account_id: &under.account_id,
                    generation: under.generation,
                    now: &now,
                    boot_id: boot_id.as_deref(),
                    projections: &projections,
                };
                job(tx, by, &shared, &said)
            })
            .await;
        match heard {
            Ok(heard) => {
                for claimed in items
                    .iter()
                    .filter(|claimed| heard.settlement.left.contains(&claimed.item.id))
                {
                    let held = Held {
                        claimed: claimed.clone(),
                        under: Arc::clone(&sent.under),
                    };
                    self.held.insert(claimed.item.id, held);
                }
                if !heard.changed.is_empty() {
                    self.context.changed_elsewhere(Elsewhere::Changed);
                    announce(&self.context, &heard.changed);
                }
                Ok(Some(Input::Settled {
                    request,
                    settlement: heard.settlement,
                }))
            }
            Err(error) => {
                // The reply is lost as if it had not come; the server knows the items when they come again.
                self.owed.extend(items.iter().cloned());
                Err(error)
            }
        }
    }
}

fn nothing_settled(epoch: Option<Epoch>, items: &[Claimed]) -> Heard {
    Heard {
        settlement: Settlement::nothing(epoch, items.iter().map(|claimed| claimed.item.id).collect()),
        changed: Vec::new(),
    }
}
