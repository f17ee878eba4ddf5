//! What a habit log may hold, the day to which it counts, and the fields that travel. Pure.

use serde_json::{Value, json};

use crate::domain::civil_date::CivilDate;
use crate::domain::id::{self, Id};
use crate::domain::instant::{check_utc_offset, checked_ms};
use crate::domain::text::{check_line, check_name, check_notes};
use crate::domain::time::to_ms;
use crate::error::{Result, SteadfastError};
use crate::outbox::rows::Fields;

use super::model::{HabitField, HabitLog, HabitLogEdit, NewHabitLog};

/// 366 days: a fast or a break may take months; more is milliseconds that were meant to be something else.
const MAX_DURATION_MS: u64 = 366 * 86_400_000;
/// Percent, or any smaller scale.
const POTENCY: std::ops::RangeInclusive<i64> = 0..=100;
/// The source of a migrated log that names none.
const MIGRATION: &str = "migration";

/// Checks the name of a habit.
///
/// # Errors
/// `InvalidArgument` naming `kind`: empty, blank, too long, or with control characters.
pub fn check_kind(kind: &str) -> Result<()> {
    check_name("kind", kind)
}

/// Checks the days of a total.
///
/// # Errors
/// `InvalidArgument` naming `from_date` or `to_date`: no day of the calendar, or the last before the first.
pub fn check_days(from_date: CivilDate, to_date: CivilDate) -> Result<()> {
    from_date.checked("from_date")?;
    to_date.checked("to_date")?;
    if to_date < from_date {
        let detail = format!("{to_date} lies before {from_date}");
        return Err(SteadfastError::invalid("to_date", detail));
    }
    Ok(())
}

/// Checks a new log.
///
/// # Errors
/// `InvalidArgument` naming the field.
pub fn check_new(new: &NewHabitLog) -> Result<()> {
    check_kind(&new.kind)?;
    checked_ms("started_at", new.started_at)?;
    check_utc_offset("utc_offset_s", new.utc_offset_s)?;
    check_date(new.date)?;
    check_amounts(new.duration_ms, new.potency)?;
    check_texts(new.method.as_deref(), new.notes.as_deref(), new.mood.as_deref())?;
    check_line("source", new.source.as_deref().unwrap_or_default())?;
    check_line("external_id", new.external_id.as_deref().unwrap_or_default())?;
    if said(new.external_id.as_deref()).is_some() && said(new.source.as_deref()).is_none() {
        return Err(SteadfastError::invalid(
            "source",
            "an external id without the source that gave it",
        ));
    }
    Ok(())
}

/// The id and the fields under which a log of an earlier store is taken over.
///
/// # Errors
/// As [`check_new`]; `InvalidArgument` naming `external_id` if it has none.
pub fn migrated(new: &NewHabitLog) -> Result<(Id, Fields)> {
    let source = said(new.source.as_deref()).unwrap_or(MIGRATION).to_owned();
    let new = NewHabitLog {
        source: Some(source),
        ..new.clone()
    };
    check_new(&new)?;
    match external_id(&new) {
        Some(id) => Ok((id, fields(&new)?)),
        None => Err(SteadfastError::invalid(
            "external_id",
            "the earlier store's id is missing",
        )),
    }
}

/// The id that follows from what the source calls the log; `None` for one that was entered here.
#[must_use]
pub fn external_id(new: &NewHabitLog) -> Option<Id> {
    let (source, external_id) = (said(new.source.as_deref())?, said(new.external_id.as_deref())?);
    Some(id::imported(source, external_id.as_bytes()))
}

/// The fields of a checked log; what is unknown is left out.
///
/// # Errors
/// `InvalidArgument` naming `started_at` if it falls on no day of the calendar.
pub fn fields(new: &NewHabitLog) -> Result<Fields> {
    let date = match new.date {
        Some(date) => date,
        None => date_of(to_ms(new.started_at), new.utc_offset_s)?,
    };
    let mut fields = Fields::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            fields.insert(name.to_owned(), value);
        }
    };
    put("kind", json!(new.kind));
    put("started_at_ms", json!(to_ms(new.started_at)));
    put("utc_offset_s", json!(new.utc_offset_s));
    put("date", json!(date));
    put("duration_ms", json!(new.duration_ms));
    put("method", json!(said(new.method.as_deref())));
    put("notes", json!(said(new.notes.as_deref())));
    put("mood", json!(said(new.mood.as_deref())));
    put("potency", json!(new.potency));
    put("source", json!(said(new.source.as_deref())));
    put("external_id", json!(said(new.external_id.as_deref())));
    Ok(fields)
}

/// Checks an edit before anything is touched.
///
/// # Errors
/// `InvalidArgument` naming the field; naming `clear` if a field is set and unset at once.
pub fn check_edit(edit: &HabitLogEdit) -> Result<()> {
    if let Some(kind) = &edit.kind {
        check_kind(kind)?;
    }
    if let Some(started_at) = edit.started_at {
        checked_ms("started_at", started_at)?;
    }
    check_utc_offset("utc_offset_s", edit.utc_offset_s)?;
    check_date(edit.date)?;
    check_amounts(edit.duration_ms, edit.potency)?;
    check_texts(edit.method.as_deref(), edit.notes.as_deref(), edit.mood.as_deref())?;
    for (field, text) in [
        (HabitField::Method, &edit.method),
        (HabitField::Notes, &edit.notes),
        (HabitField::Mood, &edit.mood),
    ] {
        if text.as_ref().is_some_and(|text| said(Some(text)).is_none()) {
            return Err(SteadfastError::invalid(field.name(), "it is empty; `clear` unsets it"));
        }
    }
    match edit.clear.iter().find(|field| !set_by(edit, **field).is_null()) {
        Some(both) => {
            let detail = format!("{} is set and unset at once", both.name());
            Err(SteadfastError::invalid("clear", detail))
        }
        None => Ok(()),
    }
}

/// The fields that a checked edit of `log` writes.
///
/// # Errors
/// `InvalidArgument` naming `started_at` if the log comes to fall on no day of the calendar.
pub fn edited(log: &HabitLog, edit: &HabitLogEdit) -> Result<Fields> {
    let mut fields = Fields::new();
    for field in HabitField::ALL {
        let value = set_by(edit, field);
        if !value.is_null() || edit.clear.contains(&field) {
            fields.insert(field.name().to_owned(), value);
        }
    }
    if let Some(kind) = &edit.kind {
        fields.insert("kind".to_owned(), json!(kind));
    }
    let started_at = edit.started_at.unwrap_or(log.started_at);
    if edit.started_at.is_some() {
        fields.insert("started_at_ms".to_owned(), json!(to_ms(started_at)));
    }
    let utc_offset_s = if edit.clear.contains(&HabitField::UtcOffset) {
        None
    } else {
        edit.utc_offset_s.or(log.utc_offset_s)
    };
    // A date that the person chose holds until the entry is moved.
    let is_moved = to_ms(started_at) != to_ms(log.started_at) || utc_offset_s != log.utc_offset_s;
    let date = match edit.date {
        None if is_moved => Some(date_of(to_ms(started_at), utc_offset_s)?),
        chosen => chosen,
    };
    if let Some(date) = date {
        fields.insert("date".to_owned(), json!(date));
    }
    Ok(fields)
}

/// What the edit sets the field to; null if it does not.
fn set_by(edit: &HabitLogEdit, field: HabitField) -> Value {
    match field {
        HabitField::UtcOffset => json!(edit.utc_offset_s),
        HabitField::Duration => json!(edit.duration_ms),
        HabitField::Method => json!(edit.method),
        HabitField::Notes => json!(edit.notes),
        HabitField::Mood => json!(edit.mood),
        HabitField::Potency => json!(edit.potency),
    }
}

fn date_of(started_at_ms: i64, utc_offset_s: Option<i32>) -> Result<CivilDate> {
    CivilDate::of_instant(started_at_ms, utc_offset_s.unwrap_or(0))
        .ok_or_else(|| SteadfastError::invalid("started_at", "it falls on no day of the calendar"))
}

/// The text, if it says anything.
fn said(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

fn check_date(date: Option<CivilDate>) -> Result<()> {
    date.map_or(Ok(()), |date| date.checked("date").map(drop))
}

fn check_texts(method: Option<&str>, notes: Option<&str>, mood: Option<&str>) -> Result<()> {
    check_line("method", method.unwrap_or_default())?;
    check_notes("notes", notes.unwrap_or_default())?;
    check_line("mood", mood.unwrap_or_default())
}

fn check_amounts(duration_ms: Option<u64>, potency: Option<i64>) -> Result<()> {
    if let Some(duration_ms) = duration_ms.filter(|ms| *ms > MAX_DURATION_MS) {
        let detail = format!("{duration_ms} ms are more than 366 days");
        return Err(SteadfastError::invalid("duration_ms", detail));
    }
    if let Some(potency) = potency.filter(|potency| !POTENCY.contains(potency)) {
        let detail = format!("{potency} is not between {} and {}", POTENCY.start(), POTENCY.end());
        return Err(SteadfastError::invalid("potency", detail));
    }
    Ok(())
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
