//! `steadfast metric …`: body mass and other metrics.

use std::sync::Arc;

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::domain::id::Id;
use steadfast_core::domain::page::MAX_PAGE;
use steadfast_core::domain::time::from_ms;
use steadfast_core::metrics::api::Metrics;
use steadfast_core::metrics::kind::MetricKind;
use steadfast_core::metrics::model::{
    DailyTotal, NewProgressEntry, ProgressEntry, ProgressEntryEdit, ProgressEntryPage, ProgressEntryQuery,
};
use steadfast_core::metrics::unit::MetricUnit;

use crate::activity::{iso, labelled, local};
use crate::args::MetricCommand;
use crate::entry::{clock, deleted, more, number};
use crate::output::{Failure, Outcome, Report};
use crate::shell::{Shell, listed_id, prefix_length};
use crate::table::{Align, Table, WIDTH, fit};
use crate::values::IdPrefix;
use crate::values::entry::Instant;

/// Runs one of them.
pub fn run(shell: &Shell, command: MetricCommand) -> Outcome {
    let metrics = shell.open()?.metrics();
    match command {
        MetricCommand::Add {
            kind,
            quantity,
            at,
            date,
            notes,
        } => {
            let Instant { at, utc_offset_s } = at.unwrap_or_else(Instant::now);
            let unit = quantity.unit.unwrap_or_else(|| kind.base_unit());
            let entry = NewProgressEntry {
                utc_offset_s,
                date,
                notes,
                ..NewProgressEntry::new(kind, quantity.value, unit, at)
            };
            Ok(shown(block_on(metrics.record(entry))?))
        }
        MetricCommand::Edit {
            id,
            quantity,
            unit,
            at,
            date,
            notes,
            clear,
        } => {
            let edit = ProgressEntryEdit {
                quantity: quantity.map(|quantity| quantity.value),
                unit: unit.or_else(|| quantity?.unit),
                recorded_at: at.map(|at| at.at),
                utc_offset_s: at.and_then(|at| at.utc_offset_s),
                date,
                notes,
                backend_id: None,
                clear,
            };
            let id = entry_id(&metrics, &id)?;
            Ok(shown(block_on(metrics.edit(id, edit))?))
        }
        MetricCommand::Delete { id } => {
            let id = entry_id(&metrics, &id)?;
            block_on(metrics.delete(id))?;
            Ok(deleted(id))
        }
        MetricCommand::List { kind, page } => {
            let query = ProgressEntryQuery {
                kind,
                from: page.from.map(from_ms),
                until: page.until.map(from_ms),
                limit: page.limit,
                after: page.after,
            };
            Ok(list(block_on(metrics.list(query))?))
        }
        MetricCommand::Latest { kind } => Ok(latest(kind, block_on(metrics.latest(kind))?)),
        MetricCommand::Daily { kind, from, to } => Ok(daily(kind, block_on(metrics.daily(kind, from, to))?)),
    }
}

fn entry_id(metrics: &Arc<Metrics>, prefix: &IdPrefix) -> Result<Id, Failure> {
    listed_id(prefix, |after| {
        let query = ProgressEntryQuery {
            limit: MAX_PAGE,
            after,
            ..ProgressEntryQuery::default()
        };
        let page = block_on(metrics.list(query))?;
        Ok((page.entries.iter().map(|entry| entry.id).collect(), page.next))
    })
}

fn entry_json(entry: &ProgressEntry) -> Value {
    json!({
        "id": entry.id.to_string(),
        "kind": entry.kind.name(),
        "quantity": entry.quantity,
        "unit": entry.unit.name(),
        "quantity_si": entry.quantity_si,
        "recorded_at": iso(entry.recorded_at),
        "utc_offset_s": entry.utc_offset_s,
        "date": entry.date,
        "notes": entry.notes,
        "source": entry.source,
        "external_id": entry.external_id,
        "backend_id": entry.backend_id,
        "version": entry.version,
        "last_modified": entry.last_modified.map(iso),
    })
}

fn kind_words(kind: MetricKind) -> String {
    let words = kind.name().replace('_', " ");
    words[..1].to_uppercase() + &words[1..]
}

/// "177.5 lb"; what is counted or a share has no unit.
fn quantity_words(quantity: f64, unit: MetricUnit) -> String {
    let quantity = number(quantity);
    match unit {
        MetricUnit::Count | MetricUnit::Score | MetricUnit::Fraction => quantity,
        MetricUnit::Percent => format!("{quantity} %"),
        MetricUnit::Joule => format!("{quantity} J"),
        MetricUnit::Kilojoule => format!("{quantity} kJ"),
        unit => format!("{quantity} {}", unit.name()),
    }
}

fn shown(entry: ProgressEntry) -> Report {
    let text = entry_text(&entry);
    Report::new(move || entry_json(&entry), move || text)
}

fn entry_text(entry: &ProgressEntry) -> String {
    let base = entry.kind.base_unit();
    let in_base = if entry.unit == base {
        String::new()
    } else {
        format!(" = {}", quantity_words(entry.quantity_si, base))
    };
    let mut text = format!(
        "{}: {}{in_base}\n",
        kind_words(entry.kind),
        quantity_words(entry.quantity, entry.unit)
    );
    let measured = local(entry.recorded_at, entry.utc_offset_s, "%Y-%m-%d %H:%M");
    labelled(&mut text, "measured", &measured);
    labelled(&mut text, "counts for", &entry.date.to_string());
    for (label, words) in [("notes", &entry.notes), ("source", &entry.source)] {
        if let Some(words) = words {
            labelled(&mut text, label, words);
        }
    }
    labelled(&mut text, "id", &entry.id.to_string());
    text
}

fn list(page: ProgressEntryPage) -> Report {
    let text = list_text(&page);
    let as_json = move || {
        let entries: Vec<Value> = page.entries.iter().map(entry_json).collect();
        json!({ "entries": entries, "next": page.next })
    };
    Report::new(as_json, move || text)
}

fn list_text(page: &ProgressEntryPage) -> String {
    if page.entries.is_empty() {
        return "no entries\n".to_owned();
    }
    let ids: Vec<Id> = page.entries.iter().map(|entry| entry.id).collect();
    let length = prefix_length(&ids);
    let mut table = Table::new(&[
        ("ID", Align::Left),
        ("MEASURED", Align::Left),
        ("METRIC", Align::Left),
        ("QUANTITY", Align::Right),
        ("SOURCE", Align::Left),
        ("NOTES", Align::Left),
    ]);
    for entry in &page.entries {
        table.row([
            entry.id.to_string()[..length].to_owned(),
            clock(entry.recorded_at, entry.utc_offset_s),
            kind_words(entry.kind),
            quantity_words(entry.quantity, entry.unit),
            entry
                .source
                .as_deref()
                .map(|source| fit(source, 16))
                .unwrap_or_default(),
            entry.notes.clone().unwrap_or_default(),
        ]);
    }
    table.text_within(WIDTH) + &more(page.next.as_deref())
}

fn latest(kind: MetricKind, entry: Option<ProgressEntry>) -> Report {
    let text = match &entry {
        Some(entry) => entry_text(entry),
        None => format!("no entry of {}\n", kind.name().replace('_', " ")),
    };
    Report::new(move || json!({ "entry": entry.as_ref().map(entry_json) }), move || text)
}

fn daily(kind: MetricKind, days: Vec<DailyTotal>) -> Report {
    let text = daily_text(kind, &days);
    let as_json = move || {
        let days: Vec<Value> = days.iter().map(day_json).collect();
        json!({ "kind": kind.name(), "unit": kind.base_unit().name(), "days": days })
    };
    Report::new(as_json, move || text)
}

fn day_json(day: &DailyTotal) -> Value {
    json!({
        "date": day.date,
        "count": day.count,
        "sum_si": day.sum_si,
        "average_si": day.average_si,
        "minimum_si": day.minimum_si,
        "maximum_si": day.maximum_si,
        "latest_si": day.latest_si,
    })
}

fn daily_text(kind: MetricKind, days: &[DailyTotal]) -> String {
    if days.is_empty() {
        return "no entries\n".to_owned();
    }
    let mut table = Table::new(&[
        ("DAY", Align::Left),
        ("ENTRIES", Align::Right),
        ("SUM", Align::Right),
        ("MEAN", Align::Right),
        ("LEAST", Align::Right),
        ("MOST", Align::Right),
        ("LAST", Align::Right),
    ]);
    for day in days {
        let sums = [
            day.sum_si,
            day.average_si,
            day.minimum_si,
            day.maximum_si,
            day.latest_si,
        ];
        let counted = [day.date.to_string(), day.count.to_string()];
        table.row(counted.into_iter().chain(sums.map(number)));
    }
    let unit = match kind.base_unit() {
        MetricUnit::Count | MetricUnit::Score | MetricUnit::Fraction => String::new(),
        MetricUnit::Joule => " in J".to_owned(),
        unit => format!(" in {}", unit.name()),
    };
    format!("{}{}{unit}\n", table.text(), kind.name().replace('_', " "))
}
