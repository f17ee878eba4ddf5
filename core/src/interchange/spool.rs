//! The spool: a folder in which an extension, a widget or a watch leaves finished recordings, and from which the app takes each in once.
//!
//! Only the app owns the database. Whoever else records writes a GPX, TCX or FIT file under another name (one that starts with a dot or
//! ends in `.part`), and renames it when it is whole. The app imports it and removes it after the commit. Killed in between, it finds it
//! stored by its content's id and only removes it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::context::Context;
use crate::domain::cancel::CancelToken;
use crate::error::{Result, SteadfastError, ValidationCode};
use crate::recording::commit::Deleted;

use super::api::read_file;
use super::import::{self, ImportedActivity};

/// The folder inside the spool for files that cannot be taken in.
const REFUSED: &str = "refused";

/// A file of the spool that is no recording that can be stored. It was moved, not deleted.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RefusedFile {
    /// Where it is now.
    pub path: String,
    /// The error's code name.
    pub code: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// What was taken in from a spool.
#[derive(Clone, Debug, Default, PartialEq, uniffi::Record)]
pub struct SpoolReport {
    /// The activities of the files that are gone from the spool now, in order of file name.
    pub activities: Vec<ImportedActivity>,
    /// The files that were set aside.
    pub refused: Vec<RefusedFile>,
}

/// Takes in what is finished. Blocks.
///
/// # Errors
/// `cancelled`; a storage error. The files before it are taken in, it and those behind it are where they were.
pub fn take_in(context: &Context, folder: &Path, cancel: Option<&Arc<CancelToken>>) -> Result<SpoolReport> {
    let mut report = SpoolReport::default();
    for path in finished_files(folder)? {
        let imported = read_file(&path).and_then(|bytes| import::import(context, &bytes, Deleted::Refuse, cancel));
        match imported {
            Ok(imported) => {
                report.activities.extend(imported.activities);
                remove(&path)?;
            }
            // Taken in before, and deleted by the person since.
            Err(SteadfastError::Validation {
                code: ValidationCode::NotFound,
                ..
            }) => remove(&path)?,
            Err(error @ SteadfastError::Validation { .. }) => report.refused.push(set_aside(&path, folder, &error)?),
            Err(error) => return Err(error),
        }
    }
    Ok(report)
}

/// In order of name, so that two runs take the same order.
fn finished_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let trouble = |error: std::io::Error| SteadfastError::from_io(&error, folder);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(trouble(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(trouble)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_unfinished = name.starts_with('.') || name.ends_with(".part");
        if !is_unfinished && entry.file_type().map_err(trouble)?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path).map_err(|error| SteadfastError::from_io(&error, path))
}

fn set_aside(path: &Path, folder: &Path, error: &SteadfastError) -> Result<RefusedFile> {
    let refused = folder.join(REFUSED);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let trouble = |error: std::io::Error| SteadfastError::from_io(&error, path);
    fs::create_dir_all(&refused).map_err(trouble)?;
    let mut target = refused.join(&*name);
    // A file of the same name was refused before; neither may go.
    for number in 2.. {
        if !target.exists() {
            break;
        }
        target = refused.join(format!("{number}-{name}"));
    }
    fs::rename(path, &target).map_err(trouble)?;
    Ok(RefusedFile {
        path: target.display().to_string(),
        code: error.code_name(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::client::{Config, SteadfastClient};

    /// A run of `count` points, 3 m and a second apart, that starts in the given minute.
    fn gpx(minute: u32, count: u32) -> String {
        let point = |second: u32| {
            format!(
                r#"<trkpt lat="{:.6}" lon="2.0"><time>2026-05-01T08:{minute:02}:{second:02}Z</time></trkpt>"#,
                48.0 + f64::from(second) * 27e-6
            )
        };
        let points = (0..count).map(point).collect::<Vec<_>>().concat();
        format!(r#"<gpx version="1.1" creator="watch"><trk><trkseg>{points}</trkseg></trk></gpx>"#)
    }

    fn opened() -> (tempfile::TempDir, Arc<SteadfastClient>, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let client = block_on(SteadfastClient::open(
            Config::new(folder.path().join("data").to_string_lossy()),
            None,
        ));
        let spool = folder.path().join("spool");
        (folder, client.unwrap(), spool)
    }

    fn take_in(client: &SteadfastClient, spool: &Path) -> SpoolReport {
        block_on(client.activities().take_in_spool(spool.display().to_string(), None)).unwrap()
    }

    #[test]
    fn a_finished_file_is_taken_in_once_and_goes() {
        let (_folder, client, spool) = opened();
        assert_eq!(
            take_in(&client, &spool),
            SpoolReport::default(),
            "there is no spool yet"
        );
        fs::create_dir(&spool).unwrap();
        fs::write(spool.join("b.gpx"), gpx(2, 20)).unwrap();
        fs::write(spool.join("a.gpx"), gpx(1, 10)).unwrap();
        fs::write(spool.join("c.gpx.part"), gpx(3, 30)).unwrap();
        fs::write(spool.join(".d.gpx"), gpx(4, 30)).unwrap();
        let counts: Vec<u64> = take_in(&client, &spool)
            .activities
            .iter()
            .map(|imported| imported.activity.sample_count)
            .collect();
        assert_eq!(counts, [10, 20]);
        assert!(spool.join("c.gpx.part").exists() && spool.join(".d.gpx").exists());
        assert_eq!(take_in(&client, &spool), SpoolReport::default());
    }

    #[test]
    fn a_file_that_a_kill_left_behind_is_not_taken_in_twice_nor_brought_back() {
        let (_folder, client, spool) = opened();
        fs::create_dir(&spool).unwrap();
        let file = spool.join("a.gpx");
        fs::write(&file, gpx(1, 10)).unwrap();
        let first = take_in(&client, &spool).activities.remove(0);
        fs::write(&file, gpx(1, 10)).unwrap();
        let again = take_in(&client, &spool).activities.remove(0);
        assert!(first.is_new && !again.is_new && first.activity.id == again.activity.id);
        block_on(client.activities().delete(first.activity.id)).unwrap();
        fs::write(&file, gpx(1, 10)).unwrap();
        assert_eq!(take_in(&client, &spool), SpoolReport::default());
        assert!(!file.exists());
    }

    #[test]
    fn what_cannot_be_stored_is_set_aside_with_its_reason_and_holds_up_nothing() {
        let (_folder, client, spool) = opened();
        fs::create_dir(&spool).unwrap();
        for expected in ["refused/a.gpx", "refused/2-a.gpx"] {
            fs::write(spool.join("a.gpx"), "no recording").unwrap();
            fs::write(spool.join("b.gpx"), gpx(1, 10)).unwrap();
            let report = take_in(&client, &spool);
            assert_eq!(report.refused.len(), 1);
            assert_eq!(report.refused[0].code, "unknown_format");
            assert_eq!(Path::new(&report.refused[0].path), spool.join(expected));
            assert!(Path::new(&report.refused[0].path).exists());
            assert_eq!(report.activities.len(), 1);
        }
    }

    #[test]
    fn a_store_that_refuses_leaves_the_spool_as_it_is() {
        let (_folder, client, spool) = opened();
        fs::create_dir(&spool).unwrap();
        fs::write(spool.join("a.gpx"), gpx(1, 10)).unwrap();
        client.suspend_storage(1000).unwrap();
        let refused = block_on(client.activities().take_in_spool(spool.display().to_string(), None));
        assert_eq!(refused.unwrap_err().code_name(), "storage_suspended");
        client.resume_storage().unwrap();
        assert_eq!(take_in(&client, &spool).activities.len(), 1);
    }
}
