//! What it costs to claim ten events, with nothing and with a million completed events behind them.

use steadfast_core::database::Database;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::time::Moment;
use steadfast_core::outbox::claim::{Claimant, Claims, begin_opening, claim};
use steadfast_core::outbox::{account, settle};

use crate::Plan;
use crate::measure::{median, timed};
use crate::report::{Budget, Measured, Report};
use crate::store;

const COMPLETED: u32 = 1_000_000;
const QUEUED: u32 = 100;
const NOW: Moment = Moment {
    wall_ms: 1_767_225_600_000,
    elapsed_ms: Some(1_000),
};

/// Claims and releases, in turns.
pub fn measure(plan: Plan, report: &mut Report) {
    let (small_folder, large_folder) = (store::folder(), store::folder());
    let small = queue(small_folder.path(), 0);
    let large = queue(large_folder.path(), COMPLETED);
    let (mut of_small, mut of_large) = (Vec::new(), Vec::new());
    for _ in 0..plan.repetitions.min(500) {
        of_small.push(claim_ten(&small));
        of_large.push(claim_ten(&large));
    }
    report.add(&Measured {
        name: "claim of 10 events behind 1,000,000",
        value: median(&mut of_large) * 1e6,
        unit: "µs",
        peer: Some(("the same behind none", median(&mut of_small) * 1e6)),
        budget: Budget::AtMostTimes(1.2),
        beside: "in its transaction, without the commit",
    });
}

fn queue(folder: &std::path::Path, completed: u32) -> Database {
    let database = Database::open(folder, Id::from_u128(1)).expect("a new store");
    let made = database.write(move |tx| {
        begin_opening(tx)?;
        account::hear(tx, "ada", NOW.wall_ms, 1, &NOW, Some("boot"))?;
        let mut statement = tx.prepare(
            "INSERT INTO outbox (seq, account_id, op_id, device_id, root_kind, root_id, entity_kind, entity_id, operation, fields,
               schema_version, priority, status, max_attempts, created_at_ms, completed_at_ms)
             VALUES (?1, 'ada', ?2, zeroblob(16), 'habit_log', ?2, 'habit_log', ?2, 'upsert', ?3, 1, 0, ?4, 5, 0, ?5)",
        )?;
        let fields = r#"{"kind":{"value":"smoke","number":1,"boot_id":"boot","mono_ms":1,"wall_ms":1767225600000}}"#;
        for seq in 1..=completed + QUEUED {
            let is_queued = seq > completed;
            let id = Id::from_u128(seq.into());
            let status = if is_queued { "pending" } else { "completed" };
            statement.execute((seq, id.as_bytes(), fields, status, (!is_queued).then_some(1)))?;
        }
        Ok(())
    });
    made.wait().expect("room for the events");
    database
}

/// Seconds of a claim; it is released again.
fn claim_ten(database: &Database) -> f64 {
    let timed = database.write(|tx| {
        let claimant = Claimant {
            account_id: "ada",
            now: &NOW,
            boot_id: Some("boot"),
            open_epoch: 1,
            limit: 10,
            background: true,
        };
        let (seconds, claims) = timed(|| claim(tx, &claimant));
        let Claims::Items(items) = claims? else {
            panic!("the server's time was heard")
        };
        assert_eq!(items.len(), 10);
        items.iter().try_for_each(|item| settle::release(tx, item))?;
        Ok(seconds)
    });
    timed.wait().expect("claimed")
}
