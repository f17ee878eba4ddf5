//! The arguments of the rooms of training data and of the outbox, strictly read.

use std::fmt::Debug;
use std::time::SystemTime;

use serde::{Deserialize, Deserializer};
use steadfast_core::accounts::model::{LocalData, SignOut};
use steadfast_core::domain::civil_date::CivilDate;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::program_day::ProgramDay;
use steadfast_core::domain::time::from_ms;
use steadfast_core::habits::model::{HabitField, HabitLogEdit, HabitLogQuery, NewHabitLog};
use steadfast_core::metrics::health::{HealthRecord, HealthSource};
use steadfast_core::metrics::kind::MetricKind;
use steadfast_core::metrics::model::{NewProgressEntry, ProgressEntryEdit, ProgressEntryField, ProgressEntryQuery};
use steadfast_core::metrics::unit::MetricUnit;
use steadfast_core::outbox::model::{OutboxQuery, OutboxStatus};
use steadfast_core::programs::model::{Completion, Intensity, ProgramSessionImport, ScheduledDay};

use super::arguments::Number;
use super::seen::snake_case;

/// A case by its own name in snake case, which is not the one that it travels under.
#[derive(Clone, Copy)]
pub struct Name<T>(pub T);

/// An enumeration that the scenarios name.
pub trait Named: Copy + Debug {
    /// Its cases.
    fn cases() -> Vec<Self>;
}

macro_rules! cases {
    ($($type:ty: $cases:expr),* $(,)?) => {
        $(impl Named for $type {
            fn cases() -> Vec<Self> {
                Vec::from_iter($cases)
            }
        })*
    };
}
cases!(
    MetricKind: MetricKind::ALL.into_iter().chain([MetricKind::Unknown]),
    MetricUnit: MetricUnit::ALL.iter().copied().chain([MetricUnit::Unknown]),
    ProgressEntryField: ProgressEntryField::ALL,
    HealthSource: HealthSource::ALL,
    HabitField: HabitField::ALL,
    LocalData: [LocalData::Adopt, LocalData::Keep],
    SignOut: [SignOut::Keep, SignOut::Discard],
);

impl<'de, T: Named> Deserialize<'de> for Name<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let found = T::cases().into_iter().find(|case| snake_case(case) == name);
        found
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom(format!("there is no {name}")))
    }
}

/// `2026-01-28`; also a day that the calendar does not have.
#[derive(Clone, Copy)]
pub struct Date(pub CivilDate);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parts: Vec<&str> = text.split('-').collect();
        let date = match parts[..] {
            [year, month, day] => year
                .parse()
                .and_then(|year| Ok((year, month.parse()?, day.parse()?)))
                .ok(),
            _ => None,
        };
        let (year, month, day) = date.ok_or_else(|| serde::de::Error::custom(format!("{text} is no date")))?;
        Ok(Self(CivilDate { year, month, day }))
    }
}

fn at(ms: Option<i64>, now_ms: i64) -> SystemTime {
    from_ms(ms.unwrap_or(now_ms))
}

fn plain<T: Copy>(name: Option<Name<T>>) -> Option<T> {
    name.map(|name| name.0)
}

fn day(date: Option<Date>) -> Option<CivilDate> {
    date.map(|date| date.0)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingDay {
    program_id: String,
    week: u32,
    day: u32,
}

impl TrainingDay {
    pub fn day(self) -> ProgramDay {
        ProgramDay::new(self.program_id, self.week, self.day)
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    completed_at_ms: Option<i64>,
    utc_offset_s: Option<i32>,
    intensity: Option<Intensity>,
    scheduled_date: Option<Date>,
}

impl Done {
    pub fn completion(&self, now_ms: i64) -> Completion {
        Completion {
            completed_at: at(self.completed_at_ms, now_ms),
            utc_offset_s: self.utc_offset_s,
            intensity: self.intensity,
            scheduled_date: day(self.scheduled_date),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheduled {
    program_day: TrainingDay,
    date: Option<Date>,
}

impl Scheduled {
    pub fn day(self) -> ScheduledDay {
        ScheduledDay {
            program_day: self.program_day.day(),
            date: day(self.date),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierSession {
    program_day: TrainingDay,
    completed_at_ms: Option<i64>,
    completed_utc_offset_s: Option<i32>,
    intensity: Option<Intensity>,
    scheduled_date: Option<Date>,
}

impl EarlierSession {
    pub fn import(self) -> ProgramSessionImport {
        ProgramSessionImport {
            program_day: self.program_day.day(),
            completed_at: self.completed_at_ms.map(from_ms),
            completed_utc_offset_s: self.completed_utc_offset_s,
            intensity: self.intensity,
            scheduled_date: day(self.scheduled_date),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    kind: Name<MetricKind>,
    quantity: Number,
    unit: Name<MetricUnit>,
    recorded_at_ms: Option<i64>,
    utc_offset_s: Option<i32>,
    date: Option<Date>,
    notes: Option<String>,
    source: Option<String>,
    external_id: Option<String>,
    backend_id: Option<String>,
}

impl Metric {
    pub fn entry(self, now_ms: i64) -> NewProgressEntry {
        NewProgressEntry {
            kind: self.kind.0,
            quantity: self.quantity.0,
            unit: self.unit.0,
            recorded_at: at(self.recorded_at_ms, now_ms),
            utc_offset_s: self.utc_offset_s,
            date: day(self.date),
            notes: self.notes,
            source: self.source,
            external_id: self.external_id,
            backend_id: self.backend_id,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricEdit {
    quantity: Option<Number>,
    unit: Option<Name<MetricUnit>>,
    recorded_at_ms: Option<i64>,
    utc_offset_s: Option<i32>,
    date: Option<Date>,
    notes: Option<String>,
    backend_id: Option<String>,
    #[serde(default)]
    clear: Vec<Name<ProgressEntryField>>,
}

impl MetricEdit {
    pub fn edit(self) -> ProgressEntryEdit {
        ProgressEntryEdit {
            quantity: self.quantity.map(|quantity| quantity.0),
            unit: plain(self.unit),
            recorded_at: self.recorded_at_ms.map(from_ms),
            utc_offset_s: self.utc_offset_s,
            date: day(self.date),
            notes: self.notes,
            backend_id: self.backend_id,
            clear: self.clear.into_iter().map(|field| field.0).collect(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricQuery {
    kind: Option<Name<MetricKind>>,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    limit: Option<u32>,
    after: Option<String>,
}

impl MetricQuery {
    pub fn query(self) -> ProgressEntryQuery {
        ProgressEntryQuery {
            kind: plain(self.kind),
            from: self.from_ms.map(from_ms),
            until: self.until_ms.map(from_ms),
            limit: self.limit.unwrap_or(ProgressEntryQuery::default().limit),
            after: self.after,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Health {
    source: Name<HealthSource>,
    external_id: String,
    kind: Name<MetricKind>,
    quantity: Number,
    unit: Name<MetricUnit>,
    started_at_ms: Option<i64>,
    ended_at_ms: Option<i64>,
    utc_offset_s: Option<i32>,
    #[serde(default)]
    deleted: bool,
}

impl Health {
    pub fn record(self, now_ms: i64) -> HealthRecord {
        let started_at = at(self.started_at_ms, now_ms);
        HealthRecord {
            source: self.source.0,
            external_id: self.external_id,
            kind: self.kind.0,
            quantity: self.quantity.0,
            unit: self.unit.0,
            started_at,
            ended_at: self.ended_at_ms.map_or(started_at, from_ms),
            utc_offset_s: self.utc_offset_s,
            deleted: self.deleted,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Habit {
    kind: String,
    started_at_ms: Option<i64>,
    utc_offset_s: Option<i32>,
    date: Option<Date>,
    duration_ms: Option<u64>,
    method: Option<String>,
    notes: Option<String>,
    mood: Option<String>,
    potency: Option<i64>,
    source: Option<String>,
    external_id: Option<String>,
}

impl Habit {
    pub fn log(self, now_ms: i64) -> NewHabitLog {
        NewHabitLog {
            kind: self.kind,
            started_at: at(self.started_at_ms, now_ms),
            utc_offset_s: self.utc_offset_s,
            date: day(self.date),
            duration_ms: self.duration_ms,
            method: self.method,
            notes: self.notes,
            mood: self.mood,
            potency: self.potency,
            source: self.source,
            external_id: self.external_id,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HabitEdit {
    kind: Option<String>,
    started_at_ms: Option<i64>,
    utc_offset_s: Option<i32>,
    date: Option<Date>,
    duration_ms: Option<u64>,
    method: Option<String>,
    notes: Option<String>,
    mood: Option<String>,
    potency: Option<i64>,
    #[serde(default)]
    clear: Vec<Name<HabitField>>,
}

impl HabitEdit {
    pub fn edit(self) -> HabitLogEdit {
        HabitLogEdit {
            kind: self.kind,
            started_at: self.started_at_ms.map(from_ms),
            utc_offset_s: self.utc_offset_s,
            date: day(self.date),
            duration_ms: self.duration_ms,
            method: self.method,
            notes: self.notes,
            mood: self.mood,
            potency: self.potency,
            clear: self.clear.into_iter().map(|field| field.0).collect(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HabitQuery {
    kind: Option<String>,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    limit: Option<u32>,
    after: Option<String>,
}

impl HabitQuery {
    pub fn query(self) -> HabitLogQuery {
        HabitLogQuery {
            kind: self.kind,
            from: self.from_ms.map(from_ms),
            until: self.until_ms.map(from_ms),
            limit: self.limit.unwrap_or(HabitLogQuery::default().limit),
            after: self.after,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    status: Option<OutboxStatus>,
    limit: Option<u32>,
    after: Option<Vec<EventRef>>,
}

impl Events {
    pub fn query(&self) -> OutboxQuery {
        OutboxQuery {
            status: self.status,
            limit: self.limit.unwrap_or(OutboxQuery::default().limit),
            after: self
                .after
                .as_ref()
                .and_then(|page| page.last())
                .and_then(|event| event.seq),
        }
    }
}

/// An event as `outbox_events` gave it.
#[derive(Deserialize)]
pub struct EventRef {
    pub op_id: Id,
    seq: Option<u64>,
}
