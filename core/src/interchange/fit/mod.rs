//! FIT, the binary format of watches and bike computers. Read only.

mod collect;
mod decode;
mod heart_rate;
mod profile;
mod read;
mod timer;

pub(super) use read::read;
