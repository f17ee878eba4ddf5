//! GPX 1.1 with Garmin's TrackPointExtension for heart rate and cadence.

use std::fmt::{Result, Write};

use crate::domain::kind::ActivityKind;
use crate::domain::sample::Row;
use crate::domain::time::to_iso8601;

use super::super::model::ExportedActivity;
use super::super::text::{CREATOR, Decimal, Escaped};

/// Writes an activity as GPX 1.1: a `trkseg` for each segment, because that is the only way in which GPX tells a pause. Rows
/// without a position have no place in GPX and are left out; so is the sensor's distance.
///
/// # Errors
/// Only those of `out`.
pub fn write(activity: &ExportedActivity, out: &mut impl Write) -> Result {
    let creator = activity.device.as_deref().unwrap_or(CREATOR);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<gpx version="1.1" creator="{}""#, Escaped(creator))?;
    writeln!(out, r#"  xmlns="http://www.topografix.com/GPX/1/1""#)?;
    writeln!(out, r#"  xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1""#)?;
    writeln!(out, r#"  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#)?;
    write!(out, r#"  xsi:schemaLocation="http://www.topografix.com/GPX/1/1 http://www.topografix.com/GPX/1/1/gpx.xsd"#)?;
    write!(out, " http://www.garmin.com/xmlschemas/TrackPointExtension/v1")?;
    writeln!(out, r#" http://www.garmin.com/xmlschemas/TrackPointExtensionv1.xsd">"#)?;
    writeln!(out, " <metadata>\n  <time>{}</time>\n </metadata>\n <trk>", to_iso8601(activity.started_at_ms))?;
    // The schema's order: name, desc, type, trkseg.
    if !activity.title.is_empty() {
        writeln!(out, "  <name>{}</name>", Escaped(&activity.title))?;
    }
    if !activity.notes.is_empty() {
        writeln!(out, "  <desc>{}</desc>", Escaped(&activity.notes))?;
    }
    writeln!(out, "  <type>{}</type>", activity.kind.map_or("other", ActivityKind::name))?;
    for segment in activity.segments() {
        if segment.iter().all(|row| row.position_e7().is_none()) {
            continue;
        }
        writeln!(out, "  <trkseg>")?;
        for row in segment {
            point(row, out)?;
        }
        writeln!(out, "  </trkseg>")?;
    }
    writeln!(out, " </trk>\n</gpx>")
}

fn point(row: &Row, out: &mut impl Write) -> Result {
    let Some((latitude, longitude)) = row.position_e7() else { return Ok(()) };
    writeln!(out, r#"   <trkpt lat="{}" lon="{}">"#, Decimal(latitude, 7), Decimal(longitude, 7))?;
    if let Some(altitude) = row.altitude_cm {
        writeln!(out, "    <ele>{}</ele>", Decimal(altitude, 2))?;
    }
    writeln!(out, "    <time>{}</time>", to_iso8601(row.time_ms))?;
    let garmin = row.heart_rate_bpm.is_some() || row.cadence_rpm.is_some();
    if garmin || row.power_w.is_some() {
        writeln!(out, "    <extensions>")?;
        if let Some(power) = row.power_w {
            writeln!(out, "     <power>{power}</power>")?;
        }
        if garmin {
            writeln!(out, "     <gpxtpx:TrackPointExtension>")?;
            if let Some(heart_rate) = row.heart_rate_bpm {
                writeln!(out, "      <gpxtpx:hr>{heart_rate}</gpxtpx:hr>")?;
            }
            if let Some(cadence) = row.cadence_rpm {
                writeln!(out, "      <gpxtpx:cad>{cadence}</gpxtpx:cad>")?;
            }
            writeln!(out, "     </gpxtpx:TrackPointExtension>")?;
        }
        writeln!(out, "    </extensions>")?;
    }
    writeln!(out, "   </trkpt>")
}
