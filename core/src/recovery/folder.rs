//! The workout folders under the recovery root: which there are, and how one goes away.

use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::id::Id;
use crate::error::Result;

use super::journal::NEW_PREFIX;
use super::{files, reserve};

/// What a folder is renamed to before it is deleted, so that a kill in the middle never leaves half a workout to be
/// offered.
const CLEARED_PREFIX: &str = ".cleared-";

/// The folder of a workout under `root`, whether it exists or not.
#[must_use]
pub fn path(root: &Path, id: Id) -> PathBuf {
    files::workout_folder(root, id)
}

/// The workouts that have a folder under `root`, by id. Files and folders of other names are ignored.
///
/// # Errors
/// `Storage` if the root cannot be read.
pub fn list(root: &Path) -> Result<Vec<Id>> {
    files::workouts(root)
}

/// A folder that is no workout's any more, and still takes its space.
#[derive(Debug)]
#[must_use = "its space is taken until it is removed"]
pub struct Retired(PathBuf);

impl Retired {
    /// Gives the space back. Dropping a journal of 20 MB from the file system's cache took 8 ms, so a save does this when its
    /// caller has the reply already.
    ///
    /// # Errors
    /// `Storage`; the next [`tidy`] removes the rest.
    pub fn remove(self) -> Result<()> {
        fs::remove_dir_all(&self.0).map_err(files::about(&self.0))
    }
}

/// Takes a workout's folder out of sight with one rename; `None` if it has none. After a power loss it may be back.
///
/// # Errors
/// `Storage`; then the folder is whole.
pub fn retire(root: &Path, id: Id) -> Result<Option<Retired>> {
    let cleared = root.join(format!("{CLEARED_PREFIX}{id}"));
    files::if_there(fs::remove_dir_all(&cleared), &cleared)?;
    let folder = files::workout_folder(root, id);
    Ok(files::if_there(fs::rename(&folder, &cleared), &folder)?.map(|()| Retired(cleared)))
}

/// Deletes a workout's folder. It is gone for every reader at once and for good, whenever the process dies.
/// True if there was one.
///
/// # Errors
/// `Storage`. If only the deletion of the renamed folder failed, [`tidy`] finishes it.
pub fn clear(root: &Path, id: Id) -> Result<bool> {
    let Some(retired) = retire(root, id)? else {
        return Ok(false);
    };
    files::sync_folder(root)?;
    retired.remove()?;
    Ok(true)
}

/// Removes what a killed process left under a recovery or backup root: folders half made or half deleted, and the
/// reserve. To be called before anything is recorded.
///
/// # Errors
/// `Storage`.
pub fn tidy(root: &Path) -> Result<()> {
    reserve::remove_leftover(root).map_err(files::about(root))?;
    for (name, path) in files::folders(root)? {
        let id = name
            .strip_prefix(NEW_PREFIX)
            .or_else(|| name.strip_prefix(CLEARED_PREFIX));
        if id.is_some_and(|id| id.parse::<Id>().is_ok()) {
            // A save of a client that was just closed may still be removing it.
            files::if_there(fs::remove_dir_all(&path), &path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
