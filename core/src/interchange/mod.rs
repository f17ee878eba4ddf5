//! Files of other programs, in and out.
//!
//! Bytes in, records out: a reader turns a GPX, TCX or FIT file into the records that a live recording consists of, and decides
//! nothing about them; the recording session does. A writer turns a finished activity into text. Neither touches a file.
//!
//! - `detect`: which format the bytes are, by content
//! - `xml`: a lenient, bounded walk over XML; `iso8601`: its times
//! - `point`: one point of a file in the quanta of the track; `timeline`: order, outliers, untimed points, pauses
//! - `altitude`: whether a file's altitude comes from a barometer
//! - `text`: what the writers share
//! - `spool`: files that an extension or a watch left
//! - `gpx`, `tcx`, `fit`, `geojson`: the formats

mod altitude;
pub mod api;
mod detect;
pub mod export;
#[cfg(feature = "fit")]
mod fit;
pub mod geojson;
pub mod gpx;
pub mod import;
mod iso8601;
mod keyword;
pub mod model;
mod point;
pub mod spool;
pub mod tcx;
mod text;
mod timeline;
mod xml;

#[cfg(test)]
mod tests;

use crate::domain::record::Record;
use crate::domain::tally::Repair;
use crate::error::{Result, SteadfastError, ValidationCode};

use detect::Content;
use model::{ImportedFile, ImportedSession};

/// Reads a recording. The format is told by the content, never by a name.
///
/// # Errors
/// All of the category `validation`: `empty_file`, `unknown_format`, `format_not_built`, `forbidden_xml` (a document type that
/// defines entities), `malformed_file`, `no_times` (a route), `no_activity` (settings, waypoints), `too_many_samples` (more than
/// two million points).
pub fn read(bytes: &[u8]) -> Result<ImportedFile> {
    let mut file = match detect::detect(bytes)? {
        Content::Gpx(text) => gpx::read(&text)?,
        Content::Tcx(text) => tcx::read(&text)?,
        #[cfg(feature = "fit")]
        Content::Fit => fit::read(bytes)?,
        #[cfg(not(feature = "fit"))]
        Content::Fit => return Err(SteadfastError::validation(ValidationCode::FormatNotBuilt, "FIT")),
    };
    if file.sessions.is_empty() {
        return Err(SteadfastError::validation(ValidationCode::NoActivity, ""));
    }
    file.sessions.iter_mut().for_each(cut_tail);
    Ok(file)
}

/// A device may stamp its last samples a little later than the end that it states, because its totals run on another clock. The stated
/// end holds: what comes within a minute after it is cut and counted. What comes later still is no tail, and the stated end is wrong.
fn cut_tail(session: &mut ImportedSession) {
    const TAIL_MS: i64 = 60_000;
    let time_ms = |record: &Record| match record {
        Record::Fix(fix) => Some(fix.time_ms),
        Record::Reading(reading) => Some(reading.time_ms),
        Record::Pause(moment)
        | Record::Resume(moment)
        | Record::Lap(moment)
        | Record::Stop(moment)
        | Record::Interrupted { moment, .. } => Some(moment.wall_ms),
        Record::Rejected(_) => None,
    };
    let last_ms = session
        .records
        .iter()
        .filter_map(time_ms)
        .max()
        .unwrap_or(session.ended_at_ms);
    if last_ms - session.ended_at_ms > TAIL_MS {
        session.ended_at_ms = last_ms;
    } else if last_ms > session.ended_at_ms {
        let samples = |records: &[Record]| {
            records
                .iter()
                .filter(|record| matches!(record, Record::Fix(_) | Record::Reading(_)))
                .count()
        };
        let before = samples(&session.records);
        let ended_at_ms = session.ended_at_ms;
        session
            .records
            .retain(|record| time_ms(record).is_none_or(|time| time <= ended_at_ms));
        let cut = before - samples(&session.records);
        *session.repairs.entry(Repair::TailCut).or_default() += cut as u64;
    }
}

/// The checksum of FIT files, for tests that build them.
#[cfg(test)]
fn fit_crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc: u16, &byte| {
        (0..8).fold(crc ^ u16::from(byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xa001 } else { crc >> 1 }
        })
    })
}
