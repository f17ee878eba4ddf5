//! What the server has yet to hear: every local change, written in the same transaction as the data.

pub mod account;
pub mod api;
pub mod claim;
pub mod commit;
pub mod conflicts;
pub mod edit;
pub mod edits;
pub mod grouped;
pub mod integrity;
pub mod layers;
pub mod merge;
pub mod model;
pub mod rows;
pub mod server_layer;
pub mod settle;
pub mod states;
pub mod table;
pub mod upkeep;

#[cfg(test)]
mod machine;
#[cfg(test)]
mod phone_tests;
