//! Space held back on the disk while recording, so that the tail of the recording can be written when the disk is full.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::files;
use super::model::RESERVE_BYTES;

const NAME: &str = "reserve.bin";

/// The reserve in a recovery root: a file of 4 MB whose blocks are really allocated, removed when the recording ends.
///
/// It is a precaution, not data: where it cannot be had, recording goes on without it, and [`Self::is_held`] says so.
#[derive(Debug)]
pub struct Reserve {
    path: PathBuf,
    held: bool,
}

impl Reserve {
    /// Takes the reserve in `root`, if there is space.
    #[must_use]
    pub fn take(root: &Path) -> Self {
        let mut reserve = Self {
            path: root.join(NAME),
            held: false,
        };
        reserve.retake();
        reserve
    }

    /// True while the space is held.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.held
    }

    /// Takes it again after a release, if twice its size is free: or it would eat the space that was just made for the recording.
    pub fn retake(&mut self) {
        if !self.held && files::free_bytes(&self.path).is_none_or(|free| free >= 2 * RESERVE_BYTES) {
            self.held = allocate(&self.path).is_ok();
            if !self.held {
                self.remove();
            }
        }
    }

    /// Gives the space to the recording. True if there was any to give.
    pub fn release(&mut self) -> bool {
        std::mem::take(&mut self.held) && self.remove()
    }

    fn remove(&self) -> bool {
        fs::remove_file(&self.path).is_ok()
    }
}

impl Drop for Reserve {
    fn drop(&mut self) {
        self.release();
    }
}

/// Removes the reserve of a recording that was killed.
pub(super) fn remove_leftover(root: &Path) -> io::Result<()> {
    match fs::remove_file(root.join(NAME)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn allocate(path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    // Apple's F_PREALLOCATE gives the blocks back when the file is closed, so there as on file systems without allocation the
    // bytes are written.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    match rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, RESERVE_BYTES) {
        Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => {}
        done => return done.map_err(io::Error::from),
    }
    let block = [0; 64 * 1024];
    for _ in 0..RESERVE_BYTES / block.len() as u64 {
        file.write_all(&block)?;
    }
    // Without this, a file system that allocates late would not have taken the space yet.
    file.sync_data()
}
