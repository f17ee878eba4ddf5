//! `steadfast activities …`.

use std::path::{Path, PathBuf};

use pollster::block_on;
use serde_json::{Value, json};
use steadfast_core::activities::model::{Activity, ActivityEdit, ActivityPage, ActivityQuery};
use steadfast_core::client::SteadfastClient;
use steadfast_core::domain::column::{DoubleColumn, LongColumn};
use steadfast_core::domain::id::Id;
use steadfast_core::domain::split::SplitUnit;
use steadfast_core::domain::time::from_ms;
use steadfast_core::error::Result;
use steadfast_core::interchange::api::ExportOptions;
use steadfast_core::track::model::{TrackColumns, TrackQuery};
use steadfast_core::track::privacy::PrivacyZone;

use crate::activity::{
    activity_json, distance_cell, duration, kind_words, lap_json, laps_text, local, plural, split_json, splits_text,
    whole_json, whole_text,
};
use crate::args::ActivitiesCommand;
use crate::draw::model::Units;
use crate::entry::{clock, deleted, more};
use crate::output::{Failure, Outcome, Report};
use crate::picture;
use crate::shell::{Shell, activity_id, prefix_length};
use crate::table::{Align, Table, WIDTH};
use crate::values::{ExportFormat, IdPrefix, Unit};

/// Runs one of them.
pub fn run(shell: &Shell, command: ActivitiesCommand) -> Outcome {
    let picture_path = match &command {
        ActivitiesCommand::Draw { out, .. } => Some(out),
        _ => None,
    };
    if let Some(path) = picture_path.filter(|path| !is_picture(path)) {
        return Err(Failure::Usage(format!(
            "{}: a picture ends in .png or .svg",
            path.display()
        )));
    }
    let client = shell.open()?;
    match command {
        ActivitiesCommand::List { kind, page } => {
            let query = ActivityQuery {
                kind,
                from: page.from.map(from_ms),
                until: page.until.map(from_ms),
                limit: page.limit,
                after: page.after,
            };
            Ok(list(block_on(client.activities().list(query))?))
        }
        ActivitiesCommand::Show { id, units } => show(&client, &id, units.units()),
        ActivitiesCommand::Splits { id, unit } => splits(&client, &id, unit),
        ActivitiesCommand::Laps { id, units } => laps(&client, &id, units.units()),
        ActivitiesCommand::Track {
            id,
            tolerance,
            from,
            until,
        } => track(
            &client,
            &id,
            TrackQuery {
                from_ms: from,
                until_ms: until,
                tolerance_m: tolerance,
            },
        ),
        ActivitiesCommand::Edit { id, title, notes, kind } => edit(&client, &id, ActivityEdit { title, notes, kind }),
        ActivitiesCommand::Delete { id } => {
            let id = activity_id(&client, &id)?;
            block_on(client.activities().delete(id))?;
            Ok(deleted(id))
        }
        ActivitiesCommand::Export {
            id,
            format,
            out,
            privacy,
        } => export(&client, &id, format, out, privacy),
        ActivitiesCommand::Draw { id, out, units } => {
            let id = activity_id(&client, &id)?;
            picture::write(&picture::svg(&client, id, units.units())?, &out)?;
            Ok(written(id, out))
        }
    }
}

fn is_picture(path: &Path) -> bool {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    ["png", "svg"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// A file was written.
pub fn written(id: Id, path: PathBuf) -> Report {
    let shown = path.display().to_string();
    Report::new(
        move || json!({ "id": id.to_string(), "path": path.display().to_string() }),
        move || format!("wrote {shown}\n"),
    )
}

/// The format that a path's ending names.
///
/// # Errors
/// A usage error if it names none and none was given.
pub fn format_of(path: &Path, given: Option<ExportFormat>) -> Result<ExportFormat, Failure> {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let named = match extension.as_str() {
        "gpx" => Some(ExportFormat::Gpx),
        "tcx" => Some(ExportFormat::Tcx),
        "geojson" | "json" => Some(ExportFormat::Geojson),
        _ => None,
    };
    given.or(named).ok_or_else(|| {
        Failure::Usage(format!(
            "{}: say the format with --format gpx, tcx or geojson",
            path.display()
        ))
    })
}

fn list(page: ActivityPage) -> Report {
    let text = list_text(&page);
    let as_json = move || {
        let activities: Vec<Value> = page.activities.iter().map(activity_json).collect();
        json!({ "activities": activities, "next": page.next })
    };
    Report::new(as_json, move || text)
}

fn list_text(page: &ActivityPage) -> String {
    if page.activities.is_empty() {
        return "no activities\n".to_owned();
    }
    let ids: Vec<Id> = page.activities.iter().map(|activity| activity.id).collect();
    let length = prefix_length(&ids);
    let mut table = Table::new(&[
        ("ID", Align::Left),
        ("STARTED", Align::Left),
        ("KIND", Align::Left),
        ("DISTANCE", Align::Right),
        ("TIMER", Align::Right),
        ("TITLE", Align::Left),
    ]);
    for activity in &page.activities {
        table.row([
            activity.id.to_string()[..length].to_owned(),
            clock(activity.started_at, activity.utc_offset_s),
            kind_words(activity.kind),
            distance_cell(activity.distance_m, Units::Metric),
            duration(activity.timer_s),
            activity.title.trim().to_owned(),
        ]);
    }
    table.text_within(WIDTH) + &more(page.next.as_deref())
}

fn show(client: &SteadfastClient, id: &IdPrefix, units: Units) -> Outcome {
    let id = activity_id(client, id)?;
    let activity = block_on(client.activities().get(id))?;
    shown(client, activity, units).map_err(Failure::from)
}

/// Everything about an activity.
///
/// # Errors
/// What the core says about its splits.
pub fn shown(client: &SteadfastClient, activity: Activity, units: Units) -> Result<Report> {
    let unit = if units == Units::Imperial {
        SplitUnit::Mile
    } else {
        SplitUnit::Kilometre
    };
    let splits = block_on(client.activities().splits(activity.id, unit))?;
    let text = whole_text(&activity, &splits, units);
    Ok(Report::new(move || whole_json(&activity, &splits), move || text))
}

fn splits(client: &SteadfastClient, id: &IdPrefix, unit: Unit) -> Outcome {
    let id = activity_id(client, id)?;
    let kind = block_on(client.activities().get(id))?.kind;
    let splits = block_on(client.activities().splits(id, unit.split_unit()))?;
    let units = match unit {
        Unit::Km => Units::Metric,
        Unit::Mi => Units::Imperial,
    };
    let text = if splits.is_empty() {
        "no splits\n".to_owned()
    } else {
        splits_text(&splits, kind, units)
    };
    Ok(Report::new(
        move || json!({ "splits": splits.iter().map(split_json).collect::<Vec<_>>() }),
        move || text,
    ))
}

fn laps(client: &SteadfastClient, id: &IdPrefix, units: Units) -> Outcome {
    let id = activity_id(client, id)?;
    let kind = block_on(client.activities().get(id))?.kind;
    let laps = block_on(client.activities().laps(id))?;
    let text = if laps.is_empty() {
        "no laps\n".to_owned()
    } else {
        laps_text(&laps, kind, units)
    };
    Ok(Report::new(
        move || json!({ "laps": laps.iter().map(lap_json).collect::<Vec<_>>() }),
        move || text,
    ))
}

fn edit(client: &SteadfastClient, id: &IdPrefix, edit: ActivityEdit) -> Outcome {
    let id = activity_id(client, id)?;
    let activity = block_on(client.activities().edit(id, edit))?;
    shown(client, activity, Units::Metric).map_err(Failure::from)
}

fn export(
    client: &SteadfastClient,
    id: &IdPrefix,
    format: Option<ExportFormat>,
    out: Option<PathBuf>,
    zones: Vec<PrivacyZone>,
) -> Outcome {
    let format = format_of(out.as_deref().unwrap_or(Path::new("")), format)?;
    let id = activity_id(client, id)?;
    let path = match out {
        Some(path) => path,
        None => default_path(&block_on(client.activities().get(id))?, format),
    };
    let options = ExportOptions { privacy_zones: zones };
    block_on(
        client
            .activities()
            .export_file(id, format.file_format(), path.to_string_lossy().into_owned(), options),
    )?;
    Ok(written(id, path))
}

fn default_path(activity: &Activity, format: ExportFormat) -> PathBuf {
    let day = local(activity.started_at, activity.utc_offset_s, "%Y-%m-%d")
        .trim_end_matches(" UTC")
        .to_owned();
    let id = activity.id.to_string();
    // The last digits: the first ones of two workouts of one minute are the same.
    let tail = &id[id.len() - 8..];
    PathBuf::from(format!("{day}-{}-{tail}.{}", activity.kind.name(), format.extension()))
}

fn track(client: &SteadfastClient, id: &IdPrefix, query: TrackQuery) -> Outcome {
    let id = activity_id(client, id)?;
    let offset = block_on(client.activities().get(id))?.utc_offset_s;
    let columns = block_on(client.activities().track(id, query))?;
    let for_text = columns.clone();
    Ok(Report::new(
        move || track_json(&columns),
        move || track_text(&for_text, offset),
    ))
}

fn longs(column: &LongColumn) -> Value {
    column.iter().collect()
}

fn doubles(column: &DoubleColumn) -> Value {
    column.iter().collect()
}

fn track_json(track: &TrackColumns) -> Value {
    json!({
        "time_ms": longs(&track.time_ms),
        "flags": longs(&track.flags),
        "latitude_deg": doubles(&track.latitude_deg),
        "longitude_deg": doubles(&track.longitude_deg),
        "altitude_m": doubles(&track.altitude_m),
        "speed_mps": doubles(&track.speed_mps),
        "horizontal_accuracy_m": doubles(&track.horizontal_accuracy_m),
        "vertical_accuracy_m": doubles(&track.vertical_accuracy_m),
        "course_deg": doubles(&track.course_deg),
        "heart_rate_bpm": doubles(&track.heart_rate_bpm),
        "cadence_rpm": doubles(&track.cadence_rpm),
        "power_w": doubles(&track.power_w),
        "distance_m": doubles(&track.distance_m),
    })
}

fn track_text(track: &TrackColumns, utc_offset_s: Option<i32>) -> String {
    let mut table = Table::new(&[
        ("TIME", Align::Left),
        ("NORTH", Align::Right),
        ("EAST", Align::Right),
        ("m", Align::Right),
        ("m/s", Align::Right),
        ("bpm", Align::Right),
        ("rpm", Align::Right),
        ("W", Align::Right),
        ("DIST", Align::Right),
        ("", Align::Left),
    ]);
    let cell = |value: f64, decimals: usize| {
        if value.is_nan() {
            String::new()
        } else {
            format!("{value:.decimals$}")
        }
    };
    let mut rows = track.time_ms.iter().zip(track.flags.iter()).enumerate();
    let numbers: [(Vec<f64>, usize); 8] = [
        (track.latitude_deg.iter().collect(), 6),
        (track.longitude_deg.iter().collect(), 6),
        (track.altitude_m.iter().collect(), 1),
        (track.speed_mps.iter().collect(), 1),
        (track.heart_rate_bpm.iter().collect(), 0),
        (track.cadence_rpm.iter().collect(), 0),
        (track.power_w.iter().collect(), 0),
        (track.distance_m.iter().collect(), 0),
    ];
    for (row, (time_ms, flags)) in &mut rows {
        let time = local(from_ms(time_ms), utc_offset_s, "%H:%M:%S")
            .trim_end_matches(" UTC")
            .to_owned();
        let values = numbers.iter().map(|(column, decimals)| cell(column[row], *decimals));
        let mark = if flags & 1 != 0 { "├" } else { "" };
        table.row(std::iter::once(time).chain(values).chain([mark.to_owned()]));
    }
    let rows = track.time_ms.len() as u64;
    if rows == 0 {
        "no samples\n".to_owned()
    } else {
        table.text() + &plural(rows, "sample") + "; ├ starts a segment\n"
    }
}
