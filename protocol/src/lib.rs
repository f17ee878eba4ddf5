//! What both ends of the wire agree on: ids and operations, with their JSON. Pure: no clock, no randomness, no I/O.

pub mod id;
pub mod operation;
