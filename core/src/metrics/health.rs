//! Records of the phone's health store (HealthKit, Health Connect), and what an import makes of each. Pure.
//!
//! A record and its entry have one id on every device: it follows from the source and the record's id there. What an import does:
//!
//! - **A record that says what the entry says changes nothing**, neither a row nor the queue. Kind, quantity, unit and instant count; the
//!   offset does not, since a phone that has travelled may name another one for the same record. The first stands.
//! - **A record that was changed at its source changes the entry**, as long as the entry is the source's. Once the person edits quantity or
//!   time here, the entry is theirs (its `source` is unset), and neither a change nor a deletion at the source touches it.
//! - **An entry that was deleted here stays deleted** while the record says what it said then. A record that was changed since is news
//!   and brings the entry back, as a later edit brings back any deleted row.
//! - A tombstone that came from the server without its fields cannot be compared; it stays.

use std::time::SystemTime;

use crate::domain::id::{self, Id};
use crate::domain::instant::checked_ms;
use crate::domain::text::check_name;
use crate::domain::time::to_ms;
use crate::error::{Result, SteadfastError};
use crate::outbox::rows::Fields;

use super::kind::MetricKind;
use super::model::NewProgressEntry;
use super::rules;
use super::unit::MetricUnit;

/// Refusals that a report holds at most; all are counted.
pub const MAX_REFUSALS: usize = 100;
/// Characters of a refused record's id that are repeated to the app.
const MAX_REFUSED_ID_CHARS: usize = 200;

/// A health store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum HealthSource {
    /// Apple's.
    HealthKit,
    /// Android's.
    HealthConnect,
}

impl HealthSource {
    /// Every source.
    pub const ALL: [Self; 2] = [Self::HealthKit, Self::HealthConnect];

    /// The name in SQL and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HealthKit => "health_kit",
            Self::HealthConnect => "health_connect",
        }
    }
}

/// A record of a health store, as the app read it there.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct HealthRecord {
    /// The store.
    pub source: HealthSource,
    /// The record's id there: a HealthKit object's `uuid`, a Health Connect record's `metadata.id`. Always written the same way.
    pub external_id: String,
    /// What it measures.
    pub kind: MetricKind,
    /// How much, in `unit`.
    pub quantity: f64,
    /// One of the kind's units. HealthKit's percent unit goes from 0 to 1, which is `Fraction`.
    pub unit: MetricUnit,
    /// When the measurement began, UTC: the entry's `recorded_at`, and with the offset its day.
    pub started_at: SystemTime,
    /// When it ended, UTC; for a moment, the same.
    pub ended_at: SystemTime,
    /// The offset of local time from UTC in seconds at the start: the record's own if it has one, else that of the phone's zone at that time.
    #[uniffi(default = None)]
    pub utc_offset_s: Option<i32>,
    /// True for a record that is gone from the store. Only `source` and `external_id` are looked at then.
    #[uniffi(default = false)]
    pub deleted: bool,
}

/// A record that cannot be an entry.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct HealthRefusal {
    /// Its id in the health store; the first 200 characters.
    pub external_id: String,
    /// Which field, and why. Without the quantity.
    pub reason: String,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct HealthImportReport {
    /// Entries that were made, or brought back because their record was changed after they were deleted.
    pub imported: u64,
    /// Entries that a changed record changed.
    pub updated: u64,
    /// Records that changed nothing.
    pub unchanged: u64,
    /// Entries that were deleted because their record was.
    pub deleted: u64,
    /// Records that cannot be entries.
    pub refused_count: u64,
    /// The first 100 of them.
    pub refused: Vec<HealthRefusal>,
}

impl HealthImportReport {
    /// Counts a record that cannot be an entry.
    pub fn refuse(&mut self, record: &HealthRecord, error: &SteadfastError) {
        self.refused_count += 1;
        if self.refused.len() < MAX_REFUSALS {
            let reason = match error {
                SteadfastError::Validation {
                    field: Some(field),
                    detail,
                    ..
                } => format!("{field}: {detail}"),
                other => other.to_string(),
            };
            self.refused.push(HealthRefusal {
                external_id: record.external_id.chars().take(MAX_REFUSED_ID_CHARS).collect(),
                reason,
            });
        }
    }

    /// The same with what the next part of the import did.
    #[must_use]
    pub fn and(mut self, next: Self) -> Self {
        self.imported += next.imported;
        self.updated += next.updated;
        self.unchanged += next.unchanged;
        self.deleted += next.deleted;
        self.refused_count += next.refused_count;
        self.refused.extend(next.refused);
        self.refused.truncate(MAX_REFUSALS);
        self
    }
}

/// A stored entry, deleted or not, as far as imports look at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// False for a tombstone.
    pub alive: bool,
    /// The name of the source, if the entry is a source's.
    pub source: Option<String>,
    /// What it says; `None` for a row of which only parts have arrived.
    pub statement: Option<Statement>,
}

/// What an entry says, as far as a source can change it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The kind's name.
    pub kind: String,
    /// How much, in the unit.
    pub quantity: f64,
    /// The unit's name.
    pub unit: String,
    /// UTC milliseconds.
    pub recorded_at_ms: i64,
}

/// What to do with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing.
    Leave,
    /// Write an entry that is not to be seen now.
    Import,
    /// Change an entry.
    Update,
    /// Delete it.
    Delete,
}

/// The entry's id.
#[must_use]
pub fn entry_id(record: &HealthRecord) -> Id {
    id::imported(record.source.name(), record.external_id.as_bytes())
}

/// The fields of the record's entry, checked; none for a deleted record.
///
/// # Errors
/// `InvalidArgument` naming the field.
pub fn fields(record: &HealthRecord) -> Result<Fields> {
    check_name("external_id", &record.external_id)?;
    if record.deleted {
        return Ok(Fields::new());
    }
    checked_ms("started_at", record.started_at)?;
    if record.ended_at < record.started_at {
        return Err(SteadfastError::invalid("ended_at", "it lies before started_at"));
    }
    let mut fields = rules::fields(&NewProgressEntry {
        utc_offset_s: record.utc_offset_s,
        source: Some(record.source.name().to_owned()),
        external_id: Some(record.external_id.clone()),
        ..NewProgressEntry::new(record.kind, record.quantity, record.unit, record.started_at)
    })?;
    // A source knows nothing of them, so it unsets nothing.
    for own in ["notes", "backend_id"] {
        fields.remove(own);
    }
    Ok(fields)
}

/// What to do with a record of which `known` is stored. The rules stand at the top of this file.
#[must_use]
pub fn decide(record: &HealthRecord, known: Option<&Known>) -> Decision {
    let Some(known) = known else {
        return if record.deleted {
            Decision::Leave
        } else {
            Decision::Import
        };
    };
    let Some(statement) = &known.statement else {
        return match (known.alive, record.deleted) {
            (true, false) => Decision::Update,
            (true, true) => Decision::Delete,
            (false, _) => Decision::Leave,
        };
    };
    let is_the_source_s = known.source.as_deref() == Some(record.source.name());
    match (is_the_source_s, known.alive, record.deleted) {
        (true, true, true) => Decision::Delete,
        (true, true, false) if *statement != said(record) => Decision::Update,
        (true, false, false) if *statement != said(record) => Decision::Import,
        _ => Decision::Leave,
    }
}

fn said(record: &HealthRecord) -> Statement {
    Statement {
        kind: record.kind.name().to_owned(),
        quantity: record.quantity,
        unit: record.unit.name().to_owned(),
        recorded_at_ms: to_ms(record.started_at),
    }
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
