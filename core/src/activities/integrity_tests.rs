//! Damage of every kind, found and mended on a real file.

use std::sync::Arc;

use super::*;
use crate::activities::table::tests::{START_MS, open, save as put, workout};
use crate::database::Database;
use crate::database::integrity::{IntegrityReport, RepairReport, RoomChecks};
use crate::domain::account::LOCAL_ACCOUNT;

/// A stand-in with one rule: a chunk is 1125.25 m, so that two make the workout's distance.
#[allow(clippy::unnecessary_wraps, reason = "the hook's type")]
fn two_chunks_make_it(track: &StoredTrack<'_>) -> Result<Recomputed> {
    let mut activity = track.activity.clone();
    activity.distance_m = 1125.25 * f64::from(u32::try_from(track.chunks.len()).expect("few"));
    activity.sample_count = track.chunks.iter().map(|chunk| u64::from(chunk.row_count)).sum();
    let mut splits = track.splits.to_vec();
    if let Some(last) = splits.last_mut() {
        last.distance_m = activity.distance_m - 2000.0;
    }
    let mut laps = track.laps.to_vec();
    if let Some(last) = laps.last_mut() {
        last.distance_m = activity.distance_m - 1500.0;
        last.duration_s = activity.timer_s - 400.0;
    }
    Ok(Recomputed {
        activity,
        splits,
        laps,
        bounding_box: None,
    })
}

fn rooms(summary_of: Option<SummaryOf>) -> RoomChecks {
    Arc::new([Box::new(ActivitiesCheck { summary_of }) as Box<dyn RoomCheck>])
}

fn stored() -> (tempfile::TempDir, Database) {
    let (folder, database) = open();
    for n in 0..3 {
        put(&database, workout(n, 2)).expect("saved");
    }
    (folder, database)
}

fn change(database: &Database, sql: &'static str) {
    let changed = database
        .write(move |tx| Ok(tx.execute(sql, [])?))
        .wait()
        .expect("changed");
    assert!(changed > 0, "{sql} changes nothing");
}

fn check(database: &Database) -> IntegrityReport {
    database
        .check_integrity(rooms(Some(two_chunks_make_it)), None)
        .wait()
        .expect("checked")
}

fn repair(database: &Database) -> RepairReport {
    database
        .repair(rooms(Some(two_chunks_make_it)), 99, None)
        .wait()
        .expect("repaired")
}

fn kinds(report: &IntegrityReport) -> Vec<(FindingKind, &str)> {
    report
        .findings
        .iter()
        .map(|finding| (finding.kind, finding.table.as_str()))
        .collect()
}

fn actions(report: &RepairReport) -> Vec<(RepairAction, &str)> {
    report
        .repaired
        .iter()
        .map(|repaired| (repaired.action, repaired.table.as_str()))
        .collect()
}

const ONE_CHUNK: &str = "UPDATE track_chunk SET bytes = x'00' WHERE \"index\" = 1 AND first_time_ms < 1767230000000";

#[test]
fn sound_activities_are_ok() {
    let (_folder, database) = stored();
    let report = check(&database);
    assert!(report.ok, "{report:?}");
    let rows: Vec<u64> = report.checked.iter().map(|checked| checked.rows).collect();
    assert_eq!(rows, [3, 6]);
}

#[test]
fn every_kind_of_damage_is_found_and_mended() {
    use FindingKind::{CountWrong, Orphan, SumWrong, SummaryWrong};
    use RepairAction::{Quarantined, Recomputed};
    for (damage, found, done) in [
        (
            "UPDATE activity SET sample_count = 5 WHERE title = 'Workout 1'",
            vec![(CountWrong, "activity"), (SummaryWrong, "activity")],
            vec![(Recomputed, "activity")],
        ),
        (
            "UPDATE activity SET distance_m = 2000 WHERE title = 'Workout 1'",
            vec![(SumWrong, "split"), (SumWrong, "lap"), (SummaryWrong, "activity")],
            vec![(Recomputed, "activity"), (Recomputed, "split"), (Recomputed, "lap")],
        ),
        (
            "UPDATE split SET distance_m = 900 WHERE \"index\" = 3",
            vec![(SumWrong, "split"); 3],
            vec![(Recomputed, "split"); 3],
        ),
        (
            "UPDATE lap SET distance_m = 740 WHERE \"index\" = 2",
            vec![(SumWrong, "lap"); 3],
            vec![(Recomputed, "lap"); 3],
        ),
        (
            "UPDATE lap SET duration_s = 280 WHERE \"index\" = 2",
            vec![(SumWrong, "lap"); 3],
            vec![(Recomputed, "lap"); 3],
        ),
        (
            "DELETE FROM activity WHERE title = 'Workout 2'",
            vec![
                (Orphan, "track_chunk"),
                (Orphan, "split"),
                (Orphan, "lap"),
                (Orphan, "timer_interval"),
            ],
            vec![
                (Quarantined, "track_chunk"),
                (Quarantined, "split"),
                (Quarantined, "lap"),
                (Quarantined, "timer_interval"),
            ],
        ),
    ] {
        let (_folder, database) = stored();
        change(&database, damage);
        assert_eq!(kinds(&check(&database)), found, "{damage}");
        let report = repair(&database);
        assert_eq!(actions(&report), done, "{damage}");
        assert_eq!(report.remaining, [], "{damage}");
        assert!(check(&database).ok && repair(&database).repaired.is_empty(), "{damage}");
    }
}

#[test]
fn what_cannot_be_mended_is_found_and_left_alone() {
    use FindingKind::{OrderWrong, Unreadable};
    for (damage, first) in [
        ("UPDATE track_chunk SET \"index\" = 5 WHERE \"index\" = 1", OrderWrong),
        (
            "UPDATE track_chunk SET first_time_ms = last_time_ms + 1 WHERE \"index\" = 1",
            OrderWrong,
        ),
        ("UPDATE activity SET kind = 'flying'", Unreadable),
    ] {
        let (_folder, database) = stored();
        change(&database, damage);
        assert_eq!(kinds(&check(&database))[0].0, first, "{damage}");
        let report = repair(&database);
        assert!(
            report.repaired.is_empty() && report.remaining.len() == 3,
            "{damage}: {report:?}"
        );
    }
}

#[test]
fn a_damaged_chunk_comes_back_from_the_backup() {
    let (_folder, database) = stored();
    database.back_up(START_MS, |_| Ok(())).wait().expect("a backup");
    change(&database, ONE_CHUNK);
    change(
        &database,
        "UPDATE track_chunk SET checksum = 1 WHERE \"index\" = 0 AND first_time_ms < 1767230000000",
    );
    assert!(
        kinds(&check(&database))
            .iter()
            .all(|kind| *kind == (FindingKind::ChecksumWrong, "track_chunk"))
    );
    let report = repair(&database);
    assert!(
        actions(&report)
            .iter()
            .all(|action| *action == (RepairAction::RestoredFromBackup, "track_chunk"))
    );
    assert!(report.repaired.len() == 3 && report.remaining.is_empty(), "{report:?}");
    let id = workout(0, 2).activity.id;
    let read = database.read(move |conn| {
        let mut chunks = Vec::new();
        table::chunks(conn, LOCAL_ACCOUNT, id, None, None, |chunk| {
            chunks.push(chunk.to_chunk());
            Ok(())
        })?;
        Ok((chunks, table::get(conn, LOCAL_ACCOUNT, id)?))
    });
    assert_eq!(
        read.wait().expect("read"),
        (workout(0, 2).chunks, Some(workout(0, 2).activity))
    );
}

#[test]
fn a_damaged_chunk_without_a_copy_is_set_aside_and_the_totals_stay() {
    let (_folder, database) = stored();
    change(&database, ONE_CHUNK);
    let report = repair(&database);
    assert_eq!(
        actions(&report),
        [
            (RepairAction::Quarantined, "track_chunk"),
            (RepairAction::Recomputed, "activity")
        ]
    );
    assert!(report.remaining.is_empty(), "{report:?}");
    let id = workout(0, 2).activity.id;
    let read = database.read(move |conn| {
        let kept = conn.query_row(
            "SELECT count(*), max(hex(bytes)), max(at_ms) FROM quarantine",
            [],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?)),
        )?;
        Ok((kept, table::get(conn, LOCAL_ACCOUNT, id)?.expect("it is still there")))
    });
    let (kept, activity) = read.wait().expect("read");
    assert_eq!(kept, (1, "00".to_owned(), 99), "the bytes are kept as they were found");
    assert_eq!((activity.sample_count, activity.distance_m), (4096, 2250.5));
    assert_eq!(activity.repairs.get(&Repair::PartSkipped), Some(&1));
    assert!(check(&database).ok, "said once, not for ever");
}

#[test]
fn without_a_way_to_recompute_counts_are_still_mended() {
    let (_folder, database) = stored();
    change(
        &database,
        "UPDATE activity SET sample_count = 5 WHERE title = 'Workout 1'",
    );
    let report = database.repair(rooms(None), 99, None).wait().expect("repaired");
    assert_eq!(actions(&report), [(RepairAction::Recomputed, "activity")]);
    assert!(check(&database).ok);
}

#[test]
fn a_track_that_cannot_be_unpacked_is_unreadable() {
    let (_folder, database) = stored();
    let unreadable: SummaryOf = |_| Err(SteadfastError::transaction(TransactionCode::DataDamaged, "not a chunk"));
    let report = database
        .check_integrity(rooms(Some(unreadable)), None)
        .wait()
        .expect("checked");
    assert_eq!(kinds(&report), [(FindingKind::Unreadable, "track_chunk")].repeat(3));
}
