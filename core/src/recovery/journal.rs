//! Writes the records of the workout in progress, a line each, before the sensors' call returns.
//!
//! A write that returned survives the death of the process; a sync that returned survives power loss. A file whose
//! write or sync failed is never written again: after a failed `fsync` Linux marks the pages clean and may drop them,
//! so that a second `fsync` succeeds without them. The journal goes on in a new file, which begins with everything
//! since the last good sync. Until such a file can be written, records wait in memory, counted by [`Journal::unsaved`],
//! and every call tries again.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::domain::record::Record;
use crate::error::{RecoveryCode, Result, SteadfastError, StorageCode};

use super::cipher::{FileCipher, NonceSource, RecoveryKey};
use super::model::{FORMAT_VERSION, Found, Header, MAX_HEADER_BYTES};
use super::reserve::Reserve;
use super::{envelope, files, line};

/// A new folder is made under this name and renamed, so that a workout's folder always has a whole header.
pub(super) const NEW_PREFIX: &str = ".new-";

/// Disk space in bytes that one record is reckoned at when it is asked whether a full disk has room again: more than
/// any line.
const RECORD_SPACE: u64 = 256;

/// The journal of the workout in progress.
pub struct Journal {
    folder: PathBuf,
    header: Header,
    key: Option<RecoveryKey>,
    nonces: NonceSource,
    reserve: Reserve,
    /// The file being written; `None` after a failure, until a new one could be opened.
    file: Option<OpenFile>,
    next_number: u32,
    last_seq: u64,
    /// Every record since the last good sync, the oldest first.
    unsynced: Vec<Record>,
    /// How many of them, from the front, are in a file.
    written: usize,
    /// Why the last attempt failed.
    trouble: Option<SteadfastError>,
    line: Vec<u8>,
    text: Vec<u8>,
}

struct OpenFile {
    file: File,
    name: String,
    cipher: Option<FileCipher>,
    /// Bytes up to the end of the last whole line.
    length: u64,
}

/// What became of the records of one [`Journal::append`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppendOutcome {
    /// The sequence number of the last record.
    pub last_seq: u64,
    /// Samples (fixes and readings), of this call and earlier ones, that are in memory only and would not survive a
    /// kill.
    pub unsaved: usize,
    /// Why, if there are any.
    pub trouble: Option<SteadfastError>,
}

/// Proof that everything up to a record is on the disk. A snapshot can only be written with one, so it never gets ahead
/// of the journal.
#[derive(Debug, PartialEq, Eq)]
pub struct Synced {
    last_seq: u64,
}

impl Synced {
    /// The last record that is on the disk.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }
}

impl Journal {
    /// Starts the journal of a new workout in `root`. When it returns, the workout's folder is on the disk with its
    /// header; if it fails or the process dies, there is no such folder.
    ///
    /// # Errors
    /// `Recovery(Occupied)` if the workout has a folder; `Validation` for a header that JSON cannot hold (a limit that
    /// is not a number, an account id of over 8 KB); `Storage` otherwise.
    pub fn create(root: &Path, header: &Header, key: Option<&RecoveryKey>, nonces: NonceSource) -> Result<Self> {
        check_header(header)?;
        files::create_folder(root)?;
        let folder = files::workout_folder(root, header.workout_id);
        if files::if_there(fs::symlink_metadata(&folder), &folder)?.is_some() {
            return Err(SteadfastError::recovery(RecoveryCode::Occupied, Some(&folder), ""));
        }
        let new = root.join(format!("{NEW_PREFIX}{}", header.workout_id));
        files::if_there(fs::remove_dir_all(&new), &new)?;
        fs::create_dir(&new).map_err(files::about(&new))?;
        let mut journal = Self::new(root, new.clone(), header, key, nonces, (1, 0));
        let started = journal.replace_file().and_then(|()| {
            fs::rename(&new, &folder).map_err(files::about(&folder))?;
            files::sync_folder(root)
        });
        if let Err(error) = started {
            journal.reserve.release();
            // What was made is empty, under whichever of its names: the last sync may have failed after the renaming. A leftover
            // of the first is removed when the room is opened again; one of the second is offered as a workout without samples.
            let _ = fs::remove_dir_all(&new);
            let _ = fs::remove_dir_all(&folder);
            return Err(error);
        }
        journal.folder = folder;
        Ok(journal)
    }

    /// Goes on with a workout that was read with [`super::records::read`], in a new file: the old one may have a torn
    /// tail.
    ///
    /// # Errors
    /// `Storage`; nothing is changed then.
    pub fn resume(root: &Path, found: &Found, key: Option<&RecoveryKey>, nonces: NonceSource) -> Result<Self> {
        let folder = files::workout_folder(root, found.header.workout_id);
        let number = files::journals(&folder)?
            .last()
            .map_or(1, |(number, _)| number.saturating_add(1));
        let header = Header {
            format_version: FORMAT_VERSION,
            ..found.header.clone()
        };
        let mut journal = Self::new(root, folder, &header, key, nonces, (number, found.last_seq));
        journal.replace_file()?;
        Ok(journal)
    }

    fn new(
        root: &Path,
        folder: PathBuf,
        header: &Header,
        key: Option<&RecoveryKey>,
        nonces: NonceSource,
        (next_number, last_seq): (u32, u64),
    ) -> Self {
        Self {
            folder,
            header: header.clone(),
            key: key.cloned(),
            nonces,
            reserve: Reserve::take(root),
            file: None,
            next_number,
            last_seq,
            unsynced: Vec::new(),
            written: 0,
            trouble: None,
            line: Vec::new(),
            text: Vec::new(),
        }
    }

    /// The workout's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The workout's folder was moved. An open file is the same under its new name; the next one is made there.
    pub fn follow(&mut self, folder: PathBuf) {
        self.folder = folder;
    }

    /// The header that every file of the workout repeats.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The sequence number of the last record.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// True if there is something that power loss would take.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        !self.unsynced.is_empty()
    }

    /// Records that are in memory only: samples, those refused on arrival included, and a pause or resume among them.
    #[must_use]
    pub fn unsaved(&self) -> usize {
        self.unsynced.len() - self.written
    }

    /// True while 4 MB are held back for a full disk.
    #[must_use]
    pub fn has_reserve(&self) -> bool {
        self.reserve.is_held()
    }

    /// Writes records, the oldest first. They are kept in any case; the outcome says whether they are in a file.
    pub fn append(&mut self, records: &[Record]) -> AppendOutcome {
        self.unsynced.extend_from_slice(records);
        self.last_seq += records.len() as u64;
        let result = self.write();
        AppendOutcome {
            last_seq: self.last_seq,
            unsaved: self.unsaved(),
            trouble: result.err(),
        }
    }

    /// Makes everything durable against power loss.
    ///
    /// # Errors
    /// `Storage` if that is not so; [`Self::unsaved`] says how much is in memory only.
    pub fn sync(&mut self) -> Result<Synced> {
        if self.is_dirty() {
            self.write()?;
            self.sync_file()?;
        }
        self.reserve.retake();
        Ok(Synced {
            last_seq: self.last_seq,
        })
    }

    /// Brings every record into a file.
    fn write(&mut self) -> Result<()> {
        if self.written == self.unsynced.len() {
            return Ok(());
        }
        if let Some(open) = &mut self.file {
            let first_seq = self.last_seq - (self.unsynced.len() - self.written) as u64 + 1;
            self.line.clear();
            for (seq, record) in (first_seq..).zip(&self.unsynced[self.written..]) {
                line::write_record(&mut self.line, seq, record, open.cipher.as_ref(), &mut self.text);
            }
            match open.file.write_all(&self.line) {
                Ok(()) => {
                    open.length += self.line.len() as u64;
                    self.written = self.unsynced.len();
                    return Ok(());
                }
                Err(error) => {
                    tracing::warn!(file = open.name, %error, "journal file abandoned: write failed");
                    // Half a line would read as a torn tail later. If it stays, the checksum tells.
                    let _ = open.file.set_len(open.length);
                    self.trouble = Some(SteadfastError::from_io(&error, &self.folder.join(&open.name)));
                    self.file = None;
                }
            }
        }
        self.replace_file()
    }

    fn sync_file(&mut self) -> Result<()> {
        if !self.is_dirty() {
            // `write` had to open a new file, and synced it.
            return Ok(());
        }
        let Some(open) = &self.file else {
            return self.replace_file();
        };
        match open.file.sync_data() {
            Ok(()) => {
                self.settle();
                Ok(())
            }
            Err(error) => {
                tracing::warn!(file = open.name, %error, "journal file abandoned: sync failed");
                self.file = None;
                self.written = 0;
                self.replace_file()
            }
        }
    }

    /// Everything is on the disk.
    fn settle(&mut self) {
        self.unsynced.clear();
        self.written = 0;
        self.trouble = None;
    }

    /// Goes on in a new file, with everything since the last good sync, synced. On a full disk the reserve is released
    /// for it.
    fn replace_file(&mut self) -> Result<()> {
        let is_full = |error: &SteadfastError| {
            matches!(
                error,
                SteadfastError::Storage {
                    code: StorageCode::Full,
                    ..
                }
            )
        };
        if let Some(trouble) = self.trouble.as_ref().filter(|trouble| is_full(trouble)) {
            // Writing all that waits, call after call, to find the disk full again would cost more than it could save.
            let needed = self.unsynced.len() as u64 * RECORD_SPACE + 2 * MAX_HEADER_BYTES as u64;
            let is_short = files::free_bytes(&self.folder.join("journal")).is_some_and(|free| free < needed);
            if is_short && !self.reserve.release() {
                return Err(trouble.clone());
            }
        }
        let mut opened = self.open_next();
        if opened.as_ref().is_err_and(is_full) && self.reserve.release() {
            opened = self.open_next();
        }
        match opened {
            Ok(open) => {
                self.file = Some(open);
                self.settle();
                Ok(())
            }
            Err(error) => {
                self.trouble = Some(error.clone());
                Err(error)
            }
        }
    }

    fn open_next(&mut self) -> Result<OpenFile> {
        let (file, name) = loop {
            let name = files::journal_name(self.next_number);
            let path = self.folder.join(&name);
            match OpenOptions::new().append(true).create_new(true).open(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => self.next_number += 1,
                opened => break (opened.map_err(files::about(&path))?, name),
            }
        };
        let id = self.header.workout_id;
        let cipher = self.key.as_ref().map(|key| FileCipher::new(key, (self.nonces)(), id));
        let mut open = OpenFile {
            file,
            name,
            cipher,
            length: 0,
        };
        if let Err(error) = self.fill(&mut open) {
            // Nothing relies on it: what it should hold is in memory or in the file before it.
            if let Err(error) = fs::remove_file(self.folder.join(&open.name)) {
                tracing::warn!(file = open.name, %error, "an incomplete journal file stays; its records are repeated");
            }
            return Err(error);
        }
        self.next_number += 1;
        Ok(open)
    }

    fn fill(&mut self, open: &mut OpenFile) -> Result<()> {
        // Twice, so that one damaged sector of one line does not take what all the others need.
        let header = envelope::header_line(&self.header, open.cipher.as_ref());
        self.line.clear();
        self.line.extend_from_slice(&header);
        self.line.extend_from_slice(&header);
        let first_seq = self.last_seq - self.unsynced.len() as u64 + 1;
        for (seq, record) in (first_seq..).zip(&self.unsynced) {
            line::write_record(&mut self.line, seq, record, open.cipher.as_ref(), &mut self.text);
        }
        let result = open.file.write_all(&self.line).and_then(|()| open.file.sync_data());
        result.map_err(files::about(&self.folder.join(&open.name)))?;
        open.length = self.line.len() as u64;
        // A long outage leaves a long line buffer.
        self.line.shrink_to(64 * 1024);
        files::sync_folder(&self.folder)
    }
}

/// Refuses what could be written but not read back.
fn check_header(header: &Header) -> Result<()> {
    let line = envelope::header_line(header, None);
    // Base64 makes four characters of three bytes; 512 is more than the sealed header adds.
    if line.len() * 4 / 3 + 512 > MAX_HEADER_BYTES {
        return Err(SteadfastError::invalid(
            "account_id",
            format!("{} bytes", header.account_id.len()),
        ));
    }
    let back = envelope::read(&line[..line.len() - 1], None, Path::new(""))?;
    if back.is_some_and(|back| back.header == *header) {
        Ok(())
    } else {
        Err(SteadfastError::invalid("options", "a number is not finite"))
    }
}

#[cfg(test)]
mod tests;
