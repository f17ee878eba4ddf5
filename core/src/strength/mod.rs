//! Strength work: what was lifted on a training day of a program, and the catalogue of movements.

pub mod api;
pub mod cache;
pub mod change;
pub mod diff;
pub mod history_table;
pub mod model;
pub mod position;
pub mod rules;
pub mod stored;
pub mod table;
pub mod weight;

#[cfg(test)]
pub(crate) mod store_for_tests;
