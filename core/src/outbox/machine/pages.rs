//! What the phone hears without having sent anything, and servers that are restored.

use serde_json::Value;
use steadfast_protocol::entity::ALIVE;
use steadfast_protocol::push::{ServerField, ServerRow};

use crate::domain::id::Id;
use crate::outbox::account::{self, Epoch};
use crate::outbox::layers;
use crate::outbox::model::Root;

use super::random::Rng;
use super::watch::{Done, What};
use super::words::ACCOUNTS;
use super::world::{Ending, Message, World};

impl World {
    pub(super) fn pull(&mut self, account: usize, rng: &mut Rng) -> Done {
        let server = &self.servers[account];
        let mut rows: Vec<ServerRow> = server.rows.keys().map(|key| server.row(*key)).collect();
        rows.retain(|_| rng.chance(60));
        self.net.push(Message::Page {
            account,
            epoch: server.epoch,
            now: server.now(self.true_ms),
            rows,
        });
        Done::idle()
    }

    pub(super) fn hear_page(
        &mut self,
        account: usize,
        epoch: i64,
        server_now: i64,
        rows: &[ServerRow],
        rng: &mut Rng,
    ) -> Done {
        let ending = self.ending(rng);
        self.take(account, epoch, server_now, rows, ending)
    }

    pub(super) fn take(
        &mut self,
        account: usize,
        epoch: i64,
        server_now: i64,
        rows: &[ServerRow],
        ending: Ending,
    ) -> Done {
        let (moment, now) = (self.moment(), self.now());
        let boot = now.boot.clone();
        let outcome = self.write(ending, |tx, kernel| {
            let heard = account::hear(tx, ACCOUNTS[account], server_now, epoch, &moment, boot.as_deref())?;
            if heard == Epoch::Known {
                kernel.take(tx, ACCOUNTS[account], rows, epoch)?;
            }
            Ok(heard)
        });
        self.tell(|| {
            format!(
                "{} takes a page of {} rows of epoch {epoch}: {outcome:?}",
                ACCOUNTS[account],
                rows.len()
            )
        });
        let touched = rows
            .iter()
            .map(|row| (account, (row.entity_kind, row.entity_id)))
            .collect();
        if outcome.is_ok() && self.model.hear(account, server_now, epoch, &now) {
            self.model.take(account, rows, epoch);
        }
        Done::of(What::Page, outcome.is_ok()).touching(touched)
    }

    /// Reads the whole snapshot and says again what the server lost.
    pub(super) fn restate(&mut self, account: usize) -> Done {
        let server = &mut self.servers[account];
        if self.model.heard[account].epoch != Some(server.epoch) {
            return Done::idle();
        }
        let epoch = server.epoch;
        for ((of, key), fields) in &self.model.layer {
            if *of != account {
                continue;
            }
            for (name, said) in fields
                .iter()
                .filter(|(name, said)| said.confirmed < epoch && *name != "from_the_future")
            {
                let stored = layers::server(&self.connection, ACCOUNTS[account], *key).expect("a layer");
                let stored = &stored.fields[name];
                let restated = ServerField {
                    value: said.value.clone(),
                    stamp: said.stamp,
                    op_id: stored.written.op_id,
                    device_id: stored.written.device_id,
                    number: stored.number,
                };
                server.restate(*key, name, restated);
            }
        }
        let mut rows: Vec<ServerRow> = server.rows.keys().map(|key| server.row(*key)).collect();
        // A field that no server of this version knows is confirmed by hand.
        for row in &mut rows {
            let said = self.model.layer.get(&(account, (row.entity_kind, row.entity_id)));
            if let (Some(alive), Some(said)) = (
                row.fields.get(ALIVE).cloned(),
                said.and_then(|said| said.get("from_the_future")),
            ) {
                let field = ServerField {
                    value: said.value.clone(),
                    stamp: said.stamp,
                    ..alive
                };
                row.fields.insert("from_the_future".to_owned(), field);
            }
        }
        let now = server.now(self.true_ms);
        self.take(account, epoch, now, &rows, Ending::Commit)
    }

    pub(super) fn edit_elsewhere(&mut self, account: usize, rng: &mut Rng) -> Done {
        let (key, _) = rng.pick(&self.known);
        let mut fields = self.change(account, (key, Root { kind: key.0, id: key.1 }), rng).fields;
        fields.insert(ALIVE.to_owned(), Value::Bool(rng.chance(85)));
        let op_id = Id::from_u128(u128::from(rng.next()) | 1 << 100);
        self.servers[account].edit_elsewhere(key, &fields, op_id, self.true_ms);
        self.tell(|| format!("another device of {} edits {key:?}: {fields:?}", ACCOUNTS[account]));
        Done::idle()
    }

    pub(super) fn restore_server(&mut self, account: usize, rng: &mut Rng) -> Done {
        if rng.chance(60) {
            self.backups[account] = Some(self.servers[account].clone());
        } else if let Some(backup) = self.backups[account].take() {
            self.servers[account] = self.servers[account].restored(&backup, self.true_ms);
            self.servers[account].offset_ms -= rng.pick(&[0, 0, 5_000]);
            self.tell(|| format!("the server of {} is restored", ACCOUNTS[account]));
        }
        Done::idle()
    }
}
