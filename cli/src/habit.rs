//! `steadfast habit …`: timed entries of habits.

use std::sync::Arc;

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::domain::id::Id;
use steadfast_core::domain::page::MAX_PAGE;
use steadfast_core::domain::time::from_ms;
use steadfast_core::habits::api::Habits;
use steadfast_core::habits::model::{HabitDay, HabitLog, HabitLogEdit, HabitLogPage, HabitLogQuery, NewHabitLog};

use crate::activity::{duration, iso, labelled, local};
use crate::args::HabitCommand;
use crate::entry::{clock, deleted, more};
use crate::output::{Failure, Outcome, Report};
use crate::shell::{Shell, listed_id, prefix_length};
use crate::table::{Align, Table, WIDTH, fit};
use crate::values::IdPrefix;
use crate::values::entry::Instant;

/// A habit, a method, a mood in a column: words of the person's own.
const WORD: usize = 12;

/// Runs one of them.
pub fn run(shell: &Shell, command: HabitCommand) -> Outcome {
    let habits = shell.open()?.habits();
    match command {
        HabitCommand::Add { kind, said } => {
            let Instant { at, utc_offset_s } = said.at.unwrap_or_else(Instant::now);
            let log = NewHabitLog {
                utc_offset_s,
                date: said.date,
                duration_ms: said.duration_ms,
                method: said.method,
                notes: said.notes,
                mood: said.mood,
                potency: said.potency,
                ..NewHabitLog::new(kind, at)
            };
            Ok(shown(block_on(habits.record(log))?))
        }
        HabitCommand::Edit { id, kind, said, clear } => {
            let edit = HabitLogEdit {
                kind,
                started_at: said.at.map(|at| at.at),
                utc_offset_s: said.at.and_then(|at| at.utc_offset_s),
                date: said.date,
                duration_ms: said.duration_ms,
                method: said.method,
                notes: said.notes,
                mood: said.mood,
                potency: said.potency,
                clear,
            };
            let id = log_id(&habits, &id)?;
            Ok(shown(block_on(habits.edit(id, edit))?))
        }
        HabitCommand::Delete { id } => {
            let id = log_id(&habits, &id)?;
            block_on(habits.delete(id))?;
            Ok(deleted(id))
        }
        HabitCommand::List { kind, page } => {
            let query = HabitLogQuery {
                kind,
                from: page.from.map(from_ms),
                until: page.until.map(from_ms),
                limit: page.limit,
                after: page.after,
            };
            Ok(list(block_on(habits.list(query))?))
        }
        HabitCommand::Daily { kind, from, to } => {
            let days = block_on(habits.daily(kind.clone(), from, to))?;
            Ok(daily(kind, days))
        }
    }
}

fn log_id(habits: &Arc<Habits>, prefix: &IdPrefix) -> Result<Id, Failure> {
    listed_id(prefix, |after| {
        let query = HabitLogQuery {
            limit: MAX_PAGE,
            after,
            ..HabitLogQuery::default()
        };
        let page = block_on(habits.list(query))?;
        Ok((page.logs.iter().map(|log| log.id).collect(), page.next))
    })
}

fn log_json(log: &HabitLog) -> Value {
    json!({
        "id": log.id.to_string(),
        "kind": log.kind,
        "started_at": iso(log.started_at),
        "utc_offset_s": log.utc_offset_s,
        "date": log.date,
        "duration_ms": log.duration_ms,
        "method": log.method,
        "notes": log.notes,
        "mood": log.mood,
        "potency": log.potency,
        "source": log.source,
        "external_id": log.external_id,
        "version": log.version,
        "last_modified": log.last_modified.map(iso),
    })
}

fn duration_cell(duration_ms: Option<u64>) -> String {
    #[allow(clippy::cast_precision_loss, reason = "whole seconds are shown")]
    duration_ms.map_or_else(String::new, |ms| duration(ms as f64 / 1000.0))
}

fn word(text: Option<&String>) -> String {
    text.map(|text| fit(text, WORD)).unwrap_or_default()
}

fn shown(log: HabitLog) -> Report {
    let text = log_text(&log);
    Report::new(move || log_json(&log), move || text)
}

fn log_text(log: &HabitLog) -> String {
    let mut text = fit(&log.kind, WIDTH) + "\n";
    let potency = log.potency.map(|potency| potency.to_string());
    for (label, words) in [
        ("began", Some(local(log.started_at, log.utc_offset_s, "%Y-%m-%d %H:%M"))),
        ("counts for", Some(log.date.to_string())),
        (
            "took",
            Some(duration_cell(log.duration_ms)).filter(|cell| !cell.is_empty()),
        ),
        ("method", log.method.clone()),
        ("mood", log.mood.clone()),
        ("potency", potency),
        ("notes", log.notes.clone()),
        ("source", log.source.clone()),
        ("id", Some(log.id.to_string())),
    ] {
        if let Some(words) = words {
            labelled(&mut text, label, &words);
        }
    }
    text
}

fn list(page: HabitLogPage) -> Report {
    let text = list_text(&page);
    let as_json = move || {
        let logs: Vec<Value> = page.logs.iter().map(log_json).collect();
        json!({ "logs": logs, "next": page.next })
    };
    Report::new(as_json, move || text)
}

fn list_text(page: &HabitLogPage) -> String {
    if page.logs.is_empty() {
        return "no entries\n".to_owned();
    }
    let ids: Vec<Id> = page.logs.iter().map(|log| log.id).collect();
    let length = prefix_length(&ids);
    let mut table = Table::new(&[
        ("ID", Align::Left),
        ("BEGAN", Align::Left),
        ("HABIT", Align::Left),
        ("TOOK", Align::Right),
        ("METHOD", Align::Left),
        ("MOOD", Align::Left),
        ("POTENCY", Align::Right),
        ("NOTES", Align::Left),
    ]);
    for log in &page.logs {
        table.row([
            log.id.to_string()[..length].to_owned(),
            clock(log.started_at, log.utc_offset_s),
            fit(&log.kind, WORD),
            duration_cell(log.duration_ms),
            word(log.method.as_ref()),
            word(log.mood.as_ref()),
            log.potency.map(|potency| potency.to_string()).unwrap_or_default(),
            log.notes.clone().unwrap_or_default(),
        ]);
    }
    table.text_within(WIDTH) + &more(page.next.as_deref())
}

fn daily(kind: String, days: Vec<HabitDay>) -> Report {
    let text = daily_text(&days);
    let as_json = move || {
        let days: Vec<Value> = days
            .iter()
            .map(|day| json!({ "date": day.date, "count": day.count, "duration_ms": day.duration_ms }))
            .collect();
        json!({ "kind": kind, "days": days })
    };
    Report::new(as_json, move || text)
}

fn daily_text(days: &[HabitDay]) -> String {
    if days.is_empty() {
        return "no entries\n".to_owned();
    }
    let mut table = Table::new(&[("DAY", Align::Left), ("ENTRIES", Align::Right), ("TOOK", Align::Right)]);
    for day in days {
        table.row([
            day.date.to_string(),
            day.count.to_string(),
            duration_cell(day.duration_ms),
        ]);
    }
    table.text()
}
