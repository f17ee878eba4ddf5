//! Emergency backups: whole workout folders, moved out of the way by one rename when a save failed for good.

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::id::Id;
use crate::domain::time::to_ms;
use crate::error::{RecoveryCode, Result, SteadfastError};

use super::{files, folder, rules};

/// Moves a workout's folder from the recovery root among the backups. Says where it is now.
///
/// # Errors
/// `Recovery(NotFound)` if it has none; `Recovery(Occupied)` if it has a backup already; `Storage`. The folder is in one of the two
/// places in any case.
pub fn set_aside(recovery_root: &Path, backup_root: &Path, id: Id) -> Result<PathBuf> {
    move_folder(recovery_root, backup_root, id)
}

/// Moves a backup back among the workouts in progress, where it is recovered like any other. Says where it is now.
///
/// # Errors
/// `Recovery(NotFound)` if there is no such backup; `Recovery(Occupied)` if the workout is in progress as well; `Storage`.
pub fn restore(recovery_root: &Path, backup_root: &Path, id: Id) -> Result<PathBuf> {
    move_folder(backup_root, recovery_root, id)
}

fn move_folder(from: &Path, to: &Path, id: Id) -> Result<PathBuf> {
    files::create_folder(to)?;
    let (source, target) = (files::workout_folder(from, id), files::workout_folder(to, id));
    // A rename would silently replace an empty folder.
    if files::if_there(fs::symlink_metadata(&target), &target)?.is_some() {
        return Err(SteadfastError::recovery(RecoveryCode::Occupied, Some(&target), ""));
    }
    if files::if_there(fs::rename(&source, &target), &source)?.is_none() {
        return Err(SteadfastError::recovery(RecoveryCode::NotFound, Some(&source), ""));
    }
    files::sync_folder(to)?;
    files::sync_folder(from)?;
    Ok(target)
}

/// The backups, the newest workout first.
///
/// # Errors
/// `Storage`.
pub fn list(backup_root: &Path) -> Result<Vec<Id>> {
    let mut dated = Vec::new();
    for id in files::workouts(backup_root)? {
        dated.push((Reverse(started_ms(backup_root, id)?), id));
    }
    dated.sort_unstable();
    Ok(dated.into_iter().map(|(_, id)| id).collect())
}

/// When a workout started, without its key: a version 7 id says it. For another id, when its folder last changed.
fn started_ms(root: &Path, id: Id) -> Result<i64> {
    if let Some(timestamp) = id.get_timestamp() {
        let (seconds, nanoseconds) = timestamp.to_unix();
        return Ok(i64::try_from(seconds).unwrap_or(i64::MAX / 1000) * 1000 + i64::from(nanoseconds / 1_000_000));
    }
    let path = files::workout_folder(root, id);
    fs::metadata(&path)
        .and_then(|metadata| metadata.modified())
        .map(to_ms)
        .map_err(files::about(&path))
}

/// Deletes the backups that may go (see [`rules::evictable`]) and returns their ids.
///
/// # Errors
/// What `is_stored` says, then nothing is deleted; `Storage`.
pub fn evict(backup_root: &Path, is_stored: &dyn Fn(Id) -> Result<bool>) -> Result<Vec<Id>> {
    let evictable = rules::evictable(&list(backup_root)?, is_stored)?;
    for &id in &evictable {
        folder::clear(backup_root, id)?;
    }
    Ok(evictable)
}

#[cfg(test)]
mod tests;
