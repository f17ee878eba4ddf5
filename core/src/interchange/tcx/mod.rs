//! TCX, the XML format of training programs.

mod read;
mod timer;

pub(super) use read::read;
