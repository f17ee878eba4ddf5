//! Every change of a training day with its outbox event, in the caller's transaction: both commit or neither.

use rusqlite::Transaction;
use steadfast_protocol::entity::EntityKind;

use crate::domain::cancel::CancelToken;
use crate::domain::migration::{self, MigrationReport};
use crate::domain::program_day::ProgramDay;
use crate::error::{Result, SteadfastError, ValidationCode};
use crate::outbox::commit::{Changed, RowProgress};
use crate::outbox::edit::{Change, Edit};
use crate::outbox::layers;
use crate::outbox::rows::{self, Fields};

use super::model::{ProgramSession, ProgramSessionImport, ScheduledDay};
use super::{rules, table};

/// Writes fields of a session; makes it where there is none.
///
/// # Errors
/// What SQLite says.
pub fn write(tx: &Transaction<'_>, by: &Edit, day: &ProgramDay, fields: Fields) -> Result<Changed<ProgramSession>> {
    let changed = by.write(tx, vec![rules::change(day, fields)])?;
    Ok((required(tx, by, day)?, changed))
}

/// Takes a completion back.
///
/// # Errors
/// `not_found`, or what SQLite says.
pub fn uncomplete(tx: &Transaction<'_>, by: &Edit, day: &ProgramDay) -> Result<Changed<ProgramSession>> {
    required(tx, by, day)?;
    write(tx, by, day, rules::uncompleted())
}

/// Deletes a session.
///
/// # Errors
/// `not_found`, or what SQLite says.
pub fn remove(tx: &Transaction<'_>, by: &Edit, day: &ProgramDay) -> Result<Changed<()>> {
    required(tx, by, day)?;
    let change = Change::delete(EntityKind::ProgramSession, rules::session_id(day));
    Ok(((), by.write(tx, vec![change])?))
}

/// Moves dates, all of them or none, here and on the server. A date that is taken away from a day without a session makes no session.
///
/// # Errors
/// What SQLite says.
pub fn schedule(tx: &Transaction<'_>, by: &Edit, days: &[ScheduledDay]) -> Result<Changed<Vec<ProgramSession>>> {
    let mut moves = Vec::with_capacity(days.len());
    for ScheduledDay { program_day, date } in days {
        if date.is_some() || table::get(tx, &by.account_id, program_day)?.is_some() {
            moves.push(rules::change(program_day, rules::scheduled(*date)));
        }
    }
    let changed = by.write_group(tx, moves)?;
    let mut sessions = Vec::with_capacity(days.len());
    for day in days {
        sessions.extend(table::get(tx, &by.account_id, &day.program_day)?);
    }
    Ok((sessions, changed))
}

/// Takes over what an earlier store held. A row says only what nobody has said here: neither the server, nor this device, not even by
/// taking it back. A deleted session stays deleted.
///
/// # Errors
/// `invalid_argument` naming the field, `cancelled`, or what SQLite says; the transaction must then be rolled back.
pub fn migrate(
    tx: &Transaction<'_>,
    by: &Edit,
    imports: &[ProgramSessionImport],
    cancel: Option<&CancelToken>,
    progress: &mut RowProgress,
) -> Result<Changed<MigrationReport>> {
    migration::checked(imports, rules::check_import)?;
    let mut changed = Vec::new();
    let report = migration::each(
        imports,
        cancel,
        || progress.one_more(),
        |import| {
            let fields = unsaid(tx, by, import)?;
            if fields.is_empty() {
                return Ok(false);
            }
            let written = by.write(tx, vec![rules::change(&import.program_day, fields)])?;
            changed.extend(&written);
            Ok(!written.is_empty())
        },
    )?;
    Ok((report, changed))
}

fn unsaid(tx: &Transaction<'_>, by: &Edit, import: &ProgramSessionImport) -> Result<Fields> {
    let key = (EntityKind::ProgramSession, rules::session_id(&import.program_day));
    let Some(stored) = rows::read(tx, key.0, &by.account_id, key.1)? else {
        return Ok(rules::unsaid(import, |_| false));
    };
    if !stored.alive {
        return Ok(Fields::new());
    }
    // The row alone cannot tell what was taken back from what was never said.
    let layered = layers::visible(tx, &by.account_id, key)?;
    Ok(rules::unsaid(import, |name| {
        let is_layered = layered.as_ref().is_some_and(|seen| seen.row.fields.contains_key(name));
        is_layered || stored.fields.get(name).is_some_and(|value| !value.is_null())
    }))
}

fn required(tx: &Transaction<'_>, by: &Edit, day: &ProgramDay) -> Result<ProgramSession> {
    table::get(tx, &by.account_id, day)?.ok_or_else(|| {
        let detail = format!("a session of week {}, day {}", day.week, day.day);
        SteadfastError::validation(ValidationCode::NotFound, detail)
    })
}
