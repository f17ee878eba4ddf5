//! The exported object `Programs`: what a person did, felt and planned, by training day.

use std::sync::Arc;

use rusqlite::Transaction;

use crate::context::Context;
use crate::domain::cancel::CancelToken;
use crate::domain::migration::MigrationReport;
use crate::domain::program_day::{self, ProgramDay};
use crate::error::Result;
use crate::outbox::commit::{Changed, RowProgress, commit};
use crate::outbox::edit::{Debounce, Edit};

use super::change;
use super::model::{Completion, Intensity, ProgramSession, ProgramSessionImport, ScheduledDay};
use super::{rules, table};

/// The training days of the signed-in account's programs.
///
/// A day gets its session with the first thing that is said of it. Its id follows from (program, week, day), so that two devices that
/// are offline say it of the same session.
#[derive(uniffi::Object)]
pub struct Programs {
    context: Arc<Context>,
}

impl Programs {
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

    fn tap(&self) -> Edit {
        Edit::now(&self.context, Debounce::Action)
    }
}

#[uniffi::export]
impl Programs {
    /// Completes a training day, and gives its session as it is now. Completing it again sets the new moment.
    ///
    /// # Errors
    /// `invalid_argument` for a day that no program has (week 1 to 1000, day 1 to 366), a moment before 1970 or after 2999, an offset of
    /// more than 18 hours, or a date that the calendar does not have; a storage error. A wrong clock is no error.
    pub async fn complete(&self, day: ProgramDay, completion: Completion) -> Result<ProgramSession> {
        day.check()?;
        rules::check_completion(&completion)?;
        let write = move |tx: &Transaction<'_>, by: &Edit| change::write(tx, by, &day, rules::completed(&completion));
        self.write(self.tap(), write).await
    }

    /// Takes a completion back: its moment and offset. Rating and date stay, since either can be given to a session that is not
    /// completed. Does nothing to a session that is not completed.
    ///
    /// # Errors
    /// `not_found` if the day has no session; `invalid_argument` for a day that no program has; a storage error.
    pub async fn uncomplete(&self, day: ProgramDay) -> Result<ProgramSession> {
        day.check()?;
        self.write(self.tap(), move |tx, by| change::uncomplete(tx, by, &day))
            .await
    }

    /// Says how hard a session felt, completed or not.
    ///
    /// # Errors
    /// `invalid_argument` for a day that no program has; a storage error.
    pub async fn rate(&self, day: ProgramDay, intensity: Intensity) -> Result<ProgramSession> {
        day.check()?;
        let write = move |tx: &Transaction<'_>, by: &Edit| change::write(tx, by, &day, rules::rated(intensity));
        self.write(self.tap(), write).await
    }

    /// Sets, moves or takes away the dates of training days, and gives their sessions as they are now, in the same order; a day that has
    /// no session and gets no date is left out. Several days move together: here and on the server all of them or none.
    ///
    /// # Errors
    /// `invalid_argument` for more than 500 days, a day that stands in the list twice, a day that no program has, or a date that the
    /// calendar does not have; a storage error.
    pub async fn schedule(&self, days: Vec<ScheduledDay>) -> Result<Vec<ProgramSession>> {
        rules::check_schedule(&days)?;
        self.write(self.tap(), move |tx, by| change::schedule(tx, by, &days))
            .await
    }

    /// Deletes the session of a training day: completion, rating and date. It stays deleted on every device unless somebody says
    /// something of the day later; it is empty then but for that.
    ///
    /// # Errors
    /// `not_found` if the day has no session; `invalid_argument` for a day that no program has; a storage error.
    pub async fn remove(&self, day: ProgramDay) -> Result<()> {
        day.check()?;
        self.write(self.tap(), move |tx, by| change::remove(tx, by, &day)).await
    }

    /// The session of a training day; `None` if nothing was said of it.
    ///
    /// # Errors
    /// `invalid_argument` for a day that no program has; a storage error.
    pub async fn session(&self, day: ProgramDay) -> Result<Option<ProgramSession>> {
        day.check()?;
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| table::get(connection, &account_id, &day))
            .await
    }

    /// All sessions of a program, by week and day.
    ///
    /// # Errors
    /// `invalid_argument` for an id that is empty, too long or has control characters; a storage error.
    pub async fn progress(&self, program_id: String) -> Result<Vec<ProgramSession>> {
        rules::check_program(&program_id)?;
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| table::list(connection, &account_id, &program_id, None))
            .await
    }

    /// The sessions of one week of a program, by day.
    ///
    /// # Errors
    /// As `progress`; `invalid_argument` for a week that is not between 1 and 1000.
    pub async fn week(&self, program_id: String, week: u32) -> Result<Vec<ProgramSession>> {
        rules::check_program(&program_id)?;
        program_day::check_week(week)?;
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| table::list(connection, &account_id, &program_id, Some(week)))
            .await
    }

    /// Takes over the sessions of an earlier store of the app: all of them, or none if anything fails. It may be called again: a row says
    /// only what nobody said here, so it overwrites nothing, completes nothing that was taken back, and brings no deleted session back. Of
    /// two rows for one day the first counts, and the second adds what the first leaves open. The server hears of it after what the
    /// person does.
    ///
    /// # Errors
    /// `invalid_argument` naming the field and the row (from 0), as in `complete`; `cancelled`; a storage error. Nothing was changed then.
    pub async fn migrate(
        &self,
        sessions: Vec<ProgramSessionImport>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<MigrationReport> {
        let by = Edit::now(&self.context, Debounce::None).in_background();
        let mut progress = RowProgress::new(&self.context, sessions.len());
        self.write(by, move |tx, by| {
            change::migrate(tx, by, &sessions, cancel.as_deref(), &mut progress)
        })
        .await
    }
}
