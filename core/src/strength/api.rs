//! The exported object `Strength`: the workout logs of training days, and the catalogue of movements.

use std::sync::Arc;

use rusqlite::{Connection, Transaction};

use crate::context::Context;
use crate::domain::id::Id;
use crate::domain::program_day::ProgramDay;
use crate::error::Result;
use crate::outbox::commit::commit;
use crate::outbox::edit::{Debounce, Edit};

use super::cache::{InvalidationReason, LogCache, Lookup};
use super::model::{
    ExerciseDefinition, ExerciseDefinitionDraft, ExercisePerformance, LogCacheStatistics, WorkoutLog, WorkoutLogDraft,
    WorkoutLogPage, WorkoutLogQuery,
};
use super::{change, history_table, rules, table};

/// The workout logs of the signed-in account.
#[derive(uniffi::Object)]
pub struct Strength {
    context: Arc<Context>,
    cache: LogCache,
}

impl Strength {
    /// The room of a client.
    #[must_use]
    pub fn new(context: Arc<Context>) -> Self {
        Self {
            context,
            cache: LogCache::default(),
        }
    }

    /// The cache of whole logs. Whoever changes their rows by another way than this room tells it: see [`LogCache`].
    #[must_use]
    pub fn cache(&self) -> &LogCache {
        &self.cache
    }
}

#[uniffi::export]
impl Strength {
    /// Makes the log of a training day what the draft says, and gives the log as it is now. There is one log a day: saving again changes
    /// it. Only what differs is written; exercises and sets that the draft leaves out are deleted.
    ///
    /// # Errors
    /// `invalid_argument` naming the field, such as `exercises[0].sets[3].reps`; also for a movement that the catalogue does not have, and
    /// for an `id` that names no exercise of the log. A storage error. Nothing was changed then.
    pub async fn save(&self, draft: WorkoutLogDraft) -> Result<WorkoutLog> {
        let draft = rules::checked(draft)?;
        let by = Edit::now(&self.context, Debounce::Typing);
        let key = (by.account_id.clone(), change::log_id(&draft.program_day));
        let writing = self.cache.write(Some(key), InvalidationReason::Saved);
        let job = move |tx: &Transaction<'_>, by: &Edit| {
            let (saved, changed) = change::save(tx, &draft, by)?;
            // Handed out with the result, so that it outlives the commit.
            Ok(((saved, writing), changed))
        };
        let (saved, writing) = commit(&self.context, by, job).await?;
        writing.finish(Some(Arc::new(saved.clone())));
        Ok(saved)
    }

    /// The log of a training day; none if nothing was saved for it.
    ///
    /// # Errors
    /// `invalid_argument` for a day that no program has; a storage error.
    pub async fn get(&self, program_day: ProgramDay) -> Result<Option<WorkoutLog>> {
        let program_day = program_day.checked()?;
        self.context.database.refuse_closed()?;
        let account_id = self.context.account_id();
        let log_id = change::log_id(&program_day);
        let reading = match self.cache.look_up((account_id.clone(), log_id)) {
            Lookup::Hit(log) => return Ok(log.as_deref().cloned()),
            Lookup::Miss(reading) => reading,
        };
        let job = self.context.database.read(move |connection| {
            let stored = table::stored(connection, &account_id, log_id)?;
            Ok(stored.shown(&program_day).map(Arc::new))
        });
        let log = job.await?;
        self.cache.put(reading, log.clone());
        Ok(log.as_deref().cloned())
    }

    /// A page of logs, newest first.
    ///
    /// # Errors
    /// `invalid_argument` for a program, a limit or a page mark that is none; a storage error.
    pub async fn history(&self, query: WorkoutLogQuery) -> Result<WorkoutLogPage> {
        self.read(move |connection, account_id| history_table::page(connection, account_id, &query))
            .await
    }

    /// The last exercises of one movement with their sets, newest log first: at most `limit`, 1 to 1000.
    ///
    /// # Errors
    /// `invalid_argument` for a limit that is none; a storage error.
    pub async fn exercise_history(&self, definition_id: Id, limit: u32) -> Result<Vec<ExercisePerformance>> {
        self.read(move |connection, account_id| {
            history_table::performances(connection, account_id, definition_id, limit)
        })
        .await
    }

    /// Deletes the log of a training day with its exercises and sets. It stays deleted on every device unless somebody edits it there
    /// later.
    ///
    /// # Errors
    /// `not_found`; `invalid_argument` for a day that no program has; a storage error.
    pub async fn delete(&self, program_day: ProgramDay) -> Result<()> {
        let program_day = program_day.checked()?;
        let by = Edit::now(&self.context, Debounce::Action);
        let key = (by.account_id.clone(), change::log_id(&program_day));
        let writing = self.cache.write(Some(key), InvalidationReason::Deleted);
        let job = move |tx: &Transaction<'_>, by: &Edit| {
            let ((), changed) = change::delete(tx, &program_day, by)?;
            Ok((writing, changed))
        };
        commit(&self.context, by, job).await?.finish(None);
        Ok(())
    }

    /// Puts a movement into the catalogue, or changes the one with this id, and gives it as it is now.
    ///
    /// # Errors
    /// `invalid_argument` naming `name`, `equipment` or `muscle_group`; a storage error.
    pub async fn define(&self, definition: ExerciseDefinitionDraft) -> Result<ExerciseDefinition> {
        let by = Edit::now(&self.context, Debounce::Typing);
        commit(&self.context, by, move |tx, by| change::define(tx, &definition, by)).await
    }

    /// The whole catalogue, by name in the order of its bytes.
    ///
    /// # Errors
    /// A storage error.
    pub async fn definitions(&self) -> Result<Vec<ExerciseDefinition>> {
        self.read(table::definitions).await
    }

    /// One movement; also one that was removed, so that a log that another device made with it can still be read.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn definition(&self, id: Id) -> Result<ExerciseDefinition> {
        self.read(move |connection, account_id| {
            table::definition(connection, account_id, id)?.ok_or_else(|| change::no_definition(id))
        })
        .await
    }

    /// Removes a movement from the catalogue.
    ///
    /// # Errors
    /// `not_found`; `invalid_argument` naming `id` while a workout log uses it, since the log could not be read without; a storage error.
    pub async fn remove_definition(&self, id: Id) -> Result<()> {
        let by = Edit::now(&self.context, Debounce::Action);
        commit(&self.context, by, move |tx, by| change::remove_definition(tx, id, by)).await
    }

    /// What the cache of logs did since the client was opened.
    #[must_use]
    pub fn cache_statistics(&self) -> LogCacheStatistics {
        self.cache.statistics()
    }
}

impl Strength {
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection, &str) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| read(connection, &account_id))
            .await
    }
}

#[cfg(test)]
#[path = "api_tests.rs"]
mod tests;
