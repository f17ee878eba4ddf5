//! `steadfast import`.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::client::SteadfastClient;
use steadfast_core::domain::split::SplitUnit;
use steadfast_core::error::{Result, SteadfastError};
use steadfast_core::interchange::import::ImportReport;

use crate::activity::{distance_cell, duration, kind_words, local, whole_json};
use crate::draw::model::Units;
use crate::output::{Outcome, Report, error_json, error_text};
use crate::progress::Progress;
use crate::shell::Shell;
use crate::table::{Align, Table, fit, wrap};

/// What became of a file: the report, and the same in JSON with the splits of every activity.
type Imported = Result<(ImportReport, Value)>;

/// Imports the files, several at a time.
pub fn run(mut shell: Shell, files: Vec<PathBuf>, jobs: Option<u16>) -> Outcome {
    shell.progress = Arc::new(Progress::of(files.len() as u64, "files"));
    let client = shell.open()?;
    let jobs = jobs.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<Imported>>> = files.iter().map(|_| Mutex::default()).collect();
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(files.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some((file, place)) = files.get(at).zip(done.get(at)) else {
                        break;
                    };
                    *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(import(&client, file));
                    shell.progress.one_more();
                }
            });
        }
    });
    shell.progress.clear();
    let mut imported = Vec::new();
    let mut failed = Vec::new();
    for (file, place) in files.into_iter().zip(done) {
        let name = file.display().to_string();
        match place.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(Ok(report)) => imported.push((name, report)),
            Some(Err(error)) => failed.push((name, error)),
            None => {}
        }
    }
    Ok(report(imported, failed))
}

fn import(client: &SteadfastClient, file: &std::path::Path) -> Imported {
    let report = block_on(
        client
            .activities()
            .import_file(file.to_string_lossy().into_owned(), None),
    )?;
    let mut activities = Vec::with_capacity(report.activities.len());
    for imported in &report.activities {
        let splits = block_on(client.activities().splits(imported.activity.id, SplitUnit::Kilometre))?;
        let mut value = whole_json(&imported.activity, &splits);
        value["is_new"] = imported.is_new.into();
        activities.push(value);
    }
    let skipped: Vec<Value> = report
        .skipped
        .iter()
        .map(|skipped| json!({ "index": skipped.index, "code": skipped.code, "reason": skipped.reason }))
        .collect();
    let value = json!({ "file": file.display().to_string(), "format": report.format, "activities": activities, "skipped": skipped });
    Ok((report, value))
}

fn report(imported: Vec<(String, (ImportReport, Value))>, failed: Vec<(String, SteadfastError)>) -> Report {
    let any_failed = !failed.is_empty();
    let text = text(&imported);
    let mut complaints = String::new();
    for (file, error) in &failed {
        let _ = write!(
            complaints,
            "{file}
{}",
            error_text(error)
        );
    }
    let as_json = move || {
        let first = failed.first().map(|(_, error)| error_json(error));
        let failed: Vec<Value> = failed
            .iter()
            .map(|(file, error)| json!({ "file": file, "error": error_json(error) }))
            .collect();
        let imported: Vec<Value> = imported.into_iter().map(|(_, (_, value))| value).collect();
        let mut value = json!({ "imported": imported, "failed": failed });
        // Where every failure of a command is looked for.
        if let Some(error) = first {
            value["error"] = error;
        }
        value
    };
    Report::new(as_json, move || text)
        .complaining(complaints)
        .failed_if(any_failed)
}

fn text(imported: &[(String, (ImportReport, Value))]) -> String {
    let mut table = Table::new(&[
        ("ID", Align::Left),
        ("STARTED", Align::Left),
        ("KIND", Align::Left),
        ("DISTANCE", Align::Right),
        ("TIMER", Align::Right),
        ("", Align::Left),
    ]);
    let mut skipped = String::new();
    let mut rows = 0;
    for (file, (report, _)) in imported {
        for one in &report.activities {
            let activity = &one.activity;
            table.row([
                activity.id.to_string()[..8].to_owned(),
                local(activity.started_at, activity.utc_offset_s, "%Y-%m-%d %H:%M"),
                kind_words(activity.kind),
                distance_cell(activity.distance_m, Units::Metric),
                duration(activity.timer_s),
                if one.is_new { String::new() } else { "known".to_owned() },
            ]);
            rows += 1;
        }
        for session in &report.skipped {
            let name = std::path::Path::new(file)
                .file_name()
                .unwrap_or_default()
                .to_string_lossy();
            let _ = writeln!(skipped, "{}, session {} left out:", fit(&name, 50), session.index);
            skipped.extend(wrap(&session.reason, 76).iter().map(|line| {
                format!(
                    "  {line}
"
                )
            }));
        }
    }
    if rows == 0 { skipped } else { table.text() + &skipped }
}
