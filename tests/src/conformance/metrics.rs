//! The calls on metrics.

use pollster::block_on;
use serde::Deserialize;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::time::from_ms;
use steadfast_core::metrics::health::{HealthRecord, HealthSource};
use steadfast_core::metrics::kind::MetricKind;
use steadfast_core::metrics::model::{NewProgressEntry, ProgressEntryEdit, ProgressEntryField, ProgressEntryQuery};
use steadfast_core::metrics::unit::MetricUnit;

use super::actor::{Actor, Outcome, seen, token};
use super::arguments::Number;
use super::room_arguments::{Date, Name, at, day, plain};

/// The verbs of the room.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum MetricVerb {
    RecordMetric {
        entry: Metric,
    },
    EditMetric {
        id: Id,
        edit: MetricEdit,
    },
    DeleteMetric {
        id: Id,
    },
    GetMetric {
        id: Id,
    },
    ListMetrics {
        #[serde(default)]
        query: MetricQuery,
    },
    LatestMetric {
        kind: Name<MetricKind>,
    },
    DailyMetric {
        kind: Name<MetricKind>,
        from_date: Date,
        to_date: Date,
    },
    ImportHealth {
        records: Vec<Health>,
        #[serde(default)]
        cancel: bool,
    },
    MigrateMetrics {
        entries: Vec<Metric>,
        #[serde(default)]
        cancel: bool,
    },
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

impl Actor {
    pub(super) fn measure(&self, verb: MetricVerb) -> Outcome {
        let (metrics, now_ms) = (self.client()?.metrics(), self.now_ms());
        Ok(match verb {
            MetricVerb::RecordMetric { entry } => block_on(metrics.record(entry.entry(now_ms))).map(seen),
            MetricVerb::EditMetric { id, edit } => block_on(metrics.edit(id, edit.edit())).map(seen),
            MetricVerb::DeleteMetric { id } => block_on(metrics.delete(id)).map(seen),
            MetricVerb::GetMetric { id } => block_on(metrics.get(id)).map(seen),
            MetricVerb::ListMetrics { query } => block_on(metrics.list(query.query())).map(seen),
            MetricVerb::LatestMetric { kind } => block_on(metrics.latest(kind.0)).map(seen),
            MetricVerb::DailyMetric {
                kind,
                from_date,
                to_date,
            } => block_on(metrics.daily(kind.0, from_date.0, to_date.0)).map(seen),
            MetricVerb::ImportHealth { records, cancel } => {
                let records = records.into_iter().map(|record| record.record(now_ms)).collect();
                block_on(metrics.import_health(records, token(cancel))).map(seen)
            }
            MetricVerb::MigrateMetrics { entries, cancel } => {
                let entries = entries.into_iter().map(|entry| entry.entry(now_ms)).collect();
                block_on(metrics.migrate(entries, token(cancel))).map(seen)
            }
        })
    }
}
