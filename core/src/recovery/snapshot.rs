//! The state beside the journal: `active_workout.json`, and the one before it as `active_workout_backup.json`.
//!
//! A snapshot takes a [`Synced`] of the journal, so it can only be written after the records it counts are on the disk. It is an
//! account of the recording, not its only copy: the journal alone restores everything.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::domain::id::Id;
use crate::error::Result;

use super::cipher::{FileCipher, NoncePrefix, RecoveryKey};
use super::journal::Synced;
use super::model::{Header, MAX_LINE_BYTES, RecoverySource, RecoverySummary, Snapshot, WorkoutState};
use super::{envelope, files};

const PRIMARY: &str = "active_workout.json";
const BACKUP: &str = "active_workout_backup.json";
const TEMPORARY: &str = "active_workout.json.tmp";

/// The steps of writing a snapshot, in this order. The process may die between any two: then the primary, the backup or both are
/// whole, apart from the journal, which is not touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    WriteBeside,
    KeepPrevious,
    Publish,
    SyncFolder,
}

const STEPS: [Step; 4] = [Step::WriteBeside, Step::KeepPrevious, Step::Publish, Step::SyncFolder];

fn perform(step: Step, folder: &Path, content: &[u8]) -> Result<()> {
    let (primary, temporary) = (folder.join(PRIMARY), folder.join(TEMPORARY));
    match step {
        Step::WriteBeside => {
            let mut file = File::create(&temporary).map_err(files::about(&temporary))?;
            file.write_all(content)
                .and_then(|()| file.sync_all())
                .map_err(files::about(&temporary))
        }
        Step::KeepPrevious => {
            files::if_there(fs::rename(&primary, folder.join(BACKUP)), &primary).map(Option::unwrap_or_default)
        }
        Step::Publish => fs::rename(&temporary, &primary).map_err(files::about(&primary)),
        Step::SyncFolder => files::sync_folder(folder),
    }
}

/// What a snapshot says beside the header and the journal's position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Status {
    /// When it is written, UTC milliseconds.
    pub saved_at_ms: i64,
    /// What the recording is doing.
    pub state: WorkoutState,
    /// The session's numbers.
    pub summary: RecoverySummary,
}

/// Writes the primary snapshot into a workout's folder and keeps the previous one as backup. `nonce` is random and used once; it
/// matters only with a key.
///
/// # Errors
/// `Storage`; at least one whole snapshot (if there was one) and the journal are left.
pub fn write(
    folder: &Path,
    header: &Header,
    synced: &Synced,
    status: Status,
    seal: Option<(&RecoveryKey, NoncePrefix)>,
) -> Result<()> {
    let Status {
        saved_at_ms,
        state,
        summary,
    } = status;
    let snapshot = Snapshot {
        header: header.clone(),
        saved_at_ms,
        last_seq: synced.last_seq(),
        state,
        summary,
    };
    let cipher = seal.map(|(key, prefix)| FileCipher::new(key, prefix, header.workout_id));
    let content = envelope::snapshot_file(&snapshot, cipher.as_ref());
    STEPS.iter().try_for_each(|&step| perform(step, folder, &content))
}

/// What the two snapshot files say.
pub(super) struct Snapshots {
    pub(super) newest: Option<Snapshot>,
    pub(super) source: RecoverySource,
    /// How many are there but damaged.
    pub(super) bad: u32,
}

/// Reads the primary, else the backup, else neither.
///
/// # Errors
/// `NewerVersion`, `KeyMissing`, `KeyWrong`; `Storage` if a file is there but the file system refuses to read it.
pub(super) fn read(folder: &Path, id: Id, key: Option<&RecoveryKey>) -> Result<Snapshots> {
    let mut snapshots = Snapshots {
        newest: None,
        source: RecoverySource::Journal,
        bad: 0,
    };
    for (name, source) in [(PRIMARY, RecoverySource::Primary), (BACKUP, RecoverySource::Backup)] {
        match read_file(folder.join(name), key)? {
            Content::Missing => {}
            Content::Damaged => snapshots.bad += 1,
            // Copied here from another workout.
            Content::Whole(snapshot) if snapshot.header.workout_id != id => snapshots.bad += 1,
            Content::Whole(_) if snapshots.newest.is_some() => {}
            Content::Whole(snapshot) => {
                snapshots.newest = Some(*snapshot);
                snapshots.source = source;
            }
        }
    }
    Ok(snapshots)
}

enum Content {
    Missing,
    Damaged,
    Whole(Box<Snapshot>),
}

fn read_file(path: PathBuf, key: Option<&RecoveryKey>) -> Result<Content> {
    let Some(file) = files::if_there(File::open(&path), &path)? else {
        return Ok(Content::Missing);
    };
    let mut content = Vec::new();
    // One byte more than the longest: what is longer is damaged, and must not fill the memory.
    file.take(MAX_LINE_BYTES as u64 + 1)
        .read_to_end(&mut content)
        .map_err(files::about(&path))?;
    let Some(line) = content.strip_suffix(b"\n") else {
        return Ok(Content::Damaged);
    };
    let opened = envelope::read(line, key, &path)?.and_then(|opened| opened.snapshot);
    Ok(opened.map_or(Content::Damaged, |snapshot| Content::Whole(Box::new(snapshot))))
}

#[cfg(test)]
mod tests;
