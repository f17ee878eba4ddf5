//! Taking over what an app kept before it had this core: one JSON file, all of it or nothing.

pub mod api;
pub mod file;
