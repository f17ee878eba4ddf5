//! Files in and out, as methods of the objects that own what is written: `Activities` and `Recorder`.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::activities::api::Activities;
use crate::background;
use crate::domain::cancel::CancelToken;
use crate::domain::id::Id;
use crate::error::{Result, SaveCode, SteadfastError, ValidationCode};
use crate::recording::api::Recorder;
use crate::recording::commit::Deleted;
use crate::telemetry::model::Operation;
use crate::track::privacy::PrivacyZone;

use super::export;
use super::import::{self, ImportReport};
use super::model::{ExportedActivity, FileFormat};
use super::spool::{self, SpoolReport};

/// A recording of a day at 1 Hz with every sensor is 40 MB of TCX.
const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;

/// How a file is written.
#[derive(Clone, Debug, Default, PartialEq, uniffi::Record)]
pub struct ExportOptions {
    /// Positions inside these are left out of the file. The stored track keeps them.
    #[uniffi(default = [])]
    pub privacy_zones: Vec<PrivacyZone>,
}

#[uniffi::export]
impl Activities {
    /// Imports a GPX, TCX or FIT file, told apart by content. A multisport file gives an activity a session. All of them are stored in one
    /// transaction, or none. Importing a file again changes nothing and gives what is stored; importing one whose activity was deleted
    /// brings it back.
    ///
    /// # Errors
    /// `file_not_found`, `is_directory`, `empty_file`, `file_too_large` (256 MB), `unknown_format`, `malformed_file`, `forbidden_xml`,
    /// `no_times`, `no_activity`, `format_not_built`; a validation error if no session of it can be stored; `cancelled`; a storage
    /// error.
    pub async fn import_file(&self, path: String, cancel: Option<Arc<CancelToken>>) -> Result<ImportReport> {
        let (context, began) = (Arc::clone(self.context()), self.context().now());
        let imported = background::run("import", move || {
            let bytes = read_file(Path::new(&path))?;
            import::import(&context, &bytes, Deleted::Resurrect, cancel.as_ref())
        })
        .await;
        self.context().measured(Operation::Import, &began, &imported);
        imported
    }

    /// Takes in the recordings that an extension, a widget or a watch left in a folder: imports each GPX, TCX or FIT file and removes it
    /// after the commit. A file whose name starts with a dot or ends in `.part` is still being written and is left alone. What cannot be
    /// stored is moved into `refused/` inside the folder, with its reason. A folder that does not exist is empty.
    ///
    /// # Errors
    /// `cancelled`; a storage error. What is not taken in by then stays where it is.
    pub async fn take_in_spool(&self, folder: String, cancel: Option<Arc<CancelToken>>) -> Result<SpoolReport> {
        let context = Arc::clone(self.context());
        background::run("import", move || {
            spool::take_in(&context, Path::new(&folder), cancel.as_ref())
        })
        .await
    }

    /// Writes an activity to a file, which is replaced as a whole or not at all. FIT cannot be written.
    ///
    /// # Errors
    /// `not_found`, `invalid_argument` for a format that is read only, `data_damaged`, `export_failed`; a storage error.
    pub async fn export_file(&self, id: Id, format: FileFormat, path: String, options: ExportOptions) -> Result<()> {
        let context = Arc::clone(self.context());
        background::run("export", move || {
            let account_id = context.account_id();
            let zones = options.privacy_zones;
            let exported = context
                .database
                .read(move |connection| export::stored(connection, &account_id, id, &zones))
                .wait()?;
            write_file(&exported, format, Path::new(&path))
        })
        .await
    }
}

#[uniffi::export]
impl Recorder {
    /// Writes an interrupted workout to a file without saving or changing it; however old it is.
    ///
    /// # Errors
    /// As `resume_recovered` (age is no hindrance) and `export_file`.
    pub async fn export_recovered(
        &self,
        id: Id,
        format: FileFormat,
        path: String,
        options: ExportOptions,
    ) -> Result<()> {
        let inner = Arc::clone(self.inner());
        background::run("export", move || {
            let mut recovered = inner.read_recovered(id)?;
            recovered.stop();
            let exported = export::recovered(&mut recovered, &options.privacy_zones)?;
            write_file(&exported, format, Path::new(&path))
        })
        .await
    }
}

/// The file's bytes, or why it cannot be a recording.
///
/// # Errors
/// `file_not_found`, `is_directory`, `empty_file`, `file_too_large`; a storage error.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    let refuse = |code, detail: String| SteadfastError::validation(code, detail);
    let name = path.display().to_string();
    let mut file = File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => refuse(ValidationCode::FileNotFound, name.clone()),
        _ => SteadfastError::from_io(&error, path),
    })?;
    let metadata = file.metadata().map_err(|error| SteadfastError::from_io(&error, path))?;
    if metadata.is_dir() {
        return Err(refuse(ValidationCode::IsDirectory, name));
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(refuse(
            ValidationCode::FileTooLarge,
            format!("{name}: {} MB", metadata.len() >> 20),
        ));
    }
    let mut bytes = Vec::new();
    // A pipe has no length and may never end.
    let taken = Read::by_ref(&mut file).take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes);
    taken.map_err(|error| SteadfastError::from_io(&error, path))?;
    if bytes.is_empty() {
        return Err(refuse(ValidationCode::EmptyFile, name));
    }
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(refuse(ValidationCode::FileTooLarge, name));
    }
    Ok(bytes)
}

/// Writes beside, syncs, renames: the destination is whole or untouched.
fn write_file(exported: &ExportedActivity, format: FileFormat, path: &Path) -> Result<()> {
    let text = export::text(exported, format)?;
    let beside = PathBuf::from(format!("{}.part", path.display()));
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    });
    written.map_err(|error| {
        // Best effort: the error that matters is the first one.
        drop(std::fs::remove_file(&beside));
        SteadfastError::save(SaveCode::ExportFailed, Some(path), error.to_string())
    })
}
