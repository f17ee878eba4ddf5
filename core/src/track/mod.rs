//! Tracks as packed columns: packing, simplifying for a map, encoding as a polyline. Pure.

pub mod codec;
pub mod columns;
pub mod integrity;
pub mod model;
pub mod points;
pub mod polyline;
pub mod privacy;
pub mod simplify;

mod bounds;
mod bytes;
mod predict;
mod rows;
mod segments;
mod stream;
