//! The exported object `Metrics`: entries recorded, edited, listed, added up by day, taken in from health stores and earlier stores.

use std::sync::Arc;

use rusqlite::Transaction;

use crate::context::Context;
use crate::domain::cancel::CancelToken;
use crate::domain::civil_date::CivilDate;
use crate::domain::id::Id;
use crate::domain::migration::MigrationReport;
use crate::error::{Result, SteadfastError};
use crate::outbox::commit::{Changed, RowProgress, commit};
use crate::outbox::edit::{Debounce, Edit};

use super::health::{HealthImportReport, HealthRecord};
use super::kind::MetricKind;
use super::model::{
    DailyTotal, NewProgressEntry, ProgressEntry, ProgressEntryEdit, ProgressEntryPage, ProgressEntryQuery,
};
use super::{change, rules, table};

/// Records of one transaction of an import. Years of steps are a hundred thousand records; in one transaction they would hold the only
/// writing thread for many seconds, and a person's own entry or a workout's save would wait behind them. A part that is committed need not
/// be taken back: importing again goes on where this import stopped.
const IMPORT_CHUNK: usize = 1_000;

/// The progress entries of the signed-in account: body mass, heart rate, mood, steps and the rest of a day's activity.
#[derive(uniffi::Object)]
pub struct Metrics {
    context: Arc<Context>,
}

impl Metrics {
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
impl Metrics {
    /// Records an entry, and gives it as it is stored. One with an `external_id` is recorded once: recording it again changes nothing and
    /// gives the entry as it is now.
    ///
    /// # Errors
    /// `invalid_argument` naming the field: a quantity that is no number or cannot be (see `MetricKind.bounds`), a unit that the kind is not
    /// entered in, a kind of a newer version, a moment before 1970 or after 2999, an offset of more than 18 hours, a date that the calendar
    /// does not have, a text that is too long or has control characters, an external id without a source; `not_found` if the entry with
    /// this external id was deleted; a storage error. A wrong clock is no error.
    pub async fn record(&self, entry: NewProgressEntry) -> Result<ProgressEntry> {
        let by = Edit::now(&self.context, Debounce::Action);
        self.write(by, move |tx, by| change::record(tx, by, &entry)).await
    }

    /// Changes an entry, and gives it as it is now. A new quantity, unit, moment, offset or day makes an imported entry the person's own:
    /// its `source` is unset, and imports leave it alone.
    ///
    /// # Errors
    /// `not_found`; `invalid_argument` as in `record`, and for a text that is empty or a field that is set and unset at once; a storage
    /// error.
    pub async fn edit(&self, id: Id, edit: ProgressEntryEdit) -> Result<ProgressEntry> {
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
    pub async fn get(&self, id: Id) -> Result<ProgressEntry> {
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| change::found(table::get(connection, &account_id, id)?, id))
            .await
    }

    /// A page of entries, newest first.
    ///
    /// # Errors
    /// `invalid_argument` for a limit or a page mark that is none, or a kind of a newer version; a storage error.
    pub async fn list(&self, query: ProgressEntryQuery) -> Result<ProgressEntryPage> {
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| table::list(connection, &account_id, &query))
            .await
    }

    /// The entry of a kind that was measured last; `None` if there is none.
    ///
    /// # Errors
    /// `invalid_argument` for a kind of a newer version; a storage error.
    pub async fn latest(&self, kind: MetricKind) -> Result<Option<ProgressEntry>> {
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| table::latest(connection, &account_id, kind))
            .await
    }

    /// What the entries of a kind come to by day, from `from_date` to `to_date`, both included; days without an entry are left out. Days
    /// are civil: an entry counts for its `date`, wherever the person was.
    ///
    /// # Errors
    /// `invalid_argument` for a date that the calendar does not have, a last day before the first, or a kind of a newer version; a storage
    /// error.
    pub async fn daily(&self, kind: MetricKind, from_date: CivilDate, to_date: CivilDate) -> Result<Vec<DailyTotal>> {
        rules::check_days(from_date, to_date)?;
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| table::daily(connection, &account_id, kind, from_date, to_date))
            .await
    }

    /// Takes in records of the phone's health store. Importing the same records again changes nothing. A record that was changed there
    /// changes its entry, a deleted one deletes it; an entry that the person edited here is theirs and is left alone, one that they deleted
    /// here stays deleted until its record is changed. A record that cannot be an entry is counted with its reason and stops no other.
    ///
    /// The server hears of it after what the person does. 1,000 records are one transaction, each told by a `Progress` event. Sync before the
    /// first import on a new device: it then knows what another one imported, and what the person edited or deleted there.
    ///
    /// # Errors
    /// `cancelled`; a storage error. The records of the transactions before stay imported, and importing again goes on from there.
    pub async fn import_health(
        &self,
        records: Vec<HealthRecord>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<HealthImportReport> {
        let by = Edit::now(&self.context, Debounce::None).in_background();
        let total = records.len();
        let mut progress = RowProgress::new(&self.context, total);
        let mut report = HealthImportReport::default();
        let mut records = records.into_iter();
        while records.len() > 0 {
            if cancel.as_ref().is_some_and(|token| token.is_cancelled()) {
                return Err(SteadfastError::cancelled());
            }
            let chunk: Vec<HealthRecord> = records.by_ref().take(IMPORT_CHUNK).collect();
            let next = self
                .write(by.clone(), move |tx, by| change::import_health(tx, by, &chunk))
                .await?;
            report = report.and(next);
            progress.at(total - records.len());
        }
        Ok(report)
    }

    /// Takes over the entries of an earlier store of the app: all of them, or none if anything fails. Each needs an `external_id`, the id that
    /// it had there. It may be called again: an entry that is here stays as it is, edited or not, and one that was deleted stays deleted. The
    /// server hears of it after what the person does.
    ///
    /// # Errors
    /// `invalid_argument` naming the field and the row (from 0), as in `record`, and for two entries that differ under one external id;
    /// `cancelled`; a storage error. Nothing was changed then.
    pub async fn migrate(
        &self,
        entries: Vec<NewProgressEntry>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<MigrationReport> {
        let by = Edit::now(&self.context, Debounce::None).in_background();
        let mut progress = RowProgress::new(&self.context, entries.len());
        self.write(by, move |tx, by| {
            change::migrate(tx, by, &entries, cancel.as_deref(), &mut progress)
        })
        .await
    }
}

#[cfg(test)]
#[path = "api_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "import_tests.rs"]
mod import_tests;
