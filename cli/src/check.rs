//! `steadfast check`, `backup`, `restore-backup` and `free-space`.

use std::fmt::Write;

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::database::integrity::Finding;

use crate::activity::plural;
use crate::output::{Outcome, Report};
use crate::shell::Shell;

fn finding_json(finding: &Finding) -> Value {
    json!({ "kind": finding.kind, "table": finding.table, "key": finding.key, "detail": finding.detail })
}

fn finding_text(finding: &Finding) -> String {
    let place = [finding.table.as_str(), finding.key.as_str()].join(" ");
    let place = place.trim();
    let separator = if place.is_empty() { "" } else { ": " };
    format!("  {place}{separator}{}\n", finding.detail)
}

/// Looks at everything, or mends it.
pub fn check(shell: &Shell, repair: bool) -> Outcome {
    let client = shell.open()?;
    if repair {
        return mend(&client);
    }
    let report = block_on(client.maintenance().check_integrity(None))?;
    let mut text = String::new();
    for checked in &report.checked {
        let _ = writeln!(text, "  {:<22}{:>10}", checked.table, plural(checked.rows, "row"));
    }
    if report.ok {
        text += "everything is whole\n";
    } else {
        let _ = writeln!(text, "{} found:", plural(report.findings.len() as u64, "problem"));
        text.extend(report.findings.iter().map(finding_text));
        text += "try: steadfast check --repair\n";
    }
    let failed = !report.ok;
    let as_json = move || {
        let checked: Vec<Value> = report
            .checked
            .iter()
            .map(|part| json!({ "table": part.table, "rows": part.rows }))
            .collect();
        json!({ "ok": report.ok, "findings": report.findings.iter().map(finding_json).collect::<Vec<_>>(), "checked": checked })
    };
    Ok(Report::new(as_json, move || text).failed_if(failed))
}

fn mend(client: &steadfast_core::client::SteadfastClient) -> Outcome {
    let report = block_on(client.maintenance().repair(None))?;
    let mut text = String::new();
    for repaired in &report.repaired {
        let action = json!(repaired.action);
        let action = action.as_str().unwrap_or_default().replace('_', " ");
        let _ = writeln!(
            text,
            "  {action}: {} {}: {}",
            repaired.table, repaired.key, repaired.detail
        );
    }
    let _ = writeln!(text, "{} mended", plural(report.repaired.len() as u64, "thing"));
    if !report.remaining.is_empty() {
        let _ = writeln!(text, "{} left:", plural(report.remaining.len() as u64, "problem"));
        text.extend(report.remaining.iter().map(finding_text));
    }
    let failed = !report.remaining.is_empty();
    let as_json = move || {
        let repaired = report
            .repaired
            .iter()
            .map(|part| json!({ "action": part.action, "table": part.table, "key": part.key, "detail": part.detail }));
        json!({ "repaired": repaired.collect::<Vec<_>>(), "remaining": report.remaining.iter().map(finding_json).collect::<Vec<_>>() })
    };
    Ok(Report::new(as_json, move || text).failed_if(failed))
}

/// Copies the database.
pub fn backup(shell: &Shell) -> Outcome {
    let client = shell.open()?;
    let made = block_on(client.maintenance().back_up())?;
    let path = shell.data.join("backup.db").display().to_string();
    let words = if made {
        format!("copied to {path}\n")
    } else {
        "the last copy is less than a day old; none was made\n".to_owned()
    };
    Ok(Report::new(
        move || json!({ "made": made, "path": path }),
        move || words,
    ))
}

/// Opens the backup in the place of a database that cannot be opened.
pub fn restore_backup(shell: &Shell) -> Outcome {
    let client = shell.open_from_backup()?;
    let report = block_on(client.maintenance().check_integrity(None))?;
    let ok = report.ok;
    let words = "the backup is in its place; the damaged database is kept beside it as steadfast.db.corrupt-<n>\n";
    Ok(Report::new(move || json!({ "restored": true, "ok": ok }), move || words.to_owned()).failed_if(!ok))
}

/// Gives room back.
pub fn free_space(shell: &Shell) -> Outcome {
    let client = shell.open()?;
    let freed = block_on(client.maintenance().free_space())?;
    let words = format!(
        "{} KB freed, {} removed, {} MB free on the volume\n",
        freed.freed_bytes / 1024,
        plural(freed.events_deleted, "closed event"),
        freed.free_bytes >> 20
    );
    let as_json = move || json!({ "events_deleted": freed.events_deleted, "freed_bytes": freed.freed_bytes, "free_bytes": freed.free_bytes });
    Ok(Report::new(as_json, move || words))
}
