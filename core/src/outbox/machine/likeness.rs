//! The store and the model are alike: event for event, in what a claim gives, and when everything is sent.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use steadfast_protocol::entity::{ALIVE, EntityKind};
use steadfast_protocol::operation::OperationKind;

use crate::outbox::claim::Claimed;
use crate::outbox::model::OutboxStatus;

use super::mirror::Columns;
use super::watch::{Check, Violation, must};
use super::words::{ACCOUNTS, Item, Member};
use super::world::{DEVICE, World};

/// Everything else: the store holds what the model holds, event for event.
pub(super) fn store_is_the_model(world: &mut World) -> Check {
    let wrong = |detail: String| Violation::new("model", detail);
    let mut events = world.mirror.iter();
    let mut groups = BTreeSet::new();
    let acks = &world.model.acks;
    for item in &mut world.model.items {
        let mut seqs = Vec::new();
        let mut group = None;
        for member in &item.members {
            let (seq, event) = events.next().ok_or_else(|| wrong(format!("missing: {member:?}")))?;
            let is_deletion = acks[member.fields[ALIVE]].edit.value == Value::Bool(false);
            let fields = || {
                member
                    .fields
                    .iter()
                    .map(|(name, ack)| (name.as_str(), acks[*ack].edit.number))
            };
            let told = || event.fields.iter().map(|(name, edit)| (name.as_str(), edit.number));
            must(fields().eq(told()), "model", || {
                format!(
                    "event {seq} tells {:?}, should tell {:?}",
                    told().collect::<Vec<_>>(),
                    fields().collect::<Vec<_>>()
                )
            })?;
            let wanted = columns(item, member, is_deletion);
            must(event.columns == wanted, "model", || {
                format!("event {seq} is {:?}, should be {wanted:?}", event.columns)
            })?;
            let is_frozen_right = || {
                event
                    .fields
                    .iter()
                    .all(|(name, edit)| edit.at == member.at.get(name).copied())
            };
            must(item.claim == 0 || is_frozen_right(), "model", || {
                format!(
                    "event {seq} is frozen as {:?}, should be at {:?}",
                    event.fields, member.at
                )
            })?;
            must(event.group.is_some() == item.grouped, "model", || {
                format!("group of event {seq}")
            })?;
            must(group.is_none_or(|group| event.group == Some(group)), "19", || {
                format!("group of event {seq}")
            })?;
            group = event.group;
            seqs.push(*seq);
        }
        must(group.is_none_or(|group| groups.insert(group)), "19", || {
            "two items are one group".to_owned()
        })?;
        must(item.seqs.is_empty() || item.seqs == seqs, "model", || {
            format!("{:?} are {seqs:?} now", item.seqs)
        })?;
        item.seqs = seqs;
    }
    events.next().map_or(Ok(()), |(seq, event)| {
        Err(wrong(format!("nobody made event {seq}: {event:?}")))
    })
}

/// What the model says of a member's event.
fn columns(item: &Item, member: &Member, is_deletion: bool) -> Columns {
    Columns {
        account: item.account,
        root: member.root,
        entity: member.entity,
        operation: if is_deletion {
            OperationKind::Delete
        } else {
            OperationKind::Upsert
        },
        status: item.status,
        coalescable: item.joinable,
        open_epoch: item.open_epoch,
        claim: item.claim,
        attempt: item.attempt,
        max_attempts: if member.entity.0 == EntityKind::ProgramSession {
            4
        } else {
            5
        },
        crashes: item.crashes,
        not_before: member.not_before,
        priority: member.priority.number(),
        root_base: member.root_base,
        is_new: member.is_new,
    }
}

/// 4, 5, 6, 7, 15, 19: what a claim gave.
pub fn check_claims(
    world: &mut World,
    account: usize,
    wanted: &[usize],
    items: &[Claimed],
    limit: usize,
    background: bool,
) -> Check {
    let account_events = || world.mirror.iter().filter(|(_, event)| event.account == account);
    for claimed in items {
        let seqs: Vec<i64> = claimed.events.iter().map(|(seq, _)| *seq).collect();
        let mut alone = false;
        for (seq, claim) in &claimed.events {
            let event = world.mirror.get(seq).filter(|event| event.account == account);
            let event =
                event.ok_or_else(|| Violation::new("15", format!("event {seq} is not {}'s", ACCOUNTS[account])))?;
            let earlier = account_events()
                .find(|(other, earlier)| *other < seq && earlier.root == event.root && !seqs.contains(other));
            must(earlier.is_none(), "5", || {
                format!("event {seq} is sent before {earlier:?}")
            })?;
            let members: Vec<i64> = account_events()
                .filter(|(_, other)| other.group == event.group)
                .map(|(seq, _)| *seq)
                .collect();
            must(event.group.is_none() || members == seqs, "19", || {
                format!("of group {members:?} only {seqs:?} are sent")
            })?;
            must(world.watch.claims.insert((*seq, *claim)), "6", || {
                format!("claim {claim} of event {seq} was given before")
            })?;
            alone |= event.crashes > 0;
        }
        must(alone == claimed.alone, "model", || {
            format!("{seqs:?} goes alone: {}", claimed.alone)
        })?;
        must(claimed.item.operations.len() == seqs.len(), "19", || {
            format!("{seqs:?} is sent in parts")
        })?;
        let sent = world
            .watch
            .sent
            .entry(claimed.item.id)
            .or_insert_with(|| claimed.item.clone());
        must(*sent == claimed.item, "4", || {
            format!("sent first as {sent:?}, then as {:?}", claimed.item)
        })?;
    }
    let given: Vec<Vec<i64>> = items
        .iter()
        .map(|item| item.events.iter().map(|(seq, _)| *seq).collect())
        .collect();
    let wanted: Vec<&Vec<i64>> = wanted.iter().map(|at| &world.model.items[*at].seqs).collect();
    let has_dead = account_events().any(|(_, event)| event.status == OutboxStatus::Dead);
    let invariant = if has_dead { "7" } else { "model" };
    must(given.iter().eq(wanted.iter().copied()), invariant, || {
        format!(
            "{} gets {given:?}, should get {wanted:?} (at most {limit}, background {background})",
            ACCOUNTS[account]
        )
    })
}

/// 9 and 11, as far as one phone can show them: nothing waits but what is dead or behind it, and both sides hold the same.
pub fn check_drained(world: &World) -> Check {
    for (at, item) in world.model.items.iter().enumerate() {
        let is_stuck = item.status != OutboxStatus::Dead && world.model.is_first(at);
        must(!is_stuck && item.status != OutboxStatus::Processing, "9", || {
            format!("still queued: {item:?}")
        })?;
    }
    for (account, server) in world.servers.iter().enumerate() {
        for (key, fields) in &server.rows {
            for (name, field) in fields {
                let said = world.model.layer.get(&(account, *key)).and_then(|row| row.get(name));
                let is_same = said.is_some_and(|said| (&said.value, said.stamp) == (&field.value, field.stamp));
                must(is_same, "11", || {
                    format!("{name} of {key:?}: the server has {field:?}, the phone {said:?}")
                })?;
            }
        }
        let foreign = server
            .rows
            .values()
            .flat_map(BTreeMap::values)
            .filter(|field| field.device_id == Some(DEVICE));
        for field in foreign {
            let number = field.number.unwrap_or(0);
            must(world.watch.by_number.contains_key(&number), "2", || {
                format!("nobody made edit {number}")
            })?;
        }
    }
    Ok(())
}
