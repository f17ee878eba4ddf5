//! Whose data is shown and sent: a local account that needs no server, and accounts that a person signs in to.

pub mod model;
pub mod rules;
pub mod table;
