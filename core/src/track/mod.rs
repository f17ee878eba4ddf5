//! Tracks as packed columns: packing, simplifying for a map, encoding as a polyline. Pure.

pub mod model;
