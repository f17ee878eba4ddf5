//! What one more sample costs, early and late in a workout.

use crate::Plan;
use crate::measure::{max, median, timed};
use crate::report::{Budget, Measured, Report};
use crate::run::Run;
use crate::store::Store;

/// Chunks are sealed this often; a turn that covers it shows the spike.
const CHUNK: usize = 4096;

/// `add_samples` of one sample, written to the journal, in three workouts that are 1,000, 10,000 and 100,000 samples long, in turns.
pub fn measure(plan: Plan, report: &mut Report) {
    let lengths = [1_000, 10_000, 100_000];
    let mut workouts = lengths.map(|length| {
        let (store, mut run) = (Store::open(), Run::new());
        store.start();
        store.record(&mut run, length, false);
        (store, run)
    });
    let mut costs = [const { Vec::new() }; 3];
    for _ in 0..plan.repetitions.max(CHUNK) + CHUNK / 4 {
        for ((store, run), costs) in workouts.iter_mut().zip(&mut costs) {
            let second = run.next().expect("it never ends");
            store.clock.set(second.time_ms);
            let (recorder, samples) = (store.client.recorder(), vec![second.fix]);
            let (seconds, live) = timed(|| recorder.add_samples(samples));
            assert_eq!(live.expect("a recording runs").unsaved_samples, 0);
            costs.push(seconds * 1e6);
        }
    }
    let spikes: Vec<f64> = costs.iter().map(|costs| max(costs)).collect();
    let medians: Vec<f64> = costs.iter_mut().map(|costs| median(costs)).collect();
    let beside = "survives SIGKILL; median of over 4,096 calls; the alarm syncs beside it";
    for (length, cost) in ["1,000", "10,000"].iter().zip(&medians) {
        report.add(&Measured {
            name: &format!("one more sample after {length}"),
            value: *cost,
            unit: "µs",
            peer: None,
            budget: Budget::None,
            beside,
        });
    }
    report.add(&Measured {
        name: "one more sample after 100,000",
        value: medians[2],
        unit: "µs",
        peer: Some(("after 1,000", medians[0])),
        budget: Budget::AtMostTimes(1.2),
        beside,
    });
    report.add(&Measured {
        name: "one more sample, the slowest call",
        value: spikes[2],
        unit: "µs",
        peer: Some(("after 1,000", spikes[0])),
        budget: Budget::None,
        beside: "seals a chunk of 4,096 rows, or waits for the disk's sync",
    });
}
