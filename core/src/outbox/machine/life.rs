//! Clocks, kills, what is done by hand, and the end of a run.

use std::collections::BTreeSet;

use steadfast_protocol::push::ServerRow;

use crate::domain::id::Id;
use crate::outbox::model::OutboxStatus;
use crate::outbox::upkeep;

use super::invariants::check;
use super::likeness::check_drained;
use super::mirror;
use super::random::Rng;
use super::watch::{Done, Violation, What};
use super::words::ACCOUNTS;
use super::world::{Ending, Message, World, YEAR_MS};

impl World {
    pub(super) fn open_again(&mut self, rng: &mut Rng, reboots: bool) -> Done {
        if reboots {
            self.boot += 1;
            self.booted_at = self.true_ms - 500;
            self.wall_off += rng.pick(&[0, 0, -YEAR_MS, YEAR_MS]);
        }
        self.in_flight.clear();
        let opened = self.write(Ending::Commit, |tx, kernel| kernel.begin_opening(tx));
        self.tell(|| format!("the process is killed, reboot {reboots}; opens as {opened:?}"));
        self.model.open_store();
        Done::of(What::Open, opened.is_ok())
    }

    pub(super) fn jump(&mut self, rng: &mut Rng) -> Done {
        self.wall_off += rng.pick(&[YEAR_MS, -YEAR_MS, 600_000, -600_000, -1, 1]);
        self.tell(|| "the wall clock jumps".to_owned());
        Done::idle()
    }

    pub(super) fn wait(&mut self, rng: &mut Rng) -> Done {
        self.true_ms += rng.pick(&[1, 1, 20, 600, 2_000, 31_000, 600_000, 7_200_000]);
        Done::idle()
    }

    pub(super) fn some_op_ids(
        &self,
        account: usize,
        status: &[OutboxStatus],
        rng: &mut Rng,
    ) -> (Vec<Id>, BTreeSet<i64>) {
        let of = |event: &&mirror::Event| event.account == account && status.contains(&event.status);
        let candidates: Vec<(i64, Id)> = self
            .mirror
            .iter()
            .filter(|(_, event)| of(event))
            .map(|(seq, event)| (*seq, event.op_id))
            .collect();
        if candidates.is_empty() {
            return Default::default();
        }
        let chosen: Vec<(i64, Id)> = (0..=rng.below(2)).map(|_| rng.pick(&candidates)).collect();
        (
            chosen.iter().map(|(_, op)| *op).collect(),
            chosen.iter().map(|(seq, _)| *seq).collect(),
        )
    }

    pub(super) fn retry(&mut self, account: usize, rng: &mut Rng) -> Done {
        let which = [
            OutboxStatus::Dead,
            OutboxStatus::Failed,
            OutboxStatus::Processing,
            OutboxStatus::Pending,
        ];
        let which = if rng.chance(60) { &which[..1] } else { &which[..] };
        let (op_ids, seqs) = self.some_op_ids(account, which, rng);
        let (ending, now_ms) = (self.ending(rng), self.now().wall_ms);
        let outcome = self.write(ending, move |tx, _| {
            upkeep::retry(tx, ACCOUNTS[account], &op_ids, now_ms)
        });
        self.tell(|| format!("{} retries {seqs:?}: {outcome:?}", ACCOUNTS[account]));
        if outcome.is_ok() {
            self.model.retry(account, &seqs, now_ms);
        }
        Done::of(What::Retry, outcome.is_ok())
    }

    pub(super) fn discard(&mut self, account: usize, rng: &mut Rng) -> Done {
        let which = [
            OutboxStatus::Dead,
            OutboxStatus::Failed,
            OutboxStatus::Processing,
            OutboxStatus::Pending,
        ];
        let which = if rng.chance(70) { &which[..1] } else { &which[..] };
        let (op_ids, seqs) = self.some_op_ids(account, which, rng);
        let (ending, now_ms) = (self.ending(rng), self.now().wall_ms);
        let outcome = self.write(ending, move |tx, kernel| {
            kernel.discard(tx, ACCOUNTS[account], &op_ids, now_ms)
        });
        self.tell(|| format!("{} discards {seqs:?}: {outcome:?}", ACCOUNTS[account]));
        let all = self.known.iter().map(|(key, _)| (account, *key)).collect();
        let mut done = Done::of(What::Discard, outcome.is_ok()).touching(all);
        if let Ok(discarded) = outcome {
            done.discarded = self.model.discard(account, &seqs).into_iter().collect();
            done.reported = discarded.count;
        }
        done
    }

    pub(super) fn clean_up(&mut self, rng: &mut Rng) -> Done {
        let before = self.now().wall_ms - rng.pick(&[0, 1_000, 600_000]);
        let cleaned = self.write(Ending::Commit, move |tx, kernel| kernel.delete_closed(tx, before));
        self.tell(|| format!("cleans up: {cleaned:?}"));
        Done::of(What::CleanUp, cleaned.is_ok())
    }

    pub(super) fn back_up(&mut self, rng: &mut Rng) -> Done {
        let ending = self.ending(rng);
        let closed = self.write(ending, |tx, kernel| kernel.close_to_coalescing(tx));
        self.tell(|| format!("closes every event for a backup: {closed:?}"));
        if closed.is_ok() {
            self.model.close_to_coalescing();
        }
        Done::of(What::Close, closed.is_ok())
    }

    /// Nothing fails any more: everything that is not dead, and not behind what is dead, reaches the server.
    pub fn drain(&mut self) -> Result<(), Violation> {
        self.faults = false;
        let mut rng = Rng::new(1);
        let late = std::mem::take(&mut self.net);
        for round in 0..60 {
            let is_done = |at: usize| self.model.items[at].status == OutboxStatus::Dead || !self.model.is_first(at);
            let none_in_flight = self
                .model
                .items
                .iter()
                .all(|item| item.status != OutboxStatus::Processing);
            if round > 1 && none_in_flight && (0..self.model.items.len()).all(is_done) {
                break;
            }
            self.true_ms += 7_300_000;
            for (_, claimed) in std::mem::take(&mut self.in_flight) {
                let done = self.release(&claimed, Ending::Commit);
                self.finish(&done)?;
            }
            for account in 0..ACCOUNTS.len() {
                for _ in 0..2 {
                    let (epoch, now) = (self.servers[account].epoch, self.servers[account].now(self.true_ms));
                    let rows: Vec<ServerRow> = self.servers[account]
                        .rows
                        .keys()
                        .map(|key| self.servers[account].row(*key))
                        .collect();
                    let done = self.take(account, epoch, now, &rows, Ending::Commit);
                    self.finish(&done)?;
                }
                let done = self.restate(account);
                self.finish(&done)?;
                let done = self.claim(account, &mut rng)?;
                self.finish(&done)?;
                while let Some(message) = self.net.pop() {
                    let done = match message {
                        Message::Push {
                            account,
                            epoch,
                            claimed,
                        } => self.serve(account, epoch, claimed, &mut rng),
                        Message::Reply {
                            account,
                            epoch,
                            now,
                            claimed,
                            result,
                        } => self.hear_reply(account, epoch, now, &claimed, result.as_ref(), &mut rng),
                        Message::Page { .. } => Done::idle(),
                    };
                    self.finish(&done)?;
                }
            }
            if round == 0 {
                self.net = late.clone();
                while !self.net.is_empty() {
                    let done = self.deliver(&mut rng);
                    self.finish(&done)?;
                }
            }
        }
        check_drained(self)
    }

    pub(super) fn finish(&mut self, done: &Done) -> Result<(), Violation> {
        let before = std::mem::take(&mut self.mirror);
        self.mirror = mirror::read(&self.connection, &before);
        check(self, &before, done)
    }
}
