//! How the core is doing, in the user's words: how long saving takes, what fails and why. Numbers and names of errors alone: no position,
//! no note, no token, no id.

pub mod alert;
pub mod histogram;
pub mod meter;
pub mod model;
