//! `steadfast diagnostics`: a report to attach to a bug.

use pollster::block_on;
use serde_json::json;

use crate::outbox::statistics_json;
use crate::output::{Outcome, Report};
use crate::shell::Shell;

/// Makes it.
pub fn run(shell: &Shell) -> Outcome {
    let client = shell.open()?;
    let report = block_on(client.maintenance().diagnostics())?;
    let text = report.text.clone() + "\n";
    let as_json = move || {
        json!({
            "version": report.version,
            "schema_version": report.schema_version,
            "platform": report.platform,
            "store_bytes": report.store_bytes,
            "free_bytes": report.free_bytes,
            "rows": report.rows,
            "outbox": statistics_json(&report.outbox),
            "outbox_errors": report.outbox_errors,
            "telemetry": report.telemetry,
        })
    };
    Ok(Report::new(as_json, move || text))
}
