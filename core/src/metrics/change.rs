//! Every change of an entry with its outbox event, in the caller's transaction: both commit or neither.

use rusqlite::Transaction;
use steadfast_protocol::entity::EntityKind;

use crate::domain::cancel::CancelToken;
use crate::domain::id::Id;
use crate::domain::migration::{self, MigrationReport};
use crate::error::{Result, SteadfastError, ValidationCode};
use crate::outbox::commit::{Changed, RowProgress};
use crate::outbox::edit::{Change, Edit};
use crate::outbox::layers::EntityKey;
use crate::outbox::rows::Fields;

use super::health::{self, Decision, HealthImportReport, HealthRecord};
use super::migrate;
use super::model::{NewProgressEntry, ProgressEntry, ProgressEntryEdit};
use super::{rules, table};

const KIND: EntityKind = EntityKind::ProgressEntry;

/// Writes a new entry; one that its source has named is written once.
///
/// # Errors
/// `not_found` if the entry with this external id was deleted; `invalid_argument`, or what SQLite says.
pub fn record(tx: &Transaction<'_>, by: &Edit, new: &NewProgressEntry) -> Result<Changed<ProgressEntry>> {
    let fields = rules::without_nulls(rules::fields(new)?);
    let (id, changed) = if let Some(id) = rules::imported_id(new)? {
        (id, write_once(tx, by, id, fields)?)
    } else {
        let id = by.new_id();
        (id, by.write(tx, vec![Change::create(KIND, id, fields)])?)
    };
    Ok((required(tx, by, id)?, changed))
}

/// Edits an entry.
///
/// # Errors
/// `not_found`, `invalid_argument`, or what SQLite says.
pub fn edit(tx: &Transaction<'_>, by: &Edit, id: Id, edit: &ProgressEntryEdit) -> Result<Changed<ProgressEntry>> {
    let fields = rules::edited(&required(tx, by, id)?, edit)?;
    let changed = by.write(tx, vec![Change::upsert(KIND, id, fields)])?;
    Ok((required(tx, by, id)?, changed))
}

/// Deletes an entry.
///
/// # Errors
/// `not_found`, or what SQLite says.
pub fn delete(tx: &Transaction<'_>, by: &Edit, id: Id) -> Result<Changed<()>> {
    let changed = by.write(tx, vec![Change::delete(KIND, id)])?;
    if changed.is_empty() {
        return Err(not_found(id));
    }
    Ok(((), changed))
}

/// Takes in records of a health store, one after the other: of two about the same entry the later one stands.
///
/// # Errors
/// What SQLite says. A record that cannot be an entry is counted in the report.
pub fn import_health(tx: &Transaction<'_>, by: &Edit, records: &[HealthRecord]) -> Result<Changed<HealthImportReport>> {
    let (mut report, mut changed) = (HealthImportReport::default(), Vec::new());
    for record in records {
        let fields = match health::fields(record) {
            Ok(fields) => fields,
            Err(error) => {
                report.refuse(record, &error);
                continue;
            }
        };
        let id = health::entry_id(record);
        let known = table::known(tx, &by.account_id, id)?;
        let (count, change) = match health::decide(record, known.as_ref()) {
            Decision::Leave => {
                report.unchanged += 1;
                continue;
            }
            Decision::Import => (
                &mut report.imported,
                Change::upsert(KIND, id, rules::without_nulls(fields)),
            ),
            Decision::Update => (&mut report.updated, Change::upsert(KIND, id, fields)),
            Decision::Delete => (&mut report.deleted, Change::delete(KIND, id)),
        };
        *count += 1;
        changed.extend(by.write(tx, vec![change])?);
    }
    Ok((report, changed))
}

/// Takes over what an earlier store held. An entry that is here, or was, stays as it is.
///
/// # Errors
/// `invalid_argument` naming the field and the row, `cancelled`, or what SQLite says; the transaction must then be rolled back.
pub fn migrate(
    tx: &Transaction<'_>,
    by: &Edit,
    entries: &[NewProgressEntry],
    cancel: Option<&CancelToken>,
    progress: &mut RowProgress,
) -> Result<Changed<MigrationReport>> {
    let rows = migrate::rows(entries)?;
    let mut changed = Vec::new();
    let report = migration::each(
        rows,
        cancel,
        || progress.one_more(),
        |(id, fields)| {
            let written = write_once(tx, by, id, rules::without_nulls(fields))?;
            changed.extend(&written);
            Ok(!written.is_empty())
        },
    )?;
    Ok((report, changed))
}

/// Writes the entry if nothing is known under its id: what was edited or deleted since stays so. Of a row that arrived in part, the rest is
/// as good as unknown.
fn write_once(tx: &Transaction<'_>, by: &Edit, id: Id, fields: Fields) -> Result<Vec<EntityKey>> {
    match table::known(tx, &by.account_id, id)? {
        Some(known) if !known.alive || known.statement.is_some() => Ok(Vec::new()),
        _ => by.write(tx, vec![Change::upsert(KIND, id, fields)]),
    }
}

fn required(tx: &Transaction<'_>, by: &Edit, id: Id) -> Result<ProgressEntry> {
    found(table::get(tx, &by.account_id, id)?, id)
}

/// The entry, or `not_found`.
///
/// # Errors
/// `not_found`.
pub fn found(entry: Option<ProgressEntry>, id: Id) -> Result<ProgressEntry> {
    entry.ok_or_else(|| not_found(id))
}

fn not_found(id: Id) -> SteadfastError {
    SteadfastError::validation(ValidationCode::NotFound, format!("progress entry {id}"))
}
