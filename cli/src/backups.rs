//! `steadfast backups …`, and the list that unfinished workouts and emergency backups share.

use std::fmt::Write;

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::domain::id::Id;
use steadfast_core::recovery::model::{RecoveryInfo, RecoveryLocation, RecoverySource};

use crate::activity::{distance_cell, duration, iso, kind_words, local};
use crate::args::BackupsCommand;
use crate::draw::model::Units;
use crate::output::{Outcome, Report};
use crate::shell::{Shell, prefix_length, resolve};
use crate::table::{Align, Table};

/// Runs one of them.
pub fn run(shell: &Shell, command: BackupsCommand) -> Outcome {
    let client = shell.open()?;
    let backups = block_on(client.recorder().backups())?;
    match command {
        BackupsCommand::List => Ok(list(backups, "backups", "no emergency backups\n")),
        BackupsCommand::Restore { id } => {
            let id = resolve(&id, backups.iter().map(|info| info.id))?;
            block_on(client.recorder().restore_backup(id))?;
            let words = format!("restored {id}; see `steadfast recover list`\n");
            Ok(Report::new(
                move || json!({ "restored": id.to_string() }),
                move || words,
            ))
        }
    }
}

/// A list of unfinished workouts under this name.
pub fn list(infos: Vec<RecoveryInfo>, name: &'static str, none: &'static str) -> Report {
    let text = if infos.is_empty() {
        none.to_owned()
    } else {
        text(&infos)
    };
    Report::new(
        move || json!({ name: infos.iter().map(info_json).collect::<Vec<Value>>() }),
        move || text,
    )
}

/// Every field by its name in the API.
pub fn info_json(info: &RecoveryInfo) -> Value {
    json!({
        "id": info.id.to_string(),
        "kind": info.kind.name(),
        "state": info.state.name(),
        "started_at": iso(info.started_at),
        "distance_m": info.distance_m,
        "duration_s": info.duration_s,
        "sample_count": info.sample_count,
        "split_count": info.split_count,
        "is_fresh": info.is_fresh,
        "can_resume": info.can_resume,
        "bad_records": info.bad_records,
        "missing_records": info.missing_records,
        "torn_tail": info.torn_tail,
        "source": match info.source {
            RecoverySource::Primary => "primary",
            RecoverySource::Backup => "backup",
            RecoverySource::Journal => "journal",
        },
        "location": match info.location {
            RecoveryLocation::Recovery => "recovery",
            RecoveryLocation::Backup => "backup",
        },
        "problem": info.problem,
    })
}

fn text(infos: &[RecoveryInfo]) -> String {
    let ids: Vec<Id> = infos.iter().map(|info| info.id).collect();
    let length = prefix_length(&ids);
    let mut table = Table::new(&[
        ("ID", Align::Left),
        ("STARTED (UTC)", Align::Left),
        ("KIND", Align::Left),
        ("DISTANCE", Align::Right),
        ("TIMER", Align::Right),
        ("SAMPLES", Align::Right),
        ("", Align::Left),
    ]);
    let mut notes = String::new();
    for info in infos {
        let id = info.id.to_string()[..length].to_owned();
        if let Some(problem) = &info.problem {
            let _ = writeln!(
                notes,
                "{id} cannot be read: {}; its files are left as they are",
                problem.replace('_', " ")
            );
        }
        if info.bad_records + info.missing_records > 0 {
            let _ = writeln!(
                notes,
                "{id}: {} records damaged, {} missing",
                info.bad_records, info.missing_records
            );
        }
        let age = match (info.problem.is_some(), info.is_fresh, info.can_resume) {
            (true, ..) => "unreadable",
            (_, true, _) => "fresh",
            (_, false, true) => "",
            (_, false, false) => "save only",
        };
        table.row([
            id,
            local(info.started_at, None, "%Y-%m-%d %H:%M")
                .trim_end_matches(" UTC")
                .to_owned(),
            kind_words(info.kind),
            distance_cell(info.distance_m, Units::Metric),
            duration(info.duration_s),
            info.sample_count.to_string(),
            age.to_owned(),
        ]);
    }
    table.text() + &notes
}
