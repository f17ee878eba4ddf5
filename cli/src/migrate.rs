//! `steadfast migrate`: what an earlier store of the app held.

use std::path::Path;

use pollster::block_on;
use serde_json::json;
use steadfast_core::domain::migration::MigrationReport;

use crate::output::{Outcome, Report};
use crate::shell::Shell;
use crate::table::{Align, Table};

/// Takes a file over.
pub fn run(shell: &Shell, file: &Path) -> Outcome {
    let client = shell.open()?;
    let report = block_on(
        client
            .migration()
            .migrate_file(file.to_string_lossy().into_owned(), None),
    )?;
    let rooms = [
        ("program_sessions", report.program_sessions),
        ("habit_logs", report.habit_logs),
        ("progress_entries", report.progress_entries),
    ];
    let text = text(&rooms);
    let as_json = move || {
        let room = |report: MigrationReport| json!({ "imported": report.imported, "unchanged": report.unchanged, "total": report.total });
        rooms.into_iter().map(|(name, report)| (name, room(report))).collect()
    };
    Ok(Report::new(as_json, move || text))
}

fn text(rooms: &[(&str, MigrationReport)]) -> String {
    let mut table = Table::new(&[
        ("WHAT", Align::Left),
        ("IMPORTED", Align::Right),
        ("UNCHANGED", Align::Right),
        ("TOTAL", Align::Right),
    ]);
    for (name, report) in rooms {
        table.row([
            name.replace('_', " "),
            report.imported.to_string(),
            report.unchanged.to_string(),
            report.total.to_string(),
        ]);
    }
    table.text()
}
