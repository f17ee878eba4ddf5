//! An activity in words and in JSON.

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::Hash;
use std::time::SystemTime;

use serde_json::{Map, Value, json};
use steadfast_core::activities::model::Activity;
use steadfast_core::domain::kind::ActivityKind;
use steadfast_core::domain::lap::Lap;
use steadfast_core::domain::reported::Reported;
use steadfast_core::domain::split::Split;
use steadfast_core::domain::tally::{RejectReason, Repair};
use steadfast_core::domain::time::{to_iso8601, to_ms};

use crate::draw::format;
use crate::draw::model::{Rate, Units};
use crate::table::{Align, Table, fit, wrap};

/// ISO 8601 in UTC with milliseconds.
pub fn iso(time: SystemTime) -> String {
    to_iso8601(to_ms(time))
}

fn counts<K: Copy + Eq + Hash>(counts: &HashMap<K, u64>, name: fn(K) -> &'static str) -> Value {
    let mut sorted: Vec<(&str, u64)> = counts.iter().map(|(key, count)| (name(*key), *count)).collect();
    sorted.sort_unstable();
    sorted
        .into_iter()
        .map(|(name, count)| (name.to_owned(), json!(count)))
        .collect::<Map<_, _>>()
        .into()
}

fn reported_json(reported: &Reported) -> Value {
    json!({
        "distance_m": reported.distance_m,
        "elevation_gain_m": reported.elevation_gain_m,
        "elevation_loss_m": reported.elevation_loss_m,
        "timer_s": reported.timer_s,
        "elapsed_s": reported.elapsed_s,
        "moving_s": reported.moving_s,
    })
}

/// A split, every field by its name in the API.
pub fn split_json(split: &Split) -> Value {
    json!(split)
}

/// A lap, every field by its name in the API.
pub fn lap_json(lap: &Lap) -> Value {
    json!({
        "id": lap.id.to_string(),
        "index": lap.index,
        "started_at": iso(lap.started_at),
        "distance_m": lap.distance_m,
        "duration_s": lap.duration_s,
        "pace_s_per_km": lap.pace_s_per_km,
        "elevation_gain_m": lap.elevation_gain_m,
        "is_open": lap.is_open,
    })
}

/// An activity, every field by its name in the API.
pub fn activity_json(activity: &Activity) -> Value {
    json!({
        "id": activity.id.to_string(),
        "kind": activity.kind.name(),
        "origin": activity.origin,
        "title": activity.title,
        "notes": activity.notes,
        "started_at": iso(activity.started_at),
        "ended_at": iso(activity.ended_at),
        "utc_offset_s": activity.utc_offset_s,
        "distance_m": activity.distance_m,
        "elevation_gain_m": activity.elevation_gain_m,
        "elevation_loss_m": activity.elevation_loss_m,
        "timer_s": activity.timer_s,
        "elapsed_s": activity.elapsed_s,
        "moving_s": activity.moving_s,
        "sample_count": activity.sample_count,
        "segment_count": activity.segment_count,
        "average_speed_mps": activity.average_speed_mps,
        "max_speed_mps": activity.max_speed_mps,
        "average_heart_rate_bpm": activity.average_heart_rate_bpm,
        "max_heart_rate_bpm": activity.max_heart_rate_bpm,
        "average_cadence_rpm": activity.average_cadence_rpm,
        "average_power_w": activity.average_power_w,
        "device": activity.device,
        "reported": reported_json(&activity.reported),
        "rejected": counts(&activity.rejected, RejectReason::name),
        "repairs": counts(&activity.repairs, Repair::name),
        "created_at": iso(activity.created_at),
        "updated_at": iso(activity.updated_at),
    })
}

/// The same with its splits.
pub fn whole_json(activity: &Activity, splits: &[Split]) -> Value {
    let mut value = activity_json(activity);
    value["splits"] = splits.iter().map(split_json).collect();
    value
}

/// The kind in words: "Trail running".
pub fn kind_words(kind: ActivityKind) -> String {
    let words = kind.name().replace('_', " ");
    words[..1].to_uppercase() + &words[1..]
}

/// How the sport speaks of going fast.
pub fn rate(kind: ActivityKind) -> Rate {
    match kind {
        ActivityKind::Running
        | ActivityKind::TrailRunning
        | ActivityKind::TreadmillRunning
        | ActivityKind::Walking
        | ActivityKind::Hiking => Rate::Pace,
        ActivityKind::OpenWaterSwimming | ActivityKind::PoolSwimming => Rate::SwimPace,
        _ => Rate::Speed,
    }
}

/// `h:mm:ss`.
pub fn duration(seconds: f64) -> String {
    let text = format::duration(seconds);
    // The drawing leaves the hours out where there are none; in a column they belong.
    match text.len() {
        4 => format!("0:0{text}"),
        5 => format!("0:{text}"),
        _ => text,
    }
}

/// An instant on the clock on the wall where it happened; UTC, and said so, where that is not known. `pattern` is chrono's.
pub fn local(time: SystemTime, utc_offset_s: Option<i32>, pattern: &str) -> String {
    let offset = utc_offset_s.and_then(chrono::FixedOffset::east_opt);
    let Some(instant) = chrono::DateTime::from_timestamp_millis(to_ms(time)) else {
        return iso(time);
    };
    match offset {
        Some(offset) => instant.with_timezone(&offset).format(pattern).to_string(),
        None => format!("{} UTC", instant.format(pattern)),
    }
}

fn speed_text(speed_mps: Option<f64>, kind: ActivityKind, units: Units) -> String {
    let rate = rate(kind);
    speed_mps
        .map(|speed| format!("{} {}", format::rate(speed, rate, units), rate.unit(units)))
        .unwrap_or_default()
}

fn height(metres: f64, units: Units) -> String {
    format!("{} {}", format::height(metres, units), units.short())
}

fn distance(metres: f64, units: Units) -> String {
    format!("{} {}", format::distance(metres, units), units.long())
}

fn bpm(value: Option<f64>) -> String {
    value
        .map(|value| format!("{} bpm", format::grouped(value, 0)))
        .unwrap_or_default()
}

/// The distance in a list.
pub fn distance_cell(metres: f64, units: Units) -> String {
    if metres > 0.0 {
        distance(metres, units)
    } else {
        String::new()
    }
}

/// A count with what it counts: "1 split", "12 splits".
pub fn plural(count: u64, noun: &str) -> String {
    #[allow(clippy::cast_precision_loss, reason = "counts of samples")]
    let number = format::grouped(count as f64, 0);
    format!("{number} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Two columns of label and value, read down, then right; what is unknown is left out.
fn pairs(text: &mut String, pairs: &[(&str, String)]) {
    let known: Vec<&(&str, String)> = pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
    let half = known.len().div_ceil(2);
    for line in 0..half {
        for (label, value) in [known.get(line), known.get(line + half)].into_iter().flatten() {
            let _ = write!(text, "  {label:<11}{value:>13}     ");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
}

fn mentions(text: &mut String, label: &str, entries: &mut [(&'static str, u64)]) {
    entries.sort_unstable_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    let words: Vec<String> = entries
        .iter()
        .map(|(name, count)| format!("{count} {}", name.replace('_', " ")))
        .collect();
    if !words.is_empty() {
        labelled(text, label, &words.join(", "));
    }
}

/// A label and what it stands before, over as many lines as it needs.
pub fn labelled(text: &mut String, label: &str, words: &str) {
    for (line, words) in wrap(words, 66).into_iter().enumerate() {
        let _ = writeln!(text, "  {:<11}{words}", if line == 0 { label } else { "" });
    }
}

/// Everything about an activity for a person, 80 columns wide.
pub fn whole_text(activity: &Activity, splits: &[Split], units: Units) -> String {
    let kind = kind_words(activity.kind);
    let title = activity.title.trim();
    let mut text = fit(if title.is_empty() { &kind } else { title }, 79) + "\n";
    let start = local(activity.started_at, activity.utc_offset_s, "%A %-d %B %Y, %H:%M:%S");
    let _ = writeln!(text, "{kind} · {start}\n");
    let has_distance = activity.distance_m > 0.0;
    pairs(
        &mut text,
        &[
            ("Distance", distance_cell(activity.distance_m, units)),
            ("Timer", duration(activity.timer_s)),
            ("Moving", duration(activity.moving_s)),
            ("Elapsed", duration(activity.elapsed_s)),
            (
                if rate(activity.kind).is_pace() { "Pace" } else { "Speed" },
                speed_text(activity.average_speed_mps, activity.kind, units),
            ),
            (
                "Fastest",
                speed_text(activity.max_speed_mps.filter(|_| has_distance), activity.kind, units),
            ),
            ("Ascent", height(activity.elevation_gain_m, units)),
            ("Descent", height(activity.elevation_loss_m, units)),
            ("Heart rate", bpm(activity.average_heart_rate_bpm)),
            ("Highest", bpm(activity.max_heart_rate_bpm)),
            (
                "Cadence",
                activity
                    .average_cadence_rpm
                    .map(|rpm| format!("{rpm:.0} rpm"))
                    .unwrap_or_default(),
            ),
            (
                "Power",
                activity
                    .average_power_w
                    .map(|watts| format!("{watts:.0} W"))
                    .unwrap_or_default(),
            ),
        ],
    );
    if !splits.is_empty() && has_distance {
        text.push('\n');
        text += &splits_text(splits, activity.kind, units);
    }
    text.push('\n');
    if !activity.notes.trim().is_empty() {
        for line in activity.notes.trim().lines().flat_map(|line| wrap(line, 76)) {
            let _ = writeln!(text, "  {line}");
        }
        text.push('\n');
    }
    let _ = writeln!(text, "  {:<11}{}", "Id", activity.id);
    if let Some(device) = &activity.device {
        let _ = writeln!(text, "  {:<11}{}", "Device", fit(device, 66));
    }
    let kept = [
        plural(activity.sample_count, "sample"),
        plural(activity.segment_count.into(), "segment"),
    ];
    let _ = writeln!(text, "  {:<11}{}", "Track", kept.join(", "));
    mentions(
        &mut text,
        "Left out",
        &mut activity
            .rejected
            .iter()
            .map(|(key, count)| (key.name(), *count))
            .collect::<Vec<_>>(),
    );
    mentions(
        &mut text,
        "Mended",
        &mut activity
            .repairs
            .iter()
            .map(|(key, count)| (key.name(), *count))
            .collect::<Vec<_>>(),
    );
    reported_text(&mut text, &activity.reported, units);
    text
}

fn reported_text(text: &mut String, reported: &Reported, units: Units) {
    let said = [
        reported.distance_m.map(|metres| distance(metres, units)),
        reported.timer_s.map(|seconds| format!("timer {}", duration(seconds))),
        reported.moving_s.map(|seconds| format!("moving {}", duration(seconds))),
        reported
            .elapsed_s
            .map(|seconds| format!("elapsed {}", duration(seconds))),
        reported
            .elevation_gain_m
            .map(|metres| format!("up {}", height(metres, units))),
        reported
            .elevation_loss_m
            .map(|metres| format!("down {}", height(metres, units))),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    if !said.is_empty() {
        labelled(text, "File says", &said.join(", "));
    }
}

/// The table of splits.
pub fn splits_text(splits: &[Split], kind: ActivityKind, units: Units) -> String {
    let rate = rate(kind);
    let speed = if rate.is_pace() { "PACE" } else { "SPEED" };
    let mut table = Table::new(&[
        (" ", Align::Left),
        ("SPLIT", Align::Right),
        ("DISTANCE", Align::Right),
        ("TIME", Align::Right),
        (speed, Align::Right),
        ("ASCENT", Align::Right),
        ("", Align::Left),
    ]);
    let speed_of = |split: &Split| {
        split
            .pace_s_per_km
            .map(|pace| 1000.0 / pace)
            .filter(|speed| speed.is_finite())
    };
    let fastest = splits
        .iter()
        .filter(|split| split.is_full)
        .filter_map(speed_of)
        .fold(0.0_f64, f64::max);
    for split in splits {
        let speed = speed_of(split);
        table.row([
            " ".to_owned(),
            split.index.to_string(),
            distance(split.distance_m, units),
            duration(split.duration_s),
            speed_text(speed, kind, units),
            height(split.elevation_gain_m, units),
            bar(speed, fastest),
        ]);
    }
    table.text()
}

/// The table of laps.
pub fn laps_text(laps: &[Lap], kind: ActivityKind, units: Units) -> String {
    let speed = if rate(kind).is_pace() { "PACE" } else { "SPEED" };
    let mut table = Table::new(&[
        (" ", Align::Left),
        ("LAP", Align::Right),
        ("DISTANCE", Align::Right),
        ("TIME", Align::Right),
        (speed, Align::Right),
        ("ASCENT", Align::Right),
    ]);
    for lap in laps {
        let mps = lap.pace_s_per_km.map(|pace| 1000.0 / pace);
        table.row([
            " ".to_owned(),
            lap.index.to_string(),
            distance(lap.distance_m, units),
            duration(lap.duration_s),
            speed_text(mps.filter(|mps| mps.is_finite()), kind, units),
            height(lap.elevation_gain_m, units),
        ]);
    }
    table.text()
}

/// A split's speed beside the fastest one, in blocks: 16 are as fast, none is half as fast.
fn bar(speed: Option<f64>, fastest: f64) -> String {
    let share = speed.map_or(0.0, |speed| ((speed / fastest - 0.5) * 2.0).clamp(0.0, 1.0));
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 128, and NaN becomes 0"
    )]
    let eighths = (share * 128.0).round() as usize;
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    "█".repeat(eighths / 8) + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};
    use steadfast_core::domain::id::Id;

    #[test]
    fn durations_always_have_hours() {
        assert_eq!(
            [0.0, 75.4, 600.0, 3600.0].map(duration),
            ["0:00:00", "0:01:15", "0:10:00", "1:00:00"]
        );
        assert_eq!(duration(f64::NAN), "–");
    }

    #[test]
    fn a_time_is_local_where_the_offset_is_known() {
        let time = UNIX_EPOCH + Duration::from_secs(1_777_700_000);
        assert_eq!(local(time, Some(7200), "%Y-%m-%d %H:%M"), "2026-05-02 07:33");
        assert_eq!(local(time, None, "%Y-%m-%d %H:%M"), "2026-05-02 05:33 UTC");
    }

    #[test]
    fn laps_stand_in_a_table_and_in_json() {
        let lap = Lap {
            id: Id::nil(),
            index: 2,
            started_at: UNIX_EPOCH + Duration::from_secs(1_777_700_000),
            distance_m: 400.4,
            duration_s: 96.0,
            pace_s_per_km: Some(240.0),
            elevation_gain_m: 3.0,
            is_open: false,
        };
        insta::assert_snapshot!(laps_text(std::slice::from_ref(&lap), ActivityKind::Running, Units::Metric), @"
          LAP  DISTANCE     TIME      PACE  ASCENT
            2   0.40 km  0:01:36  4:00 /km     3 m
        ");
        insta::assert_snapshot!(lap_json(&lap).to_string(), @r#"{"distance_m":400.4,"duration_s":96.0,"elevation_gain_m":3.0,"id":"00000000-0000-0000-0000-000000000000","index":2,"is_open":false,"pace_s_per_km":240.0,"started_at":"2026-05-02T05:33:20.000Z"}"#);
    }

    #[test]
    fn counts_have_their_noun() {
        assert_eq!(
            [1, 2, 12_345].map(|count| plural(count, "split")),
            ["1 split", "2 splits", "12,345 splits"]
        );
    }

    #[test]
    fn every_kind_has_words() {
        assert_eq!(kind_words(ActivityKind::TrailRunning), "Trail running");
        for kind in ActivityKind::ALL {
            assert!(kind_words(kind).starts_with(char::is_uppercase));
        }
    }
}
