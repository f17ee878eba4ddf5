//! What an export holds: a stored activity or an interrupted one, without the privacy zones.

use rusqlite::Connection;

use crate::activities::api::required;
use crate::activities::model::{Activity, ActivityOrigin};
use crate::activities::{table, track};
use crate::domain::id::Id;
use crate::domain::reported::Reported;
use crate::domain::sample::Row;
use crate::domain::time::{TimerInterval, from_ms, to_ms};
use crate::error::{Result, SaveCode, SteadfastError};
use crate::recording::finish::{Provenance, finish};
use crate::recording::model::SaveOptions;
use crate::recording::recovered::Recovered;
use crate::track::codec;
use crate::track::privacy::{self, PrivacyZone};

use super::model::{ExportedActivity, FileFormat};
use super::{geojson, gpx, tcx};

/// A stored activity.
///
/// # Errors
/// `not_found`, `data_damaged`, `invalid_argument` for a zone that is none; what SQLite says.
pub fn stored(connection: &Connection, account_id: &str, id: Id, zones: &[PrivacyZone]) -> Result<ExportedActivity> {
    let activity = required(table::get(connection, account_id, id)?, id)?;
    let rows = track::rows(connection, account_id, id)?;
    let intervals = table::timer_intervals(connection, account_id, id)?;
    Ok(ExportedActivity {
        splits: table::splits(connection, account_id, id)?,
        laps: table::laps(connection, account_id, id)?,
        ..exported(activity, privacy::trim(&rows, zones)?, intervals)
    })
}

/// An interrupted workout, stopped, whatever it holds: an export never refuses.
///
/// # Errors
/// If its track cannot be packed; `invalid_argument` for a zone that is none.
pub fn recovered(recovered: &mut Recovered, zones: &[PrivacyZone]) -> Result<ExportedActivity> {
    let provenance = Provenance {
        account_id: recovered.found.header.account_id.clone(),
        origin: ActivityOrigin::Recorded,
        device: None,
        reported: Reported::default(),
        saved_at: from_ms(recovered.session.newest_ms()),
    };
    let workout = finish(&mut recovered.session, &SaveOptions::default(), provenance)?;
    let mut rows = Vec::new();
    for chunk in &workout.chunks {
        rows.append(&mut codec::unpack(&chunk.bytes, chunk.checksum)?);
    }
    Ok(ExportedActivity {
        splits: workout.splits,
        laps: workout.laps,
        ..exported(workout.activity, privacy::trim(&rows, zones)?, workout.timer_intervals)
    })
}

/// Without splits and laps.
fn exported(activity: Activity, rows: Vec<Row>, timer_intervals: Vec<TimerInterval>) -> ExportedActivity {
    ExportedActivity {
        id: activity.id,
        kind: Some(activity.kind),
        title: activity.title,
        notes: activity.notes,
        device: activity.device,
        started_at_ms: to_ms(activity.started_at),
        ended_at_ms: to_ms(activity.ended_at),
        distance_m: activity.distance_m,
        elevation_gain_m: activity.elevation_gain_m,
        elevation_loss_m: activity.elevation_loss_m,
        timer_s: activity.timer_s,
        moving_s: activity.moving_s,
        timer_intervals,
        splits: Vec::new(),
        laps: Vec::new(),
        rows,
    }
}

/// The file's text.
///
/// # Errors
/// `invalid_argument` for a format that is read only.
pub fn text(activity: &ExportedActivity, format: FileFormat) -> Result<String> {
    let mut out = String::new();
    let written = match format {
        FileFormat::Gpx => gpx::write(activity, &mut out),
        FileFormat::Tcx => tcx::write(activity, &mut out),
        FileFormat::GeoJson => geojson::write(activity, &mut out),
        FileFormat::Fit => return Err(SteadfastError::invalid("format", "FIT files can be read, not written")),
    };
    // Writing to a String has no reason to fail; should a writer find one, it is said and not swallowed.
    written.map_err(|error| SteadfastError::save(SaveCode::ExportFailed, None, error.to_string()))?;
    Ok(out)
}
