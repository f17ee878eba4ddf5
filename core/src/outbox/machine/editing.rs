//! What a person does in the world, and another device of theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use steadfast_protocol::entity::{EntityKind, FieldType};

use crate::outbox::edit::{Change, Debounce, Edit};
use crate::outbox::layers::EntityKey;
use crate::outbox::model::{Priority, Root};
use crate::outbox::rows::Fields;

use super::random::Rng;
use super::watch::{Done, What};
use super::words::{ACCOUNTS, Row};
use super::world::{DEVICE, MADE, World, editable, key};

impl World {
    pub(super) fn by(&self, account: usize, debounce: Debounce, priority: Priority) -> Edit {
        let edit = Edit {
            account_id: ACCOUNTS[account].to_owned(),
            device_id: DEVICE,
            moment: self.moment(),
            boot_id: self.now().boot,
            priority: Priority::User,
            debounce,
            randomness: Arc::clone(&self.randomness) as _,
        };
        if priority == Priority::Background {
            edit.in_background()
        } else {
            edit
        }
    }

    pub(super) fn value(&mut self, account: usize, key: EntityKey, name: &str, rng: &mut Rng) -> Value {
        self.values += 1;
        let n = self.values;
        match rng.below(100) {
            0..=7 => Value::Null,
            8..=15 => {
                let shown = self.model.shown((account, key));
                shown
                    .and_then(|shown| shown.fields.get(name).cloned())
                    .unwrap_or_default()
            }
            _ => match key.0.field(name).expect("a field").field_type {
                FieldType::Integer => Value::from(n),
                #[allow(clippy::cast_precision_loss, reason = "any number will do")]
                FieldType::Real => Value::from(n as f64 + (rng.next() >> 11) as f64 / (1_u64 << 53) as f64),
                _ => Value::from(format!("v{n}")),
            },
        }
    }

    pub(super) fn change(&mut self, account: usize, (key, root): (EntityKey, Root), rng: &mut Rng) -> Change {
        let mut fields = Fields::new();
        let names = editable(key.0);
        let which = rng.below(3);
        for (at, name) in names.into_iter().enumerate() {
            if which == 2 || which == at {
                fields.insert(name.to_owned(), self.value(account, key, name, rng));
            }
        }
        Change::upsert(key.0, key.1, fields).under(root.kind, root.id)
    }

    pub(super) fn apply(&mut self, account: usize, changes: &[Change], grouped: bool, rng: &mut Rng) -> Done {
        let debounce = rng.pick(&[Debounce::None, Debounce::None, Debounce::Action, Debounce::Typing]);
        let priority = if rng.chance(15) {
            Priority::Background
        } else {
            Priority::User
        };
        let debounce = if priority == Priority::Background {
            Debounce::None
        } else {
            debounce
        };
        let edit = self.by(account, debounce, priority);
        let (ending, mine) = (self.ending(rng), changes.to_vec());
        let mut touched: BTreeSet<Row> = BTreeSet::new();
        for change in changes {
            touched.insert((account, (change.kind, change.id)));
            touched.insert((account, (change.root.kind, change.root.id)));
        }
        let outcome = self.write(ending, move |tx, kernel| kernel.edit(tx, &edit, mine, grouped));
        self.tell(|| {
            format!(
                "{} edits {changes:?} grouped {grouped} {ending:?}: {outcome:?}",
                ACCOUNTS[account]
            )
        });
        let mut done = Done::of(What::Edit, outcome.is_ok()).touching(touched.clone());
        if let Ok(changed) = outcome {
            let before: BTreeMap<Row, _> = touched.iter().map(|row| (*row, self.model.shown(*row))).collect();
            done.acks = self
                .model
                .edit(account, &self.now(), debounce, priority, changes, grouped);
            let looks_different = |row: &&Row| self.model.shown(**row) != before[*row];
            done.unannounced = touched
                .iter()
                .filter(looks_different)
                .filter(|row| !changed.contains(&row.1))
                .copied()
                .collect();
        }
        done
    }

    pub(super) fn edit(&mut self, account: usize, rng: &mut Rng) -> Done {
        let row = rng.pick(&self.known);
        let change = self.change(account, row, rng);
        self.apply(account, &[change], rng.chance(10), rng)
    }

    pub(super) fn make(&mut self, account: usize, rng: &mut Rng) -> Done {
        if self.made >= MADE {
            return Done::idle();
        }
        self.made += 1;
        let n = 100 + self.made as u128;
        let log = self.known[0].1;
        let row = if rng.chance(50) {
            let key = key(EntityKind::HabitLog, n);
            (key, Root { kind: key.0, id: key.1 })
        } else {
            (key(EntityKind::ExerciseSet, n), log)
        };
        self.known.push(row);
        let change = Change {
            is_new: true,
            ..self.change(account, row, rng)
        };
        self.apply(account, &[change], false, rng)
    }

    pub(super) fn edit_together(&mut self, account: usize, rng: &mut Rng, grouped: bool) -> Done {
        let mut changes = Vec::new();
        if rng.chance(30) {
            // A parent's deletion with the children that this device sees.
            let log = rng.pick(&self.known[..2]);
            let children = self.known.iter().filter(|(key, root)| *root == log.1 && *key != log.0);
            changes.extend(children.map(|(key, root)| Change::delete(key.0, key.1).under(root.kind, root.id)));
            changes.push(Change::delete(log.0.0, log.0.1));
        } else {
            for _ in 0..2 + rng.below(2) {
                let row = rng.pick(&self.known);
                let change = if rng.chance(15) {
                    Change::delete(row.0.0, row.0.1).under(row.1.kind, row.1.id)
                } else {
                    self.change(account, row, rng)
                };
                changes.push(change);
            }
        }
        self.apply(account, &changes, grouped, rng)
    }

    pub(super) fn delete(&mut self, account: usize, rng: &mut Rng) -> Done {
        let (key, root) = rng.pick(&self.known);
        self.apply(
            account,
            &[Change::delete(key.0, key.1).under(root.kind, root.id)],
            false,
            rng,
        )
    }
}
