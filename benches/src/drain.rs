//! Bringing a full queue to a server that costs next to nothing, and the barest loop that could do the same.

use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

use pollster::block_on;
use reqwest::Client;
use rusqlite::Connection;
use serde_json::{Value, json};
use steadfast_core::accounts::model::LocalData;
use steadfast_core::client::SteadfastClient;
use steadfast_core::habits::model::NewHabitLog;
use steadfast_core::sync::model::{SyncConfig, SyncEnd};
use tokio::runtime::{Builder, Runtime};

use crate::Plan;
use crate::measure::{in_turns, median, timed};
use crate::report::{Budget, Measured, Report};
use crate::{null_server, store};

const EVENTS: usize = 10_000;
/// Items of a request, ours and the peer's.
const BATCH: u32 = 100;
/// What the seed drained in its figure.
const FEW: usize = 50;
const DEADLINE_MS: u32 = 600_000;
/// Longer than a tap's event waits for another.
const DEBOUNCE: Duration = Duration::from_millis(600);

/// Ours is `sync_once`, of logs that a user entered one by one.
pub fn measure(plan: Plan, report: &mut Report) {
    let url = null_server::start();
    let runtime = Builder::new_current_thread().enable_all().build().expect("a thread");
    let http = http_client();
    let (ours, peer) = in_turns(
        plan.rounds.div_ceil(2),
        || ours(&url, EVENTS),
        || skeleton(&runtime, &http, &url),
    );
    let each = |seconds: f64| seconds * 1e6 / crate::measure::number(EVENTS);
    report.add(&Measured {
        name: "drain of 10,000 events, each",
        value: each(ours),
        unit: "µs",
        peer: Some(("SELECT, POST and UPDATE by hand", each(peer))),
        budget: Budget::PeerTimes(0.7),
        beside: "to a server that keeps nothing, on loopback, 100 a request, the same bytes; FULL; ratio of the rates",
    });
    let mut few: Vec<f64> = (0..plan.rounds).map(|_| ours_ms(&url)).collect();
    report.add(&Measured {
        name: "50 logs synced",
        value: median(&mut few),
        unit: "ms",
        peer: Some(("the seed's", 2_000.0)),
        budget: Budget::PeerTimes(20.0),
        beside: "connecting included; to the same server",
    });
}

/// The peer's; it speaks no TLS here, but reqwest wants to know how it would.
fn http_client() -> Client {
    // It is there already if another turn of this process installed it.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::new()
}

fn ours_ms(url: &str) -> f64 {
    ours(url, FEW) * 1_000.0
}

fn ours(url: &str, events: usize) -> f64 {
    let folder = store::folder();
    let client = store::by_the_system_clock(folder.path());
    for at in 0..events {
        record(&client, at);
    }
    let signed_in = block_on(client.sign_in("ada".to_owned(), LocalData::Adopt)).expect("an account");
    assert_eq!(signed_in.pending, events as u64);
    let sync = client.sync();
    sync.configure(SyncConfig::new(url)).expect("an address");
    sync.provide_token("ada".to_owned(), "token".to_owned(), None)
        .expect("a token");
    // A tap may be followed by another: its event waits for half a second.
    thread::sleep(DEBOUNCE);
    let (seconds, outcome) = timed(|| block_on(sync.sync_once(DEADLINE_MS, None)).expect("an outcome"));
    assert_eq!(
        (outcome.taken, outcome.remaining, outcome.stopped_by),
        (events as u64, 0, SyncEnd::Done)
    );
    seconds
}

fn record(client: &SteadfastClient, at: usize) {
    let started_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600 + 60 * at as u64);
    let log = NewHabitLog {
        duration_ms: Some(300_000),
        method: Some("rolled".to_owned()),
        notes: Some("on the way home".to_owned()),
        ..NewHabitLog::new("smoke", started_at)
    };
    block_on(client.habits().record(log)).expect("a disk with room");
}

/// Reads the oldest hundred, posts them, marks them: nothing is claimed, ordered, hashed, merged or checked.
fn skeleton(runtime: &Runtime, http: &Client, url: &str) -> f64 {
    let folder = store::folder();
    let mut connection = queue(folder.path());
    let (seconds, sent) = timed(|| runtime.block_on(drain(&mut connection, http, url)));
    assert_eq!(sent, EVENTS);
    seconds
}

fn queue(folder: &Path) -> Connection {
    let connection = store::bare_database(folder);
    connection
        .execute_batch(
            "CREATE TABLE event (seq INTEGER PRIMARY KEY, op_id TEXT NOT NULL UNIQUE, item TEXT NOT NULL, status TEXT NOT NULL) STRICT;
             CREATE INDEX event_by_status ON event (status, seq); BEGIN;",
        )
        .expect("valid SQL");
    for seq in 1..=EVENTS as u64 {
        let id = format!("00000000-0000-4000-8000-{seq:012}");
        connection
            .execute(
                "INSERT INTO event VALUES (?1, ?2, ?3, 'pending')",
                (seq.cast_signed(), &id, payload(seq, &id).to_string()),
            )
            .expect("a disk with room");
    }
    connection.execute_batch("COMMIT").expect("a disk with room");
    connection
}

/// What ours sends of such a log, so that both bring the same bytes.
fn payload(seq: u64, id: &str) -> Value {
    let edit = |value: Value| json!({ "value": value, "number": 10 * seq, "mono_ms": 36_247_142, "wall_ms": 1_767_225_600_000_i64, "at": 1_767_225_600_000_i64 });
    let fields = json!({
        "alive": edit(json!(true)), "date": edit(json!("2026-01-01")), "duration_ms": edit(json!(300_000)),
        "kind": edit(json!("smoke")), "method": edit(json!("rolled")), "notes": edit(json!("on the way home")),
        "started_at_ms": edit(json!(1_767_225_600_000_i64)),
    });
    let operation = json!({ "op_id": id, "root_kind": "habit_log", "root_id": id, "entity_kind": "habit_log", "entity_id": id,
        "operation": "upsert", "fields": fields, "schema_version": 1 });
    json!({ "id": id, "hash": "0".repeat(64), "operations": [operation] })
}

async fn drain(connection: &mut Connection, http: &Client, url: &str) -> usize {
    let mut sent = 0;
    loop {
        let items = oldest(connection);
        if items.is_empty() {
            return sent;
        }
        let body = json!({ "device_id": "00000000-0000-4000-8000-000000000000", "epoch": 1, "items": items });
        let request = http
            .post(format!("{url}/v1/push"))
            .bearer_auth("token")
            .body(body.to_string());
        let reply = request
            .send()
            .await
            .expect("an answer")
            .bytes()
            .await
            .expect("a whole one");
        let reply: Value = serde_json::from_slice(&reply).expect("JSON");
        let transaction = connection.transaction().expect("nobody else writes");
        for result in reply["results"].as_array().expect("results") {
            let mut done = transaction
                .prepare_cached("UPDATE event SET status = 'completed' WHERE op_id = ?1 AND status = 'pending'")
                .expect("valid SQL");
            sent += done.execute([result["id"].as_str()]).expect("a disk with room");
        }
        transaction.commit().expect("a disk with room");
    }
}

fn oldest(connection: &Connection) -> Vec<Value> {
    let mut statement = connection
        .prepare_cached("SELECT item FROM event WHERE status = 'pending' ORDER BY seq LIMIT ?1")
        .expect("valid SQL");
    let rows = statement.query_map([BATCH], |row| {
        let item: String = row.get(0)?;
        Ok(serde_json::from_str(&item).unwrap_or_default())
    });
    rows.and_then(Iterator::collect).expect("readable rows")
}
