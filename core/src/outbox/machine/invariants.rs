//! What must hold after every step, by the numbers of the invariants of the design (`docs/adr` explains them); `edit` is "a field carries
//! its own edit", and `model` that the store is exactly what the model says (`likeness`).

use std::collections::BTreeMap;

use steadfast_protocol::entity::EntityKind;
use steadfast_protocol::operation::FieldEdit;
use steadfast_protocol::push::ItemStatus;

use crate::domain::id::Id;
use crate::outbox::model::OutboxStatus;

use super::likeness::store_is_the_model;
use super::mirror::{self, Event, Mirror};
use super::watch::{Check, Done, Violation, What, must};
use super::words::{ACCOUNTS, Row};
use super::world::World;

/// Every invariant after a step.
pub fn check(world: &mut World, before: &Mirror, done: &Done) -> Check {
    world.watch.steps += 1;
    if let Some(found) = world.watch.found.take() {
        return Err(found);
    }
    let is_same = world.mirror == *before;
    must(done.ok || is_same, "20", || {
        format!("{:?} failed and changed the outbox", done.what)
    })?;
    must(done.accepted || is_same, "6", || {
        "a reply to an old claim changed something".to_owned()
    })?;
    if !is_same || !done.acks.is_empty() {
        own_edits(world, before, done)?;
        let after = std::mem::take(&mut world.mirror);
        let held = nothing_is_lost(world, before, &after, done)
            .and_then(|()| changes_are_allowed(world, before, &after, done))
            .and_then(|()| groups_are_whole(before, &after));
        world.mirror = after;
        held?;
    }
    must(done.unannounced.is_empty(), "17", || {
        format!("changed without a word: {:?}", done.unannounced)
    })?;
    rows_are_both_layers(world, done)?;
    wake_up(world)?;
    store_is_the_model(world)
}

/// 1, and that a field carries its own edit: binds the numbers that are new to the edits of this step.
fn own_edits(world: &mut World, before: &Mirror, done: &Done) -> Check {
    let highest = world.watch.highest;
    let mut new: BTreeMap<(Row, &str), Vec<&FieldEdit>> = BTreeMap::new();
    let changed = |seq: &i64, event: &Event| before.get(seq).is_none_or(|known| known.text != event.text);
    for (seq, event) in world.mirror.iter().filter(|(seq, event)| changed(seq, event)) {
        for (name, edit) in event.fields.iter() {
            match world.watch.by_number.get(&edit.number) {
                None => new.entry(((event.account, event.entity), name)).or_default().push(edit),
                Some(&ack) => {
                    let ack = &world.model.acks[ack];
                    let is_own = ack.row == (event.account, event.entity) && ack.field == *name;
                    let bare = FieldEdit {
                        at: None,
                        ..edit.clone()
                    };
                    must(is_own && bare == ack.edit, "edit", || {
                        format!("{name} of event {seq} is {edit:?}, was made as {ack:?}")
                    })?;
                }
            }
        }
    }
    let mut acks: BTreeMap<(Row, &str), Vec<usize>> = BTreeMap::new();
    for &at in &done.acks {
        let ack = &world.model.acks[at];
        acks.entry((ack.row, &ack.field)).or_default().push(at);
    }
    for place in new.keys() {
        must(acks.contains_key(place), "1", || {
            format!("an event tells of {place:?}, which nobody edited")
        })?;
    }
    let mut bound = Vec::new();
    for (place, acks) in &acks {
        let mut edits = new.remove(place).unwrap_or_default();
        edits.sort_by_key(|edit| edit.number);
        must(!edits.is_empty() && edits.len() <= acks.len(), "1", || {
            format!(
                "{place:?} was edited {} times, events tell of {}",
                acks.len(),
                edits.len()
            )
        })?;
        // What was edited several times in this very step may be told once for some of them, as it was last: the value says which it is.
        let mut unbound = acks.iter().rev();
        for edit in edits.iter().rev() {
            must(edit.number > highest, "5", || {
                format!("number {} after {highest}", edit.number)
            })?;
            let own = unbound.find(|ack| world.model.acks[**ack].edit.value == edit.value);
            let ack =
                *own.ok_or_else(|| Violation::new("edit", format!("{place:?} is told as {edit:?}, nobody made that")))?;
            bound.push((ack, edit.number, (*edit).clone()));
        }
    }
    for (ack, number, edit) in bound {
        let known = &mut world.model.acks[ack];
        known.edit.number = number;
        let made = known.edit.clone();
        must(edit == made, "edit", || format!("made as {made:?}, told as {edit:?}"))?;
        world.watch.by_number.insert(number, ack);
        world.watch.highest = world.watch.highest.max(number);
    }
    Ok(())
}

/// 2 and 16: what vanished from the queue is with the server, said by a later edit, or given up by hand.
fn nothing_is_lost(world: &World, before: &Mirror, after: &Mirror, done: &Done) -> Check {
    let mut closed_by_hand = 0;
    for (seq, event) in before {
        let now = after.get(seq);
        if now.is_some_and(|now| now.text == event.text) {
            continue;
        }
        let status = if now.is_some() {
            None
        } else {
            mirror::status(&world.connection, *seq)
        };
        if now.is_none() && status == Some(OutboxStatus::Discarded) {
            must(
                done.discarded.contains(seq) && event.status != OutboxStatus::Processing,
                "2",
                || format!("event {seq}, {:?}, was discarded without being named", event.status),
            )?;
            closed_by_hand += 1;
            continue;
        }
        let key = (event.account, event.entity);
        let is_with_server = status == Some(OutboxStatus::Completed) && matches!(done.what, What::Settle(_));
        for (name, edit) in event.fields.iter() {
            if is_with_server {
                let server = &world.servers[event.account];
                must(server.processed.contains(&edit.number), "2", || {
                    format!("{name} of event {seq} is completed, the server has it not")
                })?;
                must(
                    world.model.layer.get(&key).is_some_and(|row| row.contains_key(name)),
                    "2",
                    || format!("{name} of event {seq} is completed, and nobody here knows what it is"),
                )?;
                continue;
            }
            let is_replaced = now.is_some() || status == Some(OutboxStatus::Replaced);
            let is_told = after.values().any(|other| {
                (other.account, other.entity) == key
                    && other.fields.get(name).is_some_and(|other| other.number >= edit.number)
            });
            must(
                is_replaced && done.what == What::Edit && is_told || is_frozen_now(event, now, name),
                "2",
                || {
                    format!(
                        "{name}={} of event {seq} ({:?}) is lost: {status:?} after {:?}",
                        edit.value, event.status, done.what
                    )
                },
            )?;
        }
    }
    must(
        done.what != What::Discard || !done.ok || closed_by_hand == done.reported,
        "16",
        || format!("{closed_by_hand} were discarded, {} reported", done.reported),
    )
}

/// The text of an event also changes when its moments are frozen.
fn is_frozen_now(event: &Event, now: Option<&Event>, name: &str) -> bool {
    let same =
        |now: &Event| now.fields.get(name).map(|edit| edit.number) == event.fields.get(name).map(|edit| edit.number);
    now.is_some_and(same)
}

/// 4, 6, 8, 18: how an event may change in a step of this kind.
fn changes_are_allowed(world: &World, before: &Mirror, after: &Mirror, done: &Done) -> Check {
    for (seq, old) in before {
        let Some(new) = after.get(seq).filter(|new| *new != old) else {
            continue;
        };
        must(
            old.hash.is_none() || (old.hash == new.hash && old.text == new.text),
            "4",
            || {
                format!(
                    "event {seq} was claimed and says something else now: {} was {}",
                    new.text, old.text
                )
            },
        )?;
        must(old.account == new.account, "15", || {
            format!("event {seq} went to another account")
        })?;
        let is_same_claim = (old.claim, old.open_epoch) == (new.claim, new.open_epoch);
        let is_claimed =
            done.what == What::Claim && new.claim == old.claim + 1 && new.open_epoch == world.model.open_epoch;
        must(is_same_claim || is_claimed, "6", || {
            format!("claim of event {seq} {old:?} became {new:?} by {:?}", done.what)
        })?;
        let died = old.status != OutboxStatus::Dead && new.status == OutboxStatus::Dead;
        let may_die = match done.what {
            What::Settle(ItemStatus::Rejected | ItemStatus::Conflict) => true,
            What::Settle(ItemStatus::Retry) => new.attempt >= 4,
            _ => false,
        };
        must(!died || may_die, "8", || format!("event {seq} died of {:?}", done.what))?;
        if done.what == What::Release {
            must(new.attempt == old.attempt, "8", || {
                format!("event {seq}: a failed request cost an attempt")
            })?;
        }
        let costs = match done.what {
            What::Settle(ItemStatus::Retry) => new.attempt == old.attempt + 1,
            What::Retry => new.attempt == 0,
            _ => new.attempt == old.attempt,
        };
        must(costs, "18", || {
            format!(
                "event {seq}: {} attempts after {} by {:?}",
                new.attempt, old.attempt, done.what
            )
        })?;
    }
    let limit = |event: &Event| {
        if event.entity.0 == EntityKind::ProgramSession {
            4
        } else {
            5
        }
    };
    let endless = after
        .iter()
        .find(|(_, event)| event.attempt >= limit(event) && event.status != OutboxStatus::Dead);
    must(endless.is_none(), "18", || format!("still alive: {endless:?}"))
}

/// 19: the members of a group are in one state, and close together.
fn groups_are_whole(before: &Mirror, after: &Mirror) -> Check {
    let mut groups: BTreeMap<(usize, Id), (OutboxStatus, u32, usize)> = BTreeMap::new();
    for event in after.values() {
        let Some(group) = event.group else { continue };
        let state = groups
            .entry((event.account, group))
            .or_insert((event.status, event.claim, 0));
        must((state.0, state.1) == (event.status, event.claim), "19", || {
            format!("group {group} is {:?} and {:?}", state.0, event.status)
        })?;
        state.2 += 1;
    }
    let mut sizes: BTreeMap<(usize, Id), usize> = BTreeMap::new();
    for event in before.values() {
        if let Some(group) = event.group {
            *sizes.entry((event.account, group)).or_default() += 1;
        }
    }
    for (group, size) in sizes {
        let left = groups.get(&group).map_or(0, |state| state.2);
        must(left == 0 || left == size, "19", || {
            format!("{left} of the {size} members of group {} are left", group.1)
        })?;
    }
    Ok(())
}

/// 17: what a person sees is the server's layer under what waits.
fn rows_are_both_layers(world: &World, done: &Done) -> Check {
    let all_rows = world.watch.steps.is_multiple_of(32);
    let invariant = if done.ok { "17" } else { "20" };
    let mut rows = done.touched.clone();
    if all_rows {
        let known = world.known.iter().map(|(key, _)| *key);
        rows.extend(known.flat_map(|key| (0..ACCOUNTS.len()).map(move |account| (account, key))));
    }
    for row in rows {
        let (seen, wanted) = (mirror::shown(&world.connection, row.0, row.1), world.model.shown(row));
        must(seen == wanted, invariant, || {
            format!("{row:?} is {seen:?}, should be {wanted:?}")
        })?;
    }
    if all_rows || (done.what == What::Page && !done.touched.is_empty()) {
        let mut layer = mirror::layer(&world.connection);
        layer.retain(|_, fields| !fields.is_empty());
        let mut wanted = world.model.layer.clone();
        wanted.retain(|_, fields| !fields.is_empty());
        must(layer == wanted, invariant, || {
            format!("the server's layer is {layer:?}, should be {wanted:?}")
        })?;
    }
    Ok(())
}

/// 10: what may be sent has a wake-up.
fn wake_up(world: &World) -> Check {
    let steps = usize::try_from(world.watch.steps).unwrap_or(0);
    let (account, background) = (steps % 2, steps % 4 < 2);
    let (now_ms, due) = world.read_next_due(account, background);
    let wanted = world.model.next_due(account, now_ms, background);
    must(due == wanted, "10", || {
        format!("at {now_ms} the next wake-up is {due:?}, should be {wanted:?}")
    })
}
