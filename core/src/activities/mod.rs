//! Finished workouts: listed, read, edited, deleted.

pub mod model;
