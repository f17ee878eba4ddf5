//! The library file that Swift and Kotlin load. Every export lives in `steadfast-core`; this crate only turns it into a `cdylib`
//! and a `staticlib`, because one `UniFFI` namespace must come from one crate.
pub use steadfast_core::*;
