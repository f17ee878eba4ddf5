//! Saving a recorded workout, and rows beside it.

use crate::measure::{in_turns, timed};
use crate::report::{Budget, Measured, Report};
use crate::run::{self, SAMPLES};
use crate::store::{self, Store};
use crate::{Plan, rows};

/// `save`, from the call to the activity: validation, transaction, clearing of the recovery files.
pub fn measure(plan: Plan, report: &mut Report) {
    let peer_rows = run::rows(SAMPLES);
    let layout = rows::fastest(&peer_rows, 2);
    let (ours, peer) = in_turns(
        plan.rounds,
        || {
            let store = Store::recorded(SAMPLES);
            let (seconds, activity) = timed(|| store.save());
            assert_eq!(activity.sample_count, SAMPLES as u64);
            seconds
        },
        || {
            let folder = store::folder();
            rows::insert(&mut rows::open(folder.path(), layout), layout, &peer_rows)
        },
    );
    report.add(&Measured {
        name: "save of a recorded 100,000-sample workout",
        value: ours * 1000.0,
        unit: "ms",
        peer: Some((layout.name(), peer * 1000.0)),
        budget: Budget::PeerTimes(60.0),
        beside: "committed, FULL; 11 columns; stopped before",
    });
}
