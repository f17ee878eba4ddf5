//! The training days of a program: completed, rated, scheduled.

pub mod api;
pub mod change;
pub mod model;
pub mod rules;
pub mod table;

#[cfg(test)]
pub(crate) mod tests;
