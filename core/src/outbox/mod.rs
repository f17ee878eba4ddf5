//! What the server has yet to hear: every local change, written in the same transaction as the data.

pub mod model;
pub mod table;
