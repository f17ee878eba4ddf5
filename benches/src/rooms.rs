//! What the seeds stated of logs: reading a hundred, taking a thousand over.

use std::path::Path;

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::habits::model::HabitLogQuery;

use crate::Plan;
use crate::measure::{median, timed};
use crate::report::{Budget, Measured, Report};
use crate::store;

const STORED: usize = 10_000;
const PAGE: u32 = 100;
const MIGRATED: usize = 1_000;

/// Their figures, each beside ours.
pub fn measure(plan: Plan, report: &mut Report) {
    let mut page = pages(plan);
    let mut migration: Vec<f64> = (0..plan.rounds).map(|_| migrated()).collect();
    for (name, values, seed_ms, beside) in [
        (
            "100 logs read",
            &mut page,
            50.0,
            "the newest of 10,000, a page with its mark",
        ),
        (
            "1,000 logs migrated",
            &mut migration,
            10_000.0,
            "file parsing, 1,000 rows and 1,000 events, one transaction, FULL",
        ),
    ] {
        report.add(&Measured {
            name,
            value: median(values),
            unit: "ms",
            peer: Some(("the seed's", seed_ms)),
            budget: Budget::PeerTimes(20.0),
            beside,
        });
    }
}

fn pages(plan: Plan) -> Vec<f64> {
    let folder = store::folder();
    let client = store::by_the_system_clock(folder.path());
    let path = file(folder.path(), &earlier_logs(STORED));
    block_on(client.migration().migrate_file(path, None)).expect("a sound file");
    let habits = client.habits();
    let read = |_| {
        let query = HabitLogQuery {
            limit: PAGE,
            ..HabitLogQuery::default()
        };
        let (seconds, page) = timed(|| block_on(habits.list(query)).expect("readable rows"));
        assert_eq!(page.logs.len(), PAGE as usize);
        seconds * 1_000.0
    };
    (0..plan.repetitions.min(500)).map(read).collect()
}

fn migrated() -> f64 {
    let folder = store::folder();
    let client = store::by_the_system_clock(folder.path());
    let path = file(folder.path(), &earlier_logs(MIGRATED));
    let (seconds, report) = timed(|| block_on(client.migration().migrate_file(path, None)).expect("a sound file"));
    assert_eq!(report.habit_logs.imported, MIGRATED as u64);
    seconds * 1_000.0
}

/// A file of an earlier store with so many habit logs, one every hour.
pub fn earlier_logs(count: usize) -> Value {
    let log = |at: usize| {
        let (day, hour) = (at / 24, at % 24);
        let (month, day) = (day / 28, day % 28 + 1);
        let (year, month) = (2000 + month / 12, month % 12 + 1);
        json!({ "id": at.to_string(), "kind": "smoke", "started_at": format!("{year}-{month:02}-{day:02}T{hour:02}:30:00Z"),
            "duration_ms": 300_000, "method": "rolled", "notes": "on the way home" })
    };
    json!({ "format_version": 1, "habit_logs": (0..count).map(log).collect::<Vec<_>>() })
}

/// Writes it into the folder; its path.
pub fn file(folder: &Path, earlier: &Value) -> String {
    let path = folder.join("earlier.json");
    std::fs::write(&path, earlier.to_string()).expect("a disk with room");
    path.to_string_lossy().into_owned()
}
