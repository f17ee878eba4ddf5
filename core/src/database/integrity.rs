//! Is the stored data whole, and what can be mended? SQLite's own checks, and the checks that the rooms bring along.

use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::domain::cancel::CancelToken;
use crate::error::{Result, SteadfastError};

use super::{Database, Reply, backup, transact};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// SQLite finds its own structure damaged.
    DatabaseDamaged,
    /// A row refers to a row that is not there.
    ForeignKey,
    /// A stored checksum does not match its bytes.
    ChecksumWrong,
    /// Parts are missing, doubled or out of order.
    OrderWrong,
    /// A stored count is not the number of rows.
    CountWrong,
    /// A stored sum is not the sum of its parts.
    SumWrong,
    /// A stored summary is not what its track gives.
    SummaryWrong,
    /// A row belongs to nothing.
    Orphan,
    /// A row is not what the server and the queue say of it.
    RowWrong,
    /// A row cannot be read.
    Unreadable,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// In which table.
    pub table: String,
    /// In which row: its key in words.
    pub key: String,
    /// What exactly.
    pub detail: String,
}

/// How much was looked at.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Checked {
    /// The table.
    pub table: String,
    /// Its rows that were checked.
    pub rows: u64,
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct IntegrityReport {
    /// True if nothing is wrong.
    pub ok: bool,
    /// All that is wrong.
    pub findings: Vec<Finding>,
    /// What was looked at.
    pub checked: Vec<Checked>,
}

/// How something was mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum RepairAction {
    /// Computed again from what it follows from.
    Recomputed,
    /// Taken from the backup.
    RestoredFromBackup,
    /// Set aside: kept, and out of use.
    Quarantined,
}

/// One thing that was mended.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Repaired {
    /// How.
    pub action: RepairAction,
    /// In which table.
    pub table: String,
    /// In which row: its key in words.
    pub key: String,
    /// What exactly.
    pub detail: String,
}

/// The result of a repair.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RepairReport {
    /// What was mended.
    pub repaired: Vec<Repaired>,
    /// What is still wrong; damage of SQLite's own structure needs a restore.
    pub remaining: Vec<Finding>,
}

/// What a room finds in its own tables.
#[derive(Debug, Default)]
pub struct Findings {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What was looked at.
    pub checked: Vec<Checked>,
}

/// What a repair has at hand.
pub struct RepairContext<'c> {
    /// The repair's transaction.
    pub transaction: &'c Transaction<'c>,
    /// The last backup, if there is one that can be opened. Its content may be damaged as well.
    pub backup: Option<&'c Connection>,
    /// The caller may stop it, which rolls back.
    pub cancel: Option<&'c CancelToken>,
    /// When, UTC milliseconds.
    pub now_ms: i64,
}

/// A room's own check. The database knows no room; the client hands the checks in.
pub trait RoomCheck: Send + Sync {
    /// Looks and changes nothing.
    ///
    /// # Errors
    /// What SQLite says; `Cancelled`.
    fn check(&self, connection: &Connection, cancel: Option<&CancelToken>) -> Result<Findings>;

    /// Mends what it can. Deletes nothing: what cannot be read is moved into `quarantine`.
    ///
    /// # Errors
    /// What SQLite says; `Cancelled`. Everything is rolled back then.
    fn repair(&self, context: &RepairContext<'_>) -> Result<Vec<Repaired>>;
}

/// The checks of all rooms.
pub type RoomChecks = Arc<[Box<dyn RoomCheck>]>;

/// `Cancelled` if the caller asked for it.
///
/// # Errors
/// Only that.
pub fn go_on(cancel: Option<&CancelToken>) -> Result<()> {
    if cancel.is_some_and(CancelToken::is_cancelled) {
        Err(SteadfastError::cancelled())
    } else {
        Ok(())
    }
}

impl Database {
    /// Checks everything and changes nothing.
    pub fn check_integrity(&self, rooms: RoomChecks, cancel: Option<Arc<CancelToken>>) -> Reply<IntegrityReport> {
        self.read(move |connection| check(connection, &rooms, cancel.as_deref()))
    }

    /// Mends what the rooms can mend, in one transaction, and checks again.
    pub fn repair(&self, rooms: RoomChecks, now_ms: i64, cancel: Option<Arc<CancelToken>>) -> Reply<RepairReport> {
        let folder = self.shared.folder.clone();
        self.on_writer(move |connection| {
            go_on(cancel.as_deref())?;
            let backup = backup::open_backup(&folder);
            let repaired = transact(connection, TransactionBehavior::Immediate, |transaction| {
                let context = RepairContext {
                    transaction,
                    backup: backup.as_ref(),
                    cancel: cancel.as_deref(),
                    now_ms,
                };
                let mut repaired = Vec::new();
                for room in rooms.iter() {
                    repaired.extend(room.repair(&context)?);
                }
                Ok(repaired)
            })?;
            // The repair is committed; a cancellation from here on would hide what it did.
            let remaining = check(connection, &rooms, None)?.findings;
            Ok(RepairReport { repaired, remaining })
        })
    }
}

fn check(connection: &Connection, rooms: &RoomChecks, cancel: Option<&CancelToken>) -> Result<IntegrityReport> {
    go_on(cancel)?;
    let mut findings = sqlite_check(connection, "integrity_check")?;
    findings.extend(foreign_keys(connection)?);
    let mut checked = Vec::new();
    for room in rooms.iter() {
        go_on(cancel)?;
        match room.check(connection, cancel) {
            Ok(more) => {
                findings.extend(more.findings);
                checked.extend(more.checked);
            }
            // A room that runs into the damage has found it.
            Err(error) if error.code_name() == "storage_corrupt" && !findings.is_empty() => {
                findings.push(damage(&error.detail()));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(IntegrityReport {
        ok: findings.is_empty(),
        findings,
        checked,
    })
}

fn damage(detail: &str) -> Finding {
    Finding {
        kind: FindingKind::DatabaseDamaged,
        table: String::new(),
        key: String::new(),
        detail: detail.to_owned(),
    }
}

/// SQLite's `integrity_check` or the faster `quick_check`, which leaves the indexes' content out.
pub(super) fn sqlite_check(connection: &Connection, pragma: &str) -> Result<Vec<Finding>> {
    let collect = || -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare(&format!("PRAGMA {pragma}"))?;
        statement.query_map([], |row| row.get(0))?.collect()
    };
    match collect().map_err(SteadfastError::from) {
        Ok(lines) => Ok(lines
            .iter()
            .filter(|line| *line != "ok")
            .map(|line| damage(line))
            .collect()),
        // Damage that the check itself trips over is damage all the same.
        Err(error) if error.code_name() == "storage_corrupt" => Ok(vec![damage(&error.detail())]),
        Err(error) => Err(error),
    }
}

fn foreign_keys(connection: &Connection) -> Result<Vec<Finding>> {
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let findings = statement.query_map([], |row| {
        Ok(Finding {
            kind: FindingKind::ForeignKey,
            table: row.get(0)?,
            key: row
                .get::<_, Option<i64>>(1)?
                .map(|row| format!("row {row}"))
                .unwrap_or_default(),
            detail: format!("refers to a row of {} that is not there", row.get::<_, String>(2)?),
        })
    })?;
    Ok(findings.collect::<rusqlite::Result<_>>()?)
}
