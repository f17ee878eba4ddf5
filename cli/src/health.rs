//! `steadfast health import`: records of a phone's health store, from a file.

use std::path::Path;
use std::time::SystemTime;

use pollster::block_on;
use serde::Deserialize;
use serde_json::{Value, json};
use steadfast_core::error::{Result, SteadfastError, ValidationCode};
use steadfast_core::interchange::api::read_file;
use steadfast_core::metrics::health::{HealthImportReport, HealthRecord, HealthSource};
use steadfast_core::metrics::kind::MetricKind;
use steadfast_core::metrics::unit::MetricUnit;

use crate::args::HealthCommand;
use crate::output::{Outcome, Report};
use crate::shell::Shell;
use crate::table::{fit, wrap};
use crate::values::entry::Instant;

/// A record as the file holds it. A field that nobody knows is refused: leaving it out would lose what it says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    source: String,
    external_id: String,
    kind: Option<String>,
    quantity: Option<f64>,
    unit: Option<String>,
    started_at: Option<Instant>,
    ended_at: Option<Instant>,
    #[serde(default)]
    deleted: bool,
}

/// Runs it.
pub fn run(shell: &Shell, command: HealthCommand) -> Outcome {
    let HealthCommand::Import { file } = command;
    let records = records(&file)?;
    let client = shell.open()?;
    let report = block_on(client.metrics().import_health(records, None))?;
    let (text, complaints) = (text(&report), complaints(&report));
    Ok(Report::new(move || as_json(&report), move || text).complaining(complaints))
}

fn records(file: &Path) -> Result<Vec<HealthRecord>> {
    let malformed = |detail: String| SteadfastError::validation(ValidationCode::MalformedFile, detail);
    let records: Vec<Record> =
        serde_json::from_slice(&read_file(file)?).map_err(|error| malformed(error.to_string()))?;
    records
        .iter()
        .enumerate()
        .map(|(at, given)| record(given).map_err(|detail| malformed(format!("record {at}: {detail}"))))
        .collect()
}

fn record(given: &Record) -> Result<HealthRecord, String> {
    let source = HealthSource::ALL
        .into_iter()
        .find(|source| source.name() == given.source)
        .ok_or_else(|| format!("source is {:?}, not health_kit or health_connect", given.source))?;
    // A kind or a unit that this version does not know makes a record that it refuses, and no other.
    let kind = given
        .kind
        .as_deref()
        .map(|name| MetricKind::from_name(name).unwrap_or(MetricKind::Unknown));
    let unit = given
        .unit
        .as_deref()
        .map(|name| MetricUnit::from_name(name).unwrap_or(MetricUnit::Unknown));
    let record = |kind: MetricKind, quantity: f64, started: Instant| HealthRecord {
        source,
        external_id: given.external_id.clone(),
        kind,
        quantity,
        unit: unit.unwrap_or_else(|| kind.base_unit()),
        started_at: started.at,
        ended_at: given.ended_at.unwrap_or(started).at,
        utc_offset_s: started.utc_offset_s,
        deleted: given.deleted,
    };
    match (kind, given.quantity, given.started_at) {
        (Some(kind), Some(quantity), Some(started)) => Ok(record(kind, quantity, started)),
        _ if given.deleted => Ok(record(MetricKind::Unknown, 0.0, GONE)),
        _ => Err("without kind, quantity or started_at".to_owned()),
    }
}

/// Of a record that is gone nothing but its name counts.
const GONE: Instant = Instant {
    at: SystemTime::UNIX_EPOCH,
    utc_offset_s: None,
};

fn as_json(report: &HealthImportReport) -> Value {
    let refused: Vec<Value> = report
        .refused
        .iter()
        .map(|refusal| json!({ "external_id": refusal.external_id, "reason": refusal.reason }))
        .collect();
    json!({
        "imported": report.imported,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "deleted": report.deleted,
        "refused_count": report.refused_count,
        "refused": refused,
    })
}

fn text(report: &HealthImportReport) -> String {
    let counts = [
        (report.imported, "imported"),
        (report.updated, "updated"),
        (report.unchanged, "unchanged"),
        (report.deleted, "deleted"),
        (report.refused_count, "refused"),
    ];
    let said: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if said.is_empty() {
        "no records\n".to_owned()
    } else {
        said.join(", ") + "\n"
    }
}

fn complaints(report: &HealthImportReport) -> String {
    let mut lines = Vec::new();
    for refusal in &report.refused {
        lines.push(format!("{} refused:", fit(&refusal.external_id, 60)));
        lines.extend(wrap(&refusal.reason, 76).into_iter().map(|line| format!("  {line}")));
    }
    if report.refused_count > report.refused.len() as u64 {
        lines.push(format!(
            "and {} more",
            report.refused_count - report.refused.len() as u64
        ));
    }
    lines.into_iter().map(|line| line + "\n").collect()
}
