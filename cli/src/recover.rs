//! `steadfast recover …`: workouts that a kill left behind.

use std::path::Path;
use std::sync::Arc;

use pollster::block_on;
use serde_json::json;
use steadfast_core::client::SteadfastClient;
use steadfast_core::domain::time::to_ms;
use steadfast_core::error::SteadfastError;
use steadfast_core::interchange::api::ExportOptions;
use steadfast_core::recording::model::SaveOptions;
use steadfast_core::recovery::model::RecoveryInfo;

use crate::activities::{format_of, shown, written};
use crate::args::RecoverCommand;
use crate::backups;
use crate::draw::model::Units;
use crate::output::{Failure, Outcome, Report};
use crate::progress::Progress;
use crate::record::{How, Recorded, feeder, finish, record_all, recordings, report};
use crate::replay::{Recording, ReplayClock, time_ms};
use crate::shell::{Shell, resolve};
use crate::values::{IdPrefix, Speed};

/// Runs one of them.
pub fn run(mut shell: Shell, command: RecoverCommand) -> Outcome {
    if let RecoverCommand::Resume {
        id,
        replay: Some(file),
        speed,
        acks,
    } = command
    {
        return resume_with(&mut shell, &id, &file, speed, acks);
    }
    let client = shell.open()?;
    let recorder = client.recorder();
    let waiting = block_on(recorder.recovery())?;
    let find = |prefix: &IdPrefix| resolve(prefix, waiting.iter().map(|info| info.id));
    match command {
        RecoverCommand::List => Ok(backups::list(waiting, "recoverable", "nothing to recover\n")),
        RecoverCommand::Resume { id, .. } => {
            recorder.resume_recovered(find(&id)?)?;
            recorder.stop()?;
            let activity = block_on(recorder.save(SaveOptions::default(), None))?;
            Ok(shown(&client, activity, Units::Metric)?)
        }
        RecoverCommand::Save { id, title, notes } => {
            let options = SaveOptions {
                title,
                notes,
                ..SaveOptions::default()
            };
            let activity = block_on(recorder.save_recovered(find(&id)?, options, None))?;
            Ok(shown(&client, activity, Units::Metric)?)
        }
        RecoverCommand::Discard { id } => {
            let id = find(&id)?;
            recorder.discard_recovered(id)?;
            Ok(Report::new(
                move || json!({ "discarded": id.to_string() }),
                move || format!("discarded {id}\n"),
            ))
        }
        RecoverCommand::Export {
            id,
            path,
            format,
            privacy,
        } => {
            let format = format_of(&path, format)?;
            let id = find(&id)?;
            let options = ExportOptions { privacy_zones: privacy };
            block_on(recorder.export_recovered(
                id,
                format.file_format(),
                path.to_string_lossy().into_owned(),
                options,
            ))?;
            Ok(written(id, path))
        }
    }
}

fn resume_with(shell: &mut Shell, id: &IdPrefix, file: &Path, speed: Speed, acks: bool) -> Outcome {
    let recordings = recordings(file)?;
    shell.progress = Arc::new(Progress::of(
        recordings.iter().map(Recording::sample_count).sum(),
        "samples",
    ));
    let clock = Arc::new(ReplayClock::default());
    let client = shell.open_at(Arc::clone(&clock) as _)?;
    let waiting = block_on(client.recorder().recovery())?;
    let id = resolve(id, waiting.iter().map(|info| info.id))?;
    let how = How {
        speed,
        acks,
        stop_after: None,
        save: SaveOptions::default(),
    };
    let Some(info) = waiting.iter().find(|info| info.id == id && info.problem.is_none()) else {
        // Not there, or not readable: the core says which.
        client.recorder().resume_recovered(id)?;
        return Err(SteadfastError::cancelled().into());
    };
    let made = resume(&client, &clock, &shell.progress, &recordings, info, &how)?;
    shell.progress.clear();
    Ok(report(made))
}

/// Takes an interrupted workout up, feeds the rest of its recording in, and saves it; then the recordings after it.
///
/// # Errors
/// `invalid_argument` if none of the recordings is the workout's; what the recorder says.
pub fn resume(
    client: &SteadfastClient,
    clock: &ReplayClock,
    progress: &Progress,
    recordings: &[Recording],
    info: &RecoveryInfo,
    how: &How,
) -> Result<Recorded, Failure> {
    let started_at_ms = to_ms(info.started_at);
    let place = recordings
        .iter()
        .position(|recording| recording.started_at_ms == started_at_ms)
        .ok_or_else(|| {
            let start = steadfast_core::domain::time::to_iso8601(started_at_ms);
            SteadfastError::invalid(
                "replay",
                format!("the file has no session that starts at {start}, as this workout does"),
            )
        })?;
    let recording = &recordings[place];
    let recorder = client.recorder();
    let rest = recording.after(info.sample_count);
    // Back the moment the next sample is due: a later one would make the silence a part of the workout.
    clock.set(Some(rest.iter().find_map(time_ms).unwrap_or(recording.ended_at_ms)));
    let live = recorder.resume_recovered(info.id)?;
    let before: u64 = recordings[..place].iter().map(Recording::sample_count).sum();
    let fed = feeder(
        &recorder,
        clock,
        progress,
        how,
        before,
        before + live.acknowledged_samples,
    )
    .feed(recording.after(live.acknowledged_samples))?;
    let mut made = Recorded::default();
    finish(client, clock, recording, fed, how, (place, recordings.len()), &mut made)?;
    record_all(client, clock, progress, recordings, place + 1, how, &mut made)?;
    Ok(made)
}
