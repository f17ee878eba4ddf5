//! Reads the records of one journal file in order, with a fixed buffer: a journal of a million samples has 120 MB.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::domain::record::Record;
use crate::error::Result;

use super::cipher::{FileCipher, RecoveryKey};
use super::line::{self, Line};
use super::model::{Header, MAX_LINE_BYTES};
use super::{envelope, files};

/// Below this many unread bytes the buffer is filled again, so that a canonical line is always whole in it.
const LOW_WATER: usize = 1024;

/// A position in a journal file.
pub(super) struct Cursor {
    file: File,
    path: PathBuf,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    at_end: bool,
    /// The buffer starts inside a line that was too long for it.
    inside_overlong: bool,
    cipher: Option<FileCipher>,
    header: Option<Header>,
    salvaged: VecDeque<(u64, Record)>,
    pub(super) bad_records: u64,
    pub(super) torn: bool,
}

impl Cursor {
    /// Opens a file and looks for its header, which stands in it twice.
    ///
    /// # Errors
    /// `NewerVersion`, `KeyMissing`, `KeyWrong`; `Storage` if it cannot be read.
    pub(super) fn open(path: &Path, key: Option<&RecoveryKey>) -> Result<Self> {
        let file = File::open(path).map_err(files::about(path))?;
        let mut cursor = Self {
            file,
            path: path.to_owned(),
            buffer: vec![0; MAX_LINE_BYTES],
            start: 0,
            end: 0,
            at_end: false,
            inside_overlong: false,
            cipher: None,
            header: None,
            salvaged: VecDeque::new(),
            bad_records: 0,
            torn: false,
        };
        cursor.fill()?;
        for line in
            line::salvage(&cursor.buffer[..cursor.end]).take_while(|line| line.starts_with(envelope::HEADER_KEY))
        {
            if let Some(opened) = envelope::read(line, key, path)? {
                cursor.header = Some(opened.header);
                cursor.cipher = opened.cipher;
                break;
            }
        }
        Ok(cursor)
    }

    pub(super) fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// Moves what is unread to the front and reads until the buffer is full or the file ends.
    fn fill(&mut self) -> Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        while !self.at_end && self.end < self.buffer.len() {
            match self.file.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.at_end = true,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(files::about(&self.path)(error)),
            }
        }
        Ok(())
    }

    /// The next record, in the order of the file; `None` at its end.
    ///
    /// # Errors
    /// `Storage` if the file cannot be read.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Record)>> {
        loop {
            if let Some(record) = self.salvaged.pop_front() {
                return Ok(Some(record));
            }
            if self.end - self.start < LOW_WATER && !self.at_end {
                self.fill()?;
            }
            if let Some((seq, record, length)) = line::parse_canonical(&self.buffer[self.start..self.end]) {
                self.start += length;
                return Ok(Some((seq, record)));
            }
            if self.start == self.end && self.at_end {
                // The rest of a line that fills the buffer exactly is torn as well.
                self.torn |= std::mem::take(&mut self.inside_overlong);
                return Ok(None);
            }
            self.take_line()?;
        }
    }

    /// Takes a line that is not canonical: another layout, another record, a header, or damaged.
    fn take_line(&mut self) -> Result<()> {
        let line_feed = |cursor: &Self| {
            cursor.buffer[cursor.start..cursor.end]
                .iter()
                .position(|&byte| byte == b'\n')
        };
        let mut length = line_feed(self);
        if length.is_none() && !self.at_end {
            self.fill()?;
            length = line_feed(self);
        }
        let line = &self.buffer[self.start..self.start + length.unwrap_or(self.end - self.start)];
        let read = if self.inside_overlong {
            None
        } else {
            line::read(line, self.cipher.as_ref())
        };
        if read.is_none() {
            for whole in line::salvage(line) {
                if let Some(Line::Record(seq, record)) = line::read(whole, self.cipher.as_ref()) {
                    self.salvaged.push_back((seq, record));
                }
            }
        }
        let is_bad = read.is_none() && !self.inside_overlong;
        if let Some(Line::Record(seq, record)) = read {
            self.salvaged.push_back((seq, record));
        }
        match length {
            Some(length) => {
                self.bad_records += u64::from(is_bad);
                self.inside_overlong = false;
                self.start += length + 1;
            }
            None if self.at_end => {
                self.torn = true;
                self.inside_overlong = false;
                self.start = self.end;
            }
            None => {
                self.bad_records += u64::from(is_bad);
                self.inside_overlong = true;
                self.start = self.end;
            }
        }
        Ok(())
    }
}
