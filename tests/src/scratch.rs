//! Folders for the tests.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder that goes away with the value. In memory where the machine has such a place: a kill takes nothing out of the page cache, so
/// the disk below it makes no difference to these tests but in time (1.7 ms a sync).
///
/// # Panics
/// If no folder can be made.
#[must_use]
pub fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = tempfile::Builder::new().prefix("steadfast-").tempdir_in(memory);
    made.or_else(|_| tempfile::tempdir()).expect("a temporary folder")
}

/// The path without symbolic links, as the kernel names open files.
///
/// # Panics
/// If it is not there.
#[must_use]
pub fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().expect("an existing folder")
}

/// Copies a folder with everything in it.
///
/// # Panics
/// If something cannot be read or written.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Every file below a folder with its content, sorted by path.
///
/// # Panics
/// If something cannot be read.
#[must_use]
pub fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            let bytes = fs::read(&path).expect("a file");
            all.push((path, bytes));
        }
    }
    all.sort();
    all
}

/// A place for figures: `target/` of the workspace.
#[must_use]
pub fn target(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target").join(name)
}
