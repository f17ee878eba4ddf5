//! Files of other programs, in and out.
//!
//! Bytes in, records out: a reader turns a GPX, TCX or FIT file into the records that a live recording consists of, and decides
//! nothing about them; the recording session does. A writer turns a finished activity into text. Neither touches a file.
//!
//! - `detect`: which format the bytes are, by content
//! - `xml`: a lenient, bounded walk over XML; `iso8601`: its times
//! - `point`: one point of a file in the quanta of the track; `timeline`: order, outliers, untimed points, pauses
//! - `altitude`: whether a file's altitude comes from a barometer
//! - `gpx`, `tcx`, `fit`, `geojson`: the formats

mod altitude;
pub mod api;
pub mod export;
pub mod import;
mod detect;
#[cfg(feature = "fit")]
mod fit;

pub mod geojson;
pub mod gpx;
mod iso8601;
mod keyword;
pub mod model;
mod point;
pub mod tcx;
mod text;
mod timeline;
mod xml;

#[cfg(test)]
mod tests;

use crate::error::{Result, SteadfastError, ValidationCode};

use detect::Content;
use model::ImportedFile;

/// Reads a recording. The format is told by the content, never by a name.
///
/// # Errors
/// All of the category `validation`: `empty_file`, `unknown_format`, `format_not_built`, `forbidden_xml` (a document type that
/// defines entities), `malformed_file`, `no_times` (a route), `no_activity` (settings, waypoints), `too_many_samples` (more than
/// two million points).
pub fn read(bytes: &[u8]) -> Result<ImportedFile> {
    let file = match detect::detect(bytes)? {
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
    Ok(file)
}
