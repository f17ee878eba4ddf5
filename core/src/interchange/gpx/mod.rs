//! GPX 1.0 and 1.1, the format of almost every program.

mod read;
mod write;

pub(super) use read::read;
pub use write::write;
