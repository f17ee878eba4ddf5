//! TCX, the XML format of training programs.

mod read;
mod timer;
mod write;

pub(super) use read::read;
pub use write::write;
