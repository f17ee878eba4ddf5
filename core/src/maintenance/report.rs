//! A report to attach to a bug: what the core counted, where the queue stands, how large the store is. Numbers and names of errors
//! alone: no position, no note, no name, no id, no token.

use std::collections::HashMap;

use rusqlite::Connection;
use steadfast_protocol::entity::EntityKind;

use crate::domain::small_map::small_map;
use crate::error::Result;
use crate::outbox::model::OutboxStatistics;
use crate::telemetry::model::Telemetry;

/// What a bug report should have with it.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct DiagnosticsReport {
    /// The core's version.
    pub version: String,
    /// The version of the store's schema.
    pub schema_version: u32,
    /// `linux`, `android`, `ios`, `macos`, `windows`.
    pub platform: String,
    /// Bytes of the store's files.
    pub store_bytes: u64,
    /// Free bytes beside it, if the system says.
    pub free_bytes: Option<u64>,
    /// Rows by kind, deleted ones left out.
    pub rows: HashMap<String, u64>,
    /// Where the signed-in account's queue stands.
    pub outbox: OutboxStatistics,
    /// The open events' errors by code.
    pub outbox_errors: HashMap<String, u64>,
    /// What was counted and timed since the client was opened.
    pub telemetry: Telemetry,
    /// All of it as text, a line a figure.
    pub text: String,
}

/// Rows by kind, deleted ones left out, of every account.
///
/// # Errors
/// What SQLite says.
pub fn rows(connection: &Connection) -> Result<HashMap<String, u64>> {
    EntityKind::ALL
        .iter()
        .map(|kind| {
            let sql = format!("SELECT count(*) FROM {} WHERE alive = 1", kind.name());
            let count: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
            Ok((kind.name().to_owned(), count.unsigned_abs()))
        })
        .collect()
}

/// The open events' errors by code.
///
/// # Errors
/// What SQLite says.
pub fn outbox_errors(connection: &Connection, account_id: &str) -> Result<HashMap<String, u64>> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(error_code, error_class), count(*) FROM outbox
         WHERE account_id = ?1 AND completed_at_ms IS NULL AND error_class IS NOT NULL GROUP BY 1",
    )?;
    let rows = statement.query_map([account_id], |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

impl DiagnosticsReport {
    /// Writes the text.
    #[must_use]
    pub fn with_text(mut self) -> Self {
        let mut lines = vec![
            format!(
                "steadfast {} on {}, schema {}",
                self.version, self.platform, self.schema_version
            ),
            format!(
                "store: {} bytes, free: {}",
                self.store_bytes,
                self.free_bytes
                    .map_or("unknown".to_owned(), |free| format!("{free} bytes"))
            ),
        ];
        let rows = small_map(&self.rows);
        lines.extend(rows.into_iter().map(|(kind, count)| format!("rows.{kind}: {count}")));
        let outbox = &self.outbox;
        for (status, count) in [
            ("pending", outbox.pending),
            ("processing", outbox.processing),
            ("failed", outbox.failed),
            ("dead", outbox.dead),
            ("completed", outbox.completed),
            ("replaced", outbox.replaced),
            ("discarded", outbox.discarded),
        ] {
            lines.push(format!("outbox.{status}: {count}"));
        }
        let errors = small_map(&self.outbox_errors);
        lines.extend(
            errors
                .into_iter()
                .map(|(code, count)| format!("outbox.error.{code}: {count}")),
        );
        let operations = small_map(&self.telemetry.operations);
        for (operation, statistics) in operations {
            lines.push(format!(
                "{}: {} times, median {} ms, 95 % within {} ms, longest {} ms",
                operation.name(),
                statistics.count,
                statistics.median_ms,
                statistics.p95_ms,
                statistics.max_ms
            ));
            let failures = small_map(&statistics.failures);
            lines.extend(
                failures
                    .into_iter()
                    .map(|(code, count)| format!("{}.failure.{code}: {count}", operation.name())),
            );
        }
        self.text = lines.join("\n");
        self
    }
}
