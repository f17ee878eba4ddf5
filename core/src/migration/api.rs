//! The exported object `Migration`: an earlier store's data, taken over once.

use std::path::Path;
use std::sync::Arc;

use crate::background;
use crate::context::Context;
use crate::domain::cancel::CancelToken;
use crate::domain::migration::MigrationReport;
use crate::error::Result;
use crate::habits::change as habits;
use crate::interchange::api::read_file;
use crate::metrics::change as metrics;
use crate::outbox::commit::{RowProgress, announce};
use crate::outbox::edit::{Debounce, Edit};
use crate::programs::change as programs;
use crate::telemetry::model::Operation;

use super::file;

/// Takes over what the app kept before it had this core.
#[derive(uniffi::Object)]
pub struct Migration {
    context: Arc<Context>,
}

/// What was taken over, room by room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct EarlierDataReport {
    /// Training days of programs.
    pub program_sessions: MigrationReport,
    /// Habit logs.
    pub habit_logs: MigrationReport,
    /// Metrics.
    pub progress_entries: MigrationReport,
}

impl Migration {
    /// The room of a client.
    #[must_use]
    pub fn new(context: Arc<Context>) -> Self {
        Self { context }
    }
}

#[uniffi::export]
impl Migration {
    /// Takes over a file (docs/formats/migration.md) in one transaction: all of it or nothing. What is here already, was changed here
    /// since or was deleted here stays as it is, so a file can be given as often as the app likes. `Progress` events tell how many rows are
    /// done. May be cancelled until it commits.
    ///
    /// # Errors
    /// `file_not_found`, `is_directory`, `empty_file`, `file_too_large`, `malformed_file`, `unknown_format`; `invalid_argument` naming the
    /// field and the row, counted from 0; `cancelled`; a storage error. Nothing was changed then.
    pub async fn migrate_file(&self, path: String, cancel: Option<Arc<CancelToken>>) -> Result<EarlierDataReport> {
        let began = self.context.now();
        let context = Arc::clone(&self.context);
        let by = Edit::now(&context, Debounce::None).in_background();
        let done = background::run("migration", move || {
            let data = file::read(&read_file(Path::new(&path))?)?;
            let total = data.sessions.len() + data.habit_logs.len() + data.progress_entries.len();
            let mut progress = RowProgress::new(&context, total);
            let (report, changed) = context
                .database
                .write(move |tx| {
                    let (cancel, progress) = (cancel.as_deref(), &mut progress);
                    let (program_sessions, mut changed) = programs::migrate(tx, &by, &data.sessions, cancel, progress)?;
                    let (habit_logs, of_habits) = habits::migrate(tx, &by, &data.habit_logs, cancel, progress)?;
                    let (progress_entries, of_metrics) =
                        metrics::migrate(tx, &by, &data.progress_entries, cancel, progress)?;
                    changed.extend(of_habits);
                    changed.extend(of_metrics);
                    Ok((
                        EarlierDataReport {
                            program_sessions,
                            habit_logs,
                            progress_entries,
                        },
                        changed,
                    ))
                })
                .wait()?;
            announce(&context, &changed);
            Ok(report)
        })
        .await;
        self.context.measured(Operation::Import, &began, &done);
        done
    }
}

#[cfg(test)]
#[path = "api_tests.rs"]
mod tests;
