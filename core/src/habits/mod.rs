//! Habit logs: timed entries of whatever a person keeps an eye on.

pub mod api;
pub mod change;
pub mod model;
pub mod rules;
pub mod table;
