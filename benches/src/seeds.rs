//! What the project's forerunner stated of itself.

use steadfast_core::recording::recovered::Recovered;

use crate::Plan;
use crate::measure::{median, timed};
use crate::report::{Budget, Measured, Report};
use crate::run::Run;
use crate::store::Store;

const SAMPLES: usize = 10_000;

/// Its three figures, all of them for a workout of 10,000 samples.
pub fn measure(plan: Plan, report: &mut Report) {
    let (mut whole, mut pause, mut load) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..plan.rounds {
        let store = Store::open();
        let recorder = store.client.recorder();
        let (recording, ()) = timed(|| {
            store.start();
            store.record(&mut Run::new(), SAMPLES, true);
        });
        pause.push(timed(|| recorder.pause().expect("a recording runs")).0);
        let id = recorder.active_id().expect("a recording runs");
        let root = store.path().join("recovery");
        let (seconds, recovered) = timed(|| Recovered::read(&root, id, None).expect("a whole journal"));
        assert_eq!(recovered.session.acknowledged(), 2 * SAMPLES as u64);
        load.push(seconds);
        let (saving, activity) = timed(|| store.save());
        assert_eq!(activity.sample_count, SAMPLES as u64);
        whole.push(recording + saving);
    }
    for (name, values, seed_s, times, beside) in [
        (
            "10,000 samples recorded and saved",
            &mut whole,
            7.91,
            20.0,
            "20,000 calls and the save; committed, FULL",
        ),
        (
            "recovery save of 10,000 samples",
            &mut pause,
            0.02,
            1.0,
            "`pause`: 10,000 unsynced samples synced, snapshot written, folder synced",
        ),
        (
            "recovery load of 10,000 samples",
            &mut load,
            0.03,
            1.0,
            "from the journal, with 10,000 readings",
        ),
    ] {
        report.add(&Measured {
            name,
            value: median(values) * 1000.0,
            unit: "ms",
            peer: Some(("the seed's", seed_s * 1000.0)),
            budget: Budget::PeerTimes(times),
            beside,
        });
    }
}
