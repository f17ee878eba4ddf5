//! The files that let a recording survive SIGKILL and power loss (format: docs/formats/recovery.md).
//!
//! Each workout owns the folder `<data>/recovery/<workout_id>/`: journal files with a line a [`Record`], and two generations of a
//! snapshot. An emergency backup is that folder, moved by one rename to `<data>/backups/`; so there is one format and one reader.
//!
//! The room stores records and hands them back in order. What they mean (distance, splits, whether a fix counts) is the
//! session's business, and what to offer the person is the recorder's; summaries pass through here unread.
//!
//! - [`journal`] writes, [`records`] reads back, [`line`] is the grammar both share;
//! - [`snapshot`] writes and reads the state beside the journal;
//! - [`folder`] lists, clears and tidies up workout folders, [`backups`] moves them;
//! - [`cipher`] seals the files when the app gives a key;
//! - [`rules`] decides what is fresh, resumable and evictable.
//!
//! [`Record`]: crate::domain::record::Record

pub mod backups;
pub mod cipher;
pub mod folder;
pub mod journal;
pub mod line;
pub mod model;
pub mod records;
pub mod reserve;
pub mod rules;
pub mod snapshot;

mod base64;
mod cursor;
mod envelope;
mod files;
#[cfg(test)]
mod sample;
