//! Tracks as packed columns: packing, simplifying for a map, encoding as a polyline. Pure.

pub mod codec;
pub mod columns;
pub mod model;

mod bounds;
mod bytes;
mod rows;
mod stream;

#[cfg(all(test, feature = "fit"))]
mod recordings;
