//! TCX (Training Center Database v2) with Garmin's activity extension for speed, running cadence and power.

use std::fmt::{Result, Write};

use crate::domain::kind::ActivityKind;
use crate::domain::sample::Row;
use crate::domain::time::to_iso8601;

use super::super::model::ExportedActivity;
use super::super::text::{CREATOR, Decimal, Escaped};

/// Writes an activity as TCX: a lap for each lap that the person made, else for each split, or one; a track for each segment. TCX has no title; it stands in for notes if
/// there are none.
///
/// TCX tells a pause only by its length, `TotalTimeSeconds` against the times of the points. So that a reader finds the moment as
/// well, points with nothing but a time mark where the timer stopped and started, as devices write them.
///
/// # Errors
/// Only those of `out`.
pub fn write(activity: &ExportedActivity, out: &mut impl Write) -> Result {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2""#
    )?;
    writeln!(
        out,
        r#"  xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2""#
    )?;
    writeln!(out, r#"  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#)?;
    write!(
        out,
        r#"  xsi:schemaLocation="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"#
    )?;
    writeln!(
        out,
        r#" http://www.garmin.com/xmlschemas/TrainingCenterDatabasev2.xsd">"#
    )?;
    let (sport, runs) = match activity.kind {
        Some(ActivityKind::Running | ActivityKind::TrailRunning | ActivityKind::TreadmillRunning) => ("Running", true),
        Some(ActivityKind::Cycling | ActivityKind::MountainBiking | ActivityKind::IndoorCycling) => ("Biking", false),
        _ => ("Other", false),
    };
    writeln!(out, " <Activities>\n  <Activity Sport=\"{sport}\">")?;
    writeln!(out, "   <Id>{}</Id>", to_iso8601(activity.started_at_ms))?;
    let laps = laps(activity);
    for (index, lap) in laps.iter().enumerate() {
        write_lap(activity, lap, index + 1 == laps.len(), runs, out)?;
    }
    let notes = if activity.notes.is_empty() {
        &activity.title
    } else {
        &activity.notes
    };
    if !notes.is_empty() {
        writeln!(out, "   <Notes>{}</Notes>", Escaped(notes))?;
    }
    writeln!(out, "   <Creator xsi:type=\"Device_t\">")?;
    writeln!(
        out,
        "    <Name>{}</Name>",
        Escaped(activity.device.as_deref().unwrap_or(CREATOR))
    )?;
    writeln!(out, "    <UnitId>0</UnitId>\n    <ProductID>0</ProductID>")?;
    writeln!(
        out,
        "    <Version>\n     <VersionMajor>0</VersionMajor>\n     <VersionMinor>0</VersionMinor>\n    </Version>"
    )?;
    writeln!(
        out,
        "   </Creator>\n  </Activity>\n </Activities>\n</TrainingCenterDatabase>"
    )
}

/// A lap, UTC milliseconds.
struct Lap {
    from_ms: i64,
    until_ms: i64,
    timer_ms: i64,
    distance_m: f64,
}

/// Laps and splits end when the timer has run for their durations; rounding of those never moves the last end.
fn laps(activity: &ExportedActivity) -> Vec<Lap> {
    let stretches: Vec<(f64, f64)> = if activity.laps.is_empty() {
        let splits = activity.splits.iter();
        splits.map(|split| (split.duration_s, split.distance_m)).collect()
    } else {
        let laps = activity.laps.iter();
        laps.map(|lap| (lap.duration_s, lap.distance_m)).collect()
    };
    let mut ends = Vec::new();
    let mut timer_s = 0.0;
    for (duration_s, _) in stretches.iter().take(stretches.len().saturating_sub(1)) {
        timer_s += duration_s;
        ends.push(moment_of(activity, timer_s));
    }
    ends.push(activity.ended_at_ms);
    let mut from_ms = activity.started_at_ms;
    let mut laps = Vec::with_capacity(ends.len());
    for (index, end) in ends.into_iter().enumerate() {
        let until_ms = end.clamp(from_ms, activity.ended_at_ms.max(from_ms));
        let overlap = |start: i64, end: i64| (end.min(until_ms) - start.max(from_ms)).max(0);
        let running = activity
            .timer_intervals
            .iter()
            .map(|i| overlap(i.started_at_ms, i.ended_at_ms));
        let lap_timer_ms = running.sum();
        let distance_m = stretches
            .get(index)
            .map_or(activity.distance_m, |(_, distance_m)| *distance_m);
        laps.push(Lap {
            from_ms,
            until_ms,
            timer_ms: lap_timer_ms,
            distance_m,
        });
        from_ms = until_ms;
    }
    laps
}

/// When the timer had run for so many seconds.
fn moment_of(activity: &ExportedActivity, timer_s: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "saturates")]
    let mut left = (timer_s * 1000.0).round() as i64;
    for interval in &activity.timer_intervals {
        let length = interval.ended_at_ms - interval.started_at_ms;
        if left <= length {
            return interval.started_at_ms + left;
        }
        left -= length;
    }
    activity.ended_at_ms
}

fn write_lap(activity: &ExportedActivity, lap: &Lap, is_last: bool, runs: bool, out: &mut impl Write) -> Result {
    writeln!(out, "   <Lap StartTime=\"{}\">", to_iso8601(lap.from_ms))?;
    writeln!(
        out,
        "    <TotalTimeSeconds>{}.{:03}</TotalTimeSeconds>",
        lap.timer_ms / 1000,
        lap.timer_ms % 1000
    )?;
    writeln!(out, "    <DistanceMeters>{:.2}</DistanceMeters>", lap.distance_m)?;
    // The schema demands all three.
    writeln!(
        out,
        "    <Calories>0</Calories>\n    <Intensity>Active</Intensity>\n    <TriggerMethod>Manual</TriggerMethod>"
    )?;
    let start = activity.rows.partition_point(|row| row.time_ms < lap.from_ms);
    let inside = |row: &Row| row.time_ms < lap.until_ms || (is_last && row.time_ms == lap.until_ms);
    let mut rows = activity.rows[start..].iter().take_while(|row| inside(row)).peekable();
    let mut last_mark = lap.from_ms;
    for interval in &activity.timer_intervals {
        let (from, until) = (
            interval.started_at_ms.max(lap.from_ms),
            interval.ended_at_ms.min(lap.until_ms),
        );
        if from > until {
            continue;
        }
        writeln!(out, "    <Track>")?;
        if rows.peek().is_none_or(|row| row.time_ms > from) {
            mark(from, out)?;
        }
        last_mark = from;
        let mut first = true;
        while let Some(row) = rows.next_if(|row| row.time_ms <= until) {
            if row.starts_segment() && !first {
                // No pause: the new track goes on where the one before ended.
                writeln!(out, "    </Track>\n    <Track>")?;
                mark(last_mark, out)?;
            }
            point(row, runs, out)?;
            last_mark = row.time_ms;
            first = false;
        }
        if last_mark < until {
            mark(until, out)?;
            last_mark = until;
        }
        writeln!(out, "    </Track>")?;
    }
    // A workout that was ended while it was paused, or that has no timer at all.
    if is_last && (last_mark < lap.until_ms || rows.peek().is_some()) {
        writeln!(out, "    <Track>")?;
        for row in rows {
            point(row, runs, out)?;
            last_mark = row.time_ms;
        }
        if last_mark < lap.until_ms {
            mark(lap.until_ms, out)?;
        }
        writeln!(out, "    </Track>")?;
    }
    writeln!(out, "   </Lap>")
}

fn mark(time_ms: i64, out: &mut impl Write) -> Result {
    writeln!(
        out,
        "     <Trackpoint>\n      <Time>{}</Time>\n     </Trackpoint>",
        to_iso8601(time_ms)
    )
}

fn point(row: &Row, runs: bool, out: &mut impl Write) -> Result {
    writeln!(out, "     <Trackpoint>\n      <Time>{}</Time>", to_iso8601(row.time_ms))?;
    if let Some((latitude, longitude)) = row.position_e7() {
        writeln!(
            out,
            "      <Position>\n       <LatitudeDegrees>{}</LatitudeDegrees>",
            Decimal(latitude, 7)
        )?;
        writeln!(
            out,
            "       <LongitudeDegrees>{}</LongitudeDegrees>\n      </Position>",
            Decimal(longitude, 7)
        )?;
    }
    if let Some(altitude) = row.altitude_cm {
        writeln!(out, "      <AltitudeMeters>{}</AltitudeMeters>", Decimal(altitude, 2))?;
    }
    if let Some(distance) = row.distance_cm {
        writeln!(out, "      <DistanceMeters>{}</DistanceMeters>", Decimal(distance, 2))?;
    }
    // The schema's types: a heart rate is 1 to 255, a cadence 0 to 254, power 0 to 65535.
    if let Some(heart_rate) = row.heart_rate_bpm.filter(|bpm| (1..=255).contains(bpm)) {
        writeln!(
            out,
            "      <HeartRateBpm>\n       <Value>{heart_rate}</Value>\n      </HeartRateBpm>"
        )?;
    }
    let cadence = row.cadence_rpm.filter(|rpm| (0..=254).contains(rpm));
    if let Some(cadence) = cadence.filter(|_| !runs) {
        writeln!(out, "      <Cadence>{cadence}</Cadence>")?;
    }
    let run_cadence = cadence.filter(|_| runs);
    let power = row.power_w.filter(|watts| (0..=65_535).contains(watts));
    if row.speed_cmps.is_some() || run_cadence.is_some() || power.is_some() {
        writeln!(out, "      <Extensions>\n       <ns3:TPX>")?;
        if let Some(speed) = row.speed_cmps {
            writeln!(out, "        <ns3:Speed>{}</ns3:Speed>", Decimal(speed, 2))?;
        }
        if let Some(cadence) = run_cadence {
            writeln!(out, "        <ns3:RunCadence>{cadence}</ns3:RunCadence>")?;
        }
        if let Some(power) = power {
            writeln!(out, "        <ns3:Watts>{power}</ns3:Watts>")?;
        }
        writeln!(out, "       </ns3:TPX>\n      </Extensions>")?;
    }
    writeln!(out, "     </Trackpoint>")
}
