//! Recording a workout from live sensors.

pub mod model;
pub mod record;
