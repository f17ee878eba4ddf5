//! The rules of the engine, each on a queue and a server in memory, in virtual time.

mod properties;
mod refusals;
mod rig;
mod rules;
