//! What both ends of the wire agree on: ids, kinds of rows, operations, stamps, requests and replies, with their JSON. Pure: no clock, no randomness, no I/O.

pub mod entity;
pub mod id;
pub mod operation;
pub mod push;
pub mod stamp;
