//! The room as an app calls it, on a real store.

use pollster::block_on;
use serde_json::json;

use super::*;
use crate::context::{Ports, Told};
use crate::database::Database;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::domain::id::Id;
use crate::event::{Event, EventSubscription, Events};
use crate::wake::Wakes;

struct Room {
    migration: Migration,
    subscription: Arc<EventSubscription>,
    folder: tempfile::TempDir,
}

fn room() -> Room {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = Database::open(folder.path(), Id::from_u128(1)).expect("a new database");
    let wakes = Wakes::start().expect("a thread");
    let events = Events::new(None, wakes.clone()).expect("no listener, no thread");
    let context = Arc::new(Context::new(
        folder.path().to_owned(),
        Arc::new(database),
        Ports::default(),
        Told { events, wakes },
        None,
        LOCAL_ACCOUNT.to_owned(),
    ));
    Room {
        subscription: context.events.subscribe(),
        migration: Migration::new(context),
        folder,
    }
}

#[test]
fn how_far_it_is_counts_the_rows_of_every_room() {
    let room = room();
    let at = "2026-01-28T15:30:00+01:00";
    let logs: Vec<_> = (0..30)
        .map(|id| json!({ "id": id.to_string(), "kind": "smoke", "started_at": at }))
        .collect();
    let earlier = json!({
        "format_version": 1,
        "program_sessions": [{ "program_id": "5x5", "week": 1, "day": 3, "completed_at": at }],
        "habit_logs": logs,
        "progress_entries": [{ "id": "5", "kind": "body_mass", "quantity": 80, "unit": "kg", "recorded_at": at }],
    });
    let path = room.folder.path().join("earlier.json");
    std::fs::write(&path, earlier.to_string()).expect("a temporary folder");
    let report = block_on(room.migration.migrate_file(path.to_string_lossy().into_owned(), None)).expect("migrated");
    assert_eq!(report.habit_logs.imported, 30);
    match block_on(room.subscription.next()) {
        // Newer progress takes the place of older, so nobody who is late sees more than the last.
        Some(Event::Progress { progress, .. }) => assert_eq!((progress.done, progress.total), (32, 32)),
        other => panic!("{other:?}"),
    }
}
