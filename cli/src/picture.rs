//! An activity as a picture file.

use std::path::Path;

use pollster::block_on;
use steadfast_core::activities::model::{Activity, ActivityProfile};
use steadfast_core::client::SteadfastClient;
use steadfast_core::domain::column::DoubleColumn;
use steadfast_core::domain::id::Id;
use steadfast_core::domain::split::{Split, SplitUnit};
use steadfast_core::domain::time::to_ms;
use steadfast_core::error::{Result, SaveCode, SteadfastError};
use steadfast_core::track::model::{TrackColumns, TrackQuery};

use crate::activity::{kind_words, local, rate};
use crate::draw;
use crate::draw::model::{Sheet, SheetPoint, SheetSplit, Totals, Units};

/// Pixels: a page that is sharp on a screen of twice the density.
const PNG_WIDTH: u32 = 2000;

/// The bit of a row's flags that says that nothing runs from the row before to this one.
const SEGMENT_START: i64 = 1;

/// Draws an activity.
///
/// # Errors
/// What the core says about the activity.
pub fn svg(client: &SteadfastClient, id: Id, units: Units) -> Result<String> {
    let activities = client.activities();
    let activity = block_on(activities.get(id))?;
    let unit = if units == Units::Imperial {
        SplitUnit::Mile
    } else {
        SplitUnit::Kilometre
    };
    let splits = block_on(activities.splits(id, unit))?;
    let track = block_on(activities.track(id, TrackQuery::default()))?;
    let profile = block_on(activities.profile(id))?;
    Ok(draw::svg(&sheet(&activity, &splits, &track, &profile, units)))
}

/// Writes a drawing, as a PNG if the path ends so. The file is replaced as a whole or not at all.
///
/// # Errors
/// `export_failed`.
pub fn write(svg: &str, path: &Path) -> Result<()> {
    let failed = |detail: String| SteadfastError::save(SaveCode::ExportFailed, Some(path), detail);
    let is_png = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("png"));
    let bytes = if is_png {
        draw::png(svg, PNG_WIDTH).map_err(|error| failed(error.to_string()))?
    } else {
        svg.into()
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let written = tempfile::Builder::new()
        .prefix(".steadfast-")
        .tempfile_in(folder)
        .and_then(|mut beside| {
            std::io::Write::write_all(&mut beside, &bytes)?;
            beside.persist(path).map_err(|error| error.error)
        });
    let file = written.map_err(|error| failed(error.to_string()))?;
    readable(&file).map_err(|error| failed(error.to_string()))
}

/// A temporary file is its maker's alone; a picture is as open as any other file.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

fn known(column: &DoubleColumn) -> impl Iterator<Item = Option<f64>> + '_ {
    column.iter().map(|value| (!value.is_nan()).then_some(value))
}

fn sheet(
    activity: &Activity,
    splits: &[Split],
    track: &TrackColumns,
    profile: &ActivityProfile,
    units: Units,
) -> Sheet {
    let start_ms = to_ms(activity.started_at);
    let has_distance = activity.distance_m > 0.0;
    let has_altitude = track.altitude_m.iter().any(|altitude| !altitude.is_nan());
    let columns = known(&track.latitude_deg)
        .zip(known(&track.longitude_deg))
        .zip(known(&track.altitude_m).zip(known(&track.speed_mps)))
        .zip(known(&track.heart_rate_bpm).zip(profile.timer_s.iter().zip(profile.distance_m.iter())));
    let points = track
        .time_ms
        .iter()
        .zip(track.flags.iter())
        .zip(columns)
        .map(|((time_ms, flags), columns)| {
            let (((latitude_deg, longitude_deg), (altitude_m, speed_mps)), (heart_rate_bpm, (timer_s, distance_m))) =
                columns;
            #[allow(clippy::cast_precision_loss, reason = "milliseconds of a workout")]
            let since_start_s = (time_ms - start_ms) as f64 / 1000.0;
            SheetPoint {
                time_s: since_start_s,
                timer_s,
                distance_m: has_distance.then_some(distance_m),
                latitude_deg,
                longitude_deg,
                altitude_m,
                speed_mps,
                heart_rate_bpm,
                starts_segment: flags & SEGMENT_START != 0,
            }
        });
    let splits = splits.iter().map(|split| SheetSplit {
        index: split.index,
        distance_m: split.distance_m,
        duration_s: split.duration_s,
        pace_s_per_km: split.pace_s_per_km,
        elevation_gain_m: split.elevation_gain_m,
        is_full: split.is_full,
    });
    Sheet {
        title: activity.title.clone(),
        kind: kind_words(activity.kind),
        started_at: local(activity.started_at, activity.utc_offset_s, "%A %-d %B %Y, %H:%M"),
        rate: rate(activity.kind),
        units,
        totals: Totals {
            distance_m: has_distance.then_some(activity.distance_m),
            timer_s: activity.timer_s,
            moving_s: activity.moving_s,
            elapsed_s: activity.elapsed_s,
            average_speed_mps: activity.average_speed_mps,
            elevation_gain_m: has_altitude.then_some(activity.elevation_gain_m),
            elevation_loss_m: has_altitude.then_some(activity.elevation_loss_m),
            average_heart_rate_bpm: activity.average_heart_rate_bpm,
            max_heart_rate_bpm: activity.max_heart_rate_bpm,
            sample_count: activity.sample_count,
        },
        points: points.collect(),
        splits: if has_distance { splits.collect() } else { Vec::new() },
    }
}
