//! The demo in words and in JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::activity::{duration, plural, whole_json, whole_text};
use crate::backups::info_json;
use crate::draw::format;
use crate::draw::model::Units;
use crate::replay::Recording;

use super::Story;

fn number(count: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "thousands of samples")]
    let count = count as f64;
    format::grouped(count, 0)
}

fn line(step: &str, words: &str) -> String {
    format!("  {step:<11}{words}\n")
}

/// Before anything happened.
pub fn opening(recording: &Recording) -> String {
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of a run")]
    let seconds = (recording.ended_at_ms - recording.started_at_ms) as f64 / 1000.0;
    let words = format!(
        "a process of its own records a run of {}: {}",
        duration(seconds),
        plural(recording.sample_count(), "sample")
    );
    format!(
        "Steadfast: a run, a kill in the middle of it, and everything back\n\n{}",
        line("recording", &words)
    )
}

/// After the kill.
pub fn killed(acknowledged: u64, total: u64) -> String {
    line(
        "killed",
        &format!(
            "SIGKILL after sample {} of {}, without a warning",
            number(acknowledged),
            number(total)
        ),
    )
}

/// From the recovery on.
pub fn rest(story: &Story) -> String {
    let found = &story.found;
    let mut text = line(
        "found",
        &format!(
            "one unfinished run: {} km, {}, {}",
            format::distance(found.distance_m, Units::Metric),
            duration(found.duration_s),
            plural(found.split_count.into(), "split")
        ),
    );
    text += &line(
        "",
        &format!(
            "{} samples acknowledged, {} came back",
            number(story.acknowledged),
            number(found.sample_count)
        ),
    );
    text += &line(
        "resumed",
        &format!(
            "at sample {}; {} more until the end",
            number(found.sample_count + 1),
            number(story.fed_after)
        ),
    );
    let state = if story.whole {
        "every checksum and sum holds"
    } else {
        "but the store is NOT whole: see `steadfast check`"
    };
    text += &line("saved", &format!("in one transaction; {state}"));
    text += &line("lost", &plural(story.lost, "sample"));
    let _ = writeln!(text, "\n{}\n", "─".repeat(64));
    text += &whole_text(&story.activity, &story.splits, Units::Metric);
    text.push('\n');
    text += &line("Picture", &story.pictures[0].display().to_string());
    text += &line("", &story.pictures[1].display().to_string());
    text += &match &story.data {
        Some(data) => line("Data", &data.display().to_string()),
        None => line("Data", "was in a temporary folder, which is gone; --keep DIR keeps it"),
    };
    text
}

/// For a program.
pub fn json(story: &Story) -> Value {
    json!({
        "samples": story.total,
        "acknowledged_before_kill": story.acknowledged,
        "recovered": info_json(&story.found),
        "recovered_samples": story.found.sample_count,
        "lost_samples": story.lost,
        "resumed_samples": story.fed_after,
        "integrity_ok": story.whole,
        "activity": whole_json(&story.activity, &story.splits),
        "png": story.pictures[0].display().to_string(),
        "svg": story.pictures[1].display().to_string(),
        "data": story.data.as_ref().map(|data| data.display().to_string()),
    })
}
