//! Holds what is left of a data folder against the ledger.

use std::collections::{BTreeMap, BTreeSet};

use pollster::block_on;
use steadfast_core::client::SteadfastClient;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::record::Record;
use steadfast_core::domain::recording_state::RecordingState;
use steadfast_core::domain::time::to_ms;
use steadfast_core::error::{Result, SteadfastError};
use steadfast_core::recording::model::SaveOptions;
use steadfast_core::recovery::cipher::RecoveryKey;
use steadfast_core::recovery::model::{RecoveryInfo, RecoveryLocation};
use steadfast_core::recovery::records;
use steadfast_core::track::model::TrackQuery;

use crate::ledger::{Ledger, Phase};
use crate::performer::Setting;
use crate::store;
use crate::tally::Tally;

/// Opens the folder as the next start of the app would, and checks every promise. Nothing that is offered is touched, so that another
/// child can go on. Afterwards the ledger knows what became of a save or a discard that was cut off.
pub fn audit(setting: &Setting, ledger: &mut Ledger, tally: &mut Tally) {
    if let Err(error) = try_audit(setting, ledger, tally, false) {
        tally
            .violations
            .push(format!("the audit failed: {} {error}", error.code_name()));
    }
}

/// As `audit`; then takes up everything that is offered, every second one by resuming it first, saves it, and checks again.
pub fn audit_and_finish(setting: &Setting, ledger: &mut Ledger, tally: &mut Tally) {
    for finish in [true, false] {
        if let Err(error) = try_audit(setting, ledger, tally, finish) {
            tally
                .violations
                .push(format!("the audit failed: {} {error}", error.code_name()));
        }
    }
}

fn try_audit(setting: &Setting, ledger: &mut Ledger, tally: &mut Tally, finish: bool) -> Result<()> {
    tally.violations.append(&mut ledger.violations);
    let (client, clock) = setting.open()?;
    // Before `recovery`, which clears: nobody but SQLite has repaired anything yet.
    every_activity_is_whole(setting, tally)?;
    let mut offered: BTreeMap<Id, RecoveryInfo> = BTreeMap::new();
    for info in block_on(client.recorder().recovery())?
        .into_iter()
        .chain(block_on(client.recorder().backups())?)
    {
        if let Some(twin) = offered.insert(info.id, info) {
            tally.duplicates += 1;
            tally
                .violations
                .push(format!("{} is in progress and a backup", twin.id));
        }
    }
    let stored = stored(setting)?;
    for id in offered.keys() {
        if !ledger.workouts.contains_key(id) {
            if ledger.maybe_started {
                ledger.adopt(*id);
            } else {
                tally.violations.push(format!("{id} is offered and nobody started it"));
            }
        }
    }
    ledger.maybe_started = false;
    for id in &stored {
        if !ledger.workouts.contains_key(id) {
            tally.violations.push(format!("{id} is stored and nobody started it"));
            tally.duplicates += 1;
        }
    }
    let ids: Vec<Id> = ledger.workouts.keys().copied().collect();
    for id in ids {
        every_workout_is_in_its_one_place(id, offered.contains_key(&id), stored.contains(&id), ledger, tally);
        if let Some(info) = offered.get(&id) {
            every_acknowledged_sample_is_in_the_journal(setting, info, ledger, tally)?;
        }
        if stored.contains(&id) && ledger.workouts[&id].phase == Phase::Saved {
            every_acknowledged_fix_is_in_the_track(setting, &client, id, ledger, tally)?;
        }
    }
    let report = block_on(client.maintenance().check_integrity(None))?;
    if !report.ok {
        tally.violations.push(format!("integrity: {:?}", report.findings));
    }
    if finish {
        clock.advance(60_000);
        for (nth, (id, info)) in offered.iter().enumerate() {
            if info.location == RecoveryLocation::Backup {
                block_on(client.recorder().restore_backup(*id))?;
            }
            take_up(&client, *id, nth % 2 == 0, ledger, tally)?;
        }
    }
    Ok(())
}

fn sql(error: rusqlite::Error) -> SteadfastError {
    error.into()
}

fn stored(setting: &Setting) -> Result<BTreeSet<Id>> {
    let connection = store::open(&setting.folder).map_err(sql)?;
    Ok(store::activities(&connection)
        .map_err(sql)?
        .iter()
        .map(|parts| parts.id)
        .collect())
}

fn every_activity_is_whole(setting: &Setting, tally: &mut Tally) -> Result<()> {
    let connection = store::open(&setting.folder).map_err(sql)?;
    for parts in store::activities(&connection).map_err(sql)? {
        if !parts.are_whole() {
            tally.half_saved += 1;
            tally.violations.push(format!("half saved: {parts:?}"));
        }
        if parts.events > 1 {
            tally.duplicates += 1;
            tally.violations.push(format!("two events: {parts:?}"));
        }
    }
    let orphans = store::orphans(&connection).map_err(sql)?;
    if orphans > 0 {
        tally.half_saved += orphans;
        tally.violations.push(format!("{orphans} parts belong to no activity"));
    }
    let twins = store::twins(&connection).map_err(sql)?;
    if twins > 0 {
        tally.duplicates += twins;
        tally.violations.push(format!("{twins} activities are there twice"));
    }
    Ok(())
}

fn every_workout_is_in_its_one_place(id: Id, offered: bool, stored: bool, ledger: &mut Ledger, tally: &mut Tally) {
    let (acknowledged, _) = ledger.expected(id);
    let Some(workout) = ledger.workouts.get_mut(&id) else {
        return;
    };
    let place = (offered, stored);
    match (workout.phase, place) {
        (Phase::Open(_), (true, false)) | (Phase::Saved, (false, true)) | (Phase::Discarded, (false, false)) => {}
        (Phase::MaybeSaved | Phase::MaybeDiscarded, (true, false)) => workout.phase = Phase::Open(None),
        (Phase::MaybeSaved, (false, true)) => workout.phase = Phase::Saved,
        (Phase::MaybeDiscarded, (false, false)) => workout.phase = Phase::Discarded,
        (phase, _) => {
            match place {
                (true, _) => tally.duplicates += 1,
                (false, false) => tally.lost += acknowledged,
                (false, true) => tally.half_saved += 1,
            }
            tally
                .violations
                .push(format!("{id} is {phase:?}, but offered: {offered}, stored: {stored}"));
        }
    }
}

fn every_acknowledged_sample_is_in_the_journal(
    setting: &Setting,
    info: &RecoveryInfo,
    ledger: &Ledger,
    tally: &mut Tally,
) -> Result<()> {
    let (acknowledged, must) = ledger.expected(info.id);
    if let Some(problem) = &info.problem {
        tally.lost += acknowledged;
        tally.violations.push(format!("{} cannot be read: {problem}", info.id));
        return Ok(());
    }
    if info.sample_count < acknowledged {
        tally.lost += acknowledged - info.sample_count;
        tally.violations.push(format!(
            "{}: {acknowledged} samples acknowledged, {} recovered",
            info.id, info.sample_count
        ));
    }
    if (info.bad_records, info.missing_records) != (0, 0) {
        tally.violations.push(format!("{} is damaged: {info:?}", info.id));
    }
    let key = setting.recovery_key.as_deref().map(RecoveryKey::new).transpose()?;
    let (mut times, mut presses) = (BTreeSet::new(), BTreeSet::new());
    let root = match info.location {
        RecoveryLocation::Recovery => "recovery",
        RecoveryLocation::Backup => "backups",
    };
    for record in records::read(&setting.folder.join(root), info.id, key.as_ref())? {
        match record? {
            (_, Record::Fix(fix)) => drop(times.insert(fix.time_ms)),
            (_, Record::Lap(moment)) => drop(presses.insert(moment.wall_ms)),
            _ => {}
        }
    }
    compare("the journal", info.id, &must, &times, tally);
    compare(
        "the journal",
        info.id,
        &ledger.workouts[&info.id].presses,
        &presses,
        tally,
    );
    Ok(())
}

fn every_acknowledged_fix_is_in_the_track(
    setting: &Setting,
    client: &SteadfastClient,
    id: Id,
    ledger: &Ledger,
    tally: &mut Tally,
) -> Result<()> {
    let (_, must) = ledger.expected(id);
    let track = block_on(client.activities().track(id, TrackQuery::default()))?;
    compare("the track", id, &must, &track.time_ms.iter().collect(), tally);
    every_acknowledged_lap_is_stored(setting, client, id, &ledger.workouts[&id].presses, tally)
}

/// A lap starts at every press but one after which the timer never ran again: there is nothing in that lap.
fn every_acknowledged_lap_is_stored(
    setting: &Setting,
    client: &SteadfastClient,
    id: Id,
    presses: &[i64],
    tally: &mut Tally,
) -> Result<()> {
    let laps = block_on(client.activities().laps(id))?;
    let starts = laps.iter().map(|lap| to_ms(lap.started_at)).collect();
    let timer_end_ms = store::timer_end_ms(&store::open(&setting.folder).map_err(sql)?, id).map_err(sql)?;
    let must: Vec<i64> = presses.iter().copied().filter(|press| *press < timer_end_ms).collect();
    compare("the laps", id, &must, &starts, tally);
    Ok(())
}

fn compare(place: &str, id: Id, must: &[i64], times: &BTreeSet<i64>, tally: &mut Tally) {
    let missing: Vec<i64> = must.iter().copied().filter(|time| !times.contains(time)).collect();
    if let Some(first) = missing.first() {
        tally.lost += missing.len() as u64;
        tally.violations.push(format!(
            "{id}: {} of {} fixes or laps are not in {place}, first {first}",
            missing.len(),
            must.len()
        ));
    }
}

/// What the person does with an interrupted workout.
fn take_up(client: &SteadfastClient, id: Id, resume: bool, ledger: &mut Ledger, tally: &mut Tally) -> Result<()> {
    let recorder = client.recorder();
    let outcome = if resume {
        let live = recorder.resume_recovered(id)?;
        if let Some(Phase::Open(Some(was_paused))) = ledger.workouts.get(&id).map(|workout| workout.phase)
            && was_paused != (live.state == RecordingState::Paused)
        {
            tally.violations.push(format!(
                "{id} was paused: {was_paused}, and comes back as {:?}",
                live.state
            ));
        }
        block_on(recorder.save(SaveOptions::default(), None))
    } else {
        block_on(recorder.save_recovered(id, SaveOptions::default(), None))
    };
    let phase = match outcome {
        Ok(_) => Phase::Saved,
        // Too short to be a workout: the person throws it away.
        Err(SteadfastError::Validation { .. }) => {
            if resume {
                recorder.discard()
            } else {
                recorder.discard_recovered(id)
            }?;
            Phase::Discarded
        }
        Err(error) => return Err(error),
    };
    if let Some(workout) = ledger.workouts.get_mut(&id) {
        workout.phase = phase;
    }
    Ok(())
}
