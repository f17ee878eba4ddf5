//! The names of files and folders, and the few file operations that every part needs.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::id::Id;
use crate::error::{Result, SteadfastError};

/// Turns what the file system says about `path` into the public error.
pub(super) fn about(path: &Path) -> impl Fn(io::Error) -> SteadfastError {
    move |error| SteadfastError::from_io(&error, path)
}

/// Makes what was created, renamed or removed in a folder durable.
pub(super) fn sync_folder(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(about(path))
}

/// Makes a folder and its parents, durably.
pub(super) fn create_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(path).map_err(about(path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// The error of a file that is not there is `None`.
pub(super) fn if_there<T>(result: io::Result<T>, path: &Path) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(about(path)(error)),
    }
}

/// `journal-0001.jsonl`
pub(super) fn journal_name(number: u32) -> String {
    format!("journal-{number:04}.jsonl")
}

/// The number of a journal file, if it is one.
fn journal_number(name: &str) -> Option<u32> {
    let number = name.strip_prefix("journal-")?.strip_suffix(".jsonl")?.parse().ok()?;
    (journal_name(number) == name).then_some(number)
}

/// The journal files of a workout by number. Anything else in the folder is not ours and is ignored.
pub(super) fn journals(folder: &Path) -> Result<Vec<(u32, PathBuf)>> {
    let mut journals = Vec::new();
    for entry in fs::read_dir(folder).map_err(about(folder))? {
        let entry = entry.map_err(about(folder))?;
        let is_file = entry.file_type().map_err(about(&entry.path()))?.is_file();
        if let Some(number) = entry.file_name().to_str().and_then(journal_number).filter(|_| is_file) {
            journals.push((number, entry.path()));
        }
    }
    journals.sort_unstable();
    Ok(journals)
}

/// The folder of a workout under the recovery or the backup root.
#[must_use]
pub(super) fn workout_folder(root: &Path, id: Id) -> PathBuf {
    root.join(id.to_string())
}

/// The workouts that have a folder under `root`, by id. Nothing if there is no root yet.
pub(super) fn workouts(root: &Path) -> Result<Vec<Id>> {
    let mut ids = Vec::new();
    for (name, path) in folders(root)? {
        // Only the one spelling that this room writes, or two names could mean one workout.
        if let Some(id) = name.parse::<Id>().ok().filter(|id| workout_folder(root, *id) == path) {
            ids.push(id);
        }
    }
    ids.sort_unstable();
    Ok(ids)
}

/// Names and paths of the folders under `root`; symbolic links are not followed.
pub(super) fn folders(root: &Path) -> Result<Vec<(String, PathBuf)>> {
    let Some(entries) = if_there(fs::read_dir(root), root)? else {
        return Ok(Vec::new());
    };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry.map_err(about(root))?;
        let is_folder = entry.file_type().map_err(about(&entry.path()))?.is_dir();
        if let Some(name) = entry.file_name().to_str().filter(|_| is_folder) {
            folders.push((name.to_owned(), entry.path()));
        }
    }
    Ok(folders)
}

/// Bytes that may be written in the file system of `path`'s folder; `None` where it does not say.
pub(super) fn free_bytes(path: &Path) -> Option<u64> {
    let statistics = rustix::fs::statvfs(path.parent()?).ok()?;
    Some(statistics.f_bavail.saturating_mul(statistics.f_frsize))
}
