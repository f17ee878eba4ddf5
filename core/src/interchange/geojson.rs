//! GeoJSON (RFC 7946), for maps. Written only.

use std::fmt::{Result, Write};

use serde_json::json;

use crate::domain::kind::ActivityKind;
use crate::domain::sample::Row;
use crate::domain::time::to_iso8601;

use super::model::ExportedActivity;
use super::text::{CREATOR, Decimal};

/// Writes an activity as a `FeatureCollection` of one feature: a line for each segment, `[longitude, latitude, altitude]`, and the
/// times beside them in the property `coordTimes`, as is customary. An altitude is written only if every position of the segment
/// has one. A line of a single position is not allowed and is left out; without any line the geometry is null.
///
/// # Errors
/// Only those of `out`.
pub fn write(activity: &ExportedActivity, out: &mut impl Write) -> Result {
    let lines: Vec<Line<'_>> = activity
        .segments()
        .map(|segment| segment.iter().filter(|row| row.position_e7().is_some()).collect::<Vec<_>>())
        .filter(|rows| rows.len() > 1)
        .map(|rows| Line { has_altitude: rows.iter().all(|row| row.altitude_cm.is_some()), rows })
        .collect();
    let properties = json!({
        "id": activity.id.to_string(),
        "kind": activity.kind.map_or("other", ActivityKind::name),
        "title": activity.title,
        "notes": activity.notes,
        "creator": activity.device.as_deref().unwrap_or(CREATOR),
        "started_at": to_iso8601(activity.started_at_ms),
        "ended_at": to_iso8601(activity.ended_at_ms),
        "distance_m": activity.distance_m,
        "elevation_gain_m": activity.elevation_gain_m,
        "elevation_loss_m": activity.elevation_loss_m,
        "timer_s": activity.timer_s,
        "moving_s": activity.moving_s,
    })
    .to_string();
    write!(out, r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","geometry":"#)?;
    if lines.is_empty() {
        write!(out, "null")?;
    } else {
        write!(out, r#"{{"type":"MultiLineString","coordinates":"#)?;
        nested(&lines, out, |line, row, out| {
            let Some((latitude, longitude)) = row.position_e7() else { return Ok(()) };
            write!(out, "[{},{}", Decimal(longitude, 7), Decimal(latitude, 7))?;
            if let Some(altitude) = row.altitude_cm.filter(|_| line.has_altitude) {
                write!(out, ",{}", Decimal(altitude, 2))?;
            }
            write!(out, "]")
        })?;
        write!(out, "}}")?;
    }
    // The times join the other properties, which end with their brace.
    write!(out, r#","properties":{},"coordTimes":"#, properties.strip_suffix('}').unwrap_or(&properties))?;
    nested(&lines, out, |_, row, out| write!(out, r#""{}""#, to_iso8601(row.time_ms)))?;
    writeln!(out, "}}}}]}}")
}

struct Line<'a> {
    has_altitude: bool,
    rows: Vec<&'a Row>,
}

/// An array of arrays.
fn nested<W: Write>(lines: &[Line<'_>], out: &mut W, item: impl Fn(&Line<'_>, &Row, &mut W) -> Result) -> Result {
    write!(out, "[")?;
    for (index, line) in lines.iter().enumerate() {
        write!(out, "{}[", if index > 0 { "," } else { "" })?;
        for (index, row) in line.rows.iter().enumerate() {
            if index > 0 {
                write!(out, ",")?;
            }
            item(line, row, out)?;
        }
        write!(out, "]")?;
    }
    write!(out, "]")
}
