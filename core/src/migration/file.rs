//! The file of an earlier store (docs/formats/migration.md), read into what the rooms take. Pure.

use std::time::SystemTime;

use chrono::DateTime;
use serde::Deserialize;

use crate::domain::civil_date::CivilDate;
use crate::domain::program_day::ProgramDay;
use crate::domain::time::from_ms;
use crate::error::{Result, SteadfastError, ValidationCode};
use crate::habits::model::NewHabitLog;
use crate::metrics::kind::MetricKind;
use crate::metrics::model::NewProgressEntry;
use crate::metrics::unit::MetricUnit;
use crate::programs::model::{Intensity, ProgramSessionImport};

/// The version of the format that this build reads.
pub const FORMAT_VERSION: u32 = 1;

/// What the file holds, as the rooms take it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EarlierData {
    /// Training days.
    pub sessions: Vec<ProgramSessionImport>,
    /// Habit logs, each with its id in the earlier store.
    pub habit_logs: Vec<NewHabitLog>,
    /// Metrics, each with its id in the earlier store.
    pub progress_entries: Vec<NewProgressEntry>,
}

// A field that nobody knows is refused: leaving it out would lose what it says without a word.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format_version: u32,
    #[serde(default)]
    program_sessions: Vec<Session>,
    #[serde(default)]
    habit_logs: Vec<Habit>,
    #[serde(default)]
    progress_entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    program_id: String,
    #[serde(alias = "week_number")]
    week: u32,
    #[serde(alias = "day_number")]
    day: u32,
    completed_at: Option<Instant>,
    #[serde(alias = "intensity_rating")]
    intensity: Option<Intensity>,
    scheduled_date: Option<CivilDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Habit {
    id: String,
    kind: String,
    #[serde(alias = "timestamp")]
    started_at: Instant,
    date: Option<CivilDate>,
    duration_ms: Option<u64>,
    method: Option<String>,
    notes: Option<String>,
    mood: Option<String>,
    potency: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(alias = "type")]
    kind: String,
    quantity: f64,
    unit: String,
    #[serde(alias = "date_time")]
    recorded_at: Instant,
    date: Option<CivilDate>,
    notes: Option<String>,
}

/// An instant with the offset that it was written with; `Z` says nothing about the place.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Instant {
    at: SystemTime,
    utc_offset_s: Option<i32>,
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let wrong = |_| serde::de::Error::custom(format!("{text:?} is no instant like 2026-01-28T15:30:00+01:00"));
        let time = DateTime::parse_from_rfc3339(&text).map_err(wrong)?;
        let is_local = !text.ends_with(['Z', 'z']);
        Ok(Self {
            at: from_ms(time.timestamp_millis()),
            utc_offset_s: is_local.then(|| time.offset().local_minus_utc()),
        })
    }
}

/// Reads the file.
///
/// # Errors
/// `MalformedFile` with the line for what is no such file; `UnknownFormat` for a version that this build does not know;
/// `InvalidArgument` for a metric or a unit that there is not.
pub fn read(bytes: &[u8]) -> Result<EarlierData> {
    let file: File = serde_json::from_slice(bytes)
        .map_err(|error| SteadfastError::validation(ValidationCode::MalformedFile, error.to_string()))?;
    if file.format_version != FORMAT_VERSION {
        let detail = format!(
            "format_version {}, this build reads {FORMAT_VERSION}",
            file.format_version
        );
        return Err(SteadfastError::validation(ValidationCode::UnknownFormat, detail));
    }
    Ok(EarlierData {
        sessions: file.program_sessions.into_iter().map(session).collect(),
        habit_logs: file.habit_logs.into_iter().map(habit_log).collect(),
        progress_entries: file
            .progress_entries
            .into_iter()
            .enumerate()
            .map(|(row, entry)| progress_entry(row, entry))
            .collect::<Result<_>>()?,
    })
}

fn session(from: Session) -> ProgramSessionImport {
    ProgramSessionImport {
        program_day: ProgramDay {
            program_id: from.program_id,
            week: from.week,
            day: from.day,
        },
        completed_at: from.completed_at.map(|instant| instant.at),
        completed_utc_offset_s: from.completed_at.and_then(|instant| instant.utc_offset_s),
        intensity: from.intensity,
        scheduled_date: from.scheduled_date,
    }
}

fn habit_log(from: Habit) -> NewHabitLog {
    NewHabitLog {
        utc_offset_s: from.started_at.utc_offset_s,
        date: from.date,
        duration_ms: from.duration_ms,
        method: from.method,
        notes: from.notes,
        mood: from.mood,
        potency: from.potency,
        source: Some(SOURCE.to_owned()),
        external_id: Some(from.id),
        ..NewHabitLog::new(from.kind, from.started_at.at)
    }
}

fn progress_entry(row: usize, from: Entry) -> Result<NewProgressEntry> {
    let unknown = |field: &str, name: &str| SteadfastError::invalid(field, format!("row {row}: there is no {name:?}"));
    let kind = MetricKind::from_name(&from.kind).ok_or_else(|| unknown("kind", &from.kind))?;
    let unit = MetricUnit::from_name(&from.unit).ok_or_else(|| unknown("unit", &from.unit))?;
    Ok(NewProgressEntry {
        utc_offset_s: from.recorded_at.utc_offset_s,
        date: from.date,
        notes: from.notes,
        source: Some(SOURCE.to_owned()),
        external_id: Some(from.id),
        ..NewProgressEntry::new(kind, from.quantity, unit, from.recorded_at.at)
    })
}

/// What the ids of the earlier store are known under.
const SOURCE: &str = "migration";

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{
        "format_version": 1,
        "program_sessions": [
            {"program_id": "5x5", "week_number": 1, "day_number": 3, "completed_at": "2026-01-28T15:30:00Z",
             "intensity_rating": "perfect", "scheduled_date": "2026-01-28"}
        ],
        "habit_logs": [{"id": "17", "kind": "smoke", "timestamp": "2026-01-28T23:30:00-05:00", "duration_ms": 300000}],
        "progress_entries": [
            {"id": "5", "type": "body_mass", "quantity": 180.5, "unit": "lb", "recorded_at": "2026-01-28T07:00:00+01:00"}
        ]
    }"#;

    #[test]
    fn a_file_is_read_with_the_offsets_that_it_has() {
        let data = read(FILE.as_bytes()).expect("a whole file");
        assert_eq!(data.sessions[0].intensity, Some(Intensity::Perfect));
        assert_eq!(
            data.sessions[0].completed_utc_offset_s, None,
            "`Z` says nothing about the place"
        );
        assert_eq!(data.habit_logs[0].utc_offset_s, Some(-5 * 3600));
        assert_eq!(data.habit_logs[0].external_id.as_deref(), Some("17"));
        assert_eq!(
            (data.progress_entries[0].quantity, data.progress_entries[0].unit),
            (180.5, MetricUnit::Pound)
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_place() {
        let refused = |from: &str, to: &str| {
            let error = read(FILE.replace(from, to).as_bytes()).expect_err(to);
            format!("{}: {}", error.code_name(), error.detail())
        };
        insta::assert_snapshot!(refused("\"format_version\": 1", "\"format_version\": 2"), @"unknown_format: format_version 2, this build reads 1");
        insta::assert_snapshot!(refused("\"duration_ms\"", "\"length\""), @"malformed_file: unknown field `length`, expected one of `id`, `kind`, `started_at`, `timestamp`, `date`, `duration_ms`, `method`, `notes`, `mood`, `potency` at line 7 column 103");
        insta::assert_snapshot!(refused("2026-01-28T15:30:00Z", "yesterday"), @r#"malformed_file: "yesterday" is no instant like 2026-01-28T15:30:00+01:00 at line 4 column 96"#);
        insta::assert_snapshot!(refused("body_mass", "wingspan"), @r#"invalid_argument: row 0: there is no "wingspan""#);
        insta::assert_snapshot!(refused("\"perfect\"", "\"brutal\""), @"malformed_file: unknown variant `brutal`, expected one of `easy`, `perfect`, `hard` at line 5 column 41");
    }
}
