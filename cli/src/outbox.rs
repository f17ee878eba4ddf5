//! `steadfast outbox …`: what the server has yet to hear, and what it refused.

use std::fmt::Write;
use std::sync::Arc;
use std::time::SystemTime;

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::domain::id::Id;
use steadfast_core::domain::page::MAX_PAGE;
use steadfast_core::error::{Result, SteadfastError, ValidationCode};
use steadfast_core::outbox::api::Outbox;
use steadfast_core::outbox::model::{OutboxEvent, OutboxQuery, OutboxStatistics};

use crate::activity::{iso, labelled, plural};
use crate::args::OutboxCommand;
use crate::entry::more;
use crate::output::{Failure, Outcome, Report};
use crate::shell::{Shell, resolve};
use crate::table::{Align, Table, WIDTH, fit};
use crate::values::entry::{EventName, Instant};

/// Runs one of them.
pub fn run(shell: &Shell, command: OutboxCommand) -> Outcome {
    let outbox = shell.open()?.outbox();
    match command {
        OutboxCommand::Stats => Ok(statistics(block_on(outbox.statistics())?)),
        OutboxCommand::List { status, limit, after } => {
            let query = OutboxQuery { status, limit, after };
            let page = block_on(outbox.events(query))?;
            Ok(list(page.events, page.next))
        }
        OutboxCommand::Show { event } => Ok(shown(named(&outbox, &event)?)),
        OutboxCommand::Stale => Ok(list(block_on(outbox.stale())?, None)),
        OutboxCommand::Retry { events } => {
            let count = block_on(outbox.retry(ids(&outbox, &events)?))?;
            Ok(Report::new(
                move || json!({ "retried": count }),
                move || format!("{} to be sent again\n", plural(count, "event")),
            ))
        }
        OutboxCommand::Discard { events } => {
            let count = block_on(outbox.discard(ids(&outbox, &events)?))?;
            Ok(Report::new(
                move || json!({ "discarded": count }),
                move || format!("{} given up\n", plural(count, "event")),
            ))
        }
    }
}

fn ids(outbox: &Arc<Outbox>, names: &[EventName]) -> Result<Vec<Id>, Failure> {
    names.iter().map(|name| Ok(named(outbox, name)?.op_id)).collect()
}

/// The event that a person means.
///
/// # Errors
/// As `resolve`; a storage error.
fn named(outbox: &Arc<Outbox>, name: &EventName) -> Result<OutboxEvent, Failure> {
    let prefix = match name {
        EventName::Seq(seq) => {
            let query = OutboxQuery {
                limit: 1,
                after: Some(seq.saturating_sub(1)),
                ..OutboxQuery::default()
            };
            let found = block_on(outbox.events(query))?
                .events
                .pop()
                .filter(|event| event.seq == *seq);
            return found.ok_or_else(|| not_found(&format!("event {seq}")));
        }
        EventName::Id(prefix) => prefix,
    };
    let mut query = OutboxQuery {
        limit: MAX_PAGE,
        ..OutboxQuery::default()
    };
    let mut events = Vec::new();
    loop {
        let page = block_on(outbox.events(query.clone()))?;
        events.extend(page.events);
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    let id = resolve(prefix, events.iter().map(|event| event.op_id))?;
    let found = events.into_iter().find(|event| event.op_id == id);
    found.ok_or_else(|| not_found(&format!("event {id}")))
}

fn not_found(what: &str) -> Failure {
    SteadfastError::validation(ValidationCode::NotFound, what).into()
}

/// How many stand where, for a program.
pub fn statistics_json(statistics: &OutboxStatistics) -> Value {
    let mut value: Value = counts(statistics)
        .into_iter()
        .map(|(status, count)| (status, json!(count)))
        .collect();
    value["oldest_open_at"] = json!(statistics.oldest_open_at.map(iso));
    value
}

fn counts(statistics: &OutboxStatistics) -> [(&'static str, u64); 7] {
    [
        ("pending", statistics.pending),
        ("processing", statistics.processing),
        ("failed", statistics.failed),
        ("dead", statistics.dead),
        ("completed", statistics.completed),
        ("replaced", statistics.replaced),
        ("discarded", statistics.discarded),
    ]
}

fn statistics(statistics: OutboxStatistics) -> Report {
    let mut table = Table::new(&[("STATUS", Align::Left), ("EVENTS", Align::Right)]);
    for (status, count) in counts(&statistics) {
        table.row([status.to_owned(), count.to_string()]);
    }
    let oldest = statistics
        .oldest_open_at
        .map(|at| format!("the oldest open one was made {} ago\n", age(at)));
    let text = table.text() + &oldest.unwrap_or_default();
    Report::new(move || statistics_json(&statistics), move || text)
}

fn event_json(event: &OutboxEvent) -> Value {
    json!({
        "seq": event.seq,
        "op_id": event.op_id.to_string(),
        "root_kind": event.root_kind,
        "root_id": event.root_id.to_string(),
        "entity_kind": event.entity_kind,
        "entity_id": event.entity_id.to_string(),
        "operation": event.operation,
        "fields": fields(event),
        "status": event.status,
        "attempt": event.attempt,
        "max_attempts": event.max_attempts,
        "is_new_record": event.is_new_record,
        "group_id": event.group_id.map(|id| id.to_string()),
        "not_before": event.not_before.map(iso),
        "error_code": event.error_code,
        "error_message": event.error_message,
        "created_at": iso(event.created_at),
        "last_attempt_at": event.last_attempt_at.map(iso),
        "completed_at": event.completed_at.map(iso),
    })
}

fn fields(event: &OutboxEvent) -> Value {
    serde_json::from_str(&event.fields).unwrap_or_else(|_| Value::String(event.fields.clone()))
}

/// "upsert habit log".
fn what(event: &OutboxEvent) -> String {
    format!("{} {}", event.operation, event.entity_kind.replace('_', " "))
}

/// "40 s", "5 min", "3 h", "12 d".
pub fn age(since: SystemTime) -> String {
    let seconds = Instant::now().at.duration_since(since).unwrap_or_default().as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

fn reason(event: &OutboxEvent) -> Option<String> {
    event.error_message.clone().or_else(|| event.error_code.clone())
}

fn list(events: Vec<OutboxEvent>, next: Option<u64>) -> Report {
    let text = list_text(&events, next);
    Report::new(
        move || json!({ "events": events.iter().map(event_json).collect::<Vec<_>>(), "next": next }),
        move || text,
    )
}

fn list_text(events: &[OutboxEvent], next: Option<u64>) -> String {
    if events.is_empty() {
        return "no events\n".to_owned();
    }
    let mut table = Table::new(&[
        ("SEQ", Align::Right),
        ("AGE", Align::Right),
        ("WHAT", Align::Left),
        ("STATUS", Align::Left),
        ("TRIES", Align::Right),
        ("REASON", Align::Left),
    ]);
    for event in events {
        table.row([
            event.seq.to_string(),
            age(event.created_at),
            what(event),
            event.status.name().to_owned(),
            if event.attempt > 0 {
                format!("{}/{}", event.attempt, event.max_attempts)
            } else {
                String::new()
            },
            reason(event).unwrap_or_default(),
        ]);
    }
    table.text_within(WIDTH) + &more(next.map(|seq| seq.to_string()).as_deref())
}

fn shown(event: OutboxEvent) -> Report {
    let text = event_text(&event);
    Report::new(move || event_json(&event), move || text)
}

fn event_text(event: &OutboxEvent) -> String {
    let mut text = format!("{}: {}, {}\n", event.seq, what(event), event.status.name());
    let attempts = format!("{} of {}", event.attempt, event.max_attempts);
    for (label, words) in [
        ("row", Some(event.entity_id.to_string())),
        (
            "under",
            (event.root_id != event.entity_id)
                .then(|| format!("{} {}", event.root_kind.replace('_', " "), event.root_id)),
        ),
        ("made", Some(iso(event.created_at))),
        ("not before", event.not_before.map(iso)),
        ("attempts", Some(attempts)),
        ("last", event.last_attempt_at.map(iso)),
        ("closed", event.completed_at.map(iso)),
        ("reason", reason(event)),
        ("group", event.group_id.map(|id| id.to_string())),
        ("id", Some(event.op_id.to_string())),
    ] {
        if let Some(words) = words {
            labelled(&mut text, label, &words);
        }
    }
    if let Value::Object(fields) = fields(event) {
        text += "fields\n";
        let width = fields.keys().map(String::len).max().unwrap_or(0);
        for (name, edit) in fields {
            // The value; the clock and the number of the edit beside it are for a program.
            let value = edit.get("value").unwrap_or(&edit);
            let value = fit(&value.to_string(), WIDTH.saturating_sub(width + 4));
            let _ = writeln!(text, "  {name:<width$}  {value}");
        }
    }
    text
}
