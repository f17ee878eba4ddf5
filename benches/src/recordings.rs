//! Real recordings, read as the tests of the track room read them.

#[path = "../../core/src/track/recordings.rs"]
mod of_core;

pub use of_core::{Sample, folder, read_all, whole_column_bytes};
