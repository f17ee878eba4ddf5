//! A file that is replayed live gives the activity that importing it gives.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use pollster::block_on;
use steadfast_core::activities::model::{Activity, ActivityOrigin};
use steadfast_core::client::{Config, Ports, SteadfastClient};
use steadfast_core::domain::id::Id;
use steadfast_core::domain::reported::Reported;
use steadfast_core::domain::split::{Split, SplitUnit};
use steadfast_core::interchange::api::read_file;
use steadfast_core::interchange::model::{ImportedFile, Repairs};
use steadfast_core::recording::model::SaveOptions;
use steadfast_core::track::model::{TrackColumns, TrackQuery};

use super::*;
use crate::record::{How, Recorded, record_all};

/// Real recordings, where there are any.
fn tracks() -> Vec<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/tracks");
    let folder = std::env::var_os("STEADFAST_TRACKS").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no recordings in {}", folder.display());
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    files
}

struct Store {
    client: Arc<SteadfastClient>,
    clock: Arc<ReplayClock>,
    _folder: tempfile::TempDir,
}

impl Store {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(ReplayClock::default());
        let ports = Ports {
            clock: Arc::clone(&clock) as _,
            ..Ports::default()
        };
        let config = Config::new(folder.path().to_string_lossy());
        let client = block_on(SteadfastClient::open_with(config, None, ports)).expect("a new store");
        Self {
            client,
            clock,
            _folder: folder,
        }
    }

    fn replay(&self, file: ImportedFile, how: &How) -> Recorded {
        let recordings: Vec<Recording> = file.sessions.into_iter().map(Recording::from).collect();
        let mut recorded = Recorded::default();
        record_all(
            &self.client,
            &self.clock,
            &Progress::default(),
            &recordings,
            0,
            how,
            &mut recorded,
        )
        .expect("a replay");
        recorded
    }

    fn whole(&self, id: Id) -> (TrackColumns, Vec<Split>, Vec<Split>) {
        let activities = self.client.activities();
        let splits = |unit| {
            block_on(activities.splits(id, unit))
                .expect("splits")
                .into_iter()
                .map(nameless)
                .collect()
        };
        let track = block_on(activities.track(id, TrackQuery::default())).expect("a track");
        (track, splits(SplitUnit::Kilometre), splits(SplitUnit::Mile))
    }
}

fn nameless(mut split: Split) -> Split {
    split.id = Id::nil();
    split
}

/// Without what cannot come through a recorder: ids, the time of making, the file's own words, and what its reader mended.
fn comparable(activity: &Activity, of_reader: &Repairs) -> Activity {
    let mut repairs: HashMap<_, _> = activity.repairs.clone();
    for (repair, count) in of_reader {
        let left = repairs.remove(repair).unwrap_or_default() - count;
        if left > 0 {
            repairs.insert(*repair, left);
        }
    }
    Activity {
        id: Id::nil(),
        origin: ActivityOrigin::Recorded,
        title: String::new(),
        notes: String::new(),
        device: None,
        reported: Reported::default(),
        created_at: from_ms(0),
        updated_at: from_ms(0),
        repairs,
        ..activity.clone()
    }
}

fn assert_same(how: &How, largest_bytes: u64) {
    let store = Store::new();
    let mut compared = 0;
    for path in tracks() {
        if path.metadata().is_ok_and(|metadata| metadata.len() > largest_bytes) {
            continue;
        }
        let Ok(report) = block_on(
            store
                .client
                .activities()
                .import_file(path.to_string_lossy().into_owned(), None),
        ) else {
            continue;
        };
        let file =
            steadfast_core::interchange::read(&read_file(&path).expect("it was imported")).expect("it was imported");
        let repairs: Vec<Repairs> = file.sessions.iter().map(|session| session.repairs.clone()).collect();
        let left_out: Vec<usize> = report.skipped.iter().map(|skipped| skipped.index as usize).collect();
        let recorded = store.replay(file, how);
        let refused: Vec<usize> = recorded.skipped.iter().map(|(index, _)| *index).collect();
        let sessions = (1..=repairs.len()).filter(|index| !left_out.contains(index));
        // Another device's transition of a few metres is an activity; a recording of so little is a slip of the finger.
        let (slips, imported): (Vec<_>, Vec<_>) = sessions
            .zip(&report.activities)
            .partition(|(index, _)| refused.contains(index));
        assert!(
            slips.iter().all(|(_, slip)| slip.activity.distance_m < 10.0),
            "{}: a session was refused",
            path.display()
        );
        assert_eq!(imported.len(), recorded.activities.len(), "{}", path.display());
        for ((index, imported), (replayed, _)) in imported.iter().zip(&recorded.activities) {
            let of_reader = &repairs[index - 1];
            let imported = &imported.activity;
            assert_eq!(
                comparable(imported, of_reader),
                comparable(replayed, &Repairs::new()),
                "{}",
                path.display()
            );
            assert!(
                store.whole(imported.id) == store.whole(replayed.id),
                "{}: track or splits differ",
                path.display()
            );
            compared += 1;
        }
    }
    println!("{compared} activities compared");
}

fn how(speed: Speed) -> How {
    How {
        speed,
        acks: false,
        stop_after: None,
        save: SaveOptions::default(),
    }
}

#[test]
fn replaying_a_file_gives_what_importing_it_gives() {
    assert_same(&how(Speed::Max), u64::MAX);
}

#[test]
fn so_does_replaying_it_sample_by_sample() {
    // So fast that no wait is longer than a nanosecond. The small files have every format, pauses and gaps.
    assert_same(&how(Speed::Times(1e12)), 100_000);
}

#[test]
fn the_axes_of_a_chart_run_to_the_totals_and_never_back() {
    let store = Store::new();
    let mut made = Recorded::default();
    let run = [crate::demo::run::run()];
    let how = how(Speed::Max);
    record_all(
        &store.client,
        &store.clock,
        &Progress::default(),
        &run,
        0,
        &how,
        &mut made,
    )
    .expect("a run");
    let activity = &made.activities[0].0;
    let track = block_on(store.client.activities().track(activity.id, TrackQuery::default())).expect("a track");
    let profile = block_on(store.client.activities().profile(activity.id)).expect("a profile");
    let axes: Vec<(f64, f64)> = profile.timer_s.iter().zip(profile.distance_m.iter()).collect();
    assert_eq!(axes.len(), track.time_ms.len());
    assert!(
        axes.windows(2)
            .all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1)
    );
    let (timer_s, distance_m) = axes[axes.len() - 1];
    assert_eq!(distance_m.to_bits(), activity.distance_m.to_bits());
    // The run ends a second after its last sample; the pause of 96 s is not on the timer.
    assert_eq!(
        (timer_s, activity.elapsed_s - activity.timer_s),
        (activity.timer_s - 1.0, 96.0)
    );
}

#[test]
fn what_follows_the_first_samples_is_what_was_not_fed_in() {
    let pause = Record::Pause(Moment {
        wall_ms: 5,
        elapsed_ms: None,
    });
    let reading = |time_ms| {
        Record::Reading(Reading {
            time_ms,
            ..Reading::default()
        })
    };
    let recording = Recording {
        options: StartOptions::new(steadfast_core::domain::kind::ActivityKind::Running),
        started_at_ms: 0,
        ended_at_ms: 9,
        records: vec![
            reading(1),
            Record::Rejected(RejectReason::OutOfRange),
            pause,
            reading(9),
        ],
    };
    assert_eq!(recording.sample_count(), 3);
    for (fed, left) in [(0, 4), (1, 3), (2, 2), (3, 0), (99, 0)] {
        assert_eq!(recording.after(fed).len(), left, "after {fed}");
    }
}
