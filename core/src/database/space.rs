//! Room on the device, and why a file refused.

use std::io;
use std::path::Path;

use crate::error::{Result, SteadfastError, StorageCode};

use super::connections;

/// Left free for the WAL, the system and everybody else when a large write is weighed.
pub const RESERVE_BYTES: u64 = 8 << 20;

/// Bytes that this user may still write on the volume of `folder`.
///
/// # Errors
/// What the system says about the folder.
pub fn free_bytes(folder: &Path) -> Result<u64> {
    let volume = rustix::fs::statvfs(folder).map_err(|error| SteadfastError::from_io(&error.into(), folder))?;
    Ok(volume.f_bavail.saturating_mul(volume.f_frsize))
}

/// Refuses a write of `bytes` that obviously does not fit, before anything is touched.
///
/// # Errors
/// `Full` with both figures.
pub fn require(folder: &Path, bytes: u64) -> Result<()> {
    fits(free_bytes(folder)?, bytes).map_err(|detail| SteadfastError::storage(StorageCode::Full, Some(folder), detail))
}

fn fits(free: u64, bytes: u64) -> Result<(), String> {
    if free >= bytes.saturating_add(RESERVE_BYTES) {
        return Ok(());
    }
    Err(format!(
        "{bytes} bytes are to be written and {RESERVE_BYTES} kept free, but only {free} are left"
    ))
}

/// What a failed open, create or write of `path` means.
///
/// A protected file of a locked phone and a folder without write permission answer with the same numbers. The folder's own mode
/// tells them apart: `access` asks for the permission alone, which a locked phone does not take away.
pub(super) fn open_error(error: &io::Error, path: &Path) -> SteadfastError {
    let folder = if path.is_dir() {
        path
    } else {
        path.parent().unwrap_or(path)
    };
    let forbidden = error.kind() == io::ErrorKind::PermissionDenied && !may_write(folder);
    if forbidden {
        return SteadfastError::storage(StorageCode::ReadOnly, Some(path), error.to_string());
    }
    SteadfastError::from_io(error, path)
}

fn may_write(folder: &Path) -> bool {
    use rustix::fs::Access;
    rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

/// Finds out what lies behind SQLite's "I/O error" and "cannot open" by writing a page into the folder, and what behind its
/// "full": a volume without room, or a limit.
pub(super) fn sharpen(error: SteadfastError, folder: &Path) -> SteadfastError {
    let SteadfastError::Storage {
        code: StorageCode::Io,
        path,
        detail,
    } = error
    else {
        return error;
    };
    let probe = folder.join("steadfast.probe");
    let written = std::fs::write(&probe, [0; 4096]);
    let removed = std::fs::remove_file(&probe);
    match written.and(removed) {
        Ok(()) => SteadfastError::Storage {
            code: StorageCode::Io,
            path,
            detail,
        },
        Err(cause) => {
            let cause = open_error(&cause, &probe);
            let code = match &cause {
                SteadfastError::Storage { code, .. } => *code,
                _ => StorageCode::Io,
            };
            SteadfastError::Storage {
                code,
                path,
                detail: format!("{detail}; {}", cause.detail()),
            }
        }
    }
}

/// What freeing space achieved.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FreedSpace {
    /// Completed events that were past their retention and are gone.
    pub events_deleted: u64,
    /// Bytes by which the database's files shrank.
    pub freed_bytes: u64,
    /// Bytes that are free on the volume now.
    pub free_bytes: u64,
}

/// Bytes of the database's files in `folder`.
#[must_use]
pub fn store_bytes(folder: &Path) -> u64 {
    let file = connections::database_file(folder);
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    size(&file) + size(&connections::companion(&file, "-wal"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_fits_only_beside_the_reserve() {
        assert!(fits(RESERVE_BYTES + 10, 10).is_ok());
        assert!(fits(RESERVE_BYTES + 9, 10).is_err());
        assert!(
            fits(u64::MAX - 1, u64::MAX).is_err(),
            "a sum that overflows does not fit"
        );
    }

    #[test]
    fn a_volume_has_room_for_nothing_but_not_for_everything() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(free_bytes(folder.path()).expect("free bytes") > 0);
        let refused = require(folder.path(), u64::MAX).expect_err("more than any volume");
        assert_eq!(refused.code_name(), "storage_full");
    }

    #[test]
    fn permission_denied_in_a_folder_that_may_be_written_is_a_locked_device() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        assert_eq!(
            open_error(&denied, &folder.path().join("file")).code_name(),
            "storage_locked"
        );
        // A folder that is not there may not be written: the same answer as one without permission, also to root.
        let nowhere = folder.path().join("missing").join("file");
        assert_eq!(open_error(&denied, &nowhere).code_name(), "storage_read_only");
    }

    #[test]
    fn an_io_error_without_a_cause_stays_one_and_leaves_no_probe_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let error = SteadfastError::storage(StorageCode::Io, None, "x");
        assert_eq!(sharpen(error.clone(), folder.path()), error);
        assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
    }
}
