//! GPX 1.0 and 1.1, the format of almost every program.

mod read;

pub(super) use read::read;
