//! What an entry may say, the day that it counts for, and the fields that travel. Pure.

use serde_json::{Value, json};

use crate::domain::civil_date::CivilDate;
use crate::domain::id::{self, Id};
use crate::domain::instant::{check_utc_offset, checked_ms};
use crate::domain::text::{check_line, check_notes};
use crate::domain::time::to_ms;
use crate::error::{Result, SteadfastError};
use crate::outbox::rows::Fields;

use super::kind::MetricKind;
use super::model::{NewProgressEntry, ProgressEntry, ProgressEntryEdit, ProgressEntryField};
use super::unit::MetricUnit;

/// The quantity in the kind's base unit, if it can be.
///
/// # Errors
/// `InvalidArgument` naming `kind`, `unit` or `quantity`. The detail says the bound and not the quantity: details end in logs, and a body
/// mass is nobody's business there.
pub fn quantity_si(kind: MetricKind, quantity: f64, unit: MetricUnit) -> Result<f64> {
    let kind = kind.known()?;
    let fitting = unit.quantity_si(quantity).filter(|_| kind.takes(unit));
    let Some((quantity_si, bounds)) = fitting.zip(kind.bounds()) else {
        let units: Vec<_> = kind.units().into_iter().map(MetricUnit::name).collect();
        let detail = format!(
            "{} is entered in {}, not in {}",
            kind.name(),
            units.join(", "),
            unit.name()
        );
        return Err(SteadfastError::invalid("unit", detail));
    };
    if !quantity.is_finite() {
        return Err(SteadfastError::invalid("quantity", "it is no number"));
    }
    if !(bounds.minimum_si..=bounds.maximum_si).contains(&quantity_si) {
        let (minimum, maximum, unit) = (bounds.minimum_si, bounds.maximum_si, kind.base_unit().name());
        let detail = format!("{} goes from {minimum} to {maximum} {unit}", kind.name());
        return Err(SteadfastError::invalid("quantity", detail));
    }
    Ok(quantity_si)
}

/// The base quantity of a stored entry. It follows from quantity and unit wherever this version knows them: two devices that correct one
/// the quantity and one the unit each send a `quantity_si` of their own, and fields merge one by one. `stored_si` speaks for a newer
/// version's units.
#[must_use]
pub fn shown_si(kind: MetricKind, quantity: f64, unit: MetricUnit, stored_si: f64) -> f64 {
    unit.quantity_si(quantity)
        .filter(|_| kind.takes(unit))
        .unwrap_or(stored_si)
}

/// The day of a stored entry; where the text is missing or no date, it follows from the instant, as far as the calendar goes.
#[must_use]
pub fn shown_date(date: Option<&str>, recorded_at_ms: i64, utc_offset_s: Option<i32>) -> CivilDate {
    let day = |year, month, day| CivilDate { year, month, day };
    date.and_then(|date| date.parse().ok())
        .or_else(|| CivilDate::of_instant(recorded_at_ms, utc_offset_s.unwrap_or(0)))
        .unwrap_or_else(|| {
            if recorded_at_ms < 0 {
                day(1, 1, 1)
            } else {
                day(9999, 12, 31)
            }
        })
}

/// Checks the days of totals.
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

/// Every field of a new entry, checked; null where nothing is said.
///
/// # Errors
/// `InvalidArgument` naming the field.
pub fn fields(new: &NewProgressEntry) -> Result<Fields> {
    let quantity_si = quantity_si(new.kind, new.quantity, new.unit)?;
    let recorded_at_ms = checked_ms("recorded_at", new.recorded_at)?;
    check_utc_offset("utc_offset_s", new.utc_offset_s)?;
    let date = match new.date {
        Some(date) => date.checked("date")?,
        None => day(recorded_at_ms, new.utc_offset_s)?,
    };
    check_notes("notes", new.notes.as_deref().unwrap_or_default())?;
    for (field, text) in [
        ("source", &new.source),
        ("external_id", &new.external_id),
        ("backend_id", &new.backend_id),
    ] {
        check_line(field, text.as_deref().unwrap_or_default())?;
    }
    let fields = [
        ("kind", json!(new.kind.name())),
        ("quantity", json!(new.quantity)),
        ("unit", json!(new.unit.name())),
        ("quantity_si", json!(quantity_si)),
        ("recorded_at_ms", json!(recorded_at_ms)),
        ("utc_offset_s", json!(new.utc_offset_s)),
        ("date", json!(date)),
        ("notes", json!(said(new.notes.as_deref()))),
        ("source", json!(said(new.source.as_deref()))),
        ("external_id", json!(said(new.external_id.as_deref()))),
        ("backend_id", json!(said(new.backend_id.as_deref()))),
    ];
    Ok(fields.map(|(name, value)| (name.to_owned(), value)).into())
}

/// Without those that say nothing: a row that is not there yet has nothing to unset.
#[must_use]
pub fn without_nulls(mut fields: Fields) -> Fields {
    fields.retain(|_, value| !value.is_null());
    fields
}

/// The id of an entry that its source has named; `None` for one that was entered here.
///
/// # Errors
/// `InvalidArgument` naming `source` for an external id that nobody gave.
pub fn imported_id(new: &NewProgressEntry) -> Result<Option<Id>> {
    match (said(new.source.as_deref()), said(new.external_id.as_deref())) {
        (_, None) => Ok(None),
        (Some(source), Some(external_id)) => Ok(Some(id::imported(source, external_id.as_bytes()))),
        (None, Some(_)) => Err(SteadfastError::invalid(
            "source",
            "an external id without the source that gave it",
        )),
    }
}

/// The fields that an edit writes; what the entry says already may be among them.
///
/// An edit of the quantity or of when it was makes the entry the person's own: `source` is unset, and an import leaves it alone from then on.
///
/// # Errors
/// `InvalidArgument` naming the field: out of its bounds, empty, or a quantity of a kind or unit that this version does not know; naming
/// `clear` for a field that is both set and unset.
pub fn edited(before: &ProgressEntry, edit: &ProgressEntryEdit) -> Result<Fields> {
    check_edit(edit)?;
    let mut fields = Fields::new();
    for field in ProgressEntryField::ALL {
        let value = set_by(edit, field);
        if !value.is_null() || edit.clear.contains(&field) {
            fields.insert(field.name().to_owned(), value);
        }
    }
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);

    let (quantity, unit) = (
        edit.quantity.unwrap_or(before.quantity),
        edit.unit.unwrap_or(before.unit),
    );
    // Compared as bits, NaN is a change, and refused.
    let is_requantified = quantity.to_bits() != before.quantity.to_bits() || unit != before.unit;
    if is_requantified {
        put("quantity_si", json!(quantity_si(before.kind, quantity, unit)?));
        put("quantity", json!(quantity));
        put("unit", json!(unit.name()));
    }

    let old_ms = to_ms(before.recorded_at);
    let recorded_at_ms = edit.recorded_at.map_or(old_ms, to_ms);
    let utc_offset_s = if edit.clear.contains(&ProgressEntryField::UtcOffset) {
        None
    } else {
        edit.utc_offset_s.or(before.utc_offset_s)
    };
    let is_moved = recorded_at_ms != old_ms || utc_offset_s != before.utc_offset_s;
    // A date that the person chose holds until the entry is moved.
    let date = match edit.date {
        Some(date) => date,
        None if is_moved => day(recorded_at_ms, utc_offset_s)?,
        None => before.date,
    };
    if is_moved {
        put("recorded_at_ms", json!(recorded_at_ms));
    }
    if date != before.date {
        put("date", json!(date));
    }
    if is_requantified || is_moved || date != before.date {
        put("source", Value::Null);
    }
    Ok(fields)
}

fn check_edit(edit: &ProgressEntryEdit) -> Result<()> {
    if let Some(recorded_at) = edit.recorded_at {
        checked_ms("recorded_at", recorded_at)?;
    }
    check_utc_offset("utc_offset_s", edit.utc_offset_s)?;
    if let Some(date) = edit.date {
        date.checked("date")?;
    }
    check_notes("notes", edit.notes.as_deref().unwrap_or_default())?;
    check_line("backend_id", edit.backend_id.as_deref().unwrap_or_default())?;
    for (field, text) in [
        (ProgressEntryField::Notes, &edit.notes),
        (ProgressEntryField::BackendId, &edit.backend_id),
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

/// What the edit sets the field to; null if it does not.
fn set_by(edit: &ProgressEntryEdit, field: ProgressEntryField) -> Value {
    match field {
        ProgressEntryField::UtcOffset => json!(edit.utc_offset_s),
        ProgressEntryField::Notes => json!(edit.notes),
        ProgressEntryField::BackendId => json!(edit.backend_id),
    }
}

/// The day on which an instant falls by its own offset, or in UTC if that is not known.
fn day(recorded_at_ms: i64, utc_offset_s: Option<i32>) -> Result<CivilDate> {
    CivilDate::of_instant(recorded_at_ms, utc_offset_s.unwrap_or(0))
        .ok_or_else(|| SteadfastError::invalid("recorded_at", "it falls on no day of the calendar"))
}

/// A text that is empty or blank says nothing.
fn said(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
