//! Reads a workout's folder back: the header, the snapshot, and every record once and in order.
//!
//! After a failed write or sync the journal goes on in a new file, which repeats what may not have reached the old one.
//! So the files overlap, and they are merged by sequence number: a line that is damaged in one file is taken from
//! another that has it.

use std::fs;
use std::path::Path;

use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::error::{RecoveryCode, Result, SteadfastError};

use super::cipher::RecoveryKey;
use super::cursor::Cursor;
use super::files;
use super::model::{Damage, Found, Header};
use super::snapshot::{self, Snapshots};

/// The records of a workout: an iterator, then [`Self::found`]. Memory is flat: 64 KB a journal file.
pub struct RecoveredRecords {
    journals: Vec<Journal>,
    found: Found,
}

struct Journal {
    cursor: Cursor,
    head: Head,
}

/// What a journal file has to offer next.
enum Head {
    NotRead,
    Record(u64, Record),
    End,
}

/// Opens the folder of a workout under the recovery or the backup root. Changes nothing.
///
/// # Errors
/// `Recovery`: `NotFound` without a folder; `NewerVersion`, `KeyMissing`, `KeyWrong` if any of its files says so;
/// `Corrupted` if no file has a readable header of this workout. `Storage` if the file system refuses, a locked device
/// among the reasons.
pub fn read(root: &Path, id: Id, key: Option<&RecoveryKey>) -> Result<RecoveredRecords> {
    let folder = files::workout_folder(root, id);
    if files::if_there(fs::metadata(&folder), &folder)?.is_none() {
        return Err(SteadfastError::recovery(RecoveryCode::NotFound, Some(&folder), ""));
    }
    let Snapshots { newest, source, bad } = snapshot::read(&folder, id, key)?;
    let mut damage = Damage {
        bad_snapshots: bad,
        ..Damage::default()
    };
    let mut journals = Vec::new();
    for (_, path) in files::journals(&folder)? {
        let cursor = Cursor::open(&path, key)?;
        // A journal of another workout can only have been copied here; its numbers would pass for ours.
        if cursor.header().is_some_and(|header| header.workout_id != id) {
            damage.bad_records += 1;
        } else {
            journals.push(Journal {
                cursor,
                head: Head::NotRead,
            });
        }
    }
    let headers = journals.iter().find_map(|journal| journal.cursor.header());
    let Some(header) = headers.or(newest.as_ref().map(|snapshot| &snapshot.header)).cloned() else {
        let detail = format!(
            "{} journal files and {bad} snapshots without a readable header",
            journals.len()
        );
        return Err(SteadfastError::recovery(RecoveryCode::Corrupted, Some(&folder), detail));
    };
    let last_record_ms = header.started.wall_ms;
    let found = Found {
        header,
        snapshot: newest,
        source,
        damage,
        last_seq: 0,
        sample_count: 0,
        last_record_ms,
    };
    Ok(RecoveredRecords { journals, found })
}

impl RecoveredRecords {
    /// The workout's header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.found.header
    }

    /// What was found, complete once every record has been read: the rest is read now.
    ///
    /// # Errors
    /// `Storage` if a file cannot be read to its end.
    pub fn found(mut self) -> Result<Found> {
        for record in &mut self {
            record?;
        }
        let damage = &mut self.found.damage;
        for journal in &self.journals {
            damage.bad_records += journal.cursor.bad_records;
            damage.torn_tail |= journal.cursor.torn;
        }
        if let Some(snapshot) = &self.found.snapshot {
            damage.missing_records += snapshot.last_seq.saturating_sub(self.found.last_seq);
            self.found.last_seq = self.found.last_seq.max(snapshot.last_seq);
        }
        Ok(self.found)
    }

    fn note(&mut self, seq: u64, record: &Record) {
        let found = &mut self.found;
        found.damage.missing_records += seq - found.last_seq - 1;
        found.last_seq = seq;
        let time_ms = match record {
            Record::Fix(fix) => Some(fix.time_ms),
            Record::Reading(reading) => Some(reading.time_ms),
            Record::Pause(moment)
            | Record::Resume(moment)
            | Record::Lap(moment)
            | Record::Stop(moment)
            | Record::Interrupted { moment, .. } => Some(moment.wall_ms),
            Record::Rejected(_) => None,
        };
        found.last_record_ms = found.last_record_ms.max(time_ms.unwrap_or(i64::MIN));
        found.sample_count += u64::from(matches!(record, Record::Fix(_) | Record::Reading(_)));
    }
}

impl Iterator for RecoveredRecords {
    type Item = Result<(u64, Record)>;

    /// The next record; sequence numbers strictly increase. A file that cannot be read on is left at its error; the
    /// iteration goes on with what the others hold.
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut first: Option<(u64, usize)> = None;
            for (index, journal) in self.journals.iter_mut().enumerate() {
                if let Head::NotRead = journal.head {
                    journal.head = Head::End;
                    match journal.cursor.next() {
                        Ok(Some((seq, record))) => journal.head = Head::Record(seq, record),
                        Ok(None) => {}
                        Err(error) => return Some(Err(error)),
                    }
                }
                // Of files that repeat a number the newest is the one that the recording went on from.
                if let Head::Record(seq, _) = journal.head
                    && first.is_none_or(|(lowest, _)| seq <= lowest)
                {
                    first = Some((seq, index));
                }
            }
            let head = std::mem::replace(&mut self.journals[first?.1].head, Head::NotRead);
            if let Head::Record(seq, record) = head
                && seq > self.found.last_seq
            {
                self.note(seq, &record);
                return Some(Ok((seq, record)));
            }
        }
    }
}

#[cfg(test)]
mod tests;
