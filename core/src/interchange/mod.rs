//! Files of other programs, in and out.

pub mod model;
