//! Reading an interrupted workout back, and `serde_json` on the same lines beside it.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use steadfast_core::recording::recovered::Recovered;

use crate::Plan;
use crate::measure::{in_turns, timed};
use crate::report::{Budget, Measured, Report};
use crate::run::{Run, SAMPLES};
use crate::store::Store;

/// From the folder's name to a session that could go on: lines parsed and checked, records folded, the track packed.
pub fn measure(plan: Plan, report: &mut Report) {
    let store = Store::open();
    store.start();
    store.record(&mut Run::new(), SAMPLES, false);
    let id = store.client.recorder().active_id().expect("a recording runs");
    let root = store.path().join("recovery");
    let text = lines(&root.join(id.to_string()));
    let (ours, peer) = in_turns(
        plan.rounds * 2,
        || {
            let (seconds, recovered) = timed(|| Recovered::read(&root, id, None).expect("a whole journal"));
            assert_eq!(recovered.session.acknowledged(), SAMPLES as u64);
            seconds
        },
        || {
            let (seconds, count) = timed(|| parse(&text));
            assert_eq!(count, SAMPLES);
            seconds
        },
    );
    report.add(&Measured {
        name: "recover a 100,000-sample journal",
        value: ours * 1000.0,
        unit: "ms",
        peer: Some(("serde_json, the lines in memory, types only", peer * 1000.0)),
        budget: Budget::AtMostTimes(2.0),
        beside: "read from the page cache, checksums, session and packing included",
    });
}

fn lines(folder: &Path) -> Vec<u8> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    paths.sort();
    paths
        .into_iter()
        .flat_map(|path| fs::read(path).expect("a journal"))
        .collect()
}

type Fix<'a> = (
    i64,
    Option<i64>,
    i32,
    i32,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    &'a str,
);

/// A line of fixes as a careful person types it for `serde_json`: nothing is copied, nothing else is looked for.
#[derive(Deserialize)]
struct Line<'a> {
    seq: u64,
    #[serde(borrow)]
    fix: Fix<'a>,
    crc: &'a str,
}

/// The header lines, two a file, are left out before the clock runs only in that they fail to parse at once.
fn parse(text: &[u8]) -> usize {
    let parsed = text
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<Line>(line).ok());
    parsed
        .map(std::hint::black_box)
        .filter(|line| line.seq > 0 && line.crc.len() == 8 && !line.fix.9.is_empty())
        .count()
}
