//! Importing a workout whose records are in memory, and rows beside it.

use std::sync::Arc;

use steadfast_core::activities::model::ActivityOrigin;
use steadfast_core::context::{Context, Ports, Told};
use steadfast_core::database::Database;
use steadfast_core::domain::account::LOCAL_ACCOUNT;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::kind::ActivityKind;
use steadfast_core::domain::randomness::new_id;
use steadfast_core::domain::record::Record;
use steadfast_core::domain::reported::Reported;
use steadfast_core::domain::sample::Row;
use steadfast_core::domain::time::from_ms;
use steadfast_core::event::Events;
use steadfast_core::interchange::import;
use steadfast_core::interchange::model::{ImportedSession, Repairs};
use steadfast_core::recording::commit::{self, Deleted};
use steadfast_core::recording::finish::{self, Provenance};
use steadfast_core::recording::model::SaveOptions;
use steadfast_core::recording::quantise;
use steadfast_core::track::codec::TrackPacker;
use steadfast_core::wake::Wakes;

use crate::measure::{in_turns, timed};
use crate::report::{Budget, Measured, Report};
use crate::run::{self, Run, SAMPLES, START_MS};
use crate::store::{self, ScriptedClock};
use crate::{Plan, rows};

/// What an import does once the file is parsed: the records go through the session, the track is packed, the workout is committed.
pub fn measure(plan: Plan, report: &mut Report) {
    let session = session();
    let peer_rows = run::rows(SAMPLES);
    let layout = rows::fastest(&peer_rows, 2);
    let (ours, peer) = in_turns(
        plan.rounds,
        || {
            let folder = store::folder();
            let context = context(folder.path());
            timed(|| import_session(&context, &session)).0
        },
        || {
            let folder = store::folder();
            rows::insert(&mut rows::open(folder.path(), layout), layout, &peer_rows)
        },
    );
    report.add(&Measured {
        name: "bulk import of 100,000 samples",
        value: ours * 1000.0,
        unit: "ms",
        peer: Some((layout.name(), peer * 1000.0)),
        budget: Budget::PeerTimes(6.0),
        beside: "committed, FULL; from 200,000 records in memory, file parsing excluded",
    });
    let id = Id::from_u128(1);
    let (folding, packing) = in_turns(
        plan.rounds,
        || timed(|| import::record(id, &session)).0,
        || timed(|| pack(&peer_rows)).0,
    );
    for (name, seconds) in [("of it records to packed track", folding), ("of that packing", packing)] {
        report.add(&Measured {
            name,
            value: seconds * 1000.0,
            unit: "ms",
            peer: None,
            budget: Budget::None,
            beside: "nothing written",
        });
    }
}

fn pack(rows: &[Row]) -> usize {
    let mut packer = TrackPacker::default();
    for row in rows {
        packer.push(row).expect("times increase");
    }
    packer.finish().expect("it packs").len()
}

fn context(folder: &std::path::Path) -> Context {
    let ports = Ports {
        clock: Arc::new(ScriptedClock::new()),
        ..Ports::default()
    };
    let database = Database::open(folder, new_id(ports.randomness.as_ref(), START_MS)).expect("a new store opens");
    let wakes = Wakes::start().expect("a thread");
    let events = Events::new(None, wakes.clone()).expect("no listener, no thread");
    Context::new(
        folder.to_owned(),
        Arc::new(database),
        ports,
        Told { events, wakes },
        None,
        LOCAL_ACCOUNT.to_owned(),
    )
}

fn import_session(context: &Context, session: &ImportedSession) {
    let mut recorded = import::record(context.new_id(), session);
    finish::validate(&recorded, 1_000_000).expect("a sound run");
    let provenance = Provenance {
        account_id: context.account_id(),
        origin: ActivityOrigin::Imported,
        device: None,
        reported: Reported::default(),
        saved_at: from_ms(session.ended_at_ms),
    };
    let workout = finish::finish(&mut recorded, &SaveOptions::default(), provenance).expect("a sound run packs");
    let committed = commit::commit(context, vec![workout], Deleted::Resurrect, None, None).expect("a disk with room");
    assert_eq!(committed[0].activity.sample_count, SAMPLES as u64);
}

fn session() -> ImportedSession {
    let records: Vec<Record> = Run::new()
        .take(SAMPLES)
        .flat_map(|second| {
            let (mut fix, _) = quantise::fix(&second.fix).expect("a sound sample");
            let (mut reading, _) = quantise::reading(&second.reading).expect("a sound reading");
            // A file knows no clock but the wall's.
            (fix.elapsed_ms, reading.elapsed_ms) = (None, None);
            [Record::Reading(reading), Record::Fix(fix)]
        })
        .collect();
    let ended_at_ms = Run::new()
        .take(SAMPLES)
        .last()
        .map_or(START_MS, |second| second.time_ms);
    ImportedSession {
        kind: ActivityKind::Running,
        title: None,
        notes: None,
        device: None,
        started_at_ms: START_MS,
        ended_at_ms,
        utc_offset_s: None,
        records,
        reported: Reported::default(),
        repairs: Repairs::default(),
    }
}
