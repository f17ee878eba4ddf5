//! A room's change from the call to the announcement: one transaction, and then the app is told.

use rusqlite::Transaction;

use crate::context::Context;
use crate::domain::id::Id;
use crate::domain::progress::{SavePhase, SaveProgress};
use crate::error::Result;
use crate::event::{ChangedEntity, Event, Events};

use super::edit::Edit;
use super::layers::EntityKey;

/// What a call gives, and the rows that it changed.
pub type Changed<T> = (T, Vec<EntityKey>);

/// Beyond as many changed rows of a kind in one transaction, one event with the nil id stands for all of them: an import may change a
/// hundred thousand, and nobody redraws a screen for each.
pub const MAX_ANNOUNCED: usize = 100;

/// Runs `job` in one transaction, and tells the app of every row that changed once that has committed.
///
/// # Errors
/// The job's own, or what SQLite says; nothing was changed then.
pub async fn commit<T: Send + 'static>(
    context: &Context,
    by: Edit,
    job: impl FnOnce(&Transaction<'_>, &Edit) -> Result<Changed<T>> + Send + 'static,
) -> Result<T> {
    let (value, changed) = context.change(move |tx| job(tx, &by)).await?;
    announce(context, &changed);
    Ok(value)
}

/// Tells the app which rows changed; an exercise's or a set's change is its log's.
pub fn announce(context: &Context, changed: &[EntityKey]) {
    let entities = changed
        .iter()
        .filter_map(|(kind, id)| Some((ChangedEntity::of(*kind)?, *id)));
    let mut by_entity: Vec<(ChangedEntity, Vec<Id>)> = Vec::new();
    for (entity, id) in entities {
        match by_entity.iter_mut().find(|(known, _)| *known == entity) {
            Some((_, ids)) => ids.push(id),
            None => by_entity.push((entity, vec![id])),
        }
    }
    for (entity, ids) in by_entity {
        let ids = if ids.len() > MAX_ANNOUNCED {
            vec![Id::nil()]
        } else {
            ids
        };
        for id in ids {
            context.events.send(Event::Changed { entity, id });
        }
    }
}

/// Tells the app how many rows of an import are done: at each tenth of them, and at the end.
pub struct RowProgress {
    events: Events,
    done: usize,
    total: usize,
}

impl RowProgress {
    /// None of `total` rows is done yet.
    #[must_use]
    pub fn new(context: &Context, total: usize) -> Self {
        Self {
            events: context.events.clone(),
            done: 0,
            total,
        }
    }

    /// One more is.
    pub fn one_more(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(self.total.div_ceil(10).max(1)) || self.done == self.total {
            self.tell();
        }
    }

    /// So many are.
    pub fn at(&mut self, done: usize) {
        self.done = done;
        self.tell();
    }

    fn tell(&self) {
        self.events.send(Event::Progress {
            workout_id: None,
            progress: SaveProgress {
                phase: SavePhase::Committing,
                done: self.done as u64,
                total: self.total as u64,
            },
        });
    }
}
