//! Reading a whole stored track as columns, and rows beside it.

use pollster::block_on;
use steadfast_core::track::model::TrackQuery;

use crate::Plan;
use crate::measure::{in_turns, timed};
use crate::report::{Budget, Measured, Report};
use crate::rows::{self, Layout};
use crate::run::{self, SAMPLES};
use crate::store::{self, Store};

/// `Activities::track` without a tolerance.
pub fn measure(plan: Plan, report: &mut Report) {
    let store = Store::recorded(SAMPLES);
    let id = store.save().id;
    let activities = store.client.activities();
    let folder = store::folder();
    let mut connection = rows::open(folder.path(), Layout::KeyedByTime);
    rows::insert(&mut connection, Layout::KeyedByTime, &run::rows(SAMPLES));
    // A reader of its own, with the cache that ours has; what it reads lies in the system's cache, as ours does.
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("nobody reads");
    let connection = rusqlite::Connection::open(folder.path().join("rows.db")).expect("it was made above");
    connection
        .execute_batch("PRAGMA cache_size = -1024")
        .expect("valid SQL");
    let (ours, peer) = in_turns(
        plan.rounds * 3,
        || {
            let (seconds, columns) =
                timed(|| block_on(activities.track(id, TrackQuery::default())).expect("it is stored"));
            assert_eq!(columns.power_w.len(), SAMPLES);
            seconds
        },
        || {
            let (seconds, (times, columns)) = timed(|| rows::read(&connection));
            assert_eq!((times.len(), columns[9].len()), (SAMPLES, SAMPLES));
            seconds
        },
    );
    report.add(&Measured {
        name: "full read of 100,000 samples",
        value: ours * 1000.0,
        unit: "ms",
        peer: Some(("rows keyed by time, into vectors", peer * 1000.0)),
        budget: Budget::PeerTimes(12.0),
        beside: "nothing written; files in the system's cache, 1 MB of SQLite's; 13 columns against 11",
    });
}
