//! One activity on one printed page: route, profiles, splits.
//!
//! `svg` is pure and never fails; `png` sets it with a font that is in the binary. What a sheet shows is decided by `model::Sheet`
//! alone: nothing here reads the store, a clock or the network.

// Page coordinates, counts of pixels and ticks: all far inside 2^52, all clamped before they become integers.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

mod canvas;
mod colour;
pub mod format;
mod header;
mod histogram;
mod map;
pub mod model;
mod page;
mod profile;
mod raster;
mod route;
mod smooth;
mod splits;
#[cfg(test)]
mod tests;
mod ticks;
mod track;

pub use page::svg;
pub use raster::png;
