//! What a training day may hold, its id, and the fields that each call writes. Pure.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use steadfast_protocol::entity::EntityKind;

use crate::domain::civil_date::CivilDate;
use crate::domain::id::{self, Id};
use crate::domain::instant::{check_utc_offset, checked_ms};
use crate::domain::program_day::ProgramDay;
use crate::domain::small_map::small_map;
use crate::domain::text::check_name;
use crate::domain::time::to_ms;
use crate::error::{Result, SteadfastError};
use crate::outbox::edit::Change;
use crate::outbox::merge::MAX_GROUP;
use crate::outbox::rows::Fields;

use super::model::{Completion, Intensity, ProgramSessionImport, ScheduledDay};

const COMPLETED_AT: &str = "completed_at_ms";
const COMPLETED_OFFSET: &str = "completed_utc_offset_s";
const INTENSITY: &str = "intensity";
const SCHEDULED_DATE: &str = "scheduled_date";

/// Checks the app's id of a program.
///
/// # Errors
/// `InvalidArgument` naming `program_id`: empty, blank, too long, or with control characters.
pub fn check_program(program_id: &str) -> Result<()> {
    check_name("program_id", program_id)
}

/// Checks a completion.
///
/// # Errors
/// `InvalidArgument` naming `completed_at`, `utc_offset_s` or `scheduled_date`.
pub fn check_completion(completion: &Completion) -> Result<()> {
    checked_ms("completed_at", completion.completed_at)?;
    check_utc_offset("utc_offset_s", completion.utc_offset_s)?;
    check_date(completion.scheduled_date)
}

/// Checks the dates that move together.
///
/// # Errors
/// `InvalidArgument` naming `days` if there are more than one group holds or one training day stands in it twice; else as [`ProgramDay::check`],
/// or naming `scheduled_date`.
pub fn check_schedule(days: &[ScheduledDay]) -> Result<()> {
    if days.len() > MAX_GROUP {
        let detail = format!("{} days move together, at most {MAX_GROUP} can", days.len());
        return Err(SteadfastError::invalid("days", detail));
    }
    let mut seen = BTreeSet::new();
    for ScheduledDay { program_day, date } in days {
        program_day.check()?;
        check_date(*date)?;
        if !seen.insert(program_day) {
            let detail = format!("week {}, day {} stands in it twice", program_day.week, program_day.day);
            return Err(SteadfastError::invalid("days", detail));
        }
    }
    Ok(())
}

/// Checks a row of an earlier store.
///
/// # Errors
/// As [`ProgramDay::check`]; `InvalidArgument` naming `completed_at`, `completed_utc_offset_s` or `scheduled_date`.
pub fn check_import(import: &ProgramSessionImport) -> Result<()> {
    import.program_day.check()?;
    if let Some(completed_at) = import.completed_at {
        checked_ms("completed_at", completed_at)?;
    }
    check_utc_offset(COMPLETED_OFFSET, import.completed_utc_offset_s)?;
    check_date(import.scheduled_date)
}

fn check_date(date: Option<CivilDate>) -> Result<()> {
    date.map_or(Ok(()), |date| date.checked(SCHEDULED_DATE).map(drop))
}

/// The id of a training day's session.
#[must_use]
pub fn session_id(day: &ProgramDay) -> Id {
    id::program_session(&day.program_id, day.week, day.day)
}

/// The change that writes `fields` of a training day. It says the day as well: nothing leads from the id back to it.
#[must_use]
pub fn change(day: &ProgramDay, mut fields: Fields) -> Change {
    fields.insert("program_id".to_owned(), json!(day.program_id));
    fields.insert("week".to_owned(), json!(day.week));
    fields.insert("day".to_owned(), json!(day.day));
    Change::upsert(EntityKind::ProgramSession, session_id(day), fields)
}

/// What a completion writes. The offset belongs to its moment: where it is unknown, the one of an earlier completion goes.
#[must_use]
pub fn completed(completion: &Completion) -> Fields {
    let mut fields = fields([
        (COMPLETED_AT, json!(to_ms(completion.completed_at))),
        (COMPLETED_OFFSET, json!(completion.utc_offset_s)),
    ]);
    if let Some(intensity) = completion.intensity {
        fields.extend(rated(intensity));
    }
    if let Some(date) = completion.scheduled_date {
        fields.extend(scheduled(Some(date)));
    }
    fields
}

/// What taking a completion back writes. The rating stays, as it can be given without a completion; so does the date.
#[must_use]
pub fn uncompleted() -> Fields {
    fields([(COMPLETED_AT, Value::Null), (COMPLETED_OFFSET, Value::Null)])
}

/// What a rating writes.
#[must_use]
pub fn rated(intensity: Intensity) -> Fields {
    fields([(INTENSITY, json!(intensity.name()))])
}

/// What a date writes.
#[must_use]
pub fn scheduled(date: Option<CivilDate>) -> Fields {
    fields([(SCHEDULED_DATE, json!(date))])
}

/// What a row of an earlier store says of the fields of which nobody has said anything: `is_said` tells which those are not. A
/// completion's moment and offset come together or not at all.
#[must_use]
pub fn unsaid(import: &ProgramSessionImport, is_said: impl Fn(&str) -> bool) -> Fields {
    let mut said_by_import = Fields::new();
    if let Some(completed_at) = import.completed_at {
        said_by_import.extend(completed(&Completion {
            completed_at,
            utc_offset_s: import.completed_utc_offset_s,
            intensity: None,
            scheduled_date: None,
        }));
    }
    if let Some(intensity) = import.intensity {
        said_by_import.extend(rated(intensity));
    }
    if let Some(date) = import.scheduled_date {
        said_by_import.extend(scheduled(Some(date)));
    }
    said_by_import.retain(|name, _| {
        let decisive = if name == COMPLETED_OFFSET { COMPLETED_AT } else { name };
        !is_said(decisive)
    });
    said_by_import
}

fn fields<const N: usize>(values: [(&str, Value); N]) -> Fields {
    small_map(values.map(|(name, value)| (name.to_owned(), value)))
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
