//! The exported object `Habits`: timed entries, recorded, edited, listed, added up by day.

use std::sync::Arc;

use rusqlite::Transaction;

use crate::context::Context;
use crate::domain::cancel::CancelToken;
use crate::domain::civil_date::CivilDate;
use crate::domain::id::Id;
use crate::domain::migration::MigrationReport;
use crate::error::Result;
use crate::outbox::commit::{Changed, RowProgress, commit};
use crate::outbox::edit::{Debounce, Edit};

use super::change;
use super::model::{HabitDay, HabitLog, HabitLogEdit, HabitLogPage, HabitLogQuery, NewHabitLog};
use super::{rules, table};

/// The habit logs of the signed-in account.
#[derive(uniffi::Object)]
pub struct Habits {
    context: Arc<Context>,
}

impl Habits {
    /// The room of a client.
    #[must_use]
    pub fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    async fn write<T: Send + 'static>(
        &self,
        by: Edit,
        job: impl FnOnce(&Transaction<'_>, &Edit) -> Result<Changed<T>> + Send + 'static,
    ) -> Result<T> {
        commit(&self.context, by, job).await
    }
}

#[uniffi::export]
impl Habits {
    /// Makes an entry. One with an `external_id` is made once: recording it again changes nothing and gives the entry as it is now.
    ///
    /// # Errors
    /// `invalid_argument` naming the field: a kind that is empty, a text that is too long or has control characters, a moment before 1970
    /// or after 2999, an offset of more than 18 hours, a date that the calendar does not have, a duration of more than 366 days, a
    /// potency that is not 0 to 100, an external id without a source; `not_found` if the entry with this external id was deleted; a
    /// storage error. A wrong clock is no error.
    pub async fn record(&self, log: NewHabitLog) -> Result<HabitLog> {
        rules::check_new(&log)?;
        let by = Edit::now(&self.context, Debounce::Action);
        self.write(by, move |tx, by| change::record(tx, by, &log)).await
    }

    /// Changes an entry, and gives it as it is now.
    ///
    /// # Errors
    /// `not_found`; `invalid_argument` as in `record`, and for a text that is empty or a field that is set and unset at once; a storage
    /// error.
    pub async fn edit(&self, id: Id, edit: HabitLogEdit) -> Result<HabitLog> {
        rules::check_edit(&edit)?;
        let by = Edit::now(&self.context, Debounce::Typing);
        self.write(by, move |tx, by| change::edit(tx, by, id, &edit)).await
    }

    /// Deletes an entry. It stays deleted on every device unless somebody edits it there later.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn delete(&self, id: Id) -> Result<()> {
        let by = Edit::now(&self.context, Debounce::Action);
        self.write(by, move |tx, by| change::delete(tx, by, id)).await
    }

    /// One entry.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn get(&self, id: Id) -> Result<HabitLog> {
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| change::found(table::get(connection, &account_id, id)?, id))
            .await
    }

    /// A page of entries, newest first.
    ///
    /// # Errors
    /// `invalid_argument` for a limit or a page mark that is none; a storage error.
    pub async fn list(&self, query: HabitLogQuery) -> Result<HabitLogPage> {
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| table::list(connection, &account_id, &query))
            .await
    }

    /// The totals of a habit by day, from `from_date` to `to_date`, both included, by the dates of the entries. Days without an entry
    /// are left out.
    ///
    /// # Errors
    /// `invalid_argument` for a kind that is empty, a date that the calendar does not have, or a last day before the first; a storage
    /// error.
    pub async fn daily(&self, kind: String, from_date: CivilDate, to_date: CivilDate) -> Result<Vec<HabitDay>> {
        rules::check_kind(&kind)?;
        rules::check_days(from_date, to_date)?;
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| table::daily(connection, &account_id, &kind, from_date, to_date))
            .await
    }

    /// Takes over the entries of an earlier store of the app: all of them, or none if anything fails. Each needs an `external_id`, and has
    /// `migration` as its source if it names none. It may be called again: an entry that is here stays as it is, edited or not, and one
    /// that was deleted stays deleted. The server hears of it after what the person does.
    ///
    /// # Errors
    /// `invalid_argument` naming the field and the row (from 0), as in `record`; `cancelled`; a storage error. Nothing was changed then.
    pub async fn migrate(&self, logs: Vec<NewHabitLog>, cancel: Option<Arc<CancelToken>>) -> Result<MigrationReport> {
        let by = Edit::now(&self.context, Debounce::None).in_background();
        let mut progress = RowProgress::new(&self.context, logs.len());
        self.write(by, move |tx, by| {
            change::migrate(tx, by, &logs, cancel.as_deref(), &mut progress)
        })
        .await
    }
}

#[cfg(test)]
#[path = "api_tests.rs"]
mod tests;
