//! Metrics: dated quantities of the person (body mass, heart rate, mood …) and of their days (steps, distance, energy), typed in, imported
//! from the phone's health records, or migrated from an earlier store.

pub mod api;
pub mod change;
pub mod health;
pub mod kind;
pub mod migrate;
pub mod model;
pub mod rules;
pub mod table;
pub mod unit;
