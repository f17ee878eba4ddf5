//! `steadfast demo`: a run, a kill in the middle of it, and everything back.

mod random;
pub mod run;
mod story;
mod town;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use pollster::block_on;
use steadfast_core::activities::model::Activity;
use steadfast_core::client::SteadfastClient;
use steadfast_core::domain::split::{Split, SplitUnit};
use steadfast_core::domain::time::to_ms;
use steadfast_core::error::{RecoveryCode, Result, SaveCode, SteadfastError, StorageCode};
use steadfast_core::recording::model::SaveOptions;
use steadfast_core::recovery::model::RecoveryInfo;

use crate::draw::model::Units;
use crate::output::{Failure, Outcome, Report};
use crate::picture;
use crate::progress::Progress;
use crate::record::{How, feeder};
use crate::replay::{Recording, ReplayClock, time_ms};
use crate::shell::Shell;
use crate::values::Speed;

/// The run is recorded this much faster than life: the kill comes after two seconds.
const SPEED: f64 = 800.0;
/// The share of the samples after which the recording process is killed.
const KILL_AT: f64 = 0.57;
/// The title that the run is saved under.
const TITLE: &str = "Three laps and the castle hill";

/// What happened.
pub struct Story {
    total: u64,
    acknowledged: u64,
    found: RecoveryInfo,
    lost: u64,
    fed_after: u64,
    activity: Activity,
    splits: Vec<Split>,
    whole: bool,
    data: Option<PathBuf>,
    pictures: [PathBuf; 2],
}

/// Tells the story while it happens.
pub fn run(shell: Shell, keep: Option<&Path>) -> Outcome {
    let temporary = match keep {
        Some(_) => None,
        None => Some(tempfile::Builder::new().prefix("steadfast-demo-").tempdir()),
    };
    let temporary = temporary
        .transpose()
        .map_err(|error| io(&error, &std::env::temp_dir()))?;
    let folder = keep
        .or(temporary.as_ref().map(tempfile::TempDir::path))
        .unwrap_or(Path::new("."));
    let shell = Shell {
        data: folder.join("data"),
        ..shell
    };
    let recording = run::run();
    let say = |words: &str| {
        if !shell.json {
            crate::output::print(words);
        }
    };
    // A folder that cannot be used is told before the story begins, and once.
    drop(shell.open()?);
    say(&story::opening(&recording));
    let acknowledged = record_until_killed(&shell, recording.sample_count())?;
    say(&story::killed(acknowledged, recording.sample_count()));
    let story = recover(&shell, &recording, acknowledged, keep)?;
    let lost = story.lost;
    let text = story::rest(&story);
    Ok(Report::new(move || story::json(&story), move || text).failed_if(lost > 0))
}

/// The process that is killed: records the run, and says `ack N` for every sample that is safe.
pub fn child(shell: &Shell) -> Outcome {
    let recording = run::run();
    let clock = Arc::new(ReplayClock::default());
    let client = shell.open_at(Arc::clone(&clock) as _)?;
    clock.set(Some(recording.started_at_ms));
    let recorder = client.recorder();
    recorder.start(recording.options.clone())?;
    let how = How {
        speed: Speed::Times(SPEED),
        acks: true,
        stop_after: None,
        save: SaveOptions::default(),
    };
    feeder(&recorder, &clock, &shell.progress, &how, 0, 0).feed(&recording.records)?;
    Ok(Report::new(|| serde_json::Value::Null, String::new))
}

fn io(error: &std::io::Error, path: &Path) -> SteadfastError {
    SteadfastError::from_io(error, path)
}

/// Starts the recording process, kills it in mid-run without a warning, and says how many samples it had acknowledged by then.
fn record_until_killed(shell: &Shell, total: u64) -> Result<u64> {
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "thousands of samples"
    )]
    let kill_at = (total as f64 * KILL_AT) as u64;
    let executable = std::env::current_exe().map_err(|error| io(&error, Path::new("steadfast")))?;
    let mut command = Command::new(&executable);
    command.arg("--data").arg(&shell.data).arg("demo-child");
    if let Some(key) = &shell.key {
        command.arg("--key").arg(key);
    }
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| io(&error, &executable))?;
    let acknowledged = listen(&mut child, kill_at, &Progress::of(total, "samples"));
    let ended = child.kill().and_then(|()| child.wait());
    ended.map_err(|error| io(&error, &executable))?;
    let acknowledged = acknowledged.map_err(|error| io(&error, &executable))?;
    if acknowledged < kill_at {
        let detail = format!("the recording process ended by itself after sample {acknowledged}");
        return Err(SteadfastError::storage(StorageCode::Io, Some(&shell.data), detail));
    }
    Ok(acknowledged)
}

fn listen(child: &mut Child, kill_at: u64, progress: &Progress) -> std::io::Result<u64> {
    let Some(out) = child.stdout.take() else { return Ok(0) };
    let mut acknowledged = 0;
    let mut is_killed = false;
    for line in BufReader::new(out).lines() {
        if let Some(count) = line?.strip_prefix("ack ").and_then(|count| count.parse().ok()) {
            acknowledged = count;
            progress.at(count);
        }
        if acknowledged >= kill_at && !is_killed {
            is_killed = true;
            // SIGKILL: nothing is flushed, nothing is closed. The lines still in the pipe were acknowledged before it.
            child.kill()?;
        }
    }
    Ok(acknowledged)
}

fn recover(shell: &Shell, recording: &Recording, acknowledged: u64, keep: Option<&Path>) -> Result<Story, Failure> {
    let clock = Arc::new(ReplayClock::default());
    let client = shell.open_at(Arc::clone(&clock) as _)?;
    let recorder = client.recorder();
    // The app is back when the next sample is due.
    let back_ms = recording
        .after(acknowledged)
        .iter()
        .find_map(time_ms)
        .unwrap_or(recording.ended_at_ms);
    clock.set(Some(back_ms));
    let waiting = block_on(recorder.recovery())?;
    // The newest, should the folder that is kept hold one of an earlier demo.
    let found = waiting
        .into_iter()
        .find(|info| to_ms(info.started_at) == recording.started_at_ms)
        .ok_or_else(|| {
            SteadfastError::recovery(
                RecoveryCode::NotFound,
                Some(&shell.data),
                "the killed recording is not offered",
            )
        })?;
    if let Some(problem) = &found.problem {
        return Err(SteadfastError::recovery(RecoveryCode::Corrupted, Some(&shell.data), problem.clone()).into());
    }
    recorder.resume_recovered(found.id)?;
    let rest = recording.after(found.sample_count);
    let how = How {
        speed: Speed::Max,
        acks: false,
        stop_after: None,
        save: SaveOptions::default(),
    };
    feeder(&recorder, &clock, &shell.progress, &how, 0, 0).feed(rest)?;
    clock.set(Some(recording.ended_at_ms));
    recorder.stop()?;
    clock.set(None);
    let options = SaveOptions {
        title: TITLE.to_owned(),
        ..SaveOptions::default()
    };
    let activity = block_on(recorder.save(options, None))?;
    let splits = block_on(client.activities().splits(activity.id, SplitUnit::Kilometre))?;
    let whole = block_on(client.maintenance().check_integrity(None))?.ok;
    let pictures = draw(&client, &activity, keep)?;
    Ok(Story {
        total: recording.sample_count(),
        acknowledged,
        lost: acknowledged.saturating_sub(found.sample_count) + found.missing_records,
        fed_after: recording.sample_count().saturating_sub(found.sample_count),
        found,
        activity,
        splits,
        whole,
        data: keep.map(|_| shell.data.clone()),
        pictures,
    })
}

/// Into the folder that is kept, else the current one, else (it may be read-only) the system's temporary one.
fn draw(client: &SteadfastClient, activity: &Activity, keep: Option<&Path>) -> Result<[PathBuf; 2]> {
    let svg = picture::svg(client, activity.id, Units::Metric)?;
    let places = match keep {
        Some(folder) => vec![folder.join("demo")],
        None => vec![
            PathBuf::from("steadfast-demo"),
            std::env::temp_dir().join("steadfast-demo"),
        ],
    };
    let mut refused = SteadfastError::save(SaveCode::ExportFailed, None, "");
    for place in places {
        let pictures = [place.with_extension("png"), place.with_extension("svg")];
        match pictures.iter().try_for_each(|picture| picture::write(&svg, picture)) {
            Ok(()) => return Ok(pictures),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}
