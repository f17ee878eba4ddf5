//! `steadfast sync …`: brings what waits to the server, and says how that stands.

use std::path::Path;
use std::sync::Arc;

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::client::SteadfastClient;
use steadfast_core::domain::account::LOCAL_ACCOUNT;
use steadfast_core::domain::sync_status::{PauseReason, SyncFailure};
use steadfast_core::error::{Result, SteadfastError};
use steadfast_core::interchange::api::read_file;
use steadfast_core::outbox::model::{Conflict, ConflictPage, ConflictQuery, OutboxStatistics};
use steadfast_core::sync::model::{Connectivity, SyncConfig, SyncEnd, SyncOutcome};

use crate::activity::{iso, labelled, plural};
use crate::args::{ServerArguments, SyncCommand};
use crate::entry::more;
use crate::outbox::{age, statistics_json};
use crate::output::{Outcome, Report};
use crate::shell::Shell;
use crate::table::{Align, Table, WIDTH, fit};

/// An answer of the storage is waited for so long.
const LOOK_MS: u32 = 10_000;

/// Runs one of them.
pub fn run(shell: &Shell, command: SyncCommand) -> Outcome {
    match command {
        SyncCommand::Once(server) => once(shell, server),
        SyncCommand::Status => status(shell),
        SyncCommand::Conflicts { limit, after } => {
            let query = ConflictQuery { limit, after };
            Ok(conflicts(block_on(shell.open()?.sync().conflicts(query))?))
        }
        SyncCommand::Resolve { id, choice } => {
            block_on(shell.open()?.sync().resolve_conflict(id, choice.into()))?;
            Ok(Report::new(
                move || json!({ "id": id }),
                move || format!("decided conflict {id}\n"),
            ))
        }
    }
}

fn once(shell: &Shell, server: ServerArguments) -> Outcome {
    let config = SyncConfig {
        root_certificate_pem: server.root_certificate.as_deref().map(text_of).transpose()?,
        ..SyncConfig::new(server.server)
    };
    let token = match &server.token_file {
        Some(path) => Some(text_of(path)?.trim_end().to_owned()),
        None => server.token,
    };
    let client = shell.open()?;
    let sync = client.sync();
    sync.configure(config)?;
    if let Some(token) = token {
        sync.provide_token(client.account_id(), token, None)?;
    }
    let outcome = block_on(sync.sync_once(server.deadline.saturating_mul(1_000), None))?;
    Ok(sent(outcome))
}

/// The text of a small file.
///
/// # Errors
/// As `read_file`; `invalid_argument` for bytes that are no text.
fn text_of(path: &Path) -> Result<String> {
    String::from_utf8(read_file(path)?)
        .map_err(|_| SteadfastError::invalid("file", format!("{} is no text", path.display())))
}

fn sent(outcome: SyncOutcome) -> Report {
    let text = sent_text(&outcome);
    let is_left = outcome.remaining + outcome.dead > 0 || outcome.stopped_by != SyncEnd::Done;
    let as_json = move || {
        json!({
            "sent": outcome.sent,
            "taken": outcome.taken,
            "failed": outcome.failed,
            "dead": outcome.dead,
            "remaining": outcome.remaining,
            "next_attempt_at": outcome.next_attempt_at.map(iso),
            "stopped_by": end_name(outcome.stopped_by),
            "paused": outcome.paused.map(PauseReason::name),
            "last_error": outcome.last_error.map(|failure| failure_json(&failure)),
        })
    };
    Report::new(as_json, move || text).failed_if(is_left)
}

fn failure_json(failure: &SyncFailure) -> Value {
    json!({ "code": failure.code, "http_status": failure.http_status })
}

fn end_name(end: SyncEnd) -> &'static str {
    match end {
        SyncEnd::Done => "done",
        SyncEnd::Deadline => "deadline",
        SyncEnd::Cancelled => "cancelled",
        SyncEnd::Waiting => "waiting",
        SyncEnd::Offline => "offline",
        SyncEnd::Held => "held",
        SyncEnd::Paused => "paused",
        SyncEnd::SignedOut => "signed_out",
    }
}

/// What has to be done first.
fn pause_words(paused: PauseReason) -> &'static str {
    match paused {
        PauseReason::Authentication => "the server wants a fresh token",
        PauseReason::ClientTooOld => "the server does not understand this version any more: update it",
        PauseReason::AccountDeleted => "the account was deleted on the server; the data stays here",
    }
}

fn end_words(outcome: &SyncOutcome) -> &'static str {
    match (outcome.stopped_by, outcome.paused) {
        (SyncEnd::Paused, Some(paused)) => pause_words(paused),
        (SyncEnd::Paused, None) => "something has to be done first",
        (SyncEnd::Done, _) if outcome.dead > 0 || outcome.remaining > 0 => "the server has everything that it takes",
        (SyncEnd::Done, _) => "the server has everything",
        (SyncEnd::Deadline, _) => "the time was up",
        (SyncEnd::Cancelled, _) => "it was stopped",
        (SyncEnd::Waiting, _) => "the rest has to wait",
        (SyncEnd::Offline, _) => "there is no connection",
        (SyncEnd::Held, _) => "the rest may not use this connection",
        (SyncEnd::SignedOut, _) => "nobody is signed in; everything stays on this device",
    }
}

fn sent_text(outcome: &SyncOutcome) -> String {
    let mut text = format!("{}\n", end_words(outcome));
    for (label, count, which) in [
        ("sent", outcome.taken, ""),
        ("again", outcome.failed, " that the server wants later"),
        ("refused", outcome.dead, ": see `steadfast outbox list --status dead`"),
        ("waiting", outcome.remaining, ""),
    ] {
        if count > 0 {
            labelled(&mut text, label, &format!("{}{which}", plural(count, "change")));
        }
    }
    if let Some(at) = outcome.next_attempt_at {
        labelled(&mut text, "next try", &iso(at));
    }
    if let Some(failure) = &outcome.last_error {
        labelled(&mut text, "because", &failure_words(failure));
    }
    text
}

/// "unavailable (HTTP 503)".
fn failure_words(failure: &SyncFailure) -> String {
    let status = failure.http_status.map(|status| format!(" (HTTP {status})"));
    fit(&failure.code.replace('_', " "), 60) + &status.unwrap_or_default()
}

/// What the queue says, without asking any server.
fn status(shell: &Shell) -> Outcome {
    let client = shell.open()?;
    let statistics = block_on(client.outbox().statistics())?;
    let paused = pause_of(&client)?;
    let account = Some(client.account_id()).filter(|account| account != LOCAL_ACCOUNT);
    let text = status_text(account.as_deref(), &statistics, paused);
    let as_json = move || {
        json!({
            "account_id": account,
            "paused": paused.map(PauseReason::name),
            "outbox": statistics_json(&statistics),
        })
    };
    Ok(Report::new(as_json, move || text))
}

/// Why nothing of the account is sent, if an earlier attempt found that out. Offline: it looks into the storage, and tries nothing.
fn pause_of(client: &Arc<SteadfastClient>) -> Result<Option<PauseReason>> {
    let sync = client.sync();
    sync.set_connectivity(Connectivity::Offline);
    block_on(sync.sync_once(LOOK_MS, None))?;
    Ok(sync.status().paused)
}

fn status_text(account: Option<&str>, statistics: &OutboxStatistics, paused: Option<PauseReason>) -> String {
    let mut text = match account {
        Some(account) => format!("signed in as {}\n", fit(account, 50)),
        None => "nobody is signed in; everything stays on this device\n".to_owned(),
    };
    let waiting = statistics.pending + statistics.processing + statistics.failed;
    let oldest = statistics.oldest_open_at.filter(|_| waiting > 0);
    let since = oldest
        .map(|at| format!(", the oldest for {}", age(at)))
        .unwrap_or_default();
    labelled(&mut text, "waiting", &format!("{}{since}", plural(waiting, "change")));
    if statistics.dead > 0 {
        let words = format!(
            "{}: see `steadfast outbox list --status dead`",
            plural(statistics.dead, "change")
        );
        labelled(&mut text, "refused", &words);
    }
    if let Some(paused) = paused {
        labelled(&mut text, "paused", pause_words(paused));
    }
    text
}

fn conflicts(page: ConflictPage) -> Report {
    let text = conflicts_text(&page);
    let as_json = move || {
        let all: Vec<Value> = page.conflicts.iter().map(conflict_json).collect();
        json!({ "conflicts": all, "next": page.next })
    };
    Report::new(as_json, move || text)
}

fn conflict_json(conflict: &Conflict) -> Value {
    json!({
        "id": conflict.id,
        "entity_kind": conflict.entity_kind,
        "entity_id": conflict.entity_id.to_string(),
        "field": conflict.field,
        "kept_value": value(&conflict.kept_value),
        "lost_value": value(&conflict.lost_value),
        "at": iso(conflict.at),
    })
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

fn conflicts_text(page: &ConflictPage) -> String {
    if page.conflicts.is_empty() {
        return "no conflicts\n".to_owned();
    }
    let mut table = Table::new(&[
        ("ID", Align::Right),
        ("AGE", Align::Right),
        ("FIELD", Align::Left),
        ("LOST", Align::Left),
        ("KEPT", Align::Left),
    ]);
    for conflict in &page.conflicts {
        table.row([
            conflict.id.to_string(),
            age(conflict.at),
            format!(
                "{} {}",
                conflict.entity_kind.replace('_', " "),
                conflict.field.replace('_', " ")
            ),
            fit(&conflict.lost_value, 20),
            conflict.kept_value.clone(),
        ]);
    }
    table.text_within(WIDTH) + &more(page.next.map(|id| id.to_string()).as_deref())
}
