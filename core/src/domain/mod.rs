//! The words that two rooms or more share: ids, time, samples, kinds, accounts. No rule and no I/O.

pub mod account;
pub mod cancel;
pub mod column;
pub mod id;
pub mod kind;
pub mod sample;
pub mod time;
