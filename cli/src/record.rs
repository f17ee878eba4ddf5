//! `steadfast record`: a file fed in as if it came live.

use std::path::Path;
use std::sync::Arc;

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::activities::model::Activity;
use steadfast_core::client::SteadfastClient;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::split::{Split, SplitUnit};
use steadfast_core::error::{Result, SteadfastError};
use steadfast_core::interchange::{self, api::read_file};
use steadfast_core::recording::api::Recorder;
use steadfast_core::recording::model::SaveOptions;

use crate::activity::{whole_json, whole_text};
use crate::args::RecordArguments;
use crate::draw::model::Units;
use crate::output::{Outcome, Report};
use crate::progress::Progress;
use crate::replay::{Fed, Feeder, Recording, ReplayClock};
use crate::shell::Shell;
use crate::values::Speed;

/// How recordings are fed in, and saved.
#[derive(Clone, Debug)]
pub struct How {
    /// How fast.
    pub speed: Speed,
    /// Print `ack N`.
    pub acks: bool,
    /// End after so many samples.
    pub stop_after: Option<u64>,
    /// Under which words the activities are saved.
    pub save: SaveOptions,
}

/// What came of feeding recordings in.
#[derive(Default)]
pub struct Recorded {
    /// In the order of the file.
    pub activities: Vec<(Activity, Vec<Split>)>,
    /// Sessions of a multisport file that are no activity.
    pub skipped: Vec<(usize, SteadfastError)>,
    /// The workout that is left unfinished, and the samples that were acknowledged in all.
    stopped: Option<(Id, u64)>,
}

/// The recordings of a file, one a session.
///
/// # Errors
/// What the core says about the file.
pub fn recordings(path: &Path) -> Result<Vec<Recording>> {
    Ok(interchange::read(&read_file(path)?)?
        .sessions
        .into_iter()
        .map(Recording::from)
        .collect())
}

/// Feeds a file in.
pub fn run(mut shell: Shell, arguments: RecordArguments) -> Outcome {
    let mut recordings = recordings(&arguments.replay)?;
    if let Some(kind) = arguments.kind {
        for recording in &mut recordings {
            recording.options.kind = kind;
        }
    }
    let how = How {
        speed: arguments.speed,
        acks: arguments.acks,
        stop_after: arguments.stop_after,
        save: SaveOptions {
            title: arguments.title,
            notes: arguments.notes,
            ..SaveOptions::default()
        },
    };
    shell.progress = Arc::new(Progress::of(
        recordings.iter().map(Recording::sample_count).sum(),
        "samples",
    ));
    let clock = Arc::new(ReplayClock::default());
    let client = shell.open_at(Arc::clone(&clock) as _)?;
    let mut made = Recorded::default();
    record_all(&client, &clock, &shell.progress, &recordings, 0, &how, &mut made)?;
    shell.progress.clear();
    Ok(report(made))
}

/// Records these one after the other. `first` is how many of the file came before them.
///
/// # Errors
/// What the recorder says; a recording that is no activity is an error if it is the file's only one.
pub fn record_all(
    client: &SteadfastClient,
    clock: &ReplayClock,
    progress: &Progress,
    recordings: &[Recording],
    first: usize,
    how: &How,
    made: &mut Recorded,
) -> Result<()> {
    let mut before = recordings[..first].iter().map(Recording::sample_count).sum();
    for (index, recording) in recordings.iter().enumerate().skip(first) {
        if made.stopped.is_some() {
            break;
        }
        let recorder = client.recorder();
        clock.set(Some(recording.started_at_ms));
        recorder.start(recording.options.clone())?;
        let fed = feeder(&recorder, clock, progress, how, before, before).feed(&recording.records)?;
        finish(client, clock, recording, fed, how, (index, recordings.len()), made)?;
        before += recording.sample_count();
    }
    Ok(())
}

/// A feeder of the recording that follows `before` samples of others; acks up to `acked` are not printed.
pub fn feeder<'a>(
    recorder: &'a Recorder,
    clock: &'a ReplayClock,
    progress: &'a Progress,
    how: &How,
    before: u64,
    acked: u64,
) -> Feeder<'a> {
    Feeder {
        recorder,
        clock,
        speed: how.speed,
        acks: how.acks,
        stop_after: how.stop_after,
        progress,
        before,
        acked,
    }
}

/// Stops and saves the workout in progress, or leaves it behind. `(index, count)` is its place among the file's.
///
/// # Errors
/// What the recorder says.
pub fn finish(
    client: &SteadfastClient,
    clock: &ReplayClock,
    recording: &Recording,
    fed: Fed,
    how: &How,
    (index, count): (usize, usize),
    made: &mut Recorded,
) -> Result<()> {
    let recorder = client.recorder();
    if fed == Fed::Stopped {
        made.stopped = recorder.active_id().zip(how.stop_after);
        return Ok(());
    }
    clock.set(Some(recording.ended_at_ms));
    recorder.stop()?;
    // The row is made now, whenever the workout was.
    clock.set(None);
    match block_on(recorder.save(how.save.clone(), None)) {
        Ok(activity) => {
            let splits = block_on(client.activities().splits(activity.id, SplitUnit::Kilometre))?;
            made.activities.push((activity, splits));
            Ok(())
        }
        // As in an import: the transition of a triathlon must not cost the rest. The file still has it.
        Err(error @ SteadfastError::Validation { .. }) if count > 1 => {
            recorder.discard()?;
            made.skipped.push((index + 1, error));
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// What was recorded, in words and JSON: the activity itself if it is one.
pub fn report(made: Recorded) -> Report {
    let text = text(&made);
    let as_json = move || {
        if let Some((id, samples)) = made.stopped {
            let saved: Vec<Value> = made
                .activities
                .iter()
                .map(|(activity, splits)| whole_json(activity, splits))
                .collect();
            return json!({ "stopped": { "id": id.to_string(), "acknowledged_samples": samples }, "activities": saved });
        }
        if let ([(activity, splits)], []) = (&made.activities[..], &made.skipped[..]) {
            return whole_json(activity, splits);
        }
        let activities: Vec<Value> = made
            .activities
            .iter()
            .map(|(activity, splits)| whole_json(activity, splits))
            .collect();
        let skipped = made
            .skipped
            .iter()
            .map(|(index, error)| json!({ "index": index, "code": error.code_name(), "reason": error.to_string() }));
        json!({ "activities": activities, "skipped": skipped.collect::<Vec<_>>() })
    };
    Report::new(as_json, move || text)
}

fn text(made: &Recorded) -> String {
    let saved = made
        .activities
        .iter()
        .map(|(activity, splits)| whole_text(activity, splits, Units::Metric));
    let mut parts: Vec<String> = saved.collect();
    for (index, error) in &made.skipped {
        parts.push(format!("session {index} left out: {error}\n"));
    }
    if let Some((id, samples)) = made.stopped {
        parts.push(format!(
            "ended after {samples} samples without saving\n  go on with: steadfast recover resume {id} --replay FILE\n"
        ));
    }
    parts.join("\n")
}
