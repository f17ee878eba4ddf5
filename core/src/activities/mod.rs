//! Finished workouts: listed, read, edited, deleted.

pub mod api;
pub mod change;
pub mod integrity;
pub mod model;
pub mod projection;
pub mod rules;
pub mod save;
pub mod table;
pub mod track;
