//! The exported object `Maintenance`: is the store whole, and what can be mended, freed, backed up?

use std::sync::Arc;

use crate::context::{Context, Elsewhere};
use crate::domain::cancel::CancelToken;
use crate::error::Result;

use crate::database::backup;
use crate::database::integrity::{IntegrityReport, RepairReport, RoomChecks};
use crate::database::migrations::LATEST;
use crate::database::space::{self, FreedSpace};
use crate::outbox::table as outbox;
use crate::telemetry::model::Telemetry;

use super::report::{self, DiagnosticsReport};

/// Closed events stay this long as an audit trail; milliseconds.
const EVENT_RETENTION_MS: i64 = 30 * 24 * 3600 * 1000;

/// What a room does to its own rows around maintenance.
pub struct MaintenanceHooks {
    /// Deletes closed outbox events older than a moment (UTC milliseconds); says how many.
    pub reclaim: fn(&rusqlite::Transaction<'_>, i64) -> Result<u64>,
    /// Closes the outbox's events to coalescing, before the store is copied.
    pub before_backup: fn(&rusqlite::Transaction<'_>) -> Result<()>,
}

/// Checks, repairs, frees and backs up the store.
#[derive(uniffi::Object)]
pub struct Maintenance {
    context: Arc<Context>,
    checks: RoomChecks,
    hooks: MaintenanceHooks,
}

impl Maintenance {
    /// The room of a client; `checks` are what the other rooms look at in their own tables.
    #[must_use]
    pub fn new(context: Arc<Context>, checks: RoomChecks, hooks: MaintenanceHooks) -> Self {
        Self { context, checks, hooks }
    }
}

#[uniffi::export]
impl Maintenance {
    /// Looks at everything and changes nothing: SQLite's own check, every track's checksums, every summary against its track.
    ///
    /// # Errors
    /// `cancelled`; a storage error. Damage is no error but a finding.
    pub async fn check_integrity(&self, cancel: Option<Arc<CancelToken>>) -> Result<IntegrityReport> {
        self.context
            .database
            .check_integrity(Arc::clone(&self.checks), cancel)
            .await
    }

    /// Mends what can be mended: computes summaries again, takes damaged parts from the backup, sets aside what cannot be read. Nothing is
    /// deleted.
    ///
    /// # Errors
    /// `cancelled`; a storage error. Nothing was changed then.
    pub async fn repair(&self, cancel: Option<Arc<CancelToken>>) -> Result<RepairReport> {
        let repaired = self
            .context
            .database
            .repair(Arc::clone(&self.checks), self.context.now().wall_ms, cancel)
            .await;
        self.context.changed_elsewhere(Elsewhere::Changed);
        repaired
    }

    /// Gives room back to the device: outbox events that were closed 30 days ago go, free pages leave the file.
    ///
    /// # Errors
    /// A storage error.
    pub async fn free_space(&self) -> Result<FreedSpace> {
        let closed_before_ms = self.context.now().wall_ms - EVENT_RETENTION_MS;
        let reclaim = self.hooks.reclaim;
        self.context
            .database
            .free_space(move |tx| reclaim(tx, closed_before_ms))
            .await
    }

    /// What was counted and timed since the client was opened.
    #[must_use]
    pub fn telemetry(&self) -> Telemetry {
        self.context.meter.telemetry()
    }

    /// A report to attach to a bug. Numbers and names of errors alone: no position, no note, no name, no id, no token.
    ///
    /// # Errors
    /// A storage error.
    pub async fn diagnostics(&self) -> Result<DiagnosticsReport> {
        let (account_id, telemetry) = (self.context.account_id(), self.context.meter.telemetry());
        let folder = self.context.data_dir.clone();
        self.context
            .database
            .read(move |connection| {
                let report = DiagnosticsReport {
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    schema_version: LATEST.unsigned_abs(),
                    platform: std::env::consts::OS.to_owned(),
                    store_bytes: space::store_bytes(&folder),
                    free_bytes: space::free_bytes(&folder).ok(),
                    rows: report::rows(connection)?,
                    outbox: outbox::statistics(connection, &account_id)?,
                    outbox_errors: report::outbox_errors(connection, &account_id)?,
                    telemetry,
                    text: String::new(),
                };
                Ok(report.with_text())
            })
            .await
    }

    /// Copies the store to `backup.db` if the last copy is a day old. True if one was made. Call it while nothing is recorded; it is the
    /// file that the system's backup should take, the live files should be left out of it.
    ///
    /// # Errors
    /// A storage error; the older copy stays then.
    pub async fn back_up(&self) -> Result<bool> {
        let now_ms = self.context.now().wall_ms;
        if !backup::is_due(self.context.database.last_backup_at_ms().await?, now_ms) {
            return Ok(false);
        }
        self.context.database.back_up(now_ms, self.hooks.before_backup).await?;
        Ok(true)
    }
}
